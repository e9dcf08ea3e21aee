//! The first migration of a database that was made by other means: written, compared, and recorded as applied.

use serde_json::Value;

use crate::apply;
use crate::commands::migrate::fake_initial::{disagree, is_disagreement, warn};
use crate::context::Context;
use crate::database::{Database, displayed, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::{self, Applied, File, Fills, History, Renames, Target, Written, checksum};
use crate::models::Entities;
use crate::plan::Plan;
use crate::project::Project;
use crate::schema::Schema;
use crate::sql::Dialect;

/// What stands in a baseline where other files make the tables.
const NOTHING: &str = "-- The tables come from the migrations before this one.\n";

/// Adds the baseline to `plan`, carries it out, and records the migration in the database at `url`.
pub(super) async fn record(
    context: &Context,
    project: &Project,
    entities: &Entities,
    url: &str,
    mut plan: Plan,
    dry_run: bool,
) -> Result<()> {
    let Some(mut database) = Database::look(url).await? else {
        return Err(
            Error::bad_input(format_args!("there is no database at {}", displayed(url)))
                .hint("without --database-url, only luthier.toml is written"),
        );
    };
    let baseline = Baseline::new(context, project, entities, &mut database).await?;
    for (path, text) in baseline.taken.iter().chain(&baseline.written.files) {
        plan.create(project.migration_path(path), text.as_str());
    }
    let name = &baseline.written.name;
    if dry_run {
        apply::run(context, &plan, true)?;
        database.close().await;
        context
            .output
            .status(format_args!("{name} would be recorded as applied"));
        return Ok(());
    }
    apply::run(context, &plan, false)?;
    let waiting = |who: &str| context.output.status(format_args!("Waiting for {who}"));
    database.lock(&waiting).await?;
    let result = baseline.fake(&mut database).await;
    let unlocked = database.unlock().await;
    database.close().await;
    result.and(unlocked).map_err(|error| {
        error.hint("the files are written: `luthier migrate --fake-initial` records the migration")
    })?;
    context
        .output
        .status(format_args!("Recorded {name} as applied"));
    if !baseline.taken.is_empty() {
        let folder = project.migration_path(database_folder(baseline.dialect));
        context.output.status(format_args!(
            "The migrations so far were copied to {folder}: point `sqlx::migrate!` there, and delete the old files."
        ));
    }
    if baseline.has_other_names {
        context.output.status(
            "`luthier makemigrations` writes the migration that gives the database the names that SeaORM uses.",
        );
    }
    Ok(())
}

fn database_folder(dialect: Dialect) -> &'static str {
    dialect.name()
}

struct Baseline {
    dialect: Dialect,
    written: Written,
    /// Hand-written migrations, where they have their place from now on.
    taken: Vec<(String, String)>,
    /// All files of the migrations folder as they will be.
    files: Vec<File>,
    has_other_names: bool,
}

impl Baseline {
    async fn new(
        context: &Context,
        project: &Project,
        entities: &Entities,
        database: &mut Database,
    ) -> Result<Self> {
        let dialect = database.dialect();
        if !project.dialects.contains(&dialect) {
            return Err(Error::bad_input(format_args!(
                "luthier.toml does not name {}",
                dialect.title()
            ))
            .hint(format!("add \"{dialect}\" to the dialects in luthier.toml")));
        }
        let there = project.migration_files()?;
        if there.iter().any(|file| file.path.starts_with("meta/")) {
            return Err(Error::bad_input("this project has migrations already")
                .hint("`luthier migrate --fake-initial` records those that are done"));
        }
        let applied = database.applied().await?;
        let taken = taken_over(project, dialect, &there, &applied)?;
        let wanted = &entities.schema;
        let live = database
            .introspect(&schemas_of(wanted.tables.keys()))
            .await?;
        let mut found = live.schema;
        found.tables.retain(|name, _| wanted.table(name).is_some());
        let differences = dialect.compare(wanted, &found);
        let disagreements: Vec<_> = differences.iter().filter(|d| is_disagreement(d)).collect();
        if !disagreements.is_empty() {
            return Err(disagree("what the entities say", &disagreements));
        }
        let baseline = dialect.named_as(wanted, &found);
        let has_other_names = !baseline.same_as(wanted);
        if !has_other_names {
            warn(context, &differences);
        }
        let last = applied.iter().map(|row| row.version).max();
        let version = migrations::next_version(chrono::Utc::now(), last);
        let own_sql = taken.is_empty() && there.is_empty();
        let written = write(project, &format!("{version:014}_baseline"), &baseline)?;
        let written = if own_sql {
            written
        } else {
            without_sql(written, dialect)?
        };
        let mut files = there;
        for (path, text) in taken.iter().chain(&written.files) {
            files.push(File {
                path: path.clone(),
                text: text.clone(),
            });
        }
        Ok(Self {
            dialect,
            written,
            taken,
            files,
            has_other_names,
        })
    }

    async fn fake(&self, database: &mut Database) -> Result<()> {
        let history = History::read(&self.files).map_err(Error::failed)?;
        let steps = history
            .steps(self.dialect, &database.applied().await?, &Target::Latest)
            .map_err(|blocked| Error::failed(blocked.message).hint(blocked.hint))?;
        match steps.as_slice() {
            [step] if step.name == self.written.name => database.fake(step).await,
            _ => Err(Error::failed("other migrations are not applied yet")),
        }
    }
}

fn write(project: &Project, name: &str, baseline: &Schema) -> Result<Written> {
    let none = Schema::default();
    let operations = migrations::diff(&none, baseline, &Renames::default(), &Fills::new())
        .map_err(Error::failed)?;
    migrations::write(name, Vec::new(), &none, &operations, &project.dialects)
        .map_err(Error::bad_input)
}

/// Where hand-written files make the tables, the baseline only says what they are.
fn without_sql(mut written: Written, dialect: Dialect) -> Result<Written> {
    let own = format!("{dialect}/");
    for (path, text) in &mut written.files {
        if path.starts_with(&own) {
            NOTHING.clone_into(text);
        } else if path.starts_with("meta/") {
            let mut meta: Value = serde_json::from_str(text)?;
            let hash = Value::from(checksum(NOTHING));
            meta["files"][dialect.name()] = serde_json::json!({"up": hash, "down": hash});
            *text = serde_json::to_string_pretty(&meta)? + "\n";
        }
    }
    Ok(written)
}

/// The files of the migrations that sqlx applied, with their places among ours.
fn taken_over(
    project: &Project,
    dialect: Dialect,
    there: &[File],
    applied: &[Applied],
) -> Result<Vec<(String, String)>> {
    let mut taken = Vec::new();
    for row in applied {
        let starts = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let version = name
                .split('_')
                .next()
                .and_then(|version| version.parse().ok());
            version == Some(row.version)
        };
        let is_own = |file: &&File| file.path.starts_with(dialect.name()) && starts(&file.path);
        if there.iter().any(|file| is_own(&file)) {
            continue;
        }
        let mut found = false;
        for folder in [project.migration_path(""), "migrations".to_owned()] {
            for path in project.list(folder.trim_end_matches('/'), "sql")? {
                let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
                let place = format!("{dialect}/{name}");
                if starts(&path)
                    && !taken.iter().any(|(known, _)| *known == place)
                    && let Some(text) = project.read(&path)?
                {
                    taken.push((place, text));
                    found = true;
                }
            }
            if found {
                break;
            }
        }
        if !found {
            let name = format!("{}_{}", row.version, row.description.replace(' ', "_"));
            return Err(Error::failed(format_args!(
                "the migration {name} is applied to this database, and its file is not in {}",
                project.migration_path("")
            ))
            .hint(format!(
                "copy the migrations that sqlx applied to {}",
                project.migration_path(dialect.name())
            )));
        }
    }
    Ok(taken)
}
