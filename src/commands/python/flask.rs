//! `startapp` and `startmodel` in a Flask project: packages in `app/`, each with a blueprint.

use std::path::{Path, PathBuf};

use super::edits::Edits;
use super::wiring::{Made, NewModel, Wiring};
use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::Rendered;
use crate::scaffold::model::Access;
use crate::scaffold::python::flask::{self, Model};
use crate::scaffold::python::model::{Known, Request};
use crate::scaffold::python::{Edit, NewItem};

/// The package of the site.
const SITE: &str = "app";

/// Modules of it that are no apps.
const MODULES: &[&str] = &["api", "app", "database", "health", "pages", "settings"];

pub(super) struct Flask;

impl Wiring for Flask {
    fn modules(&self, _: &Project) -> Vec<String> {
        MODULES.iter().map(|module| (*module).to_owned()).collect()
    }

    fn in_use(&self) -> &'static [&'static str] {
        // Apps are modules of `app`, which hide nothing.
        &[]
    }

    fn place(&self, app: &str, file: &Path) -> PathBuf {
        match file.strip_prefix("tests") {
            Ok(test) => Path::new("tests").join(app).join(test),
            Err(_) => Path::new(SITE).join(app).join(file),
        }
    }

    fn route_call(&self) -> &'static str {
        "api.add"
    }

    fn wire_app(&self, app: &str, edits: &mut Edits<'_>) -> Result<()> {
        let marker = format!("{SITE}.{app}.urls:api");
        let item = Edit::Item(NewItem {
            list: "BLUEPRINTS",
            item: &format!("\"{marker}\""),
            marker: &marker,
            in_sum: false,
        });
        edits.edit(&format!("{SITE}/__init__.py"), &item)
    }

    fn model(&self, new: &mut NewModel<'_>, models: &[Known]) -> Result<Made> {
        let access = new.access.unwrap_or(Access::Public);
        if access != Access::Public {
            return Err(Error::bad_input(format_args!(
                "--access {} needs a sign-in, and this site has none",
                access.name()
            ))
            .hint("leave it out: the API is public until you add a sign-in")
            .hint("a site with accounts: luthier startproject NAME --scaffold django"));
        }
        let made = Model::new(&Request {
            app: new.app,
            model: new.model,
            fields: &new.parsed()?,
            typed: &new.fields,
            route: new.route,
            access,
            models,
        })?;
        Ok(Made {
            route: made.common.route.clone(),
            access,
            values: serde_json::to_value(&made)?,
        })
    }

    fn is_for_api(&self, file: &Path) -> bool {
        file != Path::new("models.py")
    }

    fn add_classes(
        &self,
        new: &NewModel<'_>,
        file: &Rendered,
        text: &str,
        edits: &mut Edits<'_>,
    ) -> Result<()> {
        let path = crate::paths::slashed(&self.place(new.app, &file.path));
        let stem = file.path.file_stem().and_then(|stem| stem.to_str());
        edits.import(&path, SITE, &flask::imports(stem.unwrap_or_default(), text))?;
        for class in flask::classes(text) {
            let edit = Edit::Class {
                name: class.name,
                text: class.text,
            };
            edits.edit(&path, &edit)?;
        }
        Ok(())
    }

    fn register(&self, new: &NewModel<'_>, route: &str, edits: &mut Edits<'_>) -> Result<()> {
        let urls = format!("{SITE}/{}/urls.py", new.app);
        edits.import(&urls, SITE, &[("views", "from . import views")])?;
        let call = Edit::Call {
            function: self.route_call(),
            line: &format!("api.add(\"{route}\", views.{}View)", new.model),
            marker: route,
        };
        edits.edit(&urls, &call)
    }
}
