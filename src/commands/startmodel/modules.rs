//! A new model in a project whose apps are modules of one program: one module with the entity and its API.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::Args;
use super::untouched::check_untouched;
use crate::apply;
use crate::cargo::lockfile;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::paths::{slashed, stem};
use crate::plan::Plan;
use crate::project::{Project, check_app};
use crate::scaffold::entity::{self, Entity, Namespace};
use crate::scaffold::field::{self, Field, FieldError, FieldType};
use crate::scaffold::model::{self, Access, Key, Model, Request};
use crate::scaffold::wire::rust::{Call, Module, add_call, add_module};
use crate::scaffold::wire::toml::{Dependency, add_dependency};
use crate::scaffold::wire::{Edits, Read};
use crate::scaffold::{Pack, Rendered, values};

/// Modules that every app has.
const OWN_MODULES: [&str; 4] = ["mod", "tests", "urls", "views"];

pub(super) fn run(
    context: &Context,
    project: &Project,
    pack: &Pack,
    args: &Args,
) -> Result<ExitCode> {
    check_options(pack, args)?;
    check_app(&project.apps, &args.app)?;
    let entities = entities(project)?;
    check_name(args, &entities)?;
    let fields = field::parse_all(&args.fields)?;
    check_fields(&fields, &args.fields)?;
    model::check_dialects(&fields, &args.fields, &project.dialects)?;
    let module = model::modules(&args.model, &[]).concat();
    let others: Vec<Entity> = entities
        .into_iter()
        .filter(|entity| entity.app != args.app || entity.module != module)
        .collect();
    let (model, _) = Model::new(&Request {
        app: &args.app,
        model: &args.model,
        fields: &fields,
        typed: &args.fields,
        key: args.pk,
        route: args.route.as_deref(),
        api: !args.no_api,
        admin: false,
        access: Access::Public,
        entities: &others,
        namespace: Namespace::Modules,
    })?;
    if !args.no_api {
        check_route(project, &model)?;
    }
    let files = files(project, pack, &model)?;
    let by_hand = |path: &Path| path.display().to_string();
    check_untouched(args, &files, |path| project.read(path), by_hand)?;
    let read = |path: &str| project.read(path);
    let mut plan = Plan::new(
        format!("startmodel {} {}", args.app, args.model),
        &project.root,
    );
    for file in files {
        plan.create(file.path, file.contents);
    }
    wire(args, &model, &read)?.plan(&mut plan);
    lockfile::keep_up(&mut plan, &read)?;
    let applied = apply::run(context, &plan, args.dry_run)?;
    for warning in model::warnings(&fields, false, &project.dialects) {
        context.output.warning(warning);
    }
    if applied.changed && !args.dry_run {
        say_what_next(context, args, &model);
    }
    Ok(ExitCode::SUCCESS)
}

fn say_what_next(context: &Context, args: &Args, model: &Model) {
    let name = &args.model;
    context.output.status(format_args!(
        "\n{name} is ready. What comes next:\n\n  luthier makemigrations && luthier migrate"
    ));
    if !args.no_api {
        context.output.status(format_args!(
            "\nThen it is at /api/{}. {}.",
            model.names.route,
            Access::Public.meaning()
        ));
    }
}

/// What only a site with users and pages can have.
fn check_options(pack: &Pack, args: &Args) -> Result<()> {
    let pack = &pack.manifest.name;
    let lacking = match args.access {
        Some(access) if access != Access::Public => Some(("users", "--access")),
        _ if args.pages => Some(("pages of models", "--pages")),
        _ => None,
    };
    match lacking {
        Some((what, option)) => Err(Error::bad_input(format_args!(
            "a project of the pack `{pack}` has no {what}, so `{option}` means nothing here"
        ))
        .hint("a project that has them: luthier startproject NAME --scaffold web")),
        None => Ok(()),
    }
}

fn check_name(args: &Args, entities: &[Entity]) -> Result<()> {
    let same_app = entities.iter().filter(|entity| entity.app == args.app);
    let models: Vec<String> = same_app.map(|entity| entity.name.clone()).collect();
    names::model(&args.model, &models)?;
    let module = model::modules(&args.model, &[]).concat();
    if OWN_MODULES.contains(&module.as_str()) {
        let (app, model) = (&args.app, &args.model);
        return Err(Error::bad_input(format_args!(
            "`{model}` cannot name a model: src/{app} has a module `{module}` already"
        ))
        .hint(format!("try `{model}Record`")));
    }
    match &args.route {
        Some(route) => model::check_segment(route),
        None => Ok(()),
    }
}

/// Refuses what takes more than one module.
fn check_fields(fields: &[Field], typed: &[String]) -> Result<()> {
    for (field, typed) in fields.iter().zip(typed) {
        let (message, hint) = match field.kind {
            FieldType::Many { .. } => (
                "this pack has no `many`",
                "make the model between the two: `luthier startmodel` with two `ref` fields",
            ),
            FieldType::Bytes => (
                "this pack keeps no bytes in the database",
                "keep them in a file and its name here, or start the project with --scaffold web",
            ),
            _ => continue,
        };
        let at = field.name.len() + 1..typed.len();
        return Err(FieldError::new(typed, at, message).hint(hint).into());
    }
    Ok(())
}

fn folder(app: &str) -> PathBuf {
    Path::new("src").join(app)
}

/// Every model of every app.
fn entities(project: &Project) -> Result<Vec<Entity>> {
    let mut entities = Vec::new();
    for app in &project.apps {
        for path in project.list(folder(&app.name), "rs")? {
            let text = project.read(&path)?.unwrap_or_default();
            let read = entity::read_in(Namespace::Modules, &app.name, stem(&path), &text);
            entities.extend(read);
        }
    }
    Ok(entities)
}

/// Two APIs cannot have one address.
fn check_route(project: &Project, model: &Model) -> Result<()> {
    let route = &model.names.route;
    model::check_segment(route)?;
    let own = folder(&model.names.app).join(format!("{}.rs", model.names.module));
    let mut files = project.list("src", "rs")?;
    for app in &project.apps {
        files.extend(project.list(folder(&app.name), "rs")?);
    }
    for path in files.iter().filter(|path| **path != slashed(&own)) {
        let text = project.read(path)?.unwrap_or_default();
        if text.contains(&format!("\"/api/{route}\"")) {
            return Err(Error::bad_input(format_args!(
                "`/api/{route}` is an address of {path} already"
            ))
            .hint(format!(
                "choose another: --route {}-{route}",
                model.names.app
            )));
        }
    }
    Ok(())
}

/// The new files, by their paths in the project.
fn files(project: &Project, pack: &Pack, model: &Model) -> Result<Vec<Rendered>> {
    let known = values::of_project(
        &project.name,
        &project.dialects,
        pack,
        &project.scaffold.choices(),
    );
    let mut files = pack.render("model", &values::with(&known, model)?)?;
    for file in &mut files {
        file.path = folder(&model.names.app).join(&file.path);
    }
    Ok(files)
}

/// The edits that make the module of the model and its routes known.
fn wire<'a>(args: &Args, model: &Model, read: Read<'a>) -> Result<Edits<'a>> {
    let folder = format!("src/{}", args.app);
    let name = &model.names.module;
    let mut edits = Edits::new(read);
    let module = Module { name, public: true };
    // `src/books.rs`, or `src/books/mod.rs`.
    edits.edit(&format!("{folder}.rs"), |text| add_module(text, module))?;
    if !args.no_api {
        let call = Call {
            function: "router",
            after: &["merge", "nest", "route", "routes"],
            call: &format!(".merge(super::{name}::router())"),
            marker: &format!("{name}::router"),
        };
        edits.edit(&format!("{folder}/urls.rs"), |text| add_call(text, call))?;
    }
    if args.pk == Key::Uuid {
        edits.edit("Cargo.toml", |text| {
            let dependency = Dependency {
                table: &["dependencies"],
                name: "uuid",
                line: "uuid = { version = \"1\", features = [\"v7\"] }",
                path: None,
            };
            add_dependency(text, dependency)
        })?;
    }
    Ok(edits)
}
