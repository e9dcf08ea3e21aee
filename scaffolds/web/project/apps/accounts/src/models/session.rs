//! A session, from login to logout: the table `sessions`.

use platform::secret::Digest;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// A session.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = Session)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    #[serde(skip)]
    #[schema(ignore)]
    pub user_id: i64,
    /// Of what the cookie holds.
    #[sea_orm(column_type = "Binary(32)", unique)]
    #[serde(skip)]
    #[schema(ignore)]
    pub token_hash: Digest,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    /// When it was last used, within the hour.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: DateTimeUtc,
    /// When the password was last asked for.
    #[schema(value_type = String, format = DateTime)]
    pub authenticated_at: DateTimeUtc,
    #[sea_orm(indexed)]
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: DateTimeUtc,
    /// Outlives the browser's window.
    pub remembered: bool,
    /// Where it was begun from.
    #[sea_orm(column_type = "String(StringLen::N(45))")]
    pub address: String,
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub user_agent: String,
    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
    #[schema(ignore)]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
