//! `luthier check`: what it finds in entities, migrations and SQL, and what it says about it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests take files away as users do"
)]

use crate::common::servers::{Mysql, Postgres};
use crate::common::{Outcome, Sandbox};

const BOOK: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "books")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    pub title: String,
    pub pages: Option<i32>,
    pub author_id: i64,
    #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
    pub author: BelongsTo<super::author::Entity>,
}
"#;

const AUTHOR: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authors")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub name: String,
}
"#;

const ENTITY: &str = "apps/books/src/models/book.rs";

/// A project of two entities and their first migration, for these databases.
fn bookstore(dialects: &str) -> Sandbox {
    let sandbox = Sandbox::in_memory();
    sandbox
        .write(
            "luthier.toml",
            format!(
                "[project]\nname = \"bookstore\"\napps = [\"books\"]\n\
                 [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
                 [database]\ndialects = [{dialects}]\n"
            ),
        )
        .write("apps/books/src/lib.rs", "pub mod models;\n")
        .write(
            "apps/books/src/models.rs",
            "pub mod author;\npub mod book;\n",
        )
        .write("apps/books/src/models/author.rs", AUTHOR)
        .write(ENTITY, BOOK);
    sandbox.run(["makemigrations"]).success();
    sandbox
}

/// The file of a folder whose name ends so.
fn file(sandbox: &Sandbox, folder: &str, end: &str) -> String {
    let folder = format!("migrations/{folder}");
    let files = sandbox.files(&folder);
    let found = files.iter().rfind(|file| file.ends_with(end));
    format!("{folder}/{}", found.expect("there is such a file"))
}

fn edit(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(from), "no {from:?} in {text}");
    sandbox.write(path, text.replacen(from, to, 1));
}

/// The ids of what was found, from the JSON report.
fn ids(outcome: &Outcome) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    findings
        .iter()
        .map(|finding| finding["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn migrations(sandbox: &Sandbox) -> Outcome {
    sandbox.run(["check", "--tag", "migrations", "--json"])
}

#[test]
fn a_project_in_order_has_nothing_to_complain_about() {
    let sandbox = bookstore("\"sqlite\"");
    sandbox
        .run(["check"])
        .success()
        .stderr_has("Replaying  1 migration on SQLite")
        .stderr_has("Checked models, migrations, sql, admin: nothing to complain about");
    assert_eq!(ids(&migrations(&sandbox).success()), [""; 0]);
    // Nothing is left in the project by looking at it.
    assert!(!sandbox.exists("scratch.db"));
}

#[test]
fn tags_files_and_ids_that_do_not_exist_are_mistakes() {
    let sandbox = bookstore("\"sqlite\"");
    sandbox
        .run(["check", "--tag", "modles"])
        .code(2)
        .stderr_has("[possible values: models, migrations, sql");
    sandbox
        .run(["check", "nothing.up.sql"])
        .code(2)
        .stderr_has("`nothing.up.sql` is not a file of a migration");
    sandbox
        .run(["check", "--tag", "models", "x.up.sql"])
        .code(2)
        .stderr_has("only the tag `sql` takes files");
    sandbox
        .run(["check", "--explain", "LUT01"])
        .code(2)
        .stderr_has("no check has the id `LUT01`")
        .stderr_has("--explain all");
}

#[test]
fn an_id_is_explained_without_a_project() {
    let sandbox = Sandbox::new();
    for id in ["LUT012", "lut012", "index-not-concurrent"] {
        sandbox
            .run(["check", "--explain", id])
            .success()
            .stdout_has("LUT012 index-not-concurrent (warning)")
            .stdout_has("Instead: CREATE INDEX CONCURRENTLY");
    }
    sandbox
        .run(["check", "--explain", "all"])
        .success()
        .stdout_has("LUT001 ")
        .stdout_has("LUT101 ")
        .stdout_has("LUT201 ");
}

#[test]
fn an_entity_that_cannot_be_read_is_shown_with_its_place() {
    let sandbox = bookstore("\"sqlite\"");
    edit(
        &sandbox,
        ENTITY,
        "pages: Option<i32>",
        "pages: Option<Mystery>",
    );
    sandbox
        .run(["check", "--tag", "models"])
        .code(1)
        .stdout_has("apps/books/src/models/book.rs:12: error[LUT101]")
        .stdout_has("pub pages: Option<Mystery>")
        .stdout_has("^^^")
        .stdout_has("Hint: ")
        .stderr_has("Checked models: 1 error");
    // The other tags still say what they can.
    let outcome = sandbox.run(["check", "--json"]).code(1);
    assert_eq!(ids(&outcome), ["LUT101"]);
}

#[test]
fn entities_ahead_of_the_migrations_are_found() {
    let sandbox = bookstore("\"sqlite\"");
    edit(
        &sandbox,
        ENTITY,
        "pub pages",
        "pub isbn: Option<String>,\n    pub pages",
    );
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome), ["LUT207"]);
    sandbox
        .run(["check", "--tag", "migrations", "--fail-level", "error"])
        .code(1)
        .stdout_has("Hint: `luthier makemigrations`");
}

#[test]
fn missing_and_edited_files_are_found() {
    let sandbox = bookstore("\"sqlite\"");
    let up = file(&sandbox, "sqlite", ".up.sql");
    let text = sandbox.read(&up);
    sandbox.write(&up, format!("{text}-- more\n"));
    let outcome = migrations(&sandbox).success();
    assert_eq!(ids(&outcome), ["LUT203"]);
    let down = file(&sandbox, "sqlite", ".down.sql");
    std::fs::remove_file(sandbox.path(&down)).expect("it is there");
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome).iter().filter(|id| *id == "LUT202").count(), 1);
    assert!(outcome.stdout.contains(&down), "{}", outcome.stdout);
}

#[test]
fn meta_that_was_edited_is_found() {
    let sandbox = bookstore("\"sqlite\"");
    let meta = file(&sandbox, "meta", ".json");
    edit(&sandbox, &meta, "\"pages\"", "\"sheets\"");
    let found = ids(&migrations(&sandbox).code(1));
    for id in ["LUT207", "LUT210", "LUT213"] {
        assert!(found.iter().any(|found| found == id), "{id}: {found:?}");
    }
    sandbox.write(&meta, "{}");
    assert_eq!(ids(&migrations(&sandbox).code(1)), ["LUT201"]);
}

#[test]
fn files_that_do_something_else_are_found_by_running_them() {
    let sandbox = bookstore("\"sqlite\"");
    let up = file(&sandbox, "sqlite", ".up.sql");
    let down = file(&sandbox, "sqlite", ".down.sql");
    let (up_text, down_text) = (sandbox.read(&up), sandbox.read(&down));
    edit(&sandbox, &up, "\"pages\" integer", "\"pages\" text");
    sandbox
        .run(["check", "--tag", "migrations"])
        .code(1)
        .stdout_has("error[LUT213]: on SQLite")
        .stdout_has("- column books.pages INTEGER")
        .stdout_has("+ column books.pages TEXT");
    sandbox.write(&up, format!("{up_text}FROBNICATE;\n"));
    sandbox
        .run(["check", "--tag", "migrations"])
        .code(1)
        .stdout_has("error[LUT211]")
        .stdout_has("syntax error");
    sandbox.write(&up, &up_text);
    sandbox.write(&down, "DROP TABLE \"nobody\";\n");
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome), ["LUT203", "LUT212"]);
    sandbox.write(&down, "DROP TABLE \"books\";\n");
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome), ["LUT215", "LUT203", "LUT211"]);
    sandbox.write(&down, down_text);
    assert_eq!(ids(&migrations(&sandbox).success()), [""; 0]);
}

#[test]
fn work_by_hand_is_run_and_told_apart() {
    let sandbox = bookstore("\"sqlite\"");
    sandbox
        .run(["makemigrations", "--empty", "--name", "by_hand"])
        .success();
    let up = file(&sandbox, "sqlite", "by_hand.up.sql");
    sandbox.write(
        &up,
        "CREATE VIEW thick AS SELECT * FROM books WHERE pages > 500;\n",
    );
    let found = ids(&migrations(&sandbox).code(1));
    // The view is in the way of dropping its table, or left behind.
    assert!(found.iter().any(|id| id == "LUT214"), "{found:?}");
    assert!(
        found.iter().any(|id| id == "LUT215" || id == "LUT212"),
        "{found:?}"
    );
    let down = file(&sandbox, "sqlite", "by_hand.down.sql");
    sandbox.write(&down, "DROP VIEW thick;\n");
    assert_eq!(ids(&migrations(&sandbox).success()), ["LUT214"]);
}

#[test]
fn two_branches_that_touch_the_same_are_found() {
    let sandbox = bookstore("\"sqlite\"");
    let other = sandbox.copy();
    edit(
        &sandbox,
        ENTITY,
        "pub pages",
        "pub isbn: Option<String>,\n    pub pages",
    );
    edit(
        &other,
        ENTITY,
        "pub pages",
        "pub blurb: Option<String>,\n    pub pages",
    );
    sandbox.run(["makemigrations", "--name", "isbn"]).success();
    // Versions are seconds: made at the same time, both would have the same one.
    other
        .run_later(["makemigrations", "--name", "blurb"])
        .success();
    for (path, contents) in other.snapshot("migrations") {
        sandbox.write(format!("migrations/{}", path.display()), contents);
    }
    let found = ids(&migrations(&sandbox).code(1));
    assert!(found.iter().any(|id| id == "LUT205"), "{found:?}");
}

#[test]
fn unsafe_sql_is_found_where_it_is_and_allowed_with_a_reason() {
    let sandbox = bookstore("\"sqlite\", \"postgres\"");
    // Tables that are made in the same file have nobody to lock out.
    sandbox
        .run(["check", "--tag", "sql"])
        .success()
        .stderr_has("nothing to complain about");
    sandbox
        .run(["makemigrations", "--empty", "--name", "by_hand"])
        .success();
    let path = file(&sandbox, "postgres", "by_hand.up.sql");
    sandbox.write(
        &path,
        "-- By hand.\n\nCREATE INDEX thick ON books (pages);\n",
    );
    sandbox
        .run(["check", "--tag", "sql"])
        .success()
        .stdout_has(&format!("{path}:3: warning[LUT012]: `thick` is built"))
        .stdout_has("Hint: CREATE INDEX CONCURRENTLY")
        .stderr_has("Checked sql: 1 warning, 1 note, which -v shows");
    sandbox
        .run(["-v", "check", "--tag", "sql"])
        .success()
        .stdout_has("info[LUT017]");
    sandbox
        .run(["check", "--tag", "sql", "--fail-level", "warning"])
        .code(1);
    let other = file(&sandbox, "sqlite", "by_hand.up.sql");
    sandbox
        .run(["check", &other, "--fail-level", "info"])
        .success();
    sandbox
        .run(["check", &path, "--fail-level", "info"])
        .code(1);
    let allowed = "-- luthier: allow LUT012, LUT017: nobody has books yet\nCREATE INDEX thick ON books (pages);\n";
    sandbox.write(&path, allowed);
    sandbox
        .run(["check", "--tag", "sql", "--fail-level", "info"])
        .success();
    sandbox.write(&path, "-- luthier: allow LUT012\nSELECT 1;\n");
    sandbox
        .run(["check", "--tag", "sql", "--fail-level", "warning"])
        .code(1)
        .stdout_has("warning[LUT091]: LUT012 is allowed without a reason");
}

#[test]
fn makemigrations_warns_of_what_it_writes() {
    let sandbox = bookstore("\"sqlite\", \"postgres\"");
    edit(
        &sandbox,
        ENTITY,
        "    pub pages",
        "    #[sea_orm(indexed)]\n    pub pages",
    );
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("Warning: LUT012: `idx-books-pages` is built while nobody can write to `books` (postgres, line ")
        .stderr_has("luthier check --explain LUT012");
}

/// Files that others wrote make the same in other words, and more than entities know of.
#[test]
fn an_adopted_project_is_compared_by_what_its_tables_mean() {
    let sandbox = Sandbox::in_memory();
    let entity = AUTHOR.replace("authors", "bakers");
    sandbox
        .write(
            "Cargo.toml",
            "[package]\nname = \"bakery\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [dependencies]\nsqlx = { version = \"0.9\", features = [\"sqlite\"] }\n",
        )
        .write("src/main.rs", "mod baker;\nfn main() {}\n")
        .write("src/baker.rs", entity)
        .write(
            "migrations/1_first.sql",
            "CREATE TABLE bakers (name VARCHAR UNIQUE NOT NULL, id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);\n\
             CREATE VIEW names AS SELECT name FROM bakers;\n",
        );
    let url = format!("sqlite://{}?mode=rwc", sandbox.path("dev.db").display());
    block_on(async {
        use sqlx::Connection;
        let migrator = sqlx::migrate::Migrator::new(sandbox.path("migrations")).await?;
        let mut connection = sqlx::SqliteConnection::connect(&url).await?;
        migrator.run_direct(None, &mut connection, false).await
    })
    .expect("sqlx migrates");
    sandbox.run(["init", "--database-url", &url]).success();
    let outcome = migrations(&sandbox).success();
    assert_eq!(ids(&outcome), ["LUT209", "LUT214", "LUT217"]);
    assert!(outcome.stdout.contains("no-way-back"), "{}", outcome.stdout);
    let file = file(&sandbox, "sqlite", "1_first.sql");
    edit(&sandbox, &file, "name VARCHAR", "name BLOB");
    sandbox
        .run(["check", "--tag", "migrations"])
        .code(1)
        .stdout_has("error[LUT213]: on SQLite the files make another schema")
        .stdout_has("`bakers.name`: ");
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

/// What is left of scratch databases on a server.
fn leftovers(url: &str) -> i64 {
    use sqlx::Connection;
    let count: Result<i64, sqlx::Error> = block_on(async {
        if url.starts_with("postgres") {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            sqlx::query_scalar(
                "SELECT count(*) FROM pg_database WHERE datname LIKE 'luthier_check_%'",
            )
            .fetch_one(&mut connection)
            .await
        } else {
            let mut connection = sqlx::MySqlConnection::connect(url).await?;
            sqlx::query_scalar(
                "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'luthier_check_%'",
            )
            .fetch_one(&mut connection)
            .await
        }
    });
    count.expect("the server answers")
}

/// Stops a replay that takes a while, and looks at what it leaves.
#[cfg(unix)]
fn interrupted(sandbox: &Sandbox, folder: &str, url: &str) {
    use crate::common::running::Running;
    let many = sandbox.copy();
    for number in 1..=1000 {
        let path = format!(
            "migrations/{folder}/{}_more",
            20_700_101_000_000_i64 + number
        );
        many.write(
            format!("{path}.up.sql"),
            format!("CREATE TABLE t{number} (id int);\n"),
        )
        .write(
            format!("{path}.down.sql"),
            format!("DROP TABLE t{number};\n"),
        );
    }
    let mut check = many.command(["check", "--tag", "migrations", "--database-url", url]);
    let check = Running::start(&mut check);
    check.until("a scratch database is there", |_| {
        (leftovers(url) > 0).then_some(())
    });
    let status = check.stop("-INT");
    assert_eq!(status.code(), Some(1));
    assert_eq!(leftovers(url), 0);
}

/// Files are replayed beside the database that is named, and nothing stays behind; one test, so that no other one's
/// scratch databases are counted.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn servers_are_used_and_left_as_they_were() {
    let sandbox = bookstore("\"sqlite\", \"postgres\", \"mysql\"");
    edit(
        &sandbox,
        ENTITY,
        "    pub pages: Option<i32>",
        "    #[sea_orm(unique)]\n    pub pages: i64",
    );
    sandbox
        .run(["makemigrations", "--default", "books.pages=0"])
        .success();
    sandbox
        .run(["check", "--tag", "migrations", "-v"])
        .success()
        .stdout_has("info[LUT218]: the files for PostgreSQL were not replayed");
    let (postgres, mysql) = (Postgres::fresh(), Mysql::fresh());
    for (folder, url) in [("postgres", postgres.url()), ("mysql", mysql.url())] {
        let check = || sandbox.run(["check", "--tag", "migrations", "--database-url", &url]);
        check().success().stderr_has("Replaying  2 migrations on");
        // The project's own database is another way to name the server.
        sandbox.write(".env", format!("DATABASE_URL={url}\n"));
        sandbox
            .run(["check", "--tag", "migrations"])
            .success()
            .stderr_has(if folder == "mysql" {
                "on MySQL"
            } else {
                "on PostgreSQL"
            });
        let up = file(&sandbox, folder, "initial.up.sql");
        let text = sandbox.read(&up);
        sandbox.write(&up, format!("{text}FROBNICATE;\n"));
        check().code(1).stdout_has("error[LUT211]");
        sandbox.write(&up, &text);
        assert_eq!(leftovers(&url), 0);
        #[cfg(unix)]
        interrupted(&sandbox, folder, &url);
        let nowhere = url.replace("://", "://nobody:x@127.0.0.1:1/x?y=");
        sandbox
            .run(["check", "--tag", "migrations", "--database-url", &nowhere])
            .code(1)
            .stderr_has("cannot connect");
    }
}

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
