//! `luthier add`: a part of the pack comes later, beside what a project's owner has made of it.

use std::path::PathBuf;

use crate::common::{Outcome, Sandbox};

/// A project of the pack `parts`, and the sandbox in it.
fn project(settings: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    start(&sandbox, settings).success();
    sandbox.cd("shop");
    sandbox
}

fn start(sandbox: &Sandbox, settings: &[&str]) -> Outcome {
    let pack = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/packs/parts");
    let mut command = sandbox.command(["startproject", "shop", "--no-git", "--scaffold"]);
    command.arg(pack);
    for setting in settings {
        command.args(["--set", setting]);
    }
    Outcome::of(&mut command)
}

/// Its files but for what is kept about runs.
fn files(sandbox: &Sandbox) -> Vec<(PathBuf, String)> {
    let text = |contents: Vec<u8>| String::from_utf8_lossy(&contents).into_owned();
    let files = sandbox.snapshot("").into_iter();
    files
        .filter(|(path, _)| !path.starts_with(".luthier"))
        .map(|(path, contents)| (path, text(contents)))
        .collect()
}

#[test]
fn a_feature_added_later_makes_the_project_that_has_it_from_the_start() {
    let with = project(&[]);
    assert!(with.exists("apps/accounts/src/lib.rs"));
    let urls = with.read("src/urls.rs");
    assert!(
        urls.contains(".merge(accounts::urls::router())\n"),
        "{urls}"
    );
    assert!(urls.contains(".with::<accounts::Templates>()\n"), "{urls}");
    assert!(with.read("luthier.toml").contains("apps = [\"accounts\"]"));

    let without = project(&["accounts=false"]);
    assert!(!without.exists("apps"));
    let lock = without.read("Cargo.lock");
    assert!(
        !lock.contains("argon2") && !lock.contains("blake2"),
        "{lock}"
    );
    without
        .run(["add", "accounts"])
        .success()
        .stderr_has("create  apps/accounts/src/lib.rs")
        .stderr_has("edit  platform/src/lib.rs")
        .stderr_has("  luthier makemigrations && luthier migrate");
    for (added, (path, text)) in files(&without).into_iter().zip(files(&with)) {
        assert_eq!(added, (path, text));
    }
}

#[test]
fn twice_is_identical() {
    let sandbox = project(&["accounts=false"]);
    sandbox.run(["startapp", "books"]).success();
    sandbox.run(["add", "accounts"]).success();
    let before = sandbox.snapshot("");
    sandbox
        .run(["add", "accounts"])
        .success()
        .stderr_has("identical  src/settings.rs")
        .stderr_has("The project has accounts: nothing to do.")
        .stderr_lacks("edit  ")
        .stderr_lacks("create  ");
    assert_eq!(sandbox.snapshot(""), before);
    // A new project has it, too.
    let fresh = project(&[]);
    let before = fresh.snapshot("");
    fresh.run(["add", "accounts"]).success();
    assert_eq!(fresh.snapshot(""), before);
}

#[test]
fn a_dry_run_shows_the_edits_and_makes_none() {
    let sandbox = project(&["accounts=false"]);
    let before = sandbox.snapshot("");
    sandbox
        .run(["add", "accounts", "--dry-run"])
        .success()
        .stdout_has("create  apps/accounts/Cargo.toml")
        .stdout_has("+    pub public_url: String,")
        .stdout_has("+argon2 = \"0.6\"");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn edits_of_the_owner_stay() {
    let sandbox = project(&["accounts=false"]);
    sandbox.run(["startapp", "books"]).success();
    let edit = |path: &str, from: &str, to: &str| {
        let text = sandbox.read(path);
        assert!(text.contains(from), "{path}: {text}");
        sandbox.write(path, text.replace(from, to));
    };
    edit(
        "src/settings.rs",
        "    pub database_url: String,\n",
        "    pub database_url: String,\n    /// Mine.\n    pub theme: String,\n",
    );
    edit(
        "Cargo.toml",
        "    \"trace\",\n]",
        "    \"cors\",\n    \"trace\",\n]",
    );
    edit(
        "platform/src/lib.rs",
        "pub mod error;\n",
        "pub mod error;\npub mod mine;\n",
    );
    edit("README.md", "A site.", "The site of a shop.");
    // Words are not worth stopping for.
    sandbox
        .run(["add", "accounts"])
        .success()
        .stderr_has("README.md cannot be edited: `A site.` is not there as it was generated")
        .stderr_has("    People sign in at /account/login.");
    let settings = sandbox.read("src/settings.rs");
    assert!(settings.contains("pub theme: String,"), "{settings}");
    assert!(settings.contains("pub public_url: String,"), "{settings}");
    let manifest = sandbox.read("Cargo.toml");
    for line in [
        "\"cors\"",
        "\"csrf\"",
        "argon2 = \"0.6\"",
        "apps/books",
        "apps/accounts",
    ] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    let library = sandbox.read("platform/src/lib.rs");
    assert!(library.contains("pub mod mine;"), "{library}");
    assert!(library.contains("pub mod password;"), "{library}");
    assert!(sandbox.read("README.md").contains("The site of a shop."));
    assert!(
        sandbox
            .read("src/urls.rs")
            .contains("books::urls::router()")
    );
    let before = sandbox.snapshot("");
    sandbox.run(["add", "accounts"]).success();
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn what_its_owner_removed_or_rewrote_is_said_and_nothing_is_written() {
    let sandbox = project(&["accounts=false"]);
    sandbox.write(
        "src/settings.rs",
        "pub use elsewhere::Settings;\npub use elsewhere::read;\n",
    );
    let library = sandbox.path("platform/src/lib.rs");
    std::fs::remove_file(library).expect("it is removed");
    std::fs::remove_file(sandbox.path("README.md")).expect("it is removed");
    let before = sandbox.snapshot("");
    sandbox
        .run(["add", "accounts"])
        .code(1)
        .stderr_has("src/settings.rs cannot be edited: `pub database_url: String,` is not there")
        .stderr_has("in src/settings.rs, add this behind `pub database_url: String,`:")
        .stderr_has("    pub public_url: String,")
        .stderr_has("platform/src/lib.rs cannot be edited: there is no such file")
        .stderr_has("pub mod password;");
    assert_eq!(sandbox.snapshot(""), before);

    // By hand, wherever that is.
    sandbox.write(
        "src/settings.rs",
        "struct All {\n    pub public_url: String,\n}\nfn all() {\n        public_url: variable(\"PUBLIC_URL\"),\n}\n",
    );
    sandbox.write("platform/src/lib.rs", "pub mod password;\n");
    sandbox
        .run(["add", "accounts"])
        .success()
        .stderr_has("README.md cannot be edited: there is no such file");
    assert!(!sandbox.exists("README.md"));
}

#[test]
fn what_needs_something_else_waits_for_it() {
    let sandbox = project(&["accounts=false"]);
    sandbox
        .run(["add", "audit"])
        .code(2)
        .stderr_has("`audit` needs `accounts`, which this project does not have")
        .stderr_has("luthier add accounts");
    let listed = sandbox.run(["add", "--list"]).success();
    insta::assert_snapshot!(listed.stdout, @r"
    accounts  available       Users and sign-in
    audit     needs accounts  Who did what
    ");
    sandbox.run(["add", "accounts"]).success();
    sandbox.run(["add", "audit"]).success();
    let listed = sandbox.run(["add", "--list", "--json"]).success();
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).expect("it is JSON");
    assert_eq!(listed["features"][0]["state"], "added");
    assert_eq!(listed["features"][1]["state"], "added");
    assert!(
        sandbox
            .read("luthier.toml")
            .contains("features = [\"accounts\", \"audit\"]")
    );
}

#[test]
fn nonsense_is_refused_with_the_list() {
    let sandbox = project(&["accounts=false"]);
    for (args, said) in [
        (&["add", "nonsense"][..], "it has accounts, audit"),
        (&["add", "acounts"], "did you mean `accounts`?"),
        (&["add"], "<FEATURE>"),
        (&["add", "accounts", "--list"], "cannot be used with"),
        (&["startapp", "accounts"], "luthier add accounts"),
    ] {
        sandbox.run(args).code(2).stderr_has(said);
    }
    // An app of the project's own is not overwritten.
    let list = sandbox
        .read("luthier.toml")
        .replace("apps = []", "apps = [\"accounts\"]");
    sandbox.write("luthier.toml", list);
    sandbox
        .run(["add", "accounts"])
        .code(2)
        .stderr_has("apps/accounts is an app of this project's own");
    Sandbox::new()
        .run(["add", "accounts"])
        .code(2)
        .stderr_has("luthier startproject NAME");
}

#[test]
fn a_feature_is_left_out_by_a_known_name_only() {
    let sandbox = Sandbox::new();
    for (setting, said) in [
        ("acounts=false", "it asks for accounts, audit"),
        ("accounts=perhaps", "--set accounts=true|false"),
        ("accounts", "it is not KEY=VALUE"),
    ] {
        start(&sandbox, &[setting]).code(2).stderr_has(said);
    }
    start(&sandbox, &["accounts=false", "audit=true"])
        .code(2)
        .stderr_has("`audit` needs `accounts`");
    assert!(sandbox.snapshot("").is_empty());
}
