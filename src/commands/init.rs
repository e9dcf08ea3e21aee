//! `luthier init`: adopt a cargo project that has SeaORM entities, and a database that has their tables; or what has
//! neither, but is served.

mod baseline;
mod other;
mod report;

use std::process::ExitCode;

use crate::apply;
use crate::context::Context;
use crate::database::{self, Database};
use crate::error::{Error, Result};
use crate::models::{self, Diagnostic, Entities};
use crate::plan::Plan;
use crate::project::adoptable::Adoptable;
use crate::project::{FILE, Project, adoptable_python, adopted};
use crate::sql::Dialect;

use super::makemigrations::unreadable;

/// Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`
///
/// A project of Django, Flask or FastAPI, and any cargo binary that listens, gets `runserver`, `dockerfile` and
/// `requirements` by that file alone; nothing else is written, and nothing of the project is run.
///
/// With a database, a first migration is written from the entities as well, compared with the tables that are there,
/// and recorded as applied. No table and no row is touched.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier init
  luthier init --database postgres
  luthier init --database-url postgres://localhost/shop    # with a first migration, recorded as applied
  luthier init --dry-run")]
pub(crate) struct Args {
    /// The databases that migrations are written for, separated by commas; those of Cargo.toml if none is named
    #[arg(long, value_name = "D,…", value_delimiter = ',')]
    database: Vec<Dialect>,
    /// The folder of the migrations [default: migrations]
    #[arg(long, value_name = "DIR")]
    migrations: Option<String>,
    /// A database that has the tables already: they are recorded as the first migration
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Where that database and the entities contradict each other, follow the database
    #[arg(long, requires = "database_url")]
    accept: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if let Some(root) = adoptable_python::root(&context.directory) {
        return other::python(context, root, &args);
    }
    other::check_below(&context.directory)?;
    let workspace = Adoptable::find(&context.directory)?;
    let says_nothing_of_databases =
        args.database.is_empty() && args.database_url.is_none() && args.migrations.is_none();
    if workspace.crates.is_empty() && workspace.has_program && says_nothing_of_databases {
        return other::binary(context, &workspace, args.dry_run);
    }
    let dialects = dialects(&args, &workspace)?;
    let adopted = |views: &[String]| {
        adopted::text(&adopted::Adopted {
            name: &workspace.name,
            crates: &workspace.crates,
            dialects: &dialects,
            migrations: args.migrations.as_deref(),
            views,
        })
    };
    let mut text = adopted(&[])?;
    let file = workspace.root.join(FILE);
    let known = file.is_file();
    if let (false, Some(name)) = (known, &context.database) {
        return Err(Error::bad_input(format_args!(
            "there is no {FILE} that could say what the database `{name}` is"
        ))
        .hint(format!(
            "`luthier init` writes one; then add `[databases.{name}]` with `crates = [\"…\"]`, and run this command again"
        )));
    }
    if known && args.database_url.is_none() {
        return known_already(context, &workspace, &text);
    }
    let mut project = match known {
        true => Project::find(context)?,
        false => Project::of_text(&workspace.root, &text)?,
    };
    if let (false, Some(url)) = (known, &args.database_url) {
        let views = views_with_entities(&project, &project.database_url(Some(url))?)?;
        if !views.is_empty() {
            text = adopted(&views)?;
            project = Project::of_text(&workspace.root, &text)?;
        }
    }
    let (entities, errors) = entities(context, &project, &workspace)?;
    let mut plan = Plan::new("init", &workspace.root);
    if !known {
        plan.create(FILE, text.as_str());
    }
    keep_line_ends(&mut plan, &project)?;
    if !errors.is_empty() {
        // What settles them may have to be written there.
        apply::run(context, &plan, args.dry_run)?;
        return Err(still_unreadable(&entities, errors, &args));
    }
    let url = match &args.database_url {
        Some(url) => Some(project.database_url(Some(url))?),
        None => None,
    };
    let Some(url) = url else {
        apply::run(context, &plan, args.dry_run)?;
        context.output.status(
            "`luthier makemigrations` writes the first migration; where a database has the tables already, \
             `luthier migrate --fake-initial` records it.",
        );
        return Ok(ExitCode::SUCCESS);
    };
    database::block_on(baseline::record(
        context,
        &project,
        &entities,
        &url,
        baseline::Options {
            plan,
            dry_run: args.dry_run,
            accept: args.accept,
        },
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The entities that read a view of the database at `url`: nothing that migrations make.
fn views_with_entities(project: &Project, url: &str) -> Result<Vec<String>> {
    let mut views = database::block_on(async {
        let Some(mut database) = Database::look(url).await? else {
            return Ok(Vec::new());
        };
        let views = database.view_names().await;
        database.close().await;
        views
    })?;
    if !views.is_empty() {
        let (entities, _) = models::read_partly(&project.sources()?);
        views.retain(|view| entities.schema.tables.contains_key(view));
    }
    Ok(views)
}

/// Migrations are checked byte by byte, so that version control must not change their line ends.
fn keep_line_ends(plan: &mut Plan, project: &Project) -> Result<()> {
    const FILE: &str = ".gitattributes";
    const LINE: &str =
        "# Migrations are checked byte by byte: the same on every system.\n*.sql text eol=lf\n";
    match project.read(FILE)? {
        None => plan.create(FILE, LINE),
        Some(text) if text.lines().any(|line| line.starts_with("*.sql ")) => {}
        Some(text) => {
            let gap = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            let edited = format!("{text}{gap}{LINE}");
            plan.edit(FILE, text, edited);
        }
    }
    Ok(())
}

fn dialects(args: &Args, workspace: &Adoptable) -> Result<Vec<Dialect>> {
    let mut dialects: Vec<Dialect> = Vec::new();
    let said = args.database.iter().copied();
    let of_url = match &args.database_url {
        Some(url) => Some(database::dialect(url)?),
        None => None,
    };
    let found = match (args.database.is_empty(), of_url) {
        (false, _) => Vec::new(),
        // What is adopted is one database; others may follow.
        (true, Some(_)) => Vec::new(),
        (true, None) => workspace.dialects.clone(),
    };
    for dialect in said.chain(of_url).chain(found) {
        if !dialects.contains(&dialect) {
            dialects.push(dialect);
        }
    }
    if dialects.is_empty() {
        return Err(Error::bad_input("which database is this project for?")
            .hint("name it: --database sqlite,postgres,mysql"));
    }
    Ok(dialects)
}

fn known_already(context: &Context, workspace: &Adoptable, text: &str) -> Result<ExitCode> {
    let mut plan = Plan::new("init", &workspace.root);
    let project = Project::open(&workspace.root)?;
    if project.read(FILE)?.as_deref() == Some(text) {
        plan.create(FILE, text);
        apply::run(context, &plan, false)?;
        return Ok(ExitCode::SUCCESS);
    }
    Err(Error::bad_input(format_args!(
        "this is a Luthier project already: {} has a {FILE}, which says something else",
        workspace.root.display()
    ))
    .hint(format!("edit {FILE}, or remove it to start again")))
}

/// The error of a project whose `luthier.toml` is there, and whose entities cannot all be read.
fn still_unreadable(entities: &Entities, errors: Vec<Diagnostic>, args: &Args) -> Error {
    let read = entities.schema.tables.len();
    let all = read + entities.unreadable;
    let mut error = Error::failed(format_args!(
        "{read} of {all} entities can be read; {}",
        unreadable(errors)
    ));
    error = error.hint(match args.database_url {
        Some(_) => "settle these, then run the same command again: the database was not looked at",
        None => "settle these, then `luthier makemigrations`",
    });
    error
}

fn entities(
    context: &Context,
    project: &Project,
    workspace: &Adoptable,
) -> Result<(Entities, Vec<Diagnostic>)> {
    let sources = project.sources()?;
    let (entities, errors) = models::read_partly(&sources);
    for warning in &entities.warnings {
        context.output.warning(warning);
    }
    let count = entities.schema.tables.len();
    if count == 0 && errors.is_empty() {
        let crates = match workspace.members {
            1 => "the crate".to_owned(),
            members => format!("the {members} crates"),
        };
        let root = workspace.root.display();
        if entities.in_migrations > 0 {
            let count = entities.in_migrations;
            let (those, are) = match count {
                1 => ("the only one".to_owned(), "is"),
                _ => (format!("all {count}"), "are"),
            };
            return Err(Error::bad_input(format_args!(
                "no SeaORM entities in {crates} of {root} but inside of migrations: {those} {are} of tables as they once \
                 were, and do not count"
            ))
            .hint(
                "entities of the tables as they are now: `luthier inspectdb --database-url URL --output \
                 CRATE/src/entities`, and `pub mod entities;` in that crate; then this command again",
            ));
        }
        return Err(Error::bad_input(format_args!(
            "no SeaORM entities in {crates} of {root}"
        ))
        .hint("an entity derives `DeriveEntityModel`, in a file that a `mod` declaration reaches")
        .hint("for a database that has tables already, `luthier inspectdb` prints entities"));
    }
    let entities_are = if count == 1 { "entity" } else { "entities" };
    let mut found = format!("Found {count} {entities_are}");
    if let Some(places) = places(&entities, workspace) {
        found.push_str(&format!(" in {places}"));
    }
    match entities.in_migrations {
        0 => {}
        1 => found.push_str("; 1 more inside of a migration does not count"),
        more => found.push_str(&format!("; {more} more inside of migrations do not count")),
    }
    context.output.status(found);
    for table in &entities.unmanaged {
        context.output.status(format_args!(
            "Left alone: {table}, which is not managed here"
        ));
    }
    Ok((entities, errors))
}

/// The crates that the entities are in: those few of a large workspace that matter.
fn places(entities: &Entities, workspace: &Adoptable) -> Option<String> {
    let holds = |dir: &&String| {
        let start = match dir.as_str() {
            "." => "src/".to_owned(),
            dir => format!("{dir}/"),
        };
        let mut locations = entities.locations.values();
        locations.any(|location| location.starts_with(&start))
    };
    let mut crates: Vec<&str> = workspace
        .crates
        .iter()
        .filter(holds)
        .map(String::as_str)
        .collect();
    crates.dedup();
    (!crates.is_empty()).then(|| crates.join(", "))
}
