//! Two branches that change one schema at random: refused until they are merged, and then the same schema and rows
//! whichever came first, and whichever a database has.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::{add, execute, fill, held, open, run, runner, steps};
use crate::database::{Database, block_on};
use crate::migrations::{File, Fills, History, Renames, diff};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnType, Default, Index, Schema};

/// What one branch does to a table of the schema, by numbers that were drawn.
fn change(schema: &mut Schema, branch: &str, number: usize, (table, what): (usize, u8)) {
    let count = schema.tables.len();
    let Some(table) = schema.tables.values_mut().nth(table % count.max(1)) else {
        return;
    };
    let name = table.name.clone();
    let at = 1 + number % (table.columns.len() - 1).max(1);
    let plain = |column: &Column| {
        !column.name.ends_with("_id") && !column.auto_increment && !column.is_generated()
    };
    match what % 7 {
        0 | 1 => {
            let mut column = Column::new(format!("{branch}{number}"), ColumnType::Integer);
            column.nullable = true;
            column.unique = what % 7 == 1;
            table.columns.push(column);
        }
        2 => {
            let mut column = Column::new(format!("{branch}{number}"), ColumnType::Integer);
            column.nullable = true;
            column.extra = Some("AS (id + 1) STORED".into());
            table.columns.push(column);
        }
        3 if table.primary_key == ["id"] => {
            if let Some(column) = table.columns.get_mut(at).filter(|column| plain(column)) {
                column.nullable = true;
            }
        }
        4 => {
            if let Some(column) = table.columns.get_mut(at).filter(|column| plain(column)) {
                column.unique = !column.unique;
            }
        }
        5 => table.add_index(Index {
            name: format!("idx-{name}-{branch}{number}"),
            columns: vec![table.columns[0].name.clone()],
            unique: false,
        }),
        _ => {
            if let Some(column) = table
                .columns
                .get_mut(at)
                .filter(|c| c.kind.is_integer() && plain(c))
            {
                column.default = Some(Default::Number("3".into()));
            }
        }
    }
}

/// The files of the start, and of each branch alone.
struct Branches {
    start: Schema,
    first: Vec<File>,
    sides: [Vec<File>; 2],
    operations: Vec<Operation>,
}

fn branches(start: Schema, draws: [Vec<(usize, u8)>; 2]) -> Option<Branches> {
    let none = Schema::default();
    let made = diff(&none, &start, &Renames::default(), &Fills::new()).ok()?;
    let mut first = Vec::new();
    add(&mut first, (1, "first"), &[], &none, &made).ok()?;
    let mut sides = [Vec::new(), Vec::new()];
    let mut all = Vec::new();
    for (number, draws) in draws.into_iter().enumerate() {
        let branch = ["a", "b"][number];
        let mut after = start.clone();
        for (at, draw) in draws.into_iter().enumerate() {
            change(&mut after, branch, at, draw);
        }
        let operations = diff(&start, &after, &Renames::default(), &Fills::new()).ok()?;
        if operations.is_empty() {
            return None;
        }
        let version = 2 + u32::try_from(number).ok()?;
        add(
            &mut sides[number],
            (version, branch),
            &["1_first"],
            &start,
            &operations,
        )
        .ok()?;
        all.extend(operations);
    }
    Some(Branches {
        start,
        first,
        sides,
        operations: all,
    })
}

async fn go(database: &mut Database, files: &[File]) -> Result<(), TestCaseError> {
    for step in steps(database, files).await.map_err(TestCaseError::fail)? {
        let done = run(database, &step).await;
        done.map_err(|error| TestCaseError::fail(format!("{error}\n{}", step.sql)))?;
    }
    Ok(())
}

/// The files after `--merge`; `None` where it refuses.
fn merged(all: &[File]) -> Result<Option<Vec<File>>, TestCaseError> {
    let fail = |why: String| TestCaseError::fail(why);
    let history = History::read(all).map_err(fail)?;
    if history.judge_branches().is_err() {
        return Ok(None);
    }
    let mut files = all.to_vec();
    let rewritten = history
        .rewritten()
        .map_err(|blocked| fail(blocked.message))?;
    for change in rewritten {
        for file in files.iter_mut().filter(|file| file.path == change.path) {
            prop_assert_eq!(&file.text, &change.before);
            file.text.clone_from(&change.after);
        }
    }
    let state = history.state().map_err(fail)?;
    add(&mut files, (4, "merge"), &["2_a", "3_b"], &state, &[]).map_err(fail)?;
    Ok(Some(files))
}

async fn meet(branches: Branches) -> Result<(), TestCaseError> {
    let Branches {
        start,
        first,
        sides,
        operations,
    } = branches;
    let all = [first.clone(), sides[0].clone(), sides[1].clone()].concat();
    let conflicts = !History::read(&all)
        .map_err(TestCaseError::fail)?
        .conflicts()
        .is_empty();
    let mut empty = open().await;
    let unmerged = steps(&mut empty, &all).await;
    prop_assert_eq!(
        unmerged.is_err(),
        conflicts,
        "{:?}",
        unmerged.map(|steps| steps.len())
    );
    let Some(files) = merged(&all)? else {
        return Ok(());
    };
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.clone())
    };
    // As a migrator does that only runs the files.
    let mut plain = open().await;
    for name in ["1_first", "2_a", "3_b"] {
        let sql = text(&format!("sqlite/{name}.up.sql")).expect("it is there");
        let done = execute(&mut plain, &sql).await;
        done.map_err(|error| TestCaseError::fail(format!("{error}\n{sql}")))?;
    }
    let expected = plain.shape().await.expect("a catalogue");
    let changed = |table: &str, column: &str| {
        operations.iter().any(|operation| matches!(operation, Operation::AlterColumn { table: t, column: c, .. } if t == table && c.name == column))
    };
    for have in [vec![], vec![0], vec![1]] {
        let mut database = open().await;
        let mut known = first.clone();
        for side in &have {
            known.extend(sides[*side].clone());
        }
        go(&mut database, &known).await?;
        let schema = History::read(&known).and_then(|history| history.state());
        let schema = schema.map_err(TestCaseError::fail)?;
        fill(&mut database, &schema).await;
        let mut rows = Vec::new();
        for table in start.tables.values() {
            for column in table
                .columns
                .iter()
                .filter(|c| !changed(&table.name, &c.name))
            {
                rows.push((
                    &table.name,
                    &column.name,
                    held(&mut database, &table.name, &column.name).await,
                ));
            }
        }
        go(&mut database, &files).await?;
        prop_assert_eq!(
            database.shape().await.expect("a catalogue"),
            expected.clone(),
            "{:?}",
            have
        );
        for (table, column, expected) in rows {
            prop_assert_eq!(
                held(&mut database, table, column).await,
                expected,
                "{}.{}",
                table,
                column
            );
        }
        prop_assert!(
            steps(&mut database, &files)
                .await
                .map_err(TestCaseError::fail)?
                .is_empty()
        );
        database.close().await;
    }
    Ok(())
}

#[test]
fn branches_that_meet_lose_nothing() {
    let draws = || prop::collection::vec((0usize..4, any::<u8>()), 1..4);
    let strategy = (schema(), draws(), draws());
    let work = |(start, a, b)| {
        let Some(branches) = branches(start, [a, b]) else {
            return Ok(());
        };
        let mut result = Ok(());
        let done = block_on(async {
            result = meet(branches).await;
            Ok(())
        });
        done.expect("it runs");
        result
    };
    let result = runner(64).run(&strategy, work);
    result.unwrap_or_else(|error| panic!("{error}"));
}
