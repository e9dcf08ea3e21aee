//! Source as projects have it that nobody wrote for this reader: macros, hand-written types, older formats.

mod value_types;

use super::*;

/// `things` with the fields given, and other code beside it.
fn beside(code: &str, fields: &str) -> Sources {
    let text = format!(
        "use sea_orm::entity::prelude::*;\n{code}\n\
         #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"things\")]\n\
         pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, {fields} }}\n\
         #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)] pub enum Relation {{}}\n"
    );
    sources("things", &[("lib.rs", &text)])
}

fn kind(sources: &Sources, column: &str) -> String {
    let schema = schema(sources);
    schema.tables["things"]
        .column(column)
        .unwrap()
        .kind
        .to_string()
}

#[test]
fn commas_between_attributes_are_optional() {
    let all = sources(
        "things",
        &[(
            "lib.rs",
            "pub mod a { use sea_orm::entity::prelude::*;
             #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"a\")]
             pub struct Model { #[sea_orm(primary_key auto_increment = false)] pub id: i32, #[sea_orm(column_type = \"Text\" nullable unique)] pub t: String, pub b: i32 }
             #[derive(EnumIter, DeriveRelation)] pub enum Relation {
                 #[sea_orm(belongs_to = \"super::b::Entity\" from = \"Column::B\" to = \"super::b::Column::Id\", on_delete = \"Cascade\" on_update = \"NoAction\")] B } }
             pub mod b { use sea_orm::entity::prelude::*;
             #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"b\")] pub struct Model { #[sea_orm(primary_key)] pub id: i32 } }",
        )],
    );
    let schema = schema(&all);
    let table = &schema.tables["a"];
    assert!(!table.columns[0].auto_increment);
    let text = &table.columns[1];
    assert_eq!(
        (text.kind.to_string().as_str(), text.nullable, text.unique),
        ("text", true, true)
    );
    let key = &table.foreign_keys[0];
    assert_eq!(
        (key.table.as_str(), key.on_delete),
        ("b", Some(crate::schema::Action::Cascade))
    );
}

#[test]
fn definitions_in_one_match() {
    let all = sources(
        "things",
        &[(
            "lib.rs",
            "use sea_orm::entity::prelude::*;
             #[derive(Default, Debug, DeriveEntity)] pub struct Entity;
             impl EntityName for Entity { fn table_name(&self) -> &str { \"things\" } }
             #[derive(DeriveModel, DeriveActiveModel)] pub struct Model { pub id: i32, pub a: String, pub b: Option<String>, pub c: Vec<u8> }
             #[derive(EnumIter, DeriveColumn)] pub enum Column { Id, A, B, C }
             #[derive(EnumIter, DerivePrimaryKey)] pub enum PrimaryKey { Id }
             impl PrimaryKeyTrait for PrimaryKey { type ValueType = i32; fn auto_increment() -> bool { true } }
             impl ColumnTrait for Column { type EntityName = Entity; fn def(&self) -> ColumnDef {
                 match self {
                     Self::Id => ColumnType::Integer,
                     Self::A | Self::B => ColumnType::Text,
                     Column::C => { ColumnType::Binary }
                 }.def().null()
             } }",
        )],
    );
    let schema = schema(&all);
    let columns = schema.tables["things"].columns.iter();
    let columns: Vec<String> = columns
        .map(|c| format!("{} {} {}", c.name, c.kind, c.nullable))
        .collect();
    assert_eq!(
        columns,
        [
            "id integer true",
            "a text true",
            "b text true",
            "c blob true"
        ]
    );
}

#[test]
fn modules_that_macros_declare() {
    let entity = |table: &str| {
        format!(
            "use sea_orm::entity::prelude::*;\n#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"{table}\")] pub struct Model {{ #[sea_orm(primary_key)] pub id: i32 }}"
        )
    };
    let (a, b) = (entity("a"), entity("b"));
    for lib in [
        "macro_rules! entities { ($($name:ident),* $(,)?) => { $(pub mod $name;)* } } entities!(a, b,);",
        "macro_rules! entities { ($($name:ident)*) => { $(mod $name; pub use $name::Entity as $name;)* } } entities! { a b }",
        "mod_use::mod_use![a, b];",
        "cfg_if::cfg_if! { if #[cfg(feature = \"off\")] { mod nothing; } else { mod a; mod b; } }",
        "automod::dir!(pub \"src/\");",
    ] {
        let mut all = sources("things", &[("lib.rs", lib), ("a.rs", &a), ("b.rs", &b)]);
        for file in &mut all.files {
            file.root = "apps/things/src".into();
        }
        let tables: Vec<String> = schema(&all).tables.into_keys().collect();
        assert_eq!(tables, ["a", "b"], "{lib}");
    }
}

#[test]
fn a_project_whose_entities_nothing_reaches_is_not_up_to_date() {
    let entity = "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"a\")] pub struct Model { #[sea_orm(primary_key)] pub id: i32 }";
    let all = sources(
        "things",
        &[
            ("lib.rs", "declare_everything!();"),
            ("a.rs", entity),
            ("b.rs", entity),
        ],
    );
    let errors = errors(&all);
    let expected = "2 files hold entities, but no `mod` declaration reaches any of them\n --> apps/things/src/a.rs:1:1";
    assert!(errors.starts_with(expected), "{errors}");
}

#[test]
fn the_other_side_of_a_relation_is_no_foreign_key() {
    let tables = |user: &str, post: &str| {
        let entity = |table: &str, fields: &str, relation: &str| {
            format!(
            "pub mod {table} {{ use sea_orm::entity::prelude::*;
             #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"{table}\")] pub struct Model {{ #[sea_orm(primary_key)] pub id: i32, {fields} }}
             #[derive(EnumIter, DeriveRelation)] pub enum Relation {{ {relation} }} }}"
        )
        };
        let text =
            entity("user", "pub boss_id: i32", user) + &entity("post", "pub user_id: i32", post);
        let entities = read(&sources("things", &[("lib.rs", &text)])).unwrap();
        let keys = entities
            .schema
            .tables
            .values()
            .flat_map(|table| &table.foreign_keys);
        let keys: Vec<String> = keys.map(|key| key.name.clone()).collect();
        (keys.join(" "), entities.warnings.len())
    };
    let post = "#[sea_orm(belongs_to = \"super::user::Entity\", from = \"Column::UserId\", to = \"super::user::Column::Id\")] User";
    let posts = "#[sea_orm(belongs_to = \"super::post::Entity\", from = \"Column::Id\", to = \"super::post::Column::UserId\")] Posts";
    let boss =
        "#[sea_orm(belongs_to = \"Entity\", from = \"Column::BossId\", to = \"Column::Id\")] Boss";
    let staff =
        "#[sea_orm(belongs_to = \"Entity\", from = \"Column::Id\", to = \"Column::BossId\")] Staff";
    let both = format!("{boss}, {staff}");
    for (user, post, expected) in [
        (posts, post, ("fk-post-user_id", 0)),
        (both.as_str(), "", ("fk-user-boss_id", 0)),
        (staff, "", ("", 1)),
        (posts, "", ("fk-user-id", 0)),
    ] {
        let (keys, warnings) = tables(user, post);
        assert_eq!((keys.as_str(), warnings), expected, "{user} {post}");
    }
}

#[test]
fn keys_that_no_database_counts() {
    let code = "#[derive(DeriveValueType)] pub struct Key(pub Uuid); #[derive(DeriveValueType)] pub struct Name(pub String);";
    for (ty, attribute, counts) in [
        ("i32", "primary_key", true),
        ("Key", "primary_key", false),
        ("Name", "primary_key", false),
        ("Vec<u8>", "primary_key", false),
        ("i64", "primary_key, default_value = 5", false),
        ("i64", "primary_key, auto_increment = false", false),
    ] {
        let text = format!(
            "use sea_orm::entity::prelude::*; {code} #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"things\")] pub struct Model {{ #[sea_orm({attribute})] pub id: {ty} }}"
        );
        let schema = schema(&sources("things", &[("lib.rs", &text)]));
        assert_eq!(
            schema.tables["things"].columns[0].auto_increment, counts,
            "{ty} {attribute}"
        );
    }
}

#[test]
fn entities_of_migrations_and_histories_do_not_count() {
    let entity = |table: &str, field: &str| {
        format!(
            "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"{table}\")] pub struct Model {{ #[sea_orm(primary_key)] pub id: i32, {field} }}"
        )
    };
    let migration = format!(
        "use sea_orm_migration::prelude::*; pub struct Migration; impl MigrationTrait for Migration {{}} mod old {{ {} }}",
        entity("things", "pub gone: i32")
    );
    let mut all = sources(
        "things",
        &[
            ("lib.rs", "pub mod thing; pub mod migrator; mod history;"),
            ("thing.rs", &entity("things", "")),
            ("history.rs", &entity("seaql_migrations", "")),
            (
                "migrator/mod.rs",
                "mod m1; mod models; pub struct Migrator; impl MigratorTrait for Migrator {}",
            ),
            ("migrator/m1.rs", &migration),
            ("migrator/models.rs", &entity("other", "")),
        ],
    );
    // A crate of nothing but migrations.
    let own = "mod old; pub struct Migrator; #[async_trait] impl MigratorTrait for Migrator {}";
    all.files.extend(
        sources(
            "shop_migration",
            &[
                ("lib.rs", own),
                ("old.rs", &entity("things", "pub old: i64")),
            ],
        )
        .files,
    );
    let entities = read(&all).unwrap();
    let tables: Vec<&String> = entities.schema.tables.keys().collect();
    assert_eq!(tables, ["things"]);
    assert_eq!(entities.in_migrations, 3);
    assert_eq!(entities.unmanaged, ["seaql_migrations"]);
}

#[test]
fn settings_decide_what_the_source_does_not() {
    let code = "pub struct Opaque(pub Box<dyn Thing>); pub struct Of<T>(T);";
    let mut all = beside(
        code,
        "pub f: Opaque, pub g: Of<i32>, #[sea_orm(column_type = \"Custom(kind_of_text(3))\")] pub h: String",
    );
    assert_eq!(read_partly(&all).1.len(), 3);
    for (name, kind) in [
        ("Opaque", "Text"),
        ("Of", "JsonBinary"),
        ("Custom(kind_of_text(3))", "custom(\"citext\")"),
    ] {
        all.settings.types.insert(name.into(), kind.into());
    }
    let kinds: Vec<String> = ["f", "g", "h"]
        .iter()
        .map(|column| kind(&all, column))
        .collect();
    assert_eq!(kinds, ["text", "json_binary", "custom(citext)"]);
    all.settings.types.insert("Opaque".into(), "Txt".into());
    insta::assert_snapshot!(errors(&all), @r#"
    luthier.toml: types: SeaORM has no column type `Txt`: "Txt"
     --> luthier.toml:1:1
      |
    1 | "Txt"
      | ^^^^^
      = help: write it as SeaORM's `ColumnType`: `Text`, `String(StringLen::N(200))`, `custom("citext")`
    "#);
}

#[test]
fn what_somebody_else_makes_is_left_alone() {
    let library = "pub mod order { use sea_orm::entity::prelude::*;
        #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"orders\")] pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub total_id: i32 }
        #[derive(EnumIter, DeriveRelation)] pub enum Relation { #[sea_orm(belongs_to = \"super::total::Entity\", from = \"Column::TotalId\", to = \"super::total::Column::Id\")] Total } }
        pub mod total;";
    let total = "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"totals\")] pub struct Model { #[sea_orm(primary_key)] pub id: i32 }";
    let mut all = sources("things", &[("lib.rs", library), ("total.rs", total)]);
    assert_eq!(schema(&all).tables.len(), 2);
    all.settings.unmanaged.insert("totals".into());
    let entities = read(&all).unwrap();
    assert_eq!(entities.unmanaged, ["totals"]);
    assert!(entities.schema.tables["orders"].foreign_keys.is_empty());
    all.settings = EntitySettings {
        exclude: vec!["apps/things/src/lib.rs".into()],
        ..EntitySettings::default()
    };
    assert_eq!(
        schema(&all).tables.into_keys().collect::<Vec<_>>(),
        ["totals"]
    );
}

#[test]
fn one_cause_is_one_error_and_the_rest_is_read() {
    let all = sources(
        "things",
        &[(
            "lib.rs",
            "pub struct UserId(pub u64, pub Secret);
             pub mod a { use sea_orm::entity::prelude::*; use super::UserId;
             #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"a\")]
             pub struct Model { #[sea_orm(primary_key)] pub id: UserId, pub owner: Option<UserId>, pub b: i32 }
             #[derive(EnumIter, DeriveRelation)] pub enum Relation {} }
             pub mod b { use sea_orm::entity::prelude::*;
             #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"b\")] pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub a: i64 }
             #[derive(EnumIter, DeriveRelation)] pub enum Relation {
                 #[sea_orm(belongs_to = \"super::a::Entity\", from = \"Column::A\", to = \"super::a::Column::Id\")] A } }",
        )],
    );
    let (entities, errors) = read_partly(&all);
    assert_eq!(entities.schema.tables.keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(entities.unreadable, 1);
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    cannot tell which column type `UserId` is
     --> apps/things/src/lib.rs:4:65
      |
    4 |              pub struct Model { #[sea_orm(primary_key)] pub id: UserId, pub owner: Option<UserId>, pub b: i32 }
      |                                                                 ^^^^^^
      = and 1 more: apps/things/src/lib.rs:4
      = help: add the line `UserId = "Text"` to luthier.toml, under `[types]`, with the type of the column instead of `Text`; or `column_type = "…"` to the `#[sea_orm(…)]` of the field
    "#);
}

#[test]
fn a_field_that_is_an_option_is_nullable_in_the_expanded_format() {
    let text = "use sea_orm::entity::prelude::*;
        #[derive(Copy, Clone, Default, Debug, DeriveEntity)] pub struct Entity;
        impl EntityName for Entity { fn table_name(&self) -> &'static str { \"things\" } }
        #[derive(Clone, Debug, PartialEq, DeriveModel, DeriveActiveModel)]
        pub struct Model { pub id: i32, pub nick_name: Option<String>, pub r#type: Option<i32>, pub said: Option<i64>, pub name: String }
        #[derive(Copy, Clone, Debug, EnumIter, DeriveColumn)] pub enum Column { Id, NickName, Type, Said, Name }
        #[derive(Copy, Clone, Debug, EnumIter, DerivePrimaryKey)] pub enum PrimaryKey { Id }
        impl ColumnTrait for Column { type EntityName = Entity; fn def(&self) -> ColumnDef { match self {
            Self::Id => ColumnType::Integer.def(), Self::NickName => ColumnType::Text.def(), Self::Type => ColumnType::Integer.def(),
            Self::Said => ColumnType::BigInteger.def().null(), Self::Name => ColumnType::Text.def() } } }";
    let schema = schema(&sources("things", &[("lib.rs", text)]));
    let columns = schema.tables["things"].columns.iter();
    let nullable: Vec<&str> = columns
        .filter(|column| column.nullable)
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(nullable, ["nick_name", "type", "said"]);
}
