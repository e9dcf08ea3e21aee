//! What the templates of a new project know: pure.

use heck::ToTitleCase;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Pack;
use super::feature::{self, Choices};
use super::user_model::{self, UserModel};
use crate::error::Result;
use crate::sql::Dialect;

/// The variables for a project `name` that speaks to `dialects` (at least one), and what its pack was told. A question
/// that is newer than the project has its default.
pub(crate) fn of_project(
    name: &str,
    dialects: &[Dialect],
    pack: &Pack,
    choices: &Choices,
) -> Map<String, Value> {
    let questions = pack.manifest.questions.iter();
    let defaults = questions.filter_map(|(key, question)| {
        let default = question.default.clone()?;
        Some((key.clone(), default))
    });
    let mut values: Map<String, Value> = defaults.collect();
    let fixed = pack.manifest.values.iter();
    values.extend(fixed.map(|(key, value)| (key.clone(), value.clone())));
    values.extend(choices.answers.clone());
    let features = pack.manifest.features.keys();
    values.extend(features.map(|name| (feature::variable(name), choices.has(name).into())));
    let default = dialects.first().copied().unwrap_or(Dialect::Sqlite);
    let crate_name = name.replace('-', "_");
    let database_url = database_url(default, &crate_name);
    let user_model = UserModel::of_choices(choices);
    let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name()).collect();
    let known = json!({
        "name": name,
        "crate_name": crate_name,
        "title": name.to_title_case(),
        "databases": names,
        "default_database": default.name(),
        "database_url": database_url,
        "luthier_version": env!("CARGO_PKG_VERSION"),
        "pack": {"name": pack.manifest.name, "version": pack.manifest.version},
        user_model::ANSWER: user_model.values(&[]),
        user_model::ELSEWHERE: user_model.is_elsewhere(),
    });
    if let Value::Object(known) = known {
        values.extend(known);
    }
    for dialect in Dialect::ALL {
        values.insert(
            dialect.name().to_owned(),
            dialects.contains(&dialect).into(),
        );
    }
    values
}

/// `known` and the fields of `more`, for the templates of something in a project.
pub(crate) fn with(
    known: &Map<String, Value>,
    more: &impl Serialize,
) -> Result<Map<String, Value>> {
    let mut values = known.clone();
    if let Value::Object(more) = serde_json::to_value(more)? {
        values.extend(more);
    }
    Ok(values)
}

/// A database for development on the developer's own machine.
fn database_url(dialect: Dialect, database: &str) -> String {
    match dialect {
        Dialect::Sqlite => "sqlite:db.sqlite3".to_owned(),
        Dialect::Postgres => format!("postgres://postgres:postgres@localhost/{database}"),
        Dialect::Mysql => format!("mysql://root:root@localhost/{database}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::manifest::RESERVED;

    #[test]
    fn the_variables_are_those_that_questions_cannot_take() {
        let pack = Pack::built_in("web").unwrap().unwrap();
        let dialects = [Dialect::Postgres, Dialect::Sqlite];
        let mut values = of_project("book-store", &dialects, &pack, &Choices::default());
        values.retain(|key, _| !pack.manifest.features.contains_key(&key.replace('_', "-")));
        values.retain(|key, _| !pack.manifest.values.contains_key(key));
        values["pack"]["version"] = "VERSION".into();
        values["luthier_version"] = "VERSION".into();
        let mut keys: Vec<&str> = values.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, RESERVED);
        insta::assert_snapshot!(serde_json::to_string_pretty(&values).unwrap(), @r#"
        {
          "name": "book-store",
          "crate_name": "book_store",
          "title": "Book Store",
          "databases": [
            "postgres",
            "sqlite"
          ],
          "default_database": "postgres",
          "database_url": "postgres://postgres:postgres@localhost/book_store",
          "luthier_version": "VERSION",
          "pack": {
            "name": "web",
            "version": "VERSION"
          },
          "user_model": {
            "app": "accounts",
            "import": "accounts::models::user",
            "path": "super::user",
            "referred": [],
            "crates": [
              "accounts"
            ]
          },
          "users_elsewhere": false,
          "sqlite": true,
          "postgres": true,
          "mysql": false
        }
        "#);
    }
}
