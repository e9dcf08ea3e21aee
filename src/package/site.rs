//! What the deployment of one of Luthier's sites goes by.

use heck::ToTitleCase;
use serde::Serialize;

use super::dockerfile::PORT;
use crate::project::Project;
use crate::scaffold::EXTERNAL_LOGIN;
use crate::scaffold::model::ACCOUNTS;
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
    /// Its users may log in by providers, and so it has their secrets.
    pub(crate) external_login: bool,
}

impl Site {
    pub(crate) fn new(project: &Project, domain: Option<&str>) -> Self {
        let speaks = |dialect| project.dialects.contains(&dialect);
        let postgres = speaks(Dialect::Postgres);
        let mysql = !postgres && speaks(Dialect::Mysql);
        let name = &project.name;
        let choices = project.scaffold.choices();
        Self {
            crate_name: name.replace('-', "_"),
            title: name.to_title_case(),
            binary: name.clone(),
            domain: domain.map_or_else(|| format!("{}.example.com", host(name)), str::to_owned),
            port: PORT,
            database: postgres || mysql,
            postgres,
            mysql,
            database_port: if mysql { 3306 } else { 5432 },
            accounts: choices.has(ACCOUNTS),
            external_login: choices.has(EXTERNAL_LOGIN),
            name: name.clone(),
        }
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
