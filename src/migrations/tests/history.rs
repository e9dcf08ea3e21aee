//! Files of migrations as a history: branches, contradictions, edits.

use super::*;

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
