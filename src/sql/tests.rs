mod evolution;
mod server;

use super::*;
use crate::migrations::{Fills, Renames, diff, write};
use crate::operation::Operation;
use crate::schema::{
    Action, Column, ColumnType, Default, EnumType, ForeignKey, Index, Schema, Table,
};

fn column(name: &str, kind: &str) -> Column {
    let (kind, nullable) = match kind.strip_suffix('?') {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let mut column = Column::new(name, kind.parse::<ColumnType>().expect(kind));
    column.nullable = nullable;
    column
}

fn key(from: &str, to: &str) -> ForeignKey {
    ForeignKey {
        name: format!("fk-{from}-{to}"),
        columns: vec![format!("{to}_id")],
        table: to.into(),
        references: vec!["id".into()],
        on_delete: Some(Action::Cascade),
        on_update: None,
    }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    let mut id = column("id", "big_integer");
    id.auto_increment = true;
    Table {
        name: name.into(),
        columns: [vec![id], columns].concat(),
        primary_key: vec!["id".into()],
        ..Table::default()
    }
}

fn schema_with(tables: Vec<Table>) -> Schema {
    let mut schema = Schema::default();
    for table in tables {
        schema.tables.insert(table.name.clone(), table);
    }
    schema
}

/// Both directions in every dialect, from one schema to the other.
fn scripts(before: &Schema, after: &Schema, renames: &Renames, fills: &Fills) -> String {
    let operations = diff(before, after, renames, fills).expect("a diff");
    scripts_of(before, &operations)
}

fn scripts_of(before: &Schema, operations: &[Operation]) -> String {
    let mut text = String::new();
    for dialect in Dialect::ALL {
        let written = write("1_change", Vec::new(), before, operations, &[dialect]);
        match written {
            Ok(written) => {
                for (path, file) in written
                    .files
                    .iter()
                    .filter(|(path, _)| path.ends_with("sql"))
                {
                    text.push_str(&format!("==== {path}\n{file}\n"));
                }
            }
            Err(refusal) => text.push_str(&format!("==== {refusal}\n\n")),
        }
    }
    text
}

#[test]
fn new_tables_with_everything() {
    let mut book = table(
        "books",
        vec![
            column("title", "string(200)"),
            column("price", "decimal(10, 2)"),
            column("mood", "enum(Mood)?"),
            column("order", "json?"),
            column("authors_id", "big_integer"),
            column("books_id", "big_integer?"),
        ],
    );
    book.comment = Some("What we sell, it's all here".into());
    book.column_mut("title").unwrap().unique = true;
    book.column_mut("price").unwrap().default = Some(Default::Number("0".into()));
    book.column_mut("price").unwrap().extra = Some("CHECK (price >= 0)".into());
    book.column_mut("mood").unwrap().comment = Some("How it feels".into());
    book.add_foreign_key(key("books", "authors"));
    book.add_foreign_key(key("books", "books"));
    book.add_index(Index {
        name: "idx-books-work".into(),
        columns: vec!["title".into(), "authors_id".into()],
        unique: true,
    });
    let mut author = table(
        "authors",
        vec![
            column("at", "timestamp_with_time_zone"),
            column("books_id", "big_integer?"),
        ],
    );
    author.column_mut("at").unwrap().default = Some(Default::CurrentTimestamp);
    author.add_foreign_key(key("authors", "books"));
    let mut tag = table("tags", vec![column("part", "integer")]);
    tag.primary_key.push("part".into());
    tag.columns[0].auto_increment = false;
    let mut after = schema_with(vec![book, author, tag]);
    after.enums.insert(
        "Mood".into(),
        EnumType {
            name: "Mood".into(),
            values: vec!["happy".into(), "it's".into()],
        },
    );
    let none = Schema::default();
    insta::assert_snapshot!(scripts(&none, &after, &Renames::default(), &Fills::new()));
}

#[test]
fn columns_come_change_and_go() {
    let mut before = table(
        "books",
        vec![
            column("title", "string(200)"),
            column("pages", "integer?"),
            column("price", "string"),
            column("gone", "text"),
        ],
    );
    before.column_mut("title").unwrap().unique = true;
    before.column_mut("price").unwrap().default = Some(Default::Text("0".into()));
    let mut after = table(
        "books",
        vec![
            column("title", "string(100)?"),
            column("pages", "big_integer"),
            column("price", "decimal(10, 2)"),
            column("note", "string?"),
            column("isbn", "string(20)"),
        ],
    );
    after.column_mut("isbn").unwrap().unique = true;
    after.column_mut("price").unwrap().default = Some(Default::Number("0".into()));
    let mut fills = Fills::new();
    fills.insert(("books".into(), "pages".into()), "100".into());
    fills.insert(("books".into(), "isbn".into()), "'isbn-' || \"id\"".into());
    insta::assert_snapshot!(scripts(
        &schema_with(vec![before]),
        &schema_with(vec![after]),
        &Renames::default(),
        &fills
    ));
}

#[test]
fn simple_additions_happen_in_place() {
    let before = schema_with(vec![table("books", vec![]), table("authors", vec![])]);
    let mut book = table(
        "books",
        vec![
            column("note", "string?"),
            column("sold", "boolean"),
            column("authors_id", "big_integer?"),
        ],
    );
    book.column_mut("sold").unwrap().default = Some(Default::Bool(false));
    book.add_foreign_key(key("books", "authors"));
    book.add_index(Index {
        name: "idx-books-note".into(),
        columns: vec!["note".into()],
        unique: false,
    });
    let after = schema_with(vec![book, table("authors", vec![])]);
    insta::assert_snapshot!(scripts(&before, &after, &Renames::default(), &Fills::new()));
}

#[test]
fn renames_keep_everything() {
    let mut book = table(
        "books",
        vec![
            column("name", "string(20)"),
            column("authors_id", "big_integer"),
        ],
    );
    book.column_mut("name").unwrap().unique = true;
    book.add_foreign_key(key("books", "authors"));
    let before = schema_with(vec![book.clone(), table("authors", vec![])]);
    let mut work = book;
    work.name = "works".into();
    work.columns[1].name = "title".into();
    work.foreign_keys[0].name = "fk-works-authors".into();
    let after = schema_with(vec![work, table("authors", vec![])]);
    let mut renames = Renames::default();
    renames.tables.insert("books".into(), "works".into());
    renames.add_column("works", "name", "title");
    insta::assert_snapshot!(scripts(&before, &after, &renames, &Fills::new()));
}

#[test]
fn enums_change_in_place_where_they_can() {
    let schema = |values: &[&str]| {
        let mut schema = schema_with(vec![table("books", vec![column("mood", "enum(Mood)")])]);
        schema
            .tables
            .get_mut("books")
            .unwrap()
            .column_mut("mood")
            .unwrap()
            .default = Some(Default::Text("b".into()));
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let kind = EnumType {
            name: "Mood".into(),
            values,
        };
        schema.enums.insert("Mood".into(), kind);
        schema
    };
    let none = (Renames::default(), Fills::new());
    let added = scripts(
        &schema(&["b", "c"]),
        &schema(&["a", "b", "x", "y", "c"]),
        &none.0,
        &none.1,
    );
    let removed = scripts(
        &schema(&["a", "b", "c"]),
        &schema(&["c", "b"]),
        &none.0,
        &none.1,
    );
    insta::assert_snapshot!(format!("{added}\n{removed}"));
}

#[test]
fn what_a_dialect_cannot_do_is_said() {
    let books = |kind: &str| schema_with(vec![table("books", vec![column("x", kind)])]);
    let none = (Renames::default(), Fills::new());
    let mut text = scripts(
        &Schema::default(),
        &books("array(integer)"),
        &none.0,
        &none.1,
    );
    text.push_str(&scripts(
        &Schema::default(),
        &books("year"),
        &none.0,
        &none.1,
    ));
    text.push_str(&scripts(
        &books("date"),
        &books("integer"),
        &none.0,
        &none.1,
    ));
    insta::assert_snapshot!(text);
}
