//! `luthier migrate [TARGET|zero]`: bring a database to a migration, forth or back.

pub(super) mod fake_initial;
mod progress;

use std::process::ExitCode;

use serde_json::json;

use crate::context::Context;
use crate::database::{self, Database};
use crate::error::{Error, Result};
use crate::migrations::{
    Applied, Blocked, Direction, History, MigrationTarget, Problem, Step, Takeover, with_unsaid,
};
use crate::models;
use crate::project::Project;
use crate::sql::Dialect;

use progress::Progress;

/// Apply migrations to a database, or take them back
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier migrate                         # everything there is
  luthier migrate 20261121084512_initial  # up to this one, or back to it
  luthier migrate add_isbn                # a unique part of the name is enough
  luthier migrate zero                    # take everything back
  luthier migrate --fake-initial          # adopt a database that has the tables already
  luthier migrate --check                 # in CI: exit 1 when something is not applied")]
pub(crate) struct Args {
    /// A migration's name, the unique start of one, or `zero`
    target: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    plan: bool,
    /// Only say whether something would be done: exit 1 if so
    #[arg(long, conflicts_with_all = ["plan", "fake"])]
    check: bool,
    /// Record as done without doing it: the schema is there already
    #[arg(long)]
    fake: bool,
    /// Record a first migration as done if its tables are there already, and are what it makes
    #[arg(long, conflicts_with_all = ["fake", "check"])]
    fake_initial: bool,
    /// Go on although this would be lost, as the refusal names it: a hand-made index, trigger, check, …
    #[arg(long, value_name = "NAME")]
    accept_loss: Vec<String>,
    /// Create the views that a change breaks or that stand in its way again: PostgreSQL in the same transaction, MySQL by the
    /// new names right after it
    #[arg(long)]
    recreate_views: bool,
    /// The database, instead of DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Args {
    /// Everything there is, on the usual database or on this one.
    pub(super) fn latest(database_url: Option<String>) -> Self {
        Self {
            target: None,
            plan: false,
            check: false,
            fake: false,
            fake_initial: false,
            accept_loss: Vec::new(),
            recreate_views: false,
            database_url,
        }
    }
}

/// The names of the migrations that `run` would apply to the latest.
pub(super) fn pending(context: &Context, database_url: Option<&str>) -> Result<Vec<String>> {
    let project = Project::find(context)?;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let url = project.database_url(database_url)?;
    let dialect = database::dialect(&url)?;
    let applied = database::block_on(look(&url))?;
    let taken = history.take_over(dialect, applied);
    let steps =
        taken.and_then(|(_, applied)| history.steps(dialect, &applied, &MigrationTarget::Latest));
    Ok(steps
        .map_err(no_way)?
        .into_iter()
        .map(|step| step.name)
        .collect())
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let url = project.database_url(args.database_url.as_deref())?;
    let dialect = database::dialect(&url)?;
    let target = match &args.target {
        Some(text) => history.target(text).map_err(bad_target)?,
        None => MigrationTarget::Latest,
    };
    respelled(context, &history, &[dialect]);
    for problem in history.problems(&[dialect]) {
        if let Problem::Edited(path) = problem {
            context
                .output
                .detail(format_args!("{path} was edited since it was written"));
        }
    }
    let way = |applied: Vec<Applied>| -> Result<Way> {
        let (takeovers, applied) = history.take_over(dialect, applied).map_err(no_way)?;
        let mut steps = history.steps(dialect, &applied, &target).map_err(no_way)?;
        for step in &mut steps {
            step.accepted_losses
                .extend(args.accept_loss.iter().cloned());
            step.recreate_views = args.recreate_views;
            step.sql = crate::sql::accept(dialect, &step.sql, &args.accept_loss);
        }
        Ok(Way { takeovers, steps })
    };
    if args.plan || args.check {
        let applied = database::block_on(look(&url))?;
        return report(context, &args, &way(applied)?);
    }
    database::block_on(async {
        let waiting = |who: &str| context.output.status(format_args!("Waiting for {who}"));
        let mut database = Database::connect(&url).await?;
        database.lock(&waiting).await?;
        let result = migrate(context, &mut database, &args, &history, way).await;
        let unlocked = database.unlock().await;
        database.close().await;
        result.and(unlocked)
    })?;
    if target == MigrationTarget::Latest {
        remind(context, &project, &history);
    }
    Ok(ExitCode::SUCCESS)
}

/// Says that files differ by line ends alone, which a checkout may do to them; sqlx would take them for edited.
pub(super) fn respelled(context: &Context, history: &History, dialects: &[Dialect]) {
    let files = history.respelled(dialects);
    if let Some(first) = files.first() {
        let more = match files.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        context.output.warning(format_args!(
            "{first}{more}: only line ends or a byte order mark differ from what was written, so they count as unchanged. \
             `*.sql text eol=lf` in .gitattributes keeps version control from doing that"
        ));
    }
}

/// What is to be done: rows that change hands first, then steps.
struct Way {
    takeovers: Vec<Takeover>,
    steps: Vec<Step>,
}

/// Says when the entities have moved on; whatever is wrong with them is for `makemigrations` to tell.
fn remind(context: &Context, project: &Project, history: &History) {
    let entities = project.sources().ok().and_then(|s| models::read(&s).ok());
    if let (Some(entities), Ok(state)) = (entities, history.state())
        && !state.same_as(&with_unsaid(&state, &entities.schema))
    {
        context.output.status(
            "The entities have changes that no migration has yet: `luthier makemigrations` writes it.",
        );
    }
}

/// The rows of a database that is only looked at.
pub(super) async fn look(url: &str) -> Result<Vec<Applied>> {
    let Some(mut database) = Database::look(url).await? else {
        return Ok(Vec::new());
    };
    let applied = database.applied().await;
    database.close().await;
    applied
}

/// Runs the steps under the lock, so that nobody else runs the same.
async fn migrate(
    context: &Context,
    database: &mut Database,
    args: &Args,
    history: &History,
    way: impl Fn(Vec<Applied>) -> Result<Way>,
) -> Result<()> {
    let output = &context.output;
    let mut way = way(database.applied().await?)?;
    if way.takeovers.is_empty() && way.steps.is_empty() {
        output.status("Nothing to migrate");
    }
    warn_of_character_set(context, database, &way).await?;
    let waiting = |who: &str| output.status(format_args!("Waiting for {who}"));
    for takeover in &way.takeovers {
        let name = &takeover.step.name;
        let count = takeover.versions.len();
        match database.take_over(takeover, &waiting).await? {
            true => output.status(format_args!(
                "Recording {name}… OK (in place of {count} that are applied)"
            )),
            false => output.status(format_args!("Recording {name}… done by another process")),
        }
    }
    for step in &mut way.steps {
        let doing = match step.direction {
            Direction::Apply => "Applying",
            Direction::Revert => "Reverting",
        };
        if args.fake {
            database.fake(step).await?;
            output.status(format_args!("{doing} {}… FAKED", step.name));
            continue;
        }
        if args.fake_initial && fake_initial::is_done(context, database, history, step).await? {
            database.fake(step).await?;
            output.status(format_args!(
                "{doing} {}… FAKED, its tables are there",
                step.name
            ));
            continue;
        }
        database.check_names(step).await?;
        let failures = database.failing_checks(step).await;
        if !failures.is_empty() {
            return Err(would_fail(step, &failures));
        }
        let losses = database.losses(step).await?;
        if !losses.is_empty() {
            return Err(database::would_lose(step, &losses));
        }
        let progress = Progress::start(output, doing, step);
        let done = |number: usize| progress.done(number);
        let result = progress.during(database.run(step, &waiting, &done)).await;
        drop(progress);
        match result {
            Ok(Some(time)) => {
                let time = time.as_millis();
                output.status(format_args!("{doing} {}… OK ({time} ms)", step.name));
            }
            Ok(None) => output.status(format_args!(
                "{doing} {}… done by another process",
                step.name
            )),
            Err(error) => {
                output.status(format_args!("{doing} {}… FAILED", step.name));
                return Err(error);
            }
        }
    }
    if context.json {
        print(context, &way)?;
    }
    Ok(())
}

/// Says when MySQL would make tables that cannot hold every text.
async fn warn_of_character_set(
    context: &Context,
    database: &mut Database,
    way: &Way,
) -> Result<()> {
    let creates =
        |step: &Step| step.direction == Direction::Apply && step.sql.contains("CREATE TABLE ");
    if !way.steps.iter().any(creates) {
        return Ok(());
    }
    if let Some((name, set)) = database.character_sets().await?.database {
        context.output.warning(format_args!(
            "the database `{name}` makes tables in {set}, which cannot hold every text: \
             ALTER DATABASE `{name}` CHARACTER SET utf8mb4"
        ));
    }
    Ok(())
}

fn report(context: &Context, args: &Args, way: &Way) -> Result<ExitCode> {
    let nothing = way.takeovers.is_empty() && way.steps.is_empty();
    if context.json {
        print(context, way)?;
    } else if nothing {
        context.output.status("Nothing to migrate");
    } else {
        for Takeover { step, versions } in &way.takeovers {
            let (name, count) = (&step.name, versions.len());
            context.output.data(format_args!(
                "record {name} in place of {count} that are applied"
            ));
        }
        for step in &way.steps {
            let what = match step.direction {
                Direction::Apply => "apply ",
                Direction::Revert => "revert",
            };
            context.output.data(format_args!("{what} {}", step.name));
        }
    }
    if args.check && !nothing {
        context.output.status("Run them with `luthier migrate`.");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(context: &Context, way: &Way) -> Result<()> {
    let takeovers = way.takeovers.iter();
    let takeovers = takeovers.map(|t| json!({"name": t.step.name, "direction": "record"}));
    let steps: Vec<_> = takeovers
        .chain(way.steps.iter().map(|step| {
            let direction = match step.direction {
                Direction::Apply => "apply",
                Direction::Revert => "revert",
            };
            json!({"name": step.name, "direction": direction})
        }))
        .collect();
    let report = json!({ "steps": steps });
    context.output.data(serde_json::to_string_pretty(&report)?);
    Ok(())
}

fn would_fail(step: &Step, failures: &[String]) -> Error {
    let doing = match step.direction {
        Direction::Apply => "",
        Direction::Revert => "taking back ",
    };
    Error::failed(format_args!(
        "{doing}{} would fail, so it was not started:\n  {}",
        step.name,
        failures.join("\n  ")
    ))
    .hint("bring the rows in order first, for example with a migration of its own (`makemigrations --empty`)")
}

fn bad_target(blocked: Blocked) -> Error {
    Error::bad_input(blocked.message).hint(blocked.hint)
}

fn no_way(blocked: Blocked) -> Error {
    Error::failed(blocked.message).hint(blocked.hint)
}
