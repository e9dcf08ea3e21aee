pub mod table_1st {
    // The table has more than an entity can say:
    // - `1st`: an entity cannot express the unique key on `2nd`, `3 rd` (`2nd`)

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "1st")]
    pub struct Model {
        #[sea_orm(
            primary_key,
            column_name = "3 rd",
            column_type = "String(StringLen::N(30))"
        )]
        pub column_3_rd: String,
        #[sea_orm(primary_key, column_name = "2nd")]
        pub column_2nd: i32,
        #[sea_orm(column_name = "100%", column_type = "Decimal(Some((5, 1)))")]
        pub column_100: Option<Decimal>,
        #[sea_orm(column_name = "a-b", column_type = "Text")]
        pub a_b: Option<String>,
        #[sea_orm(column_name = "a b", column_type = "Text")]
        pub a_b_2: Option<String>,
        #[sea_orm(column_name = "a.b", column_type = "Text")]
        pub a_b_3: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub é: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub 日本: Option<String>,
        #[sea_orm(column_name = "_", column_type = "Text")]
        pub column: Option<String>,
        #[sea_orm(column_name = "__x__", column_type = "Text")]
        pub x: Option<String>,
        #[sea_orm(column_name = "camelCase", column_type = "Text")]
        pub camel_case: Option<String>,
        #[sea_orm(column_name = "HTTPServer", column_type = "Text")]
        pub http_server: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub x1y2: Option<String>,
        #[sea_orm(
            column_name = "say \"hi\"",
            column_type = "String(StringLen::N(40))",
            default_value = "it's \"so\" \\ {0}"
        )]
        pub say_hi: Option<String>,
        #[sea_orm(has_many)]
        pub structs: HasMany<super::r#struct::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod odd_type {
    // The table has more than an entity can say:
    // - the column `ch5` has the collation latin1_swedish_ci
    // - the column `stamp` has ON UPDATE CURRENT_TIMESTAMP(6)
    // - the generated column `total`
    // - the generated column `doubled`
    // - the column `place` is of the type `point`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `area` is of the type `geometry`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `host` is of the type `inet6`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `net` is of the type `inet4`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ident` is of the type `uuid`, for which SeaORM has no Rust type: a `String` may not read it

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Odd Types", comment = "Says \"so\"\nand \\ more")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: u64,
        #[sea_orm(default_value = -1)]
        pub tiny: i8,
        pub utiny: Option<u8>,
        pub small: Option<u16>,
        #[sea_orm(column_type = "custom(\"mediumint(9)\")")]
        pub medium: Option<i64>,
        #[sea_orm(column_type = "custom(\"mediumint(8) unsigned\")", default_value = 7)]
        pub umedium: i64,
        #[sea_orm(column_type = "custom(\"int(11) unsigned zerofill\")")]
        pub wide: Option<i64>,
        #[sea_orm(column_type = "Bit(Some(1))")]
        pub flag: Option<bool>,
        #[sea_orm(column_type = "Bit(Some(8))", default_expr = "Expr::cust(\"b'101'\")")]
        pub flags: Option<Vec<u8>>,
        #[sea_orm(default_value = false)]
        pub is_it: bool,
        #[sea_orm(column_type = "Year")]
        pub born: Option<u16>,
        #[sea_orm(
            column_type = "custom(\"enum('sad', 'so-so', 'very happy', '', '1st', 'self')\")",
            default_value = "so-so"
        )]
        pub mood: String,
        #[sea_orm(
            column_type = "custom(\"set('mo','tu','we')\")",
            default_value = "mo,tu"
        )]
        pub days: Option<String>,
        pub data: Option<Json>,
        #[sea_orm(column_type = "Char(Some(1))")]
        pub ch: Option<String>,
        #[sea_orm(column_type = "Char(Some(5))")]
        pub ch5: Option<String>,
        #[sea_orm(column_type = "custom(\"tinytext\")")]
        pub tinyt: Option<String>,
        #[sea_orm(column_type = "custom(\"mediumtext\")")]
        pub mediumt: Option<String>,
        #[sea_orm(column_type = "String(StringLen::Max)")]
        pub longt: Option<String>,
        #[sea_orm(column_type = "Binary(3)")]
        pub bin: Option<Vec<u8>>,
        #[sea_orm(column_type = "VarBinary(StringLen::N(20))")]
        pub vbin: Option<Vec<u8>>,
        #[sea_orm(column_type = "custom(\"tinyblob\")")]
        pub tinyb: Option<Vec<u8>>,
        #[sea_orm(column_type = "Blob")]
        pub blobs: Option<Vec<u8>>,
        #[sea_orm(column_type = "custom(\"mediumblob\")")]
        pub mediumb: Option<Vec<u8>>,
        #[sea_orm(column_type = "VarBinary(StringLen::Max)")]
        pub longb: Option<Vec<u8>>,
        pub fl: Option<f32>,
        #[sea_orm(column_type = "custom(\"float(7,2)\")")]
        pub fl2: Option<f64>,
        pub db: Option<f64>,
        #[sea_orm(column_type = "custom(\"double(9,3)\")")]
        pub db2: Option<f64>,
        #[sea_orm(column_type = "Decimal(Some((12, 4)))", default_value = 1.5)]
        pub price: Option<Decimal>,
        pub plain: Option<Decimal>,
        pub at: Option<Time>,
        #[sea_orm(column_type = "custom(\"time(3)\")")]
        pub at3: Option<Time>,
        #[sea_orm(
            column_type = "custom(\"datetime(6)\")",
            default_expr = "Expr::cust(\"current_timestamp(6)\")"
        )]
        pub stamp: Option<DateTime>,
        pub changed: Option<DateTimeUtc>,
        #[sea_orm(default_value = "2020-01-02")]
        pub day: Option<Date>,
        #[sea_orm(column_type = "custom(\"point\")")]
        pub place: Option<String>,
        #[sea_orm(column_type = "custom(\"geometry\")")]
        pub area: Option<String>,
        #[sea_orm(column_type = "custom(\"inet6\")")]
        pub host: Option<String>,
        #[sea_orm(column_type = "custom(\"inet4\")")]
        pub net: Option<String>,
        #[sea_orm(column_type = "custom(\"uuid\")")]
        pub ident: Option<String>,
        #[sea_orm(
            column_type = "Decimal(Some((14, 4)))",
            extra = "GENERATED ALWAYS AS (`price` * 2) STORED"
        )]
        pub total: Option<Decimal>,
        #[sea_orm(extra = "GENERATED ALWAYS AS (`tiny` * 2) VIRTUAL")]
        pub doubled: Option<i32>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod kind {
    // The table has more than an entity can say:
    // - an index that is more than a list of columns: prefix btree (prefix(10))

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "kinds")]
    pub struct Model {
        #[sea_orm(primary_key, column_type = "String(StringLen::N(20))")]
        pub id: String,
        pub mood: Option<KindsMood>,
        #[sea_orm(column_type = "String(StringLen::N(300))")]
        pub prefix: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "kinds_mood")]
    pub enum KindsMood {
        #[sea_orm(string_value = "sad")]
        Sad,
        #[sea_orm(string_value = "so-so")]
        SoSo,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod model {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "model")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub active_model: Option<i32>,
        #[sea_orm(column_type = "Text")]
        pub relation: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub primary_key: Option<String>,
        #[sea_orm(belongs_to, from = "id", to = "id")]
        pub r#struct: BelongsTo<super::r#struct::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod pair {
    // The table has more than an entity can say:
    // - `pairs`: an entity cannot express the unique key on `b`, `a` (`b`)

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "pairs")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub a: i32,
        #[sea_orm(primary_key)]
        pub b: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod r#struct {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "struct")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub parent: Option<i32>,
        pub other: Option<i32>,
        pub kind: Option<i32>,
        pub n: i32,
        #[sea_orm(column_type = "String(StringLen::N(30))")]
        pub t: String,
        #[sea_orm(
            self_ref,
            relation_enum = "Struct",
            relation_reverse = "StructsByStruct",
            from = "other",
            to = "id"
        )]
        pub r#struct: BelongsTo<Option<Entity>>,
        #[sea_orm(belongs_to, from = "kind", to = "Fn")]
        pub r#type: BelongsTo<Option<super::r#type::Entity>>,
        #[sea_orm(
            belongs_to,
            from = "(t, n)",
            to = "(column_3_rd, column_2nd)",
            on_update = "Cascade"
        )]
        pub table_1st: BelongsTo<super::table_1st::Entity>,
        #[sea_orm(
            self_ref,
            relation_enum = "StructRow",
            relation_reverse = "StructsByStructRow",
            from = "parent",
            to = "id",
            on_delete = "Cascade"
        )]
        pub struct_row: BelongsTo<Option<Entity>>,
        #[sea_orm(has_one)]
        pub model: HasOne<super::model::Entity>,
        #[sea_orm(
            self_ref,
            relation_enum = "StructsByStruct",
            relation_reverse = "Struct"
        )]
        pub structs_by_struct: HasMany<Entity>,
        #[sea_orm(
            self_ref,
            relation_enum = "StructsByStructRow",
            relation_reverse = "StructRow"
        )]
        pub structs_by_struct_row: HasMany<Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod r#type {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "type")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub r#fn: i32,
        #[sea_orm(column_name = "self", column_type = "Text")]
        pub column_self: Option<String>,
        #[sea_orm(column_name = "super", column_type = "Text")]
        pub column_super: Option<String>,
        #[sea_orm(column_name = "crate", column_type = "Text")]
        pub column_crate: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub r#match: String,
        pub r#async: Option<bool>,
        pub r#try: Option<bool>,
        pub r#dyn: Option<bool>,
        pub r#abstract: Option<i32>,
        #[sea_orm(column_type = "Text")]
        pub column: Option<String>,
        #[sea_orm(column_name = "Entity")]
        pub entity: Option<i32>,
        #[sea_orm(column_type = "Text")]
        pub user: Option<String>,
        #[sea_orm(has_many)]
        pub structs: HasMany<super::r#struct::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod uuid {
    // The table has more than an entity can say:
    // - the column `id` is of the type `uuid`, for which SeaORM has no Rust type: a `String` may not read it

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "uuids")]
    pub struct Model {
        #[sea_orm(
            primary_key,
            column_type = "custom(\"uuid\")",
            default_expr = "Expr::cust(\"uuid()\")"
        )]
        pub id: String,
        #[sea_orm(column_type = "Char(Some(36))")]
        pub other: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod vec {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vec")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i16,
        #[sea_orm(column_type = "Text")]
        pub option: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub string: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub result: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

// `Some View`: a view

// `keyless`: the table has no primary key, without which SeaORM has no entity
