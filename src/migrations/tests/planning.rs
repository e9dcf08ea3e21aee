//! The steps from what a database has recorded to a target.

use super::*;

fn steps(history: &History, at: &[Applied], target: &str) -> String {
    let target = match target {
        "" => Ok(MigrationTarget::Latest),
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
