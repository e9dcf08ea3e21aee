//! `luthier compose` and `kubernetes`, and the workflow of a new project: judged by their schemas.

use super::{bookstore, valid};
use crate::common::Sandbox;

/// Every file under `folder`, one after the other.
pub(super) fn listing(sandbox: &Sandbox, paths: &[&str]) -> String {
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
