//! `luthier sqlmigrate NAME`: the SQL of one migration.

use std::process::ExitCode;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::migrations::{History, MigrationTarget};
use crate::project::Project;
use crate::sql::Dialect;

/// Print the SQL of a migration
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier sqlmigrate initial
  luthier sqlmigrate add_isbn --backwards --dialect postgres")]
pub(crate) struct Args {
    /// The migration's name, or the unique start of one
    name: String,
    /// Print the SQL that takes it back
    #[arg(long)]
    backwards: bool,
    /// For this database [default: the project's first]
    #[arg(long, value_enum, value_name = "DIALECT")]
    dialect: Option<Dialect>,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let dialect = match args.dialect {
        Some(dialect) => dialect,
        None => *project
            .dialects
            .first()
            .ok_or_else(|| Error::failed("the project names no database"))?,
    };
    let target = history
        .target(&args.name)
        .map_err(|blocked| Error::bad_input(blocked.message).hint(blocked.hint))?;
    let MigrationTarget::Version(version) = target else {
        return Err(Error::bad_input("`zero` is not a migration"));
    };
    let sql = history
        .migrations
        .get(&version)
        .and_then(|migration| migration.sql.get(&dialect))
        .and_then(|sql| {
            if args.backwards {
                sql.down.as_ref()
            } else {
                sql.up.as_ref()
            }
        });
    match sql {
        Some(sql) => {
            context.output.data(sql.trim_end());
            Ok(ExitCode::SUCCESS)
        }
        None => Err(Error::failed(format_args!(
            "the migration has no such file for {}",
            dialect.title()
        ))),
    }
}
