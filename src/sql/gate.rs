//! Guards of SQLite: statements that fail where rows are found, or where a table is not the one that a file was written for.

use super::Dialect;

const LITE: Dialect = Dialect::Sqlite;

/// Fails with `reason` where `rows` are found: SQLite names the constraint that was broken.
pub(super) fn gate(reason: &str, rows: &str) -> Vec<String> {
    let constraint = LITE.quote(reason);
    vec![
        format!(
            "CREATE TEMP TABLE \"luthier_gate\" (\"ok\" integer CONSTRAINT {constraint} CHECK (\"ok\"))"
        ),
        format!("INSERT INTO \"luthier_gate\" SELECT 0 {rows} LIMIT 1"),
        "DROP TABLE \"luthier_gate\"".into(),
    ]
}

/// The temporary table by which a file checks that it was written for the table it rebuilds.
pub(crate) const TABLE_GATE: &str = "luthier_table_gate";
