//! Dep-info files: what the compiler and build scripts have read. Pure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files that rustc and build scripts have read, from the dep-info file that cargo writes beside a binary:
/// `/target/debug/site: /a.rs /b\ c.rs`.
pub(crate) fn inputs(dep_info: &str) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for line in dep_info.lines() {
        // The colon of a Windows drive is not followed by a space.
        let Some((_, list)) = line.split_once(": ") else {
            continue;
        };
        let mut file = String::new();
        let mut characters = list.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\\' if characters.peek() == Some(&' ') => file.extend(characters.next()),
                ' ' => {
                    files.insert(PathBuf::from(std::mem::take(&mut file)));
                }
                _ => file.push(character),
            }
        }
        files.insert(PathBuf::from(file));
    }
    files.remove(Path::new(""));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_read_with_spaces_in_their_names() {
        let text = "/target/debug/site: /site/build.rs /my\\ site/src/main.rs /site/a.html\n";
        let expected = ["/my site/src/main.rs", "/site/a.html", "/site/build.rs"];
        assert_eq!(inputs(text), expected.map(PathBuf::from).into());
        assert!(inputs("").is_empty());
    }
}
