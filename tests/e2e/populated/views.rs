//! Views on what a migration changes: made again where that is asked for, or named.

use crate::common::databases::Database;
use crate::common::{Outcome, Sandbox};

use super::objects::{BIG, Case, DROP, INT, INT_B, NOTHING, Refused, prepared};
use super::{project, recorded, set};

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_views_are_made_again() {
    let database = Database::postgres();
    let case = Case {
        before: INT,
        after: BIG,
        args: &[],
        by_hand: "",
        ends: Refused(&[]),
    };
    let sandbox = prepared(&case);
    database.migrate(&sandbox, &["first"]).success();
    database.execute(
        "CREATE VIEW one (x) WITH (security_barrier = true) AS SELECT a FROM t; COMMENT ON VIEW one IS 'hers';
         GRANT SELECT ON one TO PUBLIC;
         CREATE MATERIALIZED VIEW \"Two\" AS SELECT x + 1 AS y FROM one; CREATE INDEX two_y ON \"Two\" (y);
         CREATE VIEW three AS SELECT y FROM \"Two\" JOIN t ON t.a = y",
    );
    let views = "SELECT c.relname || obj_description(c.oid) || c.relacl::text || c.reloptions::text FROM pg_class c WHERE c.relname = 'one'
                 UNION ALL SELECT viewname || 'v' FROM pg_views WHERE schemaname = current_schema() AND viewname <> 'one'
                 UNION ALL SELECT indexname || 'i' FROM pg_indexes WHERE tablename = 'Two'";
    let before = database.texts(views);
    assert_eq!(before.len(), 3);
    database
        .migrate(&sandbox, &[])
        .code(1)
        .stderr_has("`one`")
        .stderr_has("`Two`")
        .stderr_has("`three`");
    database.migrate(&sandbox, &["--recreate-views"]).success();
    assert_eq!(database.texts(views), before);
    let kind = "SELECT pg_typeof(y)::text FROM three RIGHT JOIN (SELECT 1) one ON TRUE";
    assert_eq!(database.texts(kind), ["bigint"]);
    // The way back meets the same views.
    database
        .migrate(&sandbox, &["first", "--recreate-views"])
        .success();
    assert_eq!(database.texts(views), before);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_views_without_their_column_stop_it() {
    let database = Database::postgres();
    let case = Case {
        before: INT_B,
        after: NOTHING,
        args: DROP,
        by_hand: "",
        ends: Refused(&[]),
    };
    let sandbox = prepared(&case);
    database.migrate(&sandbox, &["first"]).success();
    database.execute("CREATE VIEW one AS SELECT a, b FROM t");
    database
        .migrate(&sandbox, &["--recreate-views"])
        .code(1)
        .stderr_has("the view `one` cannot be created again")
        .stderr_has("_second.up.sql");
    assert_eq!(recorded(&database), ["first"]);
    assert_eq!(
        database.texts("SELECT count(*)::text FROM one"),
        ["0"],
        "the view is still there"
    );
}

/// The table and a column get other names, another column goes.
fn renamed() -> Sandbox {
    let sandbox = project();
    set(
        &sandbox,
        &[(
            "t",
            "    pub a: Option<i32>,\n    pub b: Option<i32>,\n    pub c: Option<i32>,",
        )],
    );
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(
        &sandbox,
        &[("u", "    pub z: Option<i64>,\n    pub b: Option<i32>,")],
    );
    let args = [
        "makemigrations",
        "-m",
        "second",
        "--rename-table",
        "t=u",
        "--rename",
        "t.a=t.z",
        "--allow-drop",
    ];
    sandbox.run(args).success();
    sandbox
}

const VIEWS: &str = "\
    CREATE SQL SECURITY INVOKER VIEW one AS SELECT a, x.b AS c, `x`.`a` + 1 AS `d e` FROM t x WHERE x.a > 0 WITH CHECK OPTION;
    CREATE VIEW two AS SELECT t.b, o.c FROM t LEFT JOIN one o ON o.a = t.a WHERE t.b IN (SELECT t.a FROM t) ORDER BY t.a;
    CREATE VIEW three AS SELECT max(`d e`) AS m FROM one";

const ANSWERS: &str =
    "SELECT CONCAT_WS(',', o.a, o.c, `d e`, t.b, m) FROM one o JOIN two t ON t.c = o.c JOIN three";

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn on_mysql_views_follow_new_names() {
    let database = Database::mysql();
    let sandbox = renamed();
    let start = |rows: &str| {
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute("INSERT INTO t (a, b) VALUES (5, 5)");
        database.execute(VIEWS);
        database.execute(rows);
    };
    start("DO 0");
    let answers = database.texts(ANSWERS);
    assert_eq!(answers, ["5,5,6,5,6"]);
    database
        .migrate(&sandbox, &[])
        .code(1)
        .stderr_has("the view `one`")
        .stderr_has("--recreate-views");
    database.migrate(&sandbox, &["--recreate-views"]).success();
    assert_eq!(database.texts(ANSWERS), answers);
    let text = database.texts("SELECT CAST(view_definition AS CHAR) FROM information_schema.views WHERE table_name = 'two' AND table_schema = DATABASE()");
    assert!(text[0].contains("`u`.`z`"), "{text:?}");
    let kept = "SELECT CAST(CONCAT(security_type, check_option) AS CHAR) FROM information_schema.views WHERE table_name = 'one' AND table_schema = DATABASE()";
    assert_eq!(database.texts(kept), ["INVOKERCASCADED"]);
    // And back.
    database
        .migrate(&sandbox, &["first", "--recreate-views"])
        .success();
    assert_eq!(database.texts(ANSWERS), answers);
    // A view that reads what goes cannot follow, and nothing has run.
    start("CREATE VIEW four AS SELECT c FROM t");
    database
        .migrate(&sandbox, &["--recreate-views"])
        .code(1)
        .stderr_has("the view `four`")
        .stderr_lacks("the view `one`");
    assert_eq!(recorded(&database), ["first"]);
    assert_eq!(database.texts(ANSWERS), answers);
    // Killed at any query, the next run goes on, views included, whether it is told of them or not.
    for query in (3..).step_by(4) {
        start("DO 0");
        let args = [
            "migrate",
            "--recreate-views",
            "--database-url",
            &database.url,
        ];
        let mut command = sandbox.command(args);
        let outcome = Outcome::of(command.env("LUTHIER_FAULT", format!("query:{query}")));
        let begun = "SELECT description FROM _sqlx_migrations WHERE description = 'second'";
        let started = !database.texts(begun).is_empty();
        let flags: &[&str] = if started { &[] } else { &["--recreate-views"] };
        database.migrate(&sandbox, flags).success();
        assert_eq!(database.texts(ANSWERS), answers, "killed at query {query}");
        if outcome.code == Some(0) {
            break;
        }
    }
}

/// What goes on one database goes on all of them, if the migration says so.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn losses_are_accepted_in_the_migration() {
    for database in Database::of_folder(Sandbox::new()).and_others() {
        let case = Case {
            before: INT_B,
            after: NOTHING,
            args: &[
                "--allow-drop",
                "--accept-loss",
                "hand",
                "--accept-loss",
                "other",
            ],
            by_hand: "",
            ends: Refused(&[]),
        };
        let sandbox = prepared(&case);
        database.migrate(&sandbox, &["first"]).success();
        database.execute("CREATE INDEX hand ON t (a, b)");
        database.migrate(&sandbox, &[]).success();
        assert_eq!(recorded(&database), ["first", "second"]);
    }
}

/// Something added to a file by hand does not make it silent about the rest.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn an_edited_file_still_names_what_it_would_take_away() {
    for database in [Database::postgres(), Database::mysql()] {
        let case = Case {
            before: INT_B,
            after: NOTHING,
            args: DROP,
            by_hand: "",
            ends: Refused(&[]),
        };
        let sandbox = prepared(&case);
        database.migrate(&sandbox, &["first"]).success();
        database.execute("CREATE INDEX hand ON t (a, b); CREATE INDEX other ON t (b, a)");
        let path = super::file(&sandbox, database.dialect, "second", "up");
        let text = sandbox.read(&path);
        let drop = match database.dialect {
            "mysql" => "ALTER TABLE t DROP INDEX hand;\n",
            _ => "DROP INDEX hand;\n",
        };
        sandbox.write(
            &path,
            text.replace("ALTER TABLE", &format!("{drop}ALTER TABLE")),
        );
        database
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("the index `other`")
            .stderr_lacks("the index `hand`");
        assert_eq!(recorded(&database), ["first"]);
        database
            .migrate(&sandbox, &["--accept-loss", "other"])
            .success();
    }
}

/// A table made by hand refers to one that goes away.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn references_to_a_dropped_table_are_named() {
    for database in Database::of_folder(Sandbox::new()).and_others() {
        let sandbox = project();
        let t = ("t", "    pub a: i32,");
        set(&sandbox, &[t, ("o", "    pub n: i32,")]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[t]);
        sandbox
            .run(["makemigrations", "-m", "second", "--allow-drop"])
            .success();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(
            "CREATE TABLE hand (x bigint, CONSTRAINT hand FOREIGN KEY (x) REFERENCES o (id))",
        );
        database
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("`hand`")
            .stderr_has("which goes away");
        assert_eq!(recorded(&database), ["first"]);
        database
            .migrate(&sandbox, &["--accept-loss", "hand"])
            .success();
        assert_eq!(recorded(&database), ["first", "second"]);
    }
}
