//! Dependencies: their sorted place, and where they are there already.

use super::*;

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
