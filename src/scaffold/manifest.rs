//! `scaffold.toml`: what a pack is called, what it asks, and which of its files depend on the answers. Pure.
//!
//! ```toml
//! name = "web"
//! version = "0.1.0"
//! description = "A site with an API and pages on a database"
//! language = "rust"                 # or "python"
//! apps = "crates"                   # or "modules", "blueprints": what `startapp` makes
//!
//! extends = "web"                   # has what that pack has, and its own files over those
//! [[without]]
//! files = "project/templates"       # but not these
//! [[without]]
//! feature = "admin"                 # nor that; templates are told that it is not there
//!
//! [values]                          # what templates are told and nobody is asked; who extends the pack may say otherwise
//! html = true
//! static = "app/static"             # or a text, also for paths: `project/__static__/site.css`
//!
//! [verbs]                           # what `luthier VERB` starts; `*` stands for every other verb
//! migrate = ["python", "manage.py", "migrate"]
//!
//! [questions.theme]                 # answered by `--set theme=dark`
//! prompt = "Which theme?"
//! choices = ["light", "dark"]       # strings only; without choices any value of the default's type will do
//! default = "light"                 # without a default it must be answered
//!
//! [[only]]                          # a file or a folder that is only there when the condition holds
//! files = "project/static/dark.css"
//! when = "theme=dark"               # or `KEY`: it is true; or `!KEY`: it is not
//! ```
//!
//! and [`super::feature`] for `[features]`, [`super::dev`] for `[dev]`, [`super::shipping`] for `[package]`.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::dev::Dev;
use super::feature::{self, Choices, Features};
use super::shipping::Shipping;
use crate::error::{Error, Result};
use crate::toml;

/// Variables that a pack's questions cannot be called.
pub(super) const RESERVED: &[&str] = &[
    "crate_name",
    "database_url",
    "databases",
    "default_database",
    "luthier_version",
    "mysql",
    "name",
    "pack",
    "postgres",
    "sqlite",
    "title",
    "user_model",
    "users_elsewhere",
];

/// The file that makes a folder a pack.
pub(crate) const FILE: &str = "scaffold.toml";

/// The contents of `scaffold.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackManifest {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) language: Language,
    /// What its apps are.
    #[serde(default)]
    pub(crate) apps: Apps,
    /// The pack that this one is made from.
    pub(super) extends: Option<String>,
    #[serde(default)]
    pub(super) without: Vec<Without>,
    #[serde(default)]
    pub(crate) verbs: Verbs,
    #[serde(default)]
    pub(crate) dev: Dev,
    #[serde(default)]
    pub(crate) package: Shipping,
    /// What templates are told, and nobody is asked.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Value>,
    #[serde(default)]
    pub(crate) questions: BTreeMap<String, PackQuestion>,
    #[serde(default)]
    pub(crate) features: Features,
    #[serde(default)]
    pub(super) only: Vec<Only>,
}

/// What a project is written in.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Language {
    #[default]
    Rust,
    Python,
}

/// What an app of a project is.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Apps {
    /// A crate of the workspace, in `apps/`.
    #[default]
    Crates,
    /// A module of the program, in `src/`.
    Modules,
    /// A package with a blueprint of Flask, in `app/`.
    Blueprints,
}

/// What `luthier VERB` starts: a program and its arguments, by verb. `python` stands for the project's interpreter.
pub(crate) type Verbs = BTreeMap<String, Vec<String>>;

/// What the extended pack has and this one does not.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Without {
    /// A file or a folder.
    Files(String),
    /// All that is only there with the feature.
    Feature(String),
}

/// Files that only some projects have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Only {
    pub(super) when: Condition,
    /// A file or a folder of the pack, as in `project/static`.
    pub(super) files: String,
}

/// Something the pack wants to know. The answer is a variable of its templates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackQuestion {
    pub(crate) prompt: String,
    pub(crate) default: Option<Value>,
    #[serde(default)]
    pub(crate) choices: Vec<String>,
}

/// `mysql` (is true), `!mysql` (is not), `theme=dark` (equals).
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub(super) enum Condition {
    Holds(String),
    Not(String),
    Equals(String, String),
}

impl PackManifest {
    /// Reads the text of `file`, a `scaffold.toml`.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self> {
        let manifest: Self = toml::parse(file, text)?;
        manifest
            .dev
            .validate()
            .map_err(|reason| Error::bad_input(format_args!("{file}: dev.{reason}")))?;
        manifest
            .package
            .validate()
            .map_err(|reason| Error::bad_input(format_args!("{file}: package.{reason}")))?;
        if let (None, Some(without)) = (&manifest.extends, manifest.without.first()) {
            let (Without::Files(name) | Without::Feature(name)) = without;
            return Err(Error::bad_input(format_args!(
                "{file}: without: there is no pack to leave `{name}` out of"
            ))
            .hint("name it: extends = \"web\""));
        }
        for (key, question) in &manifest.questions {
            question.check(key).map_err(|reason| {
                Error::bad_input(format_args!("{file}: questions.{key}: {reason}"))
            })?;
        }
        let taken = |name: &str| {
            let known = manifest.questions.keys().chain(manifest.values.keys());
            RESERVED.contains(&name) || known.into_iter().any(|key| key == name)
        };
        let questions = manifest.questions.keys();
        if let Some(key) = manifest.values.keys().find(|key| {
            RESERVED.contains(&key.as_str()) || questions.clone().any(|question| question == *key)
        }) {
            return Err(Error::bad_input(format_args!(
                "{file}: values.{key}: templates have a variable by that name already"
            )));
        }
        let is_plain = |value: &Value| value.is_boolean() || value.is_string();
        if let Some((key, _)) = manifest.values.iter().find(|(_, value)| !is_plain(value)) {
            return Err(Error::bad_input(format_args!(
                "{file}: values.{key}: it is neither true nor false nor a text"
            )));
        }
        feature::check(&manifest.features, &taken)
            .map_err(|reason| Error::bad_input(format_args!("{file}: {reason}")))?;
        Ok(manifest)
    }

    /// What this pack does not say itself is as `base`, the pack that it extends, has it.
    pub(super) fn extend(&mut self, base: Self) {
        let mut questions = base.questions;
        questions.append(&mut self.questions);
        self.questions = questions;
        let mut values = base.values;
        values.append(&mut self.values);
        self.values = values;
        let mut features = base.features;
        features.append(&mut self.features);
        self.features = features;
        let mut verbs = base.verbs;
        verbs.append(&mut self.verbs);
        self.verbs = verbs;
        self.dev = std::mem::take(&mut self.dev).or(&base.dev);
        self.package = std::mem::take(&mut self.package).or(&base.package);
        let mut only = base.only;
        only.append(&mut self.only);
        self.only = only;
    }

    /// The answers to all questions, and the features: those `given` as `--set` has them, the defaults, and what `ask`
    /// says.
    pub(crate) fn choices(
        &self,
        given: &BTreeMap<String, String>,
        ask: &mut dyn FnMut(&str, &PackQuestion) -> Result<String>,
    ) -> Result<Choices> {
        let is_known =
            |key: &str| self.questions.contains_key(key) || self.features.contains_key(key);
        if let Some(unknown) = given.keys().find(|key| !is_known(key)) {
            return Err(self.unknown(unknown));
        }
        let features = feature::chosen(&self.features, given)?;
        let mut answers = Map::new();
        for (key, question) in &self.questions {
            let answer = match (given.get(key), &question.default) {
                (Some(text), _) => question.parse(key, text)?,
                (None, Some(default)) => default.clone(),
                (None, None) => question.parse(key, &ask(key, question)?)?,
            };
            answers.insert(key.clone(), answer);
        }
        Ok(Choices { answers, features })
    }

    fn unknown(&self, key: &str) -> Error {
        let name = &self.name;
        let keys = self.questions.keys().chain(self.features.keys());
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        let error = Error::bad_input(format_args!("the pack `{name}` does not ask for `{key}`"));
        match keys.as_slice() {
            [] => error.hint("it asks nothing: leave out --set"),
            keys => error.hint(format!("it asks for {}", keys.join(", "))),
        }
    }
}

impl PackQuestion {
    fn check(&self, key: &str) -> Result<(), String> {
        if RESERVED.contains(&key) {
            return Err("every template has a variable by that name".to_owned());
        }
        match &self.default {
            Some(Value::String(default))
                if !self.choices.is_empty() && !self.choices.contains(default) =>
            {
                return Err(format!("the default `{default}` is not among the choices"));
            }
            Some(Value::String(_)) => {}
            Some(Value::Bool(_) | Value::Number(_)) if self.choices.is_empty() => {}
            Some(_) if self.choices.is_empty() => {
                return Err("the default is neither text nor a number nor true or false".to_owned());
            }
            Some(_) => return Err("choices are text, so the default is one of them".to_owned()),
            None => {}
        }
        Ok(())
    }

    /// An answer as typed, in the type of the default.
    fn parse(&self, key: &str, text: &str) -> Result<Value> {
        let refused = |wanted: String| {
            Error::bad_input(format_args!(
                "`{text}` is not an answer to `{key}`: {}",
                self.prompt
            ))
            .hint(format!("--set {key}={wanted}"))
        };
        if !self.choices.is_empty() && !self.choices.iter().any(|choice| choice == text) {
            return Err(refused(self.choices.join("|")));
        }
        match &self.default {
            Some(Value::Bool(_)) => match text {
                "true" | "yes" => Ok(true.into()),
                "false" | "no" => Ok(false.into()),
                _ => Err(refused("true|false".to_owned())),
            },
            Some(Value::Number(_)) => {
                let number: Result<i64, _> = text.parse();
                number
                    .map(Value::from)
                    .map_err(|_| refused("NUMBER".to_owned()))
            }
            _ => Ok(text.into()),
        }
    }
}

impl Condition {
    /// Whether it holds for `values`. A variable that does not exist is an error, as in templates.
    pub(super) fn holds(&self, values: &Map<String, Value>) -> Result<bool> {
        let value = |key: &str| {
            let known = values.get(key);
            known.ok_or_else(|| Error::failed(format_args!("{FILE}: there is no variable `{key}`")))
        };
        Ok(match self {
            Self::Holds(key) => value(key)? == &Value::Bool(true),
            Self::Not(key) => value(key)? != &Value::Bool(true),
            Self::Equals(key, text) => value(key)?.as_str() == Some(text),
        })
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = |word: &str| {
            let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !word.is_empty() && word.chars().all(good)
        };
        let parsed = match (text.strip_prefix('!'), text.split_once('=')) {
            (Some(key), None) if word(key) => Self::Not(key.to_owned()),
            (None, Some((key, value))) if word(key) => Self::Equals(key.into(), value.into()),
            (None, None) if word(text) => Self::Holds(text.to_owned()),
            _ => {
                return Err(format!(
                    "`{text}` is not a condition: KEY, !KEY or KEY=VALUE"
                ));
            }
        };
        Ok(parsed)
    }
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests;
