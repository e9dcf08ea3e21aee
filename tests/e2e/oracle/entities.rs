//! Entities in every format and with every attribute that decides a table: compiled with SeaORM, and read by the tool.

/// The newer format: relations are fields.
pub mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors", comment = "People who write")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(indexed, column_type = "String(StringLen::N(100))")]
        pub name: String,
        #[sea_orm(unique)]
        pub email: Option<String>,
        pub born: Option<Date>,
        pub sleeps_at: Option<Time>,
        #[sea_orm(default_expr = "Expr::current_timestamp()")]
        pub seen: DateTimeUtc,
        #[sea_orm(has_many)]
        pub books: HasMany<super::book::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod book {
    use super::kinds::{Kilograms, Mood, Priority, Status};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "books")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique_key = "work", column_type = "String(StringLen::N(200))")]
        pub title: String,
        #[sea_orm(column_type = "Text")]
        pub summary: String,
        #[sea_orm(unique, column_name = "isbn_13", column_type = "Char(Some(13))")]
        pub isbn: String,
        #[sea_orm(default_value = 0)]
        pub pages: i32,
        #[sea_orm(default_value = true)]
        pub in_print: bool,
        #[sea_orm(default_value = "it's new")]
        pub note: String,
        #[sea_orm(column_type = "Decimal(Some((10, 2)))")]
        pub price: Decimal,
        pub weight: Kilograms,
        pub status: Status,
        pub mood: Option<Mood>,
        pub priority: Priority,
        pub r#type: i16,
        pub author_id: i64,
        pub sequel_to: Option<i64>,
        #[sea_orm(
            belongs_to,
            from = "author_id",
            to = "id",
            on_delete = "Cascade",
            on_update = "NoAction"
        )]
        pub author: BelongsTo<super::author::Entity>,
        #[sea_orm(
            self_ref,
            relation_enum = "Sequel",
            relation_reverse = "Prequel",
            from = "sequel_to",
            to = "id",
            on_delete = "SetNull"
        )]
        pub sequel: BelongsTo<Option<Entity>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The older format: an `enum Relation`.
pub mod edition {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Edition of", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub book_id: i64,
        #[sea_orm(primary_key, unique_key = "number")]
        pub edition_number: i32,
        #[sea_orm(unique_key = "number")]
        pub language: String,
        #[sea_orm(ignore)]
        pub cached: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::book::Entity",
            from = "Column::BookId",
            to = "super::book::Column::Id",
            on_delete = "Restrict",
            fk_name = "of-book"
        )]
        Book,
        #[sea_orm(has_one = "super::printing::Entity")]
        Printing,
    }

    impl Related<super::printing::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Printing.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A reference of two columns, and keys that are not counted up.
pub mod printing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "printings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub book_id: i64,
        pub edition_number: i32,
        pub place_code: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::edition::Entity",
            from = "(Column::BookId, Column::EditionNumber)",
            to = "(super::edition::Column::BookId, super::edition::Column::EditionNumber)"
        )]
        Edition,
        #[sea_orm(
            belongs_to = "super::place::Entity",
            from = "Column::PlaceCode",
            to = "super::place::Column::Code",
            skip_fk
        )]
        Place,
    }

    impl Related<super::edition::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Edition.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod place {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "order")]
    pub struct Model {
        #[sea_orm(primary_key, column_type = "String(StringLen::N(8))")]
        pub code: String,
        pub tiny: i8,
        pub small: i16,
        pub big: i64,
        pub single: f32,
        pub double: f64,
        pub exact: Decimal,
        pub flag: bool,
        pub bytes: Vec<u8>,
        #[sea_orm(column_type = "Blob")]
        pub blob: Vec<u8>,
        #[sea_orm(column_type = "VarBinary(StringLen::N(16))")]
        pub hash: Vec<u8>,
        pub json: Json,
        #[sea_orm(column_type = "JsonBinary")]
        pub json_binary: Json,
        pub id: Uuid,
        pub local: DateTime,
        pub zoned: DateTimeWithTimeZone,
        #[sea_orm(column_type = "Timestamp")]
        pub stamp: DateTime,
        #[sea_orm(nullable)]
        pub maybe: i32,
        pub text_uuid: TextUuid,
        #[sea_orm(extra = "CHECK (positive > 0)")]
        pub positive: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Unsigned numbers, which PostgreSQL widens.
pub mod counter {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "counters")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub tiny: u8,
        pub small: u16,
        pub plain: u32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Everything that the derives would write, written out.
pub mod review {
    use sea_orm::entity::prelude::*;

    use super::kinds::Mood;

    #[derive(Copy, Clone, Default, Debug, DeriveEntity)]
    pub struct Entity;

    impl EntityName for Entity {
        fn table_name(&self) -> &'static str {
            "reviews"
        }
    }

    #[derive(Clone, Debug, PartialEq, DeriveModel, DeriveActiveModel, Eq)]
    pub struct Model {
        pub id: i32,
        pub book_id: i64,
        pub text: Option<String>,
        pub stars: i16,
        pub mood: Option<Mood>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveColumn)]
    pub enum Column {
        Id,
        BookId,
        #[sea_orm(column_name = "body")]
        Text,
        Stars,
        Mood,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DerivePrimaryKey)]
    pub enum PrimaryKey {
        Id,
    }

    impl PrimaryKeyTrait for PrimaryKey {
        type ValueType = i32;
        fn auto_increment() -> bool {
            true
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter)]
    pub enum Relation {
        Book,
    }

    impl ColumnTrait for Column {
        type EntityName = Entity;
        fn def(&self) -> ColumnDef {
            match self {
                Self::Id => ColumnType::Integer.def(),
                Self::BookId => ColumnType::BigInteger.def().unique_key("once"),
                Self::Text => ColumnType::String(StringLen::N(500u32))
                    .def()
                    .null()
                    .unique_key("once"),
                Self::Stars => ColumnType::SmallInteger.def().default_value(3i16).indexed(),
                Self::Mood => Mood::db_type().def().null(),
            }
        }
    }

    impl RelationTrait for Relation {
        fn def(&self) -> RelationDef {
            match self {
                Self::Book => Entity::belongs_to(super::book::Entity)
                    .from(Column::BookId)
                    .to(super::book::Column::Id)
                    .on_delete(ForeignKeyAction::Cascade)
                    .into(),
            }
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod kinds {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(
        rs_type = "String",
        db_type = "String(StringLen::N(12))",
        rename_all = "snake_case"
    )]
    pub enum Status {
        Draft,
        OutOfPrint,
    }

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
    pub enum Mood {
        #[sea_orm(string_value = "happy")]
        Happy,
        #[sea_orm(string_value = "so-so")]
        SoSo,
    }

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "i32", db_type = "Integer")]
    pub enum Priority {
        Low = 1,
        High = 2,
    }

    #[derive(Clone, Debug, PartialEq, DeriveValueType)]
    pub struct Kilograms(pub f64);
}
