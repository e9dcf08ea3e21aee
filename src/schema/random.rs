//! Random schemas for property tests: small, so that two of them often touch the same things.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{
    Action, Column, ColumnType, Default, EnumType, ForeignKey, Index, Length, Schema, Table,
};

/// A type, and a default that fits it.
fn column_type() -> impl Strategy<Value = (ColumnType, Option<Default>)> {
    let number = || Some(Default::Number("7".into()));
    let text = || Some(Default::Text("it's".into()));
    let kinds = vec![
        (ColumnType::Integer, number()),
        (ColumnType::BigInteger, number()),
        (ColumnType::SmallInteger, number()),
        (ColumnType::Double, number()),
        (ColumnType::Decimal(Some((10, 2))), number()),
        (ColumnType::Boolean, Some(Default::Bool(true))),
        (ColumnType::String(Length::N(40)), text()),
        (ColumnType::String(Length::None), text()),
        (ColumnType::Text, text()),
        (
            ColumnType::Enum("mood".into()),
            Some(Default::Text("happy".into())),
        ),
    ];
    (select(kinds), any::<bool>())
        .prop_map(|((kind, default), keep)| (kind, default.filter(|_| keep)))
}

fn column(name: &'static str) -> impl Strategy<Value = Column> {
    (column_type(), any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        move |((kind, default), nullable, unique)| {
            let mut column = Column::new(name, kind);
            column.nullable = nullable;
            column.default = default;
            column.unique = unique;
            column
        },
    )
}

fn table(name: &'static str) -> impl Strategy<Value = Table> {
    let names = subsequence(vec!["a", "b", "c", "D e", "order"], 1..=4);
    let columns = names.prop_flat_map(|names| {
        names
            .into_iter()
            .map(|name| column(name).boxed())
            .collect::<Vec<_>>()
    });
    let to = prop::option::weighted(0.6, select(vec!["t1", "t2", "t3", "group"]));
    let actions = select(vec![None, Some(Action::Cascade), Some(Action::SetNull)]);
    let key = select(vec![ColumnType::Integer, ColumnType::BigInteger]);
    (columns, to, actions, key, any::<(bool, bool, bool)>()).prop_map(
        move |(columns, to, on_delete, key, (index, unique_index, composite))| {
            let mut id = Column::new("id", key);
            id.auto_increment = !composite;
            let mut table = Table {
                name: name.into(),
                columns: vec![id],
                primary_key: vec!["id".into()],
                ..Table::default()
            };
            if composite {
                table.columns.push(Column::new("part", ColumnType::Integer));
                table.primary_key.push("part".into());
            }
            table.columns.extend(columns);
            let last = table.columns[table.columns.len() - 1].name.clone();
            // Not every database can index text of any length.
            for column in &mut table.columns {
                let indexed = (index || unique_index) && column.name == last;
                if column.kind == ColumnType::Text && (column.unique || indexed) {
                    column.kind = ColumnType::String(Length::N(40));
                }
            }
            if index {
                table.add_index(Index {
                    name: format!("idx-{name}-{last}"),
                    columns: vec![last.clone()],
                    unique: false,
                });
            }
            if unique_index {
                table.add_index(Index {
                    name: format!("idx-{name}-u"),
                    columns: vec!["id".into(), last],
                    unique: true,
                });
            }
            if let Some(to) = to {
                let column = format!("{to}_id");
                let mut reference = Column::new(column.clone(), ColumnType::BigInteger);
                reference.nullable = true;
                table.columns.push(reference);
                table.add_foreign_key(ForeignKey {
                    name: format!("fk-{name}-{column}"),
                    columns: vec![column],
                    table: to.into(),
                    references: vec!["id".into()],
                    on_delete,
                    on_update: None,
                });
            }
            table
        },
    )
}

/// A schema that every database accepts.
pub(crate) fn schema() -> impl Strategy<Value = Schema> {
    let tables = subsequence(vec!["t1", "t2", "t3", "group"], 0..=4).prop_flat_map(|names| {
        names
            .into_iter()
            .map(|name| table(name).boxed())
            .collect::<Vec<_>>()
    });
    let values = select(vec![
        vec!["happy", "so-so"],
        vec!["happy", "so-so", "sad"],
        vec!["so-so", "happy"],
        vec!["happy", "meh"],
        vec!["meh", "happy", "it's sad"],
    ]);
    (tables, values).prop_map(|(tables, values)| {
        let mut schema = Schema::default();
        for table in tables {
            schema.tables.insert(table.name.clone(), table);
        }
        make_consistent(&mut schema);
        let used = |name: &str| {
            schema.tables.values().any(|table| {
                let mut kinds = table.columns.iter().map(|column| &column.kind);
                kinds.any(|kind| kind.enum_name() == Some(name))
            })
        };
        if used("mood") {
            let kind = EnumType {
                name: "mood".into(),
                values: values.into_iter().map(str::to_owned).collect(),
            };
            schema.enums.insert(kind.name.clone(), kind);
        }
        schema
    })
}

/// Foreign keys lead to single keys of the same type, or nowhere.
fn make_consistent(schema: &mut Schema) {
    let keys: Vec<(String, ColumnType)> = schema
        .tables
        .values()
        .filter(|table| table.primary_key.len() == 1)
        .map(|table| (table.name.clone(), table.columns[0].kind.clone()))
        .collect();
    for table in schema.tables.values_mut() {
        let target = |key: &ForeignKey| keys.iter().find(|(name, _)| *name == key.table);
        table.foreign_keys.retain(|key| target(key).is_some());
        for key in table.foreign_keys.clone() {
            if let (Some((_, kind)), Some(column)) =
                (target(&key), table.column_mut(&key.columns[0]))
            {
                column.kind = kind.clone();
            }
        }
    }
}
