//! A new model as a plan, made from what is known of the project. Pure.

use std::path::PathBuf;

use super::access;
use super::args::Args;
use super::known::Known;
use super::untouched::check_untouched;
use super::views::{self, Views};
use crate::cargo::lockfile;
use crate::error::{Error, Result};
use crate::names;
use crate::plan::Plan;
use crate::project::check_app;
use crate::scaffold::crates;
use crate::scaffold::entity::{Entity, Namespace};
use crate::scaffold::field::{self, Field, FieldError};
use crate::scaffold::model::{self, Access, Junction, Model, Request, Wiring};
use crate::scaffold::user_model::UserModel;
use crate::scaffold::{Rendered, values};

/// The feature and the app of pages for staff.
const ADMIN: &str = "admin";

/// What is to be done, and what to tell of it.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) model: Model,
    pub(super) views: Option<Views>,
    /// Who may use the API; none where there is none.
    pub(super) access: Option<Access>,
    pub(super) warnings: Vec<String>,
}

/// Plans the files of a new model, and the edits that make it known.
///
/// # Errors
/// Bad input: whatever of the app, the names, the fields, the access or the address cannot be had, and files of such a
/// model that are there and differ.
pub(super) fn plan(mut args: Args, known: &Known) -> Result<Planned> {
    let access = access::chosen(known, args.access)?;
    let users = UserModel::of_choices(&known.choices);
    if access == Access::Owner {
        access::add_owner(&mut args, &users);
    }
    let args = &args;
    check_app(&known.apps, &args.app)?;
    check_name(args, &known.entities)?;
    let fields = field::parse_all(&args.fields)?;
    if access == Access::Owner {
        access::check_owner(&fields, &users)?;
    }
    model::check_dialects(&fields, &args.fields, &known.dialects)?;
    let apps = check_cycles(known, args, access, &fields)?;
    if !args.no_api {
        access::check_links(known, args, access, &fields)?;
    }

    let (model, junctions) = Model::new(&Request {
        app: &args.app,
        model: &args.model,
        fields: &fields,
        typed: &args.fields,
        key: args.pk,
        route: args.route.as_deref(),
        api: !args.no_api,
        admin: has_admin(known, args),
        access,
        entities: &others(args, &known.entities, &fields),
        namespace: Namespace::Crates,
    })?;
    if !args.no_api {
        check_routes(known, &model, &junctions)?;
    }
    let files = files(known, &model, &junctions)?;
    let by_hand = format!("the files of `{}`", args.model);
    check_untouched(args, &files, |path| known.read(path), |_| by_hand.clone())?;
    let wiring = Wiring {
        model: &model,
        junctions: &junctions,
        apps: &apps,
    };
    let views = match args.pages {
        true => Some(views::of_new(known, &model.names, &files)?),
        false => None,
    };
    Ok(Planned {
        plan: steps(known, &wiring, files, views.as_ref())?,
        access: (!args.no_api).then_some(access),
        warnings: model::warnings(&fields, !args.no_api, &known.dialects),
        model,
        views,
    })
}

/// The new files, and the edits of those that are there.
fn steps(
    known: &Known,
    wiring: &Wiring,
    files: Vec<Rendered>,
    views: Option<&Views>,
) -> Result<Plan> {
    let read = |path: &str| known.read(path);
    let names = &wiring.model.names;
    let title = format!("startmodel {} {}", names.app, names.model);
    let mut plan = Plan::new(title, &known.root);
    for file in files {
        plan.create(file.path, file.contents);
    }
    let mut edits = model::wire(wiring, &read)?;
    if let Some(views) = views {
        views.plan(&mut plan, &mut edits)?;
    }
    edits.plan(&mut plan);
    lockfile::keep_up(&mut plan, &read)?;
    Ok(plan)
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

/// The other apps that the model refers to. Cargo takes no cycles of crates.
fn check_cycles(
    known: &Known,
    args: &Args,
    access: Access,
    fields: &[Field],
) -> Result<Vec<String>> {
    let mut apps = Vec::new();
    for (field, typed) in fields.iter().zip(&args.fields) {
        let Some(target) = field.kind.target().filter(|target| target.app != args.app) else {
            continue;
        };
        if let Some(cycle) = crates::cycle(&known.graph, &args.app, &target.app) {
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
    let users = access::dependency(args, access, &known.graph)?;
    apps.extend(users.filter(|users| !apps.contains(users)));
    Ok(apps)
}

/// Whether the model is registered in the admin, which needs an input type, and crates without cycles.
fn has_admin(known: &Known, args: &Args) -> bool {
    let wanted = known.choices.has(ADMIN) && !args.no_admin && !args.no_api;
    wanted && crates::cycle(&known.graph, &args.app, ADMIN).is_none()
}

/// Two APIs cannot have one address.
fn check_routes(known: &Known, model: &Model, junctions: &[Junction]) -> Result<()> {
    let mut wanted = vec![(&model.names.route, &model.names.module)];
    wanted.extend(
        junctions
            .iter()
            .map(|junction| (&junction.route, &junction.module)),
    );
    model::check_segment(&model.names.route)?;
    for app in &known.apps {
        let path = app.dir.join("src/api.rs");
        let text = known.read(path)?.unwrap_or_default();
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
fn files(known: &Known, model: &Model, junctions: &[Junction]) -> Result<Vec<Rendered>> {
    let pack = &known.pack;
    let project = values::of_project(&known.name, &known.dialects, pack, &known.choices);
    let mut files = pack.render("model", &values::with(&project, model)?)?;
    for junction in junctions {
        files.extend(pack.render("junction", &values::with(&project, junction)?)?);
    }
    let app = PathBuf::from("apps").join(&model.names.app);
    for file in &mut files {
        file.path = app.join(&file.path);
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
