//! What this tool makes of a schema is read back as that schema, on every database.

use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::super::{Database, block_on};
use super::Live;
use crate::migrations::{Fills, Renames, diff, in_transactions, questions};
use crate::models;
use crate::schema::random::schema;
use crate::schema::{
    Action, Column, ColumnType, Default, EnumType, ForeignKey, Index, Length, Schema, Table,
};
use crate::sql::{Dialect, render};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database with nothing in it, and the SQL that takes it away.
async fn open(dialect: Dialect) -> (Database, String) {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("inspect_{}_{number}", std::process::id());
    let (url, start, end) = match dialect {
        Dialect::Sqlite => ("sqlite::memory:".to_owned(), String::new(), String::new()),
        Dialect::Postgres => (
            dialect.test_server(),
            format!("CREATE SCHEMA {name}; SET search_path TO {name}"),
            format!("DROP SCHEMA {name} CASCADE"),
        ),
        Dialect::Mysql => (
            dialect.test_server(),
            format!("CREATE DATABASE {name}; USE {name}"),
            format!("DROP DATABASE {name}"),
        ),
    };
    let mut database = Database::connect(&url).await.expect("the server answers");
    database.texts(&start).await.expect("a place of its own");
    (database, end)
}

/// What a database says that was made from `schema`.
async fn made(dialect: Dialect, schema: &Schema) -> Option<Live> {
    migrated(dialect, &[schema]).await
}

/// What a database says that was brought to one schema after the other; `None` as well where there is no way.
async fn migrated(dialect: Dialect, schemas: &[&Schema]) -> Option<Live> {
    let (mut database, end) = open(dialect).await;
    let none = Schema::default();
    let mut before = &none;
    let mut possible = true;
    for schema in schemas {
        let renames = renames(before, schema);
        let operations = diff(before, schema, &renames, &Fills::new()).expect("a diff");
        let mut state = before.clone();
        for operations in in_transactions(operations) {
            let Ok(script) = render(dialect, &state, &operations) else {
                possible = false;
                break;
            };
            let sql = script.text("test");
            let done = database.texts(&sql).await;
            match done {
                // A sequence says where it is now, which is no text.
                Ok(_) | Err(sqlx::Error::ColumnDecode { .. }) => {}
                Err(error) => panic!("{error}\n{sql}"),
            }
            for operation in &operations {
                operation.apply(&mut state).expect("operations fit");
            }
        }
        if !possible {
            break;
        }
        before = schema;
    }
    let live = database.introspect(&[]).await.expect("a catalogue");
    database.texts(&end).await.expect("it goes");
    database.close().await;
    possible.then_some(live)
}

/// Takes everything that may be a rename for one.
fn renames(before: &Schema, after: &Schema) -> Renames {
    let mut renames = Renames::default();
    loop {
        let open = questions(before, after, &renames);
        let Some(question) = open.first() else {
            return renames;
        };
        renames.take(question, &question.candidates[0]);
    }
}

/// Everything that can be asked of `schema` and what a database made of it.
fn check(dialect: Dialect, schema: &Schema, live: &Schema) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        dialect.compare(schema, live),
        [],
        "{:#?}\n{:#?}",
        schema,
        live
    );
    let known = dialect.recognise(schema, live);
    prop_assert!(known.same_as(schema), "{:#?}\n{:#?}", schema, known);
    // Without anything known, the entities still mean the same database.
    let modules = models::write(live);
    let back = match models::read(&modules.sources()) {
        Ok(entities) => entities.schema,
        Err(errors) => {
            let text = modules.in_one_file();
            return Err(TestCaseError::fail(format!("{}\n{text}", errors[0])));
        }
    };
    let differences = dialect.compare(&back, live);
    prop_assert_eq!(differences, [], "{}", modules.in_one_file());
    Ok(())
}

/// Entities cannot ask for an index on a column that is unique.
fn settled(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        let columns = table.columns.iter().filter(|column| column.unique);
        let unique: Vec<String> = columns.map(|column| column.name.clone()).collect();
        table
            .indexes
            .retain(|index| index.unique || !unique.contains(&index.columns[0]));
    }
    schema
}

fn random_schemas_are_read_back(dialect: Dialect, few: u32) {
    let asked = std::env::var("LUTHIER_EVOLUTIONS").ok();
    let config = Config {
        cases: asked.and_then(|n| n.parse().ok()).unwrap_or(few),
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    };
    let two = (schema(), schema().prop_map(settled));
    let result = TestRunner::new(config).run(&two, |(first, schema)| {
        // Made at once, and by way of another.
        for way in [vec![&schema], vec![&first, &schema]] {
            let live = block_on(async { Ok(migrated(dialect, &way).await) });
            if let Some(live) = live.expect("a runtime") {
                check(dialect, &schema, &live.schema)?;
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn random_schemas_are_read_back_from_sqlite() {
    random_schemas_are_read_back(Dialect::Sqlite, 48);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn random_schemas_are_read_back_from_postgresql() {
    random_schemas_are_read_back(Dialect::Postgres, 12);
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn random_schemas_are_read_back_from_mysql() {
    random_schemas_are_read_back(Dialect::Mysql, 8);
}

/// A table with a column of every type that `dialect` has, twice: with and without a default where it can have one.
fn everything(dialect: Dialect) -> Schema {
    use ColumnType as T;
    let number = || Some(Default::Number("-7".into()));
    let text = || Some(Default::Text("it's \"so\"\\".into()));
    let none = || None;
    let all: Vec<(ColumnType, Option<Default>)> = vec![
        (T::Char(Some(30)), text()),
        (T::Char(None), none()),
        (T::String(Length::None), text()),
        (T::String(Length::N(40)), Some(Default::Text("7".into()))),
        (T::String(Length::Max), none()),
        (T::Text, text()),
        (T::Blob, none()),
        (T::TinyInteger, number()),
        (T::SmallInteger, number()),
        (T::Integer, number()),
        (T::BigInteger, number()),
        (T::TinyUnsigned, Some(Default::Number("7".into()))),
        (T::SmallUnsigned, none()),
        (T::Unsigned, none()),
        (T::BigUnsigned, none()),
        (T::Float, Some(Default::Number("1.5".into()))),
        (T::Double, number()),
        (T::Decimal(None), number()),
        (
            T::Decimal(Some((10, 2))),
            Some(Default::Number("2.50".into())),
        ),
        (T::DateTime, Some(Default::CurrentTimestamp)),
        (T::Timestamp, none()),
        (T::TimestampWithTimeZone, Some(Default::CurrentTimestamp)),
        (T::Time, none()),
        (T::Date, Some(Default::Text("2024-02-29".into()))),
        (T::Year, none()),
        (T::Interval(None, None), none()),
        (T::Interval(Some("DAY TO SECOND".into()), Some(3)), none()),
        (T::Binary(7), none()),
        (T::VarBinary(Length::None), none()),
        (T::VarBinary(Length::N(16)), none()),
        (T::VarBinary(Length::Max), none()),
        (T::Bit(Some(8)), none()),
        (T::VarBit(8), none()),
        (T::Boolean, Some(Default::Bool(false))),
        (T::Money(None), none()),
        (T::Json, none()),
        (T::JsonBinary, none()),
        (T::Uuid, none()),
        (
            T::Enum("Mood of".into()),
            Some(Default::Text("it's".into())),
        ),
        (T::Array(Box::new(T::Integer)), none()),
        (T::Array(Box::new(T::String(Length::N(9)))), none()),
        (T::Array(Box::new(T::Enum("Mood of".into()))), none()),
        (T::Cidr, none()),
        (T::Inet, none()),
        (T::MacAddr, none()),
    ];
    let mut schema = Schema::default();
    schema.enums.insert(
        "Mood of".into(),
        EnumType {
            name: "Mood of".into(),
            values: vec!["it's".into(), "so, so".into()],
        },
    );
    let mut id = Column::new("Id", ColumnType::BigInteger);
    id.auto_increment = true;
    let mut table = Table {
        name: "every Type".into(),
        comment: Some("It's all".into()),
        columns: vec![id],
        primary_key: vec!["Id".into()],
        ..Table::default()
    };
    let none = Schema::default();
    for (number, (kind, default)) in all.into_iter().enumerate() {
        let mut column = Column::new(format!("c{number}"), kind);
        column.nullable = number % 2 == 0;
        column.comment = (number % 5 == 0).then(|| "one \\ of 'many'".to_owned());
        let mut alone = Table::default();
        alone.columns.push(column.clone());
        let operation = crate::operation::Operation::CreateTable { table: alone };
        let mut with_enums = none.clone();
        with_enums.enums.clone_from(&schema.enums);
        if render(dialect, &with_enums, &[operation]).is_err() {
            continue;
        }
        // Older servers have one such column with a default of its own.
        if default.is_some() {
            let mut twin = column.clone();
            twin.name.push_str("_or");
            twin.default = default;
            table.columns.push(twin);
        }
        table.columns.push(column);
    }
    schema.tables.insert(table.name.clone(), table);
    let mut other = Table {
        name: "a_table_with_a_rather_long_name_indeed_yes".into(),
        primary_key: vec!["b".into(), "a".into()],
        columns: ["a", "b"]
            .map(|name| Column::new(name, ColumnType::BigInteger))
            .to_vec(),
        ..Table::default()
    };
    let long = "and_a_column_with_a_rather_long_name_too";
    let mut column = Column::new(long, ColumnType::BigInteger);
    column.unique = true;
    other.columns.push(column);
    for (number, action) in [
        None,
        Some(Action::Cascade),
        Some(Action::SetNull),
        Some(Action::Restrict),
        Some(Action::NoAction),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{long}_{number}");
        let mut column = Column::new(name.clone(), ColumnType::BigInteger);
        column.nullable = true;
        other.columns.push(column);
        if number == 3 {
            other.add_index(Index {
                name: format!("idx-{}-{name}", other.name),
                columns: vec![name.clone()],
                unique: false,
            });
        }
        other.add_foreign_key(ForeignKey {
            name: format!("fk-{}-{name}", other.name),
            columns: vec![name],
            table: "every Type".into(),
            references: vec!["Id".into()],
            on_delete: action,
            on_update: action.filter(|action| *action != Action::SetNull),
        });
    }
    schema.tables.insert(other.name.clone(), other);
    schema
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn every_type_is_read_back() {
    for dialect in Dialect::ALL {
        let schema = everything(dialect);
        let live = block_on(async { Ok(made(dialect, &schema).await) });
        if let Some(live) = live.expect("a runtime") {
            assert_eq!(dialect.compare(&schema, &live.schema), [], "{dialect}");
            let known = dialect.recognise(&schema, &live.schema);
            assert!(known.same_as(&schema), "{dialect}\n{schema:#?}\n{known:#?}");
            check(dialect, &schema, &live.schema).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
