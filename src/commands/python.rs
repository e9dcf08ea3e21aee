//! `startapp` and `startmodel` in a Python project: files from the pack, and edits of modules by their syntax.

pub(super) mod adopted;
mod django;
mod edits;
mod flask;
mod wiring;

use std::path::Path;
use std::process::ExitCode;

use django::Django;
use edits::{Edits, parse};
use flask::Flask;
use wiring::{Made, Wiring};

pub(super) use wiring::NewModel;

use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::plan::Plan;
use crate::project::{Project, check_app};
use crate::scaffold::model;
use crate::scaffold::python::model::Known;
use crate::scaffold::wire::toml::add_app;
use crate::scaffold::{Apps, Pack, Rendered, values};

/// The project's pack, and what its apps are.
fn pack(project: &Project) -> Result<(Pack, &'static dyn Wiring)> {
    let pack = project.pack()?;
    if !pack.has("app") {
        return Err(Error::bad_input(format_args!(
            "the pack `{}` has no apps and models to make",
            pack.manifest.name
        )));
    }
    let wiring: &dyn Wiring = match pack.manifest.apps {
        Apps::Blueprints => &Flask,
        Apps::Crates | Apps::Modules => &Django,
    };
    Ok((pack, wiring))
}

/// `luthier startapp NAME`.
pub(super) fn startapp(
    context: &Context,
    project: &Project,
    name: &str,
    dry_run: bool,
) -> Result<ExitCode> {
    let (pack, wiring) = pack(project)?;
    let listed = project.app(name).is_some();
    if !listed {
        names::python::app(name, &wiring.modules(project), wiring.in_use())?;
    }
    let known = values_of(project, &pack);
    let values = values::with(&known, &serde_json::json!({"app": name}))?;
    let mut plan = Plan::new(format!("startapp {name}"), &project.root);
    for file in pack.render("app", &values)? {
        let path = wiring.place(name, &file.path);
        let there = project.read(&path)?;
        match there {
            Some(text) if text.as_bytes() != file.contents => {
                if listed {
                    // It is its owner's by now.
                    continue;
                }
                let path = path.display();
                return Err(Error::bad_input(format_args!(
                    "{path} is there already, although luthier.toml lists no app `{name}`"
                ))
                .hint("give the new app another name"));
            }
            _ => plan.create(path, file.contents),
        }
    }
    let mut edits = Edits::new(project);
    wiring.wire_app(name, &mut edits)?;
    let manifest = project.read("luthier.toml")?.unwrap_or_default();
    let with_app =
        add_app(&manifest, name).map_err(|unwirable| unwirable.in_file("luthier.toml"))?;
    edits.set("luthier.toml", with_app)?;
    edits.plan(&mut plan);
    let applied = apply::run(context, &plan, dry_run)?;
    if applied.changed && !dry_run {
        context.output.status(format_args!(
            "\nThe app {name} is ready. What comes next:\n\n  \
             luthier startmodel {name} Book 'title:string(200)' 'author:string(100)'"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// `luthier startmodel APP MODEL FIELD…`.
pub(super) fn startmodel(
    context: &Context,
    project: &Project,
    mut new: NewModel<'_>,
) -> Result<ExitCode> {
    let (pack, wiring) = pack(project)?;
    check_app(&project.apps, new.app)?;
    let models = models(project, wiring)?;
    let own = models.iter().filter(|known| known.app == new.app);
    let own: Vec<String> = own.map(|known| known.model.clone()).collect();
    names::python::model(new.model, &own)?;
    if let Some(route) = new.route {
        model::check_segment(route)?;
    }
    let mut planned = Err(Error::failed("there is nothing to plan"));
    for models in views(&new, models) {
        planned = plan_model(project, &pack, wiring, &mut new, &models);
        if planned.is_ok() {
            break;
        }
    }
    let (plan, made) = planned?;
    let applied = apply::run(context, &plan, new.dry_run)?;
    if applied.changed && !new.dry_run {
        let name = new.model;
        context.output.status(format_args!(
            "\n{name} is ready. What comes next:\n\n  luthier makemigrations && luthier migrate"
        ));
        if new.api {
            context.output.status(format_args!(
                "\nThen it is at /api/{}, and documented at /api/docs. {} (--access {}).",
                made.route,
                made.access.meaning(),
                made.access.name()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The models that a new one is made beside. One that is there already may be older than those of its name in other
/// apps, and has to be made as it was then.
fn views(new: &NewModel<'_>, models: Vec<Known>) -> Vec<Vec<Known>> {
    let is_there = models
        .iter()
        .any(|known| known.app == new.app && known.model == new.model);
    let is_twin = |known: &&Known| known.app != new.app && known.model == new.model;
    if !is_there || !models.iter().any(|known| is_twin(&known)) {
        return vec![models];
    }
    let before = models.iter().filter(|known| !is_twin(known)).cloned();
    vec![before.collect(), models]
}

/// What it takes to make the model.
fn plan_model(
    project: &Project,
    pack: &Pack,
    wiring: &dyn Wiring,
    new: &mut NewModel<'_>,
    models: &[Known],
) -> Result<(Plan, Made)> {
    let made = wiring.model(new, models)?;
    if new.api {
        check_route(project, wiring, new.app, &made.route)?;
    }
    let values = values::with(&values_of(project, pack), &made.values)?;
    let mut plan = Plan::new(
        format!("startmodel {} {}", new.app, new.model),
        &project.root,
    );
    let mut edits = Edits::new(project);
    for file in pack.render("model", &values)? {
        add(wiring, new, file, &mut plan, &mut edits)?;
    }
    if new.api {
        wiring.register(new, &made.route, &mut edits)?;
    }
    edits.plan(&mut plan);
    Ok((plan, made))
}

/// Adds what a template of the pack makes: classes to the module of that name, or a file of its own.
fn add(
    wiring: &dyn Wiring,
    new: &NewModel<'_>,
    file: Rendered,
    plan: &mut Plan,
    edits: &mut Edits<'_>,
) -> Result<()> {
    if !new.api && wiring.is_for_api(&file.path) {
        return Ok(());
    }
    let text = String::from_utf8(file.contents.clone())?;
    if !file.path.starts_with("tests") {
        return wiring.add_classes(new, &file, &text, edits);
    }
    let path = wiring.place(new.app, &file.path);
    if edits
        .project
        .read(&path)?
        .is_some_and(|there| there != text)
    {
        let path = path.display();
        return Err(Error::bad_input(format_args!(
            "{path} is there already, and is not what this command makes"
        ))
        .hint("give the new model another name"));
    }
    plan.create(path, text);
    Ok(())
}

fn values_of(project: &Project, pack: &Pack) -> serde_json::Map<String, serde_json::Value> {
    values::of_project(
        &project.name,
        &project.dialects,
        pack,
        &project.scaffold.choices(),
    )
}

/// Every class in the models of every app.
fn models(project: &Project, wiring: &dyn Wiring) -> Result<Vec<Known>> {
    let mut models = Vec::new();
    for app in &project.apps {
        let path = wiring.place(&app.name, Path::new("models.py"));
        let path = crate::paths::slashed(&path);
        if let Some(text) = project.read(&path)? {
            let module = parse(project, &path, &text)?;
            models.extend(module.classes().map(|(class, attributes)| Known {
                app: app.name.clone(),
                model: class.to_owned(),
                attributes: attributes.to_vec(),
            }));
        }
    }
    Ok(models)
}

/// Two APIs cannot have one address.
fn check_route(project: &Project, wiring: &dyn Wiring, own: &str, route: &str) -> Result<()> {
    model::check_segment(route)?;
    for app in project.apps.iter().filter(|app| app.name != own) {
        let path = wiring.place(&app.name, Path::new("urls.py"));
        let path = crate::paths::slashed(&path);
        let Some(text) = project.read(&path)? else {
            continue;
        };
        let module = parse(project, &path, &text)?;
        if module
            .calls(wiring.route_call())
            .any(|known| known == route)
        {
            return Err(Error::bad_input(format_args!(
                "`/api/{route}` is an address of {} already",
                app.name
            ))
            .hint(format!("choose another: --route {own}-{route}")));
        }
    }
    Ok(())
}
