//! Who did what in the admin: the table `admin_log`.

use sea_orm::entity::prelude::*;

/// One change of one row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "admin_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    /// No reference: what a user did is kept when the user is deleted.
    #[sea_orm(indexed)]
    pub user_id: i64,
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub user_label: String,
    /// `books.book`
    #[sea_orm(column_type = "String(StringLen::N(130))")]
    pub model: String,
    /// The model and the key of the row: `books.book:7`.
    #[sea_orm(column_type = "String(StringLen::N(500))", indexed)]
    pub object: String,
    /// What the row was called then.
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub label: String,
    /// `add`, `change` or `delete`
    #[sea_orm(column_type = "String(StringLen::N(10))")]
    pub action: String,
    /// By field: the value before and the value after.
    #[sea_orm(column_type = "JsonBinary")]
    pub changes: Json,
    /// Of the form that was sent, so that one sent twice is done once.
    #[sea_orm(column_type = "String(StringLen::N(64))", unique)]
    pub token: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
