//! `luthier startmodel APP MODEL FIELD…`: an entity, its API and its tests.

mod access;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::python::{self, NewModel};
use crate::apply;
use crate::cargo::lockfile;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::crates::{self, Graph};
use crate::scaffold::entity::{self, Entity};
use crate::scaffold::field::{self, Field, FieldError};
use crate::scaffold::model::{self, Access, Junction, Key, Model, Request, Wiring};
use crate::scaffold::{Language, Pack, Rendered, values};

/// The feature and the app of pages for staff.
const ADMIN: &str = "admin";

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
         luthier startmodel shop Product 'price:decimal(10,2)' 'status:enum(draft,sold-out)=draft' 'tags:many(shop.Tag)'",
        types.collect::<String>()
    )
}

pub(crate) fn run(context: &Context, mut args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    if project.language == Language::Python {
        let new = NewModel {
            app: &args.app,
            model: &args.model,
            fields: std::mem::take(&mut args.fields),
            access: args.access,
            route: args.route.as_deref(),
            api: !args.no_api,
            dry_run: args.dry_run,
        };
        return python::startmodel(context, &project, new);
    }
    let access = access::chosen(&project, args.access)?;
    if access == Access::Owner {
        access::add_owner(&mut args);
    }
    check_app(&project, &args.app)?;
    let entities = entities(&project)?;
    check_name(&args, &entities)?;
    let fields = field::parse_all(&args.fields)?;
    if access == Access::Owner {
        access::check_owner(&fields)?;
    }
    model::check_dialects(&fields, &args.fields, &project.dialects)?;
    let apps = check_cycles(&project, &args, access, &fields)?;
    if !args.no_api {
        access::check_links(&project, &args, access, &fields, &entities)?;
    }

    let others = others(&args, &entities, &fields);
    let (model, junctions) = Model::new(&Request {
        app: &args.app,
        model: &args.model,
        fields: &fields,
        typed: &args.fields,
        key: args.pk,
        route: args.route.as_deref(),
        api: !args.no_api,
        admin: has_admin(&project, &args)?,
        access,
        entities: &others,
    })?;
    if !args.no_api {
        check_routes(&project, &model, &junctions)?;
    }
    let files = files(&project, &model, &junctions)?;
    check_untouched(&project, &args, &files)?;
    let wiring = Wiring {
        model: &model,
        junctions: &junctions,
        apps: &apps,
    };
    let plan = plan(&project, &wiring, files)?;
    let applied = apply::run(context, &plan, args.dry_run)?;
    for warning in model::warnings(&fields, !args.no_api, &project.dialects) {
        context.output.warning(warning);
    }
    if applied.changed && !args.dry_run {
        say_what_next(context, &model, (!args.no_api).then_some(access));
        if model.admin {
            let names = &model.names;
            context.output.status(format_args!(
                "Staff find it at /admin/{}/{}.",
                names.app, names.module
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn plan(project: &Project, wiring: &Wiring, files: Vec<Rendered>) -> Result<Plan> {
    let read = |path: &str| project.read(path);
    let names = &wiring.model.names;
    let title = format!("startmodel {} {}", names.app, names.model);
    let mut plan = Plan::new(title, &project.root);
    for file in files {
        plan.create(file.path, file.contents);
    }
    model::wire(wiring, &read)?.plan(&mut plan);
    lockfile::keep_up(&mut plan, &read)?;
    Ok(plan)
}

fn say_what_next(context: &Context, model: &Model, access: Option<Access>) {
    let names = &model.names;
    let name = &names.model;
    context.output.status(format_args!(
        "\n{name} is ready. What comes next:\n\n  luthier makemigrations && luthier migrate"
    ));
    if let Some(access) = access {
        context.output.status(format_args!(
            "\nThen it is at /api/{}, and documented at /api/docs. {} (--access {}).",
            names.route,
            access.meaning(),
            access.name()
        ));
    }
}

fn check_app(project: &Project, app: &str) -> Result<()> {
    if project.app(app).is_some() {
        return Ok(());
    }
    let apps: Vec<&str> = project.apps.iter().map(|app| &*app.name).collect();
    let mut error = Error::bad_input(format_args!("there is no app `{app}`"));
    if let Some(near) = field::nearest(app, apps.iter().copied()) {
        error = error.hint(format!("did you mean `{near}`?"));
    } else if !apps.is_empty() {
        error = error.hint(format!("the apps are {}", apps.join(", ")));
    }
    Err(error.hint(format!("make it with `luthier startapp {app}`")))
}

/// Every model of the project.
fn entities(project: &Project) -> Result<Vec<Entity>> {
    let mut entities = Vec::new();
    for app in &project.apps {
        for path in project.list(app.dir.join("src/models"), "rs")? {
            let text = project.read(&path)?.unwrap_or_default();
            let module = Path::new(&path)
                .file_stem()
                .map(|stem| stem.to_string_lossy());
            entities.extend(entity::read(&app.name, &module.unwrap_or_default(), &text));
        }
    }
    Ok(entities)
}

fn check_name(args: &Args, entities: &[Entity]) -> Result<()> {
    let same_app = entities.iter().filter(|entity| entity.app == args.app);
    let models: Vec<String> = same_app.map(|entity| entity.name.clone()).collect();
    names::model(&args.model, &models)?;
    match &args.route {
        Some(route) => model::check_segment(route),
        None => Ok(()),
    }
}

/// The models beside this one and its junctions, which are there already when a command runs again.
fn others(args: &Args, entities: &[Entity], fields: &[Field]) -> Vec<Entity> {
    let own = model::modules(&args.model, fields);
    let is_own = |entity: &Entity| entity.app == args.app && own.contains(&entity.module);
    entities
        .iter()
        .filter(|entity| !is_own(entity))
        .cloned()
        .collect()
}

/// Which app depends on which.
fn graph(project: &Project) -> Result<Graph> {
    let names: Vec<String> = project.apps.iter().map(|app| app.name.clone()).collect();
    let mut graph = Graph::new();
    for app in &project.apps {
        let manifest = project
            .read(app.dir.join("Cargo.toml"))?
            .unwrap_or_default();
        graph.insert(app.name.clone(), crates::dependencies(&manifest, &names));
    }
    Ok(graph)
}

/// The other apps that the model refers to. Cargo takes no cycles of crates.
fn check_cycles(
    project: &Project,
    args: &Args,
    access: Access,
    fields: &[Field],
) -> Result<Vec<String>> {
    let graph = graph(project)?;
    let mut apps = Vec::new();
    for (field, typed) in fields.iter().zip(&args.fields) {
        let Some(target) = field.kind.target().filter(|target| target.app != args.app) else {
            continue;
        };
        if let Some(cycle) = crates::cycle(&graph, &args.app, &target.app) {
            let error = FieldError {
                text: typed.clone(),
                at: target.at.clone(),
                message: format!(
                    "the crates would depend on each other in a cycle: {}",
                    cycle.join(" → ")
                ),
                hint: Some("put the models in one app".to_owned()),
            };
            return Err(error.into());
        }
        if !apps.contains(&target.app) {
            apps.push(target.app.clone());
        }
    }
    let users = access::dependency(args, access, &graph)?;
    apps.extend(users.filter(|users| !apps.contains(users)));
    Ok(apps)
}

/// Whether the model is registered in the admin, which needs an input type, and crates without cycles.
fn has_admin(project: &Project, args: &Args) -> Result<bool> {
    let wanted = project.scaffold.choices().has(ADMIN) && !args.no_admin && !args.no_api;
    Ok(wanted && crates::cycle(&graph(project)?, &args.app, ADMIN).is_none())
}

/// Two APIs cannot have one address.
fn check_routes(project: &Project, model: &Model, junctions: &[Junction]) -> Result<()> {
    let mut wanted = vec![(&model.names.route, &model.names.module)];
    wanted.extend(
        junctions
            .iter()
            .map(|junction| (&junction.route, &junction.module)),
    );
    model::check_segment(&model.names.route)?;
    for app in &project.apps {
        let path = app.dir.join("src/api.rs");
        let text = project.read(path)?.unwrap_or_default();
        for (address, module) in model::routes(&text) {
            let own = |module: &str| {
                app.name == model.names.app && wanted.iter().any(|(_, own)| *own == module)
            };
            if wanted.iter().any(|(route, _)| **route == address) && !own(&module) {
                return Err(Error::bad_input(format_args!(
                    "`/api/{address}` is the address of {}'s `{module}` already",
                    app.name
                ))
                .hint(format!(
                    "choose another: --route {}-{}",
                    model.names.app, model.names.route
                )));
            }
        }
    }
    Ok(())
}

/// The new files, by their paths in the project.
fn files(project: &Project, model: &Model, junctions: &[Junction]) -> Result<Vec<Rendered>> {
    let pack: Pack = project.pack()?;
    let known = values::of_project(
        &project.name,
        &project.dialects,
        &pack,
        &project.scaffold.choices(),
    );
    let mut files = pack.render("model", &values::with(&known, model)?)?;
    for junction in junctions {
        files.extend(pack.render("junction", &values::with(&known, junction)?)?);
    }
    let app = PathBuf::from("apps").join(&model.names.app);
    for file in &mut files {
        file.path = app.join(&file.path);
    }
    Ok(files)
}

/// A model is never made over another one; only running the same command again is fine.
fn check_untouched(project: &Project, args: &Args, files: &[Rendered]) -> Result<()> {
    for file in files {
        let there = project.read(&file.path)?;
        if there.is_some_and(|text| text.as_bytes() != file.contents) {
            let path = file.path.display();
            let model = &args.model;
            return Err(Error::bad_input(format_args!(
                "the model `{model}` is there already, and {path} is not what this command makes"
            ))
            .hint(format!(
                "change the files of `{model}` by hand, then run `luthier makemigrations`; or give the new model another name"
            )));
        }
    }
    Ok(())
}
