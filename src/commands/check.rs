//! `luthier check`: everything that can be said about a project without running it.
//!
//! A tag is one file that ends in a [`Tag`], and one line in [`TAGS`].

mod admin;
mod deploy;
mod drift;
mod explain;
mod migrations;
mod models;
mod replay;
mod report;
mod sql;
mod tag;

pub(super) use sql::warnings;

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;

use crate::check::{Check, Finding, Level};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::project::Project;
use tag::{CheckContext, Tag};

/// Look for mistakes: in entities, migrations, and the SQL they run
///
/// Every finding has a stable id that `--explain` tells more about, and a hint. A statement that is fine as it is
/// gets a comment in front: `-- luthier: allow LUT001: nobody ever used this table`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  luthier check
  luthier check --tag sql --fail-level warning
  luthier check --tag sql migrations/postgres/20261121084512_add_isbn.up.sql
  luthier check --tag migrations --database-url postgres://localhost/postgres
  luthier check --tag drift --database-url postgres://localhost/shop
  luthier check --deploy --fail-level warning
  luthier check --explain LUT012")]
pub(crate) struct Args {
    /// Only these checks; may be given more than once
    #[arg(short, long = "tag", value_name = "TAG", value_delimiter = ',')]
    #[arg(value_parser = PossibleValuesParser::new(TAGS.iter().map(|tag| tag.name)))]
    tags: Vec<String>,
    /// Whether the site is fit for the internet: as `--tag deploy`
    #[arg(long)]
    deploy: bool,
    /// The lowest level that makes it fail
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t)]
    fail_level: Level,
    /// The database, or its server, instead of DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Explain what an id means and why it matters, or `all` of them; checks nothing
    #[arg(long, value_name = "ID", conflicts_with_all = ["tags", "files", "database_url", "deploy"])]
    explain: Option<String>,
    /// Only these files of migrations, for the tag `sql`
    #[arg(value_name = "FILE")]
    files: Vec<String>,
}

const TAGS: &[Tag] = &[
    models::TAG,
    migrations::TAG,
    sql::TAG,
    drift::TAG,
    admin::TAG,
    deploy::TAG,
];

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if let Some(id) = &args.explain {
        let all: Vec<&Check> = TAGS.iter().flat_map(|tag| (tag.checks)()).collect();
        return explain::run(context, id, &all);
    }
    let is_wanted = |tag: &&Tag| match (args.tags.is_empty(), args.files.is_empty()) {
        _ if args.deploy && tag.name == deploy::TAG.name => true,
        (true, true) => tag.by_default && !args.deploy,
        // Files can only mean one thing.
        (true, false) => tag.name == sql::TAG.name,
        (false, _) => args.tags.iter().any(|name| name == tag.name),
    };
    let tags: Vec<&Tag> = TAGS.iter().filter(is_wanted).collect();
    if !args.files.is_empty() && !tags.iter().any(|tag| tag.name == sql::TAG.name) {
        return Err(Error::bad_input("only the tag `sql` takes files"));
    }
    let site = CheckContext {
        context,
        project: Project::find(context)?,
        tags: &args.tags,
        files: &args.files,
        database_url: args.database_url.as_deref(),
    };
    let mut found: Vec<(&str, Finding)> = Vec::new();
    for tag in &tags {
        let mut findings = (tag.run)(&site)?;
        findings.sort_by(|a, b| a.place.cmp(&b.place));
        found.extend(findings.into_iter().map(|finding| (tag.name, finding)));
    }
    let names: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
    report::show(context, &names, &found)?;
    let failed = found
        .iter()
        .any(|(_, finding)| finding.level >= args.fail_level);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
