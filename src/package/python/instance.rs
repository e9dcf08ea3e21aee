//! The instance folder of a site of Flask: what it writes besides its code, such as a file of SQLite.

use std::collections::BTreeMap;

/// What only a site says that uses the folder.
const SIGNS: [&str; 2] = ["instance_path", "instance_relative_config"];

/// The folder, relative to the project's, if a file of `sources` uses one: Flask has it beside the package.
pub(crate) fn folder(sources: &BTreeMap<String, String>) -> Option<String> {
    let mut users = sources
        .iter()
        .filter(|(path, text)| !is_test(path) && SIGNS.iter().any(|sign| text.contains(sign)));
    let (path, _) = users.next()?;
    let mut folder = parent(path);
    while !folder.is_empty() && sources.contains_key(&format!("{folder}/__init__.py")) {
        folder = parent(folder);
    }
    Some(match folder {
        "" => "instance".to_owned(),
        folder => format!("{folder}/instance"),
    })
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn is_test(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part.starts_with("test_") || part == "conftest.py")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lies_beside_the_package_that_uses_it() {
        for (files, expected) in [
            (&[("app.py", "app = Flask('a')")][..], None),
            (&[("app.py", "app.instance_path")], Some("instance")),
            (
                &[
                    ("shop/__init__.py", ""),
                    ("shop/site/__init__.py", "instance_relative_config=True"),
                ],
                Some("instance"),
            ),
            (
                &[("src/shop/__init__.py", "app.instance_path")],
                Some("src/instance"),
            ),
            (&[("tests/conftest.py", "app.instance_path")], None),
        ] {
            let sources = files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect();
            assert_eq!(folder(&sources).as_deref(), expected, "{files:?}");
        }
    }
}
