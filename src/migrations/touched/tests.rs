//! Names before the first operation, and after the last.

use super::*;
use crate::schema::{ColumnType, Table};

fn before() -> Schema {
    let mut schema = Schema::default();
    let columns = ["a", "b", "c"];
    let table = Table {
        name: "t".into(),
        columns: columns
            .iter()
            .map(|name| Column::new(*name, ColumnType::Integer))
            .collect(),
        ..Table::default()
    };
    schema.tables.insert("t".into(), table);
    schema
}

#[test]
fn names_are_those_before_the_first_operation() {
    let text = |t: &str| t.to_owned();
    let operations = [
        Operation::RenameTable {
            from: text("t"),
            to: text("u"),
        },
        Operation::RenameColumn {
            table: text("u"),
            from: text("a"),
            to: text("z"),
        },
        Operation::AddColumn {
            table: text("u"),
            column: Column::new("a", ColumnType::Text),
            fill: None,
        },
        Operation::AlterColumn {
            table: text("u"),
            column: Column::new("z", ColumnType::BigInteger),
            fill: None,
            lossy: false,
        },
        Operation::DropColumn {
            table: text("u"),
            name: text("b"),
        },
        Operation::DropColumn {
            table: text("u"),
            name: text("a"),
        },
    ];
    let touched = Touched::by_operations(&before(), &operations);
    let told: Vec<String> = touched
        .columns
        .iter()
        .map(|c| format!("{} {} {} {}", c.place(), c.renamed, c.retyped, c.dropped))
        .collect();
    assert_eq!(told, ["t.a true true false", "t.b false false true"]);
    assert_eq!(touched.tables[0].name, "t");
    assert!(touched.filled.contains("t"));
}

#[test]
fn a_unique_key_alone_leaves_the_definition() {
    let unique = Column {
        unique: true,
        ..Column::new("a", ColumnType::Integer)
    };
    let operation = Operation::AlterColumn {
        table: "t".into(),
        column: unique,
        fill: None,
        lossy: false,
    };
    let touched = Touched::by_operations(&before(), &[operation]);
    assert!(!touched.columns[0].is_redefined());
}
