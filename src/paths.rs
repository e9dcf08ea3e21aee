//! Paths as text.

use std::path::{Component, Path};

/// The path with `/` on every system.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .iter()
        .map(|part| match part.to_str() {
            Some("/" | "\\") => String::new().into(),
            _ => part.to_string_lossy(),
        })
        .collect();
    match parts.as_slice() {
        [root] if root.is_empty() => "/".to_owned(),
        parts => parts.join("/"),
    }
}

/// The way from the folder `root` to `path`, both absolute, with `/`: `crates/a`, `../a`; empty for the folder itself.
/// Where there is none, on another drive, the path as it is.
pub(crate) fn relative(root: &Path, path: &Path) -> String {
    let both = root.components().zip(path.components());
    let shared = both.take_while(|(a, b)| a == b).count();
    let is_far = |part: &Component| matches!(part, Component::Prefix(_));
    let mut rest = path.components().skip(shared).peekable();
    if rest.peek().is_some_and(is_far) {
        return slashed(path);
    }
    let up = root.components().skip(shared).map(|_| Component::ParentDir);
    slashed(&up.chain(rest).collect::<std::path::PathBuf>())
}

/// The module that a Rust file holds: `book` of `apps/books/src/models/book.rs`.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.strip_suffix(".rs").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_with_slashes() {
        for path in ["", "a", "a/b", "../a", "/", "/a/b"] {
            assert_eq!(slashed(Path::new(path)), path);
        }
    }

    #[test]
    fn the_way_goes_up_as_far_as_it_must() {
        let cases = [
            ("/w", "/w", ""),
            ("/w", "/w/crates/a", "crates/a"),
            ("/w/shop", "/w/model", "../model"),
            ("/w/shop", "/home/a", "../../home/a"),
        ];
        for (root, path, expected) in cases {
            assert_eq!(relative(Path::new(root), Path::new(path)), expected);
        }
    }
}
