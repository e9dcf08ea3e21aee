//! The only writer of files: checks a plan, stages it, commits it.
//!
//! The whole plan happens or none of it does. Everything is checked before anything is touched; then all new contents
//! are written aside and moved into place, with a journal that lets the next command put back what a crash cut short
//! (see [`transaction`]). A project that does not exist yet is built beside its final place and moved there (see
//! [`new_root`]). The promise covers the death of the process and failing writes, not the loss of power.
#![allow(
    clippy::disallowed_methods,
    reason = "this module is the one that writes files"
)]

mod change;
mod conflict;
mod disk;
mod lock;
mod new_root;
mod paths;
mod record;
mod report;
mod transaction;

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::interrupt;
use crate::output::Output;
use crate::plan::Plan;
use change::Change;

pub(crate) use paths::base_of;

/// What came of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// Whether any file is (or, in a dry run, would be) other than before.
    pub(crate) changed: bool,
}

/// Carries out `plan` under its root and reports each file; with `dry_run` only shows it, with diffs of the edits.
///
/// A file that the plan creates but that exists with other contents is a conflict: asked about, or, where asking is
/// impossible, an error of kind `NeedsAnswer`. After any error all files are as they were.
pub(crate) fn run(context: &Context, plan: &Plan, dry_run: bool) -> Result<Applied> {
    let read = |path: &Path| disk::read_within(&plan.root, path);
    let mut changes = change::from_plan(plan, &read)?;
    if dry_run {
        report::preview(context, plan, &changes)?;
        return Ok(applied(&changes));
    }
    let marked = settle_conflicts(context, plan, &mut changes)?;
    let applied = applied(&changes);
    if applied.changed {
        // From here to the end takes milliseconds, and stopping half-way would cost more.
        interrupt::deferred(|| write(plan, &changes)).map_err(|error| consequence(plan, error))?;
    }
    report::done(context, plan, &changes)?;
    for path in marked {
        let path = path.display();
        context
            .output
            .warning(format_args!("{path}: resolve what is marked with <<<<<<<"));
    }
    interrupt::stop_if_requested()?;
    Ok(applied)
}

/// Puts back what a crashed run left half-written in the project that `folder` lies in. Costs a look for one file
/// per folder on the way up.
pub(crate) fn recover(output: &Output, folder: &Path) -> Result<()> {
    match folder
        .ancestors()
        .find(|root| transaction::is_pending(root))
    {
        Some(root) => transaction::recover(output, root),
        None => Ok(()),
    }
}

/// Asks about every conflict; returns the files that will hold conflict markers.
fn settle_conflicts(
    context: &Context,
    plan: &Plan,
    changes: &mut [Change],
) -> Result<Vec<PathBuf>> {
    let conflicts: Vec<_> = changes
        .iter()
        .filter(|change| change.is_conflict())
        .collect();
    if conflicts.is_empty() {
        return Ok(Vec::new());
    }
    if !context.interactive {
        report::files(&context.output, &conflicts);
        return Err(Error::needs_answer(format_args!(
            "{} would be overwritten",
            report::count(conflicts.len(), "file")
        ))
        .hint("on a terminal, and without --no-input, each is asked about")
        .hint("--dry-run shows the differences"));
    }
    let base = |path: &Path| disk::read_within(&plan.root, &paths::base_of(path));
    conflict::resolve(changes, &base, &mut |change| {
        conflict::decide(context, change)
    })
}

fn write(plan: &Plan, changes: &[Change]) -> Result<()> {
    let root = &plan.root;
    let read = |path: &Path| disk::read_within(root, path);
    if !root.exists() {
        let records = record::changes(plan, changes, &read)?;
        return new_root::create(root, &plan.title, changes.iter().chain(&records));
    }
    let lock = lock::take(root, &plan.title)?;
    let result = change::still_true(changes, &read)
        .and_then(|()| record::changes(plan, changes, &read))
        .and_then(|records| {
            let moved = changes
                .iter()
                .chain(&records)
                .filter(|change| change.writes());
            transaction::commit(root, &plan.title, &moved.collect::<Vec<_>>())
        });
    drop(lock);
    transaction::tidy(root);
    result
}

/// Adds what an error has left behind.
fn consequence(plan: &Plan, error: Error) -> Error {
    let root = plan.root.display();
    if error.kind != ErrorKind::Failed {
        return error;
    }
    match (plan.root.exists(), transaction::is_pending(&plan.root)) {
        (false, _) => error.hint(format!("nothing was made: there is no {root}")),
        (true, false) => error.hint("no file was changed"),
        (true, true) => error.hint(format!(
            "the files in {root} are put back by the next luthier command there"
        )),
    }
}

fn applied(changes: &[Change]) -> Applied {
    let changed = changes
        .iter()
        .any(|change| change.writes() || change.is_conflict());
    Applied { changed }
}

#[cfg(test)]
mod tests;
