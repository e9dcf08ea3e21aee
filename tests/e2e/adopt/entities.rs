pub mod edition_of {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Edition of")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub number: i32,
        #[sea_orm(primary_key)]
        pub book_id: i64,
        #[sea_orm(column_type = "Text")]
        pub r#match: String,
        #[sea_orm(belongs_to, from = "book_id", to = "id")]
        pub book: BelongsTo<super::book::Entity>,
        #[sea_orm(has_many)]
        pub prints: HasMany<super::print::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod author {
    // The table has more than an entity can say:
    // - the constraint `authors_balance_check`: CHECK ((balance >= (0)::numeric))
    // - the column `id` takes its numbers from a sequence (`serial`), not from an identity column

    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(100))")]
        pub name: String,
        #[sea_orm(column_name = "camelCase", column_type = "Text")]
        pub camel_case: Option<String>,
        #[sea_orm(default_value = "happy")]
        pub mood: Mood,
        pub born: Option<Date>,
        pub boss_id: Option<i64>,
        #[sea_orm(column_type = "Decimal(Some((12, 2)))", default_value = 0)]
        pub balance: Decimal,
        #[sea_orm(column_type = "JsonBinary")]
        pub meta: Option<Json>,
        #[sea_orm(default_expr = "Expr::current_timestamp()")]
        pub created: DateTimeUtc,
        #[sea_orm(
            self_ref,
            relation_enum = "Boss",
            relation_reverse = "AuthorsByBoss",
            from = "boss_id",
            to = "id",
            on_delete = "SetNull"
        )]
        pub boss: BelongsTo<Option<Entity>>,
        #[sea_orm(self_ref, relation_enum = "AuthorsByBoss", relation_reverse = "Boss")]
        pub authors_by_boss: HasMany<Entity>,
        #[sea_orm(has_many, relation_enum = "BooksByAuthor", via_rel = "Author")]
        pub books_by_author: HasMany<super::book::Entity>,
        #[sea_orm(has_many, relation_enum = "BooksByEditor", via_rel = "Editor")]
        pub books_by_editor: HasMany<super::book::Entity>,
        #[sea_orm(has_one)]
        pub passport: HasOne<super::passport::Entity>,
    }

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "Mood")]
    pub enum Mood {
        #[sea_orm(string_value = "happy")]
        Happy,
        #[sea_orm(string_value = "so-so")]
        SoSo,
        #[sea_orm(string_value = "it's")]
        ItS,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod book {
    // The table has more than an entity can say:
    // - an index that is more than a list of columns: CREATE UNIQUE INDEX books_lower ON books USING btree (lower(title::text))

    use super::author::Mood;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "books")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(default_value = 1)]
        pub r#type: i16,
        #[sea_orm(
            column_type = "String(StringLen::N(200))",
            indexed,
            unique_key = "title_author_id"
        )]
        pub title: String,
        #[sea_orm(column_type = "String(StringLen::N(20))", unique)]
        pub isbn: String,
        #[sea_orm(unique_key = "title_author_id")]
        pub author_id: i64,
        pub editor_id: Option<i64>,
        pub mood: Option<Mood>,
        #[sea_orm(default_expr = "Expr::cust(\"gen_random_uuid()\")")]
        pub key: Option<Uuid>,
        #[sea_orm(
            belongs_to,
            relation_enum = "Author",
            from = "author_id",
            to = "id",
            on_delete = "Cascade"
        )]
        pub author: BelongsTo<super::author::Entity>,
        #[sea_orm(belongs_to, relation_enum = "Editor", from = "editor_id", to = "id")]
        pub editor: BelongsTo<Option<super::author::Entity>>,
        #[sea_orm(has_many)]
        pub edition_ofs: HasMany<super::edition_of::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod passport {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "passports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub author_id: i64,
        #[sea_orm(column_type = "Char(Some(9))")]
        pub code: String,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod print {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "prints")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub number: i32,
        pub book_id: i64,
        #[sea_orm(
            belongs_to,
            from = "(number, book_id)",
            to = "(number, book_id)",
            on_update = "Cascade"
        )]
        pub edition_of: BelongsTo<super::edition_of::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

// `sunny`: a view

// `logs`: the table has no primary key, without which SeaORM has no entity
