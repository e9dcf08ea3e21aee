//! A link in a mail, which works once: the table `email_links`.

use platform::secret::Digest;
use sea_orm::entity::prelude::*;

/// A link in a mail.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "email_links")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Binary(32)", unique)]
    pub token_hash: Digest,
    pub purpose: Purpose,
    /// Where it was sent: the only address it can confirm.
    #[sea_orm(column_type = "String(StringLen::N(254))", indexed)]
    pub email: String,
    /// The user; `None` before registration.
    #[sea_orm(indexed)]
    pub user_id: Option<i64>,
    #[sea_orm(indexed)]
    pub expires_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
    pub user: BelongsTo<Option<super::user::Entity>>,
}

/// The purpose of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "email_link_purpose")]
pub enum Purpose {
    /// Makes a user, with a first password.
    #[sea_orm(string_value = "register")]
    Register,
    /// Sets a password.
    #[sea_orm(string_value = "password")]
    Password,
    /// Moves the user to a new address.
    #[sea_orm(string_value = "email")]
    Email,
}

impl ActiveModelBehavior for ActiveModel {}
