//! Users and groups.

use accounts::models::{
    api_token, email_link, group, group_member, group_permission, session, user,
};
use accounts::users;
use garde::Validate;
use sea_orm::{IntoActiveModel, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Choices, Model};
use crate::options::{Access, Options};
use crate::registry::App;

/// The models, and the tables that fall with a user.
pub(crate) fn app() -> App {
    App::new("accounts")
        .model(user())
        .model(group())
        .model(Model::hidden::<session::Entity>())
        .model(Model::hidden::<api_token::Entity>())
        .model(Model::hidden::<email_link::Entity>())
        .model(members())
        .model(permissions())
}

fn user() -> Model {
    use user::Column;
    let options = Options {
        plural: "users",
        list: &[
            Column::Email,
            Column::Name,
            Column::IsActive,
            Column::IsStaff,
            Column::IsSuperuser,
            Column::LastLoginAt,
        ],
        search: &[Column::Email, Column::Name],
        filter: &[Column::IsActive, Column::IsStaff, Column::IsSuperuser],
        ordering: &[(Column::Email, crate::Order::Asc)],
        superuser: &[Column::IsStaff, Column::IsSuperuser],
        may: |user, access, row| {
            let is = |name: &str| row.is_some_and(|row| row[name] == true);
            let is_self = row.is_some_and(|row| row["id"] == user.id);
            // Nobody rises above themselves, nor shuts themselves out.
            (access == Access::View || user.is_superuser || !is("is_superuser"))
                && !(access == Access::Delete && is_self)
        },
        ..Options::DEFAULT
    };
    Model::new::<user::Entity, UserInput>("user", options)
}

fn group() -> Model {
    let options = Options {
        plural: "groups",
        list: &[group::Column::Name],
        search: &[group::Column::Name],
        may: |user, access, _| access == Access::View || user.is_superuser,
        ..Options::DEFAULT
    };
    Model::new::<group::Entity, GroupInput>("group", options)
}

/// The groups of a user.
fn members() -> Model {
    use group_member::Column::{GroupId, UserId};
    Model::between::<group_member::Entity>("groups", UserId, GroupId)
}

/// The permissions of a group.
fn permissions() -> Model {
    use group_permission::Column::{GroupId, Permission};
    let choices = Choices::Permissions;
    Model::ticked::<group_permission::Entity>("permissions", GroupId, Permission, choices)
}

/// What staff say of a user. A password is set by its owner alone: "Forgot your password?" mails a link.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[garde(allow_unvalidated)]
struct UserInput {
    #[garde(custom(address))]
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[garde(length(chars, max = 150))]
    #[schema(max_length = 150)]
    #[serde(default)]
    name: String,
    /// Others cannot log in, and what they had open ends at once.
    #[schema(default = true)]
    #[serde(default)]
    is_active: bool,
    /// May use the admin, as far as permissions allow.
    #[serde(default)]
    is_staff: bool,
    /// Has every permission.
    #[serde(default)]
    is_superuser: bool,
}

fn address(text: &str, _: &()) -> garde::Result {
    users::normal_email(text)
        .map(drop)
        .map_err(garde::Error::new)
}

impl IntoActiveModel<user::ActiveModel> for UserInput {
    fn into_active_model(self) -> user::ActiveModel {
        user::ActiveModel {
            name: Set(self.name),
            is_active: Set(self.is_active),
            is_staff: Set(self.is_staff),
            is_superuser: Set(self.is_superuser),
            ..users::new(&self.email.to_ascii_lowercase(), None)
        }
    }
}

/// What is said of a group.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
struct GroupInput {
    #[garde(length(chars, min = 1, max = 150))]
    #[schema(min_length = 1, max_length = 150)]
    name: String,
}

impl IntoActiveModel<group::ActiveModel> for GroupInput {
    fn into_active_model(self) -> group::ActiveModel {
        group::ActiveModel {
            name: Set(self.name),
            ..Default::default()
        }
    }
}
