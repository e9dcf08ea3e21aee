//! Things made by hand beside the entities, on the servers: carried over, or named before anything runs.

use crate::common::databases::Database;

use super::{project, recorded, set};

/// The fields before and after, what is made by hand, and what names it.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[test]
fn on_mysql_attributes_of_changed_columns_are_named() {
    let cases: [Case; 4] = [
        (
            "pub a: String,",
            "pub a: Option<String>,",
            "MODIFY a varchar(255) COLLATE utf8mb4_bin NOT NULL",
            "utf8mb4_bin",
        ),
        (
            "pub a: i32,",
            "pub a: i64,",
            "MODIFY a int NOT NULL COMMENT 'by hand'",
            "by hand",
        ),
        (
            "pub a: Option<i32>,",
            "pub a: Option<i64>,",
            "MODIFY a int INVISIBLE",
            "INVISIBLE",
        ),
        (
            "pub a: DateTime,",
            "pub a: Option<DateTime>,",
            "MODIFY a datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
            "ON UPDATE CURRENT_TIMESTAMP",
        ),
    ];
    let Some(database) = Database::mysql() else {
        return;
    };
    for (before, after, by_hand, named) in cases {
        let sandbox = project();
        set(&sandbox, &[("t", before)]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[("t", after)]);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(&format!("ALTER TABLE t {by_hand}"));
        database
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has(named)
            .stderr_has("--accept-loss 't.a'");
        assert_eq!(recorded(&database), ["first"], "{by_hand}");
        database
            .migrate(&sandbox, &["--accept-loss", "t.a"])
            .success();
    }
}

#[test]
fn on_postgresql_views_and_collations_are_named() {
    let cases: [Case; 2] = [
        (
            "pub a: String,",
            "#[sea_orm(column_type = \"Text\")]\n    pub a: String,",
            "ALTER TABLE t ALTER a TYPE varchar COLLATE \"C\"",
            "the collation `C`",
        ),
        (
            "pub a: i32,",
            "pub a: i64,",
            "CREATE VIEW seen AS SELECT a FROM t",
            "the view `seen` uses `t.a`",
        ),
    ];
    let Some(database) = Database::postgres() else {
        return;
    };
    for (before, after, by_hand, named) in cases {
        let sandbox = project();
        set(&sandbox, &[("t", before)]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[("t", after)]);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(by_hand);
        database.migrate(&sandbox, &[]).code(1).stderr_has(named);
        assert_eq!(recorded(&database), ["first"], "{by_hand}");
    }
}

#[test]
fn on_postgresql_deferrable_keys_and_sequences_follow() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let sandbox = project();
    let key = "#[sea_orm(belongs_to, from = \"p_id\", to = \"id\")]\n    pub p: BelongsTo<Option<super::p::Entity>>,";
    let first =
        format!("pub n: i32,\n    pub m: Option<i32>,\n    pub p_id: Option<i64>,\n    {key}");
    let second = format!(
        "pub n: i64,\n    #[sea_orm(default_value = 0)]\n    pub m: i32,\n    pub p_id: Option<i64>,\n    {}",
        key.replace("to = \"id\"", "to = \"id\", on_delete = \"Cascade\"")
    );
    set(&sandbox, &[("p", "pub a: i32,"), ("t", &first)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, &[("p", "pub a: i32,"), ("t", &second)]);
    sandbox.run(["makemigrations", "-m", "second"]).success();
    database.migrate(&sandbox, &["first"]).success();
    database.execute(
        "ALTER TABLE t ALTER CONSTRAINT \"fk-t-p_id\" DEFERRABLE INITIALLY DEFERRED; CREATE SEQUENCE t_n_seq AS integer OWNED BY \
         t.n; ALTER TABLE t ALTER n SET DEFAULT nextval('t_n_seq'); INSERT INTO p (a) VALUES (1); INSERT INTO t (p_id) VALUES (1)",
    );
    database.migrate(&sandbox, &[]).success();
    let keys = "SELECT condeferrable::text || condeferred::text || confdeltype::text FROM pg_constraint WHERE conname = 'fk-t-p_id'";
    assert_eq!(database.texts(keys), ["truetruec"]);
    let sequence = "SELECT data_type::text FROM pg_sequences WHERE sequencename = 't_n_seq'";
    assert_eq!(database.texts(sequence), ["bigint"]);
}
