//! Changes that are carried over to tables that somebody changed.

use super::*;

fn merged(live: &str, before: &str, after: &str) -> Result<(String, Vec<String>), String> {
    let parse = |sql: &str| Definition::parse(&format!("CREATE TABLE t ({sql}")).expect(sql);
    let merged = merge("t", &parse(live), &parse(before), &parse(after))?;
    let text = merged.definition.create("t");
    let text = text.replace("\n    ", " ").replace("\n)", " )");
    let names = merged.losses.into_iter().map(|loss| loss.name).collect();
    Ok((text["CREATE TABLE t ( ".len()..].to_owned(), names))
}

#[test]
fn only_the_change_is_made() {
    for (name, live, before, after, expected) in [
        (
            "a column comes",
            "id integer PRIMARY KEY, a TEXT COLLATE NOCASE CHECK (a <> '')) STRICT",
            "\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"a\" varchar NOT NULL)",
            "\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"a\" varchar NOT NULL, \"b\" varchar(20) UNIQUE)",
            "id integer PRIMARY KEY, a TEXT COLLATE NOCASE CHECK (a <> ''), \"b\" TEXT UNIQUE ) STRICT",
        ),
        (
            "a column that nobody knows stays",
            "id integer PRIMARY KEY, a int NOT NULL ON CONFLICT REPLACE DEFAULT 5, x int)",
            "id integer PRIMARY KEY, a integer NOT NULL)",
            "id integer PRIMARY KEY, a bigint)",
            "id integer PRIMARY KEY, a bigint DEFAULT 5, x int )",
        ),
        (
            "the key changes",
            "id integer PRIMARY KEY AUTOINCREMENT, a int COLLATE RTRIM)",
            "id integer PRIMARY KEY AUTOINCREMENT, a integer)",
            "id integer, a integer, CONSTRAINT pk PRIMARY KEY (id, a))",
            "id integer, a int COLLATE RTRIM, CONSTRAINT pk PRIMARY KEY (id, a) )",
        ),
        (
            "a reference changes its action and stays deferred",
            "id integer PRIMARY KEY, p int REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED, q int REFERENCES q)",
            "id integer PRIMARY KEY, p integer, CONSTRAINT fk FOREIGN KEY (p) REFERENCES \"p\" (\"id\"))",
            "id integer PRIMARY KEY, p integer, CONSTRAINT fk FOREIGN KEY (p) REFERENCES \"p\" (\"id\") ON DELETE CASCADE)",
            "id integer PRIMARY KEY, p int, q int REFERENCES q, CONSTRAINT fk FOREIGN KEY (p) REFERENCES \"p\" (\"id\") \
             ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED )",
        ),
        (
            "a key that was named otherwise goes",
            "id integer PRIMARY KEY, a int, b int, UNIQUE (a) ON CONFLICT IGNORE, UNIQUE (b))",
            "id integer PRIMARY KEY, a integer UNIQUE, b integer UNIQUE)",
            "id integer PRIMARY KEY, a integer, b integer UNIQUE)",
            "id integer PRIMARY KEY, a int, b int, UNIQUE (b) )",
        ),
        (
            "one of two keys goes that are written alike",
            "id integer PRIMARY KEY, a int UNIQUE, b int UNIQUE, c int REFERENCES p, d int REFERENCES p)",
            "id integer PRIMARY KEY, a integer UNIQUE, b integer UNIQUE, c integer REFERENCES p, d integer REFERENCES p)",
            "id integer PRIMARY KEY, a integer UNIQUE, b integer, c integer REFERENCES p, d integer)",
            "id integer PRIMARY KEY, a int UNIQUE, b int, c int REFERENCES p, d int )",
        ),
        (
            "checks come and go by what they mean",
            "id integer PRIMARY KEY, a int CHECK (\"a\" > 0), CHECK (a < 9))",
            "id integer PRIMARY KEY, a integer CHECK (a > 0))",
            "id integer PRIMARY KEY, a integer CHECK (a > 1))",
            "id integer PRIMARY KEY, a int CHECK (a > 1), CHECK (a < 9) )",
        ),
    ] {
        let found = merged(live, before, after).expect(name);
        assert_eq!(found, (expected.to_owned(), vec![]), "{name}");
    }
}

#[test]
fn what_needs_a_dropped_column_is_named() {
    let live = "id integer PRIMARY KEY, a int CHECK (a > 0), b int CHECK (b > a), g int AS (a + 1), UNIQUE (a), \
                CONSTRAINT both UNIQUE (a, b), CHECK (a <> 7))";
    let before = "id integer PRIMARY KEY, a integer, b integer)";
    let after = "id integer PRIMARY KEY, b integer)";
    let (text, losses) = merged(live, before, after).expect("it fits");
    assert_eq!(text, "id integer PRIMARY KEY, b int )");
    assert_eq!(losses, ["t.b", "t.g", "both", "t.a"]);
}

#[test]
fn another_table_is_refused() {
    let (before, after) = ("a int)", "a int, b int)");
    let there = merged("a int, b int)", before, after);
    assert!(there.expect_err("b is there").contains("`b` already"));
    let gone = merged("c int)", before, after);
    assert!(gone.expect_err("a is gone").contains("no column `a`"));
}
