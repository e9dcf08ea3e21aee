//! `luthier squashmigrations [FROM] TO`: a run of migrations becomes one.

use std::process::ExitCode;

use serde_json::json;

use crate::apply;
use crate::ask;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::migrations::{self, Blocked, History, MigrationTarget, Run, Squashed};
use crate::plan::Plan;
use crate::project::Project;

/// Fold a run of migrations into one that stands for them
///
/// Their files go away. A database that has all of them applied records the new one in their place when it is
/// migrated next, and runs nothing; a new database runs the new one alone. Bring every database to the end of the run
/// first: one that has only some of them is refused. SQL that was written by hand stays, in its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier squashmigrations add_isbn           # everything up to this one
  luthier squashmigrations initial add_isbn   # from one to the other
  luthier squashmigrations add_isbn --dry-run")]
pub(crate) struct Args {
    /// The first and the last migration of the run, or the last alone: names, or unique starts of them
    #[arg(value_names = ["FROM", "TO"], num_args = 1..=2, required = true)]
    run: Vec<String>,
    /// Its name, after the timestamp
    #[arg(short = 'm', long, value_name = "NAME")]
    name: Option<String>,
    /// Show what would be written and removed, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Keep every step, even where tables could be created in their final form at once
    #[arg(long)]
    no_optimize: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let version = |text: &String| match history.target(text) {
        Ok(MigrationTarget::Version(version)) => Ok(version),
        Ok(_) => Err(Error::bad_input(format_args!(
            "`{text}` is not a migration"
        ))),
        Err(blocked) => Err(refused(blocked)),
    };
    let versions = args.run.iter().map(version).collect::<Result<Vec<_>>>()?;
    let (from, to) = match versions.as_slice() {
        [from, to] => (Some(*from), *to),
        [to] => (None, *to),
        _ => return Err(Error::bad_input("name the last migration of the run")),
    };
    let run = history.run(from, to).map_err(refused)?;
    let words = match &args.name {
        Some(name) => migrations::given_name(name)
            .map_err(|why| Error::bad_input(why).hint("letters, digits and `_`: `add_isbn`"))?,
        None => run.automatic_name(),
    };
    let name = format!("{:014}_{words}", run.version());
    let taken = run.members.iter().any(|(member, _)| member.name == name);
    if taken {
        return Err(Error::bad_input(format_args!(
            "one of those that are replaced is called {name} too"
        ))
        .hint("--name gives it another name"));
    }
    let squashed = run
        .squash(&name, &project.dialects, !args.no_optimize)
        .map_err(refused)?;
    if context.interactive && !args.dry_run && !agreed(&run)? {
        return Err(Error::failed("nothing was squashed"));
    }
    report(
        context,
        &project,
        &SquashReport {
            run: &run,
            name: &name,
            squashed: &squashed,
        },
        args.dry_run,
    )?;
    let mut plan = Plan::new("squashmigrations", &project.root);
    for (path, text) in &squashed.removed {
        plan.remove(project.migration_path(path), text.as_str());
    }
    for (path, text) in &squashed.files {
        plan.create(project.migration_path(path), text.as_str());
    }
    if !context.json {
        apply::run(context, &plan, args.dry_run)?;
    } else if !args.dry_run {
        let context = Context {
            json: false,
            interactive: false,
            ..context.clone()
        };
        apply::run(&context, &plan, false)?;
    }
    if !args.dry_run {
        context.output.status(
            "Databases that have all of them record the new one instead when they are migrated next.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn agreed(run: &Run) -> Result<bool> {
    let count = run.members.len();
    ask::confirm(format!(
        "Replace {count} migrations by one? Every database must have all of them, or none"
    ))
}

/// What is about to happen.
struct SquashReport<'a> {
    run: &'a Run<'a>,
    name: &'a str,
    squashed: &'a Squashed,
}

fn report(
    context: &Context,
    project: &Project,
    report: &SquashReport,
    dry_run: bool,
) -> Result<()> {
    let SquashReport {
        run,
        name,
        squashed,
    } = report;
    let replaced: Vec<&str> = run.members.iter().map(|(m, _)| m.name.as_str()).collect();
    let (before, after) = squashed.operations;
    if context.json {
        let files = |files: &[(String, String)]| -> Vec<String> {
            let paths = files.iter().map(|(path, _)| path);
            paths.map(|path| project.migration_path(path)).collect()
        };
        let report = json!({
            "name": name,
            "replaces": replaced,
            "operations_before": before,
            "operations": after,
            "files": files(&squashed.files),
            "removed": files(&squashed.removed),
            "dry_run": dry_run,
        });
        context.output.data(serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    let output = &context.output;
    output.status(format_args!("Migration {name} stands for"));
    for name in replaced {
        output.status(format_args!("    {name}"));
    }
    output.status(format_args!("{before} operations became {after}"));
    if dry_run {
        let ups = squashed.files.iter();
        for (_, text) in ups.filter(|(path, _)| path.ends_with(".up.sql")) {
            output.data(text);
        }
    }
    Ok(())
}

fn refused(blocked: Blocked) -> Error {
    Error::bad_input(blocked.message).hint(blocked.hint)
}
