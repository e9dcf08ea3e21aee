//! Things made by hand beside the entities, on the servers: kept, or named before anything runs.

mod mysql;
mod postgresql;

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, recorded, set};

/// One change of the table `t`, and something made by hand that it would take away, break or stop at.
pub(super) struct Case {
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    /// For `makemigrations`.
    pub(super) args: &'static [&'static str],
    pub(super) by_hand: &'static str,
    pub(super) ends: Ends,
}

pub(super) enum Ends {
    /// `migrate` names these and does nothing; with `--accept-loss` of the last it goes through.
    Refused(&'static [&'static str]),
    /// `migrate` goes through, and this query answers so.
    Kept(&'static str, &'static str),
}
pub(super) use Ends::{Kept, Refused};

pub(super) const DROP: &[&str] = &["--allow-drop"];
const RENAME: &[&str] = &["--rename", "t.a=t.z"];
/// `a` changes its name and its type at once.
const BOTH: &[&str] = &["--rename", "t.a=t.z", "--default", "t.z=0"];

pub(super) fn prepared(case: &Case) -> Sandbox {
    let sandbox = project();
    set(&sandbox, &[("t", case.before)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, &[("t", case.after)]);
    sandbox
        .run([&["makemigrations", "-m", "second"], case.args].concat())
        .success();
    sandbox
}

pub(super) fn check(database: &Database, cases: &[Case]) {
    for case in cases {
        let sandbox = prepared(case);
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(case.by_hand);
        match case.ends {
            Refused(named) => {
                let mut outcome = database.migrate(&sandbox, &[]).code(1);
                for name in named {
                    outcome = outcome.stderr_has(name);
                }
                assert_eq!(recorded(database), ["first"], "{}", case.by_hand);
                let last = named.last().expect("something is named");
                let flag = format!("--accept-loss '{last}'");
                outcome.stderr_has(&flag);
                database
                    .migrate(&sandbox, &["--accept-loss", last])
                    .success();
            }
            Kept(query, expected) => {
                database.migrate(&sandbox, &[]).success();
                assert_eq!(database.texts(query), [expected], "{}", case.by_hand);
            }
        }
        assert_eq!(recorded(database), ["first", "second"], "{}", case.by_hand);
        database.execute("INSERT INTO t (id) VALUES (7)");
    }
}

const TEXT: &str = "pub a: Option<String>,";
const LONG: &str = "#[sea_orm(column_type = \"Text\")]\n    pub a: Option<String>,";
pub(super) const INT: &str = "pub a: Option<i32>,";
pub(super) const BIG: &str = "pub a: Option<i64>,";
const INT_Z: &str = "pub z: Option<i32>,";
const BIG_Z: &str = "pub z: Option<i64>,";
pub(super) const NOTHING: &str = "pub b: Option<i32>,";
pub(super) const INT_B: &str = "pub a: Option<i32>,\n    pub b: Option<i32>,";
