//! `startapp` and `startmodel` in a Django project.

use std::path::{Path, PathBuf};

use super::edits::Edits;
use super::wiring::{Made, NewModel, Wiring};
use crate::error::Result;
use crate::project::Project;
use crate::scaffold::Rendered;
use crate::scaffold::model::{ACCOUNTS, Access, OWNER};
use crate::scaffold::python::Edit;
use crate::scaffold::python::django::Model;
use crate::scaffold::python::model::Request;

pub(super) struct Django;

impl Wiring for Django {
    fn modules(&self, project: &Project) -> Vec<String> {
        vec![project.module(), "manage".to_owned(), ACCOUNTS.to_owned()]
    }

    fn place(&self, app: &str, file: &Path) -> PathBuf {
        Path::new(app).join(file)
    }

    fn route_call(&self) -> &'static str {
        "router.register"
    }

    fn wire_app(&self, app: &str, edits: &mut Edits<'_>) -> Result<()> {
        let settings = settings(edits)?;
        let quoted = format!("\"{app}\"");
        let item = Edit::Item {
            list: "INSTALLED_APPS",
            item: &quoted,
            marker: app,
        };
        edits.edit(&settings, &item)?;
        let urls = urls(edits, &settings)?;
        let marker = format!("{app}.urls");
        let item = format!("path(\"api/\", include(\"{marker}\"))");
        for name in ["include", "path"] {
            let line = format!("from django.urls import {name}");
            edits.import(&urls, "", &[(name, &line)])?;
        }
        let route = Edit::Item {
            list: "urlpatterns",
            item: &item,
            marker: &marker,
        };
        edits.edit(&urls, &route)
    }

    fn model(&self, new: &mut NewModel<'_>, models: &[String]) -> Result<Made> {
        let access = new.access.unwrap_or(Access::ReadOnly);
        let is_owner = |typed: &String| typed.split(':').next() == Some(OWNER);
        if access == Access::Owner && !new.fields.iter().any(is_owner) {
            new.fields
                .push(format!("{OWNER}:ref({ACCOUNTS}.User,on_delete=cascade)"));
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
        file != Path::new("models.py") && file != Path::new("admin.py")
    }

    fn add_classes(
        &self,
        new: &NewModel<'_>,
        file: &Rendered,
        text: &str,
        edits: &mut Edits<'_>,
    ) -> Result<()> {
        let path = crate::paths::slashed(&self.place(new.app, &file.path));
        let own = edits.project.module();
        let (suffix, imports): (&str, &[(&str, &str)]) =
            match file.path.file_stem().and_then(|stem| stem.to_str()) {
                Some("models") => ("", &[("models", "from django.db import models")]),
                Some("admin") => (
                    "Admin",
                    &[
                        ("admin", "from django.contrib import admin"),
                        ("models", "from . import models"),
                    ],
                ),
                Some("serializers") => (
                    "Serializer",
                    &[
                        ("serializers", "from rest_framework import serializers"),
                        ("models", "from . import models"),
                    ],
                ),
                _ => (
                    "ViewSet",
                    &[
                        ("permissions", "from rest_framework import permissions"),
                        ("models", "from . import models, serializers"),
                    ],
                ),
            };
        edits.import(&path, &own, imports)?;
        if suffix == "ViewSet" {
            let line = format!("from {own}.api.views import ModelViewSet");
            edits.import(&path, &own, &[("ModelViewSet", &line)])?;
        }
        let name = format!("{}{suffix}", new.model);
        edits.edit(&path, &Edit::Class { name: &name, text })
    }

    fn register(&self, new: &NewModel<'_>, route: &str, edits: &mut Edits<'_>) -> Result<()> {
        let urls = format!("{}/urls.py", new.app);
        edits.import(&urls, "", &[("views", "from . import views")])?;
        let line = format!("router.register(\"{route}\", views.{}ViewSet)", new.model);
        let call = Edit::Call {
            function: self.route_call(),
            line: &line,
            marker: route,
        };
        edits.edit(&urls, &call)
    }
}

/// The settings module that lists the apps item by item: that which `manage.py` names, or one that it takes all from.
fn settings(edits: &Edits<'_>) -> Result<String> {
    const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";
    let manage = edits.text("manage.py")?.unwrap_or_default();
    let named = manage
        .split(VARIABLE)
        .nth(1)
        .and_then(|rest| rest.split(['"', '\'']).nth(2));
    let named = named.map_or_else(
        || format!("{}.settings", edits.project.module()),
        str::to_owned,
    );
    let first = path_of(edits, &named)?;
    let mut path = first.clone();
    let mut module = named;
    // A chain of modules is no longer than this.
    for _ in 0..8 {
        let Some(text) = edits.text(&path)? else {
            break;
        };
        let parsed = edits.parse(&path, &text)?;
        if parsed.has_list("INSTALLED_APPS") {
            return Ok(path);
        }
        let Some(star) = parsed.stars().next_back() else {
            break;
        };
        module = absolute(&module, &path, star);
        path = path_of(edits, &module)?;
    }
    Ok(first)
}

/// The module that `star`, in the module at `path`, means.
fn absolute(module: &str, path: &str, star: &str) -> String {
    let dots = star.bytes().take_while(|byte| *byte == b'.').count();
    if dots == 0 {
        return star.to_owned();
    }
    let mut parts: Vec<&str> = module.split('.').collect();
    let up = dots - usize::from(path.ends_with("/__init__.py"));
    parts.truncate(parts.len().saturating_sub(up));
    parts.push(&star[dots..]);
    parts.join(".")
}

fn path_of(edits: &Edits<'_>, module: &str) -> Result<String> {
    let path = module.replace('.', "/");
    let package = format!("{path}/__init__.py");
    Ok(match edits.text(&package)? {
        Some(_) => package,
        None => format!("{path}.py"),
    })
}

/// The module of the site's addresses.
fn urls(edits: &Edits<'_>, settings: &str) -> Result<String> {
    let text = edits.text(settings)?.unwrap_or_default();
    let named = edits.parse(settings, &text)?;
    let named = named.text_of("ROOT_URLCONF").map(str::to_owned);
    path_of(
        edits,
        &named.unwrap_or_else(|| format!("{}.urls", edits.project.module())),
    )
}
