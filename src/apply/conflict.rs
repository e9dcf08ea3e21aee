//! A file that would be overwritten: what to do with it is the user's to say.

use std::path::PathBuf;

use super::change::{Change, Read};
use super::report;
use crate::ask;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Status;

/// What to do with one file that would be overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Overwrite,
    Skip,
    /// Overwrite this one and all that follow.
    All,
    /// Stop; nothing is written.
    Quit,
    /// Write both sides into one file, marked where they disagree.
    Merge,
}

/// Decides every conflict among `changes` as `ask` answers. `base` reads a file as it was last generated. Returns the
/// files that now hold conflict markers.
pub(super) fn resolve(
    changes: &mut [Change],
    base: Read,
    ask: &mut dyn FnMut(&Change) -> Result<Answer>,
) -> Result<Vec<PathBuf>> {
    let mut marked = Vec::new();
    let mut all = false;
    for change in changes.iter_mut().filter(|change| change.is_conflict()) {
        let answer = if all { Answer::All } else { ask(change)? };
        all = answer == Answer::All;
        match answer {
            Answer::Overwrite | Answer::All => change.status = Status::Edit,
            Answer::Skip => change.status = Status::Skip,
            Answer::Merge => {
                if !merge(change, base(&change.path)?) {
                    marked.push(change.path.clone());
                }
            }
            Answer::Quit => return Err(Error::failed("stopped; nothing was written")),
        }
    }
    Ok(marked)
}

/// Makes the change a three-way merge and says whether both sides agreed. Without a common ancestor they cannot.
fn merge(change: &mut Change, ancestor: Option<Vec<u8>>) -> bool {
    let old = change.old.take().unwrap_or_default();
    let result = diffy::MergeOptions::new()
        .set_conflict_style(diffy::ConflictStyle::Merge)
        .merge_bytes(&ancestor.unwrap_or_default(), &old, &change.new);
    let agreed = result.is_ok();
    change.new = result.unwrap_or_else(|marked| marked);
    change.old = Some(old);
    change.status = Status::Edit;
    agreed
}

/// Asks on the terminal until there is a decision.
pub(super) fn decide(context: &Context, change: &Change) -> Result<Answer> {
    let output = &context.output;
    output.file(Status::Conflict, change.path.display());
    loop {
        let input = ask::text("Overwrite it? [y/n/a/q/d/m, h for help]")?;
        match input.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(Answer::Overwrite),
            "n" | "no" => return Ok(Answer::Skip),
            "a" | "all" => return Ok(Answer::All),
            "q" | "quit" => return Ok(Answer::Quit),
            "m" | "merge" => return Ok(Answer::Merge),
            "d" | "diff" => match report::diff(change) {
                Some(diff) => output.status(report::colored(&diff).trim_end()),
                None => output.status("The file is not text."),
            },
            _ => output.status(HELP),
        }
    }
}

const HELP: &str = "\
  y  overwrite this file
  n  keep it as it is
  a  overwrite this file and all that follow
  q  stop; nothing is written
  d  show the difference
  m  merge: write both sides into the file, marked where they disagree";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn conflict(path: &str, old: &str, new: &str) -> Change {
        Change::new(path.into(), Some(old.into()), new.into(), Some(new.into()))
    }

    /// Settles two conflicts with the answers given, one question each.
    fn settled(answers: &[Answer]) -> (Result<Vec<PathBuf>>, Vec<(Status, String)>) {
        let mut changes = [
            conflict("a", "mine\n", "new\n"),
            conflict("b", "mine\n", "new\n"),
        ];
        let mut answers = answers.iter();
        let result = resolve(&mut changes, &|_| Ok(None), &mut |_| {
            Ok(*answers.next().expect("no further question"))
        });
        let text = |change: &Change| String::from_utf8_lossy(&change.new).into_owned();
        (
            result,
            changes
                .iter()
                .map(|change| (change.status, text(change)))
                .collect(),
        )
    }

    #[test]
    fn each_answer_does_what_it_says() {
        use Answer::*;
        let statuses = |answers: &[Answer]| {
            let (result, changes) = settled(answers);
            result.unwrap();
            [changes[0].0, changes[1].0]
        };
        assert_eq!(statuses(&[Overwrite, Skip]), [Status::Edit, Status::Skip]);
        assert_eq!(statuses(&[Skip, All]), [Status::Skip, Status::Edit]);
        assert_eq!(statuses(&[All]), [Status::Edit, Status::Edit]);
        assert!(settled(&[Overwrite, Quit]).0.is_err());
    }

    #[test]
    fn a_merge_without_an_ancestor_marks_the_difference() {
        let (marked, changes) = settled(&[Answer::Merge, Answer::Skip]);
        assert_eq!(marked.unwrap(), [PathBuf::from("a")]);
        insta::assert_snapshot!(changes[0].1, @r"
        <<<<<<< ours
        mine
        =======
        new
        >>>>>>> theirs
        ");
    }

    #[test]
    fn a_merge_with_an_ancestor_keeps_both_edits() {
        let mut changes = [conflict("a", "mine\na\nb\nc\n", "a\nb\nc\nnew\n")];
        let base = |_: &Path| Ok(Some(b"a\nb\nc\n".to_vec()));
        let marked = resolve(&mut changes, &base, &mut |_| Ok(Answer::Merge)).unwrap();
        assert!(marked.is_empty());
        assert_eq!(changes[0].new, b"mine\na\nb\nc\nnew\n");
    }
}
