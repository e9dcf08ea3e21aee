//! Schemas that change at random on both servers while somebody makes triggers, views, indexes, checks, statistics and
//! columns by hand: all of that is there after each migration, or the migration names it before it does anything.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::database::sqlite::tests::by_hand::{some_renames, unchanged};
use crate::database::sqlite::tests::runner;
use crate::database::{Database, block_on};
use crate::migrations::{
    File, Fills, History, Step, Target, diff, in_transactions, unanswered, write,
};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnType, Schema, Table};
use crate::sql::Dialect;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database of its own, with what was made by hand in it.
struct Place {
    dialect: Dialect,
    database: Database,
    drop: String,
    /// By the name of each object, the table that it belongs to now.
    made: BTreeMap<String, String>,
    count: u32,
}

impl Place {
    async fn open(dialect: Dialect, server: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("losses_{}_{number}", std::process::id());
        let mut outside = Database::connect(server).await.expect("the server answers");
        let (make, url, drop) = match dialect {
            Dialect::Mysql => (
                format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
                format!("{}/{name}", server.rsplit_once('/').expect("a URL").0),
                format!("DROP DATABASE {name}"),
            ),
            _ => (
                format!("CREATE SCHEMA {name}"),
                format!("{server}?options[search_path]={name}"),
                format!("DROP SCHEMA {name} CASCADE"),
            ),
        };
        outside.texts(&make).await.expect("a place of its own");
        outside.close().await;
        let mut database = Database::connect(&url).await.expect("the server answers");
        // Makes the table of migrations.
        database.lock(&|_| ()).await.expect("nobody else is there");
        Self {
            dialect,
            database,
            drop,
            made: BTreeMap::new(),
            count: 0,
        }
    }

    async fn close(mut self) {
        self.database.unlock().await.expect("it was locked");
        self.database.texts(&self.drop).await.expect("it goes");
        self.database.close().await;
    }

    async fn execute(&mut self, sql: &str) -> Result<(), String> {
        let done = self.database.texts(sql).await;
        done.map(|_| ()).map_err(|error| format!("{error}: {sql}"))
    }

    /// Makes things by hand on a table: a bit of `which` for each. What does not fit its column is left out.
    async fn make(&mut self, table: &Table, which: u16) {
        let column = &table.columns[table.columns.len() / 2].name;
        for (bit, sql) in self.statements(&table.name, column).into_iter().enumerate() {
            if which & (1 << bit) == 0 {
                continue;
            }
            self.count += 1;
            let name = format!("hand_{}", self.count);
            if self.execute(&sql.replace("$name", &name)).await.is_ok() {
                self.made.insert(name, table.name.clone());
            }
        }
    }

    fn statements(&self, table: &str, column: &str) -> Vec<String> {
        let (at, used) = (self.dialect.quote(table), self.dialect.quote(column));
        let texts: &[&str] = match self.dialect {
            Dialect::Mysql => &[
                "CREATE TRIGGER $name BEFORE INSERT ON $t FOR EACH ROW SET @hand = NEW.$c",
                "CREATE VIEW $name AS SELECT x.$c FROM $t x",
                "CREATE INDEX $name ON $t ($c DESC)",
                "CREATE INDEX $name ON $t ($c(3))",
                "CREATE INDEX $name ON $t (id, $c)",
                "ALTER TABLE $t ADD COLUMN $name varchar(9) COLLATE utf8mb4_bin DEFAULT 'kept' COMMENT 'hers'",
                "ALTER TABLE $t ADD COLUMN $name int AS ($c IS NULL) VIRTUAL",
                "ALTER TABLE $t ADD CONSTRAINT $name CHECK (coalesce($c, 1) IS NOT NULL)",
                "CREATE FUNCTION $name() RETURNS bigint READS SQL DATA RETURN (SELECT count($c) FROM $t)",
            ],
            _ => &[
                "CREATE TRIGGER $name BEFORE INSERT ON $t FOR EACH ROW WHEN (new.$c IS NOT NULL) EXECUTE FUNCTION hand_touch()",
                "CREATE VIEW $name AS SELECT x.$c FROM $t x",
                "CREATE INDEX $name ON $t ($c DESC) WHERE $c IS NOT NULL",
                "CREATE INDEX $name ON $t (($c IS NULL))",
                "CREATE INDEX $name ON $t (id, $c)",
                "ALTER TABLE $t ADD COLUMN $name text COLLATE \"C\" DEFAULT 'kept'",
                "ALTER TABLE $t ADD COLUMN $name bool GENERATED ALWAYS AS ($c IS NULL) STORED",
                "ALTER TABLE $t ADD CONSTRAINT $name CHECK (($c IS NULL) IS NOT NULL)",
                "CREATE STATISTICS $name ON id, $c FROM $t",
                "CREATE MATERIALIZED VIEW $name AS SELECT $c, id FROM $t",
            ],
        };
        let fill = |text: &&str| text.replace("$t", &at).replace("$c", &used);
        texts.iter().map(fill).collect()
    }

    /// The names of everything made by hand that is there.
    async fn there(&mut self) -> BTreeSet<String> {
        let sql = match self.dialect {
            Dialect::Mysql => {
                "SELECT CAST(name AS CHAR) FROM (
                 SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = DATABASE()
                 UNION SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()
                 UNION SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()
                 UNION SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()
                 UNION SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()
                 UNION SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()
                 ) n WHERE name LIKE 'hand\\_%'"
            }
            _ => {
                "SELECT name::text FROM (
                 SELECT tgname AS name, tgrelid AS at FROM pg_trigger UNION SELECT relname, oid FROM pg_class
                 UNION SELECT attname, attrelid FROM pg_attribute UNION SELECT conname, conrelid FROM pg_constraint
                 UNION SELECT stxname, stxrelid FROM pg_statistic_ext) n JOIN pg_class c ON c.oid = n.at
                 WHERE c.relnamespace = current_schema()::regnamespace AND name LIKE 'hand\\_%'"
            }
        };
        let names = self.database.texts(sql).await.expect("the catalogue");
        names.into_iter().collect()
    }

    /// Views and triggers work: MySQL keeps those that do not.
    async fn try_out(&mut self) -> Result<(), String> {
        let views = match self.dialect {
            Dialect::Mysql => {
                "SELECT CAST(table_name AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE()"
            }
            _ => "SELECT viewname::text FROM pg_views WHERE schemaname = current_schema()",
        };
        for view in self.database.texts(views).await.expect("the catalogue") {
            self.execute(&format!("SELECT CAST(1 AS CHAR(1)) FROM {view} LIMIT 0"))
                .await?;
        }
        Ok(())
    }

    async fn held(&mut self, table: &str, column: &str) -> Vec<String> {
        let (at, name) = (self.dialect.quote(table), self.dialect.quote(column));
        let kind = if self.dialect == Dialect::Mysql {
            "CHAR"
        } else {
            "text"
        };
        let sql = format!("SELECT coalesce(CAST({name} AS {kind}), '-') FROM {at}");
        let mut held = self.database.texts(&sql).await.expect(&sql);
        held.sort();
        held
    }

    /// Rows go, and two come in every table, without references.
    async fn fill(&mut self, schema: &Schema) -> Result<(), String> {
        for table in schema.tables.values() {
            for column in table
                .columns
                .iter()
                .filter(|column| column.name.ends_with("_id"))
            {
                let (at, name) = (
                    self.dialect.quote(&table.name),
                    self.dialect.quote(&column.name),
                );
                self.execute(&format!("UPDATE {at} SET {name} = NULL"))
                    .await?;
            }
        }
        for table in schema.tables.keys() {
            self.execute(&format!("DELETE FROM {}", self.dialect.quote(table)))
                .await?;
        }
        for table in schema.tables.values() {
            for number in 1..=2 {
                let filled = table
                    .columns
                    .iter()
                    .filter(|column| !column.name.ends_with("_id"));
                let filled: Vec<&Column> = filled.collect();
                let names: Vec<String> = filled
                    .iter()
                    .map(|column| self.dialect.quote(&column.name))
                    .collect();
                let values: Vec<String> = filled
                    .iter()
                    .map(|column| value(column, schema, number))
                    .collect();
                let at = self.dialect.quote(&table.name);
                let sql = format!(
                    "INSERT INTO {at} ({}) VALUES ({})",
                    names.join(", "),
                    values.join(", ")
                );
                self.execute(&sql).await?;
            }
        }
        Ok(())
    }

    /// Objects follow their tables.
    fn follow(&mut self, operations: &[Operation]) {
        for operation in operations {
            match operation {
                Operation::RenameTable { from, to } => {
                    let tables = self.made.values_mut().filter(|table| *table == from);
                    tables.for_each(|table| table.clone_from(to));
                }
                Operation::DropTable { name } => self.made.retain(|_, table| table != name),
                _ => {}
            }
        }
    }

    /// One migration, with everything compared before and after it; whether it was applied.
    async fn migrate(
        &mut self,
        files: &[File],
        before: &Schema,
        operations: &[Operation],
    ) -> Result<bool, TestCaseError> {
        let there = self.there().await;
        let mut rows = Vec::new();
        for (old, new) in unchanged(before, operations) {
            rows.push((self.held(&old.0, &old.1).await, new));
        }
        let applied = self.database.applied().await.expect("rows");
        let history = History::read(files).expect("a history");
        let steps = history.steps(self.dialect, &applied, &Target::Latest);
        let mut step: Step = steps
            .map_err(|blocked| TestCaseError::fail(blocked.message))?
            .pop()
            .expect("one step");
        for _ in 0..3 {
            let losses = self
                .database
                .losses(&mut step)
                .await
                .map_err(|e| TestCaseError::fail(format!("{:#}", e.source)))?;
            prop_assert_eq!(&self.there().await, &there, "looking changes nothing");
            if losses.is_empty() {
                break;
            }
            step.accepted_losses
                .extend(losses.into_iter().map(|loss| loss.name));
        }
        let mut result = self.database.run(&step, &|_| (), &|_| ()).await;
        if let Err(error) = &result
            && format!("{:#}", error.source).contains("it would lose")
        {
            prop_assert_eq!(&self.there().await, &there);
            let flags = error
                .hints
                .iter()
                .flat_map(|hint| hint.split("--accept-loss '").skip(1));
            let names: Vec<String> = flags
                .filter_map(|rest| Some(rest.split_once('\'')?.0.to_owned()))
                .collect();
            step.accepted_losses.extend(names);
            result = self.database.run(&step, &|_| (), &|_| ()).await;
        }
        if let Err(error) = result {
            let text = format!("{:#}", error.source);
            prop_assert!(is_about_rows(&text), "{}\n{}", text, step.sql);
            if self.dialect == Dialect::Postgres {
                prop_assert_eq!(self.there().await, there);
            }
            return Ok(false);
        }
        self.follow(operations);
        let after = self.there().await;
        self.made
            .retain(|name, _| !step.accepted_losses.contains(name));
        for name in self.made.keys() {
            prop_assert!(
                after.contains(name),
                "{} is gone, accepted: {:?}\n{}",
                name,
                step.accepted_losses,
                step.sql
            );
        }
        self.try_out().await.map_err(TestCaseError::fail)?;
        for (expected, (table, column)) in rows {
            prop_assert_eq!(
                self.held(&table, &column).await,
                expected,
                "{}.{}: {}",
                table,
                column,
                step.sql
            );
        }
        Ok(true)
    }
}

fn value(column: &Column, schema: &Schema, number: usize) -> String {
    match &column.kind {
        ColumnType::Boolean => ["FALSE", "TRUE"][number - 1].into(),
        ColumnType::Enum(name) => format!(
            "'{}'",
            schema.enums[name].values[number - 1].replace('\'', "''")
        ),
        kind if kind.is_text() => format!("'{number}'"),
        _ => number.to_string(),
    }
}

/// Whether an error is one that rows are to blame for; MariaDB does not always follow a rename into an expression, and says
/// so before it does anything.
fn is_about_rows(error: &str) -> bool {
    const WORDS: [&str; 18] = [
        "in 'CHECK'",
        "in 'GENERATED ALWAYS AS'",
        "duplicate",
        "Duplicate",
        "out of range",
        "Out of range",
        "invalid input",
        "Incorrect",
        "truncated",
        "too long",
        "violates",
        "constraint fails",
        "cannot become",
        "would change",
        "failed for",
        "overflow",
        "holds",
        "contains null",
    ];
    WORDS.iter().any(|word| error.contains(word))
}

fn operations(before: &Schema, after: &Schema) -> Vec<Operation> {
    let mut fills = Fills::new();
    let renames = some_renames(before, after);
    let plain = diff(before, after, &renames, &fills).expect("a diff");
    for (table, column) in unanswered(before, &plain) {
        let new = after.column(&table, &column).expect("it is new");
        fills.insert((table, column), value(new, after, 1));
    }
    let mut operations = diff(before, after, &renames, &fills).expect("a diff");
    for operation in &mut operations {
        if let Operation::AlterColumn { lossy, .. } = operation {
            *lossy = true;
        }
    }
    operations
}

async fn evolve(
    dialect: Dialect,
    server: &str,
    changes: Vec<(Schema, u16)>,
) -> Result<(), TestCaseError> {
    let mut place = Place::open(dialect, server).await;
    if dialect == Dialect::Postgres {
        let function = "CREATE FUNCTION hand_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$";
        place.execute(function).await.expect("a function");
    }
    let (mut files, mut before, mut version, mut last) =
        (Vec::new(), Schema::default(), 0, String::new());
    'changes: for (after, which) in changes {
        let mut state = before.clone();
        for operations in in_transactions(operations(&before, &after)) {
            version += 1;
            let name = format!("{version}_step");
            let parents = if last.is_empty() {
                Vec::new()
            } else {
                vec![last.clone()]
            };
            let Ok(written) = write(&name, parents, &state, &operations, &[dialect]) else {
                // There is no such conversion.
                break 'changes;
            };
            files.extend(
                written
                    .files
                    .into_iter()
                    .map(|(path, text)| File { path, text }),
            );
            if !place.migrate(&files, &state, &operations).await? {
                break 'changes;
            }
            last = name;
            for operation in &operations {
                operation.apply(&mut state).expect("operations fit");
            }
        }
        before = after;
        place.fill(&before).await.map_err(TestCaseError::fail)?;
        let tables: Vec<Table> = before.tables.values().cloned().collect();
        for table in &tables {
            place.make(table, which).await;
        }
    }
    place.close().await;
    Ok(())
}

/// `LUTHIER_EVOLUTIONS=500 cargo nextest run -E 'test(made_by_hand)'` tries many more than this.
fn evolves(dialect: Dialect, variable: &str, few: u32) {
    let Some(server) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else {
        let message = format!("SKIPPED for want of a server: set {variable}, or run scripts/test");
        assert!(
            std::env::var_os("LUTHIER_REQUIRE_SERVERS").is_none(),
            "{message}"
        );
        let _ = writeln!(std::io::stderr(), "{message}");
        return;
    };
    let changes = prop::collection::vec((schema(), any::<u16>()), 2..6);
    // The same sequences in every run, unless more are asked for.
    let mut runner = match std::env::var_os("LUTHIER_EVOLUTIONS") {
        Some(_) => runner(few),
        None => TestRunner::new_with_rng(
            runner(few).config().clone(),
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        ),
    };
    let result = runner.run(&changes, |changes| {
        let result = block_on(async { Ok(evolve(dialect, &server, changes).await) });
        result.map_err(|error| TestCaseError::fail(error.source.to_string()))?
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_is_made_by_hand_survives_on_postgresql() {
    evolves(Dialect::Postgres, "LUTHIER_TEST_POSTGRES", 16);
}

#[test]
fn what_is_made_by_hand_survives_on_mysql() {
    evolves(Dialect::Mysql, "LUTHIER_TEST_MYSQL", 10);
}
