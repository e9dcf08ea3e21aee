//! The indexes, triggers and views of an SQLite file, and whether they work.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Executor};

use crate::sql::{Dialect, trigger_event};

/// An index, a trigger, a view or a virtual table that somebody defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// `index`, `trigger`, `view` or `virtual table`.
    pub(super) kind: String,
    pub(super) name: String,
    /// For a view or a virtual table, its own name.
    pub(super) table: String,
    pub(super) sql: String,
}

/// A table that a module makes up, such as one for searching text.
pub(super) const VIRTUAL: &str = "virtual table";

/// Every object, and the error of each trigger and view that does not work.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    pub(super) all: Vec<Object>,
    pub(super) broken: BTreeMap<String, String>,
}

impl Objects {
    pub(super) async fn read(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        let all = list(connection).await?;
        let mut broken = BTreeMap::new();
        for view in all.iter().filter(|object| object.kind == "view") {
            let sql = format!("EXPLAIN SELECT * FROM {}", quote(&view.name));
            if let Err(error) = run(connection, &sql).await {
                broken.insert(view.name.clone(), words(&error));
            }
        }
        // What searches another table finds out when it is asked.
        for table in all.iter().filter(|object| object.kind == VIRTUAL) {
            let sql = format!("SELECT * FROM {} LIMIT 1", quote(&table.name));
            if let Err(error) = run(connection, &sql).await {
                broken.insert(table.name.clone(), words(&error));
            }
        }
        let triggers: Vec<&Object> = all.iter().filter(|o| o.kind == "trigger").collect();
        let mut by_table: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for trigger in triggers {
            by_table.entry(&trigger.table).or_default().push(trigger);
        }
        for (table, triggers) in by_table {
            if try_all(connection, table, &triggers).await?.is_none() {
                continue;
            }
            for (at, trigger) in triggers.iter().enumerate() {
                let mut others = triggers.clone();
                others.remove(at);
                if let Some(error) = try_alone(connection, table, trigger, &others).await? {
                    broken.insert(trigger.name.clone(), error);
                }
            }
        }
        Ok(Self { all, broken })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.all
            .iter()
            .any(|object| object.name.eq_ignore_ascii_case(name))
    }
}

async fn list(connection: &mut SqliteConnection) -> Result<Vec<Object>, sqlx::Error> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT iif(type = 'table', 'virtual table', type), name, tbl_name, sql FROM sqlite_master \
         WHERE sql IS NOT NULL AND (type IN ('index', 'trigger', 'view') OR type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%') \
         ORDER BY type, name",
    )
    .fetch_all(connection)
    .await?;
    let objects = rows.into_iter().map(|(kind, name, table, sql)| Object {
        kind,
        name,
        table,
        sql,
    });
    Ok(objects.collect())
}

/// Has SQLite compile the statements that set the triggers of `table` off; the first error, in words.
async fn try_all(
    connection: &mut SqliteConnection,
    table: &str,
    triggers: &[&Object],
) -> Result<Option<String>, sqlx::Error> {
    let at = quote(table);
    let mut events: Vec<&str> = triggers
        .iter()
        .filter_map(|t| trigger_event(&t.sql))
        .collect();
    events.sort_unstable();
    events.dedup();
    for event in events {
        let sql = match event {
            "INSERT" => format!("EXPLAIN INSERT INTO {at} DEFAULT VALUES"),
            "DELETE" => format!("EXPLAIN DELETE FROM {at}"),
            _ => {
                let names: Vec<String> =
                    sqlx::query_scalar("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0")
                        .bind(table)
                        .fetch_all(&mut *connection)
                        .await?;
                let names = names.iter().map(|name| quote(name));
                let same: Vec<String> = names.map(|name| format!("{name} = {name}")).collect();
                format!("EXPLAIN UPDATE {at} SET {}", same.join(", "))
            }
        };
        if let Err(error) = run(connection, &sql).await {
            return Ok(Some(words(&error)));
        }
    }
    Ok(None)
}

/// [`try_all`] while `others` are not there.
async fn try_alone(
    connection: &mut SqliteConnection,
    table: &str,
    trigger: &Object,
    others: &[&Object],
) -> Result<Option<String>, sqlx::Error> {
    run(connection, "SAVEPOINT luthier_trigger").await?;
    for other in others {
        run(connection, &format!("DROP TRIGGER {}", quote(&other.name))).await?;
    }
    let error = try_all(connection, table, &[trigger]).await;
    run(connection, "ROLLBACK TO luthier_trigger").await?;
    run(connection, "RELEASE luthier_trigger").await?;
    error
}

pub(super) async fn run(connection: &mut SqliteConnection, sql: &str) -> Result<(), sqlx::Error> {
    connection
        .execute(AssertSqlSafe(sql.to_owned()))
        .await
        .map(|_| ())
}

pub(super) fn quote(name: &str) -> String {
    Dialect::Sqlite.quote(name)
}

/// What the database said, without what the driver says around it.
pub(super) fn words(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    }
}
