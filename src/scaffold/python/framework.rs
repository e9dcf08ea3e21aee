//! What serves a project in Python that somebody else made: found in the text of its files, nothing is imported. Pure.

use std::collections::BTreeMap;

/// The texts of a project's Python files, by path with `/`.
pub(crate) type Sources = BTreeMap<String, String>;

/// What a project is made with, and where its application is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Framework {
    Django(Django),
    /// A WSGI application of Flask.
    Flask(Application),
    /// An ASGI application of FastAPI, Starlette, Quart or Litestar.
    Asgi(Application),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Django {
    /// The folder of `manage.py`, with `/` at its end unless it is the root.
    pub(crate) folder: String,
    /// `shop.wsgi`, or `shop.wsgi:application` where it is called otherwise.
    pub(crate) wsgi: Option<String>,
    /// Static files are collected somewhere: the settings have a STATIC_ROOT.
    pub(crate) collects_static: bool,
    /// Variables that the settings read a secret key from.
    pub(crate) secret_keys: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    /// The folder that its modules are looked for in, with `/` at its end unless it is the root.
    pub(crate) folder: String,
    /// `shop.app`.
    pub(crate) module: String,
    /// `app`, or `create_app()`.
    pub(crate) name: String,
    /// Flask-Migrate keeps its database up to date.
    pub(crate) migrates: bool,
}

/// What applications are made by.
const FLASK: &[&str] = &["Flask"];
const ASGI: &[&str] = &["FastAPI", "Starlette", "Quart", "Litestar"];

impl Application {
    /// `shop.app:app`.
    pub(crate) fn reference(&self) -> String {
        format!("{}:{}", self.module, self.name)
    }
}

/// What the files show, if they show it.
pub(crate) fn find(sources: &Sources) -> Option<Framework> {
    if let Some(django) = django(sources) {
        return Some(Framework::Django(django));
    }
    let is_asgi = sources.values().any(|text| mentions(text, ASGI))
        && !sources.values().any(|text| mentions(text, FLASK));
    let migrates = sources.values().any(|text| text.contains("flask_migrate"));
    let mut found: Vec<(usize, Framework)> = sources
        .iter()
        .filter_map(|(path, text)| {
            let (rank, framework) = application(path, text, is_asgi)?;
            Some((rank + place(path), framework))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let (_, mut framework) = found.into_iter().next()?;
    if let Framework::Flask(application) = &mut framework {
        application.migrates = migrates;
    }
    Some(framework)
}

fn django(sources: &Sources) -> Option<Django> {
    const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";
    let is_manage = |path: &&String| path.rsplit('/').next() == Some("manage.py");
    let mut all: Vec<&String> = sources.keys().filter(is_manage).collect();
    all.sort_by_key(|path| path.matches('/').count());
    let manage = all
        .into_iter()
        .find(|path| sources[*path].contains(VARIABLE))?;
    let folder = manage
        .strip_suffix("manage.py")
        .unwrap_or_default()
        .to_owned();
    let settings = quoted_behind(&sources[manage], VARIABLE).unwrap_or_default();
    let package = settings.split('.').next().unwrap_or_default();
    // Settings may be a file, or a package of several.
    let base = format!("{folder}{}", settings.replace('.', "/"));
    let above = base.rsplit_once('/').map_or("", |(above, _)| above);
    let is_settings = |path: &str| {
        path == format!("{base}.py")
            || path.starts_with(&format!("{base}/"))
            || path.starts_with(&format!("{above}/")) && above.ends_with("settings")
    };
    let settings: Vec<&String> = sources
        .iter()
        .filter(|(path, _)| is_settings(path))
        .map(|(_, text)| text)
        .collect();
    let named = settings
        .iter()
        .find_map(|text| quoted_behind(text, "WSGI_APPLICATION"));
    let named = named.and_then(|name| {
        let (module, object) = name.rsplit_once('.')?;
        Some(match object {
            "application" => module.to_owned(),
            other => format!("{module}:{other}"),
        })
    });
    let beside = || {
        let path = format!("{folder}{package}/wsgi.py");
        sources
            .contains_key(&path)
            .then(|| format!("{package}.wsgi"))
    };
    let mut secret_keys: Vec<String> = settings.iter().flat_map(|text| secret_keys(text)).collect();
    secret_keys.sort();
    secret_keys.dedup();
    Some(Django {
        wsgi: named.or_else(beside),
        collects_static: settings.iter().any(|text| assigns(text, "STATIC_ROOT")),
        secret_keys,
        folder,
    })
}

fn assigns(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.trim_start().strip_prefix(name).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(['=', ':']))
    })
}

/// The first text in quotes behind `word`, on the line of that or the next, but not `word` itself.
fn quoted_behind(text: &str, word: &str) -> Option<String> {
    let rest = text
        .lines()
        .skip_while(|line| line.trim_start().starts_with('#') || !line.contains(word));
    let rest: Vec<&str> = rest.take(2).collect();
    let rest = rest.join(" ");
    let (_, rest) = rest.split_once(word)?;
    let rest = rest.trim_start_matches(['"', '\'']);
    let start = rest.find(['"', '\''])?;
    let quote = rest[start..].chars().next()?;
    let inside = &rest[start + 1..];
    let module = &inside[..inside.find(quote)?];
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    (!module.is_empty() && module.chars().all(is_name)).then(|| module.to_owned())
}

/// Names in quotes that hold SECRET_KEY: those of variables.
fn secret_keys(text: &str) -> Vec<String> {
    let words = text.split(['"', '\'']);
    let is_variable = |word: &&str| {
        word.contains("SECRET_KEY")
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    words.filter(is_variable).map(str::to_owned).collect()
}

/// The application in a file, and how unlikely it is that this is the one that is served. `is_asgi` says what the project is
/// made with where the file does not.
fn application(path: &str, text: &str, is_asgi: bool) -> Option<(usize, Framework)> {
    let is_asgi = match (mentions(text, FLASK), mentions(text, ASGI)) {
        (true, false) => false,
        (false, true) => true,
        _ => is_asgi,
    };
    let (rank, name) = if let Some(name) = made(text, &|called| {
        FLASK.contains(&called) || ASGI.contains(&called)
    }) {
        (0, name)
    } else if let Some(name) = made(text, &is_factory) {
        (1, name)
    } else {
        let factory = text.lines().find_map(|line| {
            let name = line.strip_prefix("def ")?.split('(').next()?;
            is_factory(name).then(|| name.to_owned())
        });
        let is_here = mentions(text, FLASK) || mentions(text, ASGI);
        (2, format!("{}()", factory.filter(|_| is_here)?))
    };
    let (folder, module) = module(path);
    let application = Application {
        folder,
        module,
        name,
        migrates: false,
    };
    Some((
        rank,
        match is_asgi {
            true => Framework::Asgi(application),
            false => Framework::Flask(application),
        },
    ))
}

/// The name that a line of the module gives to the result of a call that `wanted` takes.
fn made(text: &str, wanted: &dyn Fn(&str) -> bool) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let name = name.split(':').next()?.trim_end();
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let (called, _) = value.split_once('(')?;
        let called = called.trim().rsplit('.').next()?;
        (is_name && wanted(called)).then(|| name.to_owned())
    })
}

/// `create_app`, `get_application`.
fn is_factory(name: &str) -> bool {
    let verbs = ["create_", "make_", "get_", "build_", "init_"];
    verbs.iter().any(|verb| {
        name.strip_prefix(verb)
            .is_some_and(|rest| ["app", "application", "asgi_app", "api"].contains(&rest))
    })
}

fn mentions(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| text.contains(name))
}

/// The folder that modules are looked for in, and the module of a file: `src/` is no package.
fn module(path: &str) -> (String, String) {
    let (folder, inside) = match path.strip_prefix("src/") {
        Some(inside) => ("src/".to_owned(), inside),
        None => (String::new(), path),
    };
    let inside = inside.strip_suffix(".py").unwrap_or(inside);
    let inside = inside.strip_suffix("/__init__").unwrap_or(inside);
    (folder, inside.replace('/', "."))
}

/// Files that are deep, or are called like none that is served, come last.
fn place(path: &str) -> usize {
    let name = path.rsplit('/').next().unwrap_or(path);
    const NAMES: [&str; 8] = [
        "wsgi.py",
        "asgi.py",
        "app.py",
        "main.py",
        "application.py",
        "server.py",
        "run.py",
        "__init__.py",
    ];
    let known = NAMES
        .iter()
        .position(|known| *known == name)
        .unwrap_or(NAMES.len());
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let is_example = inside.split('/').any(|part| {
        [
            "test", "tests", "example", "examples", "docs", "scripts", "tools",
        ]
        .contains(&part)
    }) || name.starts_with("test_")
        || name == "conftest.py";
    10 * known + 100 * inside.matches('/').count() + if is_example { 10_000 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framework(files: &[(&str, &str)]) -> Option<Framework> {
        let sources = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        find(&sources.collect())
    }

    #[test]
    fn applications_are_found_where_people_put_them() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (
                &[("app.py", "from flask import Flask\napp = Flask(__name__)\n")],
                "flask  app:app",
            ),
            (
                &[
                    (
                        "wsgi.py",
                        "from shop import create_app\n\napplication = create_app()\n",
                    ),
                    (
                        "shop/__init__.py",
                        "from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n",
                    ),
                ],
                "flask  wsgi:application",
            ),
            (
                &[(
                    "shop/__init__.py",
                    "import flask\ndef create_app():\n    app = flask.Flask(__name__)\n",
                )],
                "flask  shop:create_app()",
            ),
            (
                &[
                    ("tests/test_app.py", "app = Flask('test')\n"),
                    ("src/shop/main.py", "app: FastAPI = FastAPI(title='Shop')\n"),
                ],
                "asgi src/ shop.main:app",
            ),
            (
                &[("main.py", "import fastapi\napi = fastapi.FastAPI()\n")],
                "asgi  main:api",
            ),
            (&[("main.py", "print('FastAPI')\n")], "none"),
            (&[], "none"),
        ];
        for (files, expected) in cases {
            let shown = match framework(files) {
                Some(Framework::Flask(found)) => {
                    format!("flask {} {}", found.folder, found.reference())
                }
                Some(Framework::Asgi(found)) => {
                    format!("asgi {} {}", found.folder, found.reference())
                }
                Some(Framework::Django(_)) => "django".to_owned(),
                None => "none".to_owned(),
            };
            assert_eq!(shown, *expected, "{files:?}");
        }
    }

    #[test]
    fn a_project_of_django_is_found_by_its_manage_py() {
        let manage = "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings.local\")\n";
        let settings = "import os\nSECRET_KEY = os.environ['DJANGO_SECRET_KEY']\nWSGI_APPLICATION = 'shop.wsgi.application'\nSTATIC_ROOT = BASE / 'out'\n";
        let found = framework(&[
            ("backend/manage.py", manage),
            ("backend/shop/settings/base.py", settings),
            ("backend/shop/settings/local.py", "from .base import *\n"),
            ("backend/shop/app.py", "app = Flask(__name__)\n"),
        ]);
        let expected = Django {
            folder: "backend/".to_owned(),
            wsgi: Some("shop.wsgi".to_owned()),
            collects_static: true,
            secret_keys: vec!["DJANGO_SECRET_KEY".to_owned()],
        };
        assert_eq!(found, Some(Framework::Django(expected)));
        let setdefault = "    os.environ.setdefault(\n        'DJANGO_SETTINGS_MODULE',\n        'config.settings')\n";
        let found = framework(&[
            ("manage.py", setdefault),
            ("config/wsgi.py", ""),
            ("config/settings.py", ""),
        ]);
        let Some(Framework::Django(found)) = found else {
            panic!("{found:?}")
        };
        assert_eq!(
            (found.wsgi.as_deref(), found.collects_static),
            (Some("config.wsgi"), false)
        );
        // Another tool's.
        assert_eq!(framework(&[("manage.py", "import sys\n")]), None);
    }
}
