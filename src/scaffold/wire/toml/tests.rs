//! Manifests as people keep them, and what becomes of them.

mod dependencies;
mod members;

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
