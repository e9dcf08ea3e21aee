//! `luthier add FEATURE`: a part of the pack for a project that lacks it.

mod admin;
mod adopted;
mod users;

use std::process::ExitCode;

use serde_json::json;

use super::startmodel::Known;
use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Output;
use crate::paths::slashed;
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::addition::{self, Addition};
use crate::scaffold::user_model::{ANSWER, UserModel};
use crate::scaffold::{Choices, Feature, Pack, Rendered, field, new_project, values};

/// Add a feature of its pack that the project lacks
///
/// Files that you have edited keep your edits. Where a place is not as it was generated any more, nothing is written,
/// and the lines to add are shown with where they go.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier add --list              What there is, and what the project has
  luthier add accounts            Users, sign-in and sessions
  luthier add accounts --dry-run  Only show what would be done, with diffs
  luthier add accounts --user-model people.User
                                  Users are rows of that model, which lacks nothing that accounts need")]
pub(crate) struct Args {
    /// The feature to add; `--list` shows them
    #[arg(value_name = "FEATURE", required_unless_present = "list")]
    feature: Option<String>,
    /// Use this model of the project for the users of `accounts`, instead of a new one
    #[arg(long, value_name = "APP.MODEL", conflicts_with = "list")]
    user_model: Option<String>,
    /// List the features, and whether the project has them
    #[arg(long, conflicts_with_all = ["feature", "dry_run"])]
    list: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    if let Some(feature) = args.feature.as_deref().filter(|_| project.is_adopted()) {
        return Err(adopted::refuse(&project, feature)?);
    }
    let pack = project.pack()?;
    match &args.feature {
        Some(feature) => add(context, &project, &pack, feature, &args),
        None => list(context, &project, &pack),
    }
}

fn add(
    context: &Context,
    project: &Project,
    pack: &Pack,
    name: &str,
    args: &Args,
) -> Result<ExitCode> {
    let feature = pack.manifest.features.get(name);
    let feature = feature.ok_or_else(|| unknown(pack, name))?;
    let choices = project.scaffold.choices();
    check_possible(project, &choices, name, feature)?;
    let known = Known::load(project, "")?;
    let users = users::chosen(&known, name, args.user_model.as_deref())?;
    let choices = users::answered(choices, users.as_ref());
    let before = files(&known, &choices.without(name))?;
    let choices = choices.with(name);
    let mut after = files(&known, &choices)?;
    users::check_tables(&known, name, &after)?;
    let mut plan = Plan::new(format!("add {name}"), &project.root);
    let unregistered = admin::register(&mut plan, (project, &known), &choices, &mut after)?;
    let addition = Addition {
        feature: name,
        app: feature.wired(),
        answer: users.as_ref().map(|users| (ANSWER, users.as_str())),
        before: &before,
        after: &after,
    };
    let pristine = |path: &str| project.read(slashed(&apply::base_of(path.as_ref())));
    let left_out = addition::plan(&mut plan, &addition, &|path| project.read(path), &pristine)?;
    let applied = apply::run(context, &plan, args.dry_run)?;
    for error in left_out {
        let hints = error.hints.join("\n");
        context.output.warning(format_args!("{error}\n{hints}"));
    }
    if applied.changed {
        unregistered.say(&context.output);
    }
    if args.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    match applied.changed {
        true => {
            say_what_next(&context.output, name, feature);
            say_of_users(&context.output, users.as_ref());
        }
        false => context
            .output
            .status(format_args!("\nThe project has {name}: nothing to do.")),
    }
    Ok(ExitCode::SUCCESS)
}

/// What a new project with these choices would hold.
fn files(known: &Known, choices: &Choices) -> Result<Vec<Rendered>> {
    let mut values = values::of_project(&known.name, &known.dialects, &known.pack, choices);
    let users = UserModel::of_choices(choices);
    values.insert(ANSWER.to_owned(), users.values(&known.entities));
    new_project::files(&known.pack, &values, choices)
}

fn check_possible(
    project: &Project,
    choices: &Choices,
    name: &str,
    feature: &Feature,
) -> Result<()> {
    if let Some(needed) = feature.needs.iter().find(|needed| !choices.has(needed)) {
        return Err(Error::bad_input(format_args!(
            "`{name}` needs `{needed}`, which this project does not have"
        ))
        .hint(format!("add that first: `luthier add {needed}`")));
    }
    let app = feature.app.as_deref().filter(|_| !choices.has(name));
    match app.and_then(|app| project.app(app)) {
        Some(app) => Err(Error::bad_input(format_args!(
            "{} is an app of this project's own, and `{name}` would bring one by that name",
            app.dir.display()
        ))
        .hint("give yours another name, then run the same command again")),
        None => Ok(()),
    }
}

fn unknown(pack: &Pack, name: &str) -> Error {
    let features = &pack.manifest.features;
    let mut error = Error::bad_input(format_args!(
        "the pack `{}` has no feature `{name}`",
        pack.manifest.name
    ));
    if let Some(near) = field::nearest(name, features.keys().map(String::as_str)) {
        error = error.hint(format!("did you mean `{near}`?"));
    }
    let names: Vec<&str> = features.keys().map(String::as_str).collect();
    match names.as_slice() {
        [] => error.hint("it has none to add"),
        names => error.hint(format!("it has {}", names.join(", "))),
    }
}

fn list(context: &Context, project: &Project, pack: &Pack) -> Result<ExitCode> {
    let choices = project.scaffold.choices();
    let features = &pack.manifest.features;
    let state = |name: &str, feature: &Feature| -> (&str, Vec<String>) {
        let missing = feature.needs.iter().filter(|needed| !choices.has(needed));
        let missing: Vec<String> = missing.cloned().collect();
        match (choices.has(name), missing.is_empty()) {
            (true, _) => ("added", missing),
            (false, true) => ("available", missing),
            (false, false) => ("blocked", missing),
        }
    };
    if context.json {
        let features: Vec<_> = features
            .iter()
            .map(|(name, feature)| {
                let (state, missing) = state(name, feature);
                json!({
                    "name": name,
                    "state": state,
                    "description": feature.description,
                    "needs": feature.needs,
                    "missing": missing,
                })
            })
            .collect();
        let report = json!({ "features": features });
        context.output.data(serde_json::to_string_pretty(&report)?);
        return Ok(ExitCode::SUCCESS);
    }
    if features.is_empty() {
        let pack = &pack.manifest.name;
        context
            .output
            .status(format_args!("The pack `{pack}` has no features to add."));
    }
    let rows: Vec<(&str, String, &str)> = features
        .iter()
        .map(|(name, feature)| {
            let (state, missing) = state(name, feature);
            let state = match missing.is_empty() {
                true => state.to_owned(),
                false => format!("needs {}", missing.join(", ")),
            };
            (name.as_str(), state, feature.description.as_str())
        })
        .collect();
    let width =
        |of: &dyn Fn(&(&str, String, &str)) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let (names, states) = (width(&|row| row.0.len()), width(&|row| row.1.len()));
    for (name, state, description) in &rows {
        context.output.data(format_args!(
            "{name:names$}  {state:states$}  {description}"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Accounts look users up by their addresses in lower case.
fn say_of_users(output: &Output, users: Option<&String>) {
    if let Some(users) = users {
        output.status(format_args!(
            "\nUsers are rows of {users}. They log in by addresses in lower case: change those that hold capitals, such as by\n  \
             UPDATE users SET email = lower(email)"
        ));
    }
}

fn say_what_next(output: &Output, name: &str, feature: &Feature) {
    output.status(format_args!("\n{name} is added. What comes next:\n"));
    for line in &feature.next {
        output.status(format_args!("  {line}"));
    }
    if feature.next.is_empty() {
        output.status("  cargo build");
    }
}
