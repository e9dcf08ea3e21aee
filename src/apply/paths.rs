//! Where a plan may write: under its root, never through a link.

use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// Luthier's own folder in a project.
pub(super) const FOLDER: &str = ".luthier";

/// The place of `relative` under `root`. Refuses what could lead out: an absolute path, `..`, a symbolic link on the
/// way; and what could not be a file: an existing folder, or a path through an existing file.
pub(super) fn within(root: &Path, relative: &Path) -> Result<PathBuf> {
    let normal = |part: Component| matches!(part, Component::Normal(_));
    if relative.as_os_str().is_empty() || !relative.components().all(normal) {
        return Err(refused(relative, "leads out of the project"));
    }
    let mut place = root.to_owned();
    let mut parts = relative.components().peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let Ok(found) = place.symlink_metadata() else {
            // Nothing is there, so nothing is below it either.
            place.extend(parts);
            return Ok(place);
        };
        let is_last = parts.peek().is_none();
        if found.is_symlink() {
            let link = place.strip_prefix(root).unwrap_or(&place).display();
            return Err(
                refused(relative, "goes through a symbolic link").hint(format!(
                    "only what lies in the project is written: move what `{link}` points at into it, and link the other \
                     way round"
                )),
            );
        } else if is_last && found.is_dir() {
            return Err(refused(relative, "is a folder"));
        } else if !is_last && !found.is_dir() {
            return Err(refused(relative, "goes through a file"));
        }
    }
    Ok(place)
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::failed(format_args!("cannot write {}: it {reason}", path.display()))
}

/// The path of the pristine text of `path`.
pub(crate) fn base_of(path: &Path) -> PathBuf {
    Path::new(FOLDER).join("base").join(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_that_stay_inside_pass() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("apps/books")).unwrap();
        std::fs::write(root.join("file"), "").unwrap();
        let cases = [
            ("new", None),
            ("apps/new/deep/file.rs", None),
            ("file", None),
            ("", Some("leads out")),
            ("..", Some("leads out")),
            ("apps/../../x", Some("leads out")),
            ("./x", Some("leads out")),
            ("/etc/x", Some("leads out")),
            ("apps", Some("is a folder")),
            ("file/x", Some("goes through a file")),
        ];
        for (path, expected) in cases {
            let result = within(root, Path::new(path));
            match expected {
                None => assert_eq!(result.unwrap(), root.join(path)),
                Some(reason) => {
                    let message = result.unwrap_err().to_string();
                    assert!(message.contains(reason), "{path}: {message}");
                }
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::os::unix::fs::symlink("/tmp", root.join("out")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("dangling")).unwrap();
        for path in ["out/x", "out", "dangling", "dangling/x"] {
            let message = within(root, Path::new(path)).unwrap_err().to_string();
            assert!(message.contains("symbolic link"), "{path}: {message}");
        }
    }
}
