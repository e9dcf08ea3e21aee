//! Runs the files of all migrations on a scratch database, up, down and up again, and compares.

use crate::check::{Check, Finding, Level};
use crate::database::{self, Beside, Database, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::{self, Applied, Direction, Fills, History, MigrationTarget, Renames, Step};
use crate::project::Project;
use crate::schema::Schema;
use crate::sql::{self, Dialect, Grade};

use super::tag::CheckContext;

pub(super) static CHECKS: [&Check; 8] = [
    &UP_FAILS,
    &DOWN_FAILS,
    &DIFFERS,
    &BY_HAND,
    &LEFTOVERS,
    &CHANGED_BY_RETURN,
    &NO_WAY_BACK,
    &NOT_REPLAYED,
];

static UP_FAILS: Check = Check {
    id: "LUT211",
    name: "replay-fails",
    level: Level::Error,
    why: "A new database, as of a colleague or of a test, cannot be made.",
    instead: "fix the file if it was never applied, otherwise bring it back from version control",
};

static DOWN_FAILS: Check = Check {
    id: "LUT212",
    name: "way-back-fails",
    level: Level::Error,
    why: "`luthier migrate` cannot go back behind it when a release has to be taken back.",
    instead: "fix the `.down.sql`; its text is not recorded in databases",
};

static DIFFERS: Check = Check {
    id: "LUT213",
    name: "replay-differs",
    level: Level::Error,
    why: "What the files make is not what the entities and `meta` say, so the next migration builds on sand.",
    instead: "bring edited files back from version control, and put changes by hand into a migration of their own \
              (`luthier makemigrations --empty`)",
};

static BY_HAND: Check = Check {
    id: "LUT214",
    name: "made-by-hand",
    level: Level::Info,
    why: "Migrations written by hand make it, and no entity knows of it.",
    instead: "nothing has to be done where that is meant",
};

static LEFTOVERS: Check = Check {
    id: "LUT215",
    name: "way-back-leaves-something",
    level: Level::Warning,
    why: "After all migrations are taken back something is left, which is in the way of the next time.",
    instead: "let a `.down.sql` take back what its `.up.sql` makes",
};

static CHANGED_BY_RETURN: Check = Check {
    id: "LUT216",
    name: "second-replay-differs",
    level: Level::Error,
    why: "Up, down and up again leads to another schema than up alone.",
    instead: "let a `.down.sql` take back what its `.up.sql` makes",
};

static NO_WAY_BACK: Check = Check {
    id: "LUT217",
    name: "no-way-back",
    level: Level::Info,
    why: "It cannot be taken back, nor anything before it.",
    instead: "write a `.down.sql` beside it",
};

static NOT_REPLAYED: Check = Check {
    id: "LUT218",
    name: "not-replayed",
    level: Level::Info,
    why: "Its files were only read: running them needs a server, where a scratch database is made and dropped again.",
    instead: "name one, as in `luthier check --tag migrations --database-url postgres://localhost/postgres`",
};

/// Replays on SQLite, which needs nothing, and on the server that was named.
///
/// # Errors
/// The server that was named with `--database-url` cannot be used.
pub(super) fn findings(
    site: &CheckContext,
    history: &History,
    state: &Schema,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if history.migrations.is_empty() {
        return Ok(findings);
    }
    for dialect in &site.project.dialects {
        let server = server(site, *dialect);
        let beside = match (dialect, &server) {
            (Dialect::Sqlite, _) => Beside::Nothing,
            (_, Some(url)) => Beside::Server(url),
            (_, None) => {
                let message = format!("the files for {} were not replayed", dialect.title());
                findings.push(NOT_REPLAYED.found(message).hint(format!(
                    "name a server, as in `luthier check --tag migrations --database-url {dialect}://localhost/{dialect}`"
                )));
                continue;
            }
        };
        let count = match history.migrations.len() {
            1 => "1 migration".into(),
            count => format!("{count} migrations"),
        };
        let output = &site.context.output;
        output.step("Replaying", format_args!("{count} on {}", dialect.title()));
        let replay = Replay {
            project: &site.project,
            dialect: *dialect,
            history,
            state,
        };
        match database::block_on(replay.findings(beside)) {
            Ok(found) => findings.extend(found),
            Err(error) if *dialect != Dialect::Sqlite && site.database_url.is_none() => {
                let message = format!(
                    "the files for {} were not replayed: {error}",
                    dialect.title()
                );
                findings.push(NOT_REPLAYED.found(message));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(findings)
}

/// The server for a dialect: the one named, or that of the project where `--tag migrations` asks for it.
fn server(site: &CheckContext, dialect: Dialect) -> Option<String> {
    let named = site.database_url;
    if named.is_none() && site.tags.is_empty() {
        return None;
    }
    let url = site.project.database_url(named).ok()?;
    (Dialect::of_url(&url) == Some(dialect)).then_some(url)
}

struct Replay<'a> {
    project: &'a Project,
    dialect: Dialect,
    history: &'a History,
    state: &'a Schema,
}

/// Why a replay ended early.
enum Ended {
    Found(Finding),
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Replay<'_> {
    async fn findings(&self, beside: Beside<'_>) -> Result<Vec<Finding>> {
        let mut stop = database::Stop::listen()?;
        let at_once = async |url: &str| self.made_at_once(url).await;
        let expected = match self.is_adopted() {
            // Its files use types and functions that no operation makes.
            true => Vec::new(),
            false => database::with_scratch(beside, &mut stop, at_once).await?,
        };
        database::with_scratch(beside, &mut stop, async |url| {
            let mut database = self.open(url).await?;
            let mut findings = Vec::new();
            let ended = self
                .there_and_back(&mut database, expected, &mut findings)
                .await;
            database.close().await;
            match ended {
                Ok(()) => Ok(findings),
                Err(Ended::Found(last)) => {
                    findings.push(last);
                    Ok(findings)
                }
                Err(Ended::Failed(error)) => Err(error),
            }
        })
        .await
    }

    async fn open(&self, url: &str) -> Result<Database> {
        let mut database = Database::connect(url).await?;
        if self.dialect == Dialect::Sqlite {
            // Nobody needs what is in there after a crash.
            database.insert("PRAGMA synchronous = OFF").await?;
        }
        database.lock(&|_| ()).await?;
        Ok(database)
    }

    /// The schema that the history says, made in one go.
    async fn made_at_once(&self, url: &str) -> Result<Vec<String>> {
        let none = Schema::default();
        let operations = migrations::diff(&none, self.state, &Renames::default(), &Fills::new())
            .map_err(Error::failed)?;
        let script = sql::render(self.dialect, &none, &operations).map_err(Error::failed)?;
        let text = script.text("All at once.");
        let step = Step {
            direction: Direction::Apply,
            version: 1,
            name: "everything at once".into(),
            sql: text.clone(),
            up: text,
            ..Step::default()
        };
        let mut database = self.open(url).await?;
        database.run(&step, &|_| (), &|_| ()).await?;
        let shape = database.shape().await;
        database.close().await;
        shape
    }

    async fn there_and_back(
        &self,
        database: &mut Database,
        expected: Vec<String>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Ended> {
        self.go(database, &MigrationTarget::Latest).await?;
        let first = database.shape().await?;
        findings.extend(self.compared(database, &expected, &first).await?);
        self.go(database, &MigrationTarget::Zero).await?;
        let left = database.shape().await?;
        if !left.is_empty() {
            let message = format!("on {} taking everything back leaves", self.dialect.title());
            findings.push(LEFTOVERS.found(message).showing(difference(&[], &left)));
        }
        self.go(database, &MigrationTarget::Latest).await?;
        let second = database.shape().await?;
        if first != second {
            let message = format!(
                "on {} up, down and up again leads elsewhere",
                self.dialect.title()
            );
            let finding = CHANGED_BY_RETURN.found(message);
            findings.push(finding.showing(difference(&first, &second)));
        }
        Ok(())
    }

    /// Migrates the scratch database; ends the replay where that fails.
    async fn go(&self, database: &mut Database, target: &MigrationTarget) -> Result<(), Ended> {
        let (kind, direction) = match target {
            MigrationTarget::Zero => (&DOWN_FAILS, "down"),
            _ => (&UP_FAILS, "up"),
        };
        let applied: Vec<Applied> = database.applied().await?;
        let steps = self.history.steps(self.dialect, &applied, target);
        let steps = steps.map_err(|blocked| {
            let kind = match target {
                MigrationTarget::Zero => &NO_WAY_BACK,
                _ => kind,
            };
            Ended::Found(kind.found(blocked.message).hint(blocked.hint))
        })?;
        for step in &steps {
            if let Err(error) = database.run(step, &|_| (), &|_| ()).await {
                let causes: Vec<String> = error
                    .source
                    .chain()
                    .skip(1)
                    .map(ToString::to_string)
                    .collect();
                let file = format!("{}/{}.{direction}.sql", self.dialect, step.name);
                let path = self.project.migration_path(&file);
                let message = format!("it fails on an empty database: {}", causes.join(": "));
                return Err(Ended::Found(kind.found(message).at(path, 0)));
            }
        }
        Ok(())
    }

    /// Compares what the files made with what was expected; `found` is the catalogue of `database`.
    async fn compared(
        &self,
        database: &mut Database,
        expected: &[String],
        found: &[String],
    ) -> Result<Option<Finding>> {
        let (less, more) = (without(expected, found), without(found, expected));
        if less.is_empty() && more.is_empty() {
            return Ok(None);
        }
        let title = self.dialect.title();
        if !self.has_work_by_hand() {
            let message = format!(
                "on {title} the files make (+) another schema than the entities ask for (-)"
            );
            return Ok(Some(
                DIFFERS.found(message).showing(difference(&less, &more)),
            ));
        }
        // By hand the same may be written in other words, and more may be made than entities know of.
        let live = database
            .introspect(&schemas_of(self.state.tables.keys()))
            .await?;
        let differences = self.dialect.compare(self.state, &live.schema);
        let wrong: Vec<String> = differences
            .into_iter()
            .filter(|difference| {
                matches!(
                    difference.grade,
                    Grade::Different | Grade::Demanding | Grade::Name
                )
            })
            .map(|difference| difference.message)
            .collect();
        if !wrong.is_empty() {
            let message =
                format!("on {title} the files make another schema than the entities ask for");
            return Ok(Some(DIFFERS.found(message).showing(wrong.join("\n"))));
        }
        let message =
            format!("on {title} files written by hand make (+) what entities do not speak of");
        Ok(Some(
            BY_HAND.found(message).showing(difference(&less, &more)),
        ))
    }

    /// Whether the history begins with a database of this kind that was made by other means.
    fn is_adopted(&self) -> bool {
        let mut objects = self.state.objects.iter();
        objects.any(|object| object.dialect == self.dialect.name())
            || self
                .state
                .tables
                .values()
                .any(|table| !table.unsaid.is_empty())
    }

    /// Whether a migration does what its `meta` does not tell.
    fn has_work_by_hand(&self) -> bool {
        self.history.migrations.values().any(|migration| {
            migration.sql.contains_key(&self.dialect)
                && migration
                    .meta
                    .as_ref()
                    .is_none_or(|meta| meta.operations.is_empty() || meta.by_hand)
        })
    }
}

/// Lines of `all` that are not in `known`.
fn without(all: &[String], known: &[String]) -> Vec<String> {
    let lines = all.iter().filter(|line| !known.contains(line));
    lines.cloned().collect()
}

/// How many lines of a difference are shown.
const SHOWN: usize = 12;

fn difference(wanted: &[String], found: &[String]) -> String {
    let less = without(wanted, found)
        .into_iter()
        .map(|line| format!("- {line}"));
    let more = without(found, wanted)
        .into_iter()
        .map(|line| format!("+ {line}"));
    let mut lines: Vec<String> = less
        .chain(more)
        .map(|line| line.replace('\n', " "))
        .collect();
    if lines.len() > SHOWN {
        let rest = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("  … and {rest} more"));
    }
    lines.join("\n")
}
