//! What becomes part of a program when it is compiled, by what its source says: files, and the commit.

/// Words on a line of Rust that name a folder or a file to be compiled in.
const MARKS: &[&str] = &[
    "folder =",
    "include_dir!",
    "include_str!",
    "include_bytes!",
    "migrate!",
    "embed_migrations!",
    "embed!",
];

/// Folders that programs commonly read from.
pub(crate) const FOLDERS: &[&str] = &[
    "assets",
    "config",
    "locales",
    "migrations",
    "public",
    "static",
    "templates",
];

/// Whether one of `sources` compiles the folder `name` into its program.
pub(crate) fn is_embedded(name: &str, sources: &[String]) -> bool {
    sources.iter().any(|text| {
        // Askama compiles its templates, all of them from one folder.
        let compiled = name == "templates" && text.contains("#[template(");
        compiled || text.lines().any(|line| names(line, name))
    })
}

/// Whether a build script starts git or reads its folder.
pub(crate) fn asks_git(script: &str) -> bool {
    ["\"git\"", ".git/", "git2::", "gix::"]
        .iter()
        .any(|mark| script.contains(mark))
}

fn names(line: &str, folder: &str) -> bool {
    if !MARKS.iter().any(|mark| line.contains(mark)) {
        return false;
    }
    let default = folder == "migrations" && line.contains("migrate!()");
    let parts = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.'));
    default || line.contains('"') && parts.into_iter().any(|part| part == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_source_takes_in_is_part_of_the_program() {
        let cases = [
            ("static", "#[folder = \"static\"]", true),
            ("static", "#[folder = \"../static/\"]", true),
            ("migrations", "#[folder = \"migrations/sqlite\"]", true),
            ("migrations", "sqlx::migrate!().run(&db)", true),
            (
                "static",
                "let static_files = ServeDir::new(\"static\");",
                false,
            ),
            (
                "static",
                "include_dir!(\"$CARGO_MANIFEST_DIR/static\")",
                true,
            ),
            ("templates", "#[template(path = \"index.html\")]", true),
            ("templates", "include_str!(\"../static/x.css\")", false),
        ];
        for (folder, line, expected) in cases {
            let sources = [line.to_owned()];
            assert_eq!(is_embedded(folder, &sources), expected, "{folder}: {line}");
        }
    }
}
