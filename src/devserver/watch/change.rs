//! What a changed file asks for. Pure.

use std::path::{Component, Path};

/// What to do about a change; of several for the site, or several for pages, the greatest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// Pages replace their style sheets.
    Styles,
    /// Pages reload: a file that the site reads from disk on each request is different.
    Reload,
    /// Like `Rebuild`, but not during a build: cargo writes its lock file itself.
    Relock,
    /// The site restarts: it reads its settings and migrations when it starts.
    Restart,
    /// The site is built again.
    Rebuild,
}

impl Change {
    /// Whether only open pages have to change.
    pub(in crate::devserver) fn is_for_pages(self) -> bool {
        matches!(self, Self::Styles | Self::Reload)
    }
}

/// Folders of files that are served or rendered.
const SERVED: [&str; 8] = [
    "assets",
    "content",
    "layouts",
    "locales",
    "pages",
    "public",
    "static",
    "templates",
];
/// The extensions of template engines.
const TEMPLATES: [&str; 8] = ["askama", "ftl", "hbs", "htm", "html", "j2", "jinja", "tera"];
/// Folders of sources that are not part of the binary.
const NOT_IN_BINARY: [&str; 3] = ["benches", "examples", "tests"];

/// What a change of `path`, relative to its crate or project, asks for, unless the compiler has read it: then it is
/// code, for instance an embedded template.
///
/// `None` for files that the site does not use.
pub(in crate::devserver) fn classify(path: &Path) -> Option<Change> {
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
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    if is_scratch(name) {
        return None;
    }
    match *name {
        "Cargo.toml" | "rust-toolchain.toml" | "rust-toolchain" => return Some(Change::Rebuild),
        "config.toml" if folders == [".cargo"] => return Some(Change::Rebuild),
        "Cargo.lock" => return Some(Change::Relock),
        ".env" | "luthier.toml" if folders.is_empty() => return Some(Change::Restart),
        "site.toml" if folders.is_empty() => return Some(Change::Reload),
        _ if name.starts_with('.') => return None,
        _ => {}
    }
    let lies_in = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
    if folders.first() == Some(&"migrations") {
        return Some(Change::Restart);
    }
    match extension {
        "rs" if lies_in(&NOT_IN_BINARY) => None,
        "rs" => Some(Change::Rebuild),
        "css" => Some(Change::Styles),
        _ if lies_in(&SERVED) || TEMPLATES.contains(&extension) => Some(Change::Reload),
        _ => None,
    }
}

/// Whether the file is one that a template engine of Python's may read.
pub(in crate::devserver) fn is_template(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let is_page =
        extension.is_some_and(|extension| extension == "jinja2" || TEMPLATES.contains(&extension));
    let lies_in_templates = path.iter().any(|part| part == "templates");
    is_page || lies_in_templates && extension != Some("py")
}

/// Whether it is the name of an editor's temporary file.
pub(in crate::devserver) fn is_scratch(name: &str) -> bool {
    name.starts_with(['#']) || name.starts_with(".#")
        || name.ends_with(['~', '#'])
        // Vim tests a folder by creating a file of this name.
        || name == "4913"
        || [".swp", ".swx", ".tmp", ".bak", ".orig"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_known_by_their_place_or_their_name() {
        for (path, expected) in [
            ("/shop/templates/base.html", true),
            ("/shop/books/templates/mail.txt", true),
            ("/shop/pages/list.jinja2", true),
            ("/shop/books/templates/__init__.py", false),
            ("/shop/static/site.js", false),
            ("/shop/books/templatetags/prices.py", false),
        ] {
            assert_eq!(is_template(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn paths_are_classified() {
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
            ("pages/about.md", Some(Reload)),
            ("layouts/base.html", Some(Reload)),
            ("src/pages/mod.rs", Some(Rebuild)),
            ("site.toml", Some(Reload)),
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
}
