//! A login of a user at a provider elsewhere: the table `external_identities`.

use platform::secret::Digest;
use sea_orm::entity::prelude::*;
use serde::Serialize;

/// A login at a provider.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "external_identities")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    #[serde(skip)]
    pub user_id: i64,
    /// As the settings call it: `google`.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub provider: String,
    /// Of the issuer and its name for the person. A text would not do: to MySQL, `a` and `A` are the same.
    #[sea_orm(column_type = "Binary(32)", unique)]
    #[serde(skip)]
    pub identity_hash: Digest,
    /// The address there at the last login. It is shown to the user, and says nothing of who they are.
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub email: String,
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
