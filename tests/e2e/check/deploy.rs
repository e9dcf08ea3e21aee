//! What a site needs before it is deployed.

use crate::common::{Outcome, Sandbox};

/// The ids that `check --deploy` finds, with variables of the environment.
fn deploy(sandbox: &Sandbox, variables: &[(&str, &str)], code: i32) -> Vec<String> {
    let mut command = sandbox.command(["check", "--deploy", "--json", "--fail-level", "warning"]);
    command.env_remove("CARGO_TARGET_DIR");
    for (name, value) in variables {
        command.env(name, value);
    }
    let outcome = Outcome::of(&mut command).code(code);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let findings = report["findings"].as_array().expect("there is a list");
    for finding in findings {
        assert_eq!(finding["tag"], "deploy", "{finding}");
        assert_ne!(finding["hint"], "", "{finding}");
    }
    let id = |finding: &serde_json::Value| finding["id"].as_str().map(str::to_owned);
    let mut ids: Vec<String> = findings.iter().filter_map(id).collect();
    ids.sort();
    ids
}

#[test]
fn a_fresh_site_lacks_an_address_a_mail_server_and_a_release() {
    let mut sandbox = Sandbox::new();
    sandbox.run(["startproject", "shop", "--no-git"]).success();
    sandbox.cd("shop");
    assert_eq!(deploy(&sandbox, &[], 1), ["D001", "D002", "D003"]);
    sandbox
        .run(["check", "--deploy"])
        .success()
        .stdout_has("warning[D001]: PUBLIC_URL is not set")
        .stderr_has("Checked deploy: 3 warnings");
    sandbox.write("target/release/shop", "");
    let good = [
        ("PUBLIC_URL", "https://shop.example"),
        ("EMAIL_URL", "smtps://u:p@mail.example"),
        ("TRUSTED_PROXIES", "1"),
        ("REGISTRATION", "closed"),
    ];
    assert!(deploy(&sandbox, &good, 0).is_empty());
    // The environment comes before `.env`.
    let dotenv = sandbox.read(".env");
    sandbox.write(
        ".env",
        format!("{dotenv}PUBLIC_URL=http://shop.example\nEMAIL_URL=smtps://u:p@mail.example\n"),
    );
    assert_eq!(deploy(&sandbox, &[], 1), ["D001"]);
    assert!(deploy(&sandbox, &good, 0).is_empty());
    // What was changed in the code.
    let edit = |path: &str, from: &str, to: &str| {
        let text = sandbox.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        sandbox.write(path, text.replace(from, to));
    };
    edit(
        "platform/src/password.rs",
        "MIN_LENGTH: usize = 15",
        "MIN_LENGTH: usize = 6",
    );
    edit(
        "platform/src/middleware.rs",
        "default-src 'self'",
        "default-src 'self' 'unsafe-inline'",
    );
    edit("platform/src/middleware.rs", "CsrfLayer", "NoLayer");
    edit(
        "platform/src/middleware.rs",
        "STRICT_TRANSPORT_SECURITY",
        "VARY",
    );
    sandbox.run(["startapp", "books"]).success();
    sandbox
        .run([
            "startmodel",
            "books",
            "Book",
            "title:text",
            "--access",
            "public",
        ])
        .success();
    sandbox
        .run(["startmodel", "books", "Tag", "title:text"])
        .success();
    assert_eq!(
        deploy(&sandbox, &good, 1),
        ["D006", "D007", "D008", "D013", "D015"]
    );
}

#[test]
fn a_provider_of_logins_is_set_wholly_or_not_at_all() {
    let mut sandbox = Sandbox::new();
    sandbox
        .run([
            "startproject",
            "shop",
            "--no-git",
            "--set",
            "external-login=true",
        ])
        .success();
    sandbox.cd("shop");
    let fresh = ["D001", "D002", "D003", "D016"];
    assert_eq!(deploy(&sandbox, &[], 1), fresh);
    let id = ("GOOGLE_CLIENT_ID", "shop");
    assert_eq!(deploy(&sandbox, &[id], 1), fresh);
    let secret = ("GOOGLE_CLIENT_SECRET", "hush");
    assert_eq!(deploy(&sandbox, &[id, secret], 1), fresh[..3]);
    sandbox
        .run(["check", "--explain", "D016"])
        .success()
        .stdout_has("external-login-settings");
}

#[cfg(unix)]
#[test]
fn secrets_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mut sandbox = Sandbox::new();
    sandbox.run(["startproject", "shop", "--no-git"]).success();
    sandbox.cd("shop");
    let dotenv = sandbox.path(".env");
    let mode = dotenv.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&dotenv, PermissionsExt::from_mode(0o644)).expect("it is ours");
    assert_eq!(deploy(&sandbox, &[], 1), ["D001", "D002", "D003", "D012"]);
}

#[test]
fn every_deploy_check_explains_itself() {
    let sandbox = Sandbox::new();
    for number in 1..=15 {
        let id = format!("D{number:03}");
        sandbox
            .run(["check", "--explain", &id])
            .success()
            .stdout_has(&id)
            .stdout_has("Instead: ");
    }
}
