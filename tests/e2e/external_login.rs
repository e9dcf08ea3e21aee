//! `luthier add external-login`: logins by providers come to a site with accounts.

use crate::common::{Outcome, Sandbox};

/// A project of the pack `web` with these settings, and the sandbox in it.
fn project(settings: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let mut command = sandbox.command(["startproject", "shop", "--no-git"]);
    for setting in settings {
        command.args(["--set", setting]);
    }
    Outcome::of(&mut command).success();
    sandbox.cd("shop");
    sandbox
}

fn edit(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(from), "{path} has no {from:?}: {text}");
    sandbox.write(path, text.replacen(from, to, 1));
}

#[test]
fn added_later_it_is_as_if_it_had_been_there_from_the_start() {
    let later = project(&[]);
    later
        .run(["add", "external-login"])
        .success()
        .stderr_has("create  apps/accounts/src/external.rs")
        .stderr_has("create  platform/src/provider/openid.rs")
        .stderr_has("edit  src/settings.rs")
        .stderr_has("  luthier makemigrations && luthier migrate");
    let from_the_start = project(&["external-login=true"]);
    let own = |sandbox: &Sandbox| {
        let files = sandbox.snapshot("").into_iter();
        let files = files.filter(|(path, _)| !path.starts_with(".luthier"));
        files
            .map(|(path, text)| (path, String::from_utf8_lossy(&text).into_owned()))
            .collect::<Vec<_>>()
    };
    let (later, start) = (own(&later), own(&from_the_start));
    assert_eq!(later.len(), start.len());
    for (later, start) in later.iter().zip(&start) {
        assert_eq!(later, start);
    }
}

#[test]
fn twice_is_identical_and_a_dry_run_writes_nothing() {
    let sandbox = project(&[]);
    let before = sandbox.snapshot("");
    sandbox
        .run(["add", "external-login", "--dry-run"])
        .success()
        .stdout_has("create  apps/accounts/src/views/external.rs")
        .stdout_has("+                providers: providers()?,")
        .stdout_has("+ureq = {");
    assert_eq!(sandbox.snapshot(""), before);
    sandbox.run(["add", "external-login"]).success();
    let after = sandbox.snapshot("");
    sandbox
        .run(["add", "external-login"])
        .success()
        .stderr_has("The project has external-login: nothing to do.")
        .stderr_lacks("edit  ")
        .stderr_lacks("create  ");
    assert_eq!(sandbox.snapshot(""), after);
    let migrations = sandbox.run(["makemigrations"]).success();
    assert!(
        migrations.stderr.contains("external_identities"),
        "{}",
        migrations.stderr
    );
}

#[test]
fn without_accounts_it_is_refused_with_what_to_do_first() {
    let sandbox = project(&["accounts=false"]);
    let before = sandbox.snapshot("");
    sandbox
        .run(["add", "external-login"])
        .code(2)
        .stderr_has("`external-login` needs `accounts`, which this project does not have")
        .stderr_has("luthier add accounts")
        .stderr_has("Nothing was written.");
    assert_eq!(sandbox.snapshot(""), before);
    let listed = sandbox.run(["add", "--list"]).success();
    assert!(
        listed.stdout.contains("needs accounts"),
        "{}",
        listed.stdout
    );
    sandbox.run(["add", "accounts"]).success();
    sandbox.run(["add", "external-login"]).success();
    Sandbox::new()
        .run([
            "startproject",
            "shop",
            "--set",
            "accounts=false",
            "--set",
            "external-login=true",
        ])
        .code(2)
        .stderr_has("`external-login` needs `accounts`");
}

#[test]
fn what_its_owner_has_made_of_the_files_stays() {
    let sandbox = project(&[]);
    let edits = [
        (
            "apps/accounts/src/models/user.rs",
            "    pub name: String,\n",
            "    pub name: String,\n    /// Mine.\n    pub points: i32,\n",
        ),
        (
            "apps/accounts/src/users.rs",
            "/// The user with this address.\n",
            "/// Mine: the user with this address.\n",
        ),
        (
            "apps/accounts/src/urls.rs",
            "        .route(\"/again\",",
            "        .route(\"/points\", get(views::points))\n        .route(\"/again\",",
        ),
        (
            "apps/accounts/templates/accounts/login.html",
            "<h1>Log in</h1>",
            "<h1>Come in</h1>",
        ),
        (
            "apps/accounts/templates/accounts/account.html",
            "<h1>Your account</h1>",
            "<h1>All about you</h1>",
        ),
        (
            "src/settings.rs",
            "    pub address: SocketAddr,\n",
            "    pub address: SocketAddr,\n    /// Mine.\n    pub theme: String,\n",
        ),
        (
            "Cargo.toml",
            "sha2 = \"0.11\"\n",
            "sha2 = \"0.11\"\nhex = \"0.4\"\n",
        ),
        ("README.md", "## Ship it\n", "## Ship it, at last\n"),
    ];
    for (path, from, to) in edits {
        edit(&sandbox, path, from, to);
    }
    sandbox.run(["add", "external-login"]).success();
    for (path, _, to) in edits {
        let text = sandbox.read(path);
        assert!(text.contains(to), "{path} has lost {to:?}: {text}");
    }
    for (path, added) in [
        ("apps/accounts/src/users.rs", "external::disconnect_all"),
        ("apps/accounts/src/urls.rs", "views::begin_login"),
        (
            "apps/accounts/templates/accounts/login.html",
            "accounts/providers.html",
        ),
        (
            "apps/accounts/templates/accounts/account.html",
            "accounts/identities.html",
        ),
        ("src/settings.rs", "providers: providers()?"),
        ("Cargo.toml", "ureq = "),
        ("README.md", "## Log in with Google, GitHub and others"),
        (
            "docs/security.md",
            "`external::people::an_address_that_nobody_has_checked_decides_nothing`",
        ),
    ] {
        let text = sandbox.read(path);
        assert!(text.contains(added), "{path} lacks {added:?}: {text}");
    }
    let before = sandbox.snapshot("");
    sandbox.run(["add", "external-login"]).success();
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn a_place_that_is_gone_is_named_with_the_lines_for_it() {
    let sandbox = project(&[]);
    sandbox.write("src/settings.rs", "pub use elsewhere::Settings;\n");
    std::fs::remove_file(sandbox.path("apps/accounts/src/views/page.rs")).expect("it is removed");
    let before = sandbox.snapshot("");
    sandbox
        .run(["add", "external-login"])
        .code(1)
        .stderr_has("src/settings.rs cannot be edited")
        .stderr_has("                providers: providers()?,")
        .stderr_has("apps/accounts/src/views/page.rs cannot be edited: there is no such file")
        .stderr_has("providers => Serde(&self.site.config.providers),");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn the_page_for_reviewers_names_tests_that_exist() {
    let sandbox = project(&["external-login=true"]);
    let page = sandbox.read("docs/security.md");
    let mut named = 0;
    for name in page.split('`').skip(1).step_by(2) {
        if name.contains(".rs") {
            assert!(sandbox.exists(name), "there is no {name}");
        }
        let Some((module, test)) = name.rsplit_once("::") else {
            continue;
        };
        let path = module.replace("::", "/");
        let text = sandbox.read(format!("apps/accounts/tests/accounts/{path}.rs"));
        assert!(text.contains(&format!("fn {test}(")), "there is no {name}");
        named += 1;
    }
    assert!(named > 25, "{page}");
}
