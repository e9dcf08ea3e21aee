//! Random schemas evolved on real databases, with rows, compared by what the catalogues say.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::super::{Dialect, render};
use super::server::{Failure, Server};
use crate::migrations::{
    Fills, Of, Question, Renames, diff, inner_questions, inverted, questions, unanswered,
};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnType, Schema};

/// A value of the column for the row `number`, 1 or 2.
fn value(column: &Column, schema: &Schema, number: usize) -> String {
    match &column.kind {
        ColumnType::Boolean => ["FALSE", "TRUE"][number - 1].into(),
        ColumnType::Enum(name) => format!("'{}'", schema.enums[name].values[number - 1]),
        kind if kind.is_text() => format!("'{number}'"),
        _ => number.to_string(),
    }
}

/// Two rows in every table, without references.
async fn fill(server: &mut Server, dialect: Dialect, schema: &Schema) {
    for table in schema.tables.values() {
        for number in 1..=2 {
            let filled: Vec<&Column> = table
                .columns
                .iter()
                .filter(|column| !column.name.ends_with("_id"))
                .collect();
            let names: Vec<&str> = filled.iter().map(|column| column.name.as_str()).collect();
            let values: Vec<String> = filled.iter().map(|c| value(c, schema, number)).collect();
            let sql = format!(
                "INSERT INTO {} ({}) VALUES ({})",
                dialect.table(&table.name),
                dialect.list(&names),
                values.join(", ")
            );
            server.execute(&sql).await.expect(&sql);
        }
    }
}

async fn empty(server: &mut Server, dialect: Dialect, schema: &Schema) {
    // A renamed column may have become a reference that leads somewhere.
    for table in schema.tables.values() {
        for column in table
            .columns
            .iter()
            .filter(|column| column.name.ends_with("_id"))
        {
            let (at, name) = (dialect.table(&table.name), dialect.quote(&column.name));
            let sql = format!("UPDATE {at} SET {name} = NULL");
            server.execute(&sql).await.expect(&sql);
        }
    }
    for table in schema.tables.keys() {
        let sql = format!("DELETE FROM {}", dialect.table(table));
        server.execute(&sql).await.expect(&sql);
    }
}

/// The shape of a database that is made from nothing.
async fn made(dialect: Dialect, schema: &Schema) -> Vec<String> {
    let mut server = Server::open(dialect).await;
    let none = Schema::default();
    let operations = diff(&none, schema, &Renames::default(), &Fills::new()).expect("a diff");
    let script = render(dialect, &none, &operations).expect("tables can be made");
    if let Err(Failure::Other(error)) = server.run(&script).await {
        panic!("{error}");
    }
    let shape = server.shape().await;
    server.close().await;
    shape
}

/// Takes some of what may be a rename for one, others for new: always the same for the same schemas.
fn some_renames(before: &Schema, after: &Schema) -> Renames {
    let coin = |question: &Question| {
        let text = format!("{}{}{}", before.hash(), after.hash(), question.new);
        text.bytes().map(u32::from).sum::<u32>() % 2 == 0
    };
    let mut renames = Renames::default();
    let mut settled: Vec<Question> = Vec::new();
    let known = |settled: &[Question], question: &Question| {
        settled.iter().any(|other| other.is_about_same(question))
    };
    loop {
        let mut open = questions(before, after, &renames);
        open.extend(inner_questions(before, after, &renames));
        let Some(question) = open.into_iter().find(|question| !known(&settled, question)) else {
            return renames;
        };
        if coin(&question) {
            renames.take(&question, &question.candidates[0]);
            if question.of == Of::Tables {
                // Which columns are compared has changed.
                settled.retain(|question| !matches!(question.of, Of::Columns(_)));
                renames.columns.clear();
            }
        }
        settled.push(question);
    }
}

/// Evolves a database with rows through `schemas`, comparing each with one made at once.
async fn evolve(dialect: Dialect, schemas: &[Schema]) -> Result<(), TestCaseError> {
    let mut server = Server::open(dialect).await;
    let mut before = Schema::default();
    for after in schemas {
        let mut fills = Fills::new();
        let renames = some_renames(&before, after);
        let plain = diff(&before, after, &renames, &fills).expect("a diff");
        for (table, column) in unanswered(&before, &plain) {
            let sql = value(after.column(&table, &column).expect("it is new"), after, 1);
            fills.insert((table, column), sql);
        }
        let operations = lossy(diff(&before, after, &renames, &fills).expect("a diff"));
        let mut state = before.clone();
        let mut shape = server.shape().await;
        let mut fits = true;
        for operations in crate::migrations::in_transactions(operations) {
            let Ok(script) = render(dialect, &state, &operations) else {
                // There is no such conversion.
                fits = false;
                break;
            };
            match server.run(&script).await {
                Ok(()) => {}
                Err(Failure::Rows) if dialect == Dialect::Mysql => {
                    // Nothing can be said of what is left.
                    server.close().await;
                    return Ok(());
                }
                Err(Failure::Rows) => {
                    prop_assert_eq!(
                        server.shape().await,
                        shape.clone(),
                        "{}",
                        script.text("half")
                    );
                    fits = false;
                    break;
                }
                Err(Failure::Other(error)) => return Err(TestCaseError::fail(error)),
            }
            for operation in &operations {
                operation.apply(&mut state).expect("operations fit");
            }
            shape = server.shape().await;
        }
        if !fits {
            // Where the first of two migrations is done, the database is at neither end.
            if !state.same_as(&before) {
                break;
            }
            continue;
        }
        prop_assert_eq!(shape, made(dialect, after).await, "{:#?}", (&before, after));
        let stayed = after
            .tables
            .keys()
            .filter(|name| before.table(renames.old_table(name)).is_some());
        for table in stayed {
            let sql = format!(
                "SELECT CAST(count(*) AS CHAR(9)) FROM {}",
                dialect.table(table)
            );
            let count = server.texts(&sql).await;
            prop_assert_eq!(count[0].trim(), "2");
        }
        before = after.clone();
        empty(&mut server, dialect, &before).await;
        fill(&mut server, dialect, &before).await;
    }
    server.close().await;
    Ok(())
}

/// Up, down and up again, without rows.
async fn there_and_back(dialect: Dialect, a: &Schema, b: &Schema) -> Result<(), TestCaseError> {
    let mut server = Server::open(dialect).await;
    let none = Schema::default();
    let first = diff(&none, a, &Renames::default(), &Fills::new()).expect("a diff");
    let script = render(dialect, &none, &first).expect("tables can be made");
    if let Err(Failure::Other(error)) = server.run(&script).await {
        return Err(TestCaseError::fail(error));
    }
    let start = server.shape().await;
    let operations = lossy(diff(a, b, &some_renames(a, b), &Fills::new()).expect("a diff"));
    let steps = crate::migrations::in_transactions(operations);
    let mut scripts = Vec::new();
    let mut state = a.clone();
    for operations in steps {
        let (after, inverse) = inverted(&state, &operations).expect("operations fit");
        let up = render(dialect, &state, &operations);
        let down = render(dialect, &after, &inverse);
        let (Ok(up), Ok(down)) = (up, down) else {
            server.close().await;
            return Ok(());
        };
        scripts.push((up, down));
        state = after;
    }
    for _ in 0..2 {
        for (up, _) in &scripts {
            if let Err(Failure::Other(error)) = server.run(up).await {
                return Err(TestCaseError::fail(error));
            }
        }
        prop_assert_eq!(
            server.shape().await,
            made(dialect, b).await,
            "{:#?}",
            (a, b)
        );
        for (_, down) in scripts.iter().rev() {
            if let Err(Failure::Other(error)) = server.run(down).await {
                return Err(TestCaseError::fail(error));
            }
        }
        prop_assert_eq!(server.shape().await, start.clone(), "{:#?}", (a, b));
    }
    server.close().await;
    Ok(())
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// How many sequences; `LUTHIER_EVOLUTIONS` asks for more than a quick run tries.
fn runner(few: u32) -> TestRunner {
    let asked = std::env::var("LUTHIER_EVOLUTIONS").ok();
    let cases = asked.and_then(|n| n.parse().ok()).unwrap_or(few);
    TestRunner::new(Config {
        cases,
        max_shrink_iters: 200,
        source_file: Some(file!()),
        ..Config::default()
    })
}

fn evolves(dialect: Dialect, few: u32) {
    let schemas = prop::collection::vec(schema(), 1..8);
    let result = runner(few).run(&schemas, |schemas| block_on(evolve(dialect, &schemas)));
    result.unwrap_or_else(|error| panic!("{error}"));
    let two = (schema(), schema());
    let result = runner(few).run(&two, |(a, b)| block_on(there_and_back(dialect, &a, &b)));
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn rows_survive_any_evolution_on_sqlite() {
    evolves(Dialect::Sqlite, 64);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn rows_survive_any_evolution_on_postgresql() {
    evolves(Dialect::Postgres, 16);
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn rows_survive_any_evolution_on_mysql() {
    evolves(Dialect::Mysql, 12);
}

/// Random changes of type may change values: whoever makes such a migration has agreed.
fn lossy(mut operations: Vec<Operation>) -> Vec<Operation> {
    for operation in &mut operations {
        if let Operation::AlterColumn { lossy, .. } = operation {
            *lossy = true;
        }
    }
    operations
}
