//! `luthier showmigrations`: what there is, and what is applied.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde_json::json;

use crate::context::Context;
use crate::database;
use crate::error::{Error, Result};
use crate::migrations::{Applied, History, is_checksum};
use crate::project::Project;

use super::migrate::look;

/// List the migrations, and mark those that are applied
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier showmigrations
  luthier showmigrations --json")]
pub(crate) struct Args {
    /// The database, instead of DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// One line of the list.
struct Line {
    name: String,
    mark: char,
    note: String,
    applied: Option<String>,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let url = project.database_url(args.database_url.as_deref())?;
    let dialect = database::dialect(&url)?;
    let applied = database::block_on(look(&url))?;
    // What a squashed migration stands for counts as that one, unless something is missing.
    let (takeovers, applied) = match history.take_over(dialect, applied.clone()) {
        Ok((takeovers, applied)) => (takeovers, applied),
        Err(_) => (Vec::new(), applied),
    };
    let mut rows: BTreeMap<i64, Applied> = applied.into_iter().map(|r| (r.version, r)).collect();
    let mut lines = BTreeMap::new();
    for migration in history.migrations.values() {
        let row = rows.remove(&migration.version);
        let up = migration.sql.get(&dialect).and_then(|sql| sql.up.as_ref());
        let (mark, note) = match (&row, up) {
            (Some(row), _) if !row.success => (
                '!',
                "stopped half-way: `luthier migrate` goes on or says why not",
            ),
            (Some(_), None) => ('!', "applied, but its file is missing"),
            (Some(row), Some(up)) if !is_checksum(&row.checksum, up) => {
                ('!', "applied, and edited since")
            }
            (Some(row), Some(_)) if takeovers.iter().any(|t| t.step.version == row.version) => {
                ('X', "as those that were squashed into it")
            }
            (Some(_), Some(_)) => ('X', ""),
            (None, _) => (' ', ""),
        };
        let line = Line {
            name: migration.name.clone(),
            mark,
            note: note.into(),
            applied: row.map(|row| row.installed_on),
        };
        lines.insert(migration.version, line);
    }
    for (version, row) in rows {
        let name = format!("{version}_{}", row.description.replace(' ', "_"));
        let line = Line {
            mark: '!',
            note: match history.squash_of(&name) {
                Some(squash) => format!("applied, but not all that was squashed into {squash}"),
                None => "applied, but there is no such migration here".into(),
            },
            name,
            applied: Some(row.installed_on),
        };
        lines.insert(version, line);
    }
    show(context, lines.into_values())?;
    Ok(ExitCode::SUCCESS)
}

fn show(context: &Context, lines: impl Iterator<Item = Line>) -> Result<()> {
    if context.json {
        let list: Vec<_> = lines
            .map(|line| {
                json!({
                    "name": line.name,
                    "applied": line.applied.is_some(),
                    "applied_at": line.applied,
                    "problem": (!line.note.is_empty()).then_some(line.note),
                })
            })
            .collect();
        let report = json!({ "migrations": list });
        context.output.data(serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    let mut none = true;
    for line in lines {
        none = false;
        let note = match line.note.as_str() {
            "" => String::new(),
            note => format!("  ({note})"),
        };
        context
            .output
            .data(format_args!("[{}] {}{note}", line.mark, line.name));
    }
    if none {
        context
            .output
            .status("There are no migrations yet: `luthier makemigrations` writes the first.");
    }
    Ok(())
}
