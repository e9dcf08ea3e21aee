//! `luthier compose`, `kubernetes` and `systemd`: judged by their schemas and by nginx.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use crate::common::running::Running;
use crate::common::{Outcome, Sandbox, servers};
use crate::{bookstore, valid};

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
        .stderr_has("no name of a host");
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
    let versions = ["-k", "1.30", "-k", "1.32", "-k", "1.34"];
    let args = [&["--strict"], &versions[..], &objects[..]].concat();
    valid(&sandbox, "kubernetes-validate", &args);
    sandbox
        .run([
            "kubernetes",
            "--image",
            "registry.example.org/bookstore",
            "--check",
        ])
        .success();
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
    let Some(nginx) = servers::nginx() else {
        return;
    };
    let sandbox = bookstore();
    sandbox.run(["systemd", "--domain", "localhost"]).success();
    let mut openssl = Command::new("openssl");
    openssl.current_dir(sandbox.root()).args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
        "-keyout",
        "privkey.pem",
        "-out",
        "fullchain.pem",
    ]);
    Outcome::of(&mut openssl).success();
    let port = |_| TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr());
    let [http, https] = [0, 1]
        .map(port)
        .map(|address| address.expect("a port").port());
    // The site as it is, but for ports that anybody may listen on, and certificates that are there.
    let root = sandbox.root().display().to_string();
    let site = sandbox
        .read("deploy/server/bookstore.nginx.conf")
        .replace("127.0.0.1:8000", &echo())
        .replace("listen 80;", &format!("listen 127.0.0.1:{http};"))
        .replace("listen 443 ssl;", &format!("listen 127.0.0.1:{https} ssl;"))
        .replace("    listen [::]:80;\n", "")
        .replace("    listen [::]:443 ssl;\n", "")
        // Since 1.25.1; Debian 12 has 1.22.
        .replace("    http2 on;\n", "")
        .replace("/etc/letsencrypt/live/localhost", &root);
    let around = format!(
        "daemon off;\nmaster_process off;\npid {root}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n\
         client_body_temp_path {root}/t1;\nproxy_temp_path {root}/t2;\nfastcgi_temp_path {root}/t3;\n\
         uwsgi_temp_path {root}/t4;\nscgi_temp_path {root}/t5;\n{site}}}\n"
    );
    sandbox.write("nginx.conf", around);
    let mut command = Command::new(nginx);
    let running = Running::start(command.arg("-c").arg(sandbox.path("nginx.conf")));
    running.until("nginx listens", |_| {
        TcpStream::connect(("127.0.0.1", https)).ok()
    });
    let ask = |args: &[&str]| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--insecure", "--include", "--http1.1"]);
        Outcome::of(curl.args(args)).success().stdout.to_lowercase()
    };
    let moved = ask(&[&format!("http://127.0.0.1:{http}/books?page=2")]);
    assert!(moved.starts_with("http/1.1 301"), "{moved}");
    assert!(
        moved.contains("location: https://127.0.0.1/books?page=2"),
        "{moved}"
    );
    let books = format!("https://127.0.0.1:{https}/books");
    let answer = ask(&["--header", "X-Forwarded-For: 6.6.6.6", &books]);
    let expected = [
        "strict-transport-security: max-age=31536000",
        "get /books http/1.1",
        "x-forwarded-for: 127.0.0.1",
        "x-forwarded-proto: https",
    ];
    for line in expected {
        assert!(answer.contains(line), "no {line:?} in {answer}");
    }
    assert!(!answer.contains("6.6.6.6"), "{answer}");
    let body = sandbox.path("body");
    sandbox.write("body", "x".repeat(3 * 1024 * 1024));
    let refused = ask(&["--data-binary", &format!("@{}", body.display()), &books]);
    assert!(refused.contains("http/1.1 413"), "{refused}");
}
