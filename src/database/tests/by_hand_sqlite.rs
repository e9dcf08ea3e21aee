//! Schemas that change at random on SQLite while somebody makes triggers, views, indexes, checks, collations and columns
//! by hand: all of that is there after each migration, or the migration is refused and names it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::changes::{add, operations, unchanged};
use super::place::Place;
use super::try_out;
use crate::migrations::{File, in_transactions};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Schema, Table};
use crate::sql::{Dialect, Grade};

fn quote(name: &str) -> String {
    Dialect::Sqlite.quote(name)
}

/// What is made by hand on a table; a bit of `which` for each.
async fn make(place: &mut Place, table: &Table, which: u8) {
    let (at, name) = (quote(&table.name), &table.name);
    let column = &table.columns[table.columns.len() / 2].name;
    let used = quote(column);
    let made = [
        format!("CREATE TRIGGER {} AFTER INSERT ON {at} BEGIN INSERT INTO hand_log VALUES (new.{used}); END", quote(&format!("hand_trigger_{name}"))),
        format!("CREATE VIEW {} AS SELECT {used} FROM {at}", quote(&format!("hand_view_{name}"))),
        format!("CREATE INDEX {} ON {at} ({used} DESC) WHERE {used} IS NOT NULL", quote(&format!("hand_partial_{name}"))),
        format!("CREATE INDEX {} ON {at} (lower({used}))", quote(&format!("hand_expression_{name}"))),
        format!("ALTER TABLE {at} ADD COLUMN hand_column text DEFAULT 'kept' COLLATE NOCASE"),
        format!("ALTER TABLE {at} ADD COLUMN hand_generated AS (id + 1) CHECK (hand_generated > 0)"),
        "UPDATE sqlite_schema SET sql = replace(sql, '(40) NOT NULL', '(40) COLLATE RTRIM NOT NULL') WHERE type = 'table'".into(),
        format!("UPDATE sqlite_schema SET sql = substr(sql, 1, length(sql) - 1) || ', CONSTRAINT hand_check CHECK (id < 900000))' \
                 WHERE type = 'table' AND name = '{name}' AND sql NOT LIKE '%hand_check%' AND sql LIKE '%)'"),
    ];
    for (bit, sql) in made
        .iter()
        .enumerate()
        .filter(|(bit, _)| which & (1 << bit) != 0)
    {
        if bit >= 6 {
            place
                .execute("PRAGMA writable_schema = ON")
                .await
                .expect("a pragma");
        }
        // What is there from the last time is made once.
        let _ = place.execute(sql).await;
        if bit >= 6 {
            place
                .execute("PRAGMA writable_schema = RESET")
                .await
                .expect("a pragma");
        }
    }
}

/// Objects by name, with their tables and definitions.
async fn objects(place: &mut Place) -> BTreeMap<String, (String, String)> {
    let sql = "SELECT json_object('name', name, 'table', tbl_name, 'sql', sql) FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    let mut found = BTreeMap::new();
    for row in place.database.texts(sql).await.expect("the catalogue") {
        let row: serde_json::Value = serde_json::from_str(&row).expect("an object");
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        found.insert(text("name"), (text("table"), text("sql")));
    }
    found
}

/// What was written by hand into the definition of a table.
fn marks(sql: &str) -> Vec<&'static str> {
    let marks = [
        "hand_column",
        "hand_generated",
        "hand_check",
        "CHECK (hand_generated > 0)",
        "DEFAULT 'kept' COLLATE NOCASE",
    ];
    marks
        .into_iter()
        .filter(|mark| sql.contains(mark))
        .collect()
}

/// One migration, with everything compared before and after it; whether it was applied.
async fn migrate(
    place: &mut Place,
    files: &[File],
    before: &Schema,
    operations: &[Operation],
) -> Result<bool, TestCaseError> {
    let objects_before = objects(place).await;
    let mut rows = Vec::new();
    for (old, new) in unchanged(before, operations) {
        rows.push((place.held(&old).await, new));
    }
    let mut pending = place.steps(files).await.map_err(TestCaseError::fail)?;
    let mut step = pending.pop().expect("one step");
    let mut result = place.run(&step).await;
    if let Err(error) = &result
        && error.contains("it would lose")
    {
        prop_assert_eq!(&objects(place).await, &objects_before, "{}", error);
        step.accepted_losses = error
            .split("--accept-loss '")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('\'')?.0.to_owned()))
            .collect();
        prop_assert!(
            step.accepted_losses
                .iter()
                .all(|name| !name.starts_with("idx")),
            "{error}"
        );
        result = place.run(&step).await;
    }
    if let Err(error) = result {
        let rows_do_not_fit = [" holds ", "constraint failed", "conversion"]
            .iter()
            .any(|word| error.contains(word));
        prop_assert!(rows_do_not_fit, "{error}\n{}", step.sql);
        prop_assert_eq!(objects(place).await, objects_before);
        return Ok(false);
    }
    let objects_after = objects(place).await;
    let dropped = |table: &String| {
        // A rename may come first.
        let mut now = table.clone();
        operations.iter().any(|operation| match operation {
            Operation::RenameTable { from, to } if *from == now => {
                now.clone_from(to);
                false
            }
            Operation::DropTable { name } => *name == now,
            _ => false,
        })
    };
    for (name, (table, sql)) in &objects_before {
        if name.starts_with("hand_") && !step.accepted_losses.contains(name) && !dropped(table) {
            prop_assert!(
                objects_after.contains_key(name),
                "{name} is gone: {}\n{}",
                sql,
                step.sql
            );
        }
        let mut now = name.clone();
        for operation in operations {
            if let Operation::RenameTable { from, to } = operation
                && *from == now
            {
                now.clone_from(to);
            }
        }
        if let Some(after) = objects_after
            .get(&now)
            .filter(|_| before.table(name).is_some() && step.accepted_losses.is_empty())
        {
            prop_assert_eq!(marks(sql), marks(&after.1), "{}", step.sql);
        }
    }
    for (expected, column) in rows {
        prop_assert_eq!(
            place.held(&column).await,
            expected,
            "{}.{}: {}",
            column.0,
            column.1,
            step.sql
        );
    }
    Ok(true)
}

async fn evolve(changes: Vec<(Schema, u8)>) -> Result<(), TestCaseError> {
    let mut place = Place::open(Dialect::Sqlite, "sqlite::memory:").await;
    let log = place.execute("CREATE TABLE hand_log (x)").await;
    log.expect("a table");
    let (mut files, mut before, mut version, mut last) =
        (Vec::new(), Schema::default(), 0, String::new());
    for (after, which) in changes {
        let mut state = before.clone();
        let mut complete = true;
        for operations in in_transactions(operations(&before, &after)) {
            version += 1;
            let known = files.clone();
            let name = format!("{version}_step");
            let parents: Vec<&str> = if last.is_empty() { vec![] } else { vec![&last] };
            let change = (&state, operations.as_slice());
            if add(&mut files, Dialect::Sqlite, &name, &parents, change).is_err()
                || !migrate(&mut place, &files, &state, &operations).await?
            {
                // There is no such conversion, or the rows do not fit.
                files = known;
                complete = false;
                break;
            }
            last = name;
            for operation in &operations {
                operation.apply(&mut state).expect("operations fit");
            }
        }
        before = state;
        prop_assert_eq!(differences(&mut place, &before).await, Vec::<String>::new());
        if complete {
            let fail = TestCaseError::fail;
            let keys = place.execute("PRAGMA foreign_keys = OFF").await;
            keys.map_err(fail)?;
            for table in before.tables.keys() {
                let sql = format!("DELETE FROM {}", quote(table));
                place.execute(&sql).await.map_err(fail)?;
            }
            let keys = place.execute("PRAGMA foreign_keys = ON").await;
            keys.map_err(fail)?;
            for table in before.tables.values() {
                make(&mut place, table, which).await;
            }
            place.fill(&before).await.map_err(fail)?;
        }
    }
    place.close().await;
    Ok(())
}

/// Where the database is another than the schema, beside what was made by hand.
async fn differences(place: &mut Place, schema: &Schema) -> Vec<String> {
    let live = place.database.introspect(&[]).await.expect("a catalogue");
    let differences = Dialect::Sqlite.compare(schema, &live.schema).into_iter();
    let mut wrong: Vec<String> = differences
        .filter(|difference| {
            difference.grade == Grade::Different && !difference.message.contains("hand_")
        })
        .map(|difference| difference.message)
        // With a collation made by hand they are more than lists of columns; they are looked for by name.
        .filter(|message| {
            !message.contains("the unique key on") && !message.contains("the index on")
        })
        .collect();
    let there = objects(place).await;
    let indexes = schema.tables.values().flat_map(|table| &table.indexes);
    let missing = indexes.filter(|index| !there.contains_key(&index.name));
    wrong.extend(missing.map(|index| format!("{} is missing", index.name)));
    wrong
}

#[test]
fn what_was_made_by_hand_survives_any_evolution() {
    let changes = prop::collection::vec((schema(), any::<u8>()), 2..7);
    try_out(Dialect::Sqlite, 48, &changes, evolve);
}
