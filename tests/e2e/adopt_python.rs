//! `luthier init` in projects that have no entities: sites in Python, and cargo binaries that listen.

use super::runserver::site::{answers, start};
use crate::common::Sandbox;

/// `flask` for the tests: a module of that name that serves what `Flask(__name__)` says.
const FLASK: &str = r#"import importlib, sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Flask:
    def __init__(self, name):
        self.says = name


def main():
    words = sys.argv[1:]
    module, name = words[words.index("--app") + 1].split(":")
    sys.path.insert(0, ".")
    app = getattr(importlib.import_module(module), name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = app.says.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    port = int(words[words.index("--port") + 1])
    HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"#;

#[test]
fn a_site_is_adopted_by_one_file_and_served_by_it() {
    let mut sandbox = Sandbox::in_folder_with_prefix("my sité-");
    sandbox.cd("shop").make_folder("");
    sandbox.write("requirements.txt", "flask==3.1.2\n");
    sandbox.write("app.py", "from flask import Flask\n\napp = Flask('one')\n");
    // An environment whose flask is the one above.
    sandbox.write(".venv/pyvenv.cfg", "version = 3.12.1\n");
    sandbox.write(
        ".venv/lib/python3.12/site-packages/flask-3.1.2.dist-info/METADATA",
        "Name: Flask\nVersion: 3.1.2\nLicense-Expression: BSD-3-Clause\n",
    );
    sandbox.write("flask.py", FLASK);
    sandbox.write(
        ".venv/bin/flask",
        "#!/bin/sh\nexec python3 -c 'import flask; flask.main()' \"$@\"\n",
    );
    std::os::unix::fs::symlink("/usr/bin/env", sandbox.path(".venv/bin/python"))
        .expect("a link is made");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(sandbox.path(".venv/bin/flask"), executable)
        .expect("it is made executable");

    let before = sandbox.files("");
    sandbox.run(["init", "--dry-run"]).success();
    assert_eq!(sandbox.files(""), before);
    sandbox
        .run(["init"])
        .success()
        .stderr_has("Found an application of Flask");
    let mut after = sandbox.files("");
    after.retain(|file| !file.starts_with(".luthier/"));
    let new: Vec<&String> = after.iter().filter(|file| !before.contains(file)).collect();
    assert_eq!(new, ["luthier.toml"]);
    sandbox.run(["init"]).success();

    let (server, address) = start(&sandbox);
    answers(&server, &address, "one");
    sandbox.write("app.py", "from flask import Flask\n\napp = Flask('two')\n");
    answers(&server, &address, "two");
    assert!(server.stop("-TERM").success());

    sandbox
        .run(["requirements", "--format", "table"])
        .success()
        .stdout_has("BSD-3-Clause");
    sandbox.run(["dockerfile"]).success();
    let dockerfile = sandbox.read("Dockerfile");
    assert!(
        dockerfile.contains("ARG PYTHON_VERSION=3.12\n"),
        "{dockerfile}"
    );
    assert!(dockerfile.contains("\"app:app\"]\n"), "{dockerfile}");
    for verb in ["migrate", "check", "makemigrations"] {
        sandbox
            .run([verb])
            .code(2)
            .stderr_has("is for Rust projects")
            .stderr_has("[verbs]");
    }
    let changed = sandbox.read("luthier.toml") + "\n# mine\n";
    sandbox.write("luthier.toml", changed);
    sandbox
        .run(["init"])
        .code(2)
        .stderr_has("is a Luthier project already");
}

#[test]
fn sites_of_django_and_fastapi_are_found() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "pyproject.toml",
        "[project]\nname = 'My.Shop'\nversion = '1'\n",
    );
    sandbox
        .run(["init"])
        .code(2)
        .stderr_has("no site of Django, Flask or FastAPI was found");
    sandbox.write(
        "app/main.py",
        "from fastapi import FastAPI\n\napp = FastAPI()\n",
    );
    sandbox
        .run(["init", "--database", "sqlite"])
        .code(2)
        .stderr_has("--database is for cargo projects");
    sandbox.run(["init"]).success();
    let manifest = sandbox.read("luthier.toml");
    assert!(manifest.contains("name = \"my-shop\"\n"), "{manifest}");
    assert!(
        manifest.contains("[\"uvicorn\", \"--fd\", \"{fd}\", \"app.main:app\"]\nlisten = \"fd\"\n"),
        "{manifest}"
    );

    let sandbox = Sandbox::new();
    sandbox.write(
        "backend/manage.py",
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
    );
    sandbox.write(
        "backend/shop/settings.py",
        "WSGI_APPLICATION = 'shop.wsgi.application'\n",
    );
    sandbox.write("requirements.txt", "django==5.2.19\n");
    sandbox
        .run(["init"])
        .success()
        .stderr_has("Found a site of Django");
    let manifest = sandbox.read("luthier.toml");
    assert!(
        manifest.contains("\"*\" = [\"python\", \"backend/manage.py\", \"{verb}\"]\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("\"--chdir\", \"backend\", \"shop.wsgi\"]\n"),
        "{manifest}"
    );
    // Everything else is manage.py's, which says what is wrong itself.
    let refused = sandbox.run(["startapp", "books"]);
    assert_ne!(refused.code, Some(0));
    assert!(!sandbox.exists("books"));
}

#[test]
fn what_cannot_be_served_as_it_is_is_said_in_one_line() {
    // An application that wants to be told something.
    let sandbox = Sandbox::new();
    sandbox.write("requirements.txt", "flask\n");
    sandbox.write(
        "src/shop/__init__.py",
        "from flask import Flask\n\n\ndef create_app(config_name):\n    return Flask(__name__)\n",
    );
    let before = sandbox.snapshot("");
    sandbox
        .run(["init"])
        .code(2)
        .stderr_has("src/shop/__init__.py: create_app makes the application, but has to be told config_name")
        .stderr_has("`from shop import create_app` and `app = create_app(config_name)`");
    assert_eq!(sandbox.snapshot(""), before);
    let served = "from shop import create_app\n\napp = create_app('production')\n";
    sandbox.write("src/wsgi.py", served);
    sandbox
        .run(["init"])
        .success()
        .stderr_has("Found an application of Flask: app in src/wsgi.py.");
    assert!(sandbox.read("luthier.toml").contains("\"src/wsgi:app\""));

    // A project in a folder of its own, and one in `src`, which is no name.
    let mut sandbox = Sandbox::new();
    sandbox.write("shop/src/requirements.txt", "fastapi\n");
    sandbox.write(
        "shop/src/main.py",
        "from fastapi import FastAPI\napp = FastAPI()\n",
    );
    sandbox.cd("shop");
    sandbox
        .run(["init"])
        .code(2)
        .stderr_has("one in Python in src")
        .stderr_has("luthier -C src init")
        .stderr_lacks("cargo");
    sandbox.run(["-C", "src", "init"]).success();
    assert!(
        sandbox
            .read("src/luthier.toml")
            .contains("name = \"shop\"\n")
    );

    // A script alone.
    let sandbox = Sandbox::new();
    sandbox.write("app.py", "from flask import Flask\napp = Flask('a')\n");
    sandbox.run(["init"]).success();
}

#[test]
fn a_binary_that_listens_needs_no_entities() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "Cargo.toml",
        "[package]\nname = \"echo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    sandbox.write(
        "src/main.rs",
        "use std::io::Write;\nfn main() {\n    let port = std::env::var(\"PORT\").unwrap();\n    let listener = std::net::TcpListener::bind(format!(\"127.0.0.1:{port}\")).unwrap();\n    \
         for stream in listener.incoming() {\n        let mut stream = stream.unwrap();\n        \
         let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);\n        \
         let _ = stream.write_all(b\"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\none\");\n    }\n}\n",
    );
    sandbox
        .run(["init"])
        .success()
        .stderr_has("There are no SeaORM entities here");
    sandbox.run(["init"]).success();
    let (server, address) = start(&sandbox);
    answers(&server, &address, "one");
    assert!(server.stop("-TERM").success());
}

/// `manage.py` for the tests: of all commands it has `startapp`, and makes what Django would.
const MANAGE: &str = r#"import os, sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.dev")
name, *folder = [word for word in sys.argv[2:] if not word.startswith("-")]
if name == "taken":
    sys.exit("CommandError: 'taken' conflicts with the name of an existing Python module")
for path in [".", "src", "src/apps"]:
    assert not os.path.exists(os.path.join(path, name)), "it could be imported"
if folder:
    assert os.path.isdir(folder[0]), "Destination directory does not exist"
else:
    os.mkdir(name)
with open(os.path.join(*folder or [name], "apps.py"), "w") as file:
    file.write(f'class Config:\n    name = "{name}"\n')
"#;

#[test]
fn a_new_app_of_an_adopted_site_is_djangos_own_and_is_listed() {
    let sandbox = Sandbox::new();
    let base =
        "AUTH_USER_MODEL = \"people.User\"\nINSTALLED_APPS = [\n    \"apps.people\",  # ours\n]\n";
    sandbox
        .write("requirements.txt", "django\n")
        .write("src/manage.py", MANAGE)
        .write("src/shop/settings/base.py", base)
        .write(
            "src/shop/settings/dev.py",
            "from .base import *\n\nDEBUG = True\n",
        );
    sandbox.run(["init"]).success();
    sandbox
        .run(["startapp", "books", "src/apps/books"])
        .success()
        .stderr_has("The app apps.books is made by Django and listed in src/shop/settings/base.py");
    sandbox.run(["startapp", "shelf"]).success();
    assert_eq!(
        sandbox.read("src/shop/settings/base.py"),
        base.replace("# ours\n", "# ours\n    \"apps.books\",\n    \"shelf\",\n")
    );
    for (path, name) in [("src/apps/books", "apps.books"), ("src/shelf", "shelf")] {
        let config = sandbox.read(format!("{path}/apps.py"));
        assert!(
            config.ends_with(&format!("name = \"{name}\"\n")),
            "{config}"
        );
    }

    // What Django refuses, and what cannot be listed, leaves nothing behind.
    let before = sandbox.snapshot("src");
    sandbox
        .run(["startapp", "taken", "src/apps/taken"])
        .code(1)
        .stderr_has("conflicts with");
    assert_eq!(sandbox.snapshot("src"), before);
    assert!(!sandbox.exists("src/apps/taken"));
    let computed = base.replace("= [", "= BASE + [");
    sandbox.write("src/shop/settings/base.py", computed);
    let before = sandbox.snapshot("src");
    sandbox
        .run(["startapp", "late", "src/apps/late"])
        .code(1)
        .stderr_has("INSTALLED_APPS += [\"apps.late\"]");
    assert_eq!(sandbox.snapshot("src"), before);
    sandbox
        .run(["startmodel", "books", "Book", "title:text"])
        .code(2)
        .stderr_has("this project was adopted")
        .stderr_has("models.py");
}
