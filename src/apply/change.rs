//! What a plan means for the files that are there: pure.

use std::path::{Path, PathBuf};

use super::paths;
use crate::error::{Error, Result};
use crate::output::Status;
use crate::plan::{Plan, Step};

/// Reads a file by its path relative to the root; `None` if there is none.
pub(super) type Read<'a> = &'a dyn Fn(&Path) -> Result<Option<Vec<u8>>>;

/// One file of a plan, compared with what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Relative to the root.
    pub(super) path: PathBuf,
    pub(super) status: Status,
    /// What is there; `None` if there is no such file.
    pub(super) old: Option<Vec<u8>>,
    /// What shall be there; empty for a file that goes away.
    pub(super) new: Vec<u8>,
    /// The whole file as its generator wants it; `None` if the plan only edits it.
    pub(super) pristine: Option<Vec<u8>>,
}

impl Change {
    /// `old` becomes `new`; a `pristine` file over another one is a conflict.
    pub(super) fn new(
        path: PathBuf,
        old: Option<Vec<u8>>,
        new: Vec<u8>,
        pristine: Option<Vec<u8>>,
    ) -> Self {
        let status = match &old {
            None => Status::Create,
            Some(old) if *old == new => Status::Identical,
            Some(_) if pristine.is_some() => Status::Conflict,
            Some(_) => Status::Edit,
        };
        Self {
            path,
            status,
            old,
            new,
            pristine,
        }
    }

    pub(super) fn is_conflict(&self) -> bool {
        self.status == Status::Conflict
    }

    /// The file that is there goes away.
    pub(super) fn removal(path: PathBuf, old: Vec<u8>) -> Self {
        Self {
            path,
            status: Status::Remove,
            old: Some(old),
            new: Vec::new(),
            pristine: None,
        }
    }

    pub(super) fn removes(&self) -> bool {
        self.status == Status::Remove
    }

    pub(super) fn writes(&self) -> bool {
        matches!(self.status, Status::Create | Status::Edit | Status::Remove)
    }
}

/// The changes that `plan` makes to the files that `read` sees: one a file, in the plan's order. Steps on one file
/// build on each other.
pub(super) fn from_plan(plan: &Plan, read: Read) -> Result<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    for step in &plan.steps {
        let earlier = changes.iter_mut().find(|change| change.path == step.path());
        match (earlier, step) {
            (None, _) => changes.push(first(step, read)?),
            (Some(change), Step::Edit { before, after, .. }) if change.new == before.as_bytes() => {
                let new = after.clone().into_bytes();
                let pristine = change.pristine.as_ref().map(|_| new.clone());
                *change = Change::new(change.path.clone(), change.old.take(), new, pristine);
            }
            (Some(change), _) => return Err(changed_meanwhile(&change.path)),
        }
    }
    Ok(changes)
}

/// Refuses if a file is no longer as it was when `changes` were made.
pub(super) fn still_true(changes: &[Change], read: Read) -> Result<()> {
    for change in changes.iter().filter(|change| change.writes()) {
        if read(&change.path)? != change.old {
            return Err(changed_meanwhile(&change.path));
        }
    }
    Ok(())
}

fn first(step: &Step, read: Read) -> Result<Change> {
    let old = read(step.path())?;
    match step {
        Step::Refresh { path, contents } => {
            let base = read(&paths::base_of(path))?;
            Ok(refreshed(path.clone(), old, contents, base))
        }
        Step::Create { path, contents } => {
            let pristine = Some(contents.clone());
            Ok(Change::new(path.clone(), old, contents.clone(), pristine))
        }
        Step::Edit {
            path,
            before,
            after,
        } => {
            let there = old.as_deref().unwrap_or_default();
            if there != before.as_bytes() && there != after.as_bytes() {
                return Err(changed_meanwhile(path));
            }
            Ok(Change::new(
                path.clone(),
                old,
                after.clone().into_bytes(),
                None,
            ))
        }
        Step::Remove { path, before } => match old {
            Some(old) if old == before.as_bytes() => Ok(Change::removal(path.clone(), old)),
            _ => Err(changed_meanwhile(path)),
        },
    }
}

/// `old` with what is new in `contents` since `base` was generated.
fn refreshed(
    path: PathBuf,
    old: Option<Vec<u8>>,
    contents: &[u8],
    base: Option<Vec<u8>>,
) -> Change {
    let pristine = Some(contents.to_vec());
    let merged = match (&old, &base) {
        (Some(old), Some(base)) => diffy::merge_bytes(base, old, contents).ok(),
        _ => None,
    };
    match merged {
        Some(merged) => Change {
            pristine,
            ..Change::new(path, old, merged, None)
        },
        None => Change::new(path, old, contents.to_vec(), pristine),
    }
}

fn changed_meanwhile(path: &Path) -> Error {
    let path = path.display();
    Error::failed(format_args!("{path} changed while luthier was working"))
        .hint("nothing was written; run the command again")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(plan: &Plan) -> Result<Vec<Change>> {
        from_plan(plan, &|path| {
            let text = match path.to_str() {
                Some("a.rs") => Some("one"),
                Some("empty") => Some(""),
                _ => None,
            };
            Ok(text.map(|text| text.as_bytes().to_vec()))
        })
    }

    #[test]
    fn each_step_is_weighed_against_the_file_that_is_there() {
        let create = |path: &str, text: &str| {
            let mut plan = Plan::new("test", "");
            plan.create(path, text);
            changes(&plan).map(|changes| changes[0].status)
        };
        let edit = |path: &str, before: &str, after: &str| {
            let mut plan = Plan::new("test", "");
            plan.edit(path, before, after);
            changes(&plan).map(|changes| changes[0].status)
        };
        assert_eq!(create("new.rs", "x").unwrap(), Status::Create);
        assert_eq!(create("a.rs", "one").unwrap(), Status::Identical);
        assert_eq!(create("a.rs", "two").unwrap(), Status::Conflict);
        assert_eq!(create("empty", "two").unwrap(), Status::Conflict);
        assert_eq!(edit("a.rs", "one", "two").unwrap(), Status::Edit);
        assert_eq!(edit("a.rs", "one", "one").unwrap(), Status::Identical);
        assert_eq!(edit("a.rs", "zero", "one").unwrap(), Status::Identical);
        assert!(edit("a.rs", "zero", "two").is_err());
        assert!(edit("new.rs", "zero", "two").is_err());
        let remove = |path: &str, before: &str| {
            let mut plan = Plan::new("test", "");
            plan.remove(path, before);
            changes(&plan).map(|changes| changes[0].status)
        };
        assert_eq!(remove("a.rs", "one").unwrap(), Status::Remove);
        assert!(remove("a.rs", "two").is_err());
        assert!(remove("new.rs", "").is_err());
    }

    #[test]
    fn steps_on_one_file_build_on_each_other() {
        let mut plan = Plan::new("test", "");
        plan.edit("a.rs", "one", "two");
        plan.create("b.rs", "x");
        plan.edit("a.rs", "two", "three");
        plan.edit("b.rs", "x", "y");
        let changes = changes(&plan).unwrap();
        let seen: Vec<_> = changes
            .iter()
            .map(|c| (c.status, c.new.as_slice()))
            .collect();
        assert_eq!(
            seen,
            [(Status::Edit, b"three".as_slice()), (Status::Create, b"y")]
        );
        assert_eq!(changes[0].old.as_deref(), Some(b"one".as_slice()));
        assert_eq!(changes[1].pristine.as_deref(), Some(b"y".as_slice()));
    }

    #[test]
    fn steps_that_do_not_follow_from_each_other_are_refused() {
        let mut plan = Plan::new("test", "");
        plan.edit("a.rs", "one", "two");
        plan.edit("a.rs", "one", "three");
        assert!(changes(&plan).is_err());
    }

    #[test]
    fn a_refreshed_file_keeps_what_its_owner_changed() {
        let refresh = |base: Option<&str>, old: Option<&str>, new: &str| {
            let bytes = |text: &str| text.as_bytes().to_vec();
            let change = refreshed("a".into(), old.map(bytes), new.as_bytes(), base.map(bytes));
            assert_eq!(change.pristine.as_deref(), Some(new.as_bytes()));
            (change.status, String::from_utf8(change.new).unwrap())
        };
        let is = |status, text: &str| (status, text.to_owned());
        let base = Some("a\nb\nc\n");
        assert_eq!(refresh(base, None, "x\n"), is(Status::Create, "x\n"));
        assert_eq!(
            refresh(None, Some("x\n"), "x\n"),
            is(Status::Identical, "x\n")
        );
        assert_eq!(
            refresh(None, Some("mine\n"), "x\n"),
            is(Status::Conflict, "x\n")
        );
        assert_eq!(
            refresh(base, base, "x\nb\nc\n"),
            is(Status::Edit, "x\nb\nc\n")
        );
        let mine = Some("a\nb\nmine\n");
        assert_eq!(
            refresh(base, mine, "a\nb\nc\n"),
            is(Status::Identical, "a\nb\nmine\n")
        );
        assert_eq!(
            refresh(base, mine, "x\nb\nc\n"),
            is(Status::Edit, "x\nb\nmine\n")
        );
        assert_eq!(
            refresh(base, mine, "a\nb\nx\n"),
            is(Status::Conflict, "a\nb\nx\n")
        );
    }

    #[test]
    fn a_file_that_changed_since_is_noticed() {
        let mut plan = Plan::new("test", "");
        plan.edit("a.rs", "one", "two");
        let changes = changes(&plan).unwrap();
        assert!(still_true(&changes, &|_| Ok(Some(b"one".to_vec()))).is_ok());
        assert!(still_true(&changes, &|_| Ok(Some(b"user's".to_vec()))).is_err());
    }
}
