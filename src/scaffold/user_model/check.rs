//! What accounts need of a model that they take for their users.

use syn::{Item, ItemStruct};

use super::UserModel;
use crate::error::{Error, Result};
use crate::scaffold::existing::{Column, columns, derives};
use crate::scaffold::syntax::{parse, structs};

/// Columns that accounts read and write, with the types they have there, and what their lines in an entity are.
pub(super) const COLUMNS: [(&str, &str, &str); 9] = [
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
