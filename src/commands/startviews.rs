//! `luthier startviews APP MODEL`: pages for a model that exists.

use std::process::ExitCode;

use super::startmodel::{self, Known, Views};
use crate::apply;
use crate::cargo::lockfile;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::project::{Project, check_app};
use crate::scaffold::Language;
use crate::scaffold::entity::Entity;
use crate::scaffold::field;
use crate::scaffold::model;
use crate::scaffold::pages::Source;
use crate::scaffold::wire::Edits;

/// Add pages to a model: a list, and pages to see, add, edit and delete a row
///
/// They are made of the site's own templates and call the model's API, so who may do what and what may be saved is the
/// same. Files that you have edited stay as they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier startviews books Book              Pages at /books
  luthier startviews books Book --dry-run    Only show what would be made

`luthier startmodel … --pages` makes a model with its pages.")]
pub(crate) struct Args {
    /// The app that the model is in
    app: String,
    /// The model: Book
    model: String,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    if project.language == Language::Python {
        return Err(startmodel::only_rust("startviews"));
    }
    let known = Known::load(&project, &args.app)?;
    let (plan, views) = plan(&args, &known)?;
    apply::run(context, &plan, args.dry_run)?;
    if !args.dry_run {
        views.say(&context.output);
    }
    Ok(ExitCode::SUCCESS)
}

/// Plans the files of the pages, and the edits that make them known.
fn plan(args: &Args, known: &Known) -> Result<(Plan, Views)> {
    check_app(&known.apps, &args.app)?;
    let Entity { name, module, .. } = find(known, args)?;
    let folder = format!("apps/{}/src", args.app);
    let text = |path: String| -> Result<String> {
        Ok(known.read(format!("{folder}/{path}"))?.unwrap_or_default())
    };
    let api = text(format!("api/{module}.rs"))?;
    if api.is_empty() {
        return Err(Error::bad_input(format_args!(
            "`{}.{name}` has no API, by which pages show and save rows",
            args.app
        ))
        .hint("make the model with one: `luthier startmodel` without --no-api"));
    }
    let mounted = model::routes(&text("api.rs".to_owned())?);
    let route = mounted.iter().find(|(_, mounted)| mounted == module);
    let (route, _) = route.ok_or_else(|| {
        Error::bad_input(format_args!(
            "{folder}/api.rs mounts no `{module}::router()`, so the pages of `{name}` have no address"
        ))
        .hint(format!(
            "add `.nest(\"/{module}s\", {module}::router())` to its chain of calls"
        ))
    })?;
    let source = Source {
        app: &args.app,
        module,
        entity: &text(format!("models/{module}.rs"))?,
        api: &api,
        route,
        users: startmodel::has_users(known, &args.app),
        targets: &[],
        entities: &known.entities,
    };
    let views = Views::new(known, source)?;
    let read = |path: &str| known.read(path);
    let title = format!("startviews {} {name}", args.app);
    let mut plan = Plan::new(title, &known.root);
    let mut edits = Edits::new(&read);
    views.plan(&mut plan, &mut edits)?;
    edits.plan(&mut plan);
    lockfile::keep_up(&mut plan, &read)?;
    Ok((plan, views))
}

fn find<'a>(known: &'a Known, args: &Args) -> Result<&'a Entity> {
    let entities = known.entities.iter();
    let mut entities = entities.filter(|entity| entity.app == args.app);
    let names: Vec<&str> = entities.clone().map(|entity| &*entity.name).collect();
    let is_asked = |entity: &&Entity| entity.name == args.model || entity.module == args.model;
    if let Some(entity) = entities.find(is_asked) {
        return Ok(entity);
    }
    let mut error = Error::bad_input(format_args!(
        "the app `{}` has no model `{}`",
        args.app, args.model
    ));
    if let Some(near) = field::nearest(&args.model, names.iter().copied()) {
        error = error.hint(format!("did you mean `{near}`?"));
    } else if !names.is_empty() {
        error = error.hint(field::listed("models", &args.model, &names));
    }
    Err(error.hint(format!(
        "make it with its pages: `luthier startmodel {} {} FIELD… --pages`",
        args.app, args.model
    )))
}
