//! Projects as people lay them out, and what is found in them.

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
        (
            &[("shop/__init__.py", "app = application = Flask(__name__)\n")],
            "flask  shop:app",
        ),
        (
            &[(
                "shop/site.py",
                "import flask\n\ndef build(\n    config: dict[str, int] = {},\n    *, debug=False,\n):\n    return flask.Flask('a')\n",
            )],
            "flask  shop.site:build()",
        ),
        (
            &[(
                "shop/__init__.py",
                "from flask import Flask\n\ndef create_app(config_name, *args, debug: bool, **rest):\n    return Flask('a')\n",
            )],
            "flask  shop:create_app() needs config_name, debug",
        ),
        (
            &[
                ("backend/app/__init__.py", ""),
                (
                    "backend/app/main.py",
                    "from app.api import router\napp = FastAPI()\n",
                ),
            ],
            "asgi backend/ app.main:app",
        ),
        (
            &[
                (
                    "backend/app/main.py",
                    "from app.api import router\napp = FastAPI()\n",
                ),
                ("backend/app/api.py", ""),
            ],
            "asgi backend/ app.main:app",
        ),
        (
            &[
                ("server/main.py", "import database\napp = FastAPI()\n"),
                ("server/database.py", ""),
            ],
            "asgi server/ main:app",
        ),
        (
            &[
                ("src/__init__.py", ""),
                (
                    "src/main.py",
                    "from src.api import router\napp = FastAPI()\n",
                ),
            ],
            "asgi  src.main:app",
        ),
        (&[("__init__.py", "app = Flask('a')\n")], "none"),
        (&[("main.py", "print('FastAPI')\n")], "none"),
        (&[], "none"),
    ];
    for (files, expected) in cases {
        let show = |kind: &str, found: &Application| {
            let needs = match found.needs.is_empty() {
                true => String::new(),
                false => format!(" needs {}", found.needs.join(", ")),
            };
            format!("{kind} {} {}{needs}", found.folder, found.reference())
        };
        let shown = match framework(files) {
            Some(Framework::Flask(found)) => show("flask", &found),
            Some(Framework::Asgi(found)) => show("asgi", &found),
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
