//! Asking cargo about a workspace: `cargo metadata`, and `cargo -vV` about itself.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is one of those that start cargo"
)]

use std::path::Path;
use std::process::{Command, Stdio};

use cargo_metadata::{Metadata, MetadataCommand};

use super::program;
use crate::error::{Error, Result};
use crate::files::nearest;

/// For which platforms dependencies count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// The one that cargo runs on.
    Host,
    Triple(String),
    All,
}

/// The workspace around `folder`, its members only. Needs no network and no `Cargo.lock`.
///
/// # Errors
/// `BadInput` if there is no workspace or its manifests cannot be read; `Failed` if cargo does not start.
pub(crate) fn members(folder: &Path) -> Result<Metadata> {
    let first = command(folder).no_deps().exec();
    // A `rust-toolchain.toml` may ask for a toolchain that is not installed. Reading manifests takes none in particular,
    // and from another folder the file does not count.
    let elsewhere = || {
        let manifest = nearest(folder, "Cargo.toml")?.join("Cargo.toml");
        let mut command = command(&std::env::temp_dir());
        let command = command.manifest_path(manifest).no_deps();
        command.env("RUSTC_BOOTSTRAP", "1").exec().ok()
    };
    first.or_else(|error| elsewhere().ok_or_else(|| refusal(&error, folder)))
}

/// The members of the workspace around `folder`, without the network; `None` where cargo cannot tell.
pub(crate) fn members_offline(folder: &Path) -> Option<Metadata> {
    let offline = ["--offline".to_owned()];
    let mut command = command(folder);
    command.no_deps().other_options(offline).exec().ok()
}

/// The workspace at `root` with everything that it depends on, at the versions of its `Cargo.lock`. With `offline`,
/// nothing is downloaded.
///
/// # Errors
/// `BadInput` if `Cargo.lock` does not fit the manifests; `Failed` if crates are not on this machine.
pub(crate) fn resolved(root: &Path, platform: &Platform, offline: bool) -> Result<Metadata> {
    let mut options = vec!["--locked".to_owned()];
    if offline {
        options.push("--offline".to_owned());
    }
    let triple = match platform {
        Platform::All => None,
        Platform::Triple(triple) => Some(triple.clone()),
        Platform::Host => Some(version_line("host: ")?),
    };
    if let Some(triple) = triple {
        options.extend(["--filter-platform".to_owned(), triple]);
    }
    let found = command(root).other_options(options).exec();
    found.map_err(|error| refusal(&error, root))
}

/// The Rust compiler on this machine, as `1.95`.
pub(crate) fn local_rust() -> Result<String> {
    let version = version_line("release: ")?;
    let numbers: Vec<&str> = version.split('.').take(2).collect();
    Ok(numbers.join("."))
}

fn command(folder: &Path) -> MetadataCommand {
    let mut command = MetadataCommand::new();
    command.cargo_path(program()).current_dir(folder);
    command
}

/// The rest of the line of `cargo -vV` that starts with `start`.
fn version_line(start: &str) -> Result<String> {
    let done = Command::new(program())
        .arg("-vV")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(&error))?;
    let text = String::from_utf8_lossy(&done.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix(start));
    line.map(|line| line.trim().to_owned())
        .ok_or_else(|| Error::failed(format_args!("`cargo -vV` does not print `{start}`")))
}

fn not_started(error: &dyn std::fmt::Display) -> Error {
    Error::failed(format_args!("cargo does not start: {error}"))
        .hint("install Rust: https://rustup.rs")
}

/// What cargo says went wrong, as an error with a remedy.
fn refusal(error: &cargo_metadata::Error, folder: &Path) -> Error {
    let cargo_metadata::Error::CargoMetadata { stderr } = error else {
        return not_started(error);
    };
    let text = stderr.trim().trim_start_matches("error: ");
    if text.contains("could not find `Cargo.toml`") {
        return Error::bad_input(format_args!(
            "{} is not in a cargo project: no Cargo.toml here or above",
            folder.display()
        ));
    }
    if text.contains("--locked") {
        return Error::bad_input("Cargo.lock does not fit what the manifests ask for")
            .hint("`cargo update --workspace` brings it up to date");
    }
    if text.contains("--offline") || text.contains("offline mode") {
        return Error::failed(format_args!(
            "some of the dependencies are not on this machine: {}",
            text.lines().next().unwrap_or_default()
        ))
        .hint("`cargo fetch --locked` downloads them");
    }
    Error::bad_input(format_args!("cargo cannot read this project: {text}"))
}
