//! Objects of PostgreSQL: refused, kept, and sequences that follow.

use crate::common::databases::Database;
use crate::populated::{project, set};

use super::{
    BIG, Case, DROP, INT, INT_B, INT_Z, Kept, LONG, NOTHING, RENAME, Refused, TEXT, check,
};

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
