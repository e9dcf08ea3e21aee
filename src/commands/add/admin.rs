//! The models that exist are registered when the admin comes to a project.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::paths::stem;
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::existing::{self, Existing};
use crate::scaffold::model;
use crate::scaffold::wire::Edits;
use crate::scaffold::{Choices, Pack, Rendered, values};

const FEATURE: &str = "admin";
/// Where apps are registered.
const SITE: &str = "src/admin.rs";
/// Apps whose models the admin brings itself, or that it depends on.
const OWN: [&str; 2] = ["accounts", FEATURE];

/// Plans the registration of all models with an API, and answers those that have none. A project that has the admin
/// keeps what it has registered.
pub(super) fn register(
    plan: &mut Plan,
    project: &Project,
    pack: &Pack,
    choices: &Choices,
    after: &mut [Rendered],
) -> Result<Vec<String>> {
    let Some(site) = after.iter_mut().find(|file| file.path == Path::new(SITE)) else {
        return Ok(Vec::new());
    };
    if let Some(text) = project.read(SITE)? {
        site.contents = text.into_bytes();
        return Ok(Vec::new());
    }
    let pristine = String::from_utf8(site.contents.clone())?;
    let read = |path: &str| match path {
        SITE => Ok(Some(pristine.clone())),
        path => project.read(path),
    };
    let values = values::of_project(&project.name, &project.dialects, pack, choices);
    let mut edits = Edits::new(&read);
    let mut left_out = Vec::new();
    let mut files = Vec::new();
    for app in project.apps.iter().filter(|app| !OWN.contains(&&*app.name)) {
        let mut modules = Vec::new();
        for path in project.list(app.dir.join("src/models"), "rs")? {
            let module = stem(&path).to_owned();
            let entity = project.read(&path)?.unwrap_or_default();
            let api = project.read(app.dir.join(format!("src/api/{module}.rs")))?;
            let Some(found) = existing::read(&app.name, &module, &entity, api.as_deref()) else {
                left_out.push(format!("{}.{module}", app.name));
                continue;
            };
            let folder = match found {
                Existing::Model(_) => "model/src/admin",
                Existing::Between(_) => "junction/src/admin",
            };
            for file in pack.render(folder, &values::with(&values, &found)?)? {
                let path: PathBuf = app.dir.join("src/admin").join(file.path);
                files.push((path, file.contents));
            }
            modules.push(module);
        }
        if !modules.is_empty() {
            let modules: Vec<&str> = modules.iter().map(String::as_str).collect();
            model::register(&mut edits, &app.name, &modules)?;
        }
    }
    for (path, contents) in files {
        plan.create(path, contents);
    }
    if let Some(text) = edits.plan_but(plan, SITE) {
        site.contents = text.into_bytes();
    }
    Ok(left_out)
}
