//! The users that accounts have: a model of the project's own, or a new one that clashes with none.

use crate::commands::startmodel::Known;
use crate::error::{Error, Result};
use crate::paths::{slashed, stem};
use crate::scaffold::addition;
use crate::scaffold::entity;
use crate::scaffold::model::ACCOUNTS;
use crate::scaffold::user_model::{self, ANSWER, UserModel};
use crate::scaffold::{Choices, Rendered};

/// The model that `--user-model` names, checked; `None` if it names none and none was named before.
///
/// # Errors
/// Bad input: another feature is added, the project's users are settled, or the model lacks something.
pub(super) fn chosen(known: &Known, feature: &str, wanted: Option<&str>) -> Result<Option<String>> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    if feature != ACCOUNTS {
        return Err(Error::bad_input(format_args!(
            "`{feature}` has no users of its own, so `--user-model` says nothing of it"
        ))
        .hint("say it of the accounts: `luthier add accounts --user-model APP.MODEL`"));
    }
    if known.choices.has(ACCOUNTS) {
        let present = UserModel::of_choices(&known.choices).name();
        return match present == wanted {
            true => Ok(None),
            false => Err(Error::bad_input(format_args!(
                "this project has accounts already, and their users are `{present}`"
            ))
            .hint("columns of your own are added there, followed by `luthier makemigrations`")),
        };
    }
    let (user, _) = UserModel::find(wanted, &known.entities)?;
    let text = |folder: &str| {
        let path = format!("apps/{}/src/{folder}/{}.rs", user.app, user.module());
        known.read(path)
    };
    let entity = text("models")?.unwrap_or_default();
    user_model::check(&user, &entity, text("api")?.as_deref())?;
    Ok(Some(wanted.to_owned()))
}

/// The choices of a project whose users are these.
pub(super) fn answered(choices: Choices, users: Option<&String>) -> Choices {
    match users {
        Some(users) => choices.answered(ANSWER, users),
        None => choices,
    }
}

/// Refuses a feature that brings a table by the name of one that the project has.
pub(super) fn check_tables(known: &Known, feature: &str, after: &[Rendered]) -> Result<()> {
    if known.choices.has(feature) {
        return Ok(());
    }
    let mut errors = Vec::new();
    for file in after {
        let path = slashed(&file.path);
        let Some((app, module)) = path
            .strip_prefix("apps/")
            .and_then(|rest| rest.split_once("/src/models/"))
        else {
            continue;
        };
        let text = std::str::from_utf8(&file.contents).unwrap_or_default();
        let Some(brought) = entity::read(app, stem(module), text) else {
            continue;
        };
        let mut own = known.entities.iter().filter(|own| own.app != app);
        if let Some(own) = own.find(|own| own.table == brought.table) {
            let mut error = Error::bad_input(format_args!(
                "`{feature}` brings the table `{}`, and {}.{} has one by that name",
                own.table, own.app, own.name
            ));
            if (app, brought.module.as_str()) == (ACCOUNTS, "user") {
                error = error.hint(format!(
                    "if its rows are the users: `luthier add accounts --user-model {}.{}`",
                    own.app, own.name
                ));
            }
            errors.push(error.hint(format!(
                "give yours another name: `table_name` in apps/{}/src/models/{}.rs, then `luthier makemigrations --rename-table \
                 {}=NEW`",
                own.app, own.module, own.table
            )));
        }
    }
    match addition::together(errors) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}
