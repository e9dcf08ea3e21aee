use proptest::prelude::*;

use super::*;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnType, Schema, Table};
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

fn of(tables: &[Table]) -> Schema {
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
    let before = of(&[table("books", &["id", "a", "b"]), table("tags", &["id"])]);
    let after = of(&[table("works", &["id", "b", "a"]), table("tags", &["id"])]);
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
        described(&of(&[old]), &of(&[new]), &renames).as_deref(),
        Ok(
            "Rename column books.name to title; Rename index idx-books-name of books to idx-books-title"
        )
    );
}

#[test]
fn what_may_be_a_rename_is_asked_likeliest_first() {
    let before = of(&[
        table("books", &["id", "titel", "pages"]),
        table("logs", &["id"]),
    ]);
    let after = of(&[table("books", &["id", "title"]), table("logs", &["id"])]);
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].new, "title");
    assert_eq!(found[0].candidates, ["titel", "pages"]);
    // A table comes first: the answer decides which columns are compared.
    let after = of(&[
        table("works", &["id", "titel", "pages"]),
        table("logs", &["id"]),
    ]);
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found[0].table, None);
    assert_eq!(found[0].candidates, ["books"]);
    // Nothing went away, or nothing came: nothing to ask.
    assert!(questions(&before, &of(&[]), &Renames::default()).is_empty());
    assert!(questions(&of(&[]), &before, &Renames::default()).is_empty());
}

#[test]
fn a_hint_counts_until_the_old_name_is_gone() {
    let hints = [("books".to_owned(), "name".to_owned(), "title".to_owned())];
    let after = of(&[table("books", &["id", "title"])]);
    for (columns, expected) in [(["id", "name"], 1), (["id", "title"], 0)] {
        let mut renames = Renames::default();
        renames.add_hints(&hints, &of(&[table("books", &columns)]), &after);
        assert_eq!(renames.columns.len(), expected);
    }
}

#[test]
fn rows_that_exist_need_values() {
    let before = of(&[table("books", &["id"])]);
    let after = of(&[table("books", &["id", "pages"]), table("new", &["id", "x"])]);
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
    let circle = history(&[("1_a", &["2_b"], "a"), ("2_b", &["1_a"], "b")]);
    assert_eq!(
        circle.state().unwrap_err(),
        "the parents of the migrations run in a circle"
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
        rows[0].interrupted = Interrupted::of(mark);
        assert_eq!(rows[0].interrupted, Some(Interrupted { direction, done }));
        assert_eq!(steps(&history, &rows, target), expected);
    }
    for sqlx in [-1, 0, 12_345] {
        assert_eq!(Interrupted::of(sqlx), None);
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
        "2_b is not applied, but the newer 3_b is, and both touch table b"
    );
}
