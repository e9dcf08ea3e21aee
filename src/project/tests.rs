//! Projects in temporary folders, found and read.

use super::*;
use crate::error::ErrorKind;
use crate::output::Output;

const MANIFEST: &str = r#"
[project]
name = "bookstore"
apps = ["books"]
[scaffold]
name = "web"
version = "0.1.0"
[database]
dialects = ["sqlite"]
"#;

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [("luthier.toml", MANIFEST)].iter().chain(files) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn context(directory: PathBuf) -> Context {
    let output = Output::new(anstream::ColorChoice::Never, true, 0);
    Context::new(directory, output, false, true)
}

#[test]
fn a_project_is_found_from_any_folder_inside() {
    let folder = project(&[("apps/books/src/lib.rs", "")]);
    for inside in ["", "apps", "apps/books/src"] {
        let found = Project::find(&context(folder.path().join(inside))).unwrap();
        assert_eq!(found.root, folder.path(), "{inside}");
        assert_eq!(found.app("books").unwrap().dir, Path::new("apps/books"));
    }
}

#[test]
fn outside_a_project_the_error_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let error = Project::find(&context(folder.path().to_owned())).unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadInput);
    assert!(error.hints[0].contains("luthier startproject NAME"));
}

#[test]
fn files_are_read_as_they_are() {
    let folder = project(&[("a.rs", "one\r\ntwo")]);
    std::fs::write(folder.path().join("bad.rs"), b"\xff").unwrap();
    let project = Project::open(folder.path()).unwrap();
    assert_eq!(project.read("a.rs").unwrap().unwrap(), "one\r\ntwo");
    assert_eq!(project.read("none.rs").unwrap(), None);
    let error = project.read("bad.rs").unwrap_err().to_string();
    assert!(error.contains("bad.rs is not UTF-8"), "{error}");
}

#[test]
fn a_folder_lists_its_own_files_sorted() {
    let folder = project(&[
        ("migrations/sqlite/2_b.up.sql", ""),
        ("migrations/sqlite/1_a.up.sql", ""),
        ("migrations/sqlite/notes.md", ""),
        ("migrations/sqlite/old/0_x.up.sql", ""),
    ]);
    let project = Project::open(folder.path()).unwrap();
    assert_eq!(
        project.list("migrations/sqlite", "sql").unwrap(),
        [
            "migrations/sqlite/1_a.up.sql",
            "migrations/sqlite/2_b.up.sql"
        ]
    );
    assert!(project.list("migrations/mysql", "sql").unwrap().is_empty());
}

#[test]
fn app_names_must_differ_from_what_the_project_uses() {
    let cargo = "[workspace.dependencies]\naxum = '0.8'\n[dependencies]\norm = { package = 'sea-orm', version = '2' }";
    let folder = project(&[("Cargo.toml", cargo), ("src/urls.rs", "")]);
    let project = Project::open(folder.path()).unwrap();
    for taken in ["axum", "orm", "sea_orm", "urls", "bookstore", "Books"] {
        assert!(project.check_app_name(taken).is_err(), "{taken}");
    }
    for free in ["authors", "books"] {
        assert!(project.check_app_name(free).is_ok(), "{free}");
    }
}

#[test]
fn the_database_of_the_flag_wins_over_dotenv() {
    let folder = project(&[(".env", "DATABASE_URL=postgres://dotenv/x\n")]);
    let project = Project::open(folder.path()).unwrap();
    let flag = project.database_url(Some("postgres://flag/x")).unwrap();
    assert_eq!(flag, "postgres://flag/x");
}
