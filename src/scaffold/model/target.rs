//! The models that a new one refers to.

use super::naming::Names;
use super::request::Request;
use crate::error::{Error, Result};
use crate::scaffold::entity::{Entity, Namespace};
use crate::scaffold::field::{Field, FieldError, ModelPath, listed, nearest};

/// What a field refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Referred {
    pub(super) app: String,
    pub(super) module: String,
    /// The Rust type of its primary key.
    pub(super) key: String,
    /// It is the new model itself.
    pub(super) itself: bool,
}

impl Referred {
    /// The new model as what it refers to.
    pub(super) fn itself(request: &Request<'_>, names: &Names) -> Self {
        Self {
            app: names.app.clone(),
            module: names.module.clone(),
            key: request.key.rust().to_owned(),
            itself: true,
        }
    }
}

/// What each field refers to, by the field's name.
#[derive(Debug)]
pub(super) struct Targets {
    app: String,
    namespace: Namespace,
    targets: Vec<(String, Referred)>,
}

impl Targets {
    /// Finds every model referred to; the error lists those that exist.
    pub(super) fn new(request: &Request<'_>, names: &Names) -> Result<Self> {
        let mut targets = Vec::new();
        for (field, typed) in request.fields.iter().zip(request.typed) {
            if let Some(target) = field.kind.target() {
                targets.push((field.name.clone(), find(request, names, target, typed)?));
            }
        }
        Ok(Self {
            app: request.app.to_owned(),
            namespace: request.namespace,
            targets,
        })
    }

    /// What a field refers to, if it refers to anything.
    pub(super) fn get(&self, field: &Field) -> Option<&Referred> {
        let found = self.targets.iter().find(|(name, _)| *name == field.name);
        found.map(|(_, target)| target)
    }

    /// How many fields refer to the same model.
    pub(super) fn count(&self, target: &Referred) -> usize {
        self.targets
            .iter()
            .filter(|(_, other)| other == target)
            .count()
    }

    /// How an entity of the app names the entity of `target`.
    pub(super) fn path(&self, target: &Referred) -> String {
        match target.app == self.app {
            true => format!("super::{}", target.module),
            false => self.namespace.path(&target.app, &target.module),
        }
    }

    /// The entities whose tables the tests need, beside `own`, each by its full path.
    pub(super) fn tables(&self, own: &str) -> Vec<String> {
        let mut tables = vec![own.to_owned()];
        for (_, target) in &self.targets {
            let module = self.namespace.path(&target.app, &target.module);
            let table = format!("{module}::Entity");
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        tables
    }
}

fn find(request: &Request<'_>, names: &Names, target: &ModelPath, typed: &str) -> Result<Referred> {
    if target.app == names.app && target.model == names.model {
        return Ok(Referred::itself(request, names));
    }
    let is = |entity: &&Entity| entity.app == target.app && entity.name == target.model;
    let Some(entity) = request.entities.iter().find(is) else {
        return Err(missing(request, names, target, typed));
    };
    match entity.key.as_slice() {
        [key] => Ok(Referred {
            app: entity.app.clone(),
            module: entity.module.clone(),
            key: key.clone(),
            itself: false,
        }),
        _ => Err(error(
            target,
            typed,
            "a model whose primary key is not one column cannot be referred to",
        )
        .into()),
    }
}

fn error(target: &ModelPath, typed: &str, message: &str) -> FieldError {
    FieldError {
        text: typed.to_owned(),
        at: target.at.clone(),
        message: message.to_owned(),
        hint: None,
    }
}

fn missing(request: &Request<'_>, names: &Names, target: &ModelPath, typed: &str) -> Error {
    let wanted = format!("{}.{}", target.app, target.model);
    let mut known: Vec<String> = request
        .entities
        .iter()
        .filter(|entity| entity.key.len() == 1)
        .map(|entity| format!("{}.{}", entity.app, entity.name))
        .collect();
    known.push(format!("{}.{}", names.app, names.model));
    known.sort();
    let mut error = Error::from(error(
        target,
        typed,
        &format!("there is no model `{wanted}`"),
    ));
    if let Some(near) = nearest(&wanted, known.iter().map(String::as_str)) {
        error = error.hint(format!("did you mean `{near}`?"));
    }
    error.hint(listed("models", &wanted, &known))
}
