//! A model of the project's own that accounts take for their users, instead of bringing one. Pure.

use heck::ToSnakeCase;
use serde_json::{Value, json};
use syn::{Item, ItemStruct};

use super::Choices;
use super::entity::{Entity, Namespace};
use super::existing::{Column, columns, derives};
use super::model::{ACCOUNTS, add_targets};
use super::syntax::{parse, structs};
use crate::error::{Error, Result};

/// The answer in `luthier.toml` that names it.
pub(crate) const ANSWER: &str = "user_model";
/// Tells templates that accounts bring no table of users.
pub(super) const ELSEWHERE: &str = "users_elsewhere";

/// Columns that accounts read and write, with the types they have there, and what their lines in an entity are.
const COLUMNS: [(&str, &str, &str); 9] = [
    (
        "email",
        "String",
        "#[sea_orm(column_type = \"String(StringLen::N(254))\", unique)]\npub email: String,",
    ),
    (
        "name",
        "String",
        "#[sea_orm(column_type = \"String(StringLen::N(150))\", default_value = \"\")]\npub name: String,",
    ),
    (
        "password_hash",
        "Option<PasswordHash>",
        "#[serde(skip)]\n#[schema(ignore)]\npub password_hash: Option<platform::password::PasswordHash>,",
    ),
    (
        "is_active",
        "bool",
        "#[sea_orm(default_value = true)]\npub is_active: bool,",
    ),
    (
        "is_staff",
        "bool",
        "#[sea_orm(default_value = false)]\npub is_staff: bool,",
    ),
    (
        "is_superuser",
        "bool",
        "#[sea_orm(default_value = false)]\npub is_superuser: bool,",
    ),
    (
        "failed_logins",
        "i32",
        "#[serde(skip)]\n#[schema(ignore)]\n#[sea_orm(default_value = 0)]\npub failed_logins: i32,",
    ),
    (
        "created_at",
        "DateTimeUtc",
        "#[schema(value_type = String, format = DateTime)]\npub created_at: DateTimeUtc,",
    ),
    (
        "last_login_at",
        "Option<DateTimeUtc>",
        "#[schema(value_type = Option<String>, format = DateTime)]\npub last_login_at: Option<DateTimeUtc>,",
    ),
];
/// What an entity derives so that the API can show who is logged in.
const DERIVES: [&str; 5] = ["Clone", "Debug", "PartialEq", "Serialize", "ToSchema"];
/// Texts of this length are written to these columns.
const LENGTHS: [(&str, usize); 2] = [("email", 254), ("name", 150)];

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

/// Refuses a model that accounts cannot take for their users, and says everything that it lacks. `entity` is the text of
/// its file and `api` that of its API, if it has one.
///
/// # Errors
/// Bad input, with a hint for each thing to change.
pub(crate) fn check(user: &UserModel, entity: &str, api: Option<&str>) -> Result<()> {
    let (app, module) = (&user.app, user.module());
    let path = format!("apps/{app}/src/models/{module}.rs");
    let mut lacks = match parse(entity) {
        Some(file) => lacks(&file),
        None => vec!["it is not Rust: fix its syntax".to_owned()],
    };
    if api.is_some_and(takes_input) {
        lacks.push(format!(
            "apps/{app}/src/api/{module}.rs lets everybody add and change users, and `{app}`, which accounts depend on, cannot ask \
             them who is logged in: remove that file, its two lines in apps/{app}/src/api.rs, and its tests"
        ));
    }
    if lacks.is_empty() {
        return Ok(());
    }
    let error = Error::bad_input(format_args!(
        "`{}` lacks what accounts need of their users: change {path}, then run the same command again",
        user.name()
    ));
    Err(lacks.into_iter().fold(error, Error::hint))
}

/// Whether an API has an input type, by which rows are written.
fn takes_input(text: &str) -> bool {
    parse(text)
        .is_some_and(|file| structs(&file).any(|item| item.ident.to_string().ends_with("Input")))
}

fn lacks(file: &syn::File) -> Vec<String> {
    let Some(row) = structs(file).find(|item| item.ident == "Model") else {
        return vec!["it has no struct `Model`".to_owned()];
    };
    let columns = columns(row);
    let find = |name: &str| columns.iter().find(|column| column.name == name);
    let mut lacks: Vec<String> = key_lacks(&columns).into_iter().collect();
    for (name, rust, line) in COLUMNS {
        match find(name) {
            None => lacks.push(format!("add the column `{name}`:\n{line}")),
            Some(column) if short(&column.declared()) != rust => lacks.push(format!(
                "the column `{name}` is `{}`: make it `{rust}`",
                column.declared()
            )),
            Some(_) => {}
        }
    }
    if find("email").is_some_and(|email| !email.has("unique")) {
        lacks.push("the column `email` is not unique: add `#[sea_orm(unique)]`".to_owned());
    }
    for (name, needed) in LENGTHS {
        if let Some(length) = find(name)
            .and_then(length)
            .filter(|length| *length < needed)
        {
            lacks.push(format!(
                "the column `{name}` holds {length} characters: make them {needed}"
            ));
        }
    }
    let is_shown = |column: &Column| {
        let settings = column.serde.iter().map(|(name, _)| name.as_str());
        !settings.into_iter().any(|name| name.starts_with("skip"))
    };
    if find("password_hash").is_some_and(is_shown) {
        lacks.push(
            "the column `password_hash` would be in answers: add `#[serde(skip)]` and `#[schema(ignore)]`"
                .to_owned(),
        );
    }
    lacks.extend(columns.iter().filter_map(without_value));
    lacks.extend(derive_lacks(file, row));
    lacks
}

fn key_lacks(columns: &[Column]) -> Option<String> {
    let keys: Vec<&Column> = columns
        .iter()
        .filter(|column| column.has("primary_key"))
        .collect();
    match keys[..] {
        [key] if key.name == "id" && key.rust == "i64" && key.setting("auto_increment") != Some("false") => None,
        _ => Some(
            "its key is not an `id: i64` that the database counts up, which sessions and API tokens refer to".to_owned(),
        ),
    }
}

/// A column that accounts know nothing of needs a value when somebody registers.
fn without_value(column: &Column) -> Option<String> {
    let mut known = COLUMNS.iter().map(|(name, ..)| *name).chain(["id"]);
    let is_known = known.any(|name| name == column.name);
    let has_value = column.optional
        || ["primary_key", "ignore", "default_value", "default_expr"]
            .iter()
            .any(|setting| column.has(setting));
    (!is_known && !has_value).then(|| {
        format!(
            "the column `{}` has no value when somebody registers: make it optional, or give it a `default_value`",
            column.name
        )
    })
}

fn derive_lacks(file: &syn::File, row: &ItemStruct) -> Option<String> {
    let derived = derives(row);
    let by_hand = |name: &str| {
        file.items.iter().any(|item| match item {
            Item::Impl(item) => item.trait_.as_ref().is_some_and(|(path, _)| {
                let last = path.segments.last();
                last.is_some_and(|segment| segment.ident == name)
            }),
            _ => false,
        })
    };
    let missing: Vec<String> = DERIVES
        .into_iter()
        .filter(|name| !derived.iter().any(|derived| derived == name) && !by_hand(name))
        .map(|name| format!("`{name}`"))
        .collect();
    (!missing.is_empty()).then(|| format!(
            "`Model` does not derive {}; the crates `serde` and `utoipa` go to the app's Cargo.toml as `NAME.workspace = true`",
            missing.join(", ")
        ))
}

/// How many characters a column of text holds, if its type says so.
fn length(column: &Column) -> Option<usize> {
    let kind = column.setting("column_type")?;
    let (_, rest) = kind.split_once("N(")?;
    rest.split_once(')')?.0.trim().parse().ok()
}

/// A type without the paths of its names, and of the two names that one type has, the shorter.
fn short(kind: &str) -> String {
    let mut text = String::new();
    for part in kind.split_inclusive(['<', '>', ',']) {
        let name = part.rsplit("::").next().unwrap_or(part);
        text.push_str(name);
    }
    text.replace("DateTime<Utc>", "DateTimeUtc")
}

#[cfg(test)]
mod tests {
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
