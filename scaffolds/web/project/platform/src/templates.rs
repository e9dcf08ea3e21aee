//! Pages: Django's template language by `minijinja`, from disk while developing, embedded in a release.

use std::borrow::Cow;
use std::sync::Arc;

use axum::response::Html;
use minijinja::{Environment, ErrorKind, Value};
use rust_embed::Embed;

use crate::assets::Find;
use crate::error::Result;

/// All templates of the site: the project's own, and those of its apps.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    folders: Vec<Find>,
    environment: Arc<Environment<'static>>,
}

impl Templates {
    /// Adds a folder; where two have a template of the same name, the one added first wins.
    #[must_use]
    pub fn with<Folder: Embed>(mut self) -> Self {
        self.folders.push(Folder::get);
        self.environment = Arc::new(environment(self.folders.clone()));
        self
    }

    /// Renders a page.
    pub fn render(&self, name: &str, context: Value) -> Result<Html<String>> {
        let environment = if cfg!(debug_assertions) {
            Cow::Owned(environment(self.folders.clone()))
        } else {
            Cow::Borrowed(&*self.environment)
        };
        Ok(Html(environment.get_template(name)?.render(context)?))
    }
}

fn environment(folders: Vec<Find>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(move |name| {
        folders
            .iter()
            .find_map(|find| find(name))
            .map(|file| Some(String::from_utf8_lossy(&file.data).into_owned()))
            .ok_or_else(|| minijinja::Error::new(ErrorKind::TemplateNotFound, name.to_owned()))
    });
    environment
}
