//! What is written reads back as what it was written from.

use proptest::prelude::*;

use super::super::read;
use super::*;
use crate::schema::random::schema;
use crate::schema::{Action, ColumnType, EnumType, ForeignKey, Index, Length};

fn read_back(schema: &Schema) -> Schema {
    let modules = write(schema);
    match read(&modules.sources()) {
        Ok(entities) => entities.schema,
        Err(errors) => panic!("{}\n{}", errors[0], modules.in_one_file()),
    }
}

proptest! {
    #[test]
    fn random_schemas_read_back(schema in schema()) {
        let mut schema = schema;
        for table in schema.tables.values_mut() {
            // A unique column needs no index of its own, and entities cannot ask for one.
            let unique: Vec<String> = table.columns.iter().filter(|c| c.unique).map(|c| c.name.clone()).collect();
            table.indexes.retain(|index| index.unique || !unique.contains(&index.columns[0]));
        }
        let back = read_back(&schema);
        prop_assert!(back.same_as(&schema), "{:#?}\n{:#?}\n{}", schema, back, write(&schema).in_one_file());
    }
}

/// Names, types and references that are hard on an entity.
fn hard() -> Schema {
    let mut schema = Schema::default();
    let mut add = |name: &str, key: &[&str], columns: Vec<Column>| {
        let table = Table {
            name: name.into(),
            columns,
            primary_key: key.iter().map(|name| (*name).to_owned()).collect(),
            ..Table::default()
        };
        schema.tables.insert(name.into(), table);
    };
    let id = || {
        let mut id = Column::new("id", ColumnType::BigInteger);
        id.auto_increment = true;
        id
    };
    let column = |name: &str, kind| Column::new(name, kind);
    let nullable = |name: &str, kind| Column {
        nullable: true,
        ..Column::new(name, kind)
    };
    use ColumnType as T;
    add(
        "Order",
        &["type", "Größe cm"],
        vec![
            column("Größe cm", T::Integer),
            column("self", T::Text),
            column("type", T::Char(Some(3))),
            column("camelCase", T::Enum("Mood".into())),
        ],
    );
    add(
        "people",
        &["id"],
        vec![
            id(),
            nullable("boss_id", T::BigInteger),
            nullable("mentor_id", T::BigInteger),
            nullable("moods", T::Array(Box::new(T::Enum("Mood".into())))),
            nullable("nick", T::Array(Box::new(T::Text))),
            column("price", T::Decimal(Some((10, 2)))),
            column("place", T::Custom("geometry(\"Point\", 4326)".into())),
        ],
    );
    add(
        "letters",
        &["id"],
        vec![
            column("id", T::Uuid),
            column("sender_id", T::BigInteger),
            column("receiver_id", T::BigInteger),
            column("kind", T::String(Length::Max)),
            column("order_type", T::Char(Some(3))),
            column("order_size", T::Integer),
        ],
    );
    add(
        "badges",
        &["person_id"],
        vec![column("person_id", T::BigInteger)],
    );
    schema.enums.insert(
        "Mood".into(),
        EnumType {
            name: "Mood".into(),
            values: ["so so", "", "2", "Self", "so-so"]
                .map(str::to_owned)
                .to_vec(),
        },
    );
    let mut refer = |table: &str, columns: &[&str], other: &str, references: &[&str]| {
        let key = ForeignKey {
            name: format!("fk-{table}-{}", columns.join("-")),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            table: other.into(),
            references: references.iter().map(|name| (*name).to_owned()).collect(),
            on_delete: Some(Action::SetNull),
            on_update: Some(Action::Restrict),
        };
        schema
            .tables
            .get_mut(table)
            .expect("it is there")
            .add_foreign_key(key);
    };
    refer("people", &["boss_id"], "people", &["id"]);
    refer("people", &["mentor_id"], "people", &["id"]);
    refer("letters", &["sender_id"], "people", &["id"]);
    refer("letters", &["receiver_id"], "people", &["id"]);
    refer(
        "letters",
        &["order_type", "order_size"],
        "Order",
        &["type", "Größe cm"],
    );
    refer("badges", &["person_id"], "people", &["id"]);
    let letters = schema.tables.get_mut("letters").expect("it is there");
    letters.add_index(Index {
        name: "idx-letters-both".into(),
        columns: vec!["receiver_id".into(), "sender_id".into()],
        unique: true,
    });
    schema
}

#[test]
fn hard_names_and_references_read_back() {
    let schema = hard();
    let back = read_back(&schema);
    assert!(
        back.same_as(&schema),
        "{}\n{back:#?}",
        write(&schema).in_one_file()
    );
}

#[test]
fn a_table_without_a_key_is_left_out() {
    let mut schema = Schema::default();
    schema.tables.insert(
        "logs".into(),
        Table {
            name: "logs".into(),
            columns: vec![Column::new("line", ColumnType::Text)],
            ..Table::default()
        },
    );
    let modules = write(&schema);
    assert_eq!(modules.modules, []);
    assert_eq!(modules.without_key, ["logs"]);
}

#[test]
fn indexes_that_share_a_column_are_not_mixed_up() {
    let mut schema = hard();
    let letters = schema.tables.get_mut("letters").expect("it is there");
    letters.add_index(Index {
        name: "idx-letters-other".into(),
        columns: vec!["sender_id".into(), "kind".into()],
        unique: true,
    });
    let back = read_back(&schema);
    let indexes = &back.tables["letters"].indexes;
    let names: Vec<&str> = indexes.iter().map(|index| index.name.as_str()).collect();
    assert_eq!(names, ["idx-letters-both"]);
}

#[test]
fn a_unique_key_in_another_order_than_the_key_is_left_out() {
    let column = |name: &str| Column::new(name, ColumnType::Integer);
    let mut table = Table {
        name: "pairs".into(),
        columns: vec![column("a"), column("b")],
        primary_key: vec!["a".into(), "b".into()],
        ..Table::default()
    };
    table.add_index(Index {
        name: "pairs_b_a_key".into(),
        columns: vec!["b".into(), "a".into()],
        unique: true,
    });
    let mut schema = Schema::default();
    schema.tables.insert("pairs".into(), table);
    let back = read_back(&schema);
    assert_eq!(back.tables["pairs"].primary_key, ["a", "b"]);
    // Not as an index on `a`, `b`, which the database does not have.
    assert_eq!(back.tables["pairs"].indexes, []);
}
