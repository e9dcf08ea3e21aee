//! What differs between the frameworks of Python.

use std::path::{Path, PathBuf};

use super::edits::Edits;
use crate::error::Result;
use crate::project::Project;
use crate::scaffold::Rendered;
use crate::scaffold::field::{self, Field};
use crate::scaffold::model::Access;
use crate::scaffold::python::model::Known;

/// What differs from framework to framework.
pub(super) trait Wiring {
    /// Modules that no app can be called like.
    fn modules(&self, project: &Project) -> Vec<String>;
    /// Apps and packages that come with the framework, which a module at the top would hide.
    fn in_use(&self) -> &'static [&'static str];
    /// Where a file of an app is, relative to the project.
    fn place(&self, app: &str, file: &Path) -> PathBuf;
    /// The call that makes the address of an API known, in the `urls.py` of an app.
    fn route_call(&self) -> &'static str;
    /// Makes a new app known to the site.
    fn wire_app(&self, app: &str, edits: &mut Edits<'_>) -> Result<()>;
    /// What the templates of a new model know, beside `models`.
    fn model(&self, new: &mut NewModel<'_>, models: &[Known]) -> Result<Made>;
    /// Whether a file of a model is about its API.
    fn is_for_api(&self, file: &Path) -> bool;
    /// Adds the classes of `text`, which is a rendered `file`, to the module of that name.
    fn add_classes(
        &self,
        new: &NewModel<'_>,
        file: &Rendered,
        text: &str,
        edits: &mut Edits<'_>,
    ) -> Result<()>;
    /// Makes the address of the model's API known.
    fn register(&self, new: &NewModel<'_>, route: &str, edits: &mut Edits<'_>) -> Result<()>;
}

/// A model that is to be made.
pub(super) struct Made {
    pub(super) route: String,
    pub(super) access: Access,
    pub(super) values: serde_json::Value,
}

/// What `luthier startmodel` was told.
pub(crate) struct NewModel<'a> {
    pub(crate) app: &'a str,
    pub(crate) model: &'a str,
    pub(crate) fields: Vec<String>,
    pub(crate) access: Option<Access>,
    pub(crate) route: Option<&'a str>,
    pub(crate) api: bool,
    pub(crate) dry_run: bool,
}

impl NewModel<'_> {
    pub(super) fn parsed(&self) -> Result<Vec<Field>> {
        Ok(field::parse_all(&self.fields)?)
    }
}
