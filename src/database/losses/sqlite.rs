//! SQLite: tables made by hand whose references would lead nowhere. The rest shows while a step runs, and is taken back.

use crate::database::sqlite::Sqlite;
use crate::error::Result;
use crate::migrations::{Loss, Step};
use crate::sql::Dialect;

use super::push;

/// References to tables that go away.
pub(super) async fn losses(database: &mut Sqlite, step: &Step) -> Result<Vec<Loss>> {
    let mut losses = Vec::new();
    for table in step.touched.tables.iter().filter(|table| table.dropped) {
        let sql = format!(
            "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" = {} COLLATE NOCASE",
            Dialect::Sqlite.literal(&table.name)
        );
        for child in database.texts(&sql).await? {
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
