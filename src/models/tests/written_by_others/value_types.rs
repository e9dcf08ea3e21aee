//! Types of columns that the project defines: newtypes, macros, implementations by hand.

use super::*;

#[test]
fn newtypes_that_macros_make() {
    let derived = "macro_rules! id { ($($name:ident($inner:ty)),* $(,)?) => { $(
        #[derive(Clone, Debug, PartialEq, DeriveValueType)] pub struct $name(pub $inner); )* } }
        id!(BookId(i32), ShelfId(Uuid),);";
    let by_hand = "macro_rules! text_newtype { ($name:ty) => {
        impl sea_orm::sea_query::ValueType for $name {
            fn type_name() -> String { stringify!($name).to_owned() }
            fn column_type() -> sea_orm::sea_query::ColumnType { sea_orm::sea_query::ColumnType::string(None) }
        } } }
        pub struct Isbn(String); text_newtype!(Isbn);";
    let pasted = "macro_rules! key { ($name:ident) => { paste::paste! {
        #[derive(Clone, DeriveValueType)] pub struct [<$name Key>](pub i64); } } } key!(Author);";
    let through = "macro_rules! one { ($name:ident) => { #[derive(DeriveValueType)] pub struct $name(pub i16); } }
        macro_rules! all { ($($name:ident)*) => { $(one!($name);)* } } all! { A B }";
    for (code, ty, expected) in [
        (derived, "BookId", "integer"),
        (derived, "Option<ShelfId>", "uuid"),
        (by_hand, "Isbn", "string"),
        (pasted, "AuthorKey", "big_integer"),
        (through, "B", "small_integer"),
    ] {
        let sources = beside(code, &format!("pub f: {ty}"));
        assert_eq!(kind(&sources, "f"), expected, "{ty}");
    }
}

#[test]
fn value_types_written_by_hand() {
    let value = |generics: &str, own: &str, body: &str| {
        format!(
            "impl{generics} ValueType for {own} {{ fn column_type() -> ColumnType {{ {body} }} }}"
        )
    };
    let plain = "pub struct Money(i64);";
    for (code, ty, expected) in [
        (plain.to_owned() + &value("", "Money", "ColumnType::BigInteger"), "Money", "big_integer"),
        (plain.to_owned() + &value("", "Money", "i16::column_type()"), "Money", "small_integer"),
        (plain.to_owned() + &value("", "Money", "<Vec<u8> as ValueType>::column_type()"), "Money", "var_binary"),
        (plain.to_owned() + &value("", "Money", "return ColumnType::String(StringLen::N(64)).into();"), "Money", "string(64)"),
        (
            format!("{plain} impl Money {{ const SIZE: usize = 32; }} {}", value("", "Money", "ColumnType::Binary(Self::SIZE.try_into().unwrap())")),
            "Money",
            "binary(32)",
        ),
        (format!("pub struct Of<T>(T); {}", value("<T>", "Of<T>", "ColumnType::JsonBinary")), "Of<Vec<String>>", "json_binary"),
        (format!("pub struct Of<T>(T); {}", value("<A: ValueType>", "Of<A>", "A::column_type()")), "Of<Uuid>", "uuid"),
        ("#[derive(DeriveValueType)] pub struct Of<T>(pub T);".to_owned(), "Of<f64>", "double"),
        (
            "pub enum Kind { A } impl ActiveEnum for Kind { fn db_type() -> ColumnDef { ColumnType::String(StringLen::N(1)).def() } }".to_owned(),
            "Kind",
            "string(1)",
        ),
    ] {
        let sources = beside(&code, &format!("pub f: {ty}"));
        assert_eq!(kind(&sources, "f"), expected, "{code}");
    }
}

#[test]
fn an_implementation_may_be_far_from_its_type() {
    let all = sources(
        "things",
        &[
            ("lib.rs", "pub mod model; pub mod types; mod database;"),
            ("types.rs", "pub struct Email(pub String);"),
            (
                "database.rs",
                "use crate::types::Email; macro_rules! text { ($t:ty) => { impl ValueType for $t { fn column_type() -> ColumnType { ColumnType::Text } } } } text!(Email);",
            ),
            (
                "model.rs",
                "use sea_orm::entity::prelude::*;\n#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"things\")] pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub f: crate::types::Email }",
            ),
        ],
    );
    assert_eq!(kind(&all, "f"), "text");
}

#[test]
fn column_types_that_name_other_code() {
    let code = "
        const LONG: u32 = 90;
        const NAME: &str = \"citext\";
        fn text_type() -> DynIden { let name = name(); SeaRc::new(Alias::new(name)) }
        fn name() -> &'static str { \"ltree\" }
        pub struct Citext;
        impl Iden for Citext { fn unquoted(&self, s: &mut dyn std::fmt::Write) { write!(s, \"citext\").unwrap() } }
        #[derive(DeriveIden)] pub enum Kinds { Table, #[sea_orm(iden = \"mood\")] Mood, DayName }
        #[derive(Iden)] pub struct TreePath;
    ";
    for (column_type, expected) in [
        ("String(StringLen::N(LONG))", "string(90)"),
        ("Custom(NAME.to_owned())", "custom(citext)"),
        ("Custom(text_type())", "custom(ltree)"),
        ("Custom(SeaRc::new(Citext))", "custom(citext)"),
        ("Custom(SeaRc::new(Kinds::Mood))", "custom(mood)"),
        ("Custom(Kinds::DayName.into_iden())", "custom(day_name)"),
        ("Custom(SeaRc::new(TreePath))", "custom(tree_path)"),
        ("Binary(BlobSize::Blob(None))", "blob"),
        ("Binary(BlobSize::Blob(Some(16)))", "binary(16)"),
        ("Binary(BlobSize::Long)", "blob"),
        ("Timestamp(None)", "timestamp"),
    ] {
        let sources = beside(
            code,
            &format!("#[sea_orm(column_type = \"{column_type}\")] pub f: String"),
        );
        assert_eq!(kind(&sources, "f"), expected, "{column_type}");
    }
}
