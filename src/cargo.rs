//! Cargo: its program, its workspaces, and the files and messages that it writes.
//!
//! | Module | Subject |
//! |---|---|
//! | [`metadata`] | `cargo metadata` and `cargo -vV`: the one place that starts cargo to ask it something |
//! | [`workspace`], [`graph`] | what it answers: members, and all that they are built from |
//! | [`manifest`], [`lockfile`] | `Cargo.toml` and `Cargo.lock`: text → values, text → text |
//! | [`outer_workspace`] | workspaces above a folder that is to be made |
//! | [`index`] | cargo's copy of the crates.io index |
//! | [`messages`], [`dep_info`] | what a build prints, and what it has read |

pub(crate) mod dep_info;
pub(crate) mod graph;
pub(crate) mod index;
pub(crate) mod lockfile;
pub(crate) mod manifest;
pub(crate) mod messages;
pub(crate) mod metadata;
pub(crate) mod outer_workspace;
pub(crate) mod workspace;

/// The cargo that Luthier was started by, or the one on `PATH`.
pub(crate) fn program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or("cargo".into())
}

/// The variables that `cargo run` has set for this program. Another cargo that saw them would take our manifest for
/// that of the project, and build again what asks for them, as `ring` does, with all that depends on it.
pub(crate) fn inherited_variables() -> impl Iterator<Item = std::ffi::OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names.filter(|name| {
        name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "OUT_DIR"
        })
    })
}
