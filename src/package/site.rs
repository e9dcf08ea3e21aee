//! What the deployment of one of Luthier's sites goes by.

use heck::ToTitleCase;
use serde::Serialize;

use super::dockerfile::PORT;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::model::ACCOUNTS;
use crate::scaffold::{EXTERNAL_LOGIN, Language};
use crate::sql::Dialect;

/// A site, as templates know it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) crate_name: String,
    pub(crate) title: String,
    /// The program's name: that of the project.
    pub(crate) binary: String,
    /// Where visitors find it.
    pub(crate) domain: String,
    /// Where it listens.
    pub(crate) port: u16,
    /// It is deployed with a database server: PostgreSQL if it can speak to that, or else MySQL.
    pub(crate) database: bool,
    pub(crate) postgres: bool,
    pub(crate) mysql: bool,
    pub(crate) database_port: u16,
    /// It has users, and so settings for cookies, links and mails.
    pub(crate) accounts: bool,
    /// It is written in Python: its settings have the names that Django developers know.
    pub(crate) python: bool,
    /// It asks browsers itself to come by https alone.
    pub(crate) sends_hsts: bool,
    /// What brings its database up to date, behind the name of the program.
    pub(crate) migrate: Vec<String>,
    /// The same where no container sets the folder of programs: `.venv/bin/python manage.py migrate`.
    pub(crate) migrate_command: String,
    /// What serves it there.
    pub(crate) serve_command: String,
    /// Where a database in a file lies.
    pub(crate) sqlite_url: &'static str,
    /// Its users may log in by providers, and so it has their secrets.
    pub(crate) external_login: bool,
}

impl Site {
    /// # Errors
    /// When the project's pack cannot be read, or does not say how a site in Python is served.
    pub(crate) fn new(project: &Project, domain: Option<&str>) -> Result<Self> {
        let speaks = |dialect| project.dialects.contains(&dialect);
        let postgres = speaks(Dialect::Postgres);
        let mysql = !postgres && speaks(Dialect::Mysql);
        let name = &project.name;
        let choices = project.scaffold.choices();
        let accounts = choices.has(ACCOUNTS);
        let python = project.language == Language::Python;
        let shipping = project.shipping()?;
        let fill = |words: Option<Vec<String>>| -> Vec<String> {
            let words = words.unwrap_or_default().into_iter();
            words
                .map(|word| {
                    word.replace("{project}", &project.module())
                        .replace("{port}", &PORT.to_string())
                })
                .collect()
        };
        let serve = fill(shipping.serve);
        if python && serve.is_empty() {
            return Err(Error::bad_input(
                "the pack does not say what serves the site in production",
            )
            .hint("say it in luthier.toml: [package] serve = [\"gunicorn\", \"shop.wsgi\"]"));
        }
        let migrate = match python {
            true => fill(shipping.migrate),
            false => vec!["migrate".to_owned()],
        };
        Ok(Self {
            python,
            sends_hsts: accounts || python,
            migrate_command: format!("/srv/{name}/.venv/bin/{}", migrate.join(" ")),
            serve_command: format!("/srv/{name}/.venv/bin/{}", serve.join(" ")),
            migrate,
            sqlite_url: match python {
                true => "sqlite:////data/db.sqlite3",
                false => "sqlite:/data/db.sqlite3",
            },
            crate_name: name.replace('-', "_"),
            title: name.to_title_case(),
            binary: name.clone(),
            domain: domain.map_or_else(|| format!("{}.example.com", host(name)), str::to_owned),
            port: PORT,
            database: postgres || mysql,
            postgres,
            mysql,
            database_port: if mysql { 3306 } else { 5432 },
            accounts,
            external_login: choices.has(EXTERNAL_LOGIN),
            name: name.clone(),
        })
    }

    /// Where the database `database` of a server at `host` is, with `password` for the user of the same name.
    pub(crate) fn database_url(&self, host: &str, password: &str) -> String {
        let scheme = if self.mysql { "mysql" } else { "postgres" };
        let name = &self.crate_name;
        format!("{scheme}://{name}:{password}@{host}/{name}")
    }
}

/// A name as hosts and objects of a cluster can have it.
pub(crate) fn host(name: &str) -> String {
    name.replace('_', "-")
}
