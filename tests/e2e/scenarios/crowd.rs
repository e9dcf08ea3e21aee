//! Many processes at once, and processes that are killed: nothing is applied twice, nothing is half recorded.
//!
//! `LUTHIER_KILLS` asks for more kills on each database than a quick run tries.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::databases;
use super::harness::{by_hand, project, set};
use super::squash::{four, squashed};
use crate::common::Sandbox;
use crate::common::databases::Database;

/// Tables, columns, indexes and references, and two migrations that would show if they ran twice.
fn many() -> Sandbox {
    let sandbox = project(&[("author", "pub name: String,")]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    by_hand(
        &sandbox,
        "second",
        "INSERT INTO authors (name) VALUES ('one');\nINSERT INTO authors (name) VALUES ('two');\n",
        "DELETE FROM authors WHERE name = 'one';\nDELETE FROM authors WHERE name = 'two';\n",
    );
    set(
        &sandbox,
        &[
            (
                "author",
                "#[sea_orm(indexed)] pub name: Option<String>, pub age: Option<i32>,",
            ),
            (
                "book",
                "#[sea_orm(unique)] pub isbn: String, pub author_id: i64,
                #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Cascade\")]
                pub author: BelongsTo<super::author::Entity>,",
            ),
        ],
    );
    sandbox.run(["makemigrations", "-m", "third"]).success();
    by_hand(
        &sandbox,
        "fourth",
        "INSERT INTO authors (name) VALUES ('three');\nUPDATE authors SET age = coalesce(age, 0) + 1;\n",
        "UPDATE authors SET age = age - 1;\nDELETE FROM authors WHERE name = 'three';\n",
    );
    sandbox
}

const ALL: [&str; 4] = ["first", "second", "third", "fourth"];

fn is_applied_once(database: &Database, when: &str) {
    assert_eq!(
        databases::recorded(database),
        ALL,
        "{} {when}",
        database.dialect
    );
    let rows = databases::texts(
        database,
        "SELECT concat(name, ' ', age) FROM authors ORDER BY name",
    );
    assert_eq!(
        rows,
        ["one 1", "three 1", "two 1"],
        "{} {when}",
        database.dialect
    );
}

/// Starts sixteen processes with the same arguments; all of them succeed.
fn crowd(sandbox: &Sandbox, database: &Database, args: &[&str]) {
    let own = ["--database-url", &database.url];
    let args = [&["migrate"], args, &own].concat();
    let children: Vec<_> = (0..16)
        .map(|_| {
            let mut command = sandbox.command(&args);
            command.stderr(Stdio::piped()).stdout(Stdio::null());
            command.spawn().expect("luthier starts")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("luthier ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {said}", database.dialect);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn sixteen_processes_at_once_do_everything_once() {
    let sandbox = many();
    let (before, after) = {
        let before = four();
        let after = squashed(&before);
        (before, after)
    };
    for database in databases::all() {
        crowd(&sandbox, &database, &[]);
        is_applied_once(&database, "by sixteen");
        crowd(&sandbox, &database, &["zero"]);
        assert_eq!(databases::recorded(&database).len(), 0);
        // Rows that change hands do so once.
        database.empty();
        database.migrate(&before, &[]).success();
        crowd(&after, &database, &[]);
        assert_eq!(databases::recorded(&database), ["squashed first to last"]);
    }
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    /// From 0 to below 1.
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_kill_at_any_moment_leaves_what_the_next_run_completes() {
    let kills = std::env::var("LUTHIER_KILLS").ok();
    let kills: usize = kills.and_then(|number| number.parse().ok()).unwrap_or(8);
    let sandbox = many();
    for database in databases::all() {
        let mut dice = Dice(20_261_121);
        database.empty();
        let start = Instant::now();
        database.migrate(&sandbox, &[]).success();
        let whole = start.elapsed();
        let mut cut_short = 0;
        for number in 0..kills {
            let when = format!("killed {number}");
            // Forth and back in turns; the database is where the last turn left it.
            let target: &[&str] = match number % 2 {
                0 => &["zero"],
                _ => &[],
            };
            let own = ["--database-url", &database.url];
            let mut command = sandbox.command([&["migrate"], target, &own].concat());
            command.stderr(Stdio::null()).stdout(Stdio::null());
            let mut child = command.spawn().expect("luthier starts");
            std::thread::sleep(whole.mul_f64(dice.roll()) + Duration::from_millis(1));
            child.kill().expect("it can be killed");
            let ended = child.wait().expect("it ends");
            cut_short += usize::from(!ended.success());
            database.migrate(&sandbox, target).success();
            match number % 2 {
                0 => assert_eq!(
                    databases::recorded(&database).len(),
                    0,
                    "{} {when}",
                    database.dialect
                ),
                _ => is_applied_once(&database, &when),
            }
        }
        assert!(
            cut_short > 0,
            "no run was killed in time on {}",
            database.dialect
        );
    }
}
