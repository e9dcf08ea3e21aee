//! Attributes, names and objects of MySQL and MariaDB.

use crate::common::databases::Database;

use super::{
    BIG, BIG_Z, BOTH, Case, DROP, INT, INT_B, INT_Z, Kept, LONG, NOTHING, RENAME, Refused, TEXT,
    check,
};

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn on_mysql() {
    let database = Database::mysql();
    check(&database, &on_mysql_attributes());
    check(&database, &on_mysql_names());
}

/// What `MODIFY COLUMN` writes again.
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
