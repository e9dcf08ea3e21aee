//! What scenarios ask of a database.

use crate::common::Sandbox;
use crate::common::databases::Database;

/// A database of each kind, as far as there are servers.
pub(crate) fn all() -> Vec<Database> {
    Database::of_folder(Sandbox::in_memory()).and_others()
}

/// The rows of a query of one text column, without the blanks that a fixed width adds.
pub(crate) fn texts(database: &Database, sql: &str) -> Vec<String> {
    let rows = database.texts(sql);
    rows.iter().map(|text| text.trim().to_owned()).collect()
}

/// Tables, columns, keys and indexes as the database knows them, whatever the order of columns.
pub(crate) fn shape(database: &Database) -> Vec<String> {
    let query = match database.dialect {
        "sqlite" => include_str!("../../../src/sql/tests/shape_sqlite.sql"),
        "postgres" => include_str!("../../../src/sql/tests/shape_postgres.sql"),
        _ => include_str!("../../../src/sql/tests/shape_mysql.sql"),
    };
    let mut lines = texts(database, query);
    lines.retain(|line| !line.contains("_sqlx_migrations"));
    lines.sort();
    lines
}

/// The descriptions of the migrations that are recorded as done.
pub(crate) fn recorded(database: &Database) -> Vec<String> {
    let query = "SELECT description FROM _sqlx_migrations WHERE success ORDER BY version";
    texts(database, query)
}
