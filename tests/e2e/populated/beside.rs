//! What is said of tables, keys and indexes beside their definitions, and triggers that would run for the migration's own
//! statements.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::objects::{BIG, Case, DROP, INT, INT_B, Kept, NOTHING, Refused, check};
use super::{project, recorded, set};

const REQUIRED: &str = "#[sea_orm(default_value = 3)]\n    pub a: i32,\n    pub b: Option<i32>,";
const THREE: &str = "pub a: Option<Mood>,\n---\n#[derive(Clone, Debug, PartialEq, EnumIter, DeriveActiveEnum)]\n\
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\", rename_all = \"snake_case\")]\n\
    pub enum Mood { Happy, Sad, Angry }\n";
const TWO: &str = "pub a: Option<Mood>,\n---\n#[derive(Clone, Debug, PartialEq, EnumIter, DeriveActiveEnum)]\n\
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\", rename_all = \"snake_case\")]\n\
    pub enum Mood { Happy, Sad }\n";

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql() {
    let database = Database::postgres();
    let cases = [
        // Rows that get a value were changed by nobody.
        Case {
            before: INT_B,
            after: REQUIRED,
            args: &[],
            by_hand: "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := 99; RETURN NEW; END $$; \
                      CREATE TRIGGER hand BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); \
                      CREATE TRIGGER always BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); \
                      ALTER TABLE t ENABLE ALWAYS TRIGGER always; INSERT INTO t (a) VALUES (NULL)",
            ends: Kept(
                "SELECT t.a || coalesce(t.b::text, '-') || string_agg(g.tgenabled::text, '' ORDER BY g.tgname) \
                 FROM t, pg_trigger g WHERE g.tgrelid = 't'::regclass GROUP BY t.a, t.b",
                "3-AO",
            ),
        },
        Case {
            before: INT_B,
            after: REQUIRED,
            args: &[],
            by_hand: "CREATE TABLE log (a integer); CREATE RULE hand AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (new.a); \
                      INSERT INTO t (a) VALUES (NULL)",
            ends: Kept(
                "SELECT t.a || (SELECT count(*) FROM log)::text || r.ev_enabled::text FROM t, pg_rewrite r WHERE r.rulename = 'hand'",
                "30O",
            ),
        },
        Case {
            before: INT,
            after: BIG,
            args: &[],
            by_hand: "CREATE INDEX hand ON t ((a + 1)); ALTER INDEX hand ALTER COLUMN 1 SET STATISTICS 77; \
                      COMMENT ON INDEX hand IS 'c'; ALTER TABLE t CLUSTER ON hand",
            ends: Kept(
                "SELECT a.attstattarget || obj_description(a.attrelid, 'pg_class') || i.indisclustered::text \
                 FROM pg_attribute a JOIN pg_index i ON i.indexrelid = a.attrelid WHERE a.attrelid = 'hand'::regclass",
                "77ctrue",
            ),
        },
        Case {
            before: THREE,
            after: TWO,
            args: DROP,
            by_hand: "CREATE INDEX hand ON t (id) WHERE a = 'happy'; COMMENT ON INDEX hand IS 'c'; \
                      ALTER TABLE t ADD CONSTRAINT made CHECK (a <> 'sad' OR id > 0)",
            ends: Kept(
                "SELECT pg_get_expr(i.indpred, i.indrelid) || obj_description(i.indexrelid, 'pg_class') || r.conname \
                 FROM pg_index i, pg_constraint r WHERE i.indexrelid = 'hand'::regclass AND r.conrelid = 't'::regclass AND r.contype = 'c'",
                "(a = 'happy'::mood)cmade",
            ),
        },
        // Changes reach the tables that inherit from it.
        Case {
            before: INT_B,
            after: NOTHING,
            args: DROP,
            by_hand: "CREATE TABLE child () INHERITS (t); CREATE INDEX hand ON child (b, a)",
            ends: Refused(&["the index `hand` of `child`", "hand"]),
        },
        Case {
            before: INT,
            after: BIG,
            args: &[],
            by_hand: "CREATE TABLE child () INHERITS (t); CREATE VIEW hand AS SELECT a FROM child",
            ends: Refused(&["the view `hand` uses `t.a`", "hand"]),
        },
        Case {
            before: INT,
            after: BIG,
            args: &[],
            by_hand: "CREATE TABLE child () INHERITS (t); CREATE INDEX hand ON child ((a + 1)); \
                      ALTER INDEX hand ALTER COLUMN 1 SET STATISTICS 77; COMMENT ON INDEX hand IS 'c'",
            ends: Kept(
                "SELECT attstattarget || obj_description(attrelid, 'pg_class') FROM pg_attribute WHERE attrelid = 'hand'::regclass",
                "77c",
            ),
        },
        Case {
            before: INT,
            after: BIG,
            args: &[],
            by_hand: "CREATE RULE hand AS ON INSERT TO t WHERE (new.a > 5) DO INSTEAD NOTHING",
            ends: Refused(&["the rule `hand` uses `t.a`", "hand"]),
        },
        // An index of a partitioned table and those of its parts are one.
        Case {
            before: "#[sea_orm(indexed)]\n    pub a: Option<i32>,",
            after: BIG,
            args: &[],
            by_hand: "ALTER TABLE t RENAME TO part; ALTER INDEX \"idx-t-a\" RENAME TO \"idx-part-a\"; ALTER TABLE part RENAME CONSTRAINT t_pkey TO part_pkey; \
                      CREATE TABLE t (LIKE part INCLUDING IDENTITY) PARTITION BY RANGE (id); ALTER TABLE t ADD PRIMARY KEY (id); \
                      CREATE INDEX \"idx-t-a\" ON t (a); ALTER TABLE part ALTER id DROP IDENTITY; \
                      ALTER TABLE t ATTACH PARTITION part FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
            ends: Kept(
                "SELECT count(*)::text FROM pg_indexes WHERE indexname LIKE 'idx%'",
                "0",
            ),
        },
    ];
    check(&database, &cases);
}

/// A value that goes away, and something that names it.
#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_an_index_on_a_value_that_goes_is_named() {
    let database = Database::postgres();
    let sandbox = project();
    set(&sandbox, &[("t", THREE)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, &[("t", TWO)]);
    sandbox
        .run(["makemigrations", "-m", "second", "--allow-drop"])
        .success();
    database.migrate(&sandbox, &["first"]).success();
    database.execute("CREATE INDEX hand ON t (id) WHERE a = 'angry'");
    database
        .migrate(&sandbox, &[])
        .code(1)
        .stderr_has("the index `hand` cannot be created again")
        .stderr_has("invalid input value for enum mood: \"angry\"");
    assert_eq!(recorded(&database), ["first"]);
    database.execute("INSERT INTO t (a) VALUES ('angry')");
}

/// The server names the object; the way out is ours.
#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_what_rests_on_the_row_type_is_told_with_the_way_out() {
    let database = Database::postgres();
    let sandbox = project();
    set(&sandbox, &[("t", INT)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, &[("t", BIG)]);
    sandbox.run(["makemigrations", "-m", "second"]).success();
    database.migrate(&sandbox, &["first"]).success();
    database.execute("CREATE TABLE hand (kept t)");
    database
        .migrate(&sandbox, &[])
        .code(1)
        .stderr_has("hand.kept")
        .stderr_has("nothing of it was kept")
        .stderr_has("drop what rests on it in the migration's file");
    assert_eq!(recorded(&database), ["first"]);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_keys_that_are_made_again_keep_what_is_said_of_them() {
    let database = Database::postgres();
    let entities = |key: &str, action: &str| {
        let child = format!(
            "    pub x: Option<i64>,\n    pub y: Option<i64>,\n    \
             #[sea_orm(belongs_to, from = \"(x, y)\", to = \"(id, b)\"{action})]\n    pub p: BelongsTo<Option<super::p::Entity>>,"
        );
        (format!("    {key}\n    pub b: i64,"), child)
    };
    let key = "#[sea_orm(primary_key, auto_increment = false)]";
    let sandbox = project();
    for (name, action) in [("first", ""), ("second", ", on_delete = \"Cascade\"")] {
        let (parent, child) = entities(key, action);
        let plain = match name {
            "first" => "    pub b: i64,",
            _ => parent.as_str(),
        };
        set(&sandbox, &[("p", &parent), ("t", &child), ("q", plain)]);
        sandbox.run(["makemigrations", "-m", name]).success();
    }
    database.migrate(&sandbox, &["first"]).success();
    database.execute(
        "ALTER TABLE t DROP CONSTRAINT \"fk-t-x-y\", ADD CONSTRAINT \"fk-t-x-y\" FOREIGN KEY (x, y) REFERENCES p (id, b) MATCH FULL \
         DEFERRABLE; COMMENT ON CONSTRAINT \"fk-t-x-y\" ON t IS 'c'; \
         COMMENT ON CONSTRAINT q_pkey ON q IS 'k'; ALTER TABLE q CLUSTER ON q_pkey; ALTER TABLE q REPLICA IDENTITY USING INDEX q_pkey",
    );
    database.migrate(&sandbox, &[]).success();
    assert_eq!(
        database.texts(
            "SELECT pg_get_constraintdef(oid) || ' ' || obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE contype = 'f'"
        ),
        ["FOREIGN KEY (x, y) REFERENCES p(id, b) MATCH FULL ON DELETE CASCADE DEFERRABLE c"]
    );
    assert_eq!(
        database.texts(
            "SELECT i.indnatts || obj_description(r.oid, 'pg_constraint') || i.indisclustered || i.indisreplident FROM pg_index i \
             JOIN pg_constraint r ON r.conindid = i.indexrelid AND r.contype = 'p' WHERE i.indrelid = 'q'::regclass"
        ),
        ["2ktruetrue"]
    );
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn on_mysql() {
    let database = Database::mysql();
    let cases = [
        Case {
            before: INT_B,
            after: REQUIRED,
            args: &[],
            by_hand: "INSERT INTO t (a) VALUES (NULL); CREATE TRIGGER hand BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = 99",
            ends: Refused(&["the trigger `hand` would run for every row of `t`", "hand"]),
        },
        Case {
            before: INT,
            after: BIG,
            args: &[],
            by_hand: "ALTER TABLE t ADD SYSTEM VERSIONING",
            ends: Refused(&["`t` is system-versioned by hand", "t"]),
        },
    ];
    check(&database, &cases);
    // What the server would refuse half-way, or leave out in silence.
    let reference = "    pub a: Option<i32>,\n    pub p_id: Option<i64>,\n    #[sea_orm(belongs_to, from = \"p_id\", to = \"id\")]\n    \
                     pub p: BelongsTo<Option<super::p::Entity>>,";
    let unique = "    #[sea_orm(unique)]\n    pub a: Option<i32>,";
    let parts = "ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 3";
    let whole = "ALTER TABLE t REMOVE PARTITIONING";
    for (after, by_hand, said, way_out) in [
        (
            unique,
            parts,
            "`t` is partitioned by hand (HASH of `id`)",
            whole,
        ),
        (
            reference,
            parts,
            "MySQL has no foreign keys at such tables",
            whole,
        ),
        (
            reference,
            "ALTER TABLE t ENGINE = Aria",
            "`t` is kept by Aria",
            "ALTER TABLE t ENGINE = InnoDB",
        ),
    ] {
        let sandbox = project();
        set(&sandbox, &[("t", "    pub a: Option<i32>,"), ("p", "")]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[("t", after), ("p", ""), ("new", "")]);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(by_hand);
        database.migrate(&sandbox, &[]).code(1).stderr_has(said);
        assert_eq!(database.texts("SHOW TABLES LIKE 'new'").len(), 0);
        database.execute(way_out);
        database.migrate(&sandbox, &[]).success();
    }
}

#[test]
fn on_sqlite_search_indexes_and_statistics() {
    let text = "    pub a: Option<String>,";
    let renamed = "    #[sea_orm(renamed_from = \"a\")]\n    pub z: Option<String>,";
    let unique = "    #[sea_orm(unique)]\n    pub a: Option<String>,";
    for (after, table, flags, is_named) in [
        (text, "u", "--rename-table=t=u", true),
        (renamed, "t", "", true),
        (unique, "t", "", false),
    ] {
        let sandbox = project();
        set(&sandbox, &[("t", text)]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[(table, after)]);
        let args = ["makemigrations", "-m", "second", flags];
        let args = args.into_iter().filter(|arg| !arg.is_empty());
        sandbox.run(args).success();
        let database = Database::of_folder(Sandbox::new());
        database.migrate(&sandbox, &["first"]).success();
        database.execute(
            "INSERT INTO t (a) VALUES ('one'), ('two'); CREATE INDEX hand ON t (a, id); \
             CREATE VIRTUAL TABLE found USING fts5 (a, content = 't', content_rowid = 'id'); \
             INSERT INTO found (found) VALUES ('rebuild'); ANALYZE",
        );
        let statistics = database.texts("SELECT tbl || stat FROM sqlite_stat1 WHERE idx = 'hand'");
        if is_named {
            database
                .migrate(&sandbox, &[])
                .code(1)
                .stderr_has("the virtual table `found` would no longer work")
                .stderr_has("VALUES ('rebuild')");
            assert_eq!(recorded(&database), ["first"]);
            database
                .migrate(&sandbox, &["--accept-loss", "found"])
                .success();
            continue;
        }
        database.migrate(&sandbox, &[]).success();
        let kept = database.texts("SELECT tbl || stat FROM sqlite_stat1 WHERE idx = 'hand'");
        assert_eq!(kept, statistics);
        let found = database.texts("SELECT CAST(rowid AS TEXT) FROM found WHERE found MATCH 'two'");
        assert_eq!(found, ["2"]);
    }
}
