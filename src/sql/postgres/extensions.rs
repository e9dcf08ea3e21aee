//! Types and functions that come with an extension, which a fresh database does not have yet.

use std::collections::BTreeSet;

use crate::operation::Operation;
use crate::schema::{Column, ColumnType, Default, Schema};

/// Types to the extension that brings them.
const TYPES: [(&str, &str); 12] = [
    ("citext", "citext"),
    ("hstore", "hstore"),
    ("ltree", "ltree"),
    ("lquery", "ltree"),
    ("cube", "cube"),
    ("earth", "earthdistance"),
    ("isbn", "isn"),
    ("isbn13", "isn"),
    ("vector", "vector"),
    ("halfvec", "vector"),
    ("geometry", "postgis"),
    ("geography", "postgis"),
];

/// Functions likewise. `gen_random_uuid()` is PostgreSQL's own.
const FUNCTIONS: [(&str, &str); 8] = [
    ("uuid_generate_v1", "uuid-ossp"),
    ("uuid_generate_v1mc", "uuid-ossp"),
    ("uuid_generate_v4", "uuid-ossp"),
    ("uuid_nil", "uuid-ossp"),
    ("gen_random_bytes", "pgcrypto"),
    ("gen_salt", "pgcrypto"),
    ("digest", "pgcrypto"),
    ("crypt", "pgcrypto"),
];

/// The extensions that `operations` are the first to need, on a database that holds `before`.
pub(super) fn first_needed(before: &Schema, operations: &[Operation]) -> Vec<&'static str> {
    let mut needed = BTreeSet::new();
    for operation in operations {
        match operation {
            Operation::CreateTable { table } => table
                .columns
                .iter()
                .for_each(|column| add(column, &mut needed)),
            Operation::AddColumn { column, .. } | Operation::AlterColumn { column, .. } => {
                add(column, &mut needed);
            }
            _ => {}
        }
    }
    if needed.is_empty() {
        return Vec::new();
    }
    let mut known = BTreeSet::new();
    for table in before.tables.values() {
        table
            .columns
            .iter()
            .for_each(|column| add(column, &mut known));
    }
    needed.difference(&known).copied().collect()
}

fn add(column: &Column, found: &mut BTreeSet<&'static str>) {
    let mut kind = &column.kind;
    while let ColumnType::Array(element) = kind {
        kind = element;
    }
    let name = match kind {
        ColumnType::Custom(sql) => {
            let sql = sql.to_lowercase();
            let end = sql.find(['(', '[', ' ']).unwrap_or(sql.len());
            sql[..end].trim_matches('"').to_owned()
        }
        ColumnType::Vector(_) => "vector".into(),
        ColumnType::LTree => "ltree".into(),
        _ => String::new(),
    };
    let of_type = TYPES.iter().find(|(known, _)| *known == name);
    found.extend(of_type.map(|(_, extension)| *extension));
    if let Some(Default::Sql(sql)) = &column.default {
        for (function, extension) in FUNCTIONS {
            if calls(sql, function) {
                found.insert(extension);
            }
        }
    }
}

/// Whether `sql` calls `function`.
fn calls(sql: &str, function: &str) -> bool {
    let sql = sql.to_lowercase();
    sql.match_indices(function).any(|(at, found)| {
        let before = sql[..at].chars().next_back();
        let is_whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        is_whole && sql[at + found.len()..].trim_start().starts_with('(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Table;

    fn table(kind: ColumnType, default: Option<&str>) -> Table {
        let mut column = Column::new("x".to_owned(), kind);
        column.default = default.map(|sql| Default::Sql(sql.to_owned()));
        Table {
            name: "t".into(),
            columns: vec![column],
            ..Table::default()
        }
    }

    #[test]
    fn what_a_column_needs_is_made_once() {
        for (kind, default, expected) in [
            (ColumnType::Custom("citext".into()), None, "citext"),
            (
                ColumnType::Custom("geometry(Point, 4326)".into()),
                None,
                "postgis",
            ),
            (ColumnType::Custom("mood".into()), None, ""),
            (
                ColumnType::Array(Box::new(ColumnType::LTree)),
                None,
                "ltree",
            ),
            (ColumnType::Vector(Some(3)), None, "vector"),
            (ColumnType::Uuid, Some("uuid_generate_v4()"), "uuid-ossp"),
            (
                ColumnType::Uuid,
                Some("public.uuid_generate_v4 ()"),
                "uuid-ossp",
            ),
            (ColumnType::Uuid, Some("gen_random_uuid()"), ""),
            (ColumnType::Uuid, Some("my_uuid_generate_v4()"), ""),
            (ColumnType::Text, Some("'crypt'"), ""),
        ] {
            let made = table(kind.clone(), default);
            let operations = [Operation::CreateTable {
                table: made.clone(),
            }];
            let found = first_needed(&Schema::default(), &operations);
            assert_eq!(found.join(" "), expected, "{kind} {default:?}");
            let mut before = Schema::default();
            before.tables.insert("old".into(), made);
            assert!(first_needed(&before, &operations).is_empty());
        }
    }
}
