//! The tag `deploy`: what is fine while a site is made, and not on the internet.

mod addresses;
mod checks;
mod code;
mod external_login;
mod facts;
mod models;
mod rules;
mod scheme;

use super::tag::{CheckContext, Tag};
use crate::check::Finding;
use crate::database::{self, Database};
use crate::error::Result;
use crate::project::Project;
use crate::scaffold::EXTERNAL_LOGIN;
use crate::scaffold::entity;
use crate::scaffold::model::ACCOUNTS;
use crate::scaffold::user_model::UserModel;
use code::Code;
use facts::Facts;

pub(super) const TAG: Tag = Tag {
    name: "deploy",
    // On a developer's machine most of it is as it should be.
    by_default: false,
    checks: || checks::ALL.to_vec(),
    run,
};

/// The table of users, unless the project has a model of its own for them.
const USERS: &str = "users";

fn run(site: &CheckContext) -> Result<Vec<Finding>> {
    let project = &site.project;
    let choices = project.scaffold.choices();
    let accounts = choices.has(ACCOUNTS);
    let read = |path: &str| project.read(path);
    let facts = Facts {
        settings: project.settings()?,
        accounts,
        external_login: choices.has(EXTERNAL_LOGIN),
        code: Code::read(&read)?,
        public: models::public(project)?,
        release_build: project.has_release_build()
            || project
                .read("Dockerfile")?
                .is_some_and(|text| text.contains("--release")),
        open_dotenv: project.is_dotenv_open(),
        superuser: match accounts {
            true => superuser(site, &users_table(project)?),
            false => None,
        },
    };
    rules::findings(&facts)
}

/// The table that holds the users.
fn users_table(project: &Project) -> Result<String> {
    let user = UserModel::of_choices(&project.scaffold.choices());
    let module = user.module();
    let path = format!("apps/{}/src/models/{module}.rs", user.app);
    let text = project.read(path)?.unwrap_or_default();
    let entity = entity::read(&user.app, &module, &text);
    Ok(entity.map_or_else(|| USERS.to_owned(), |entity| entity.table))
}

/// A database that cannot be reached says nothing of the site's settings: that is told, and no finding.
fn superuser(site: &CheckContext, users: &str) -> Option<bool> {
    let url = site.database_url;
    let asked = site.project.database_url(url).and_then(|url| {
        database::block_on(async {
            let Some(mut database) = Database::look(&url).await? else {
                return Ok(None);
            };
            let users = database.dialect().table(users);
            let query =
                format!("SELECT email FROM {users} WHERE is_superuser AND is_active LIMIT 1");
            // Before the first migration there is no such table.
            let found = database.texts(&query).await.ok();
            database.close().await;
            Ok(found.map(|rows| !rows.is_empty()))
        })
    });
    asked.unwrap_or_else(|error| {
        let output = &site.context.output;
        output.warning(format_args!(
            "the database was not asked whether there is a superuser: {error}"
        ));
        None
    })
}
