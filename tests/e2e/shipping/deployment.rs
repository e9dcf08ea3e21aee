//! `luthier compose`, `kubernetes` and `systemd`: judged by their schemas and by nginx.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;

use super::{bookstore, valid};
use crate::common::Sandbox;
use crate::common::nginx::Nginx;

/// Every file under `folder`, one after the other.
fn listing(sandbox: &Sandbox, paths: &[&str]) -> String {
    let shown = paths
        .iter()
        .map(|path| format!("==> {path} <==\n{}", sandbox.read(path)));
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn compose_files_are_valid_with_every_option() {
    let sandbox = bookstore();
    sandbox
        .run(["compose"])
        .success()
        .stderr_has("there is no Dockerfile yet");
    let files = ["compose.yaml", "compose.override.yaml", "deploy/Caddyfile"];
    insta::assert_snapshot!("compose", listing(&sandbox, &files));
    let options: [&[&str]; 3] = [
        &["--proxy", "nginx", "--redis", "--output", "a"],
        &["--proxy", "none", "--output", "b/c"],
        &["--domain", "shop.example.org", "--output", "d"],
    ];
    for options in options {
        sandbox.run([&["compose"], options].concat()).success();
    }
    assert!(sandbox.read("b/c/compose.yaml").contains("build: ../..\n"));
    assert!(
        sandbox
            .read("d/compose.yaml")
            .contains("${DOMAIN:-shop.example.org}")
    );
    let schema = ["--builtin-schema", "vendor.compose-spec"];
    let written = [
        "compose.yaml",
        "compose.override.yaml",
        "a/compose.yaml",
        "a/compose.override.yaml",
        "b/c/compose.yaml",
        "b/c/compose.override.yaml",
    ];
    valid(
        &sandbox,
        "check-jsonschema",
        &[&schema, &written[..]].concat(),
    );
    sandbox
        .run(["compose", "--domain", "a b; c"])
        .code(2)
        .stderr_has("is not the name of a host");
}

#[test]
fn other_databases_have_compose_files_too() {
    for database in ["sqlite", "mysql"] {
        let mut sandbox = Sandbox::in_memory();
        sandbox
            .run([
                "startproject",
                "my_shop",
                "--no-git",
                "--database",
                database,
            ])
            .success();
        sandbox.cd("my_shop");
        sandbox.run(["compose", "--redis"]).success();
        let schema = ["--builtin-schema", "vendor.compose-spec"];
        let files = ["compose.yaml", "compose.override.yaml"];
        valid(&sandbox, "check-jsonschema", &[schema, files].concat());
        match database {
            "sqlite" => {
                sandbox
                    .run(["kubernetes"])
                    .code(2)
                    .stderr_has("share no file");
            }
            _ => {
                sandbox.run(["kubernetes"]).success();
                let service = sandbox.read("deploy/kubernetes/base/service.yaml");
                assert!(service.contains("name: my-shop\n"), "{service}");
            }
        }
    }
}

#[test]
fn manifests_are_valid_for_several_versions_of_kubernetes() {
    let sandbox = bookstore();
    sandbox
        .run(["kubernetes", "--image", "registry.example.org/bookstore"])
        .success();
    let folder = "deploy/kubernetes/base";
    let files = sandbox.files(folder);
    let paths: Vec<String> = files
        .iter()
        .map(|file| format!("{folder}/{file}"))
        .collect();
    let kustomization = sandbox.read(format!("{folder}/kustomization.yaml"));
    for file in &files {
        let named = kustomization.contains(&format!("\n  - {file}\n"));
        assert!(named || file == "kustomization.yaml", "{file} is not named");
    }
    let mut shown: Vec<&str> = paths.iter().map(String::as_str).collect();
    let overlay = "deploy/kubernetes/overlays/production/kustomization.yaml";
    shown.push(overlay);
    insta::assert_snapshot!("kubernetes", listing(&sandbox, &shown));
    let objects: Vec<&str> = shown
        .iter()
        .copied()
        .filter(|path| !path.ends_with("kustomization.yaml"))
        .collect();
    let versions = ["-k", "1.30", "-k", "1.32", "-k", "1.34", "-k", "1.37"];
    let args = [&["--strict"], &versions[..], &objects[..]].concat();
    valid(&sandbox, "kubernetes-validate", &args);
    sandbox.run(["kubernetes", "--check"]).success();
    for (image, why) in [
        ("a b", "is not the name of an image"),
        ("r/a:1", "`newTag`"),
    ] {
        sandbox
            .run(["kubernetes", "--image", image])
            .code(2)
            .stderr_has(why);
    }
}

#[test]
fn secrets_of_login_providers_reach_the_site() {
    let sandbox = bookstore();
    sandbox.run(["add", "external-login"]).success();
    for command in ["compose", "kubernetes", "systemd"] {
        sandbox.run([command]).success();
    }
    let base = "deploy/kubernetes/base";
    for (file, line, count) in [
        (
            "compose.yaml",
            "      GOOGLE_CLIENT_ID: ${GOOGLE_CLIENT_ID:-}\n",
            1,
        ),
        (
            "compose.yaml",
            "GITHUB_CLIENT_SECRET_FILE: /run/secrets/github_client_secret\n",
            1,
        ),
        ("compose.yaml", "      - oidc_client_secret\n", 2),
        (
            "compose.yaml",
            "    file: ./secrets/google_client_secret\n",
            1,
        ),
        (
            &format!("{base}/configmap.yaml"),
            "  OIDC_ISSUER: \"\"\n",
            1,
        ),
        (
            &format!("{base}/deployment.yaml"),
            "key: google-client-secret\n",
            1,
        ),
        (
            &format!("{base}/migrate.yaml"),
            "key: github-client-secret\n",
            1,
        ),
        (&format!("{base}/network.yaml"), "        - port: 443\n", 1),
        (
            "deploy/server/bookstore.service",
            "LoadCredential=oidc_client_secret:/etc/bookstore/oidc_client_secret\n",
            1,
        ),
    ] {
        let text = sandbox.read(file);
        assert_eq!(
            text.matches(line).count(),
            count,
            "{line} in {file}: {text}"
        );
    }
    let schema = ["--builtin-schema", "vendor.compose-spec"];
    valid(
        &sandbox,
        "check-jsonschema",
        &[&schema[..], &["compose.yaml"]].concat(),
    );
    let objects = ["configmap", "deployment", "migrate", "network"];
    let objects = objects.map(|name| format!("{base}/{name}.yaml"));
    let objects = objects.each_ref().map(String::as_str);
    let versions = ["--strict", "-k", "1.30", "-k", "1.37"];
    valid(
        &sandbox,
        "kubernetes-validate",
        &[&versions[..], &objects].concat(),
    );
}

#[test]
fn options_need_not_be_given_again() {
    let sandbox = bookstore();
    let without = sandbox.read("luthier.toml");
    let runs: [(&str, &[&str], &str); 3] = [
        (
            "compose",
            &["--proxy", "nginx", "--redis", "--domain", "a.example.org"],
            "proxy = \"nginx\"\nredis = true\ndomain = \"a.example.org\"\n",
        ),
        (
            "kubernetes",
            &["--domain", "a.example.org", "--gateway", "infra/public"],
            "domain = \"a.example.org\"\ngateway = \"infra/public\"\n",
        ),
        (
            "systemd --output server",
            &["--domain", "a.example.org"],
            "domain = \"a.example.org\"\n",
        ),
    ];
    for (line, options, kept) in runs {
        let command: Vec<&str> = line.split(' ').collect();
        sandbox.run([&command, options].concat()).success();
        let text = sandbox.read("luthier.toml");
        let section = match command[..] {
            [_] => format!("[options.{line}]\n{kept}"),
            _ => format!("[options.\"{line}\"]\n{kept}"),
        };
        assert!(text.ends_with(&section), "{text}");
        let before = written(&sandbox);
        sandbox.run([&command[..], &["--check"]].concat()).success();
        sandbox.run(&command).success().stderr_lacks("edit");
        assert_eq!(written(&sandbox), before);

        // One is changed, the others stay.
        sandbox
            .run([&command[..], &["--domain", "b.example.org", "--dry-run"]].concat())
            .success();
        assert_eq!(written(&sandbox), before);
        sandbox
            .run([&command[..], &["--domain", "b.example.org"]].concat())
            .success();
        let changed = section.replace("a.example.org", "b.example.org");
        assert_eq!(
            sandbox.read("luthier.toml"),
            text.replace(&section, &changed)
        );
        // They are its owner's to edit.
        sandbox.write("luthier.toml", &text);
        sandbox
            .run([&command[..], &["--check"]].concat())
            .code(1)
            .stderr_has("out of date");
        sandbox.run(&command).success();
        assert_eq!(written(&sandbox), before);
        sandbox.write(
            "luthier.toml",
            text.replace(&section, &section.replace("domain", "domian")),
        );
        let number = text.replace(&section, "").lines().count();
        let row = section.lines().position(|row| row.starts_with("domain"));
        sandbox
            .run(&command)
            .code(2)
            .stderr_has(&format!(
                "luthier.toml:{}: unexpected argument '--domian' found",
                number + row.expect("it was given") + 1
            ))
            .stderr_has("Hint: fix the options");
        sandbox.write("luthier.toml", text);
    }
    let text = sandbox.read("luthier.toml");
    assert!(text.starts_with(&without), "{text}");
}

/// All files but the records of what was done.
fn written(sandbox: &Sandbox) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = sandbox.snapshot("");
    files.retain(|(path, _)| !path.starts_with(".luthier"));
    files
}

/// As earlier versions kept them.
#[test]
fn options_move_from_comments_to_the_manifest() {
    let sandbox = bookstore();
    sandbox.run(["compose", "--redis"]).success();
    let (with, manifest) = (sandbox.read("compose.yaml"), sandbox.read("luthier.toml"));
    sandbox.write(
        "luthier.toml",
        manifest.replace("[options.compose]\nredis = true\n", ""),
    );
    let (first, rest) = with.split_once('\n').expect("more than a line");
    let old = "# Options, which need not be given again: `luthier compose --redis`";
    sandbox.write("compose.yaml", format!("{first}\n{old}\n{rest}"));
    sandbox.run(["compose", "--check"]).code(1);
    sandbox.run(["compose"]).success();
    assert!(
        sandbox
            .read("luthier.toml")
            .contains("[options.compose]\nredis = true\n")
    );
    sandbox.run(["compose", "--check"]).success();
}

#[test]
fn programs_that_no_pack_made_are_refused() {
    let sandbox = Sandbox::new();
    // With entities, as `makemigrations` takes it; adopted or not.
    sandbox.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nsea-orm = { version = \"2\", features = [\"sqlx-postgres\"] }\n");
    sandbox.write("src/main.rs", "use sea_orm::entity::prelude::*;\n#[sea_orm::model]\n#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]\n#[sea_orm(table_name = \"a\")]\npub struct Model {\n    #[sea_orm(primary_key)]\n    pub id: i32,\n}\nimpl ActiveModelBehavior for ActiveModel {}\nfn main() {}\n");
    for adopted in [false, true] {
        if adopted {
            sandbox.run(["init"]).success();
        }
        let before = sandbox.snapshot("");
        for command in ["compose", "kubernetes", "systemd"] {
            sandbox
                .run([command])
                .code(2)
                .stderr_has("only a site that `luthier startproject` made")
                .stderr_has("Hint: `luthier dockerfile`");
        }
        assert_eq!(sandbox.snapshot(""), before);
    }
}

#[test]
fn visitors_come_through_a_gateway_where_there_is_one() {
    let sandbox = bookstore();
    let args = ["kubernetes", "--domain", "shop.example.org"];
    sandbox
        .run([&args[..], &["--gateway", "infra/public"]].concat())
        .success();
    let folder = "deploy/kubernetes";
    assert!(!sandbox.exists(format!("{folder}/base/ingress.yaml")));
    let kustomization = sandbox.read(format!("{folder}/base/kustomization.yaml"));
    assert!(
        kustomization.contains("\n  - route.yaml\n"),
        "{kustomization}"
    );
    assert!(!kustomization.contains("ingress"), "{kustomization}");
    let files = [
        format!("{folder}/base/route.yaml"),
        format!("{folder}/overlays/staging/kustomization.yaml"),
    ];
    let files = files.each_ref().map(String::as_str);
    insta::assert_snapshot!("gateway", listing(&sandbox, &files));
    sandbox
        .run(["kubernetes"])
        .success()
        .stderr_lacks("delete it");
    // Visitors came through an Ingress before.
    sandbox.write(format!("{folder}/base/ingress.yaml"), "");
    sandbox
        .run(["kubernetes"])
        .success()
        .stderr_has("base/ingress.yaml is no longer part of the site: delete it");
    for bad in ["", "a/b/c", "/a", "A", "a\nb", "-a"] {
        let gateway = format!("--gateway={bad}");
        sandbox
            .run(["kubernetes", &gateway])
            .code(2)
            .stderr_has("NAMESPACE/NAME");
    }
}

#[test]
fn the_workflow_of_a_new_project_is_valid() {
    for database in ["sqlite,postgres", "mysql", "sqlite"] {
        let mut sandbox = Sandbox::in_memory();
        sandbox
            .run(["startproject", "shop", "--no-git", "--database", database])
            .success();
        sandbox.cd("shop");
        let schema = ["--builtin-schema", "vendor.github-workflows"];
        let file = [".github/workflows/ci.yml"];
        valid(&sandbox, "check-jsonschema", &[&schema[..], &file].concat());
    }
}

#[test]
fn a_server_gets_a_unit_and_a_site_of_nginx() {
    let sandbox = bookstore();
    sandbox
        .run(["systemd", "--domain", "shop.example.org"])
        .success();
    let files = [
        "deploy/server/bookstore.service",
        "deploy/server/bookstore.socket",
        "deploy/server/bookstore.nginx.conf",
    ];
    insta::assert_snapshot!("server", listing(&sandbox, &files));
}

/// A site that says back what it was asked, once a connection.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                request.push(byte[0]);
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                request.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), &request].concat());
        }
    });
    address
}

#[test]
fn nginx_passes_requests_on_and_tells_where_they_come_from() {
    let sandbox = bookstore();
    sandbox
        .run(["systemd", "--domain", "shop.example.org"])
        .success();
    let site = sandbox.read("deploy/server/bookstore.nginx.conf");
    assert!(site.contains("server 127.0.0.1:8000;"), "{site}");
    let site = site.replace("127.0.0.1:8000", &echo());
    let files = ["fullchain.pem", "privkey.pem"]
        .map(|file| format!("/etc/letsencrypt/live/shop.example.org/{file}"));
    let files = files.each_ref().map(String::as_str);
    let Some(nginx) = Nginx::start(&sandbox, "shop.example.org", &site, files) else {
        return;
    };
    let moved = nginx.ask(&nginx.plain_url("/books?page=2"), &[]);
    assert!(moved.starts_with("http/1.1 301"), "{moved}");
    assert!(
        moved.contains("location: https://shop.example.org/books?page=2"),
        "{moved}"
    );
    let books = nginx.url("/books");
    let answer = nginx.ask(&books, &["--header", "X-Forwarded-For: 6.6.6.6"]);
    let expected = [
        "http/2 200",
        "GET /books HTTP/1.1",
        "Host: shop.example.org",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "X-Real-IP: 127.0.0.1",
    ];
    for line in expected {
        assert!(answer.contains(line), "no {line:?} in {answer}");
    }
    assert!(!answer.contains("6.6.6.6"), "{answer}");
    // A site with accounts sends the header itself; twice would be once too often.
    assert!(!answer.contains("strict-transport-security"), "{answer}");
    let body = sandbox.path("body");
    sandbox.write("body", "x".repeat(3 * 1024 * 1024));
    let refused = nginx.ask(&books, &["--data-binary", &format!("@{}", body.display())]);
    assert!(refused.starts_with("http/2 413"), "{refused}");
    // Whether it is ready is for this machine to know, whatever slashes are added.
    for path in ["/readyz", "/readyz/", "/readyz//?x"] {
        // Other systems have no such second address.
        if cfg!(target_os = "linux") {
            let answer = nginx.ask(&nginx.url(path), &["--interface", "127.0.0.3"]);
            assert!(answer.starts_with("http/2 403"), "{path}: {answer}");
        }
        let answer = nginx.ask(&nginx.url(path), &[]);
        assert!(answer.starts_with("http/2 200"), "{path}: {answer}");
    }
}
