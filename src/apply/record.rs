//! What is kept about each run, so that a user's edit can be told from ours: pure.
//!
//! `.luthier/base/<path>` holds a file as the generators alone would have it: the ancestor of later merges.
//! `.luthier/records/<time>-<title>.json` says which files a run wrote. Both belong in version control.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::change::{Change, Read};
use super::paths::{FOLDER, base_of};
use super::report;
use crate::error::Result;
use crate::paths::slashed;
use crate::plan::Plan;

/// What never belongs in version control: a run in progress.
const IGNORED: &str = "/journal.json\n/lock\n/stage/\n";

#[derive(Serialize)]
struct Record<'a> {
    /// The command, as typed.
    title: &'a str,
    /// Luthier's own version.
    luthier: &'a str,
    /// RFC 3339, UTC.
    at: String,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    path: String,
    /// `create`, `edit` or `remove`.
    status: &'static str,
    /// SHA-256 of the file before, in hex; absent for a file that is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// SHA-256 of the file after; absent for a file that went away.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// A unified diff of an edited text: how to take the edit back while leaving later ones alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

/// The SHA-256 of `contents` in hex.
pub(super) fn sha256(contents: &[u8]) -> String {
    let hash = Sha256::digest(contents);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files that keep what `changes` did: none if they write nothing.
pub(super) fn changes(plan: &Plan, changes: &[Change], read: Read) -> Result<Vec<Change>> {
    let written: Vec<&Change> = changes.iter().filter(|change| change.writes()).collect();
    if written.is_empty() {
        return Ok(Vec::new());
    }
    let mut records = Vec::with_capacity(written.len() + 2);
    let own = |path: PathBuf, new: Vec<u8>| -> Result<Change> {
        let old = read(&path)?;
        Ok(Change::new(path, old, new, None))
    };
    records.push(own(Path::new(FOLDER).join(".gitignore"), IGNORED.into())?);
    for change in written.iter().filter(|change| !is_secret(&change.path)) {
        let path = base_of(&change.path);
        if change.removes() {
            records.extend(read(&path)?.map(|old| Change::removal(path, old)));
        } else if let Some(base) = base(change, read(&path)?) {
            records.push(own(path, base)?);
        }
    }
    let now = Utc::now();
    records.push(own(
        record_path(&plan.title, now),
        record(plan, &written, now)?,
    )?);
    Ok(records)
}

/// A file of secrets, which git does not see: what is kept here it would.
fn is_secret(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == ".env")
}

/// The new pristine text of a file whose pristine text is `base`; `None` for a file that was never ours.
fn base(change: &Change, base: Option<Vec<u8>>) -> Option<Vec<u8>> {
    if let Some(pristine) = &change.pristine {
        return Some(pristine.clone());
    }
    let Some(old) = &change.old else {
        return Some(change.new.clone());
    };
    let base = base?;
    // The user changed the file since: the edit is made on the pristine text too. Where that cannot be, the
    // record's diff still tells what was done.
    Some(diffy::merge_bytes(old, &base, &change.new).unwrap_or(base))
}

fn record_path(title: &str, now: DateTime<Utc>) -> PathBuf {
    let words: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .take(60)
        .collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let name = format!(
        "{}-{}.json",
        now.format("%Y%m%dT%H%M%S%3fZ"),
        words.join("-")
    );
    Path::new(FOLDER).join("records").join(name)
}

fn record(plan: &Plan, written: &[&Change], now: DateTime<Utc>) -> Result<Vec<u8>> {
    let files = written.iter().map(|change| File {
        path: slashed(&change.path),
        status: change.status.word(),
        before: change.old.as_deref().map(sha256),
        after: (!change.removes()).then(|| sha256(&change.new)),
        diff: report::diff(change).filter(|_| !is_secret(&change.path)),
    });
    let record = Record {
        title: &plan.title,
        luthier: env!("CARGO_PKG_VERSION"),
        at: now.to_rfc3339_opts(SecondsFormat::Millis, true),
        files: files.collect(),
    };
    let mut text = serde_json::to_string_pretty(&record)?;
    text.push('\n');
    Ok(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept_where_git_sees_them() {
        let mut plan = Plan::new("startproject a", "a");
        plan.create(".env", "SECRET=1\n");
        let text = |change: &Change| String::from_utf8_lossy(&change.new).into_owned();
        for before in [None, Some(b"SECRET=0\n".to_vec())] {
            let secret = Change::new(".env".into(), before, b"SECRET=1\n".to_vec(), None);
            let kept = changes(&plan, &[secret], &|_: &Path| Ok(None)).unwrap();
            assert!(!kept.is_empty());
            assert!(kept.iter().all(|change| !text(change).contains("SECRET")));
        }
    }

    fn edit(old: &str, new: &str) -> Change {
        Change::new("a.rs".into(), Some(old.into()), new.into(), None)
    }

    #[test]
    fn the_pristine_text_holds_our_edits_and_not_the_users() {
        let cases = [
            // An untouched file: pristine is what we wrote.
            (
                edit("a\nb\n", "a\nx\nb\n"),
                Some("a\nb\n"),
                Some("a\nx\nb\n"),
            ),
            // The user added a line at the end: ours alone is carried over.
            (
                edit("a\nb\nc\nuser\n", "x\na\nb\nc\nuser\n"),
                Some("a\nb\nc\n"),
                Some("x\na\nb\nc\n"),
            ),
            // The user rewrote the place: pristine stays.
            (edit("user\n", "user\nx\n"), Some("a\n"), Some("a\n")),
            // The user's own file: none of it is ours.
            (edit("user\n", "user\nx\n"), None, None),
        ];
        for (change, before, expected) in cases {
            let after = base(&change, before.map(Into::into));
            let after = after.map(|text| String::from_utf8(text).unwrap());
            assert_eq!(after.as_deref(), expected, "{change:?}");
        }
    }

    #[test]
    fn nothing_written_leaves_nothing_to_keep() {
        let plan = Plan::new("startapp books", "");
        let none = changes(&plan, &[edit("a", "a")], &|_| Ok(None)).unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn a_record_names_the_files_and_their_hashes() {
        let now = DateTime::from_timestamp_millis(1_700_000_000_123).unwrap();
        let plan = Plan::new("startmodel books Book title:string(200)", "");
        let create = Change::new("apps/x.rs".into(), None, "x".into(), Some("x".into()));
        let text = record(&plan, &[&create, &edit("a\n", "b\n")], now).unwrap();
        insta::assert_snapshot!(
            String::from_utf8(text)
                .unwrap()
                .replace(env!("CARGO_PKG_VERSION"), "VERSION")
        );
        insta::assert_snapshot!(
            record_path(&plan.title, now).display(),
            @".luthier/records/20231114T221320123Z-startmodel-books-Book-title-string-200.json"
        );
    }
}
