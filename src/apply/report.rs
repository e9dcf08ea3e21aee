//! What is said about a plan: a line a file, diffs of edits, or JSON.

use serde::Serialize;

use super::change::Change;
use crate::context::Context;
use crate::error::Result;
use crate::output::{Output, Status};
use crate::paths::slashed;
use crate::plan::Plan;

/// The plan as `--json` prints it.
#[derive(Serialize)]
struct PlanReport<'a> {
    title: &'a str,
    root: String,
    dry_run: bool,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    /// Relative to the root, with `/`.
    path: String,
    status: &'static str,
    /// A unified diff; absent for files that are new, not text, or stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

/// Shows what would be done. It was asked for, so it goes to stdout.
pub(super) fn preview(context: &Context, plan: &Plan, changes: &[Change]) -> Result<()> {
    if context.json {
        return json(context, plan, changes, true);
    }
    for change in changes {
        let path = change.path.display();
        context.output.data(Output::file_line(change.status, path));
        if let Some(diff) = diff(change) {
            context.output.data(colored(&diff).trim_end());
        }
    }
    Ok(())
}

/// Says what was done.
pub(super) fn done(context: &Context, plan: &Plan, changes: &[Change]) -> Result<()> {
    if context.json {
        return json(context, plan, changes, false);
    }
    files(&context.output, &changes.iter().collect::<Vec<_>>());
    Ok(())
}

pub(super) fn files(output: &Output, changes: &[&Change]) {
    for change in changes {
        output.file(change.status, change.path.display());
    }
}

fn json(context: &Context, plan: &Plan, changes: &[Change], dry_run: bool) -> Result<()> {
    let files = changes.iter().map(|change| File {
        path: slashed(&change.path),
        status: change.status.word(),
        diff: diff(change),
    });
    let report = PlanReport {
        title: &plan.title,
        root: plan.root.display().to_string(),
        dry_run,
        files: files.collect(),
    };
    context.output.data(serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// The change of an existing text as a unified diff.
pub(super) fn diff(change: &Change) -> Option<String> {
    if !matches!(change.status, Status::Edit | Status::Conflict) {
        return None;
    }
    let old = std::str::from_utf8(change.old.as_deref()?).ok()?;
    let new = std::str::from_utf8(&change.new).ok()?;
    let path = slashed(&change.path);
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(format!("a/{path}"));
    options.set_modified_filename(format!("b/{path}"));
    Some(options.create_patch(old, new).to_string())
}

/// A unified diff in the usual colours; whether they show is for the output to say.
pub(super) fn colored(diff: &str) -> String {
    match diffy::Patch::from_str(diff) {
        Ok(patch) => {
            let formatter = diffy::PatchFormatter::new().with_color();
            formatter.fmt_patch(&patch).to_string()
        }
        Err(_) => diff.to_owned(),
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_have_a_diff_that_tools_understand() {
        let change = Change::new(
            "src/a.rs".into(),
            Some("a\nb".into()),
            "a\nc\n".into(),
            None,
        );
        insta::assert_snapshot!(diff(&change).unwrap(), @r"
        --- a/src/a.rs
        +++ b/src/a.rs
        @@ -1,2 +1,2 @@
         a
        -b
        \ No newline at end of file
        +c
        ");
        let binary = Change::new("a.png".into(), Some(vec![0xff]), vec![0xfe], None);
        let new = Change::new("b.rs".into(), None, "b".into(), None);
        assert_eq!((diff(&binary), diff(&new)), (None, None));
    }
}
