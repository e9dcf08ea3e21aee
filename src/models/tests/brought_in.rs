//! Types that another crate brings in, and what two entities say of one table.

use super::*;

fn kind(imports: &str, ty: &str) -> String {
    let text = format!(
        "{imports}\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n#[sea_orm(table_name = \"things\")]\n\
         pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, {ty} }}\n\
         #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)] pub enum Relation {{}}\n"
    );
    let schema = schema(&sources("things", &[("lib.rs", &text)]));
    let column = schema.tables["things"].column("f");
    column.expect("the column").kind.to_string()
}

#[test]
fn crates_are_known_behind_a_framework() {
    for (imports, ty, expected) in [
        (
            "use framework::chrono::{self, Utc};",
            "pub f: chrono::DateTime<Utc>",
            "timestamp_with_time_zone",
        ),
        (
            "use framework::db::sea_orm::prelude::*;",
            "pub f: Json",
            "json",
        ),
        ("use framework::uuid::Uuid;", "pub f: Option<Uuid>", "uuid"),
        (
            "use framework::db::sea_orm::entity::prelude::Decimal;",
            "pub f: Decimal",
            "decimal",
        ),
        (
            "use framework::serde_json;",
            "pub f: serde_json::Value",
            "json",
        ),
        (
            "use sea_orm::sea_query::{SeaRc, extension::mysql::MySqlType};",
            "#[sea_orm(column_type = \"Custom(SeaRc::new(MySqlType::LongBlob))\")] pub f: Vec<u8>",
            "blob",
        ),
    ] {
        assert_eq!(kind(imports, ty), expected, "{imports} {ty}");
    }
}

#[test]
fn enums_that_strum_makes() {
    let content = "#[derive(Clone, EnumDiscriminants)]\n\
                   #[strum_discriminants(derive(EnumIter, DeriveActiveEnum), NAME sea_orm(rs_type = \"String\", db_type = \
                   \"String(StringLen::N(9))\", rename_all = \"snake_case\"))]\n\
                   pub enum Content { Plain { text: String }, #[strum_discriminants(sea_orm(string_value = \"x\"))] Other(u8) }";
    for (name, ty) in [
        ("", "ContentDiscriminants"),
        ("name(ContentKind), vis(pub(crate)),", "ContentKind"),
    ] {
        let code = format!(
            "use sea_orm::entity::prelude::*;\n{}",
            content.replace("NAME", name)
        );
        assert_eq!(kind(&code, &format!("pub f: {ty}")), "string(9)");
        assert_eq!(
            kind(&code, &format!("pub f: Vec<{ty}>")),
            "array(string(9))"
        );
    }
}

#[test]
fn keys_that_are_no_integers_do_not_count() {
    let text = "use sea_orm::entity::prelude::*;\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
                #[sea_orm(table_name = \"things\")]\npub struct Model {\n    \
                #[sea_orm(primary_key, auto_increment = true)]\n    pub id: String,\n}\n\
                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)] pub enum Relation {}\n";
    let schema = schema(&sources("things", &[("lib.rs", text)]));
    assert!(!schema.tables["things"].columns[0].auto_increment);
}
