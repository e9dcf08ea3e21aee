//! What a changed file asks for.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// What to do about a change; of several that concern the site, or several that concern pages, the greatest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// Pages exchange their style sheets.
    Styles,
    /// Pages load again: what the site reads from disk on each request is different.
    Reload,
    /// Cargo writes its lock file itself while it builds: a change then is no news.
    Relock,
    /// The site reads its settings and migrations when it starts.
    Restart,
    /// Cargo decides what must be compiled again.
    Rebuild,
}

impl Change {
    /// Whether open pages alone are concerned.
    pub(super) fn is_for_pages(self) -> bool {
        matches!(self, Self::Styles | Self::Reload)
    }
}

/// Folders of files that are served or rendered.
const SERVED: [&str; 5] = ["assets", "locales", "public", "static", "templates"];
/// What template engines call their files.
const TEMPLATES: [&str; 8] = ["askama", "ftl", "hbs", "htm", "html", "j2", "jinja", "tera"];
/// What a build of the binary has no use for.
const ASIDE: [&str; 3] = ["benches", "examples", "tests"];

/// What a change of `path`, relative to the crate or project that it is in, asks for, unless the compiler has read it:
/// then it is code, as a template that is embedded.
///
/// Nothing for what the binary is not made of.
pub(super) fn classify(path: &Path) -> Option<Change> {
    let parts: Vec<&str> = path
        .components()
        .map(|component| match component {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (name, folders) = parts.split_last()?;
    let extension = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    if is_scratch(name) {
        return None;
    }
    match *name {
        "Cargo.toml" | "rust-toolchain.toml" | "rust-toolchain" => return Some(Change::Rebuild),
        "config.toml" if folders == [".cargo"] => return Some(Change::Rebuild),
        "Cargo.lock" => return Some(Change::Relock),
        ".env" | "luthier.toml" if folders.is_empty() => return Some(Change::Restart),
        _ if name.starts_with('.') => return None,
        _ => {}
    }
    let lies_in = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
    if folders.first() == Some(&"migrations") {
        return Some(Change::Restart);
    }
    match extension {
        "rs" if lies_in(&ASIDE) => None,
        "rs" => Some(Change::Rebuild),
        "css" => Some(Change::Styles),
        _ if lies_in(&SERVED) || TEMPLATES.contains(&extension) => Some(Change::Reload),
        _ => None,
    }
}

/// Whether an editor keeps its own affairs under this name.
fn is_scratch(name: &str) -> bool {
    name.starts_with(['#']) || name.starts_with(".#")
        || name.ends_with(['~', '#'])
        // Vim probes a folder by creating a file of this name.
        || name == "4913"
        || [".swp", ".swx", ".tmp", ".bak", ".orig"].iter().any(|end| name.ends_with(end))
}

/// The files that rustc and build scripts have read, as cargo writes them beside a binary: `/target/debug/site: /a.rs
/// /b\ c.rs`.
pub(super) fn inputs(dep_info: &str) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for line in dep_info.lines() {
        // A drive's colon has no space after it.
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
    fn a_path_asks_for_what_it_is() {
        use Change::{Rebuild, Reload, Relock, Restart, Styles};
        for (path, expected) in [
            ("src/main.rs", Some(Rebuild)),
            ("build.rs", Some(Rebuild)),
            ("apps/books/src/api/book.rs", Some(Rebuild)),
            ("apps/books/Cargo.toml", Some(Rebuild)),
            ("Cargo.toml", Some(Rebuild)),
            (".cargo/config.toml", Some(Rebuild)),
            ("rust-toolchain.toml", Some(Rebuild)),
            ("Cargo.lock", Some(Relock)),
            ("luthier.toml", Some(Restart)),
            (".env", Some(Restart)),
            (
                "migrations/sqlite/20260101000000_books.up.sql",
                Some(Restart),
            ),
            ("templates/base.html", Some(Reload)),
            ("apps/books/templates/books/list.html", Some(Reload)),
            ("templates/mail.txt", Some(Reload)),
            ("pages/about.jinja", Some(Reload)),
            ("static/logo.svg", Some(Reload)),
            ("static/site.css", Some(Styles)),
            ("apps/books/tests/book.rs", None),
            ("benches/all.rs", None),
            ("src/.main.rs.swp", None),
            ("src/main.rs~", None),
            ("src/4913", None),
            ("src/#main.rs#", None),
            ("src/.#main.rs", None),
            ("static/.DS_Store", None),
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
        assert_eq!(
            [Change::Styles, Change::Reload].iter().max(),
            Some(&Change::Reload)
        );
    }

    #[test]
    fn inputs_are_read_with_spaces_in_their_names() {
        let text = "/target/debug/site: /site/build.rs /my\\ site/src/main.rs /site/a.html\n";
        let expected = ["/my site/src/main.rs", "/site/a.html", "/site/build.rs"];
        assert_eq!(inputs(text), expected.map(PathBuf::from).into());
        assert!(inputs("").is_empty());
    }
}
