//! `startapp` and `startmodel` in a Python project: files from the pack, and edits of modules by their syntax.

mod django;
mod edits;
mod flask;
mod wiring;

use std::path::Path;
use std::process::ExitCode;

use django::Django;
use edits::{Edits, parse};
use flask::Flask;
use wiring::Wiring;

pub(super) use wiring::NewModel;

use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::plan::Plan;
use crate::project::{Project, check_app};
use crate::scaffold::model;
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
        names::python::app(name, &wiring.modules(project))?;
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
    let in_app = |model: &String| Some(model.strip_prefix(new.app)?.strip_prefix('.')?.to_owned());
    let own: Vec<String> = models.iter().filter_map(in_app).collect();
    names::python::model(new.model, &own)?;
    if let Some(route) = new.route {
        model::check_segment(route)?;
    }
    let made = wiring.model(&mut new, &models)?;
    if new.api {
        check_route(project, wiring, new.app, &made.route)?;
    }
    let values = values::with(&values_of(project, &pack), &made.values)?;
    let files = pack.render("model", &values)?;
    let mut plan = Plan::new(
        format!("startmodel {} {}", new.app, new.model),
        &project.root,
    );
    let mut edits = Edits::new(project);
    for file in files {
        add(wiring, &new, file, &mut plan, &mut edits)?;
    }
    if new.api {
        wiring.register(&new, &made.route, &mut edits)?;
    }
    edits.plan(&mut plan);
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

/// Every class in the models of every app, as `app.Model`.
fn models(project: &Project, wiring: &dyn Wiring) -> Result<Vec<String>> {
    let mut models = Vec::new();
    for app in &project.apps {
        let path = wiring.place(&app.name, Path::new("models.py"));
        let path = crate::paths::slashed(&path);
        if let Some(text) = project.read(&path)? {
            let module = parse(project, &path, &text)?;
            models.extend(
                module
                    .classes()
                    .map(|class| format!("{}.{class}", app.name)),
            );
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
