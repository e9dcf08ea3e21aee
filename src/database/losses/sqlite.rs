//! SQLite: tables made by hand whose references would lead nowhere, and what is computed or checked from a column that
//! goes away. The rest shows while a step runs, and is taken back.

use crate::database::driver::Driver;
use crate::database::sqlite::Sqlite;
use crate::error::Result;
use crate::migrations::{Loss, Step, TouchedColumn};
use crate::sql::{Dialect, Resting, resting_on};

use super::find::FindLosses;
use super::sentences::push;

/// References to tables that go away.
impl FindLosses for Sqlite {
    async fn find_losses(&mut self, step: &mut Step) -> Result<Vec<Loss>> {
        let mut losses = Vec::new();
        columns(self, step, &mut losses).await?;
        for table in step.touched.tables.iter().filter(|table| table.dropped) {
            let sql = format!(
                "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
                 WHERE m.type = 'table' AND f.\"table\" = {} COLLATE NOCASE",
                Dialect::Sqlite.literal(&table.name)
            );
            for child in self.texts(&sql).await? {
                let mut known = step.touched.known_tables.iter();
                if known.any(|name| name.eq_ignore_ascii_case(&child)) {
                    continue;
                }
                let loss = Loss::new(
                    &child,
                    format!(
                        "the table `{child}`, made by hand, refers to `{}`, which goes away: every later change of its rows would fail",
                        table.name
                    ),
                    format!(
                        "drop `{child}` first, or build it again without the reference: SQLite cannot take a reference away from a \
                         table that is there"
                    ),
                );
                push(&mut losses, loss);
            }
        }
        Ok(losses)
    }
}

/// What uses columns that `ALTER TABLE … DROP COLUMN` takes away; a rebuild looks at its table itself.
async fn columns(database: &mut Sqlite, step: &Step, losses: &mut Vec<Loss>) -> Result<()> {
    let is_rebuilt = |column: &TouchedColumn| {
        let mut rebuilds = step.rebuilds.iter();
        rebuilds.any(|rebuild| rebuild.table.eq_ignore_ascii_case(&column.table))
    };
    let dropped = step.touched.columns.iter().filter(|column| column.dropped);
    for column in dropped.filter(|column| !is_rebuilt(column)) {
        let sql = format!(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = {} COLLATE NOCASE",
            Dialect::Sqlite.literal(&column.table)
        );
        for create in database.texts(&sql).await? {
            for resting in resting_on(&create, &column.column) {
                if let Some(loss) = loss(step, column, resting) {
                    push(losses, loss);
                }
            }
        }
    }
    Ok(())
}

/// `None` where the migration itself takes it away.
fn loss(step: &Step, column: &TouchedColumn, resting: Resting) -> Option<Loss> {
    let place = column.place();
    let table = Dialect::Sqlite.quote(&column.table);
    match resting {
        Resting::Computed { name, text } => {
            let known = format!("{}.{name}", column.table);
            if step.touched.computed.contains_key(&known) {
                return None;
            }
            let drop = format!(
                "ALTER TABLE {table} DROP COLUMN {}",
                Dialect::Sqlite.quote(&name)
            );
            Some(
                Loss::new(
                    name,
                    format!("the generated column `{text}` uses `{place}`, which goes away"),
                    format!("say it in the migration's file, before the change: `{drop};`"),
                )
                .removed_by(drop),
            )
        }
        Resting::Check { name, text } => Some(Loss::new(
            name.unwrap_or_else(|| place.clone()),
            format!("the constraint `{text}` uses `{place}`, which goes away"),
            format!(
                "build {table} again without it first: SQLite cannot take a check away from a table that is there"
            ),
        )),
    }
}
