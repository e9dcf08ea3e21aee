//! Conditions on the form of texts.

use crate::sql::Dialect;

/// Regular expressions for both servers, which know no classes such as `\d` in common.
pub(super) const NUMBER: &str = "[+-]?([0-9]+([.][0-9]+)?|[.][0-9]+)([eE][+-]?[0-9]+)?";

/// A condition that the text is not of this form; for SQLite another one.
pub(super) fn not_like(dialect: Dialect, name: &str, pattern: &str) -> String {
    match dialect {
        Dialect::Mysql => {
            format!("CONVERT({name} USING utf8mb4) COLLATE utf8mb4_bin NOT REGEXP '^{pattern}$'")
        }
        _ => format!("{name} !~ '^{pattern}$'"),
    }
}

pub(super) fn trimmed(name: &str) -> String {
    format!("trim({name})")
}
