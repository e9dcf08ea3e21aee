//! A token with which a program acts for a user: the table `api_tokens`.

use platform::secret::Digest;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// An API token.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ApiToken)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    #[serde(skip)]
    #[schema(ignore)]
    pub user_id: i64,
    /// The name that its owner gave it.
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub name: String,
    /// How the token begins, to tell it from others.
    #[sea_orm(column_type = "String(StringLen::N(16))")]
    pub prefix: String,
    #[sea_orm(column_type = "Binary(32)", unique)]
    #[serde(skip)]
    #[schema(ignore)]
    pub token_hash: Digest,
    /// Only for `GET` and `HEAD`.
    pub read_only: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<DateTimeUtc>,
    /// When it was last used, within the hour.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<DateTimeUtc>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
    #[schema(ignore)]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
