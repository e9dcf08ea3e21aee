//! The registry of rules, and the lint as a whole.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::migrations::{Fills, Renames, diff, write};
use crate::schema::{Schema, random};

fn found(dialect: Dialect, direction: Direction, text: &str) -> Vec<&'static str> {
    let path = "x.sql";
    let findings = lint(Sql {
        dialect,
        direction,
        path,
        text,
        before: None,
    });
    findings.iter().map(|finding| finding.kind.id).collect()
}

#[test]
fn every_kind_has_its_own_id_and_says_all_there_is_to_say() {
    let mut seen = BTreeSet::new();
    for kind in checks() {
        assert!(seen.insert(kind.id), "{} is given twice", kind.id);
        assert!(seen.insert(kind.name), "{} is given twice", kind.name);
        assert!(
            kind.id.len() == 6 && kind.id.starts_with("LUT0"),
            "{}",
            kind.id
        );
        assert!(
            kind.why.ends_with('.') && !kind.instead.is_empty(),
            "{}",
            kind.id
        );
    }
    for (number, rule) in rules::ALL.iter().enumerate() {
        assert_eq!(rule.kind.id, format!("LUT{:03}", number + 1), "in order");
        assert!(!rule.dialects.is_empty());
    }
}

#[test]
fn what_is_not_understood_is_said() {
    for text in [
        "FROBNICATE books",
        "DO $$ BEGIN DROP TABLE books; END $$",
        "ALTER TABLE books FROBNICATE",
        "SELECT 'never closed",
    ] {
        let found = found(Dialect::Postgres, Direction::Apply, text);
        assert!(found.contains(&"LUT090"), "{text}: {found:?}");
    }
}

#[test]
fn the_way_back_is_only_held_to_what_would_fail() {
    let text = "DROP TABLE books; CREATE INDEX i ON a (b);";
    assert_eq!(found(Dialect::Postgres, Direction::Revert, text), [""; 0]);
    let text = "ALTER TABLE books ADD COLUMN isbn text NOT NULL;";
    assert_eq!(
        found(Dialect::Postgres, Direction::Revert, text),
        ["LUT007"]
    );
}

#[test]
fn findings_come_in_the_order_of_lines_with_their_places() {
    let text = "-- Title.\nDROP TABLE a;\n\nALTER TABLE b\n    DROP COLUMN c,\n    RENAME COLUMN d TO e;\n";
    let findings = lint(Sql {
        dialect: Dialect::Sqlite,
        direction: Direction::Apply,
        path: "migrations/sqlite/1_x.up.sql",
        text,
        before: None,
    });
    let places = findings.iter().map(|finding| {
        let place = finding.place.clone().expect("a place");
        (finding.kind.id, place.line, place.path)
    });
    let path = || "migrations/sqlite/1_x.up.sql".to_owned();
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            ("LUT001", 2, path()),
            ("LUT002", 5, path()),
            ("LUT004", 6, path())
        ]
    );
}

/// Nothing that this tool writes is beyond the lint, breaks a rule that says "this does not work", or, where all
/// tables are new, any rule at all.
#[test]
fn what_this_tool_writes_is_understood_and_works() {
    let cases = (random::schema(), random::schema());
    let mut runner = proptest::test_runner::TestRunner::new(proptest::test_runner::Config {
        cases: 60,
        failure_persistence: None,
        ..Default::default()
    });
    let result = runner.run(&cases, |(one, other)| {
        let none = Schema::default();
        for (before, after) in [(&none, &one), (&one, &other)] {
            let fills = Fills::new();
            let Ok(operations) = diff(before, after, &Renames::default(), &fills) else {
                continue;
            };
            for dialect in Dialect::ALL {
                let Ok(written) = write("1_x", Vec::new(), before, &operations, &[dialect]) else {
                    continue;
                };
                for (path, text) in &written.files {
                    let direction = match path.ends_with(".up.sql") {
                        true => Direction::Apply,
                        false if path.ends_with(".sql") => Direction::Revert,
                        false => continue,
                    };
                    let sql = Sql {
                        dialect,
                        direction,
                        path,
                        text,
                        before: None,
                    };
                    for finding in lint(sql) {
                        let is_first = before.tables.is_empty();
                        // Without an answer to what rows shall hold, a required column is as it must not be.
                        let fine = finding.kind.id == "LUT007"
                            || finding.level < Level::Error
                                && finding.kind.id != "LUT090"
                                && !is_first;
                        prop_assert!(fine, "{finding:?}\n{text}");
                    }
                }
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Real texts of migrations, for the mutations below.
const TEXTS: [&str; 3] = [
    "-- no-transaction\nPRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\nCREATE TABLE \"b__new\" (\"id\" integer NOT NULL \
     PRIMARY KEY AUTOINCREMENT, \"t\" varchar(9) CHECK (length(t) > 0));\nINSERT INTO \"b__new\" (\"id\") SELECT \
     \"b\".\"id\" FROM \"b\";\nDROP TABLE \"b\";\nALTER TABLE \"b__new\" RENAME TO \"b\";\nCOMMIT;\n",
    "-- luthier: allow LUT012: small\nCREATE UNIQUE INDEX CONCURRENTLY i ON \"s\".\"b\" USING btree (lower(t), u) \
     WHERE u > 1;\nALTER TABLE b ADD COLUMN c numeric(10, 2) NOT NULL DEFAULT '1'::numeric(10, 2), ADD CONSTRAINT f \
     FOREIGN KEY (a) REFERENCES a (id) ON DELETE SET NULL NOT VALID;\nDO $x$ BEGIN; END $x$;\n",
    "ALTER TABLE `b` MODIFY COLUMN `c` enum('a', 'b') NOT NULL DEFAULT 'a' COMMENT 'it''s', ADD UNIQUE INDEX `u` \
     (`c`), ALGORITHM=INPLACE, LOCK=NONE; # why\nCREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW BEGIN IF 1 THEN \
     SET @a = 1; END IF; END;\n",
];

fn lint_everywhere(text: &str) {
    for dialect in Dialect::ALL {
        for direction in [Direction::Apply, Direction::Revert] {
            found(dialect, direction, text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        lint_everywhere(&text);
    }

    #[test]
    fn no_string_of_tokens_makes_it_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "ALTER", "TABLE", "CREATE", "DROP", "INDEX", "UNIQUE", "ADD", "COLUMN", "CONSTRAINT", "CHECK", "(", ")", ",",
                ";", "NOT", "NULL", "DEFAULT", "a", "\"b\"", "'c'", "`d`", "RENAME", "TO", "BEGIN", "END", "CASE", "TRIGGER",
                "IF", "EXISTS", "ON", "REFERENCES", "KEY", "PRIMARY", "FOREIGN", "MODIFY", "CHANGE", "SET", "TYPE", "VALUE",
                "GENERATED", "AS", "$$", "$x$", "/*", "*/", "--", "\n", "-- luthier: allow LUT001: x\n", ".", "::", "=", "1", "[",
                "PRAGMA", "INSERT", "INTO", "SELECT", "FROM", "UPDATE", "DELETE", "WHERE", "VALIDATE", "CONCURRENTLY", "\\", "'",
            ]),
            0..60,
        )
    ) {
        lint_everywhere(&words.join(" "));
    }

    #[test]
    fn no_damage_to_a_migration_makes_it_panic(
        which in 0..TEXTS.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, "\\PC{0,3}"), 0..6),
    ) {
        let mut text: Vec<char> = TEXTS[which].chars().collect();
        for (at, length, instead) in cuts {
            let start = at.index(text.len().max(1)).min(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, instead.chars());
        }
        lint_everywhere(&text.into_iter().collect::<String>());
    }
}
