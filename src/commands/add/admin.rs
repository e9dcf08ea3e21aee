//! The models that exist are registered when the admin comes to a project.

use std::path::{Path, PathBuf};

use crate::commands::startmodel::Known;
use crate::error::Result;
use crate::output::Output;
use crate::paths::stem;
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::existing::{self, Existing};
use crate::scaffold::model::{self, ACCOUNTS};
use crate::scaffold::user_model::UserModel;
use crate::scaffold::wire::Edits;
use crate::scaffold::{Choices, Rendered, crates, values};

const FEATURE: &str = "admin";
/// Where apps are registered.
const SITE: &str = "src/admin.rs";
/// Apps whose models the admin brings itself, or that it depends on.
const OWN: [&str; 2] = [ACCOUNTS, FEATURE];

/// Models that are not registered.
#[derive(Default)]
pub(super) struct LeftOut {
    /// They have no API, whose input type says what may be saved.
    without_api: Vec<String>,
    /// Accounts depend on their app, and the admin on the accounts.
    below_accounts: Vec<String>,
}

impl LeftOut {
    /// Says which they are, and why.
    pub(super) fn say(&self, output: &Output) {
        for (models, why) in [
            (
                &self.without_api,
                "for want of an API whose input type says what may be saved",
            ),
            (
                &self.below_accounts,
                "because accounts depend on their app, which so cannot depend on the admin",
            ),
        ] {
            if !models.is_empty() {
                let models = models.join(", ");
                output.warning(format_args!("not in the admin, {why}: {models}"));
            }
        }
    }
}

/// Plans the registration of all models with an API, and answers the others. A project that has the admin keeps what it
/// has registered.
pub(super) fn register(
    plan: &mut Plan,
    (project, known): (&Project, &Known),
    choices: &Choices,
    after: &mut [Rendered],
) -> Result<LeftOut> {
    let pack = &known.pack;
    let mut left_out = LeftOut::default();
    let Some(site) = after.iter_mut().find(|file| file.path == Path::new(SITE)) else {
        return Ok(left_out);
    };
    if let Some(text) = project.read(SITE)? {
        site.contents = text.into_bytes();
        return Ok(left_out);
    }
    let pristine = String::from_utf8(site.contents.clone())?;
    let read = |path: &str| match path {
        SITE => Ok(Some(pristine.clone())),
        path => project.read(path),
    };
    let values = values::of_project(&project.name, &project.dialects, pack, choices);
    let mut edits = Edits::new(&read);
    let mut files = Vec::new();
    let users = UserModel::of_choices(choices);
    for app in project.apps.iter().filter(|app| !OWN.contains(&&*app.name)) {
        let mut modules = Vec::new();
        for path in project.list(app.dir.join("src/models"), "rs")? {
            let module = stem(&path).to_owned();
            // The admin has the users itself.
            if app.name == users.app && module == users.module() {
                continue;
            }
            if crates::cycle(&known.graph, &app.name, ACCOUNTS).is_some() {
                left_out
                    .below_accounts
                    .push(format!("{}.{module}", app.name));
                continue;
            }
            let entity = project.read(&path)?.unwrap_or_default();
            let api = project.read(app.dir.join(format!("src/api/{module}.rs")))?;
            let Some(found) = existing::read(&app.name, &module, &entity, api.as_deref()) else {
                left_out.without_api.push(format!("{}.{module}", app.name));
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
