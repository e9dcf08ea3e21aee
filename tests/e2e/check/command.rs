//! The command itself: its tags, its ids, a project in order.

use crate::common::Sandbox;

use super::{bookstore, ids, migrations};

#[test]
fn a_project_in_order_has_nothing_to_complain_about() {
    let sandbox = bookstore("\"sqlite\"");
    sandbox
        .run(["check"])
        .success()
        .stderr_has("Replaying  1 migration on SQLite")
        .stderr_has("Checked models, migrations, sql, admin: nothing to complain about");
    assert_eq!(ids(&migrations(&sandbox).success()), [""; 0]);
    // Nothing is left in the project by looking at it.
    assert!(!sandbox.exists("scratch.db"));
}

#[test]
fn tags_files_and_ids_that_do_not_exist_are_mistakes() {
    let sandbox = bookstore("\"sqlite\"");
    sandbox
        .run(["check", "--tag", "modles"])
        .code(2)
        .stderr_has("[possible values: models, migrations, sql");
    sandbox
        .run(["check", "nothing.up.sql"])
        .code(2)
        .stderr_has("`nothing.up.sql` is not a file of a migration");
    sandbox
        .run(["check", "--tag", "models", "x.up.sql"])
        .code(2)
        .stderr_has("only the tag `sql` takes files");
    sandbox
        .run(["check", "--explain", "LUT01"])
        .code(2)
        .stderr_has("no check has the id `LUT01`")
        .stderr_has("--explain all");
}

#[test]
fn an_id_is_explained_without_a_project() {
    let sandbox = Sandbox::new();
    for id in ["LUT012", "lut012", "index-not-concurrent"] {
        sandbox
            .run(["check", "--explain", id])
            .success()
            .stdout_has("LUT012 index-not-concurrent (warning)")
            .stdout_has("Instead: CREATE INDEX CONCURRENTLY");
    }
    sandbox
        .run(["check", "--explain", "all"])
        .success()
        .stdout_has("LUT001 ")
        .stdout_has("LUT101 ")
        .stdout_has("LUT201 ");
}
