//! What happens to the objects that entities cannot express when a table or column changes its name or goes away.

use crate::schema::{Object, Schema};

/// Kinds that belong to one column, which is their name.
const OF_COLUMN: [&str; 5] = [
    "collation",
    "generated",
    "on update",
    "invisible",
    "sequence",
];

/// Objects follow their table. What they say then, only the database knows.
pub(super) fn rename_table(schema: &mut Schema, from: &str, to: &str) {
    change(schema, |object| {
        let touched = object.table == from || mentions(&object.definition, from);
        if object.table == from {
            to.clone_into(&mut object.table);
        }
        touched
    });
}

pub(super) fn rename_column(schema: &mut Schema, table: &str, from: &str, to: &str) {
    change(schema, |object| {
        let own = object.table == table;
        if own && object.name == from && OF_COLUMN.contains(&object.kind.as_str()) {
            to.clone_into(&mut object.name);
        }
        (own || mentions(&object.definition, table)) && mentions(&object.definition, from)
    });
}

/// Indexes and checks go with the column.
pub(super) fn drop_column(schema: &mut Schema, table: &str, column: &str) {
    schema.objects.retain(|object| {
        let goes = match object.kind.as_str() {
            "index" | "check" | "exclusion" => mentions(&object.definition, column),
            kind => OF_COLUMN.contains(&kind) && object.name == column,
        };
        object.table != table || !goes
    });
}

/// Forgets the definition of every object that `touch` says is touched.
fn change(schema: &mut Schema, mut touch: impl FnMut(&mut Object) -> bool) {
    let objects = std::mem::take(&mut schema.objects);
    schema.objects = objects
        .into_iter()
        .map(|mut object| {
            if touch(&mut object) {
                object.definition.clear();
            }
            object
        })
        .collect();
}

/// Whether `name` stands in `text` as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;
    use crate::schema::{Column, ColumnType, Table};

    fn object(kind: &str, name: &str, definition: &str) -> Object {
        Object {
            dialect: "postgres".into(),
            kind: kind.into(),
            table: "books".into(),
            name: name.into(),
            definition: definition.into(),
        }
    }

    #[test]
    fn objects_follow_their_table() {
        let mut schema = Schema::default();
        let table = Table {
            name: "books".into(),
            columns: vec![Column::new("isbn", ColumnType::Text)],
            ..Table::default()
        };
        let objects = vec![
            object("index", "active", "CREATE INDEX active ON books (isbn)"),
            object("check", "long", "CHECK (length(isbn_old) > 1)"),
            object("collation", "isbn", "C"),
        ];
        let operations = [
            Operation::CreateTable { table },
            Operation::Adopt {
                objects,
                enums: std::collections::BTreeMap::new(),
            },
            Operation::RenameTable {
                from: "books".into(),
                to: "novels".into(),
            },
            Operation::DropColumn {
                table: "novels".into(),
                name: "isbn".into(),
            },
        ];
        for operation in &operations[..3] {
            operation.apply(&mut schema).unwrap();
        }
        let all = |schema: &Schema| -> Vec<String> {
            let objects = schema.objects.iter();
            objects
                .map(|o| format!("{} of {}", o.name, o.table))
                .collect()
        };
        assert_eq!(
            all(&schema),
            ["long of novels", "isbn of novels", "active of novels"]
        );
        operations[3].apply(&mut schema).unwrap();
        // Its definition is unknown since the table was renamed, so that the index may be another column's.
        assert_eq!(all(&schema), ["long of novels", "active of novels"]);
    }
}
