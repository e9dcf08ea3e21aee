use std::collections::BTreeSet;

use crate::operation::Operation;
use proptest::prelude::*;

use super::text::checksum;
use super::*;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnRename, ColumnType, EnumType, Schema, Table};
use crate::sql::Dialect;

/// Operations between two schemas, every question about rows answered with NULL.
fn between(before: &Schema, after: &Schema) -> Vec<Operation> {
    diff(before, after, &Renames::default(), &Fills::new()).expect("nothing was renamed")
}

fn folded(before: &Schema, operations: &[Operation]) -> Schema {
    let mut state = before.clone();
    for operation in operations {
        operation.apply(&mut state).expect("operations fit");
    }
    state
}

proptest! {
    #[test]
    fn a_diff_leads_from_one_schema_to_the_other(a in schema(), b in schema()) {
        let operations = between(&a, &b);
        let after = folded(&a, &operations);
        prop_assert!(after.same_as(&b), "{operations:#?}");
        prop_assert!(between(&after, &b).is_empty());
        let text = serde_json::to_string(&operations).unwrap();
        let read: Vec<Operation> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &operations);
    }

    #[test]
    fn the_inverse_leads_back(a in schema(), b in schema()) {
        let operations = between(&a, &b);
        let (after, inverse) = write::inverted(&a, &operations).unwrap();
        prop_assert!(folded(&after, &inverse).same_as(&a), "{inverse:#?}");
    }
}

fn table(name: &str, columns: &[&str]) -> Table {
    Table {
        name: name.into(),
        columns: columns
            .iter()
            .map(|name| Column::new(*name, ColumnType::Integer))
            .collect(),
        primary_key: vec!["id".into()],
        ..Table::default()
    }
}

fn schema_with(tables: &[Table]) -> Schema {
    let mut schema = Schema::default();
    for table in tables {
        schema.tables.insert(table.name.clone(), table.clone());
    }
    schema
}

fn described(before: &Schema, after: &Schema, renames: &Renames) -> Result<String, String> {
    let operations = diff(before, after, renames, &Fills::new())?;
    let mut state = before.clone();
    let mut lines = Vec::new();
    for operation in &operations {
        lines.push(operation.describe(&state));
        operation.apply(&mut state)?;
    }
    assert!(state.same_as(after), "{lines:?}");
    Ok(lines.join("; "))
}

#[test]
fn renames_are_taken_as_said_and_swaps_go_around() {
    let before = schema_with(&[table("books", &["id", "a", "b"]), table("tags", &["id"])]);
    let after = schema_with(&[table("works", &["id", "b", "a"]), table("tags", &["id"])]);
    let mut renames = Renames::default();
    renames.tables.insert("books".into(), "works".into());
    assert_eq!(
        described(&before, &after, &renames).as_deref(),
        Ok("Rename table books to works")
    );
    renames.add_column("works", "a", "b");
    renames.add_column("works", "b", "a");
    assert_eq!(
        described(&before, &after, &renames).as_deref(),
        Ok(
            "Rename table books to works; Rename column works.a to a__renamed; \
            Rename column works.b to a; Rename column works.a__renamed to b"
        )
    );
    renames.add_column("works", "c", "d");
    assert_eq!(
        described(&before, &after, &renames).unwrap_err(),
        "there was no column `works.c` to rename"
    );
}

#[test]
fn an_index_that_follows_a_renamed_column_is_renamed() {
    let index = |name: &str, column: &str| crate::schema::Index {
        name: name.into(),
        columns: vec![column.into()],
        unique: false,
    };
    let mut old = table("books", &["id", "name"]);
    old.add_index(index("idx-books-name", "name"));
    let mut new = table("books", &["id", "title"]);
    new.add_index(index("idx-books-title", "title"));
    let mut renames = Renames::default();
    renames.add_column("books", "name", "title");
    assert_eq!(
        described(&schema_with(&[old]), &schema_with(&[new]), &renames).as_deref(),
        Ok(
            "Rename column books.name to title; Rename index idx-books-name of books to idx-books-title"
        )
    );
}

#[test]
fn what_may_be_a_rename_is_asked_likeliest_first() {
    let before = schema_with(&[
        table("books", &["id", "titel", "pages"]),
        table("logs", &["id"]),
    ]);
    let after = schema_with(&[table("books", &["id", "title"]), table("logs", &["id"])]);
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].new, "title");
    assert_eq!(found[0].candidates, ["titel", "pages"]);
    // A table comes first: the answer decides which columns are compared.
    let after = schema_with(&[
        table("works", &["id", "titel", "pages"]),
        table("logs", &["id"]),
    ]);
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found[0].of, Of::Tables);
    assert_eq!(found[0].candidates, ["books"]);
    // Nothing went away, or nothing came: nothing to ask.
    assert!(questions(&before, &schema_with(&[]), &Renames::default()).is_empty());
    assert!(questions(&schema_with(&[]), &before, &Renames::default()).is_empty());
}

#[test]
fn the_default_of_an_array_of_an_enum_goes_only_with_a_value_in_it() {
    let schema = |values: &[&str], default: &str| {
        let kind = EnumType {
            name: "mood".into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let column = Column {
            default: Some(crate::schema::Default::Text(default.into())),
            ..Column::new(
                "moods",
                ColumnType::Array(Box::new(ColumnType::Enum("mood".into()))),
            )
        };
        let table = Table {
            name: "people".into(),
            columns: vec![column],
            ..Table::default()
        };
        let mut schema = Schema::default();
        schema.enums.insert("mood".into(), kind);
        schema.tables.insert("people".into(), table);
        schema
    };
    let none = Renames::default();
    for default in ["{}", "{happy}", r#"{happy,"so, so"}"#] {
        let before = schema(&["happy", "sad", "so, so"], default);
        assert_eq!(described(&before, &before, &none).as_deref(), Ok(""));
        let after = schema(&["happy", "so, so"], default);
        assert_eq!(
            described(&before, &after, &none).as_deref(),
            Ok("Change enum mood to (happy, so, so)")
        );
    }
    let before = schema(&["happy", "sad"], "{happy,sad}");
    let after = schema(&["happy"], "{happy}");
    let steps = described(&before, &after, &none).unwrap();
    assert!(steps.starts_with("Change column people.moods"), "{steps}");
}

#[test]
fn values_of_enums_are_renamed_as_said_and_asked_about() {
    let mood = |values: &[&str]| {
        let kind = EnumType {
            name: "mood".into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let mut schema = Schema::default();
        schema.enums.insert("mood".into(), kind);
        schema
    };
    let (before, after) = (
        mood(&["happy", "sad", "low"]),
        mood(&["happy", "saddest", "low"]),
    );
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].of, Of::Values("mood".into()));
    assert_eq!(
        (found[0].new.as_str(), &*found[0].candidates),
        ("saddest", &["sad".to_owned()][..])
    );
    let said = |renamed: &[(&str, &str)]| {
        let mut renames = Renames::default();
        for (from, to) in renamed {
            renames.add_value("mood", from, to);
        }
        renames
    };
    let renames = said(&[("sad", "saddest")]);
    assert!(questions(&before, &after, &renames).is_empty());
    assert_eq!(
        described(&before, &after, &renames).as_deref(),
        Ok("Change enum mood to (happy, saddest, low); sad is now saddest")
    );
    // Only more, or only fewer: nothing to ask.
    assert!(questions(&before, &mood(&["happy"]), &Renames::default()).is_empty());
    assert!(questions(&mood(&["happy"]), &before, &Renames::default()).is_empty());
    for (renamed, expected) in [
        (
            &[("bad", "saddest")][..],
            "the enum `mood` had no value `bad` to rename",
        ),
        (
            &[("low", "saddest")],
            "the value `low` of the enum `mood` is still there: it was not renamed",
        ),
        (&[("sad", "worse")], "the enum `mood` has no value `worse`"),
        (
            &[("sad", "happy")],
            "two values of the enum `mood` cannot become the one value `happy`",
        ),
    ] {
        assert_eq!(
            described(&before, &after, &said(renamed)),
            Err(expected.to_owned())
        );
    }
}

#[test]
fn a_hint_counts_until_the_old_name_is_gone() {
    let hints = [ColumnRename {
        table: "books".into(),
        old: "name".into(),
        new: "title".into(),
    }];
    let after = schema_with(&[table("books", &["id", "title"])]);
    for (columns, expected) in [(["id", "name"], 1), (["id", "title"], 0)] {
        let mut renames = Renames::default();
        let before = schema_with(&[table("books", &columns)]);
        renames.add_hints(&hints, (&before, &after), &BTreeSet::new());
        assert_eq!(renames.columns.len(), expected);
    }
}

#[test]
fn rows_that_exist_need_values() {
    let before = schema_with(&[table("books", &["id"])]);
    let after = schema_with(&[table("books", &["id", "pages"]), table("new", &["id", "x"])]);
    let operations = between(&before, &after);
    assert_eq!(
        unanswered(&before, &operations),
        [("books".to_owned(), "pages".to_owned())]
    );
}

/// The files of a history: name, parents, tables created.
fn files(migrations: &[(&str, &[&str], &str)]) -> Vec<File> {
    let mut files = Vec::new();
    for (name, parents, creates) in migrations {
        let operations: Vec<Operation> = creates
            .split_whitespace()
            .map(|name| Operation::CreateTable {
                table: table(name, &["id"]),
            })
            .collect();
        let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
        let written = write(
            name,
            parents,
            &Schema::default(),
            &operations,
            &[Dialect::Sqlite],
        );
        let written = written.expect("SQLite can make tables").files.into_iter();
        files.extend(written.map(|(path, text)| File { path, text }));
    }
    files
}

fn history(migrations: &[(&str, &[&str], &str)]) -> History {
    History::read(&files(migrations)).expect("readable")
}

#[test]
fn branches_fold_to_the_same_schema_and_are_compared() {
    let linear = history(&[
        ("1_a", &[], "a"),
        ("2_b", &["1_a"], "b"),
        ("3_c", &["2_b"], "c"),
    ]);
    let branched = history(&[
        ("1_a", &[], "a"),
        ("2_c", &["1_a"], "c"),
        ("3_b", &["1_a"], "b"),
    ]);
    assert!(linear.state().unwrap().same_as(&branched.state().unwrap()));
    let heads = |history: &History| -> Vec<String> {
        history.heads().iter().map(|m| m.name.clone()).collect()
    };
    assert_eq!(heads(&linear), ["3_c"]);
    assert_eq!(heads(&branched), ["2_c", "3_b"]);
    assert!(branched.conflicts().is_empty());
    let both = history(&[
        ("1_a", &[], "a"),
        ("2_b", &["1_a"], "b"),
        ("3_b", &["1_a"], "b"),
    ]);
    assert_eq!(
        both.conflicts(),
        [("2_b".into(), "3_b".into(), vec!["table b".to_owned()])]
    );
    assert_eq!(
        both.state().unwrap_err(),
        "3_b cannot be applied: the table `b` exists already"
    );
}

#[test]
fn contradictions_between_files_are_named() {
    let mut all = files(&[("1_a", &[], "a"), ("2_b", &["1_a"], "b")]);
    all.retain(|file| file.path != "meta/1_a.json");
    let error = History::read(&all).unwrap().state().unwrap_err();
    assert_eq!(error, "the migration 2_b builds on 1_a, which is not there");
    let cycle = history(&[("1_a", &["2_b"], "a"), ("2_b", &["1_a"], "b")]);
    assert_eq!(
        cycle.state().unwrap_err(),
        "the parents of the migrations run in a cycle"
    );
    for (path, expected) in [
        ("meta/3_x.json", "migrations/meta/3_x.json: "),
        (
            "sqlite/x_y.up.sql",
            "migrations/sqlite/x_y.up.sql: a migration's name starts",
        ),
        ("sqlite/1_other.up.sql", "two migrations have the version 1"),
    ] {
        let mut all = files(&[("1_a", &[], "a")]);
        all.push(File {
            path: path.into(),
            text: "nonsense".into(),
        });
        let error = History::read(&all).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn edited_and_deleted_files_are_noticed() {
    let mut all = files(&[("1_a", &[], "a")]);
    assert_eq!(
        History::read(&all).unwrap().problems(&[Dialect::Sqlite]),
        []
    );
    all[0].text.push_str("-- more\n");
    all.remove(1);
    assert_eq!(
        History::read(&all).unwrap().problems(&[Dialect::Sqlite]),
        [
            Problem::Edited("migrations/sqlite/1_a.up.sql".into()),
            Problem::Missing("migrations/sqlite/1_a.down.sql".into())
        ]
    );
}

fn applied(history: &History, versions: &[i64]) -> Vec<Applied> {
    versions
        .iter()
        .map(|version| Applied {
            version: *version,
            description: history.migrations[version].description(),
            installed_on: String::new(),
            success: true,
            interrupted: None,
            checksum: checksum(
                history.migrations[version].sql[&Dialect::Sqlite]
                    .up
                    .as_ref()
                    .unwrap(),
            ),
        })
        .collect()
}

fn steps(history: &History, at: &[Applied], target: &str) -> String {
    let target = match target {
        "" => Ok(Target::Latest),
        target => history.target(target),
    };
    let steps = target.and_then(|target| history.steps(Dialect::Sqlite, at, &target));
    match steps {
        Ok(steps) => {
            let steps = steps.iter().map(|step| match step.direction {
                Direction::Apply => format!("+{}", step.version),
                Direction::Revert => format!("-{}", step.version),
            });
            steps.collect::<Vec<_>>().join(" ")
        }
        Err(blocked) => blocked.message,
    }
}

#[test]
fn the_way_to_a_target() {
    let history = history(&[
        ("1_a", &[], "a"),
        ("2_b", &["1_a"], "b"),
        ("30_c", &["2_b"], "c"),
    ]);
    for (at, target, expected) in [
        (&[][..], "", "+1 +2 +30"),
        (&[1, 2, 30], "", ""),
        (&[1, 2, 30], "zero", "-30 -2 -1"),
        (&[1, 2, 30], "1_a", "-30 -2"),
        (&[1], "b", "+2"),
        (&[1], "30", "+2 +30"),
        (&[2], "1", "-2 +1"),
        (&[1], "nothing", "there is no migration `nothing`"),
    ] {
        assert_eq!(
            steps(&history, &applied(&history, at), target),
            expected,
            "{at:?} {target}"
        );
    }
}

#[test]
fn a_target_that_fits_several_is_refused() {
    let history = history(&[("10_ab", &[], "a"), ("11_ac", &["10_ab"], "b")]);
    let error = history.target("a").unwrap_err();
    assert_eq!(error.message, "`a` fits 2 migrations");
    assert_eq!(error.hint, "say more of the name: 10_ab, 11_ac");
}

#[test]
fn rows_that_contradict_the_files_stop_everything() {
    let history = history(&[("1_a", &[], "a"), ("2_b", &["1_a"], "b")]);
    let row = applied(&history, &[1]).remove(0);
    for (row, expected) in [
        (
            Applied {
                success: false,
                ..row.clone()
            },
            "the migration 1_a stopped half-way",
        ),
        (
            Applied {
                checksum: "00".into(),
                ..row.clone()
            },
            "migrations/sqlite/1_a.up.sql was edited after it was applied",
        ),
        (
            Applied {
                version: 7,
                ..row.clone()
            },
            "the migration 7_a is applied, but its file is missing",
        ),
    ] {
        assert_eq!(steps(&history, &[row], ""), expected);
    }
}

#[test]
fn what_was_cut_short_is_brought_to_its_end_first() {
    let history = history(&[("1_a", &[], "a"), ("2_b", &["1_a"], "b")]);
    for (direction, done, target, expected) in [
        (Direction::Apply, 0, "", "+1 +2"),
        (Direction::Apply, 3, "zero", "+1 -1"),
        (Direction::Revert, 7, "zero", "-1"),
        (Direction::Revert, 7, "", "-1 +1 +2"),
    ] {
        let mut rows = applied(&history, &[1]);
        rows[0].success = false;
        let mark = Interrupted::mark(direction, done);
        rows[0].interrupted = Interrupted::from_execution_time(mark);
        let read = Interrupted {
            direction,
            done,
            statements: None,
        };
        assert_eq!(rows[0].interrupted, Some(read));
        assert_eq!(steps(&history, &rows, target), expected);
    }
    for sqlx in [-1, 0, 12_345] {
        assert_eq!(Interrupted::from_execution_time(sqlx), None);
    }
}

#[test]
fn a_late_branch_goes_in_unless_it_touches_the_same() {
    let apart = history(&[
        ("1_a", &[], "a"),
        ("2_b", &["1_a"], "b"),
        ("3_c", &["1_a"], "c"),
    ]);
    assert_eq!(steps(&apart, &applied(&apart, &[1, 3]), ""), "+2");
    let same = history(&[
        ("1_a", &[], "a"),
        ("2_b", &["1_a"], "b"),
        ("3_b", &["1_a"], "b"),
    ]);
    assert_eq!(
        steps(&same, &applied(&same, &[1, 3]), ""),
        "two branches of migrations change the same, and nobody has brought them together: 2_b and 3_b both touch table b"
    );
}

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
