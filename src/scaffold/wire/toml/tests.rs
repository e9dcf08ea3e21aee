//! Manifests as people keep them, and what becomes of them.

use proptest::prelude::*;

use super::{Dependency, Unwirable, add_app, add_dependency, add_member};
use crate::scaffold::wire::testing::{assert_kept, assert_lines_kept};

const BOOKS: Dependency<'_> = Dependency {
    table: &["dependencies"],
    name: "books",
    line: "books = { path = \"apps/books\" }",
    path: Some("apps/books"),
};

fn member(text: &str) -> Result<String, Unwirable> {
    add_member(text, "apps/books")
}

fn dependency(text: &str) -> Result<String, Unwirable> {
    add_dependency(text, BOOKS)
}

/// What `before` becomes, after checking what holds for every edit.
fn edited(before: &str, edit: impl Fn(&str) -> Result<String, Unwirable>) -> String {
    let after = edit(before).expect("a place is found");
    assert_kept(before, &after);
    toml_edit::Document::parse(after.as_str()).expect("it is still TOML");
    assert_eq!(edit(&after).as_ref(), Ok(&after), "a second run changes it");
    after
}

/// Checks every case in both line endings and with a byte order mark.
fn check(edit: impl Fn(&str) -> Result<String, Unwirable>, cases: &[(&str, &str, &str)]) {
    for (name, before, expected) in cases {
        assert_eq!(edited(before, &edit), *expected, "{name}");
        if before.contains('\n') {
            let crlf = |text: &str| text.replace('\n', "\r\n");
            assert_eq!(edited(&crlf(before), &edit), crlf(expected), "{name}, CRLF");
        }
        let marked = |text: &str| format!("\u{feff}{text}");
        assert_eq!(
            edited(&marked(before), &edit),
            marked(expected),
            "{name}, byte order mark"
        );
    }
}

#[test]
fn a_member_joins_the_array_as_it_is_written() {
    check(
        member,
        &[
            (
                "one line",
                "[workspace]\nmembers = [\"platform\"]\n",
                "[workspace]\nmembers = [\"platform\", \"apps/books\"]\n",
            ),
            (
                "empty",
                "[workspace]\nmembers = []",
                "[workspace]\nmembers = [\"apps/books\"]",
            ),
            (
                "spaced",
                "[workspace]\nmembers = [ \"a\" ] # all\n",
                "[workspace]\nmembers = [ \"a\", \"apps/books\" ] # all\n",
            ),
            (
                "comma at the end",
                "[workspace]\nmembers = [\"a\", ]\n",
                "[workspace]\nmembers = [\"a\", \"apps/books\", ]\n",
            ),
            (
                "one a line",
                "[workspace]\nmembers = [\n    \"platform\",\n]\nresolver = \"3\"\n",
                "[workspace]\nmembers = [\n    \"platform\",\n    \"apps/books\",\n]\nresolver = \"3\"\n",
            ),
            (
                "one a line, no comma at the end, comments",
                "[workspace]\nmembers = [\n  \"a\", # first, of course\n  \"b\" # last, of course\n  # the end\n]\n",
                "[workspace]\nmembers = [\n  \"a\", # first, of course\n  \"b\", # last, of course\n  \"apps/books\"\n  # the end\n]\n",
            ),
            (
                "a comma behind a comment",
                "[workspace]\nmembers = [\n  \"a\" # first\n  , # second\n]\n",
                "[workspace]\nmembers = [\n  \"a\" # first\n  , # second\n  \"apps/books\",\n]\n",
            ),
            (
                "only a comment",
                "[workspace]\nmembers = [\n    # none yet\n]\n",
                "[workspace]\nmembers = [\n    # none yet\n    \"apps/books\",\n]\n",
            ),
            (
                "no array",
                "[workspace]\nresolver = \"3\"\n\n[package]\n",
                "[workspace]\nresolver = \"3\"\nmembers = [\"apps/books\"]\n\n[package]\n",
            ),
            (
                "an empty section",
                "[workspace]\n\n[package]\n",
                "[workspace]\nmembers = [\"apps/books\"]\n\n[package]\n",
            ),
            (
                "dotted",
                "workspace.members = [\"a\"]\n",
                "workspace.members = [\"a\", \"apps/books\"]\n",
            ),
            (
                "dotted, no array",
                "workspace.resolver = \"3\"\n[package]\n",
                "workspace.resolver = \"3\"\nworkspace.members = [\"apps/books\"]\n[package]\n",
            ),
            (
                "inline",
                "workspace = { members = ['a'] }\n",
                "workspace = { members = ['a', \"apps/books\"] }\n",
            ),
            (
                "inline, no array",
                "workspace = { resolver = '3' }\n",
                "workspace = { resolver = '3', members = [\"apps/books\"] }\n",
            ),
            (
                "under another section's",
                "[workspace.dependencies]\naxum = \"1\"\n\n[workspace]\n# Everything.\nmembers = [\"a\"]\n",
                "[workspace.dependencies]\naxum = \"1\"\n\n[workspace]\n# Everything.\nmembers = [\"a\", \"apps/books\"]\n",
            ),
            (
                "a section's name alone",
                "# Shared.\n[workspace.dependencies]\naxum = \"1\"\n",
                "[workspace]\nmembers = [\"apps/books\"]\n\n# Shared.\n[workspace.dependencies]\naxum = \"1\"\n",
            ),
        ],
    );
}

#[test]
fn a_covered_member_changes_nothing() {
    for pattern in [
        "apps/books",
        "apps/*",
        "./apps/books/",
        "*/books",
        "apps/b?oks",
        "apps/bo*s*",
    ] {
        let before = format!("[workspace]\nmembers = [\"platform\", \"{pattern}\"]\n");
        assert_eq!(edited(&before, member), before);
    }
    for pattern in [
        "apps",
        "apps/*/x",
        "books",
        "apps/book",
        "apps/books2",
        "app/*",
    ] {
        let before = format!("[workspace]\nmembers = [\"{pattern}\"]\n");
        assert_ne!(edited(&before, member), before);
    }
}

#[test]
fn an_app_joins_the_list_of_luthier_toml() {
    check(
        |text| add_app(text, "books"),
        &[
            (
                "the first",
                "[project]\nname = \"shop\"\napps = []\n\n[database]\n",
                "[project]\nname = \"shop\"\napps = [\"books\"]\n\n[database]\n",
            ),
            (
                "another",
                "[project]\napps = [\"authors\"] # in order\n",
                "[project]\napps = [\"authors\", \"books\"] # in order\n",
            ),
            (
                "there already",
                "[project]\napps = ['books']\n",
                "[project]\napps = ['books']\n",
            ),
            (
                "no list",
                "[project]\nname = \"shop\"\n",
                "[project]\nname = \"shop\"\napps = [\"books\"]\n",
            ),
        ],
    );
}

#[test]
fn a_dependency_goes_to_its_sorted_place() {
    check(
        dependency,
        &[
            (
                "an empty section",
                "[dependencies]\n",
                "[dependencies]\nbooks = { path = \"apps/books\" }\n",
            ),
            (
                "no section",
                "[package]\nname = \"shop\"\n",
                "[package]\nname = \"shop\"\n\n[dependencies]\nbooks = { path = \"apps/books\" }\n",
            ),
            (
                "in the middle, behind a comment",
                "[dependencies]\naxum = \"0.8\" # web\n# words\nserde.workspace = true\n",
                "[dependencies]\naxum = \"0.8\" # web\nbooks = { path = \"apps/books\" }\n# words\nserde.workspace = true\n",
            ),
            (
                "first, in front of a comment",
                "[dependencies]\n# words\nserde = \"1\"\n",
                "[dependencies]\nbooks = { path = \"apps/books\" }\n# words\nserde = \"1\"\n",
            ),
            (
                "with its like",
                "[dependencies]\nauthors = { path = \"apps/authors\" }\nplatform = { path = \"platform\" }\n\naxum = \"1\"\nserde = \"1\"\n",
                "[dependencies]\nauthors = { path = \"apps/authors\" }\nbooks = { path = \"apps/books\" }\nplatform = { path = \"platform\" }\n\naxum = \"1\"\nserde = \"1\"\n",
            ),
            (
                "dotted lines",
                "[dependencies]\naxum.version = \"1\"\naxum.features = [\n  \"x\",\n]\ntokio.workspace = true\n",
                "[dependencies]\naxum.version = \"1\"\naxum.features = [\n  \"x\",\n]\nbooks = { path = \"apps/books\" }\ntokio.workspace = true\n",
            ),
            (
                "not sorted",
                "[dependencies]\nserde = \"1\"\naxum = \"1\"\n\n[dev-dependencies]\n",
                "[dependencies]\nserde = \"1\"\naxum = \"1\"\nbooks = { path = \"apps/books\" }\n\n[dev-dependencies]\n",
            ),
            (
                "sections of their own",
                "[package]\n\n[dependencies.axum]\nversion = \"1\"\n\n[dependencies.serde]\nversion = \"1\"\n",
                "[package]\n\n[dependencies]\nbooks = { path = \"apps/books\" }\n\n[dependencies.axum]\nversion = \"1\"\n\n[dependencies.serde]\nversion = \"1\"\n",
            ),
            (
                "a section of its own below",
                "[dependencies]\naxum = \"1\"\n[dependencies.serde]\nversion = \"1\"\n",
                "[dependencies]\naxum = \"1\"\nbooks = { path = \"apps/books\" }\n[dependencies.serde]\nversion = \"1\"\n",
            ),
            (
                "inline",
                "dependencies = { axum = \"1\" }\n",
                "dependencies = { axum = \"1\", books = { path = \"apps/books\" } }\n",
            ),
            (
                "inline and empty",
                "dependencies = {}",
                "dependencies = { books = { path = \"apps/books\" } }",
            ),
            (
                "dotted",
                "dependencies.axum = \"1\"\ndependencies.tokio.workspace = true\n",
                "dependencies.axum = \"1\"\ndependencies.tokio.workspace = true\ndependencies.books = { path = \"apps/books\" }\n",
            ),
            (
                "not for another target",
                "[target.'cfg(unix)'.dependencies]\nnix = \"1\"\n\n[dependencies]\naxum = \"1\"",
                "[target.'cfg(unix)'.dependencies]\nnix = \"1\"\n\n[dependencies]\naxum = \"1\"\nbooks = { path = \"apps/books\" }",
            ),
        ],
    );
}

#[test]
fn a_dependency_of_the_workspace_goes_to_its_own_table() {
    let shared = Dependency {
        table: &["workspace", "dependencies"],
        ..BOOKS
    };
    check(
        |text| add_dependency(text, shared),
        &[
            (
                "with its like, under a heading",
                "[workspace.dependencies]\n# Members of this workspace\nplatform = { path = \"platform\" }\n\n# The web\naxum = { version = \"0.8\", features = [\n    \"macros\",\n] }\n",
                "[workspace.dependencies]\n# Members of this workspace\nbooks = { path = \"apps/books\" }\nplatform = { path = \"platform\" }\n\n# The web\naxum = { version = \"0.8\", features = [\n    \"macros\",\n] }\n",
            ),
            (
                "no section",
                "[workspace]\nmembers = []\n",
                "[workspace]\nmembers = []\n\n[workspace.dependencies]\nbooks = { path = \"apps/books\" }\n",
            ),
            (
                "dotted under the workspace",
                "[workspace]\ndependencies.axum = \"1\" # web\nmembers = []\n",
                "[workspace]\ndependencies.axum = \"1\" # web\ndependencies.books = { path = \"apps/books\" }\nmembers = []\n",
            ),
            (
                "dotted at the top",
                "workspace.dependencies.axum.version = \"1\"\n",
                "workspace.dependencies.axum.version = \"1\"\nworkspace.dependencies.books = { path = \"apps/books\" }\n",
            ),
        ],
    );
}

#[test]
fn a_dependency_that_is_there_changes_nothing() {
    for before in [
        "[dependencies]\nbooks = { path = \"apps/books\" }\n",
        "[dependencies]\nbooks = { path = './apps/books/', features = [\"x\"] }\n",
        "[dependencies]\nbooks.path = \"apps/books\"\n",
        "[dependencies]\nbooks = { workspace = true }\n",
        "[dependencies]\nbooks.workspace = true\n",
        "[dependencies.books]\npath = \"apps/books\"\n",
        "dependencies = { books = { path = \"apps/books\" } }\n",
        "dependencies.books.path = \"apps/books\"\n",
    ] {
        assert_eq!(edited(before, dependency), before);
    }
    let chrono = Dependency {
        table: &["dependencies"],
        name: "chrono",
        line: "chrono.workspace = true",
        path: None,
    };
    let before = "[dependencies]\nchrono = \"0.4\"\n";
    assert_eq!(edited(before, |text| add_dependency(text, chrono)), before);
}

#[test]
fn what_cannot_be_edited_says_why() {
    let failures = [
        member("[package]\n"),
        member("[workspace]\nmembers = \"apps\"\n"),
        member("[workspace]\nexclude = [\"apps/*\"]\n"),
        member("workspace = 1\n"),
        add_app("[project]\napps = true\n", "books"),
        add_app("project = []\n", "books"),
        dependency("[dependencies]\nbooks = \"1\"\n"),
        dependency("[dependencies]\nbooks = { path = \"../books\" }\n"),
        dependency("[[dependencies]]\n"),
    ];
    let said = failures.map(|failure| {
        let Unwirable { why, add, place } = failure.expect_err("it cannot be edited");
        format!("{why}: add {add} {place}")
    });
    insta::assert_snapshot!(said.join("\n"), @r#"
    there is no `[workspace]`: add "apps/books" to the array `members` of `[workspace]`
    `members` is not an array: add "apps/books" to the array `members` of `[workspace]`
    `exclude` of `[workspace]` covers apps/books: add "apps/books" to the array `members` of `[workspace]`
    there is no `[workspace]`: add "apps/books" to the array `members` of `[workspace]`
    `apps` is not an array: add "books" to the array `apps` of `[project]`
    `project` is not a table: add "books" to the array `apps` of `[project]`
    `books` is already a dependency that is not the crate in apps/books: add books = { path = "apps/books" } to `[dependencies]`
    `books` is already a dependency that is not the crate in apps/books: add books = { path = "apps/books" } to `[dependencies]`
    `dependencies` is not a table: add books = { path = "apps/books" } to `[dependencies]`
    "#);
}

#[test]
fn what_is_not_toml_names_the_line() {
    let error = member("[workspace]\nmembers = [\"a\"\n[package]\n").expect_err("it is broken");
    insta::assert_snapshot!(error.why, @"line 3 is not valid TOML: missing comma between array elements, expected `,`");
    assert_eq!(error.add, "");
}

proptest! {
    #[test]
    fn whatever_surrounds_the_lines_survives(manifest in any_manifest()) {
        let after = member(&manifest).and_then(|text| dependency(&text)).expect("a place is found");
        assert_kept(&manifest, &after);
        let document = toml_edit::Document::parse(after.as_str()).expect("it is still TOML");
        prop_assert!(document["dependencies"].get("books").is_some());
        let members = document["workspace"]["members"].as_array().expect("an array");
        prop_assert_eq!(members.iter().filter(|member| member.as_str() == Some("apps/books")).count(), 1);
        prop_assert_eq!(member(&after).and_then(|text| dependency(&text)), Ok(after));
    }

    #[test]
    fn whatever_surrounds_a_dependency_stays_whole_lines(manifest in any_manifest()) {
        assert_lines_kept(&manifest, &dependency(&manifest).expect("a place is found"));
    }
}

/// Manifests with comments, blanks and spacing anywhere, in either line ending.
fn any_manifest() -> impl Strategy<Value = String> {
    let noise = "(# [a-zäü,\"\\]\\[]{0,8}\n|[ \t]{0,3}\n){0,3}";
    let array = prop_oneof![
        "\\[ {0,2}(\"[a-z]{1,5}\" {0,2}, {0,2}){0,3}\"z\" {0,2},? {0,2}\\]",
        "\\[( {0,2}# [a-z,]{0,5})?\n( {0,4}\"[a-z]{1,5}\" ?,( # [a-z,\"]{0,5})?\n){0,3} {0,4}\"z\",?( # [a-z,]{0,5})?\n {0,2}\\]",
        "\\[ {0,2}\n? {0,2}\\]",
    ];
    let lines = proptest::collection::btree_map(
        "[a-z]{1,6}_",
        prop_oneof![
            "= {0,2}\"[0-9]\"",
            "= \\{ version = \"1\" \\}",
            "= \\{ path = \"x\" \\}",
            "\\.workspace {0,2}= true"
        ],
        0..6,
    );
    let line = (noise, " {0,2}", "( # [a-z]{0,4})?");
    let decorated = (lines, proptest::collection::vec(line, 6)).prop_map(|(lines, decor)| {
        let lines = lines.into_iter().zip(decor);
        let lines = lines.map(|((key, value), (noise, indent, comment))| {
            format!("{noise}{indent}{key}{value}{comment}\n")
        });
        lines.collect::<String>()
    });
    let sections = (array, decorated, noise, noise, any::<bool>(), any::<bool>());
    sections.prop_map(|(array, lines, above, below, swapped, crlf)| {
        let workspace = format!("{above}[workspace]\nmembers = {array}\n");
        let dependencies = format!("{below}[dependencies] # all\n{lines}");
        let text = if swapped {
            dependencies + &workspace
        } else {
            workspace + &dependencies
        };
        if crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    })
}
