//! Things made by hand beside the entities, on the servers: kept, or named before anything runs.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, recorded, set};

/// One change of the table `t`, and something made by hand that it would take away, break or stop at.
pub(super) struct Case {
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    /// For `makemigrations`.
    pub(super) args: &'static [&'static str],
    pub(super) by_hand: &'static str,
    pub(super) ends: Ends,
}

pub(super) enum Ends {
    /// `migrate` names these and does nothing; with `--accept-loss` of the last it goes through.
    Refused(&'static [&'static str]),
    /// `migrate` goes through, and this query answers so.
    Kept(&'static str, &'static str),
}
pub(super) use Ends::{Kept, Refused};

pub(super) const DROP: &[&str] = &["--allow-drop"];
const RENAME: &[&str] = &["--rename", "t.a=t.z"];
/// `a` changes its name and its type at once.
const BOTH: &[&str] = &["--rename", "t.a=t.z", "--default", "t.z=0"];

pub(super) fn prepared(case: &Case) -> Sandbox {
    let sandbox = project();
    set(&sandbox, &[("t", case.before)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, &[("t", case.after)]);
    sandbox
        .run([&["makemigrations", "-m", "second"], case.args].concat())
        .success();
    sandbox
}

pub(super) fn check(database: &Database, cases: &[Case]) {
    for case in cases {
        let sandbox = prepared(case);
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(case.by_hand);
        match case.ends {
            Refused(named) => {
                let mut outcome = database.migrate(&sandbox, &[]).code(1);
                for name in named {
                    outcome = outcome.stderr_has(name);
                }
                assert_eq!(recorded(database), ["first"], "{}", case.by_hand);
                let last = named.last().expect("something is named");
                let flag = format!("--accept-loss '{last}'");
                outcome.stderr_has(&flag);
                database
                    .migrate(&sandbox, &["--accept-loss", last])
                    .success();
            }
            Kept(query, expected) => {
                database.migrate(&sandbox, &[]).success();
                assert_eq!(database.texts(query), [expected], "{}", case.by_hand);
            }
        }
        assert_eq!(recorded(database), ["first", "second"], "{}", case.by_hand);
        database.execute("INSERT INTO t (id) VALUES (7)");
    }
}

const TEXT: &str = "pub a: Option<String>,";
const LONG: &str = "#[sea_orm(column_type = \"Text\")]\n    pub a: Option<String>,";
pub(super) const INT: &str = "pub a: Option<i32>,";
pub(super) const BIG: &str = "pub a: Option<i64>,";
const INT_Z: &str = "pub z: Option<i32>,";
const BIG_Z: &str = "pub z: Option<i64>,";
pub(super) const NOTHING: &str = "pub b: Option<i32>,";
pub(super) const INT_B: &str = "pub a: Option<i32>,\n    pub b: Option<i32>,";

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn on_mysql() {
    let database = Database::mysql();
    check(&database, &on_mysql_attributes());
    check(&database, &on_mysql_names());
}

/// What `MODIFY COLUMN` writes anew.
fn on_mysql_attributes() -> Vec<Case> {
    let case = |before, after, by_hand, named| Case {
        before,
        after,
        args: &[],
        by_hand,
        ends: Refused(named),
    };
    vec![
        case(
            TEXT,
            LONG,
            "ALTER TABLE t MODIFY a varchar(255) COLLATE utf8mb4_bin",
            &["utf8mb4_bin", "t.a"],
        ),
        case(
            TEXT,
            LONG,
            "ALTER TABLE t MODIFY a varchar(255) CHARACTER SET ascii",
            &["ascii_general_ci", "t.a"],
        ),
        case(
            INT,
            BIG,
            "ALTER TABLE t MODIFY a int COMMENT 'by hand'",
            &["by hand", "t.a"],
        ),
        case(
            INT,
            BIG,
            "ALTER TABLE t MODIFY a int INVISIBLE",
            &["INVISIBLE", "t.a"],
        ),
        case(
            INT,
            BIG,
            "ALTER TABLE t MODIFY a int CHECK (a > 0)",
            &["CHECK (`a` > 0)", "t.a"],
        ),
        case(
            INT,
            BIG,
            "ALTER TABLE t ALTER a SET DEFAULT 5",
            &["default", "t.a"],
        ),
        case(
            INT,
            BIG,
            "ALTER TABLE t MODIFY a int NOT NULL DEFAULT 1",
            &["t.a"],
        ),
        case(
            "pub a: Option<DateTime>,",
            "#[sea_orm(column_type = \"Date\")]\n    pub a: Option<Date>,",
            "ALTER TABLE t MODIFY a datetime DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP",
            &["ON UPDATE CURRENT_TIMESTAMP", "t.a"],
        ),
        // A renamed column is looked at by the name that it has.
        Case {
            before: INT,
            after: BIG_Z,
            args: BOTH,
            by_hand: "ALTER TABLE t MODIFY a int COMMENT 'by hand'",
            ends: Refused(&["by hand", "t.a"]),
        },
        // What is not written anew is not asked about.
        Case {
            before: INT,
            after: "#[sea_orm(unique)]\n    pub a: Option<i32>,",
            args: &[],
            by_hand: "ALTER TABLE t MODIFY a int COMMENT 'by hand'",
            ends: Kept(
                "SELECT column_comment FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'a'",
                "by hand",
            ),
        },
        Case {
            before: "pub a: Option<i32>,",
            after: "#[sea_orm(default_value = 3)]\n    pub a: i32,",
            args: &[],
            by_hand: "ALTER TABLE t ADD at datetime DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP; INSERT INTO t (a) VALUES (NULL)",
            ends: Kept(
                "SELECT CAST(CONCAT(a, coalesce(at, ' never')) AS CHAR) FROM t",
                "3 never",
            ),
        },
    ]
}

/// What names a column, and parts of which it is.
fn on_mysql_names() -> Vec<Case> {
    let dropped = |by_hand, named| Case {
        before: INT_B,
        after: NOTHING,
        args: DROP,
        by_hand,
        ends: Refused(named),
    };
    let renamed = |by_hand, named| Case {
        before: INT,
        after: INT_Z,
        args: RENAME,
        by_hand,
        ends: Refused(named),
    };
    vec![
        dropped(
            "CREATE INDEX hand ON t (b, a)",
            &["the index `hand` (b,a)", "hand"],
        ),
        // Keys made by hand would stop a migration half-way.
        dropped(
            "CREATE TABLE other (x int, INDEX (x)); ALTER TABLE t ADD CONSTRAINT hand FOREIGN KEY (a) REFERENCES other (x)",
            &["the foreign key `hand` of `t` uses `t.a`", "hand"],
        ),
        Case {
            before: INT,
            after: BIG,
            args: &[],
            by_hand: "DROP TABLE IF EXISTS other; CREATE INDEX i ON t (a); CREATE TABLE other (x int, CONSTRAINT hand FOREIGN KEY (x) REFERENCES t (a))",
            ends: Refused(&[
                "the foreign key `hand` of `other` uses `t.a`",
                "changes its type",
                "hand",
            ]),
        },
        dropped(
            "ALTER TABLE t ADD CONSTRAINT hand CHECK (a < 9)",
            &["the constraint `hand`", "hand"],
        ),
        dropped(
            "ALTER TABLE t ADD hand int AS (a + 1)",
            &["the generated column `hand`", "hand"],
        ),
        dropped(
            "CREATE VIEW hand AS SELECT b, x.a AS c FROM t x",
            &["the view `hand` names `t.a`", "hand"],
        ),
        renamed(
            "CREATE VIEW hand AS SELECT a FROM t",
            &["gets another name", "hand"],
        ),
        renamed(
            "CREATE TRIGGER hand BEFORE INSERT ON t FOR EACH ROW SET NEW.a = coalesce(NEW.a, 1)",
            &["the trigger `hand`", "hand"],
        ),
        renamed(
            "CREATE FUNCTION hand() RETURNS int READS SQL DATA RETURN (SELECT max(a) FROM t)",
            &["the function `hand`", "hand"],
        ),
        // Another table's column of that name, and a trigger that does not read it.
        Case {
            before: INT,
            after: INT_Z,
            args: RENAME,
            by_hand: "CREATE TABLE other (a int, id int); CREATE VIEW fine AS SELECT o.a, t.id FROM other o JOIN t ON t.id = o.id; \
                      CREATE TRIGGER fine BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id",
            ends: Kept("SELECT CAST(count(*) AS CHAR) FROM fine", "0"),
        },
    ]
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql() {
    let database = Database::postgres();
    check(&database, &on_postgresql_refused());
    check(&database, &on_postgresql_kept());
}

fn on_postgresql_refused() -> Vec<Case> {
    let retyped = |by_hand, named| Case {
        before: INT,
        after: BIG,
        args: &[],
        by_hand,
        ends: Refused(named),
    };
    let dropped = |by_hand, named| Case {
        before: INT_B,
        after: NOTHING,
        args: DROP,
        by_hand,
        ends: Refused(named),
    };
    let function = "CREATE FUNCTION hand() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.a := coalesce(new.a, 1); RETURN new; END $$";
    let with_function: &'static str = Box::leak(
        format!(
            "{function}; CREATE TRIGGER t1 AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION hand()"
        )
        .into_boxed_str(),
    );
    vec![
        retyped(
            "CREATE VIEW hand AS SELECT a FROM t",
            &["the view `hand` uses `t.a`", "--recreate-views", "hand"],
        ),
        retyped(
            "CREATE MATERIALIZED VIEW hand AS SELECT a FROM t",
            &["the materialized view `hand`", "hand"],
        ),
        retyped(
            "ALTER TABLE t ADD hand int GENERATED ALWAYS AS (a + 1) STORED",
            &["the generated column `hand`", "hand"],
        ),
        retyped(
            "CREATE PUBLICATION hand FOR TABLE t (id, a) WHERE (id > 3)",
            &[
                "the publication `hand`",
                "ADD TABLE t (id, a) WHERE ((id > 3))",
                "hand",
            ],
        ),
        retyped(
            "CREATE POLICY hand ON t USING (a > 0)",
            &["the policy `hand`", "hand"],
        ),
        retyped(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$; \
             CREATE TRIGGER hand BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
            &["the trigger `hand`", "hand"],
        ),
        dropped(
            "CREATE VIEW hand AS SELECT a FROM t",
            &["which goes away", "without what goes away", "hand"],
        ),
        dropped(
            "ALTER TABLE t ADD hand int GENERATED ALWAYS AS (a + 1) STORED",
            &[
                "the generated column `hand`",
                "without what goes away",
                "hand",
            ],
        ),
        dropped(
            "CREATE INDEX hand ON t (b, a)",
            &["the index `hand`", "DROP INDEX \"hand\"", "hand"],
        ),
        dropped(
            "CREATE INDEX hand ON t (b) WHERE a IS NOT NULL",
            &["the index `hand`", "hand"],
        ),
        dropped(
            "CREATE INDEX hand ON t ((a + 1))",
            &["the index `hand`", "hand"],
        ),
        dropped(
            "ALTER TABLE t ADD CONSTRAINT hand CHECK (a < b)",
            &["the constraint `hand`", "hand"],
        ),
        dropped(
            "ALTER TABLE t ADD CONSTRAINT hand UNIQUE (a, b)",
            &["the constraint `hand`", "hand"],
        ),
        dropped(
            "CREATE STATISTICS hand ON a, b FROM t",
            &["the statistics object `hand`", "hand"],
        ),
        Case {
            before: INT,
            after: INT_Z,
            args: RENAME,
            by_hand: with_function,
            ends: Refused(&["the function `hand` names `t.a`", "hand"]),
        },
    ]
}

fn on_postgresql_kept() -> Vec<Case> {
    let retyped = |by_hand, query, expected| Case {
        before: TEXT,
        after: LONG,
        args: &[],
        by_hand,
        ends: Kept(query, expected),
    };
    vec![
        retyped(
            "ALTER TABLE t ALTER a TYPE varchar COLLATE \"C\"",
            "SELECT attcollation::regcollation::text || atttypid::regtype FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'",
            "\"C\"text",
        ),
        retyped(
            "ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER a SET STATISTICS 50",
            "SELECT attstorage::text || attstattarget FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'",
            "e50",
        ),
        retyped(
            "CREATE INDEX hand ON t (lower(a)) WHERE a <> ''",
            "SELECT indexname::text FROM pg_indexes WHERE tablename = 't' AND indexname = 'hand'",
            "hand",
        ),
        // A view follows a new name by itself.
        Case {
            before: INT,
            after: INT_Z,
            args: RENAME,
            by_hand: "CREATE VIEW hand AS SELECT a FROM t",
            ends: Kept("SELECT count(a)::text FROM hand", "0"),
        },
        // Numbers of `serial` go as far as the column.
        Case {
            before: "pub a: Option<i16>,",
            after: BIG,
            args: &[],
            by_hand: "CREATE SEQUENCE s AS smallint OWNED BY t.a; CREATE SEQUENCE other AS integer OWNED BY t.id",
            ends: Kept(
                "SELECT string_agg(data_type::text, ' ' ORDER BY sequencename DESC) FROM pg_sequences WHERE sequencename IN ('s', 'other')",
                "bigint integer",
            ),
        },
    ]
}

// `test_with` takes a function that holds the word for a module for one.
const MODULE: &str = "pub mod t;\n";

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_serial_columns_stop_counting() {
    let database = Database::postgres();
    let sandbox = project();
    let keyed = |attributes: &str| {
        sandbox.write(
            "apps/books/src/models/t.rs",
            format!(
                "use sea_orm::entity::prelude::*;\n\n#[sea_orm::model]\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
                 #[sea_orm(table_name = \"t\")]\npub struct Model {{\n    #[sea_orm(primary_key{attributes})]\n    pub id: i64,\n}}\n"
            ),
        );
    };
    sandbox.write("apps/books/src/models.rs", MODULE);
    keyed("");
    sandbox.run(["makemigrations", "-m", "first"]).success();
    keyed(", auto_increment = false");
    sandbox.run(["makemigrations", "-m", "second"]).success();
    for by_hand in [
        "",
        "ALTER TABLE t ALTER id DROP IDENTITY; CREATE SEQUENCE t_id_s OWNED BY t.id; ALTER TABLE t ALTER id SET DEFAULT nextval('t_id_s')",
    ] {
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(by_hand);
        database.migrate(&sandbox, &[]).success();
        let counts = "SELECT coalesce(column_default, '') || is_identity FROM information_schema.columns WHERE table_name = 't'";
        assert_eq!(database.texts(counts), ["NO"]);
        database.migrate(&sandbox, &["first"]).success();
        database.execute("INSERT INTO t DEFAULT VALUES");
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql_deferrable_keys_and_sequences_follow() {
    let database = Database::postgres();
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
