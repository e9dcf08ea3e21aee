//! A database of its own on each kind of server.

use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::database::Database;
use crate::migrations::{File, History, MigrationTarget, Step};
use crate::schema::{Column, Schema};
use crate::sql::Dialect;

use super::changes::{Location, value};

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub(super) struct Place {
    pub(super) dialect: Dialect,
    pub(super) database: Database,
    name: String,
    /// What takes it away again.
    drop: Option<String>,
}

impl Place {
    pub(super) async fn open(dialect: Dialect, server: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("random_{}_{number}", std::process::id());
        let (make, url, drop) = match dialect {
            Dialect::Sqlite => (None, server.to_owned(), None),
            Dialect::Mysql => (
                Some(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")),
                format!("{}/{name}", server.rsplit_once('/').expect("a URL").0),
                Some(format!("DROP DATABASE {name}")),
            ),
            Dialect::Postgres => (
                Some(format!("CREATE SCHEMA {name}")),
                format!("{server}?options[search_path]={name}"),
                Some(format!("DROP SCHEMA {name} CASCADE")),
            ),
        };
        if let Some(make) = make {
            let mut outside = Database::connect(server).await.expect("the server answers");
            outside.texts(&make).await.expect("a place of its own");
            outside.close().await;
        }
        let mut database = Database::connect(&url).await.expect("the server answers");
        // Makes the table of migrations.
        database.lock(&|_| ()).await.expect("nobody else is there");
        Self {
            dialect,
            database,
            name,
            drop,
        }
    }

    pub(super) async fn close(mut self) {
        self.database.unlock().await.expect("it was locked");
        if let Some(drop) = &self.drop {
            self.database.texts(drop).await.expect("it goes");
        }
        self.database.close().await;
    }

    /// The name of the database or schema on its server.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<(), String> {
        let done = self.database.texts(sql).await;
        done.map(|_| ()).map_err(|error| format!("{error}: {sql}"))
    }

    /// What is to be run after what the database has recorded, exchanges of rows done.
    pub(super) async fn steps(&mut self, files: &[File]) -> Result<Vec<Step>, String> {
        let history = History::read(files)?;
        let applied = self.database.applied().await.map_err(|e| e.to_string())?;
        let taken = history.take_over(self.dialect, applied);
        let (takeovers, applied) = taken.map_err(|blocked| blocked.message)?;
        for takeover in &takeovers {
            let done = self.database.take_over(takeover, &|_| ()).await;
            done.map_err(|e| e.to_string())?;
        }
        let steps = history.steps(self.dialect, &applied, &MigrationTarget::Latest);
        steps.map_err(|blocked| blocked.message)
    }

    /// Runs a step; its error with all causes and hints.
    pub(super) async fn run(&mut self, step: &Step) -> Result<(), String> {
        match self.database.run(step, &|_| (), &|_| ()).await {
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

    /// What a column holds, sorted.
    pub(super) async fn held(&mut self, (table, column): &Location) -> Vec<String> {
        let (at, name) = (self.dialect.quote(table), self.dialect.quote(column));
        let text = match self.dialect {
            Dialect::Sqlite => format!("quote({at}.{name})"),
            Dialect::Postgres => format!("coalesce(CAST({name} AS text), '-')"),
            Dialect::Mysql => format!("coalesce(CAST({name} AS CHAR), '-')"),
        };
        let sql = format!("SELECT {text} FROM {at}");
        let mut held = self.database.texts(&sql).await.expect(&sql);
        held.sort();
        held
    }

    /// Takes all rows away.
    pub(super) async fn empty(&mut self, schema: &Schema) -> Result<(), String> {
        let is_reference = |column: &&Column| column.name.ends_with("_id");
        for table in schema.tables.values() {
            for column in table.columns.iter().filter(is_reference) {
                let (at, name) = (
                    self.dialect.quote(&table.name),
                    self.dialect.quote(&column.name),
                );
                self.execute(&format!("UPDATE {at} SET {name} = NULL"))
                    .await?;
            }
        }
        for table in schema.tables.keys() {
            let at = self.dialect.quote(table);
            self.execute(&format!("DELETE FROM {at}")).await?;
        }
        Ok(())
    }

    /// Two rows in every table, without references.
    pub(super) async fn fill(&mut self, schema: &Schema) -> Result<(), String> {
        let is_filled = |column: &&Column| !column.name.ends_with("_id") && !column.is_generated();
        for table in schema.tables.values() {
            let columns: Vec<&Column> = table.columns.iter().filter(is_filled).collect();
            let quoted = |column: &&Column| self.dialect.quote(&column.name);
            let names: Vec<String> = columns.iter().map(quoted).collect();
            for number in 1..=2 {
                let values: Vec<String> =
                    columns.iter().map(|c| value(c, schema, number)).collect();
                let sql = format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    self.dialect.quote(&table.name),
                    names.join(", "),
                    values.join(", ")
                );
                self.execute(&sql).await?;
            }
        }
        Ok(())
    }
}
