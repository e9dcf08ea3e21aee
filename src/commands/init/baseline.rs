//! The first migration of a database that was made by other means: written, compared, and recorded as applied.

use crate::apply;
use crate::context::Context;
use crate::database::{Database, Dump, displayed, is_seaorm_history, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::{self, Applied, File, Fills, History, MigrationTarget, Renames, Written};
use crate::models::Entities;
use crate::operation::Operation;
use crate::plan::Plan;
use crate::project::Project;
use crate::schema::Schema;
use crate::sql::Dialect;

use super::report::{self, AdoptionReport};

/// Where projects keep the migrations of sea-orm-migration.
const SEAORM_FOLDERS: [&str; 8] = [
    "migration/src",
    "migrations/src",
    "crates/migration/src",
    "crates/migrations/src",
    "src/migration",
    "src/migrations",
    "src/migrator",
    "src/db/migrations",
];

/// What stands in a baseline where other files make the tables.
const NOTHING: &str = "-- The tables come from the migrations before this one.\n";

/// What the user asked of the baseline.
pub(super) struct Options {
    /// What is written beside it.
    pub(super) plan: Plan,
    pub(super) dry_run: bool,
    /// Take the database's side where it contradicts the entities.
    pub(super) accept: bool,
}

/// Adds the baseline to the plan, carries it out, and records the migration in the database at `url`.
pub(super) async fn record(
    context: &Context,
    project: &Project,
    entities: &Entities,
    url: &str,
    options: Options,
) -> Result<()> {
    let Some(mut database) = Database::look(url).await? else {
        return Err(
            Error::bad_input(format_args!("there is no database at {}", displayed(url)))
                .hint("without --database-url, only luthier.toml is written"),
        );
    };
    let baseline = Baseline::new(context, project, entities, &mut database, &options).await?;
    let Options {
        mut plan, dry_run, ..
    } = options;
    for (path, text) in baseline.taken.iter().chain(&baseline.written.files) {
        plan.create(project.migration_path(path), text.as_str());
    }
    let name = &baseline.written.name;
    if dry_run {
        apply::run(context, &plan, true)?;
        database.close().await;
        baseline.report.tell(context);
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
    baseline.report.tell(context);
    context
        .output
        .status(format_args!("Recorded {name} as applied"));
    if !baseline.taken.is_empty() {
        let folder = project.migration_path(baseline.dialect.name());
        context.output.status(format_args!(
            "The migrations so far were copied to {folder}: point `sqlx::migrate!` there, and delete the old files."
        ));
    }
    if !baseline.report.dump.seaorm.is_empty() {
        let unapplied = unapplied(project, &baseline.report.dump)?;
        report::seaorm(context, project, &baseline.report.dump, &unapplied);
    }
    Ok(())
}

struct Baseline {
    dialect: Dialect,
    written: Written,
    /// Hand-written migrations, where they have their place from now on.
    taken: Vec<(String, String)>,
    /// All files of the migrations folder as they will be.
    files: Vec<File>,
    report: AdoptionReport,
}

impl Baseline {
    async fn new(
        context: &Context,
        project: &Project,
        entities: &Entities,
        database: &mut Database,
        options: &Options,
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
            let folder = project.migration_path("");
            let mut error = Error::bad_input(format_args!(
                "this project has migrations already, in {folder}"
            ));
            if let (None, Some(other)) = (&context.database, project.others.first()) {
                error = error.hint(format!(
                    "for the other database: `luthier --db {other} init --database-url …`"
                ));
            }
            return Err(error.hint("`luthier migrate --fake-initial` records those that are done"));
        }
        let applied = database.applied().await?;
        let taken = taken_over(project, dialect, &there, &applied)?;
        let also = schemas_of(entities.schema.tables.keys());
        let live = database.introspect(&also).await?;
        let dump = database.dump(&also).await?;
        let adoption = dialect.adopt(&entities.schema, &live.schema);
        let report = AdoptionReport {
            dialect,
            objects: dump.objects(&live, &adoption.schema, dialect),
            unknown_tables: unknown_tables(&dump, &adoption.schema),
            dangling_keys: dangling_keys(&live.schema),
            adoption,
            dump,
        };
        if !options.accept
            && let Some(refusal) = report.refusal(&live)
        {
            if refusal.settled_in_manifest {
                apply::run(context, &options.plan, options.dry_run)?;
            }
            return Err(refusal.error);
        }
        let last = applied.iter().map(|row| row.version).max();
        let version = migrations::next_version(context.now, last);
        let name = format!("{version:014}_baseline");
        let made_by_files = !(taken.is_empty() && there.is_empty());
        let written = report.written(project, &name, made_by_files)?;
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
            report,
        })
    }

    async fn fake(&self, database: &mut Database) -> Result<()> {
        let history = History::read(&self.files).map_err(Error::failed)?;
        let steps = history
            .steps(
                self.dialect,
                &database.applied().await?,
                &MigrationTarget::Latest,
            )
            .map_err(|blocked| Error::failed(blocked.message).hint(blocked.hint))?;
        match steps.as_slice() {
            [step] if step.name == self.written.name => database.fake(step).await,
            _ => Err(Error::failed("other migrations are not applied yet")),
        }
    }
}

impl AdoptionReport {
    /// The files of the migration called `name`.
    fn written(&self, project: &Project, name: &str, made_by_files: bool) -> Result<Written> {
        let none = Schema::default();
        let schema = &self.adoption.schema;
        let mut operations = migrations::diff(&none, schema, &Renames::default(), &Fills::new())
            .map_err(Error::failed)?;
        if !self.objects.is_empty() || !schema.unsaid_enums.is_empty() {
            operations.push(Operation::Adopt {
                objects: self.objects.iter().cloned().collect(),
                enums: schema.unsaid_enums.clone(),
            });
        }
        let (up, down) = match made_by_files {
            true => (NOTHING.to_owned(), NOTHING.to_owned()),
            false => self
                .dump
                .scripts(self.dialect, "The database as it was adopted."),
        };
        let own = (self.dialect, up, down);
        migrations::write_adopted(name, &operations, &project.dialects, own)
            .map_err(Error::bad_input)
    }
}

/// Tables that no entity has.
fn unknown_tables(dump: &Dump, managed: &Schema) -> Vec<String> {
    let tables = dump.items.iter().filter(|item| item.kind == "table");
    tables
        .filter(|item| managed.table(&item.name).is_none() && !is_seaorm_history(item))
        .map(|item| item.name.clone())
        .collect()
}

/// Foreign keys to tables that are not there, as SQLite allows.
fn dangling_keys(live: &Schema) -> Vec<String> {
    let tables = live.tables.values();
    let keys = tables.flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    let is_there = |name: &str| {
        let mut names = live.tables.keys();
        names.any(|known| known.eq_ignore_ascii_case(name))
    };
    keys.filter(|(_, key)| !is_there(&key.table))
        .map(|(table, key)| {
            let columns = key.columns.join(", ");
            format!("{} ({columns}) to {}", table.name, key.table)
        })
        .collect()
}

/// The migrations in the project's sources that sea-orm-migration has not applied to this database.
fn unapplied(project: &Project, dump: &Dump) -> Result<Vec<String>> {
    let rows = dump.seaorm.values().flatten();
    let applied: Vec<&str> = rows.map(|(version, _)| version.as_str()).collect();
    let mut found = Vec::new();
    let mut paths = Vec::new();
    for folder in SEAORM_FOLDERS {
        paths.extend(project.list(folder, "rs")?);
    }
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let name = name.trim_end_matches(".rs");
        let is_migration = name.len() > 9
            && name.starts_with('m')
            && name[1..9].bytes().all(|byte| byte.is_ascii_digit())
            && name.as_bytes()[9] == b'_';
        if is_migration && !applied.contains(&name) {
            found.push(name.to_owned());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
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
                "copy the migrations that were applied to {}",
                project.migration_path(dialect.name())
            ))
            .hint("to begin again without them, drop the table `_sqlx_migrations`"));
        }
    }
    Ok(taken)
}
