//! A run of migrations squashed into one, and the databases that had applied parts of it.

use super::*;

/// Three migrations of two tables; `x` fills the rows of the second by hand.
fn squashable() -> Vec<File> {
    let mut files = Vec::new();
    let mut state = Schema::default();
    let mut parents = Vec::new();
    for (name, columns) in [
        ("1_initial", Some(&["id", "a"][..])),
        ("2_more", Some(&["id", "a", "b"])),
        ("3_by_hand", None),
        ("4_last", Some(&["id", "b", "c"])),
    ] {
        let after = columns.map_or_else(
            || state.clone(),
            |columns| schema_with(&[table("books", columns)]),
        );
        let mut fills = Fills::new();
        for column in ["b", "c"] {
            fills.insert(("books".into(), column.into()), "7".into());
        }
        let operations = diff(&state, &after, &Renames::default(), &fills).unwrap();
        let dialects = [Dialect::Sqlite, Dialect::Postgres];
        let written = write(name, parents, &state, &operations, &dialects).unwrap();
        files.extend(
            written
                .files
                .into_iter()
                .map(|(path, text)| File { path, text }),
        );
        parents = vec![name.to_owned()];
        state = after;
    }
    for file in files
        .iter_mut()
        .filter(|file| file.path.ends_with("3_by_hand.up.sql"))
    {
        file.text = "UPDATE books SET b = 1".into();
    }
    files
}

fn squash_names(files: &[File], from: Option<i64>, to: i64) -> Result<Vec<String>, String> {
    let history = History::read(files)?;
    let run = history.run(from, to).map_err(|blocked| blocked.message)?;
    Ok(run
        .members
        .iter()
        .map(|(member, _)| member.name.clone())
        .collect())
}

#[test]
fn a_run_has_no_gap_and_nothing_rests_on_its_middle() {
    let history = squashable();
    assert_eq!(
        squash_names(&history, None, 2).unwrap(),
        ["1_initial", "2_more"]
    );
    assert_eq!(
        squash_names(&history, Some(3), 4).unwrap(),
        ["3_by_hand", "4_last"]
    );
    for (from, to, expected) in [
        (
            Some(4),
            4,
            "there is only one migration in that run, and nothing to squash",
        ),
        (Some(4), 2, "the first migration comes after the last"),
    ] {
        assert_eq!(squash_names(&history, from, to).unwrap_err(), expected);
    }
    let branched = files_of_branches();
    assert_eq!(
        squash_names(&branched, Some(1), 2).unwrap_err(),
        "3_c builds on 1_a, which is not the end of the run"
    );
    assert_eq!(
        squash_names(&branched, None, 3).unwrap_err(),
        "2_b lies between them, but 3_c does not build on it"
    );
    let mut foreign = files(&[("1_a", &[], "a"), ("3_c", &["1_a"], "c")]);
    foreign.push(File {
        path: "sqlite/2_plain.sql".into(),
        text: "SELECT 1;".into(),
    });
    assert_eq!(
        squash_names(&foreign, None, 3).unwrap_err(),
        "2_plain was written without this tool, so nothing is known of what it does"
    );
}

fn files_of_branches() -> Vec<File> {
    files(&[
        ("1_a", &[], "a"),
        ("2_b", &["1_a"], "b"),
        ("3_c", &["1_a"], "c"),
    ])
}

/// The files after squashing everything up to `to`.
fn squashed(files: &[File], to: i64, name: &str, optimize: bool) -> Result<Vec<File>, String> {
    let history = History::read(files)?;
    let run = history.run(None, to).map_err(|blocked| blocked.message)?;
    let squashed = run.squash(name, &[Dialect::Sqlite], optimize);
    let squashed = squashed.map_err(|blocked| blocked.message)?;
    let mut left: Vec<File> = files.to_vec();
    for (path, text) in squashed.removed {
        let at = left
            .iter()
            .position(|file| file.path == path && file.text == text);
        left.remove(at.expect("it is there"));
    }
    left.extend(
        squashed
            .files
            .into_iter()
            .map(|(path, text)| File { path, text }),
    );
    Ok(left)
}

#[test]
fn squashing_keeps_the_schema_and_what_was_written_by_hand() {
    let files = squashable();
    let before = History::read(&files).unwrap();
    for optimize in [true, false] {
        let files = squashed(&files, 4, "1_all", optimize).unwrap();
        let after = History::read(&files).unwrap();
        assert_eq!(after.migrations.len(), 1);
        assert!(after.state().unwrap().same_as(&before.state().unwrap()));
        assert_eq!(after.problems(&[Dialect::Sqlite, Dialect::Postgres]), []);
        let up = after.migrations[&1].sql[&Dialect::Sqlite]
            .up
            .clone()
            .unwrap();
        let creates = up.find("CREATE TABLE").unwrap();
        let by_hand = up.find("UPDATE books SET b = 1;").unwrap();
        let later = up.find("Drop column books.a").unwrap();
        assert!(creates < by_hand && by_hand < later, "{up}");
        assert_eq!(up.contains("Add column books.b"), !optimize, "{up}");
    }
}

#[test]
fn rows_of_what_was_squashed_change_hands_or_are_refused() {
    let files = squashable();
    let before = History::read(&files).unwrap();
    let once = squashed(&files, 2, "1_first", true).unwrap();
    // Squashed again, it stands for what the first one stood for, too.
    let twice = squashed(&once, 4, "1_all", true).unwrap();
    let take_over = |files: &[File], rows: &[Applied]| {
        let history = History::read(files).unwrap();
        match history.take_over(Dialect::Sqlite, rows.to_vec()) {
            Ok((takeovers, rows)) => {
                let versions = |row: &Applied| row.version.to_string();
                let rows: Vec<String> = rows.iter().map(versions).collect();
                let gone = takeovers.iter().map(|t| format!("{:?}", t.versions));
                format!(
                    "{} → {}",
                    gone.collect::<Vec<_>>().join(" "),
                    rows.join(" ")
                )
            }
            Err(blocked) => blocked.message,
        }
    };
    let of_once = History::read(&once).unwrap();
    for (files, rows, expected) in [
        (&once, applied(&before, &[]), " → "),
        (&once, applied(&before, &[1, 2]), "[1, 2] → 1"),
        (&once, applied(&before, &[1, 2, 3]), "[1, 2] → 1 3"),
        (&once, applied(&of_once, &[1, 3]), " → 1 3"),
        (
            &once,
            applied(&before, &[1]),
            "1_first stands for 2 migrations, and this database has only some of them: 2_more is missing",
        ),
        (&twice, applied(&before, &[1, 2, 3, 4]), "[1, 2, 3, 4] → 1"),
        (&twice, applied(&of_once, &[1, 3, 4]), "[1, 3, 4] → 1"),
        (
            &twice,
            applied(&of_once, &[1, 3]),
            "1_all stands for 3 migrations, and this database has only some of them: 4_last is missing",
        ),
    ] {
        assert_eq!(take_over(files, &rows), expected);
    }
}

#[test]
fn a_branch_on_the_last_of_what_was_squashed_follows_it() {
    let mut files = squashed(&squashable(), 2, "1_first", true).unwrap();
    let history = History::read(&files).unwrap();
    assert_eq!(
        history.migrations[&3].meta.as_ref().unwrap().parents,
        ["1_first"]
    );
    assert!(history.state().is_ok());
    for file in files
        .iter_mut()
        .filter(|file| file.path == "meta/3_by_hand.json")
    {
        file.text = file.text.replace("2_more", "1_initial");
    }
    let history = History::read(&files).unwrap();
    assert_eq!(
        history.state().unwrap_err(),
        "the migration 3_by_hand builds on 1_initial, which was squashed into 1_first"
    );
}
