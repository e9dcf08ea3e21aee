//! What one field of an entity says of its column: type, name, default.

use super::*;

#[test]
fn the_type_of_a_field() {
    for (field, expected) in [
        ("f: bool", "boolean"),
        ("f: i8", "tiny_integer"),
        ("f: u32", "unsigned"),
        ("f: f64", "double"),
        ("f: String", "string"),
        ("f: std::string::String", "string"),
        ("f: Vec<u8>", "var_binary"),
        ("f: Vec<String>", "array(string)"),
        ("f: Decimal", "decimal"),
        ("f: Uuid", "uuid"),
        ("f: uuid::Uuid", "uuid"),
        ("f: Date", "date"),
        ("f: ChronoDateTimeUtc", "timestamp_with_time_zone"),
        (
            "f: chrono::DateTime<chrono::Utc>",
            "timestamp_with_time_zone",
        ),
        ("f: chrono::NaiveDateTime", "date_time"),
        ("f: Json", "json"),
        ("f: serde_json::Value", "json"),
        ("f: Option<i32>", "integer?"),
        ("f: std::option::Option<i32>", "!"),
        ("#[sea_orm(nullable)] f: i32", "integer?"),
        ("#[sea_orm(column_type = \"Text\")] f: String", "text"),
        (
            "#[sea_orm(column_type = \"Text\")] f: Option<Whatever>",
            "text?",
        ),
        (
            "#[sea_orm(column_type = \"Decimal(Some((10, 2)))\")] f: Decimal",
            "decimal(10, 2)",
        ),
        (
            "#[sea_orm(column_type = \"String(StringLen::N(20))\")] f: String",
            "string(20)",
        ),
        (
            "#[sea_orm(column_type = \"String(Some(20))\")] f: String",
            "string(20)",
        ),
        (
            "#[sea_orm(column_type = \"VarBinary(StringLen::Max)\")] f: Vec<u8>",
            "var_binary(max)",
        ),
        (
            "#[sea_orm(column_type = \"custom(\\\"citext\\\")\")] f: String",
            "custom(citext)",
        ),
        (
            "#[sea_orm(column_type = \"JsonBinary\")] f: Json",
            "json_binary",
        ),
        (
            "#[sea_orm(column_type = \"Array(RcOrArc::new(ColumnType::Integer))\")] f: Vec<i32>",
            "array(integer)",
        ),
        (
            "#[sea_orm(column_type = \"Interval(Some(PgInterval::YearToMonth), None)\")] f: String",
            "interval(YEAR TO MONTH)",
        ),
        ("f: Money", "!"),
        ("f: (i32, i32)", "!"),
    ] {
        let found = match read(&one(&format!("    {field},"))) {
            Err(_) => "!".to_owned(),
            Ok(entities) => {
                let column = entities.schema.column("things", "f").expect(field);
                format!("{}{}", column.kind, if column.nullable { "?" } else { "" })
            }
        };
        assert_eq!(found, expected, "{field}");
    }
}

#[test]
fn the_name_of_a_column() {
    for (field, expected) in [
        ("bookTitle: i32", "book_title"),
        ("r#type: i32", "type"),
        ("type_: i32", "type"),
        ("_hidden: i32", "hidden"),
        ("isbn13: i32", "isbn13"),
        ("#[sea_orm(column_name = \"Ref No\")] number: i32", "Ref No"),
        (
            "#[sea_orm(enum_name = \"OtherName\")] number: i32",
            "other_name",
        ),
    ] {
        let schema = schema(&one(&format!("    {field},")));
        let columns = &schema.tables["things"].columns;
        assert_eq!(columns[1].name, expected, "{field}");
    }
}

#[test]
fn the_default_of_a_column() {
    for (attribute, expected) in [
        ("default_value = 0", "Some(Number(\"0\"))"),
        ("default_value = -1", "Some(Number(\"-1\"))"),
        ("default_value = 2.50", "Some(Number(\"2.50\"))"),
        ("default_value = \"it's\"", "Some(Text(\"it's\"))"),
        ("default_value = true", "Some(Bool(true))"),
        (
            "default_expr = \"Expr::current_timestamp()\"",
            "Some(CurrentTimestamp)",
        ),
        (
            "default_expr = \"Expr::cust(\\\"gen_random_uuid()\\\")\"",
            "Some(Sql(\"gen_random_uuid()\"))",
        ),
        ("default_expr = \"Expr::value(7)\"", "Some(Number(\"7\"))"),
        ("default_expr = \"now()\"", "!"),
        ("default_value = NOW", "!"),
    ] {
        let found = match read(&one(&format!("    #[sea_orm({attribute})] f: String,"))) {
            Err(_) => "!".to_owned(),
            Ok(entities) => format!("{:?}", entities.schema.tables["things"].columns[1].default),
        };
        assert_eq!(found, expected, "{attribute}");
    }
}
