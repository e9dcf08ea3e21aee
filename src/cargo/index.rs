//! What cargo's copy of the crates.io index says, without asking the network.
//!
//! The format is cargo's own and may change: a file it no longer understands counts as one that is not there.
//!
//! `tame-index` reads these files, too. It was tried and left out: it brings five crates that nothing else here needs for
//! the seventy lines below, and wants the address of one registry, where every copy on this machine will do.
#![expect(
    clippy::disallowed_methods,
    reason = "this module reads files of cargo's own"
)]

use std::path::PathBuf;

use serde::Deserialize;

use crate::files::names_in;

/// What is known of one version of one crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    Yanked,
    /// Cargo has no copy of what the registry says about it.
    Unknown,
}

/// Cargo's copies of the crates.io index on this machine, as of the last time that cargo looked.
#[derive(Debug)]
pub(crate) struct Index {
    folders: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Line {
    vers: String,
    yanked: bool,
}

impl Index {
    /// Under `CARGO_HOME`, or else `~/.cargo`.
    pub(crate) fn local() -> Self {
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
        let registries = home.map(|home| home.join("registry/index"));
        let folders = registries.iter().flat_map(|registries| {
            let names = names_in(registries).unwrap_or_default();
            names.into_iter().map(|name| registries.join(name))
        });
        let crates_io = |folder: &PathBuf| folder.to_string_lossy().contains("crates.io-");
        Self {
            folders: folders.filter(crates_io).collect(),
        }
    }

    pub(crate) fn standing(&self, name: &str, version: &str) -> Standing {
        let place = place(&name.to_lowercase());
        let files = self
            .folders
            .iter()
            .filter_map(|folder| std::fs::read(folder.join(".cache").join(&place)).ok());
        files
            .map(|bytes| standing(&bytes, version))
            .find(|standing| *standing != Standing::Unknown)
            .unwrap_or(Standing::Unknown)
    }
}

/// A file holds a header, and then versions and their JSON in turn, each ended by NUL.
fn standing(bytes: &[u8], version: &str) -> Standing {
    let lines = bytes
        .split(|byte| *byte == 0)
        .filter_map(|part| serde_json::from_slice::<Line>(part).ok());
    match lines.into_iter().find(|line| line.vers == version) {
        Some(line) if line.yanked => Standing::Yanked,
        Some(_) => Standing::Good,
        None => Standing::Unknown,
    }
}

/// Where a crate's file lies: <https://doc.rust-lang.org/cargo/reference/registry-index.html#index-files>.
fn place(name: &str) -> String {
    match name.len() {
        1 | 2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => match (name.get(..2), name.get(2..4)) {
            (Some(first), Some(second)) => format!("{first}/{second}/{name}"),
            _ => name.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_lies_where_cargo_puts_it() {
        let places = ["a", "io", "syn", "serde"].map(place);
        assert_eq!(places, ["1/a", "2/io", "3/s/syn", "se/rd/serde"]);
    }

    #[test]
    fn yanked_versions_are_found_among_the_others() {
        let file = b"\x03\x02\0\0\0etag: x\x001.0.0\0{\"name\":\"a\",\"vers\":\"1.0.0\",\"yanked\":true}\x001.0.1\0{\"name\":\"a\",\"vers\":\"1.0.1\",\"yanked\":false}\0";
        assert_eq!(standing(file, "1.0.0"), Standing::Yanked);
        assert_eq!(standing(file, "1.0.1"), Standing::Good);
        assert_eq!(standing(file, "2.0.0"), Standing::Unknown);
        assert_eq!(standing(b"something else", "1.0.0"), Standing::Unknown);
    }
}
