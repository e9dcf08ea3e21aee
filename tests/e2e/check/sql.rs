//! SQL that is unsafe for a database in use.

use super::{ENTITY, bookstore, edit, file};

#[test]
fn unsafe_sql_is_found_where_it_is_and_allowed_with_a_reason() {
    let sandbox = bookstore("\"sqlite\", \"postgres\"");
    // Tables that are made in the same file have nobody to lock out.
    sandbox
        .run(["check", "--tag", "sql"])
        .success()
        .stderr_has("nothing to complain about");
    sandbox
        .run(["makemigrations", "--empty", "--name", "by_hand"])
        .success();
    let path = file(&sandbox, "postgres", "by_hand.up.sql");
    sandbox.write(
        &path,
        "-- By hand.\n\nCREATE INDEX thick ON books (pages);\n",
    );
    sandbox
        .run(["check", "--tag", "sql"])
        .success()
        .stdout_has(&format!("{path}:3: warning[LUT012]: `thick` is built"))
        .stdout_has("Hint: CREATE INDEX CONCURRENTLY")
        .stderr_has("Checked sql: 1 warning, 1 note, which -v shows");
    sandbox
        .run(["-v", "check", "--tag", "sql"])
        .success()
        .stdout_has("info[LUT017]");
    sandbox
        .run(["check", "--tag", "sql", "--fail-level", "warning"])
        .code(1);
    let other = file(&sandbox, "sqlite", "by_hand.up.sql");
    sandbox
        .run(["check", &other, "--fail-level", "info"])
        .success();
    sandbox
        .run(["check", &path, "--fail-level", "info"])
        .code(1);
    let allowed = "-- luthier: allow LUT012, LUT017: nobody has books yet\nCREATE INDEX thick ON books (pages);\n";
    sandbox.write(&path, allowed);
    sandbox
        .run(["check", "--tag", "sql", "--fail-level", "info"])
        .success();
    sandbox.write(&path, "-- luthier: allow LUT012\nSELECT 1;\n");
    sandbox
        .run(["check", "--tag", "sql", "--fail-level", "warning"])
        .code(1)
        .stdout_has("warning[LUT091]: LUT012 is allowed without a reason");
}

#[test]
fn makemigrations_warns_of_what_it_writes() {
    let sandbox = bookstore("\"sqlite\", \"postgres\"");
    edit(
        &sandbox,
        ENTITY,
        "    pub pages",
        "    #[sea_orm(indexed)]\n    pub pages",
    );
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("Warning: LUT012: `idx-books-pages` is built while nobody can write to `books` (postgres, line ")
        .stderr_has("luthier check --explain LUT012");
}
