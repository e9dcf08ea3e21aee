//! Changes of type on rows that are there: the same outcome on all three databases, as PostgreSQL reads the values.

mod cases;

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, set};
use Ends::{Becomes, Changes};
use cases::{DECIMAL, FINE, cases};

enum Ends {
    /// The value afterwards, as text; truth is `1` and `0`, a UUID its digits.
    Becomes(&'static str),
    /// Nothing can read it.
    Unreadable,
    /// It would be another value, and is this one where that was accepted.
    Changes(&'static str),
}

/// The type of a field and the one that it gets, a value in SQL, and what comes of it. `$uuid` is a UUID.
type Case = (&'static str, &'static str, &'static str, Ends);

const UUID: &str = "550e8400-e29b-41d4-a716-446655440000";
const DIGITS: &str = "550e8400e29b41d4a716446655440000";

const ENUMS: &str = "---\n#[derive(Clone, Debug, PartialEq, EnumIter, DeriveActiveEnum)]\n\
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\", rename_all = \"snake_case\")]\n\
    pub enum Mood { Happy, Sad }\n\
    #[derive(Clone, Debug, PartialEq, EnumIter, DeriveActiveEnum)]\n\
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"calm\", rename_all = \"snake_case\")]\n\
    pub enum Calm { Happy, Calm }\n";

fn field(kind: &str) -> String {
    let (attribute, kind) = match kind.rsplit_once(' ') {
        Some((attribute, kind)) => (attribute, kind),
        None => ("", kind),
    };
    let enums = if ["Mood", "Calm"].contains(&kind) {
        ENUMS
    } else {
        ""
    };
    format!("    {attribute}\n    pub v: Option<{kind}>,\n{enums}")
}

/// A project whose tables `c0`, `c1`, … have the types before, and after.
fn evolution(cases: &[Case], args: &[String]) -> Sandbox {
    let sandbox = project();
    let entities = |kind: &dyn Fn(&Case) -> &'static str| {
        let texts: Vec<(String, String)> = cases
            .iter()
            .enumerate()
            .map(|(number, case)| (format!("c{number}"), field(kind(case))))
            .collect();
        let pairs: Vec<(&str, &str)> = texts
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        set(&sandbox, &pairs);
    };
    entities(&|case| case.0);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    entities(&|case| case.1);
    let mut all = vec![
        "makemigrations".to_owned(),
        "-m".into(),
        "second".into(),
        "--allow-drop".into(),
    ];
    all.extend_from_slice(args);
    sandbox.run(all).success();
    sandbox
}

fn insert(database: &Database, number: usize, case: &Case) {
    let bytes = |text: &str| match (database.dialect, text.strip_prefix('$')) {
        ("postgres", Some(digits)) if digits != "uuid" => format!("'\\x{digits}'"),
        (_, Some(digits)) if digits != "uuid" => format!("X'{digits}'"),
        _ => text.to_owned(),
    };
    let value = match database.dialect {
        _ if case.2.starts_with('$') && case.2 != "$uuid" => bytes(case.2),
        "postgres" => case.2.replace("$uuid", &format!("'{UUID}'")),
        // Its moments are in UTC, and do not say so.
        "mysql" if case.0 == "DateTimeUtc" => case.2.replace("+00:00", ""),
        _ => case.2.replace("$uuid", &format!("X'{DIGITS}'")),
    };
    database.execute(&format!(
        "INSERT INTO c{number} (v) VALUES ({value}), (NULL)"
    ));
}

/// The value in a spelling of all three.
fn value(database: &Database, number: usize, case: &Case) -> String {
    // Large numbers are written with exponents otherwise.
    let whole =
        matches!(case.3, Becomes(text) | Changes(text) if text.len() > 4 && !text.contains('.'));
    let text = match (database.dialect, case.1) {
        ("postgres", "bool") => "CASE WHEN v THEN '1' ELSE '0' END",
        ("postgres", "Uuid") => "replace(v::text, '-', '')",
        ("postgres", "DateTimeUtc") => "(v AT TIME ZONE 'UTC')::text",
        ("postgres", "f64" | "f32") if whole => "v::double precision::bigint::text",
        ("postgres", _) => "v::text",
        ("sqlite", "Uuid") => "lower(hex(v))",
        ("sqlite", "DateTimeUtc") => "datetime(v)",
        ("sqlite", "f64" | "f32") if whole => "CAST(CAST(v AS INTEGER) AS TEXT)",
        ("sqlite", "f64") => "printf('%!.17g', v)",
        ("sqlite", "f32") => "printf('%.7g', v)",
        ("sqlite", kind) if kind == FINE => "printf('%.16f', v)",
        ("sqlite", kind) if kind == DECIMAL => "printf('%.2f', v)",
        ("sqlite", "i32" | "i64") => {
            "CASE typeof(v) WHEN 'integer' THEN CAST(v AS TEXT) ELSE typeof(v) END"
        }
        ("sqlite", _) => "CAST(v AS TEXT)",
        (_, "Uuid") => "lower(hex(v))",
        (_, "f64" | "f32") if whole => "CAST(CAST(CAST(v AS DOUBLE) AS DECIMAL(20)) AS CHAR)",
        (_, _) => "CAST(v AS CHAR)",
    };
    let found = database.texts(&format!("SELECT {text} FROM c{number} WHERE v IS NOT NULL"));
    found.concat()
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn values_become_the_same_everywhere() {
    let all = cases();
    let cases: Vec<Case> = all
        .into_iter()
        .filter(|case| matches!(case.3, Becomes(_)))
        .collect();
    let sandbox = evolution(&cases, &[]);
    for database in Database::of_folder(Sandbox::new()).and_others() {
        database.migrate(&sandbox, &["first"]).success();
        for (number, case) in cases.iter().enumerate() {
            insert(&database, number, case);
        }
        database.migrate(&sandbox, &[]).success();
        let mut wrong = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let Becomes(expected) = case.3 else { continue };
            let found = value(&database, number, case);
            if found != expected {
                wrong.push(format!("{} {} → {}: {found}", case.2, case.0, case.1));
            }
        }
        assert!(wrong.is_empty(), "{}: {wrong:#?}", database.dialect);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_cannot_be_read_or_would_change_is_refused_with_its_count() {
    let all = cases();
    let cases: Vec<Case> = all
        .into_iter()
        .filter(|case| !matches!(case.3, Becomes(_)))
        .collect();
    let sandbox = evolution(&cases, &[]);
    for database in Database::of_folder(Sandbox::new()).and_others() {
        database.migrate(&sandbox, &["first"]).success();
        for (number, case) in cases.iter().enumerate() {
            insert(&database, number, case);
        }
        let outcome = database.migrate(&sandbox, &[]).code(1);
        let mut wrong = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let said = match case.3 {
                Changes(_) => format!("1 value of `c{number}.v` would change as"),
                _ => format!("1 value of `c{number}.v` "),
            };
            if !outcome.stderr.contains(&said) {
                wrong.push(format!("c{number}: {} {} → {}", case.2, case.0, case.1));
            }
        }
        assert!(
            wrong.is_empty(),
            "{}: {wrong:#?}\n{}",
            database.dialect,
            outcome.stderr
        );
        assert_eq!(super::recorded(&database), ["first"]);
    }
}

/// Rows that come after `migrate` has looked, or a runner that does not look.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn guards_in_the_files_stop_other_runners() {
    let all = cases();
    let cases: Vec<Case> = all
        .into_iter()
        .filter(|case| !matches!(case.3, Becomes(_)))
        .collect();
    let sandbox = evolution(&cases, &[]);
    for database in Database::of_folder(Sandbox::new()).and_others() {
        let mut passed = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            // A failure on MySQL is for good.
            if number == 0 || database.dialect == "mysql" {
                database.empty();
                database.migrate(&sandbox, &["first"]).success();
            }
            insert(&database, number, case);
            if database.sqlx(&sandbox).is_ok() {
                passed.push(format!("{} {} → {}", case.2, case.0, case.1));
                database.empty();
                database.migrate(&sandbox, &["first"]).success();
            }
            database.execute(&format!("DELETE FROM c{number}"));
        }
        assert!(passed.is_empty(), "{}: {passed:#?}", database.dialect);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn losses_that_were_accepted_are_the_same_everywhere() {
    let all = cases();
    let cases: Vec<Case> = all
        .into_iter()
        .filter(|case| matches!(case.3, Changes(_)))
        .collect();
    let places: Vec<String> = (0..cases.len())
        .map(|number| format!("c{number}.v"))
        .collect();
    let flags: Vec<String> = places
        .iter()
        .map(|place| format!("--accept-loss={place}"))
        .collect();
    // Said when it is written, or when it is run.
    for (written, run) in [(flags.as_slice(), &[][..]), (&[][..], flags.as_slice())] {
        let sandbox = evolution(&cases, written);
        for database in Database::of_folder(Sandbox::new()).and_others() {
            database.migrate(&sandbox, &["first"]).success();
            for (number, case) in cases.iter().enumerate() {
                insert(&database, number, case);
            }
            let run: Vec<&str> = run.iter().map(String::as_str).collect();
            database.migrate(&sandbox, &run).success();
            let mut wrong = Vec::new();
            for (number, case) in cases.iter().enumerate() {
                let Changes(expected) = case.3 else { continue };
                let found = value(&database, number, case);
                if found != expected {
                    wrong.push(format!("{} {} → {}: {found}", case.2, case.0, case.1));
                }
            }
            assert!(wrong.is_empty(), "{}: {wrong:#?}", database.dialect);
        }
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn makemigrations_asks_where_values_would_change() {
    for database in Database::of_folder(Sandbox::new()).and_others() {
        let sandbox = project();
        set(&sandbox, &[("t", "    pub a: f64,")]);
        sandbox.run(["makemigrations"]).success();
        database.migrate(&sandbox, &[]).success();
        database.execute("INSERT INTO t (a) VALUES (1), (12.75), (0.5)");
        set(&sandbox, &[("t", "    pub a: i64,")]);
        let before = sandbox.snapshot("migrations");
        let run = |args: &[&str]| {
            let mut command = sandbox.command(["makemigrations", "-m", "second"]);
            crate::common::Outcome::of(command.args(args).env("DATABASE_URL", &database.url))
        };
        run(&["--no-input"])
            .code(3)
            .stderr_has("2 values of `t.a` would change")
            .stderr_has("12.75")
            .stderr_has("--accept-loss t.a");
        assert!(sandbox.snapshot("migrations") == before);
        run(&["--accept-loss", "t.b"]).code(2).stderr_has("t.b");
        run(&["--accept-loss", "t.a"]).success();
        database.migrate(&sandbox, &[]).success();
        database.execute("UPDATE t SET a = a + 0");
    }
}
