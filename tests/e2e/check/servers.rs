//! Migrations run on the servers, in databases that are gone afterwards.

use crate::common::Sandbox;
use crate::common::servers::{Mysql, Postgres};

use super::{ENTITY, block_on, bookstore, edit, file};

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
