//! Foreign keys made by hand, which keep a column from changing its type, and columns and tables from going away.

use serde::Deserialize;

use crate::database::driver::Driver;
use crate::database::losses::sentences::{GOES_AWAY, change, push, without};
use crate::database::mysql::Mysql;
use crate::error::Result;
use crate::migrations::{Loss, Step};
use crate::sql::Dialect;

const MY: Dialect = Dialect::Mysql;

/// A column of a foreign key.
#[derive(Deserialize)]
struct Key {
    name: String,
    table: String,
    column: String,
    target: String,
    target_column: String,
}

const KEYS: &str = "\
    SELECT CAST(JSON_OBJECT('name', k.constraint_name, 'table', k.table_name, 'column', k.column_name, \
        'target', k.referenced_table_name, 'target_column', k.referenced_column_name) AS CHAR) \
    FROM information_schema.key_column_usage k WHERE k.table_schema = DATABASE() \
    AND k.referenced_table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL";

pub(super) async fn losses(
    database: &mut Mysql,
    step: &Step,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    let touched = &step.touched;
    let stays = |table: &str| !touched.tables.iter().any(|t| t.dropped && t.name == table);
    for key in database.objects::<Key>(KEYS).await? {
        if touched.known.contains(&key.name) || !stays(&key.table) {
            continue;
        }
        let column = touched.columns.iter().find(|column| {
            (column.dropped || column.retyped)
                && ((&column.table, &column.column) == (&key.table, &key.column)
                    || (&column.table, &column.column) == (&key.target, &key.target_column))
        });
        let (place, what) = match column {
            Some(column) => (column.place(), change(column)),
            None if !stays(&key.target) => (key.target.clone(), GOES_AWAY),
            None => continue,
        };
        let Key { name, table, .. } = &key;
        let drop = format!(
            "ALTER TABLE {} DROP FOREIGN KEY {}",
            MY.quote(table),
            MY.quote(name)
        );
        let loss = Loss::new(
            name,
            format!("the foreign key `{name}` of `{table}` uses `{place}`, which {what}"),
            without(&drop, "foreign key"),
        );
        push(losses, loss.removed_by(drop));
    }
    Ok(())
}
