//! What a changed file asks for.

use std::path::{Component, Path};

/// What to do about a change; the greater one wins when several files change at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// Cargo writes its lock file itself while it builds: a change then is no news.
    Relock,
    /// The site reads its settings and migrations when it starts.
    Restart,
    /// Cargo decides what must be compiled again.
    Rebuild,
}

/// The folders watched, with all that is in them.
pub(super) const FOLDERS: [&str; 6] = [
    "src",
    "apps",
    "platform",
    "templates",
    "static",
    "migrations",
];

/// What a change of `path`, relative to the project, asks for.
///
/// Nothing for what the binary is not made of, and nothing for templates and static files: in development the site
/// reads those from disk on each request.
pub(super) fn classify(path: &Path) -> Option<Change> {
    let parts: Vec<&str> = path
        .components()
        .map(|component| match component {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    match parts.as_slice() {
        [".env"] | ["migrations", ..] => Some(Change::Restart),
        ["Cargo.lock"] => Some(Change::Relock),
        ["Cargo.toml" | "build.rs" | "luthier.toml"] => Some(Change::Rebuild),
        ["templates" | "static", ..] | ["apps", _, "templates" | "static" | "tests", ..] => None,
        ["platform", "templates" | "static" | "tests", ..] => None,
        [folder, rest @ ..] if FOLDERS.contains(folder) => {
            let aside = rest.iter().any(|part| is_scratch(part)) || rest.contains(&"target");
            (!aside).then_some(Change::Rebuild)
        }
        _ => None,
    }
}

/// Whether an editor or a version control system keeps its own affairs under this name.
fn is_scratch(name: &str) -> bool {
    name.starts_with(['.', '#'])
        || name.ends_with(['~', '#'])
        // Vim probes a folder by creating a file of this name.
        || name == "4913"
        || [".swp", ".swx", ".tmp", ".bak"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_asks_for_what_it_is() {
        use Change::{Rebuild, Relock, Restart};
        for (path, expected) in [
            ("src/main.rs", Some(Rebuild)),
            ("src", Some(Rebuild)),
            ("apps/books/src/api/book.rs", Some(Rebuild)),
            ("apps/books/Cargo.toml", Some(Rebuild)),
            ("platform/src/lib.rs", Some(Rebuild)),
            (
                "migrations/sqlite/20260101000000_books.up.sql",
                Some(Restart),
            ),
            ("Cargo.toml", Some(Rebuild)),
            ("Cargo.lock", Some(Relock)),
            ("luthier.toml", Some(Rebuild)),
            (".env", Some(Restart)),
            ("templates/base.html", None),
            ("static/site.css", None),
            ("apps/books/templates/books/list.html", None),
            ("apps/books/tests/book.rs", None),
            ("apps/books/target/debug/books", None),
            ("src/.main.rs.swp", None),
            ("src/main.rs~", None),
            ("src/4913", None),
            ("src/#main.rs#", None),
            ("src/.git/index", None),
            ("target/debug/site", None),
            ("README.md", None),
            (".env.example", None),
            ("db.sqlite3", None),
            ("", None),
        ] {
            assert_eq!(classify(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn the_greater_change_wins() {
        assert_eq!(
            [Change::Rebuild, Change::Relock, Change::Restart]
                .iter()
                .max(),
            Some(&Change::Rebuild)
        );
    }
}
