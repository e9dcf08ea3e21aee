//! `luthier startmodel APP MODEL FIELD…`: an entity, its API and its tests.

mod access;
mod args;
mod known;
mod modules;
mod planning;
mod untouched;
mod views;

use std::process::ExitCode;

use super::python::{self, NewModel};
use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::model::Model;
use crate::scaffold::{Apps, Language, Pack};
pub(crate) use args::Args;
pub(super) use known::Known;
use planning::{Planned, plan};
pub(super) use views::{Views, has_users, only_rust};

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    if project.language == Language::Python {
        if args.pages {
            return Err(only_rust("startmodel --pages"));
        }
        let new = NewModel {
            app: &args.app,
            model: &args.model,
            fields: args.fields,
            access: args.access,
            route: args.route.as_deref(),
            api: !args.no_api,
            dry_run: args.dry_run,
        };
        return python::startmodel(context, &project, new);
    }
    if !project.is_adopted() {
        let pack = project.pack()?;
        check_database(&project, &pack)?;
        if pack.manifest.apps == Apps::Modules {
            return modules::run(context, &project, &pack, &args);
        }
    }
    let known = Known::load(&project, &args.app)?;
    let dry_run = args.dry_run;
    let planned = plan(args, &known)?;
    let applied = apply::run(context, &planned.plan, dry_run)?;
    for warning in &planned.warnings {
        context.output.warning(warning);
    }
    if applied.changed && !dry_run {
        say_what_next(context, &planned);
    }
    Ok(ExitCode::SUCCESS)
}

/// Models are kept in a database, which not every pack has, and some only when asked for.
fn check_database(project: &Project, pack: &Pack) -> Result<()> {
    let can_have_one = pack.has("model");
    if can_have_one && !project.dialects.is_empty() {
        return Ok(());
    }
    let name = &project.scaffold.name;
    let error = match can_have_one {
        true => Error::bad_input("this project was made without a database, and so has no models")
            .hint(format!(
                "one with a database: luthier startproject NAME --scaffold {name} --set database=true"
            )),
        false => Error::bad_input(format_args!(
            "the pack `{name}` has no database, and so no models"
        )),
    };
    Err(error.hint("a project with a database, accounts and an admin: luthier startproject NAME --scaffold web"))
}

fn say_what_next(context: &Context, planned: &Planned) {
    let Model { names, admin, .. } = &planned.model;
    let name = &names.model;
    context.output.status(format_args!(
        "\n{name} is ready. What comes next:\n\n  luthier makemigrations && luthier migrate"
    ));
    if let Some(access) = planned.access {
        context.output.status(format_args!(
            "\nThen it is at /api/{}, and documented at /api/docs. {} (--access {}).",
            names.route,
            access.meaning(),
            access.name()
        ));
    }
    if *admin {
        context.output.status(format_args!(
            "Staff find it at /admin/{}/{}.",
            names.app, names.module
        ));
    }
    if let Some(views) = &planned.views {
        views.say(&context.output);
    }
}
