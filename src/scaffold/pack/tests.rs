//! Packs of a few files, and those that come with Luthier.

use super::*;
use crate::scaffold::{Choices, values};

const MANIFEST: &str = r#"
name = "sample"
version = "1.0.0"
description = "For tests"
[[only]]
files = "project/migrations/mysql"
when = "mysql"
"#;

fn pack(files: &[(&str, &'static str)]) -> Result<Pack> {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().into()));
    Pack::new("packs/sample", files.collect())
}

fn values() -> Map<String, Value> {
    let values = serde_json::json!({"name": "shop", "app": "books", "up": "..", "mysql": false});
    values.as_object().unwrap().clone()
}

/// The paths and texts of `part`, as `path: text`.
fn rendered(pack: &Pack, part: &str) -> Result<Vec<String>> {
    let files = pack.render(part, &values())?;
    let shown = |file: Rendered| {
        let text = String::from_utf8(file.contents).unwrap();
        format!("{}: {text}", file.path.display())
    };
    Ok(files.into_iter().map(shown).collect())
}

#[test]
fn templates_are_rendered_other_files_are_copied() {
    let pack = pack(&[
        ("scaffold.toml", MANIFEST),
        ("project/README.md.hbs", "# {{name}}"),
        ("project/static/raw.txt", "{{name}}"),
        ("project/migrations/sqlite/.gitkeep", ""),
        ("project/migrations/mysql/.gitkeep", ""),
        ("app/templates/__app__/index.html", "x"),
        ("app/__app__/__name__.rs", "y"),
    ])
    .unwrap();
    assert_eq!(
        rendered(&pack, "project").unwrap(),
        [
            "README.md: # shop",
            "migrations/sqlite/.gitkeep: ",
            "static/raw.txt: {{name}}"
        ]
    );
    assert_eq!(
        rendered(&pack, "app").unwrap(),
        ["books/shop.rs: y", "templates/books/index.html: x"]
    );
    let error = rendered(&pack, "model").unwrap_err().to_string();
    assert_eq!(error, "the pack `sample` has nothing for `model`");
}

#[test]
fn paths_that_have_no_value_or_lead_out_are_refused() {
    let cases = [
        ("project/__none__.rs", "`__none__` in the path has no value"),
        ("project/a__b.rs", "`__b.rs__` in the path has no value"),
        ("project/__up__/x", "leads out"),
        ("project/../x", "leads out"),
        ("project//etc/x", "leads out"),
        (
            "project/.git/hooks/pre-commit",
            "cannot write into `.git/hooks/pre-commit`",
        ),
        ("project/sub/.GIT/config", "cannot write into"),
        ("project/.luthier/journal.json", "cannot write into"),
    ];
    for (path, expected) in cases {
        let pack = pack(&[
            ("scaffold.toml", MANIFEST),
            ("project/migrations/mysql/x", ""),
            (path, ""),
        ]);
        let message = rendered(&pack.unwrap(), "project").unwrap_err().to_string();
        assert!(message.contains(expected), "{path}: {message}");
    }
}

#[test]
fn a_folder_that_is_no_pack_is_refused() {
    let message = |files: &[(&str, &'static str)]| pack(files).unwrap_err().to_string();
    assert_eq!(
        message(&[("README.md", "")]),
        "packs/sample is not a pack: it has no scaffold.toml"
    );
    assert_eq!(
        message(&[("scaffold.toml", MANIFEST)]),
        "packs/sample/scaffold.toml: only: the pack has no `project/migrations/mysql`"
    );
}

#[test]
fn the_packs_that_come_with_luthier_are_sound() {
    let names = Pack::built_in_names();
    assert!(names.contains(&"web".to_owned()), "{names:?}");
    for name in names {
        let pack = Pack::built_in(&name).unwrap().unwrap();
        assert_eq!(pack.manifest.name, name);
    }
    assert!(Pack::built_in("nonsense").is_none());
}

#[test]
fn a_pack_that_extends_another_has_its_files_but_for_those_left_out_or_replaced() {
    const EXTENDS: &str = r#"
name = "sample"
version = "1.0.0"
description = "For tests"
extends = "web"
[[without]]
files = "project/templates"
"#;
    let pack = pack(&[
        ("scaffold.toml", EXTENDS),
        ("project/README.md", "own"),
        ("project/more.txt", "more"),
    ])
    .unwrap();
    let web = Pack::built_in("web").unwrap().unwrap();
    let is_left_out = |path: &str| path.starts_with("project/templates/");
    for (path, contents) in &web.files {
        match path.as_str() {
            "scaffold.toml" => {}
            "project/README.md.hbs" => assert!(!pack.files.contains_key(path)),
            path if is_left_out(path) => assert!(!pack.files.contains_key(path), "{path}"),
            path => assert_eq!(pack.files.get(path), Some(contents), "{path}"),
        }
    }
    assert_eq!(pack.files["project/README.md"].as_ref(), b"own");
    assert!(pack.files.contains_key("project/more.txt"));
    assert!(pack.manifest.features.contains_key("accounts"));
}

#[test]
fn the_api_pack_is_web_without_pages() {
    let api = Pack::built_in("api").unwrap().unwrap();
    let web = Pack::built_in("web").unwrap().unwrap();
    let own = ["scaffold.toml", "project/platform/src/cors.rs"];
    let is_own =
        |path: &str| own.contains(&path) || path.starts_with("project/apps/accounts/tests/");
    for (path, contents) in api.files.iter().filter(|(path, _)| !is_own(path)) {
        assert_eq!(web.files.get(path), Some(contents), "{path}");
    }
    let values = |pack: &Pack| values::of_project("a", &[], pack, &Choices::default());
    assert_eq!(values(&api)["html"], false);
    assert_eq!(values(&api)["admin"], false);
    assert_eq!(values(&web)["html"], true);
    let pages = api
        .files
        .keys()
        .filter(|path| path.ends_with(".html.hbs") || path.ends_with(".html"));
    assert_eq!(
        pages.collect::<Vec<_>>(),
        ["project/templates/api_docs.html.hbs"]
    );
}

#[test]
fn a_pack_extends_only_what_there_is() {
    for (from, to, expected) in [
        (
            "[[only]]",
            "extends = \"wbe\"\n[[only]]",
            "extends: luthier comes without a pack `wbe`",
        ),
        (
            "[[only]]",
            "extends = \"web\"\n[[without]]\nfiles = \"project/nowhere\"\n[[only]]",
            "without: the pack `web` has no `project/nowhere`",
        ),
        (
            "[[only]]",
            "extends = \"web\"\n[[without]]\nfeature = \"nowhere\"\n[[only]]",
            "without: the pack `web` has no feature `nowhere`",
        ),
        (
            "[[only]]",
            "extends = \"web\"\n[[without]]\nfeature = \"accounts\"\n[[only]]",
            "needs `accounts`: leave it out before",
        ),
        (
            "[[only]]",
            "[values]\nsqlite = true\n[[only]]",
            "values.sqlite: templates have a variable by that name already",
        ),
        (
            "[[only]]",
            "[[without]]\nfiles = \"project/static\"\n[[only]]",
            "without: there is no pack to leave `project/static` out of",
        ),
    ] {
        let text: &'static str = MANIFEST.replacen(from, to, 1).leak();
        let error = pack(&[("scaffold.toml", text)]).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_base_is_there_for_packs_that_extend_it_alone() {
    assert!(Pack::built_in("bases").is_none());
    assert!(Pack::built_in("bases/python").is_none());
    assert!(Pack::built_in("python").is_none());
    for (pack, style) in [
        ("django", "static/site.css"),
        ("flask", "app/static/site.css"),
    ] {
        let pack = Pack::built_in(pack).unwrap().unwrap();
        let values = values::of_project("shop", &[], &pack, &Choices::default());
        let files = pack.render("project", &values).unwrap();
        for path in [style, "gunicorn.conf.py", ".env"] {
            assert!(
                files.iter().any(|file| file.path == Path::new(path)),
                "{path}"
            );
        }
    }
}
