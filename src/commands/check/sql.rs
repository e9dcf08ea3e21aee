//! The tag `sql`: what is unsafe about the SQL of migrations.

use super::tag::{CheckContext, Tag};
use crate::check::Finding;
use crate::error::{Error, Result};
use crate::migrations::lint::{self, Sql};
use crate::migrations::{Direction, File, History};
use crate::project::Project;
use crate::schema::Schema;
use crate::sql::Dialect;

pub(super) const TAG: Tag = Tag {
    name: "sql",
    by_default: true,
    checks: lint::checks,
    run,
};

fn run(site: &CheckContext) -> Result<Vec<Finding>> {
    let files = site.project.migration_files()?;
    let chosen = chosen(&site.project, &files, site.files)?;
    // A history that cannot be read is for the tag `migrations` to tell.
    let history = History::read(&files).unwrap_or_default();
    let findings = chosen.into_iter().flat_map(|file| {
        let before = state_before(&history, file);
        check_file(&site.project, file, before.as_ref())
    });
    Ok(findings.collect())
}

/// The files that were named, by any part of the end of their path; all where none was.
fn chosen<'a>(project: &Project, files: &'a [File], named: &[String]) -> Result<Vec<&'a File>> {
    if named.is_empty() {
        return Ok(files.iter().collect());
    }
    let mut chosen = Vec::new();
    for name in named {
        let name = name.replace('\\', "/");
        let fits = |file: &&File| {
            let path = format!("/{}", project.migration_path(&file.path));
            path.ends_with(&format!("/{}", name.trim_start_matches("./"))) || name.ends_with(&path)
        };
        let found: Vec<&File> = files.iter().filter(fits).collect();
        if found.is_empty() {
            return Err(
                Error::bad_input(format_args!("`{name}` is not a file of a migration"))
                    .hint("as in migrations/postgres/20261121084512_add_isbn.up.sql"),
            );
        }
        chosen.extend(found);
    }
    Ok(chosen)
}

/// The schema before the migration of a file, where a rule may ask for it: MySQL says NOT NULL with every change.
fn state_before(history: &History, file: &File) -> Option<Schema> {
    let (dialect, _) = kind(&file.path)?;
    let upper = file.text.to_uppercase();
    if dialect != Dialect::Mysql || !upper.contains("MODIFY") || !upper.contains("NOT NULL") {
        return None;
    }
    let name = file.path.split_once('/')?.1.split('.').next()?;
    history.state_before(name).ok()
}

/// What the lint says about one file; nothing for one that is no SQL.
fn check_file(project: &Project, file: &File, before: Option<&Schema>) -> Vec<Finding> {
    let Some((dialect, direction)) = kind(&file.path) else {
        return Vec::new();
    };
    lint::lint(Sql {
        dialect,
        direction,
        path: &project.migration_path(&file.path),
        text: &file.text,
        before,
    })
}

/// What one file of a new migration is warned about: its path in the migrations folder, and its text.
pub(in crate::commands) fn warnings(
    project: &Project,
    path: &str,
    text: &str,
    before: &Schema,
) -> Vec<Finding> {
    let file = File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let mut findings = check_file(project, &file, Some(before));
    findings.retain(|finding| finding.level > crate::check::Level::Info);
    findings
}

fn kind(path: &str) -> Option<(Dialect, Direction)> {
    let (folder, name) = path.split_once('/')?;
    let dialect = folder.parse().ok()?;
    let stem = name.strip_suffix(".sql")?;
    let direction = if stem.ends_with(".down") {
        Direction::Revert
    } else {
        Direction::Apply
    };
    Some((dialect, direction))
}
