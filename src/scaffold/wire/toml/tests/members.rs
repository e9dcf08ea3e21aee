//! Members of a workspace and apps of a project: arrays as they are written.

use super::*;

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
