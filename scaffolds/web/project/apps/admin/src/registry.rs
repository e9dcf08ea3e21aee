//! All apps and their models.

use std::collections::BTreeMap;

use crate::accounts;
use crate::model::{Many, Model};
use crate::options::Access;

/// The models of one app.
#[derive(Debug)]
pub struct App {
    name: &'static str,
    models: Vec<Model>,
}

impl App {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            models: Vec::new(),
        }
    }

    /// Registers a model.
    #[must_use]
    pub fn model(mut self, model: Model) -> Self {
        self.models.push(Model {
            app: self.name,
            ..model
        });
        self
    }
}

/// What staff look after.
#[derive(Debug)]
pub struct Admin {
    pub(crate) apps: BTreeMap<&'static str, Vec<Model>>,
}

impl Admin {
    /// Users and groups alone.
    #[allow(clippy::new_without_default, reason = "it is not empty")]
    pub fn new() -> Self {
        let apps = BTreeMap::new();
        Self { apps }.app(accounts::app())
    }

    /// Registers the models of an app.
    #[must_use]
    pub fn app(mut self, app: App) -> Self {
        self.apps.entry(app.name).or_default().extend(app.models);
        self
    }

    pub(crate) fn models(&self) -> impl Iterator<Item = &Model> {
        self.apps.values().flatten()
    }

    /// A model with pages.
    pub(crate) fn model(&self, app: &str, name: &str) -> Option<&Model> {
        let models = self.apps.get(app)?;
        models
            .iter()
            .find(|model| !model.hidden && model.name == name)
    }

    /// The model of a table, if it has pages.
    pub(crate) fn of_table(&self, table: &str) -> Option<&Model> {
        self.models()
            .find(|model| !model.hidden && model.table == table)
    }

    /// What is ticked in the form of a model.
    pub(crate) fn many_of(&self, model: &Model) -> impl Iterator<Item = &Many> {
        let all = self.models().filter_map(|other| other.many.as_ref());
        all.filter(|many| many.of == model.table)
    }

    /// All that one may be allowed to do here.
    pub(crate) fn permissions(&self) -> Vec<String> {
        let shown = self.models().filter(|model| !model.hidden);
        shown
            .flat_map(|model| Access::ALL.map(|access| model.permission(access)))
            .collect()
    }
}
