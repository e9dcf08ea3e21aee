//! `luthier startmodel APP MODEL FIELD…`: an entity, its API and its tests.

mod access;
mod known;
mod modules;
mod planning;
mod views;

use std::path::Path;
use std::process::ExitCode;

use super::python::{self, NewModel};
use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::field;
use crate::scaffold::model::{Access, Key, Model};
use crate::scaffold::{Apps, Language, Pack, Rendered};
pub(super) use known::Known;
use planning::{Planned, plan};
pub(super) use views::{Views, has_users, only_rust};

/// Add a model to an app: its table, its API and its tests
#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
pub(crate) struct Args {
    /// The app that gets it
    app: String,
    /// Its name in Pascal case, singular: Book
    model: String,
    /// Its fields, as NAME:TYPE[(ARGS)][?][:unique][:index][=DEFAULT]
    #[arg(value_name = "FIELD", required = true)]
    fields: Vec<String>,
    /// Who may use the API [default: read-only, or public in a project without accounts]
    #[arg(long, value_enum, value_name = "WHO", conflicts_with = "no_api")]
    access: Option<Access>,
    /// Make no API: only the table
    #[arg(long)]
    no_api: bool,
    /// Leave the admin without it; what has no API is not there anyway
    #[arg(long)]
    no_admin: bool,
    /// Make pages, too: a list, and pages to see, add, edit and delete a row
    #[arg(long, conflicts_with = "no_api")]
    pages: bool,
    /// Where the API is under /api [default: the plural of the model]
    #[arg(long, value_name = "SEGMENT", conflicts_with = "no_api")]
    route: Option<String>,
    /// The type of the primary key
    #[arg(long, value_enum, default_value_t, value_name = "TYPE")]
    pk: Key,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

fn after_help() -> String {
    let width = field::TYPES
        .iter()
        .map(|(form, _)| form.len())
        .max()
        .unwrap_or_default();
    let types = field::TYPES
        .iter()
        .map(|(form, meaning)| format!("  {form:width$}  {meaning}\n"));
    format!(
        "Types:\n{}\n\
         A `?` behind the type makes a field optional. Quote fields that hold brackets or a `?` for your shell.\n\n\
         Examples:\n  \
         luthier startmodel books Author 'name:string(100)' email:email:unique\n  \
         luthier startmodel books Book 'title:string(200)' 'author:ref(books.Author,on_delete=cascade)'\n  \
         luthier startmodel blog Post 'title:string(200)' body:text --pages\n  \
         luthier startmodel shop Product 'price:decimal(10,2)' 'status:enum(draft,sold-out)=draft' 'tags:many(shop.Tag)'",
        types.collect::<String>()
    )
}

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

/// A model is never made over another one; only running the same command again is fine. `by_hand` says what to change
/// instead, of the file that differs.
fn check_untouched(
    args: &Args,
    files: &[Rendered],
    read: impl Fn(&Path) -> Result<Option<String>>,
    by_hand: impl Fn(&Path) -> String,
) -> Result<()> {
    for file in files {
        let there = read(&file.path)?;
        if there.is_some_and(|text| text.as_bytes() != file.contents) {
            let path = file.path.display();
            let model = &args.model;
            return Err(Error::bad_input(format_args!(
                "the model `{model}` is there already, and {path} is not what this command makes"
            ))
            .hint(format!(
                "change {} by hand, then run `luthier makemigrations`; or give the new model another name",
                by_hand(&file.path)
            )));
        }
    }
    Ok(())
}
