//! `luthier inspectdb [TABLE…]`: entities from the tables of a live database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::apply;
use crate::context::Context;
use crate::database::{self, Database, Live, displayed, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::History;
use crate::models::{self, Modules};
use crate::plan::Plan;
use crate::project::{self, Project};
use crate::schema::{ColumnType, EnumType, Schema};
use crate::sql::{Dialect, Grade};

/// Print SeaORM entities for the tables of a database
///
/// What an entity cannot say (views, triggers, checks, unusual indexes) is listed, and stands as a comment above the
/// entity. The database is only read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier inspectdb                                    # every table of DATABASE_URL
  luthier inspectdb books authors
  luthier inspectdb --database-url sqlite://old.db > src/entities.rs
  luthier inspectdb --output src/entities              # one file a table
  luthier makemigrations && luthier migrate --fake-initial")]
pub(crate) struct Args {
    /// Tables as in the database; all of them if none is named
    #[arg(value_name = "TABLE")]
    tables: Vec<String>,
    /// The database, instead of DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Write a file for each table into DIR, never over one that was edited
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long, requires = "output")]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    // A database may be looked at from anywhere.
    let project = Project::find(context).ok();
    let url = match &project {
        Some(project) => project.database_url(args.database_url.as_deref())?,
        None => project::database_url(&context.directory, args.database_url.as_deref())?,
    };
    let known = project.as_ref().and_then(known).unwrap_or_default();
    let (dialect, live) = database::block_on(look(&url, &args.tables, &known))?;
    let found = Found::new(dialect, &known, live, &args.tables)?;
    let modules = found.written()?;
    if context.json {
        print_json(context, &modules, &found)?;
    } else if let Some(folder) = &args.output {
        let root = project.map_or_else(|| context.directory.clone(), |project| project.root);
        let folder = context.directory.join(folder);
        let folder = folder.strip_prefix(&root).map_err(|_| {
            let (folder, root) = (folder.display(), root.display());
            Error::bad_input(format_args!("{folder} is outside of {root}"))
        })?;
        write_files(context, &root, folder, &modules, args.dry_run)?;
    } else {
        let mut text = modules.in_one_file();
        for (table, note) in found.homeless(&modules) {
            text.push_str(&format!("\n// `{table}`: {note}\n"));
        }
        context.output.data(text.trim_end());
    }
    if modules.modules.is_empty() {
        context
            .output
            .status("There is no table that could be an entity.");
    }
    report(context, &modules, &found);
    Ok(ExitCode::SUCCESS)
}

/// What the project's migrations lead to: its words are taken where the database keeps them alike.
fn known(project: &Project) -> Option<Schema> {
    let history = History::read(&project.migration_files().ok()?).ok()?;
    history.state().ok()
}

async fn look(url: &str, tables: &[String], known: &Schema) -> Result<(Dialect, Live)> {
    let Some(mut database) = Database::look(url).await? else {
        return Err(
            Error::bad_input(format_args!("there is no database at {}", displayed(url)))
                .hint("set DATABASE_URL in the environment or in `.env`, or give --database-url"),
        );
    };
    let also = schemas_of(tables.iter().chain(known.tables.keys()));
    let dialect = database.dialect();
    let live = database.introspect(&also).await;
    database.close().await;
    Ok((dialect, live?))
}

/// The tables that are asked for.
struct Found {
    dialect: Dialect,
    schema: Schema,
    /// By table, what no entity can say.
    notes: Vec<(String, String)>,
}

impl Found {
    fn new(dialect: Dialect, known: &Schema, live: Live, wanted: &[String]) -> Result<Self> {
        let mut schema = dialect.recognise(known, &live.schema);
        for name in wanted {
            if schema.table(name).is_none() {
                return Err(no_table(&schema, &live, name));
            }
        }
        let is_wanted = |name: &String| wanted.is_empty() || wanted.contains(name);
        schema.tables.retain(|name, _| is_wanted(name));
        let notes = live.notes.into_iter().filter(|note| is_wanted(&note.table));
        Ok(Self {
            dialect,
            schema,
            notes: notes
                .map(|note| {
                    let message = note.message();
                    (note.table, message)
                })
                .collect(),
        })
    }

    /// The entities, each with what it leaves out: they are read back and compared, so that nothing is forgotten.
    fn written(&self) -> Result<Modules> {
        let derivable = |kind: &EnumType| models::is_derivable(&kind.values);
        let schema = self.dialect.spell_enums(&self.schema, derivable);
        let mut modules = models::write(&schema);
        let back = models::read(&modules.sources()).map_err(|errors| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            Error::failed(format_args!(
                "the entities of this database cannot be read back:\n{first}"
            ))
            .hint("please report this, with the CREATE TABLE of the table")
        })?;
        let differences = self.dialect.compare(&back.schema, &self.schema);
        for module in &mut modules.modules {
            let own = self
                .notes
                .iter()
                .filter(|(table, _)| *table == module.table);
            module.notes = own.map(|(_, note)| note.clone()).collect();
            module.notes.extend(guesses(&schema, &module.table));
            // The database's names are kept when it is adopted.
            let differences = differences
                .iter()
                .filter(|d| d.table == module.table && d.grade != Grade::Name);
            for difference in differences {
                let message = &difference.message;
                module.notes.push(match difference.grade {
                    Grade::Extra => {
                        message.replace("no migration makes", "an entity cannot express")
                    }
                    _ => message.clone(),
                });
            }
        }
        Ok(modules)
    }

    /// Notes about what is no entity.
    fn homeless(&self, modules: &Modules) -> Vec<(String, String)> {
        let is_entity = |name: &String| modules.modules.iter().any(|m| m.table == *name);
        let keyless = modules.without_key.iter().map(|table| {
            let reason = "the table has no primary key, without which SeaORM has no entity";
            (table.clone(), reason.to_owned())
        });
        let notes = self.notes.iter().filter(|(table, _)| !is_entity(table));
        notes.cloned().chain(keyless).collect()
    }
}

/// Columns whose Rust type may not be what reads them.
fn guesses(schema: &Schema, table: &str) -> Vec<String> {
    let columns = schema.table(table).map(|table| table.columns.as_slice());
    let columns = columns.unwrap_or_default().iter();
    columns
        .filter(|column| models::is_guess(&column.kind))
        .map(|column| {
            let kind = match &column.kind {
                ColumnType::Custom(sql) => sql.clone(),
                kind => kind.to_string(),
            };
            format!(
                "the column `{}` is of the type `{kind}`, for which SeaORM has no Rust type: a `String` may not read it",
                column.name
            )
        })
        .collect()
}

fn no_table(schema: &Schema, live: &Live, name: &str) -> Error {
    let error = Error::bad_input(format_args!("the database has no table `{name}`"));
    if let Some(note) = live.notes.iter().find(|note| note.table == *name) {
        return error.hint(format!("`{name}` is there, but it is {}", note.message()));
    }
    let nearest = schema
        .tables
        .keys()
        .map(|table| {
            (
                strsim::jaro_winkler(&table.to_lowercase(), &name.to_lowercase()),
                table,
            )
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, table)) if likeness > 0.7 => error.hint(format!("did you mean `{table}`?")),
        Some(_) => error.hint("names are written as in the database; without any, all are shown"),
        None => error.hint("the database has no tables at all"),
    }
}

fn write_files(
    context: &Context,
    root: &Path,
    folder: &Path,
    modules: &Modules,
    dry_run: bool,
) -> Result<()> {
    let mut plan = Plan::new("inspectdb", root);
    for module in &modules.modules {
        plan.create(folder.join(format!("{}.rs", module.name)), module.file());
    }
    // Another file may declare the modules already.
    let declared = [folder.join("mod.rs"), folder.with_extension("rs")];
    let declaring = declared.iter().find(|file| root.join(file).is_file());
    match declaring {
        None => plan.create(folder.join("mod.rs"), modules.declarations()),
        Some(file) => context.output.status(format_args!(
            "Declare the modules in {} where they are not yet:\n{}",
            file.display(),
            modules.declarations().trim_end()
        )),
    }
    apply::run(context, &plan, dry_run)?;
    Ok(())
}

fn report(context: &Context, modules: &Modules, found: &Found) {
    for module in &modules.modules {
        for note in &module.notes {
            let known = note.starts_with('`');
            let place = if known {
                String::new()
            } else {
                format!("`{}`: ", module.table)
            };
            context.output.warning(format_args!("{place}{note}"));
        }
    }
    for (table, note) in found.homeless(modules) {
        context.output.warning(format_args!("`{table}`: {note}"));
    }
}

fn print_json(context: &Context, modules: &Modules, found: &Found) -> Result<()> {
    let entities: Vec<_> = modules
        .modules
        .iter()
        .map(|module| {
            json!({
                "table": module.table,
                "module": module.name,
                "source": module.file(),
                "notes": module.notes,
            })
        })
        .collect();
    let others: Vec<_> = found
        .homeless(modules)
        .into_iter()
        .map(|(table, note)| json!({"table": table, "note": note}))
        .collect();
    let report = json!({"entities": entities, "left_out": others});
    context.output.data(serde_json::to_string_pretty(&report)?);
    Ok(())
}
