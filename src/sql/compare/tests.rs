//! Differences that matter are found, others are not.

use super::*;
use crate::schema::{Action, Column, ColumnType, Default, EnumType, Index, Length};

/// One table with a bit of everything.
fn schema() -> Schema {
    let mut table = Table {
        name: "books".into(),
        primary_key: vec!["id".into()],
        ..Table::default()
    };
    let mut id = Column::new("id", ColumnType::BigInteger);
    id.auto_increment = true;
    let mut isbn = Column::new("isbn", ColumnType::String(Length::N(20)));
    isbn.unique = true;
    let mut pages = Column::new("pages", ColumnType::Integer);
    pages.default = Some(Default::Number("0".into()));
    let mood = Column::new("mood", ColumnType::Enum("mood".into()));
    let mut author = Column::new("author_id", ColumnType::BigInteger);
    author.nullable = true;
    table.columns = vec![id, isbn, pages, mood, author];
    table.add_index(Index {
        name: "idx-books-pages".into(),
        columns: vec!["pages".into()],
        unique: false,
    });
    table.add_foreign_key(ForeignKey {
        name: "fk-books-author_id".into(),
        columns: vec!["author_id".into()],
        table: "books".into(),
        references: vec!["id".into()],
        on_delete: None,
        on_update: None,
    });
    let mut schema = Schema::default();
    schema.tables.insert("books".into(), table);
    schema.enums.insert(
        "mood".into(),
        EnumType {
            name: "mood".into(),
            values: vec!["happy".into(), "sad".into()],
        },
    );
    schema
}

fn changed(change: impl FnOnce(&mut Table)) -> Schema {
    let mut schema = schema();
    if let Some(table) = schema.tables.get_mut("books") {
        change(table);
    }
    schema
}

fn column(name: &str, change: impl FnOnce(&mut Column)) -> Schema {
    changed(|table| {
        if let Some(column) = table.column_mut(name) {
            change(column);
        }
    })
}

#[test]
fn what_a_database_keeps_alike_is_alike() {
    let alike = [
        column("pages", |pages| {
            pages.default = Some(Default::Text("0".into()))
        }),
        changed(|table| table.foreign_keys[0].on_delete = Some(Action::NoAction)),
        changed(|table| table.columns.reverse()),
    ];
    for dialect in Dialect::ALL {
        for live in &alike {
            assert_eq!(dialect.compare(&schema(), live), [], "{dialect}");
        }
    }
    let wider = column("pages", |pages| pages.kind = ColumnType::BigInteger);
    assert_eq!(Dialect::Sqlite.compare(&schema(), &wider), []);
    let restrict = changed(|table| table.foreign_keys[0].on_delete = Some(Action::Restrict));
    assert_eq!(Dialect::Mysql.compare(&schema(), &restrict), []);
}

#[test]
fn what_differs_is_said_in_one_sentence() {
    use Grade::{Demanding, Different, Extra, Name};
    let cases = [
        (
            column("isbn", |isbn| isbn.kind = ColumnType::Text),
            Different,
            "`books.isbn`: the type is `text` in the database; expected `varchar(20)`",
        ),
        (
            column("isbn", |isbn| isbn.nullable = true),
            Different,
            "`books.isbn`: the column allows NULL in the database; expected NOT NULL",
        ),
        (
            column("pages", |pages| pages.default = None),
            Different,
            "`books.pages`: the column has no default in the database; expected `0`",
        ),
        (
            changed(|table| table.columns.retain(|column| column.name != "pages")),
            Different,
            "`books.pages`: the column is missing; expected `integer`",
        ),
        (
            changed(|table| table.columns.push(Column::new("x", ColumnType::Text))),
            Demanding,
            "`books.x`: no migration makes this column (`text`), and it needs a value in every new row",
        ),
        (
            changed(|table| table.primary_key = vec!["isbn".into()]),
            Different,
            "`books`: the primary key is `isbn` in the database; expected `id`",
        ),
        (
            column("isbn", |isbn| isbn.unique = false),
            Different,
            "`books`: the unique key on `isbn` is missing",
        ),
        (
            column("pages", |pages| pages.unique = true),
            Extra,
            "`books`: no migration makes the unique key on `pages` (`books_pages_key`)",
        ),
        (
            changed(|table| table.indexes.clear()),
            Different,
            "`books`: the index on `pages` is missing",
        ),
        (
            changed(|table| table.indexes[0].name = "pages_index".into()),
            Name,
            "`books`: the index on `pages` is `pages_index` in the database; expected `idx-books-pages`",
        ),
        (
            changed(|table| table.foreign_keys.clear()),
            Different,
            "`books`: the reference to `books` on `author_id` is missing",
        ),
        (
            changed(|table| table.foreign_keys[0].on_delete = Some(Action::Cascade)),
            Different,
            "`books`: the reference on `author_id` has ON DELETE CASCADE in the database; expected NO ACTION",
        ),
    ];
    for (live, grade, message) in cases {
        let found = Dialect::Postgres.compare(&schema(), &live);
        let first = found.first().expect(message);
        assert_eq!((first.grade, first.message.as_str()), (grade, message));
    }
    let computed = |sql: &str| {
        column("pages", |pages| {
            pages.default = Some(Default::Sql(sql.into()))
        })
    };
    let (ours, theirs) = (computed("1 + abs(2)"), computed("(abs(2) + 1)"));
    assert_eq!(
        Dialect::Postgres.compare(&ours, &computed("(1 + ABS(2::int))")),
        []
    );
    assert_eq!(
        Dialect::Postgres.compare(&ours, &theirs)[0].grade,
        Grade::Unsure
    );
    assert_eq!(Dialect::Sqlite.compare(&ours, &theirs)[0].grade, Different);
    let mut without = schema();
    without.enums.clear();
    let found = Dialect::Postgres.compare(&schema(), &without);
    assert_eq!(found[0].message, "`mood`: the enum is missing");
    let found = Dialect::Postgres.compare(&schema(), &Schema::default());
    assert_eq!(found[0].message, "`books`: the table is missing");
}

#[test]
fn a_name_comes_with_the_sql_that_settles_it() {
    let live = changed(|table| table.foreign_keys[0].name = "books_author_id_fkey".into());
    let found = Dialect::Postgres.compare(&schema(), &live);
    assert_eq!(
        found[0].fix.as_deref(),
        Some(
            "ALTER TABLE \"books\" RENAME CONSTRAINT \"books_author_id_fkey\" TO \"fk-books-author_id\""
        )
    );
    assert_eq!(Dialect::Sqlite.compare(&schema(), &live), []);
}

#[test]
fn a_known_schema_gives_back_its_words() {
    let mut live = schema();
    let table = live.tables.get_mut("books").expect("it is there");
    for (name, kind) in [
        ("pages", ColumnType::BigInteger),
        ("mood", ColumnType::Custom("enum_text".into())),
    ] {
        table.column_mut(name).expect("it is there").kind = kind;
    }
    table.foreign_keys[0].name = "?".into();
    live.enums.clear();
    assert_eq!(Dialect::Sqlite.recognise(&schema(), &live), schema());
}
