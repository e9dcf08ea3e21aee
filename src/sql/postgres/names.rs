//! The names that PostgreSQL gives to constraints by itself.

use crate::sql::Dialect;
use crate::sql::table::{base_name, composite_key_name};

const PG: Dialect = Dialect::Postgres;

/// The name of a primary key's constraint: PostgreSQL's own for one column, SeaORM's for several.
pub(in crate::sql) fn key_name(table: &str, columns: &[String]) -> String {
    if columns.len() == 1 {
        made_name(base_name(table), None, "pkey")
    } else {
        PG.shortened(&composite_key_name(table))
    }
}

/// The name PostgreSQL gives to the constraint of a unique column.
pub(in crate::sql) fn unique_name(table: &str, column: &str) -> String {
    made_name(base_name(table), Some(column), "key")
}

/// The name PostgreSQL makes up for a constraint: `books_isbn_key`, the longer part shortened to fit 63 bytes.
pub(super) fn made_name(table: &str, column: Option<&str>, label: &str) -> String {
    let room = 63 - label.len() - 1 - column.map_or(0, |_| 1);
    let (mut first, mut second) = (table.len(), column.map_or(0, str::len));
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let cut = |text: &str, mut end: usize| {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    };
    match column {
        Some(column) => format!("{}_{}_{label}", cut(table, first), cut(column, second)),
        None => format!("{}_{label}", cut(table, first)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraint_names_are_cut_as_postgresql_cuts_them() {
        let table = "a_table_with_a_rather_long_name_indeed_yes";
        let column = "and_a_column_with_a_rather_long_name_too";
        let name = made_name(table, Some(column), "key");
        assert_eq!(name.len(), 63);
        assert_eq!(
            name,
            "a_table_with_a_rather_long_na_and_a_column_with_a_rather_lo_key"
        );
        assert_eq!(made_name("books", Some("isbn"), "key"), "books_isbn_key");
        assert_eq!(made_name("books", None, "pkey"), "books_pkey");
    }
}
