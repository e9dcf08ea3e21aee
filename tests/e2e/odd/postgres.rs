pub mod table_1st {
    // The table has more than an entity can say:
    // - `1st`: an entity cannot express the unique key on `2nd`, `3 rd` (`1st_2nd_3 rd_key`)

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "1st")]
    pub struct Model {
        #[sea_orm(primary_key, column_name = "3 rd", column_type = "Text")]
        pub column_3_rd: String,
        #[sea_orm(primary_key, column_name = "2nd")]
        pub column_2nd: i32,
        #[sea_orm(column_name = "100%")]
        pub column_100: Option<Decimal>,
        #[sea_orm(column_name = "a-b", column_type = "Text")]
        pub a_b: Option<String>,
        #[sea_orm(column_name = "a b", column_type = "Text")]
        pub a_b_2: Option<String>,
        #[sea_orm(column_name = "a.b", column_type = "Text")]
        pub a_b_3: Option<String>,
        #[sea_orm(column_name = "A")]
        pub a: Option<i32>,
        #[sea_orm(column_name = "a")]
        pub a_2: Option<i32>,
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
            column_type = "Text",
            default_value = "it's \"so\" \\ {0}"
        )]
        pub say_hi: Option<String>,
        #[sea_orm(has_many)]
        pub structs: HasMany<super::r#struct::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod model {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Model")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub model: Option<i32>,
        #[sea_orm(belongs_to, from = "model", to = "id")]
        pub model_2: BelongsTo<Option<super::model_2::Entity>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod odd_type {
    // The table has more than an entity can say:
    // - the column `id` is GENERATED ALWAYS AS IDENTITY
    // - the generated column `total`
    // - the column `amount` is of the type `positive`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `address` is of the type `email`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `mood` is of the type `"Mood"`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `moods` is of the type `"Mood"[]`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `days` is of the type `daterange`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `span` is of the type `int4range`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `lasts` is of the type `interval`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `lasts_days` is of the type `interval(DAY TO SECOND, 3)`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `doc` is of the type `xml`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `words` is of the type `tsvector`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `query` is of the type `tsquery`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `place` is of the type `point`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `path` is of the type `path`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `area` is of the type `box`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `short` is of the type `"char"`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `label` is of the type `name`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ref` is of the type `oid`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `lsn` is of the type `pg_lsn`, for which SeaORM has no Rust type: a `String` may not read it

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Odd Types")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "custom(\"positive\")", default_value = 1)]
        pub amount: String,
        #[sea_orm(column_type = "custom(\"email\")")]
        pub address: Option<String>,
        #[sea_orm(column_type = "custom(\"\\\"Mood\\\"\")", default_value = "so-so")]
        pub mood: String,
        #[sea_orm(column_type = "custom(\"\\\"Mood\\\"[]\")")]
        pub moods: Option<String>,
        #[sea_orm(
            column_type = "Array(sea_orm::sea_query::RcOrArc::new(ColumnType::Text))",
            default_value = "{}"
        )]
        pub tags: Vec<String>,
        #[sea_orm(
            column_type = "Array(sea_orm::sea_query::RcOrArc::new(ColumnType::String(StringLen::N(8))))"
        )]
        pub codes: Option<Vec<String>>,
        pub numbers: Option<Vec<i32>>,
        #[sea_orm(
            column_type = "Array(sea_orm::sea_query::RcOrArc::new(ColumnType::Decimal(Some((10, 2)))))"
        )]
        pub prices: Option<Vec<Decimal>>,
        pub uuids: Option<Vec<Uuid>>,
        #[sea_orm(column_type = "custom(\"daterange\")")]
        pub days: Option<String>,
        #[sea_orm(column_type = "custom(\"int4range\")", default_value = "empty")]
        pub span: String,
        #[sea_orm(column_type = "Bit(Some(8))")]
        pub flags: Option<Vec<u8>>,
        #[sea_orm(column_type = "Bit(Some(1))")]
        pub flag: Option<bool>,
        #[sea_orm(column_type = "VarBit(12)")]
        pub bits: Option<Vec<u8>>,
        #[sea_orm(column_type = "Money(None)")]
        pub cost: Option<Decimal>,
        #[sea_orm(column_type = "Inet")]
        pub host: Option<IpNetwork>,
        #[sea_orm(column_type = "Cidr")]
        pub net: Option<IpNetwork>,
        #[sea_orm(column_type = "Array(sea_orm::sea_query::RcOrArc::new(ColumnType::Inet))")]
        pub hosts: Option<Vec<IpNetwork>>,
        #[sea_orm(column_type = "MacAddr")]
        pub mac: Option<String>,
        #[sea_orm(column_type = "Interval(None, None)")]
        pub lasts: Option<String>,
        #[sea_orm(
            column_type = "Interval(Some(sea_orm::sea_query::PgInterval::DayToSecond), Some(3))"
        )]
        pub lasts_days: Option<String>,
        #[sea_orm(column_type = "custom(\"xml\")")]
        pub doc: Option<String>,
        #[sea_orm(column_type = "custom(\"tsvector\")")]
        pub words: Option<String>,
        #[sea_orm(column_type = "custom(\"tsquery\")")]
        pub query: Option<String>,
        #[sea_orm(column_type = "custom(\"point\")")]
        pub place: Option<String>,
        #[sea_orm(column_type = "custom(\"path\")")]
        pub path: Option<String>,
        #[sea_orm(column_type = "custom(\"box\")")]
        pub area: Option<String>,
        pub data: Option<Json>,
        #[sea_orm(column_type = "JsonBinary", default_value = "{\"a\": 1}")]
        pub more: Option<Json>,
        pub blob: Option<Vec<u8>>,
        pub blobs: Option<Vec<Vec<u8>>>,
        #[sea_orm(column_type = "Char(Some(1))")]
        pub ch: Option<String>,
        #[sea_orm(column_type = "Char(Some(5))")]
        pub ch5: Option<String>,
        #[sea_orm(column_type = "custom(\"\\\"char\\\"\")")]
        pub short: Option<String>,
        #[sea_orm(column_type = "custom(\"name\")")]
        pub label: Option<String>,
        #[sea_orm(column_type = "custom(\"oid\")")]
        pub r#ref: Option<String>,
        #[sea_orm(default_value = 1.5)]
        pub real_one: Option<f32>,
        pub exact: Option<Decimal>,
        #[sea_orm(column_type = "Decimal(Some((30, 10)))", default_value = 1)]
        pub huge: Option<Decimal>,
        #[sea_orm(column_type = "custom(\"time(3) without time zone\")")]
        pub at: Option<Time>,
        #[sea_orm(column_type = "custom(\"time with time zone\")")]
        pub at_zone: Option<Time>,
        #[sea_orm(
            column_type = "custom(\"timestamp(0) without time zone\")",
            default_expr = "Expr::current_timestamp()"
        )]
        pub stamp: Option<DateTime>,
        #[sea_orm(
            column_type = "custom(\"timestamp(3) with time zone\")",
            default_expr = "Expr::current_timestamp()"
        )]
        pub stamp_zone: Option<DateTimeUtc>,
        #[sea_orm(column_type = "custom(\"pg_lsn\")")]
        pub lsn: Option<String>,
        #[sea_orm(extra = "GENERATED ALWAYS AS ((huge * (2)::numeric)) STORED")]
        pub total: Option<Decimal>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod link {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "links")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub a: i32,
        #[sea_orm(primary_key)]
        pub b: i32,
        #[sea_orm(belongs_to, relation_enum = "PairsOf", from = "a", to = "id")]
        pub pairs_of: BelongsTo<super::pairs_of::Entity>,
        #[sea_orm(belongs_to, relation_enum = "PairsOfRow", from = "b", to = "id")]
        pub pairs_of_row: BelongsTo<super::pairs_of::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod model_2 {
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
        #[sea_orm(has_many)]
        pub models: HasMany<super::model::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod option {
    // The table has more than an entity can say:
    // - the column `id` takes its numbers from a sequence (`serial`), not from an identity column

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "option")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(default_value = "new")]
        pub state: State,
    }

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "state")]
    pub enum State {
        #[sea_orm(string_value = "new")]
        New,
        #[sea_orm(string_value = "done")]
        Done,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod pair {
    // The table has more than an entity can say:
    // - `pairs`: an entity cannot express the unique key on `b`, `a` (`pairs_b_a_key`)

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

pub mod pairs_of {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "pairs_of")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        #[sea_orm(has_many, relation_enum = "LinksByPairsOf", via_rel = "PairsOf")]
        pub links_by_pairs_of: HasMany<super::link::Entity>,
        #[sea_orm(has_many, relation_enum = "LinksByPairsOfRow", via_rel = "PairsOfRow")]
        pub links_by_pairs_of_row: HasMany<super::link::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod r#struct {
    // The table has more than an entity can say:
    // - the column `id` takes its numbers from a sequence (`serial`), not from an identity column

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "struct", comment = "Says \"so\"\nand \\ more")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub parent: Option<i32>,
        pub other: Option<i32>,
        pub kind: Option<i32>,
        pub n: i32,
        #[sea_orm(column_type = "Text", comment = "A \"quoted\" {word}")]
        pub t: String,
        #[sea_orm(belongs_to, from = "kind", to = "Fn")]
        pub r#type: BelongsTo<Option<super::r#type::Entity>>,
        #[sea_orm(
            self_ref,
            relation_enum = "Struct",
            relation_reverse = "StructsByStruct",
            from = "other",
            to = "id"
        )]
        pub r#struct: BelongsTo<Option<Entity>>,
        #[sea_orm(
            self_ref,
            relation_enum = "StructRow",
            relation_reverse = "StructsByStructRow",
            from = "parent",
            to = "id",
            on_delete = "Cascade"
        )]
        pub struct_row: BelongsTo<Option<Entity>>,
        #[sea_orm(
            belongs_to,
            from = "(t, n)",
            to = "(column_3_rd, column_2nd)",
            on_update = "Cascade"
        )]
        pub table_1st: BelongsTo<super::table_1st::Entity>,
        #[sea_orm(has_one)]
        pub model_2: HasOne<super::model_2::Entity>,
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
        #[sea_orm(column_name = "Self", column_type = "Text")]
        pub column_self_2: Option<String>,
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

pub mod vec {
    // The table has more than an entity can say:
    // - the column `id` takes its numbers from a sequence (`serial`), not from an identity column

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

// `counted`: a materialized view

// `keyless`: the table has no primary key, without which SeaORM has no entity
