//! What `luthier.toml` may hold, and what is said of what it may not.

use super::*;

const GOOD: &str = r#"
[project]
name = "bookstore"
apps = ["books", "shop_orders"]

[scaffold]
name = "web"
version = "0.1.0"
[scaffold.answers]
docs = true
port = 8000

[database]
dialects = ["postgres", "sqlite"]
"#;

#[test]
fn a_good_file_is_understood() {
    let manifest = ProjectManifest::parse(GOOD).unwrap();
    assert_eq!(manifest.name, "bookstore");
    assert_eq!(manifest.apps, ["books", "shop_orders"]);
    assert_eq!(manifest.dialects, [Dialect::Postgres, Dialect::Sqlite]);
    assert_eq!(manifest.scaffold.version, "0.1.0");
    assert_eq!(manifest.scaffold.answers["port"], 8000);
    assert_eq!(manifest.dev, Dev::default());
    assert_eq!(manifest.policy, Policy::default());
}

#[test]
fn the_development_server_has_settings() {
    let dev = "[dev]\naddress = \"8001\"\neditor = \"zed\"\nhosts = [\"shop.test\"]\nstop-first = true\ntarget-dir = \"target/dev\"\nfast-rebuild = false\nprewarm-compiler = false\nprepare-all-crates = false\n";
    let manifest = ProjectManifest::parse(&format!("{GOOD}{dev}")).unwrap();
    assert_eq!(
        manifest.dev,
        Dev {
            address: Some("8001".into()),
            editor: Some("zed".into()),
            hosts: vec!["shop.test".into()],
            poll: false,
            stop_first: true,
            target_dir: Some("target/dev".into()),
            fast_rebuild: Some(false),
            prewarm_compiler: Some(false),
            prepare_all_crates: Some(false),
            ..Dev::default()
        }
    );
    let error = ProjectManifest::parse(&format!("{GOOD}[dev]\nport = 1\n")).unwrap_err();
    assert!(
        error.to_string().contains("unknown field `port`"),
        "{error}"
    );
}

#[test]
fn old_names_of_settings_are_read_with_a_note() {
    for (dev, fast_rebuild, prewarm_compiler, notes) in [
        ("", true, true, &[][..]),
        ("fast-rebuild = false", false, true, &[]),
        (
            "cargo-only = true",
            false,
            true,
            &["dev.cargo-only has a new name: write `fast-rebuild = false` instead"],
        ),
        (
            "cargo-only = false\nspare-memory = true",
            true,
            false,
            &["`fast-rebuild = true`", "`prewarm-compiler = false`"],
        ),
        // The new name wins.
        (
            "cargo-only = true\nfast-rebuild = true",
            true,
            true,
            &["dev.cargo-only has a new name"],
        ),
    ] {
        let dev = ProjectManifest::parse(&format!("{GOOD}[dev]\n{dev}\n"))
            .unwrap()
            .dev;
        assert_eq!(dev.fast_rebuild(), fast_rebuild, "{dev:?}");
        assert_eq!(dev.prewarm_compiler(), prewarm_compiler, "{dev:?}");
        let shown = dev.renamed_keys();
        assert_eq!(shown.len(), notes.len(), "{shown:?}");
        for (shown, note) in shown.iter().zip(notes) {
            assert!(shown.contains(note), "{shown}");
        }
    }
}

#[test]
fn commands_keep_options() {
    let options = "[options.compose]\nredis = true\n[options.'dockerfile --output a']\n";
    assert!(ProjectManifest::parse(&format!("{GOOD}{options}")).is_ok());
}

#[test]
fn a_policy_for_dependencies_may_follow() {
    let text = format!(
        "{GOOD}\n[requirements]\nlicenses = ['MIT']\nduplicates = 'deny'\nduplicates-allowed = ['syn']\n"
    );
    let policy = ProjectManifest::parse(&text).unwrap().policy;
    assert_eq!(policy.licences, Some(vec!["MIT".to_owned()]));
    assert_eq!(policy.duplicates, Duplicates::Deny);
    assert_eq!(policy.duplicates_allowed, ["syn"]);
    let error = ProjectManifest::parse(&text.replace("duplicates =", "duplicate =")).unwrap_err();
    assert!(
        error.to_string().contains("unknown field `duplicate`"),
        "{error}"
    );
}

#[test]
fn a_new_file_is_stamped_with_source_and_answers() {
    let text = "[project]\nname = 'x' # mine\n\n[scaffold]\nname = 'w'\nversion = '1'\n\n[database]\ndialects = ['sqlite']\n";
    assert_eq!(stamped(text, None, &Choices::default()).unwrap(), text);
    let answers = serde_json::json!({"docs": true, "port": 80, "theme": "dark"});
    let choices = Choices {
        answers: answers.as_object().unwrap().clone(),
        features: vec!["accounts".into(), "external-login".into()],
    };
    let stamped = stamped(text, Some("/packs/w"), &choices).unwrap();
    insta::assert_snapshot!(stamped, @r#"
        [project]
        name = 'x' # mine

        [scaffold]
        name = 'w'
        version = '1'
        source = "/packs/w"
        features = ["accounts", "external-login"]
        answers = { docs = true, port = 80, theme = "dark" }

        [database]
        dialects = ['sqlite']
        "#);
    let scaffold = ProjectManifest::parse(&stamped).unwrap().scaffold;
    assert_eq!(scaffold.source.as_deref(), Some("/packs/w"));
    assert_eq!(scaffold.choices(), choices);
}

#[test]
fn a_bad_file_is_refused_with_the_place_and_the_reason() {
    let cases = [
        (
            "apps = [",
            "appz = [",
            "luthier.toml:4: unknown field `appz`",
        ),
        ("\"books\"", "7", "luthier.toml:4: invalid type"),
        (
            "[database]",
            "[databas]",
            "luthier.toml:13: unknown field `databas`",
        ),
        (
            "\"shop_orders\"",
            "\"books\"",
            "luthier.toml: project.apps: `books` is listed twice",
        ),
        ("\"books\"", "\"../books\"", "luthier.toml: project.apps: "),
        (
            "\"sqlite\"]",
            "\"oracle\"]",
            "luthier.toml:14: unknown variant `oracle`, expected one of `sqlite`",
        ),
        (
            "\"sqlite\"]",
            "\"postgres\"]",
            "luthier.toml: database.dialects: `postgres` is listed twice",
        ),
        (
            "[database]",
            "[options.compse]\n[database]",
            "luthier.toml: options: `compse` is not a command that keeps options",
        ),
        (
            "\"postgres\", \"sqlite\"",
            "",
            "luthier.toml: database.dialects is empty",
        ),
    ];
    for (from, to, expected) in cases {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD, "{from} is not in the sample");
        let error = ProjectManifest::parse(&text).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{to}: {error}");
        assert_eq!(error.kind, crate::error::ErrorKind::BadInput);
    }
}
