pub mod table_1st {
    // The table has more than an entity can say:
    // - the table is WITHOUT ROWID
    // - `1st`: an entity cannot express the unique key on `2nd`, `3 rd`

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "1st")]
    pub struct Model {
        #[sea_orm(primary_key, column_name = "3 rd", column_type = "Text")]
        pub column_3_rd: String,
        #[sea_orm(primary_key, column_name = "2nd")]
        pub column_2nd: i64,
        #[sea_orm(column_name = "100%")]
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
            column_type = "Text",
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
    // - the column `ai` has the collation NOCASE
    // - the generated column `an`
    // - the generated column `ao`
    // - the column `l` is of the type `native character(70)`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ad` is of the type `string`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ae` is of the type `money`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `af` is of the type `point`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ag` is of the type `geometry`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ah` is of the type `some thing (1, 2)`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `ak` is of the type `year`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `al` is of the type `bit`, for which SeaORM has no Rust type: a `String` may not read it
    // - the column `am` is of the type `any`, for which SeaORM has no Rust type: a `String` may not read it

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Odd Types")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub a: Option<i64>,
        pub b: Option<i8>,
        pub c: Option<i16>,
        pub d: Option<i64>,
        pub e: Option<i64>,
        pub f: Option<i16>,
        pub g: Option<i64>,
        #[sea_orm(default_value = -1)]
        pub h: i64,
        #[sea_orm(column_type = "Char(Some(20))")]
        pub i: Option<String>,
        #[sea_orm(column_type = "String(StringLen::N(255))")]
        pub j: Option<String>,
        #[sea_orm(column_type = "Char(Some(55))")]
        pub k: Option<String>,
        #[sea_orm(column_type = "custom(\"native character(70)\")")]
        pub l: Option<String>,
        #[sea_orm(column_type = "String(StringLen::N(100))", default_value = "x")]
        pub m: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub n: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub o: Option<String>,
        #[sea_orm(column_type = "Blob")]
        pub p: Option<Vec<u8>>,
        #[sea_orm(column_type = "Blob")]
        pub q: Option<Vec<u8>>,
        pub r: Option<f64>,
        pub s: Option<f64>,
        pub t: Option<f64>,
        #[sea_orm(default_value = 1.5)]
        pub u: Option<f32>,
        pub v: Option<Decimal>,
        #[sea_orm(column_type = "Decimal(Some((10, 5)))")]
        pub w: Option<Decimal>,
        #[sea_orm(default_value = true)]
        pub x: bool,
        pub y: Option<Date>,
        #[sea_orm(default_expr = "Expr::current_timestamp()")]
        pub z: Option<DateTime>,
        #[sea_orm(
            column_type = "Timestamp",
            default_expr = "Expr::cust(\"datetime('now')\")"
        )]
        pub aa: Option<DateTime>,
        pub ab: Option<Json>,
        pub ac: Option<Uuid>,
        #[sea_orm(column_type = "custom(\"string\")")]
        pub ad: Option<String>,
        #[sea_orm(column_type = "custom(\"money\")")]
        pub ae: Option<String>,
        #[sea_orm(column_type = "custom(\"point\")")]
        pub af: Option<String>,
        #[sea_orm(column_type = "custom(\"geometry\")")]
        pub ag: Option<String>,
        #[sea_orm(column_type = "custom(\"some thing (1, 2)\")")]
        pub ah: Option<String>,
        #[sea_orm(column_type = "String(StringLen::N(10))")]
        pub ai: Option<String>,
        pub aj: Option<Time>,
        #[sea_orm(column_type = "custom(\"year\")")]
        pub ak: Option<String>,
        #[sea_orm(column_type = "custom(\"bit\")")]
        pub al: Option<String>,
        #[sea_orm(column_type = "custom(\"any\")")]
        pub am: Option<String>,
        #[sea_orm(extra = "GENERATED ALWAYS AS (a * 2) STORED")]
        pub an: Option<i64>,
        #[sea_orm(extra = "GENERATED ALWAYS AS (b + 1)")]
        pub ao: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod blob_key {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "blob_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
        pub id: Vec<u8>,
        #[sea_orm(column_type = "Text")]
        pub n: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod down_key {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "down_key")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "Text")]
        pub n: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod int_key {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "int_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        #[sea_orm(column_type = "Text")]
        pub n: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod model {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "model")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub active_model: Option<i64>,
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
    // - `pairs`: an entity cannot express the unique key on `b`, `a`

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "pairs")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub a: i64,
        #[sea_orm(primary_key)]
        pub b: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod strict_one {
    // The table has more than an entity can say:
    // - the table is STRICT
    // - the constraint CHECK (a > 0)
    // - the column `e` is of the type `any`, for which SeaORM has no Rust type: a `String` may not read it

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "strict_one")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub a: i64,
        #[sea_orm(column_type = "Text")]
        pub b: Option<String>,
        #[sea_orm(column_type = "Blob")]
        pub c: Option<Vec<u8>>,
        pub d: Option<f64>,
        #[sea_orm(column_type = "custom(\"any\")")]
        pub e: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod r#struct {
    // The table has more than an entity can say:
    // - an index that is more than a list of columns: CREATE INDEX expressed ON struct (lower(t), n DESC)
    // - an index that is more than a list of columns: CREATE UNIQUE INDEX "odd index" ON struct (n) WHERE n > 0

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "struct")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub parent: Option<i64>,
        pub other: Option<i64>,
        pub kind: Option<i64>,
        pub n: i64,
        #[sea_orm(column_type = "Text")]
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

pub mod text_key {
    // The table has more than an entity can say:
    // - the table is WITHOUT ROWID

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "text_key")]
    pub struct Model {
        #[sea_orm(primary_key, column_type = "Text")]
        pub code: String,
        #[sea_orm(unique)]
        pub n: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod r#type {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "type")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub r#fn: i64,
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
        pub r#abstract: Option<i64>,
        #[sea_orm(column_type = "Text")]
        pub column: Option<String>,
        #[sea_orm(column_name = "Entity")]
        pub entity: Option<i64>,
        #[sea_orm(column_type = "Text")]
        pub user: Option<String>,
        #[sea_orm(has_many)]
        pub structs: HasMany<super::r#struct::Entity>,
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
        pub id: i64,
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
