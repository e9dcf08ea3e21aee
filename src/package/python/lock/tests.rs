use std::collections::BTreeMap;

use super::*;
use crate::package::requirements::{Format, Requirements, Scope};

const LOCK: &str = r#"
version = 1
revision = 5
requires-python = ">=3.11"

[[package]]
name = "asgiref"
version = "3.13.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://files.pythonhosted.org/asgiref-3.13.0.tar.gz", hash = "sha256:aa" }
wheels = [{ url = "https://files.pythonhosted.org/asgiref-3.13.0-py3-none-any.whl", hash = "sha256:bb" }]

[[package]]
name = "django"
version = "5.2.19"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "asgiref" }, { name = "tzdata", marker = "sys_platform == 'win32'" }]
sdist = { url = "https://files.pythonhosted.org/django-5.2.19.tar.gz", hash = "sha256:cc" }

[package.optional-dependencies]
argon2 = [{ name = "argon2-cffi" }]

[[package]]
name = "argon2-cffi"
version = "25.1.0"
source = { registry = "https://pypi.example.com/simple" }
wheels = [{ url = "https://pypi.example.com/argon2_cffi-25.1.0-py3-none-any.whl", hash = "sha256:dd" }]

[[package]]
name = "ours"
version = "0.3.0"
source = { git = "https://example.com/ours.git?rev=v1#0123abc" }

[[package]]
name = "ruff"
version = "0.14.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "shop"
version = "1.2.0"
source = { virtual = "." }
dependencies = [{ name = "django", extra = ["argon2"] }, { name = "ours" }, { name = "vendored" }]

[package.dev-dependencies]
dev = [{ name = "ruff" }]

[package.metadata]
requires-dist = [
    { name = "django", extras = ["argon2"], specifier = ">=5.2,<5.3" },
    { name = "ours", git = "https://example.com/ours.git?rev=v1" },
    { name = "vendored", directory = "vendor/vendored" },
]

[package.metadata.requires-dev]
dev = [{ name = "ruff", specifier = ">=0.14" }]

[[package]]
name = "tzdata"
version = "2025.2"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "unused"
version = "1.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "vendored"
version = "0.1.0"
source = { directory = "vendor/vendored" }
"#;

fn read(files: &[(&str, &str)], installed: &[Installed]) -> Option<Locked> {
    let files: BTreeMap<String, String> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    Locked::read("shop", &|path| Ok(files.get(path).cloned()), installed).unwrap()
}

fn freeze(locked: &Locked, dev: bool, hashes: bool) -> String {
    let scope = Scope { all: true, dev };
    let mut list = Requirements::from_graph(&locked.graph, "shop", "1.2.0", scope);
    list.hashes = hashes;
    list.text(Format::Txt).unwrap()
}

fn installed(name: &str, version: &str, requires: &[&str]) -> Installed {
    Installed {
        name: name.to_owned(),
        version: version.to_owned(),
        license: Some("MIT".to_owned()),
        requires: requires.iter().map(|line| (*line).to_owned()).collect(),
        ..Installed::default()
    }
}

#[test]
fn the_lock_file_of_uv_is_what_pip_would_install() {
    let locked = read(&[(UV, LOCK), ("requirements.txt", "flask==1")], &[]).unwrap();
    insta::assert_snapshot!(freeze(&locked, false, false), @r"
    --extra-index-url https://pypi.example.com/simple
    argon2-cffi==25.1.0
    asgiref==3.13.0
    django==5.2.19
    ours @ git+https://example.com/ours.git@0123abc
    tzdata==2025.2 ; sys_platform == 'win32'
    ./vendor/vendored
    ");
    assert!(freeze(&locked, true, false).contains("\nruff==0.14.0\n"));
    let hashes = freeze(&locked, false, true);
    assert!(
        hashes.contains("asgiref==3.13.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"),
        "{hashes}"
    );
    let of = |name: &str| {
        locked
            .graph
            .packages
            .iter()
            .find(|package| package.name == name)
            .unwrap()
    };
    assert!(of("django").source_only && !of("asgiref").source_only);
}

#[test]
fn licences_come_from_what_is_installed() {
    let locked = read(
        &[(UV, LOCK)],
        &[
            installed("asgiref", "3.13.0", &[]),
            installed("django", "4.0", &[]),
        ],
    );
    let locked = locked.unwrap();
    let license = |name: &str| {
        let package = locked
            .graph
            .packages
            .iter()
            .find(|package| package.name == name);
        package.unwrap().license.clone()
    };
    assert_eq!(license("asgiref").as_deref(), Some("MIT"));
    assert_eq!(license("django"), None, "another version is installed");
    let scope = Scope {
        all: true,
        dev: false,
    };
    let list = Requirements::from_graph(&locked.graph, "shop", "1.2.0", scope);
    insta::assert_snapshot!(list.text(Format::Table).unwrap(), @"
    NAME         VERSION  LICENCE  SOURCE                                           CHECKSUM  WHY
    argon2-cffi  25.1.0   -        https://pypi.example.com/simple                  dd        for shop → django
    asgiref      3.13.0   MIT      pypi.org                                         aa        for shop → django
    django       5.2.19   -        pypi.org                                         cc        shop
    ours         0.3.0    -        git+https://example.com/ours.git?rev=v1#0123abc  -         shop
    tzdata       2025.2   -        pypi.org                                         -         for shop → django
    vendored     0.1.0    -        path:vendor/vendored                             -         shop
    ");
    let bom = list.text(Format::Cyclonedx).unwrap();
    assert!(bom.contains("\"pkg:pypi/django@5.2.19\""), "{bom}");
}

#[test]
fn a_lock_file_that_lags_behind_is_found() {
    let project = |dependencies: &str, dev: &str| {
        let text = format!(
            "[project]\nname = 'shop'\ndependencies = [{dependencies}]\n[dependency-groups]\ndev = [{dev}]\n"
        );
        out_of_date(&text, LOCK).unwrap().join("; ")
    };
    let same =
        "'django[argon2] <5.3, >=5.2', 'ours @ git+https://example.com/ours.git@v1', 'vendored'";
    assert_eq!(project(same, "'ruff>=0.14'"), "");
    assert_eq!(
        project(
            "'django>=5.2,<5.3', 'ours', 'vendored', 'flask>=3'",
            "'ruff>=0.14'"
        ),
        "pyproject.toml asks for django>=5.2,<5.3; pyproject.toml asks for flask>=3"
    );
    assert_eq!(
        project("'django[argon2]>=5.2,<5.3', 'vendored'", "'ruff>=0.15'"),
        "pyproject.toml no longer asks for ours; pyproject.toml asks for ruff>=0.15 in the group `dev`"
    );
    let newer = LOCK.replace("version = 1\n", "version = 2\n");
    assert!(
        out_of_date("[project]\nname = 'shop'\n", &newer)
            .unwrap_err()
            .to_string()
            .contains("version 2")
    );
}

#[test]
fn the_lock_file_of_the_standard_is_read() {
    let text = r#"
lock-version = "1.0"
created-by = "pip"
[[packages]]
name = "Flask"
version = "3.1.2"
index = "https://pypi.org/simple"
dependencies = [{ name = "click" }]
wheels = [{ name = "flask-3.1.2-py3-none-any.whl", url = "https://files.pythonhosted.org/flask-3.1.2-py3-none-any.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "click"
version = "8.3.0"
marker = "python_version >= '3.10'"
sdist = { name = "click-8.3.0.tar.gz", hashes = { sha256 = "bb" } }
"#;
    let locked = read(&[(PYLOCK, text)], &[]).unwrap();
    assert_eq!(
        freeze(&locked, false, false),
        "click==8.3.0 ; python_version >= '3.10'\nflask==3.1.2\n"
    );
}

#[test]
fn files_of_pip_are_read_as_pip_does() {
    let base = "\u{feff}# comment\nDjango==5.2.1  # why\n-c constraints.txt\n--index-url https://pypi.org/simple\n";
    let text = "-r requirements/base.txt\ngunicorn>=23\n-e .\n-e ./lib/own\n\
                psycopg[binary]==3.2.9 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n\
                git+https://example.com/tools.git@v2#egg=tools\nhome @ file:///home/me/home\n???\n";
    let files = [("requirements.txt", text), ("requirements/base.txt", base)];
    let locked = read(&files, &[installed("gunicorn", "23.0.0", &[])]).unwrap();
    insta::assert_snapshot!(freeze(&locked, false, true), @r"
    django==5.2.1
    gunicorn==23.0.0
    # home lies in a folder outside of this project, which nobody else has
    ./lib/own
    psycopg==3.2.9 \
        --hash=sha256:aa \
        --hash=sha256:bb
    tools @ git+https://example.com/tools.git@v2
    ");
    assert_eq!(
        locked.notes.join("\n"),
        "requirements.txt:10: `???` names no package, and is left out"
    );
    let missing = Locked::read(
        "shop",
        &|path| Ok((path == "requirements.txt").then(|| "-r nope.txt\n".to_owned())),
        &[],
    );
    assert!(
        missing
            .unwrap_err()
            .to_string()
            .contains("there is no nope.txt")
    );
}

#[test]
fn without_any_file_the_environment_says_it() {
    let mut own = installed("shop", "0.1.0", &[]);
    own.local = true;
    let found = [
        installed(
            "flask",
            "3.1.2",
            &["click>=8.1.3", "asgiref>=3.2; extra == 'async'"],
        ),
        installed("click", "8.3.0", &[]),
        own,
    ];
    let locked = read(&[], &found).unwrap();
    assert_eq!(locked.kind, LockSource::Installed);
    assert_eq!(
        freeze(&locked, false, false),
        "click==8.3.0\nflask==3.1.2\n"
    );
    let scope = Scope::default();
    let list = Requirements::from_graph(&locked.graph, "shop", "1", scope);
    assert_eq!(
        list.entries
            .iter()
            .map(|entry| entry.package.name.as_str())
            .collect::<Vec<_>>(),
        ["flask"]
    );
    assert!(read(&[], &[]).is_none());
}
