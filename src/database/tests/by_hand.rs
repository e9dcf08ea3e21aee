//! Schemas that change at random on both servers while somebody makes triggers, views, indexes, checks, statistics and
//! columns by hand: all of that is there after each migration, or the migration names it before it does anything.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::changes::{add, operations, unchanged};
use super::place::Place;
use super::try_out;
use crate::migrations::{File, in_transactions};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Schema, Table};
use crate::sql::Dialect;

/// A database with what was made by hand in it.
struct Populated {
    place: Place,
    /// By the name of each object, the table that it belongs to now.
    made: BTreeMap<String, String>,
    count: u32,
}

impl Populated {
    /// Makes things by hand on a table: a bit of `which` for each. What does not fit its column is left out.
    async fn make(&mut self, table: &Table, which: u16) {
        let column = &table.columns[table.columns.len() / 2].name;
        for (bit, sql) in self.statements(&table.name, column).into_iter().enumerate() {
            if which & (1 << bit) == 0 {
                continue;
            }
            self.count += 1;
            let name = format!("hand_{}", self.count);
            if self
                .place
                .execute(&sql.replace("$name", &name))
                .await
                .is_ok()
            {
                self.made.insert(name, table.name.clone());
            }
        }
    }

    fn statements(&self, table: &str, column: &str) -> Vec<String> {
        let (at, used) = (
            self.place.dialect.quote(table),
            self.place.dialect.quote(column),
        );
        let texts: &[&str] = match self.place.dialect {
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
        let sql = match self.place.dialect {
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
        let names = self.place.database.texts(sql).await.expect("the catalogue");
        names.into_iter().collect()
    }

    /// Views and triggers work: MySQL keeps those that do not.
    async fn try_out(&mut self) -> Result<(), String> {
        let views = match self.place.dialect {
            Dialect::Mysql => {
                "SELECT CAST(table_name AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE()"
            }
            _ => "SELECT viewname::text FROM pg_views WHERE schemaname = current_schema()",
        };
        for view in self
            .place
            .database
            .texts(views)
            .await
            .expect("the catalogue")
        {
            self.place
                .execute(&format!("SELECT CAST(1 AS CHAR(1)) FROM {view} LIMIT 0"))
                .await?;
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
            rows.push((self.place.held(&old).await, new));
        }
        let pending = self.place.steps(files).await.map_err(TestCaseError::fail)?;
        let mut step = pending.into_iter().next_back().expect("one step");
        for _ in 0..3 {
            let losses = self
                .place
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
        let mut result = self.place.database.run(&step, &|_| (), &|_| ()).await;
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
            result = self.place.database.run(&step, &|_| (), &|_| ()).await;
        }
        if let Err(error) = result {
            let text = format!("{:#}", error.source);
            prop_assert!(is_about_rows(&text), "{}\n{}", text, step.sql);
            if self.place.dialect == Dialect::Postgres {
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
        for (expected, column) in rows {
            prop_assert_eq!(
                self.place.held(&column).await,
                expected,
                "{}.{}: {}",
                column.0,
                column.1,
                step.sql
            );
        }
        Ok(true)
    }
}

/// Whether an error is one that rows are to blame for.
fn is_about_rows(error: &str) -> bool {
    const WORDS: [&str; 16] = [
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

async fn evolve(
    dialect: Dialect,
    server: &str,
    changes: Vec<(Schema, u16)>,
) -> Result<(), TestCaseError> {
    let mut populated = Populated {
        place: Place::open(dialect, server).await,
        made: BTreeMap::new(),
        count: 0,
    };
    if dialect == Dialect::Postgres {
        let function = "CREATE FUNCTION hand_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$";
        let made = populated.place.execute(function).await;
        made.expect("a function");
    }
    let (mut files, mut before, mut version, mut last) =
        (Vec::new(), Schema::default(), 0, String::new());
    'changes: for (after, which) in changes {
        let mut state = before.clone();
        for operations in in_transactions(accepting_losses(operations(&before, &after))) {
            version += 1;
            let name = format!("{version}_step");
            let parents: Vec<&str> = if last.is_empty() { vec![] } else { vec![&last] };
            if add(&mut files, dialect, &name, &parents, (&state, &operations)).is_err() {
                // There is no such conversion.
                break 'changes;
            }
            if !populated.migrate(&files, &state, &operations).await? {
                break 'changes;
            }
            last = name;
            for operation in &operations {
                operation.apply(&mut state).expect("operations fit");
            }
        }
        before = after;
        let place = &mut populated.place;
        place.empty(&before).await.map_err(TestCaseError::fail)?;
        place.fill(&before).await.map_err(TestCaseError::fail)?;
        let tables: Vec<Table> = before.tables.values().cloned().collect();
        for table in &tables {
            populated.make(table, which).await;
        }
    }
    populated.place.close().await;
    Ok(())
}

/// Changes of types that round values are agreed to.
fn accepting_losses(mut operations: Vec<Operation>) -> Vec<Operation> {
    for operation in &mut operations {
        if let Operation::AlterColumn { lossy, .. } = operation {
            *lossy = true;
        }
    }
    operations
}

/// `LUTHIER_EVOLUTIONS=500 cargo nextest run -E 'test(made_by_hand)'` tries many more than this.
fn evolves(dialect: Dialect, few: u32) {
    let server = dialect.test_server();
    let changes = prop::collection::vec((schema(), any::<u16>()), 2..6);
    try_out(dialect, few, &changes, async |changes| {
        evolve(dialect, &server, changes).await
    });
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn what_is_made_by_hand_survives_on_postgresql() {
    evolves(Dialect::Postgres, 16);
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn what_is_made_by_hand_survives_on_mysql() {
    evolves(Dialect::Mysql, 10);
}
