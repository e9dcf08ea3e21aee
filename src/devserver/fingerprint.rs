//! Tells contents of files apart: one 64-bit number, equal for equal contents, for as long as this program is not rebuilt.
#![expect(
    clippy::disallowed_methods,
    reason = "what a build has written is not a file of the project"
)]

use std::hash::{DefaultHasher, Hasher};
use std::io::Read;
use std::path::Path;

pub(super) fn bytes(contents: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(contents);
    hasher.finish()
}

/// Programs are large, so they are read in chunks.
///
/// # Errors
/// The file cannot be read.
pub(super) fn file(path: &Path) -> std::io::Result<u64> {
    files([path])
}

/// The number of several files in this order.
///
/// # Errors
/// One of the files cannot be read.
pub(super) fn files<'a>(paths: impl IntoIterator<Item = &'a Path>) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut chunk = vec![0; 1 << 16];
    for path in paths {
        let mut file = std::fs::File::open(path)?;
        let mut length = 0;
        loop {
            let count = file.read(&mut chunk)?;
            if count == 0 {
                break;
            }
            hasher.write(&chunk[..count]);
            length += count;
        }
        // Where one file ends and the next begins counts, too.
        hasher.write_usize(length);
    }
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_and_their_ends_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, contents: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, contents).unwrap();
            path
        };
        let (a, b, same) = (write("a", "ab"), write("b", "c"), write("same", "ab"));
        let (c, d) = (write("c", "a"), write("d", "bc"));
        let pair = |one: &Path, other: &Path| files([one, other]).unwrap();
        assert_eq!(file(&a).unwrap(), file(&same).unwrap());
        assert_ne!(file(&a).unwrap(), file(&b).unwrap());
        assert_ne!(pair(&a, &b), pair(&c, &d));
        assert_ne!(bytes(b"ab"), bytes(b"ba"));
        assert!(file(&folder.path().join("none")).is_err());
    }
}
