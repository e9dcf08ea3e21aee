//! Random histories run on SQLite files that hold more than the entities say.

mod branches;
pub(in crate::database) mod by_hand;

use std::fmt::Write;

use proptest::test_runner::{Config, TestRunner};

use crate::database::Database;
use crate::migrations::{File, History, Step, Target, write};
use crate::operation::Operation;
use crate::schema::{Column, ColumnType, Schema};
use crate::sql::Dialect;

/// How many sequences; `LUTHIER_EVOLUTIONS` asks for more than a quick run tries.
pub(in crate::database) fn runner(few: u32) -> TestRunner {
    let asked = std::env::var("LUTHIER_EVOLUTIONS").ok();
    TestRunner::new(Config {
        cases: asked.and_then(|n| n.parse().ok()).unwrap_or(few),
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    })
}

async fn open() -> Database {
    let mut database = Database::connect("sqlite::memory:")
        .await
        .expect("SQLite opens");
    database.lock(&|_| ()).await.expect("nobody else is there");
    database
}

async fn execute(database: &mut Database, sql: &str) -> Result<(), sqlx::Error> {
    database.texts(sql).await.map(|_| ())
}

fn quote(name: &str) -> String {
    Dialect::Sqlite.quote(name)
}

/// The files of a migration, added to those of others.
fn add(
    files: &mut Vec<File>,
    (version, name): (u32, &str),
    parents: &[&str],
    before: &Schema,
    operations: &[Operation],
) -> Result<(), String> {
    let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
    let name = format!("{version}_{name}");
    let written = write(&name, parents, before, operations, &[Dialect::Sqlite])?;
    files.extend(
        written
            .files
            .into_iter()
            .map(|(path, text)| File { path, text }),
    );
    Ok(())
}

/// What is to be run on a database after what it has recorded, exchanges of rows done.
async fn steps(database: &mut Database, files: &[File]) -> Result<Vec<Step>, String> {
    let history = History::read(files)?;
    let applied = database.applied().await.map_err(|e| e.to_string())?;
    let taken = history.take_over(Dialect::Sqlite, applied);
    let (takeovers, applied) = taken.map_err(|blocked| blocked.message)?;
    for takeover in &takeovers {
        database
            .take_over(takeover, &|_| ())
            .await
            .map_err(|e| e.to_string())?;
    }
    let steps = history.steps(Dialect::Sqlite, &applied, &Target::Latest);
    steps.map_err(|blocked| blocked.message)
}

/// Runs a step; its error with all causes and hints.
async fn run(database: &mut Database, step: &Step) -> Result<(), String> {
    match database.run(step, &|_| (), &|_| ()).await {
        Ok(_) => Ok(()),
        Err(error) => {
            let mut text = format!("{:#}", error.source);
            for hint in &error.hints {
                let _ = write!(text, "\n{hint}");
            }
            Err(text)
        }
    }
}

/// Two rows in every table, without references.
async fn fill(database: &mut Database, schema: &Schema) {
    for table in schema.tables.values() {
        for number in 1..=2 {
            let is_filled =
                |column: &&Column| !column.name.ends_with("_id") && !column.is_generated();
            let columns: Vec<&Column> = table.columns.iter().filter(is_filled).collect();
            let names: Vec<String> = columns.iter().map(|column| quote(&column.name)).collect();
            let values: Vec<String> = columns.iter().map(|c| value(c, schema, number)).collect();
            let sql = format!(
                "INSERT INTO {} ({}) VALUES ({})",
                quote(&table.name),
                names.join(", "),
                values.join(", ")
            );
            execute(database, &sql).await.expect(&sql);
        }
    }
}

/// A value of the column for the row `number`, 1 or 2.
fn value(column: &Column, schema: &Schema, number: usize) -> String {
    match &column.kind {
        ColumnType::Boolean => (number - 1).to_string(),
        ColumnType::Enum(name) => format!(
            "'{}'",
            schema.enums[name].values[number - 1].replace('\'', "''")
        ),
        kind if kind.is_text() => format!("'{number}'"),
        _ => number.to_string(),
    }
}

/// What a column holds, row by row.
async fn held(database: &mut Database, table: &str, column: &str) -> Vec<String> {
    let (table, column) = (quote(table), quote(column));
    let sql = format!("SELECT quote({table}.{column}) FROM {table} ORDER BY rowid");
    database.texts(&sql).await.expect(&sql)
}
