//! Projects in Python: their images, where those run, and what is in them.

use std::process::Command;

use super::valid;
use crate::common::servers::validators;
use crate::common::{Outcome, Sandbox};

fn bookstore(pack: &str, databases: &str) -> Sandbox {
    let mut sandbox = Sandbox::in_memory();
    let args = [
        "startproject",
        "bookstore",
        "--scaffold",
        pack,
        "--no-git",
        "--database",
        databases,
    ];
    sandbox.run(args).success();
    sandbox.cd("bookstore");
    sandbox
}

#[test]
fn a_site_of_django_is_shipped_like_any_other() {
    for databases in ["sqlite,postgres", "mysql", "sqlite"] {
        let sandbox = bookstore("django", databases);
        sandbox.run(["dockerfile"]).success();
        let dockerfile = sandbox.read("Dockerfile");
        match databases {
            "sqlite,postgres" => insta::assert_snapshot!("django", dockerfile),
            "mysql" => assert!(
                dockerfile.contains(
                    "# mysqlclient is compiled, with default-libmysqlclient-dev and pkg-config."
                ) && dockerfile.contains("--no-install-recommends libmariadb3 ")
                    && !dockerfile.contains("VOLUME"),
                "{dockerfile}"
            ),
            _ => assert!(!dockerfile.contains("apt-get"), "{dockerfile}"),
        }
        sandbox.run(["compose", "--proxy", "nginx"]).success();
        sandbox.run(["systemd"]).success();
        let before = sandbox.snapshot("");
        for command in ["dockerfile", "compose", "systemd"] {
            sandbox.run([command, "--check"]).success();
        }
        assert_eq!(sandbox.snapshot(""), before);
        valid_services(&sandbox);
        let kubernetes = sandbox.run(["kubernetes"]);
        if databases == "sqlite" {
            kubernetes.code(2).stderr_has("SQLite alone");
            continue;
        }
        kubernetes.success();
        valid_manifests(&sandbox);
        let job = sandbox.read("deploy/kubernetes/base/migrate.yaml");
        assert!(
            job.contains("            - manage.py\n            - migrate\n"),
            "{job}"
        );
        assert!(
            sandbox
                .read("deploy/kubernetes/base/deployment.yaml")
                .contains("SECRET_KEY_FILE")
        );
        assert!(
            sandbox
                .read("compose.yaml")
                .contains("      SECRET_KEY_FILE: /run/secrets/secret_key")
        );
    }
}

/// Judges the manifests of Kubernetes.
fn valid_manifests(sandbox: &Sandbox) {
    let base = sandbox.files("deploy/kubernetes/base");
    let base = base
        .iter()
        .filter(|file| !file.starts_with("kustomization"));
    let base: Vec<String> = base
        .map(|file| format!("deploy/kubernetes/base/{file}"))
        .collect();
    let strict = ["--strict", "-k", "1.30"];
    let args: Vec<&str> = strict
        .into_iter()
        .chain(base.iter().map(String::as_str))
        .collect();
    valid(sandbox, "kubernetes-validate", &args);
}

/// Judges an image, and the services that it runs among.
fn valid_services(sandbox: &Sandbox) {
    valid(sandbox, "hadolint", &["Dockerfile"]);
    let schema = ["--builtin-schema", "vendor.compose-spec"];
    let files = ["compose.yaml", "compose.override.yaml"];
    valid(sandbox, "check-jsonschema", &[&schema[..], &files].concat());
}

#[test]
fn a_site_of_flask_is_shipped_like_any_other() {
    for databases in ["sqlite,postgres", "mysql"] {
        let sandbox = bookstore("flask", databases);
        sandbox.run(["dockerfile"]).success();
        sandbox.run(["compose", "--proxy", "nginx"]).success();
        sandbox.run(["kubernetes"]).success();
        sandbox.run(["systemd"]).success();
        let before = sandbox.snapshot("");
        for command in ["dockerfile", "compose", "kubernetes", "systemd"] {
            sandbox.run([command, "--check"]).success();
        }
        assert_eq!(sandbox.snapshot(""), before);
        valid_services(&sandbox);
        valid_manifests(&sandbox);
        let job = sandbox.read("deploy/kubernetes/base/migrate.yaml");
        assert!(
            job.contains("            - flask\n            - db\n            - upgrade\n"),
            "{job}"
        );
        for file in ["compose.yaml", "deploy/kubernetes/base/deployment.yaml"] {
            assert!(sandbox.read(file).contains("SECRET_KEY_FILE"), "{file}");
        }
        let unit = sandbox.read("deploy/server/bookstore.service");
        assert!(unit.contains("wsgi:app"), "{unit}");
    }
}

#[test]
fn images_of_adopted_sites_are_clean() {
    let django = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
    let settings = "WSGI_APPLICATION = 'shop.wsgi.application'\nSTATIC_ROOT = 'out'\nSECRET_KEY = env('SHOP_SECRET_KEY')\n";
    let sites: [&[(&str, &str)]; 3] = [
        &[
            ("requirements.txt", "django==5.2.19\npsycopg2==2.9.11\n"),
            ("backend/manage.py", django),
            ("backend/shop/settings.py", settings),
        ],
        &[
            ("requirements.txt", "flask==3.1.2\nflask-migrate==4.1.0\n"),
            (
                "src/shop/__init__.py",
                "from flask import Flask\nimport flask_migrate\n\n\ndef create_app():\n    return Flask('a', instance_relative_config=True)\n",
            ),
        ],
        &[
            ("requirements.txt", "fastapi==0.121.0\nuvicorn==0.54.0\n"),
            ("app/__init__.py", ""),
            (
                "app/main.py",
                "from fastapi import FastAPI\n\napp = FastAPI()\n",
            ),
        ],
    ];
    for files in sites {
        let mut sandbox = Sandbox::in_folder_with_prefix("my sité-");
        sandbox.cd("shop").make_folder("");
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox.run(["init"]).success();
        sandbox.run(["dockerfile"]).success();
        valid(&sandbox, "hadolint", &["Dockerfile"]);
        let dockerfile = sandbox.read("Dockerfile");
        let secret = ["ENV", "ARG"].map(|word| format!("{word} SHOP_SECRET_KEY"));
        assert!(
            !secret.iter().any(|line| dockerfile.contains(line)),
            "{dockerfile}"
        );
        // What a site of Flask writes is no part of its image, and has a place in it.
        let writes = "VOLUME [\"/app/src/instance\"]";
        assert_eq!(
            dockerfile.contains(writes),
            files[1].1.contains("instance_relative_config"),
            "{dockerfile}"
        );
        assert_eq!(
            dockerfile.contains(writes),
            sandbox.read(".dockerignore").contains("\nsrc/instance\n")
        );
        let refused = sandbox.run(["compose"]).code(2);
        refused.stderr_has("only a site that `luthier startproject` made");
    }
}

#[test]
fn what_a_lock_file_says_is_what_its_tool_would_export() {
    let sandbox = bookstore("django", "sqlite,postgres");
    let listed = sandbox.run(["requirements"]).success().stdout;
    assert!(listed.contains("\ndjango==5.2"), "{listed}");
    if let Some(tools) = validators() {
        let mut uv = Command::new(tools.join("uv"));
        uv.args([
            "export",
            "--frozen",
            "--no-dev",
            "--no-hashes",
            "--no-header",
            "--no-annotate",
            "--offline",
        ]);
        let exported = Outcome::of(uv.current_dir(sandbox.root())).success();
        assert_eq!(listed, exported.stdout);
    }
    let hashes = sandbox.run(["requirements", "--hashes"]).success();
    hashes.stdout_has(" \\\n    --hash=sha256:");
    sandbox
        .run(["requirements", "--dev"])
        .success()
        .stdout_has("\nruff==");
    let table = sandbox.run(["requirements", "--format", "table"]).success();
    table
        .stdout_has("NAME ")
        .stdout_lacks("\nasgiref ")
        .stderr_has("The licences of 9 of 9 packages are not known");
    for (format, file) in [("cyclonedx", "bom.json"), ("spdx", "list.spdx.json")] {
        let args = [
            "requirements",
            "--all",
            "--format",
            format,
            "--output",
            file,
        ];
        sandbox.run(args).success();
    }
    valid(&sandbox, "pyspdxtools", &["--infile", "list.spdx.json"]);
    let script = "import sys; from cyclonedx.schema import SchemaVersion; \
                  from cyclonedx.validation.json import JsonStrictValidator; \
                  error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open('bom.json').read()); \
                  sys.exit(str(error) if error else 0)";
    valid(&sandbox, "python", &["-c", script]);

    sandbox.run(["requirements", "--check"]).success();
    let pyproject = sandbox.read("pyproject.toml");
    sandbox.write(
        "pyproject.toml",
        pyproject.replace("\"whitenoise", "\"flask>=3\",\n    \"whitenoise"),
    );
    let refused = sandbox.run(["requirements", "--check"]).code(1);
    refused
        .stdout_has("lock: uv.lock: pyproject.toml asks for flask>=3")
        .stdout_has("`uv lock`");
    for args in [
        &["requirements", "--bin", "x"][..],
        &["dockerfile", "--base", "scratch"],
    ] {
        sandbox.run(args).code(2).stderr_has("is for Rust projects");
    }
}

#[test]
fn what_the_image_would_have_to_install_is_said_by_some_file() {
    let sandbox = Sandbox::new();
    let manifest = "[project]\nname = \"shop\"\nlanguage = \"python\"\n[scaffold]\nname = \"none\"\nversion = \"0.1.0\"\n";
    sandbox.write("luthier.toml", manifest);
    for command in ["dockerfile", "requirements"] {
        sandbox
            .run([command])
            .code(2)
            .stderr_has("no uv.lock, pylock.toml or requirements.txt");
    }
    sandbox.write("requirements.txt", "-r more/base.txt\nflask==3.1.2\n");
    sandbox.write("more/base.txt", "click==8.3.0\n");
    sandbox
        .run(["dockerfile"])
        .code(2)
        .stderr_has("does not say what serves the site")
        .stderr_has("[package] serve = ");
    let serve = "[package]\nserve = [\"gunicorn\", \"--bind\", \"0.0.0.0:{port}\", \"shop:app\"]\n";
    sandbox.write("luthier.toml", format!("{manifest}{serve}"));
    sandbox
        .run(["dockerfile", "--port", "9000"])
        .success()
        .stderr_has("the project does not name gunicorn");
    let dockerfile = sandbox.read("Dockerfile");
    for line in [
        "COPY requirements.txt ./\nCOPY more/base.txt more/\n",
        "uv venv && uv pip install --requirement requirements.txt",
        "uv pip install gunicorn==",
        "CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:9000\", \"shop:app\"]",
    ] {
        assert!(dockerfile.contains(line), "{line}: {dockerfile}");
    }
    valid(&sandbox, "hadolint", &["Dockerfile"]);
    sandbox.write("requirements.txt", "own @ file:///home/me/own\n");
    sandbox
        .run(["dockerfile"])
        .code(2)
        .stderr_has("lies outside of the project");
    sandbox
        .run(["requirements"])
        .success()
        .stdout_has("# own lies in a folder")
        .stdout_lacks("/home/me");
}
