//! Schemas that change at random while somebody makes triggers, views, indexes, checks, collations and columns by hand:
//! all of that is there after each migration, or the migration is refused and names it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::{add, execute, fill, held, open, quote, run, runner, steps, value};
use crate::database::{Database, block_on};
use crate::migrations::{Fills, Renames, diff, in_transactions, questions, unanswered};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Schema, Table};
use crate::sql::{Dialect, Grade};

/// What is made by hand on a table; a bit of `which` for each.
async fn make(database: &mut Database, table: &Table, which: u8) {
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
            execute(database, "PRAGMA writable_schema = ON")
                .await
                .expect("a pragma");
        }
        // What is there from the last time is made once.
        let _ = execute(database, sql).await;
        if bit >= 6 {
            execute(database, "PRAGMA writable_schema = RESET")
                .await
                .expect("a pragma");
        }
    }
}

/// Objects by name, with their tables and definitions.
async fn objects(database: &mut Database) -> BTreeMap<String, (String, String)> {
    let sql = "SELECT json_object('name', name, 'table', tbl_name, 'sql', sql) FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    let mut found = BTreeMap::new();
    for row in database.texts(sql).await.expect("the catalogue") {
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

/// Takes the first candidate of every second question.
pub(in crate::database) fn some_renames(before: &Schema, after: &Schema) -> Renames {
    let mut renames = Renames::default();
    for (number, question) in questions(before, after, &renames).iter().enumerate() {
        if number % 2 == 0 {
            renames.take(question, &question.candidates[0]);
            if renames.check(before, after).is_err() {
                return Renames::default();
            }
        }
    }
    renames
}

/// The tables and columns that are as they were, by their names before and after.
pub(in crate::database) fn unchanged(
    before: &Schema,
    operations: &[Operation],
) -> Vec<((String, String), (String, String))> {
    let mut names: Vec<((String, String), (String, String))> = Vec::new();
    for table in before.tables.values() {
        for column in &table.columns {
            let name = (table.name.clone(), column.name.clone());
            names.push((name.clone(), name));
        }
    }
    for operation in operations {
        match operation {
            Operation::RenameTable { from, to } => {
                let moved = names.iter_mut().filter(|(_, (table, _))| table == from);
                moved.for_each(|(_, (table, _))| table.clone_from(to));
            }
            Operation::RenameColumn { table, from, to } => {
                let moved = names
                    .iter_mut()
                    .filter(|(_, (t, c))| t == table && c == from);
                moved.for_each(|(_, (_, column))| column.clone_from(to));
            }
            Operation::DropTable { name } => names.retain(|(_, (table, _))| table != name),
            Operation::DropColumn { table, name } => {
                names.retain(|(_, (t, c))| !(t == table && c == name))
            }
            Operation::AlterColumn { table, column, .. } => {
                names.retain(|(_, (t, c))| !(t == table && *c == column.name));
            }
            Operation::AlterEnum { .. } => {
                names.retain(|((table, column), _)| {
                    before
                        .column(table, column)
                        .is_none_or(|c| c.kind.enum_name().is_none())
                });
            }
            _ => {}
        }
    }
    names
}

fn operations(before: &Schema, after: &Schema) -> Vec<Operation> {
    let mut fills = Fills::new();
    let renames = some_renames(before, after);
    let plain = diff(before, after, &renames, &fills).expect("a diff");
    for (table, column) in unanswered(before, &plain) {
        let new = after.column(&table, &column).expect("it is new");
        fills.insert((table, column), value(new, after, 1));
    }
    diff(before, after, &renames, &fills).expect("a diff")
}

/// One migration, with everything compared before and after it; whether it was applied.
async fn migrate(
    database: &mut Database,
    files: &[crate::migrations::File],
    before: &Schema,
    operations: &[Operation],
) -> Result<bool, TestCaseError> {
    let objects_before = objects(database).await;
    let mut rows = Vec::new();
    for (old, new) in unchanged(before, operations) {
        rows.push((held(database, &old.0, &old.1).await, new));
    }
    let mut pending = steps(database, files).await.map_err(TestCaseError::fail)?;
    let mut step = pending.pop().expect("one step");
    let mut result = run(database, &step).await;
    if let Err(error) = &result
        && error.contains("it would lose")
    {
        prop_assert_eq!(&objects(database).await, &objects_before, "{}", error);
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
        result = run(database, &step).await;
    }
    if let Err(error) = result {
        let rows_do_not_fit = [" holds ", "constraint failed", "conversion"]
            .iter()
            .any(|word| error.contains(word));
        prop_assert!(rows_do_not_fit, "{error}\n{}", step.sql);
        prop_assert_eq!(objects(database).await, objects_before);
        return Ok(false);
    }
    let objects_after = objects(database).await;
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
    for (expected, (table, column)) in rows {
        prop_assert_eq!(
            held(database, &table, &column).await,
            expected,
            "{}.{}: {}",
            table,
            column,
            step.sql
        );
    }
    Ok(true)
}

async fn evolve(changes: Vec<(Schema, u8)>) -> Result<(), TestCaseError> {
    let mut database = open().await;
    execute(&mut database, "CREATE TABLE hand_log (x)")
        .await
        .expect("a table");
    let (mut files, mut before, mut version, mut last) =
        (Vec::new(), Schema::default(), 0, String::new());
    for (after, which) in changes {
        let mut state = before.clone();
        let mut complete = true;
        for operations in in_transactions(operations(&before, &after)) {
            version += 1;
            let known = files.clone();
            let parents: Vec<&str> = if last.is_empty() { vec![] } else { vec![&last] };
            if add(&mut files, (version, "step"), &parents, &state, &operations).is_err()
                || !migrate(&mut database, &files, &state, &operations).await?
            {
                // There is no such conversion, or the rows do not fit.
                files = known;
                complete = false;
                break;
            }
            last = format!("{version}_step");
            for operation in &operations {
                operation.apply(&mut state).expect("operations fit");
            }
        }
        before = state;
        let live = database.introspect(&[]).await.expect("a catalogue");
        let wrong: Vec<String> = Dialect::Sqlite
            .compare(&before, &live.schema)
            .into_iter()
            .filter(|difference| {
                difference.grade == Grade::Different && !difference.message.contains("hand_")
            })
            .map(|difference| difference.message)
            // With a collation made by hand they are more than lists of columns; they are looked for by name.
            .filter(|message| {
                !message.contains("the unique key on") && !message.contains("the index on")
            })
            .collect();
        prop_assert_eq!(wrong, Vec::<String>::new());
        let there = objects(&mut database).await;
        for index in before.tables.values().flat_map(|table| &table.indexes) {
            prop_assert!(there.contains_key(&index.name), "{} is missing", index.name);
        }
        if complete {
            for table in before.tables.keys() {
                execute(&mut database, "PRAGMA foreign_keys = OFF")
                    .await
                    .expect("a pragma");
                execute(&mut database, &format!("DELETE FROM {}", quote(table)))
                    .await
                    .expect("rows go");
                execute(&mut database, "PRAGMA foreign_keys = ON")
                    .await
                    .expect("a pragma");
            }
            for table in before.tables.values() {
                make(&mut database, table, which).await;
            }
            fill(&mut database, &before).await;
        }
    }
    database.close().await;
    Ok(())
}

#[test]
fn what_was_made_by_hand_survives_any_evolution() {
    let changes = prop::collection::vec((schema(), any::<u8>()), 2..7);
    let work = |changes| {
        let mut result = Ok(());
        let done = block_on(async {
            result = evolve(changes).await;
            Ok(())
        });
        done.expect("it runs");
        result
    };
    let result = runner(48).run(&changes, work);
    result.unwrap_or_else(|error| panic!("{error}"));
}
