//! A user: the table `users`. A field of your own is added here, followed by `luthier makemigrations`.

use platform::password::PasswordHash;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::users;

/// A user.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = User)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// In lower case.
    #[sea_orm(column_type = "String(StringLen::N(254))", unique)]
    pub email: String,
    #[sea_orm(column_type = "String(StringLen::N(150))")]
    pub name: String,
    /// None until the user has followed the link in a mail.
    #[serde(skip)]
    #[schema(ignore)]
    pub password_hash: Option<PasswordHash>,
    /// Others cannot log in, and what they had open ends at once.
    pub is_active: bool,
    /// May use the admin.
    pub is_staff: bool,
    /// Has every permission.
    pub is_superuser: bool,
    /// Wrong passwords since the last right one.
    #[serde(skip)]
    #[schema(ignore)]
    pub failed_logins: i32,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<DateTimeUtc>,
}

#[async_trait::async_trait]
impl ActiveModelBehavior for ActiveModel {
    async fn after_save<C>(user: Model, db: &C, _insert: bool) -> Result<Model, DbErr>
    where
        C: ConnectionTrait,
    {
        if !user.is_active {
            users::end_all(db, &user).await?;
        }
        Ok(user)
    }
}
