//! `luthier.toml` as typed values: pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Component, Path};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::models::EntitySettings;
use crate::names;
use crate::scaffold::{Choices, Dev, Language, Shipping, Verbs};
use crate::sql::Dialect;
use crate::toml;

/// The folder of the migrations, relative to the root, unless `luthier.toml` names another.
pub(crate) const MIGRATIONS: &str = "migrations";

/// The file that makes a folder a Luthier project.
pub(crate) const FILE: &str = "luthier.toml";

/// The commands that keep their options in `[options]`.
const WITH_OPTIONS: &[&str] = &["compose", "dockerfile", "kubernetes", "systemd"];

/// The name of the pack of a project that no pack made.
pub(super) const NO_PACK: &str = "none";

/// The contents of `luthier.toml`, checked.
#[derive(Debug)]
pub(super) struct ProjectManifest {
    pub(super) name: String,
    pub(super) language: Language,
    pub(super) apps: Vec<String>,
    /// The folders of the crates to look for entities in; empty where `apps` tells.
    pub(super) crates: Vec<String>,
    pub(super) scaffold: Scaffold,
    /// The folder of the migrations, relative to the root.
    pub(super) migrations: String,
    /// None twice; the first is the default for development. Empty where the project has no database of Luthier's.
    pub(super) dialects: Vec<Dialect>,
    /// What entities leave open.
    pub(super) models: EntitySettings,
    /// Further databases of the same workspace, by name.
    pub(super) databases: BTreeMap<String, Database>,
    pub(super) dev: Dev,
    pub(super) verbs: Verbs,
    pub(super) shipping: Shipping,
    pub(super) policy: Policy,
}

/// `[requirements]`: what `luthier requirements --check` holds the dependencies to.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Policy {
    /// SPDX identifiers of which one must do for each crate; `None` allows any licence that a crate declares.
    #[serde(alias = "licenses")]
    pub(crate) licences: Option<Vec<String>>,
    /// Crates that may have other licences: `ring = ["OpenSSL"]`.
    pub(crate) exceptions: BTreeMap<String, Vec<String>>,
    /// Crates that may not be used: `openssl-sys`, or one version, `time@0.1.45`.
    pub(crate) banned: Vec<String>,
    /// Whether one crate may be there in several versions.
    pub(crate) duplicates: Duplicates,
    /// Crates that may be, although duplicates are denied.
    pub(crate) duplicates_allowed: Vec<String>,
    /// Registries and repositories besides crates.io, by URL.
    pub(crate) sources: Vec<String>,
    /// What `--check` does not report: the ids of rules.
    pub(crate) ignore: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Duplicates {
    #[default]
    Allow,
    Deny,
}

/// The pack that the project was made from, and what was answered then.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scaffold {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The pack's folder, absolute or relative to the project; `None` for a pack that comes with Luthier.
    pub(crate) source: Option<String>,
    #[serde(default)]
    pub(crate) answers: Map<String, Value>,
    /// The features of the pack that the project has.
    #[serde(default)]
    pub(crate) features: Vec<String>,
}

impl Scaffold {
    /// What its pack was told.
    pub(crate) fn choices(&self) -> Choices {
        Choices {
            answers: self.answers.clone(),
            features: self.features.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    project: ProjectTable,
    scaffold: Scaffold,
    database: Option<DatabaseTable>,
    #[serde(default)]
    databases: BTreeMap<String, Database>,
    #[serde(default)]
    types: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, TableTable>,
    #[serde(default)]
    dev: Dev,
    #[serde(default)]
    verbs: Verbs,
    #[serde(default)]
    package: Shipping,
    #[serde(default)]
    requirements: Policy,
    /// Options of commands, which read them themselves.
    #[serde(default)]
    options: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectTable {
    name: String,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    apps: Vec<String>,
    #[serde(default)]
    crates: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
}

/// `[databases.NAME]`: a database besides the one of `[database]`, with entities of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// The folders of the crates that hold its entities.
    pub(crate) crates: Vec<String>,
    /// Those of `[database]` where nothing is said.
    #[serde(default)]
    pub(crate) dialects: Vec<Dialect>,
    /// `migrations-NAME` where nothing is said.
    pub(crate) migrations: Option<String>,
    /// The environment variable with its address: `NAME_DATABASE_URL` where nothing is said.
    pub(crate) url: Option<String>,
}

/// `[tables.NAME]`: what the entity of a table or view cannot say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableTable {
    #[serde(default = "managed")]
    managed: bool,
}

fn managed() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseTable {
    dialects: Vec<Dialect>,
    migrations: Option<String>,
}

impl ProjectManifest {
    /// Reads the text of a `luthier.toml`; errors name the line or the key, and what to write there.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let file: File = toml::parse(FILE, text).map_err(|error| {
            error.hint(format!(
                "`{FILE}` needs [project], [scaffold] and [database]"
            ))
        })?;
        let language = file.project.language;
        check_apps(language, &file.project.apps)?;
        file.dev
            .validate()
            .map_err(|reason| Error::bad_input(format_args!("{FILE}: dev.{reason}")))?;
        file.package
            .validate()
            .map_err(|reason| Error::bad_input(format_args!("{FILE}: package.{reason}")))?;
        if let Some(database) = &file.database {
            check_dialects(&database.dialects)?;
        }
        for folder in &file.project.crates {
            check_folder("project.crates", folder)?;
        }
        for path in &file.project.exclude {
            check_folder("project.exclude", path)?;
        }
        check_databases(&file.databases)?;
        check_options(file.options.keys())?;
        let unmanaged = file.tables.into_iter().filter(|(_, table)| !table.managed);
        let (dialects, migrations) = match file.database {
            Some(database) => (database.dialects, database.migrations),
            None => (Vec::new(), None),
        };
        let migrations = match migrations {
            Some(folder) => {
                check_folder("database.migrations", &folder)?;
                folder.trim_matches('/').to_owned()
            }
            None => MIGRATIONS.to_owned(),
        };
        Ok(Self {
            dialects,
            language,
            verbs: file.verbs,
            shipping: file.package,
            models: EntitySettings {
                types: file.types,
                exclude: file.project.exclude,
                unmanaged: unmanaged.map(|(name, _)| name).collect(),
            },
            databases: file.databases,
            migrations,
            crates: file.project.crates,
            name: file.project.name,
            apps: file.project.apps,
            scaffold: file.scaffold,
            dev: file.dev,
            policy: file.requirements,
        })
    }
}

/// The text of a new `luthier.toml` with where its pack came from and what that was told.
pub(crate) fn stamped(text: &str, source: Option<&str>, choices: &Choices) -> Result<String> {
    let mut document: toml_edit::DocumentMut = text.parse()?;
    if let Some(source) = source {
        document["scaffold"]["source"] = toml_edit::value(source);
    }
    if !choices.features.is_empty() {
        let features: toml_edit::Array = choices.features.iter().collect();
        document["scaffold"]["features"] = toml_edit::value(features);
    }
    for (key, answer) in &choices.answers {
        document["scaffold"]["answers"][key] = match answer {
            Value::Bool(answer) => toml_edit::value(*answer),
            Value::Number(answer) => toml_edit::value(answer.as_i64().unwrap_or_default()),
            other => toml_edit::value(other.as_str().unwrap_or_default()),
        };
    }
    let text = document.to_string();
    ProjectManifest::parse(&text)?;
    Ok(text)
}

/// An app's name is a folder and a crate: a bad one would lead every command astray.
fn check_apps(language: Language, apps: &[String]) -> Result<()> {
    for app in apps {
        let checked = match language {
            Language::Rust => names::app_shape(app),
            Language::Python => names::python::app(app, &[], &[]),
        };
        checked.map_err(|mut error| {
            error.source = anyhow::anyhow!("{FILE}: project.apps: {error}");
            error
        })?;
    }
    match twice(apps) {
        Some(app) => Err(listed_twice("project.apps", app)),
        None => Ok(()),
    }
}

fn check_dialects(dialects: &[Dialect]) -> Result<()> {
    if dialects.is_empty() {
        return Err(
            Error::bad_input(format_args!("{FILE}: database.dialects is empty"))
                .hint(r#"name at least one: dialects = ["sqlite"]"#),
        );
    }
    match twice(dialects) {
        Some(dialect) => Err(listed_twice("database.dialects", dialect)),
        None => Ok(()),
    }
}

/// The names are part of commands and of the names of folders and variables.
fn check_databases(databases: &BTreeMap<String, Database>) -> Result<()> {
    for (name, database) in databases {
        let key = format!("databases.{name}");
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(letters) {
            return Err(Error::bad_input(format_args!(
                "{FILE}: databases: `{name}` cannot be the name of a database"
            ))
            .hint("use letters, digits, `_` and `-`"));
        }
        if database.crates.is_empty() {
            return Err(
                Error::bad_input(format_args!("{FILE}: {key}.crates is empty"))
                    .hint("list the folders of the crates that hold the entities of this database"),
            );
        }
        for folder in &database.crates {
            check_folder(&format!("{key}.crates"), folder)?;
        }
        if let Some(folder) = &database.migrations {
            check_folder(&format!("{key}.migrations"), folder)?;
        }
        if let Some(dialect) = twice(&database.dialects) {
            return Err(listed_twice(&format!("{key}.dialects"), dialect));
        }
    }
    Ok(())
}

/// Nobody would read the options of a command whose name has a typo.
fn check_options<'a>(sections: impl Iterator<Item = &'a String>) -> Result<()> {
    for section in sections {
        let (command, output) = section.split_once(' ').unwrap_or((section, "--output "));
        if !WITH_OPTIONS.contains(&command) || !output.starts_with("--output ") {
            return Err(Error::bad_input(format_args!(
                "{FILE}: options: `{section}` is not a command that keeps options"
            ))
            .hint(format!(
                "those are {}; where it writes to may follow, as in `[options.\"compose --output deploy\"]`",
                WITH_OPTIONS.join(", ")
            )));
        }
    }
    Ok(())
}

/// A path inside of the project, with `/`.
fn check_folder(key: &str, folder: &str) -> Result<()> {
    let inside = Path::new(folder)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if inside && !folder.is_empty() && !folder.contains('\\') {
        return Ok(());
    }
    Err(Error::bad_input(format_args!(
        "{FILE}: {key}: `{folder}` is not a path inside this project"
    ))
    .hint("name it relative to the project's root, with `/` between its parts"))
}

/// The first item that an earlier one equals.
fn twice<T: Ord>(items: &[T]) -> Option<&T> {
    let mut seen = BTreeSet::new();
    items.iter().find(|item| !seen.insert(*item))
}

fn listed_twice(key: &str, item: impl fmt::Display) -> Error {
    Error::bad_input(format_args!("{FILE}: {key}: `{item}` is listed twice"))
        .hint("remove one of the two")
}

#[cfg(test)]
mod tests;
