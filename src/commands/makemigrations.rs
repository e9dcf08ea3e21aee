//! `luthier makemigrations`: from what the entities say to a migration.

mod answers;
mod conversions;
mod questioner;
mod report;

use std::process::ExitCode;

use answers::Answers;
use questioner::{Flags, Person, TerminalPrompt};

use crate::apply;
use crate::commands::migrate;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::migrations::{
    self, Blocked, Extended, History, Problem, Questioner, Renames, Rewritten, Written,
};
use crate::models::{self, Entities};
use crate::operation::Operation;
use crate::plan::Plan;
use crate::project::Project;
use crate::schema::Schema;

/// Write the migration that brings the database in line with the entities
///
/// Nothing is compiled and no database is needed: the entities are read as they are written, and compared with
/// what the migrations so far lead to.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier makemigrations
  luthier makemigrations --name add_isbn --default books.isbn=\"''\"
  luthier makemigrations --rename books.name=books.title
  luthier makemigrations --check          # in CI: exit 1 when a migration is missing
  luthier makemigrations --empty -m fill_in_slugs")]
pub(crate) struct Args {
    /// Its name, after the timestamp: `add_isbn`
    #[arg(short = 'm', long, value_name = "NAME")]
    name: Option<String>,
    /// Only say whether a migration is missing: exit 1 if so
    #[arg(long, conflicts_with = "empty")]
    check: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write a migration without changes, to be filled in by hand
    #[arg(long)]
    empty: bool,
    /// Merge branches that change the same tables
    #[arg(long, conflicts_with = "empty")]
    merge: bool,
    #[command(flatten)]
    answers: Answers,
}

/// What there is to compare.
struct Inputs {
    project: Project,
    history: History,
    before: Schema,
    entities: Entities,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut inputs = Inputs::load(context)?;
    let merges = inputs.settle_heads(args.merge)?;
    let rewritten = match merges {
        true => inputs.merge(context)?,
        false => Vec::new(),
    };
    inputs.fold()?;
    let inputs = inputs;
    let (before, after) = (&inputs.before, &inputs.entities.schema);
    check_references(&inputs.entities, before)?;
    let extended =
        migrations::extend(&inputs.history, &inputs.project.dialects).map_err(Error::bad_input)?;
    if args.check {
        return check(context, before, after, &extended);
    }
    let operations = if args.empty {
        Vec::new()
    } else {
        inputs.operations(context, &args.answers)?
    };
    let changes = !operations.is_empty() || args.empty || merges;
    if !changes && extended.is_empty() {
        report::nothing(context)?;
        return Ok(ExitCode::SUCCESS);
    }
    let written = if changes {
        inputs.write(context, &args, operations, merges)?
    } else {
        Vec::new()
    };
    let mut plan = Plan::new("makemigrations", &inputs.project.root);
    for migration in &extended {
        for (path, text) in &migration.files {
            plan.create(inputs.project.migration_path(path), text.as_str());
        }
        let (path, before, after) = &migration.meta;
        plan.edit(inputs.project.migration_path(path), before, after);
    }
    for file in &rewritten {
        let path = inputs.project.migration_path(&file.path);
        plan.edit(path, &file.before, &file.after);
    }
    for migration in &written {
        for (path, text) in &migration.1.files {
            plan.create(inputs.project.migration_path(path), text.as_str());
        }
    }
    report::extended(context, &extended);
    report::changes(context, before, &written, args.dry_run)?;
    if !(context.json && args.dry_run) {
        let context = Context {
            json: false,
            ..context.clone()
        };
        apply::run(&context, &plan, args.dry_run)?;
    }
    report::warnings(context, &inputs.project, before, &written);
    Ok(ExitCode::SUCCESS)
}

fn check(
    context: &Context,
    before: &Schema,
    after: &Schema,
    extended: &[Extended],
) -> Result<ExitCode> {
    if before.same_as(after) {
        if !extended.is_empty() {
            report::extended(context, extended);
            return Ok(ExitCode::FAILURE);
        }
        report::nothing(context)?;
        return Ok(ExitCode::SUCCESS);
    }
    let fills = migrations::Fills::new();
    let operations =
        migrations::diff(before, after, &Renames::default(), &fills).map_err(Error::failed)?;
    report::missing(context, before, &operations)?;
    Ok(ExitCode::FAILURE)
}

impl Inputs {
    fn load(context: &Context) -> Result<Self> {
        let project = Project::find(context)?;
        let entities = models::read(&project.sources()?).map_err(unreadable)?;
        for warning in &entities.warnings {
            context.output.warning(warning);
        }
        let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
        migrate::respelled(context, &history, &project.dialects);
        for problem in history.problems(&project.dialects) {
            match problem {
                Problem::Missing(path) => {
                    return Err(Error::failed(format_args!("{path} is missing"))
                        .hint("bring it back from version control: later migrations build on it"));
                }
                Problem::Edited(path) => context.output.warning(format_args!(
                    "{path} was edited since it was written; its `meta` says what it did then"
                )),
            }
        }
        Ok(Self {
            before: Schema::default(),
            project,
            history,
            entities,
        })
    }

    /// Folds the history, whose branches fit together.
    fn fold(&mut self) -> Result<()> {
        self.before = self.history.state().map_err(|error| {
            Error::failed(error).hint("the files of `migrations/meta` contradict each other")
        })?;
        migrations::fill_unsaid(&self.before, &mut self.entities.schema);
        Ok(())
    }

    /// Whether branches have to be brought together, which goes by itself where they touch different tables.
    fn settle_heads(&self, merge: bool) -> Result<bool> {
        let conflicts = self.history.conflicts();
        if let (Some((one, other, both)), false) = (conflicts.first(), merge) {
            return Err(Error::failed(format_args!(
                "two branches of migrations change the same: {one} and {other} both touch {}",
                both.join(", ")
            ))
            .hint("look at both; if they fit together, `luthier makemigrations --merge`"));
        }
        if merge && self.history.heads().len() < 2 {
            return Err(Error::bad_input("there are no branches to bring together"));
        }
        Ok(merge)
    }

    /// Judges the branches, says what was found, and gives the files that are to be written again.
    fn merge(&self, context: &Context) -> Result<Vec<Rewritten>> {
        let refused = |blocked: Blocked| Error::failed(blocked.message).hint(blocked.hint);
        for line in self.history.judge_branches().map_err(refused)? {
            context.output.status(line);
        }
        let rewritten = self.history.rewritten().map_err(refused)?;
        let ups = rewritten
            .iter()
            .filter(|file| file.path.ends_with(".up.sql"));
        for file in ups {
            context.output.status(format_args!(
                "  {} builds the merged table now; a database that ran it before keeps what it has",
                self.project.migration_path(&file.path)
            ));
        }
        Ok(rewritten)
    }

    /// The operations that lead to what the entities say, every open question answered.
    fn operations(&self, context: &Context, answers: &Answers) -> Result<Vec<Operation>> {
        let (before, after) = (&self.before, &self.entities.schema);
        let mut renames = answers.renames();
        renames.check(before, after).map_err(Error::bad_input)?;
        let followed = self.history.column_renames();
        for sentence in renames.add_hints(&self.entities.renamed, (before, after), &followed) {
            match sentence.ends_with("can be removed") {
                true => context.output.status(format_args!("Note: {sentence}")),
                false => context.output.warning(sentence),
            }
        }
        let mut flags = Flags {
            allow_drop: answers.allow_drop,
            locations: &self.entities.locations,
        };
        let mut person = Person {
            prompt: TerminalPrompt,
            allow_drop: answers.allow_drop,
        };
        let questioner: &mut dyn Questioner = match context.interactive {
            true => &mut person,
            false => &mut flags,
        };
        let mut operations =
            migrations::autodetect(before, after, renames, answers.fills(), questioner)?;
        conversions::resolve(context, answers, self, &mut operations)?;
        Ok(operations)
    }

    /// The migrations for `operations`: usually one, two where PostgreSQL must commit a new enum value first.
    fn write(
        &self,
        context: &Context,
        args: &Args,
        operations: Vec<Operation>,
        merges: bool,
    ) -> Result<Vec<(Vec<Operation>, Written)>> {
        let mut last = self.history.last_version();
        let heads = self.history.heads().into_iter();
        let mut parents: Vec<String> = heads.map(|head| head.name.clone()).collect();
        let mut before = self.before.clone();
        let is_first = self.history.migrations.is_empty();
        let mut written = Vec::new();
        let steps = migrations::in_transactions(operations);
        let count = steps.len();
        for (number, operations) in steps.into_iter().enumerate() {
            let is_last = number + 1 == count;
            let name = match &args.name {
                Some(name) if is_last => migrations::given_name(name).map_err(|why| {
                    Error::bad_input(why).hint("letters, digits and `_`: `add_isbn`")
                })?,
                _ if operations.is_empty() && merges => "merge".into(),
                _ => migrations::automatic_name(&operations, is_first),
            };
            let version = migrations::next_version(context.now, last);
            let name = format!("{version:014}_{name}");
            let mut migration = migrations::write(
                &name,
                std::mem::take(&mut parents),
                &before,
                &operations,
                &self.project.dialects,
            )
            .map_err(|why| self.refused(why))?;
            migration
                .accept_losses(&args.answers.accept_loss)
                .map_err(Error::failed)?;
            last = Some(version);
            parents = vec![name];
            before = migration.after.clone();
            written.push((operations, migration));
        }
        Ok(written)
    }
}

impl Inputs {
    /// What one of several dialects cannot do need not matter: drivers in Cargo.toml are a guess.
    fn refused(&self, why: String) -> Error {
        let error = Error::bad_input(why);
        match self.project.dialects.as_slice() {
            [_] => error,
            _ => error.hint(
                "a project that is not for all these databases names its own: `dialects = [\"postgres\"]` under \
                 `[database]` in luthier.toml, which `luthier init --database postgres` writes",
            ),
        }
    }
}

/// Refuses foreign keys that no database takes, or that SQLite takes and then fails every insert on.
fn check_references(entities: &Entities, before: &Schema) -> Result<()> {
    let impossible = entities.schema.impossible_references(before);
    if impossible.is_empty() {
        return Ok(());
    }
    let lines = impossible.iter().map(|(table, key)| {
        let column = key.columns.first().map_or("", String::as_str);
        let name = format!("{}.{column}", table.name);
        let place = entities
            .locations
            .get(&name)
            .or(entities.locations.get(&table.name));
        format!(
            "{}: `{}` ({}) refers to `{}` ({}), which is not unique",
            place.map_or("", String::as_str),
            table.name,
            key.columns.join(", "),
            key.table,
            key.references.join(", ")
        )
    });
    let lines: Vec<String> = lines.collect();
    Err(Error::bad_input(lines.join("\n"))
        .hint(
            "a foreign key needs a unique column: mark what it refers to with `#[sea_orm(unique)]`",
        )
        .hint("or add `skip_fk` to the relation: then it makes no foreign key"))
}

pub(super) fn unreadable(errors: Vec<models::Diagnostic>) -> Error {
    let mut text = match errors.len() {
        1 => String::new(),
        count => format!("{count} things in the entities cannot be read\n\n"),
    };
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    text.push_str(&errors.join("\n\n"));
    Error::bad_input(text)
}
