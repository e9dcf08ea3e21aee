//! A model of the project's own that accounts take for their users, instead of bringing one. Pure.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::Choices;
use super::entity::{Entity, Namespace};
use super::model::{ACCOUNTS, add_targets};
use crate::error::{Error, Result};

mod check;

pub(crate) use check::check;

/// The answer in `luthier.toml` that names it.
pub(crate) const ANSWER: &str = "user_model";
/// Tells templates that accounts bring no table of users.
pub(super) const ELSEWHERE: &str = "users_elsewhere";

/// `people.User`: the model in `apps/people/src/models/user.rs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserModel {
    pub(crate) app: String,
    pub(crate) model: String,
}

impl UserModel {
    /// The users of a project with accounts.
    pub(crate) fn of_choices(choices: &Choices) -> Self {
        let named = choices.answers.get(ANSWER).and_then(Value::as_str);
        let (app, model) = named
            .and_then(|named| named.split_once('.'))
            .unwrap_or((ACCOUNTS, "User"));
        Self {
            app: app.to_owned(),
            model: model.to_owned(),
        }
    }

    /// As it is typed.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.app, self.model)
    }

    pub(crate) fn module(&self) -> String {
        self.model.to_snake_case()
    }

    /// Whether another app than that of the accounts has it.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.app != ACCOUNTS
    }

    /// What templates know of it; `entities` are those of the project, as far as they are known.
    pub(crate) fn values(&self, entities: &[Entity]) -> Value {
        let module = self.module();
        let path = format!("{}::models::{module}", self.app);
        let mut tables = vec![format!("{path}::Entity")];
        add_targets(Namespace::Crates, entities, &mut tables);
        let mut crates: Vec<&str> = tables
            .iter()
            .filter_map(|table| table.split("::").next())
            .collect();
        crates.sort_unstable();
        crates.dedup();
        let import = match module.as_str() {
            "user" => path.clone(),
            _ => format!("{path} as user"),
        };
        json!({
            "app": self.app,
            "import": import,
            "path": if self.is_elsewhere() { &path } else { "super::user" },
            // What its rows refer to, and the crates of that.
            "referred": tables[1..],
            "crates": crates,
        })
    }

    /// Finds it among the models of a project.
    ///
    /// # Errors
    /// Bad input: `named` is not of the form `app.Model`, or there is no such model.
    pub(crate) fn find<'a>(named: &str, entities: &'a [Entity]) -> Result<(Self, &'a Entity)> {
        let parts = named.split_once('.').filter(|(app, model)| {
            let is_word = |text: &str| !text.is_empty() && !text.contains(['.', ' ', '/']);
            is_word(app) && is_word(model)
        });
        let Some((app, model)) = parts else {
            return Err(Error::bad_input(format_args!(
                "`--user-model {named}` is not of the form APP.MODEL"
            ))
            .hint("as in `--user-model people.User`"));
        };
        let user = Self {
            app: app.to_owned(),
            model: model.to_owned(),
        };
        let is_it = |entity: &&Entity| {
            entity.app == app && entity.name == model && entity.module == user.module()
        };
        match entities.iter().find(is_it) {
            Some(entity) => Ok((user, entity)),
            None => {
                let names: Vec<String> = entities
                    .iter()
                    .map(|entity| format!("{}.{}", entity.app, entity.name))
                    .collect();
                let error = Error::bad_input(format_args!(
                    "there is no model `{named}` in apps/{app}/src/models/{}.rs",
                    user.module()
                ));
                Err(match names.is_empty() {
                    true => error.hint("this project has no models; leave --user-model out"),
                    false => error.hint(format!("the models are {}", names.join(", "))),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check::COLUMNS;
    use super::*;

    const USER: &str = r#"
        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, utoipa::ToSchema)]
        #[sea_orm(table_name = "users")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i64,
            #[sea_orm(column_type = "String(StringLen::N(254))", unique)]
            pub email: String,
            pub name: String,
            #[serde(skip_serializing)]
            pub password_hash: Option<platform::password::PasswordHash>,
            pub is_active: bool,
            pub is_staff: bool,
            pub is_superuser: bool,
            pub failed_logins: i32,
            pub created_at: chrono::DateTime<chrono::Utc>,
            pub last_login_at: Option<DateTimeUtc>,
            pub phone: Option<String>,
            #[sea_orm(default_value = "en")]
            pub language: String,
            #[sea_orm(has_many)]
            pub posts: HasMany<super::post::Entity>,
        }
    "#;

    fn user() -> UserModel {
        UserModel {
            app: "people".to_owned(),
            model: "User".to_owned(),
        }
    }

    fn hints(entity: &str, api: Option<&str>) -> Vec<String> {
        check(&user(), entity, api).map_or_else(|error| error.hints, |()| Vec::new())
    }

    #[test]
    fn a_model_with_all_that_is_needed_is_taken() {
        assert_eq!(hints(USER, None), [""; 0]);
        assert_eq!(
            hints(USER, Some("struct Shown; async fn list() {}")),
            [""; 0]
        );
        for (_, _, line) in COLUMNS {
            let file = format!("struct Model {{ {line} }}");
            assert!(syn::parse_str::<syn::File>(&file).is_ok(), "{file}");
        }
    }

    #[test]
    fn what_a_model_lacks_is_said_column_by_column() {
        for (from, to, hint) in [
            ("pub id: i64", "pub id: Uuid", "its key is not an `id: i64`"),
            (
                "(primary_key)",
                "(primary_key, auto_increment = false)",
                "its key is not",
            ),
            (
                ", unique)",
                ")",
                "`email` is not unique: add `#[sea_orm(unique)]`",
            ),
            (
                "N(254)",
                "N(100)",
                "`email` holds 100 characters: make them 254",
            ),
            (
                "pub name: String,",
                "",
                "add the column `name`:\n#[sea_orm(",
            ),
            (
                "pub is_staff: bool",
                "pub is_staff: Option<bool>",
                "`is_staff` is `Option<bool>`: make it `bool`",
            ),
            (
                "#[serde(skip_serializing)]",
                "",
                "`password_hash` would be in answers",
            ),
            (
                "platform::password::PasswordHash",
                "String",
                "`password_hash` is `Option<String>`",
            ),
            (
                "pub phone: Option<String>",
                "pub phone: String",
                "the column `phone` has no value",
            ),
            (
                "Serialize, utoipa::ToSchema",
                "Eq",
                "does not derive `Serialize`, `ToSchema`",
            ),
            (
                "pub struct Model",
                "pub struct Row",
                "it has no struct `Model`",
            ),
            ("pub struct Model {", "pub struct Model", "it is not Rust"),
        ] {
            assert!(USER.contains(from), "{from}");
            let found = hints(&USER.replace(from, to), None);
            assert!(
                found.len() == 1 && found[0].contains(hint),
                "{to}: {found:#?}"
            );
        }
        let found = hints(USER, Some("pub struct UserInput { pub email: String }"));
        assert!(
            found[0].contains("apps/people/src/api/user.rs lets everybody"),
            "{found:?}"
        );
        assert_eq!(hints("pub struct Model { pub id: i64 }", None).len(), 11);
    }

    #[test]
    fn a_model_is_named_with_its_app() {
        let entity = super::super::entity::read("people", "user", USER).expect("it is an entity");
        let found = UserModel::find("people.User", std::slice::from_ref(&entity));
        assert_eq!(found.expect("it is there").0, user());
        for (named, message) in [
            ("User", "is not of the form APP.MODEL"),
            ("people.", "is not of the form"),
            ("a.b.C", "is not of the form"),
            (
                "people.Person",
                "there is no model `people.Person` in apps/people/src/models/person.rs",
            ),
        ] {
            let error = UserModel::find(named, std::slice::from_ref(&entity)).expect_err(named);
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}
