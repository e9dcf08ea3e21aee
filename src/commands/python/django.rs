//! `startapp` and `startmodel` in a Django project.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::edits::Edits;
use super::wiring::{Made, NewModel, Wiring};
use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::Rendered;
use crate::scaffold::model::{ACCOUNTS, Access, OWNER};
use crate::scaffold::python::django::Model;
use crate::scaffold::python::framework::quoted_behind;
use crate::scaffold::python::model::{Known, Request};
use crate::scaffold::python::{Edit, Module, NewItem};

/// Labels of Django's own apps, and modules of the packages that the pack asks for: with a module of the same name at
/// the top, one of the two is not found.
const IN_USE: &[&str] = &[
    "MySQLdb",
    "admin",
    "admindocs",
    "attr",
    "attrs",
    "auth",
    "authtoken",
    "contenttypes",
    "corsheaders",
    "drf_spectacular_sidecar",
    "environ",
    "flatpages",
    "gis",
    "humanize",
    "inflection",
    "jsonschema",
    "jsonschema_specifications",
    "messages",
    "packaging",
    "postgres",
    "psycopg_binary",
    "redirects",
    "referencing",
    "rpds",
    "ruff",
    "sessions",
    "sitemaps",
    "sites",
    "syndication",
    "typing_extensions",
    "tzdata",
    "uritemplate",
    "yaml",
];

/// What names a schema in the API's document.
const COMPONENT: &str = "extend_schema_serializer";

/// Where Django looks which module its settings are, before `manage.py` says it.
const SETTINGS: &str = "DJANGO_SETTINGS_MODULE";

/// More modules of settings than this are no chain but a mistake.
const MOST_SETTINGS: usize = 32;

pub(super) struct Django;

impl Wiring for Django {
    fn modules(&self, project: &Project) -> Vec<String> {
        vec![project.module(), "manage".to_owned(), ACCOUNTS.to_owned()]
    }

    fn in_use(&self) -> &'static [&'static str] {
        IN_USE
    }

    fn place(&self, app: &str, file: &Path) -> PathBuf {
        Path::new(app).join(file)
    }

    fn route_call(&self) -> &'static str {
        "router.register"
    }

    fn wire_app(&self, app: &str, edits: &mut Edits<'_>) -> Result<()> {
        let settings = settings(edits, "")?;
        let quoted = format!("\"{app}\"");
        let item = Edit::Item(NewItem {
            list: "INSTALLED_APPS",
            item: &quoted,
            marker: app,
            in_sum: false,
        });
        edits.edit(listing(&settings), &item)?;
        let urls = urls(edits, &settings)?;
        let marker = format!("{app}.urls");
        let item = format!("path(\"api/\", include(\"{marker}\"))");
        for name in ["include", "path"] {
            let line = format!("from django.urls import {name}");
            edits.import(&urls, "", &[(name, &line)])?;
        }
        let route = Edit::Item(NewItem {
            list: "urlpatterns",
            item: &item,
            marker: &marker,
            in_sum: true,
        });
        edits.edit(&urls, &route)
    }

    fn model(&self, new: &mut NewModel<'_>, models: &[Known]) -> Result<Made> {
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
                    &[("permissions", "from rest_framework import permissions")],
                ),
            };
        edits.import(&path, &own, imports)?;
        if suffix == "ViewSet" {
            let line = "from . import models, serializers";
            edits.import(&path, &own, &[("models", line)])?;
            let line = format!("from {own}.api.views import ModelViewSet");
            edits.import(&path, &own, &[("ModelViewSet", &line)])?;
        }
        if text.contains(COMPONENT) {
            let line = format!("from drf_spectacular.utils import {COMPONENT}");
            edits.import(&path, &own, &[(COMPONENT, &line)])?;
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

/// A module of settings.
pub(super) struct SettingsModule {
    path: String,
    module: Rc<Module>,
}

/// The modules of settings: that which Django is told of first, then those that it takes names from. The modules of the
/// site are in the folder `base`, which is empty or ends in a slash.
pub(super) fn settings(edits: &Edits<'_>, base: &str) -> Result<Vec<SettingsModule>> {
    let mut found: Vec<SettingsModule> = Vec::new();
    let mut wanted = vec![named(edits, base)?];
    while let Some(module) = wanted.pop() {
        let path = path_of(edits, base, &module)?;
        let is_known = found.iter().any(|settings| settings.path == path);
        let Some(text) = edits.text(&path)?.filter(|_| !is_known) else {
            continue;
        };
        let parsed = edits.parse(&path, &text)?;
        // What is imported last counts, and is looked at first.
        let sources = parsed.sources("INSTALLED_APPS");
        wanted.extend(sources.map(|source| absolute(&module, &path, source)));
        found.push(SettingsModule {
            path,
            module: parsed,
        });
        if found.len() == MOST_SETTINGS {
            break;
        }
    }
    match found.is_empty() {
        false => Ok(found),
        true => Err(missing(&named(edits, base)?)),
    }
}

/// The name of the module that Django is told of.
fn named(edits: &Edits<'_>, base: &str) -> Result<String> {
    if let Some(name) = std::env::var_os(SETTINGS).filter(|name| !name.is_empty()) {
        return Ok(name.to_string_lossy().into_owned());
    }
    let manage = edits.text(&format!("{base}manage.py"))?.unwrap_or_default();
    Ok(quoted_behind(&manage, SETTINGS)
        .unwrap_or_else(|| format!("{}.settings", edits.project.module())))
}

fn missing(module: &str) -> Error {
    let error = Error::failed(format_args!(
        "the settings are said to be `{module}`, and the project has no such module"
    ));
    match std::env::var_os(SETTINGS).is_some() {
        true => error.hint(format!(
            "the variable {SETTINGS} says so: unset it, or set it to a module of this project"
        )),
        false => error.hint("manage.py says so: it names the module of the settings"),
    }
}

/// The module that says which apps there are, else one that adds to them, else the first: the error says what is missing.
pub(super) fn listing(settings: &[SettingsModule]) -> &str {
    const APPS: &str = "INSTALLED_APPS";
    let assigns = |found: &&SettingsModule| found.module.assigns(APPS);
    let adds = |found: &&SettingsModule| found.module.adds_list(APPS);
    let found = settings.iter().find(assigns);
    let found = found.or_else(|| settings.iter().find(adds));
    &found.unwrap_or(&settings[0]).path
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

fn path_of(edits: &Edits<'_>, base: &str, module: &str) -> Result<String> {
    let path = format!("{base}{}", module.replace('.', "/"));
    let package = format!("{path}/__init__.py");
    Ok(match edits.text(&package)? {
        Some(_) => package,
        None => format!("{path}.py"),
    })
}

/// The module of the site's addresses.
fn urls(edits: &Edits<'_>, settings: &[SettingsModule]) -> Result<String> {
    let mut named = settings
        .iter()
        .filter_map(|settings| settings.module.text_of("ROOT_URLCONF"));
    let own = || format!("{}.urls", edits.project.module());
    path_of(edits, "", &named.next().map_or_else(own, str::to_owned))
}
