//! Changes of type on rows that are there: the same outcome on all three databases, as PostgreSQL reads the values.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, set};

enum Ends {
    /// The value afterwards, as text; truth is `1` and `0`, a UUID its digits.
    Becomes(&'static str),
    /// Nothing can read it.
    Unreadable,
    /// It would be another value, and is this one where that was accepted.
    Changes(&'static str),
}

use Ends::{Becomes, Changes, Unreadable};

/// The type of a field and the one that it gets, a value in SQL, and what comes of it. `$uuid` is a UUID.
type Case = (&'static str, &'static str, &'static str, Ends);

const UUID: &str = "550e8400-e29b-41d4-a716-446655440000";
const DIGITS: &str = "550e8400e29b41d4a716446655440000";
const DECIMAL: &str = "#[sea_orm(column_type = \"Decimal(Some((10, 2)))\")] Decimal";
const COARSE: &str = "#[sea_orm(column_type = \"Decimal(Some((6, 1)))\")] Decimal";
const WIDE: &str = "#[sea_orm(column_type = \"Decimal(Some((20, 2)))\")] Decimal";
const FINE: &str = "#[sea_orm(column_type = \"Decimal(Some((20, 16)))\")] Decimal";
const FIXED: &str = "#[sea_orm(column_type = \"Char(Some(4))\")] String";
const SHORT: &str = "#[sea_orm(column_type = \"String(StringLen::N(3))\")] String";

const BYTES: &str = "#[sea_orm(column_type = \"Blob\")] Vec<u8>";
const LONG: &str = "#[sea_orm(column_type = \"Text\")] String";

fn cases() -> Vec<Case> {
    vec![
        (BYTES, LONG, "$c3a4", Becomes("ä")),
        (BYTES, LONG, "$", Becomes("")),
        (BYTES, LONG, "$ff", Unreadable),
        (BYTES, LONG, "$e28280c3", Unreadable),
        (BYTES, LONG, "$6100", Unreadable),
        ("f64", "f32", "1e300", Unreadable),
        ("f64", "f32", "-1e-60", Unreadable),
        ("f64", "f32", "0.000", Becomes("0")),
        ("String", "bool", "'true'", Becomes("1")),
        ("String", "bool", "' OFF '", Becomes("0")),
        ("String", "bool", "'yes'", Becomes("1")),
        ("String", "bool", "'2'", Unreadable),
        ("String", "bool", "''", Unreadable),
        (
            "String",
            "Uuid",
            "'550E8400-e29b-41d4-a716-446655440000'",
            Becomes(DIGITS),
        ),
        (
            "String",
            "Uuid",
            "'{550e8400e29b41d4a716446655440000}'",
            Becomes(DIGITS),
        ),
        ("String", "Uuid", "'zzz'", Unreadable),
        ("Uuid", "String", "$uuid", Becomes(UUID)),
        ("String", "Mood", "'happy'", Becomes("happy")),
        ("String", "Mood", "'Happy'", Unreadable),
        ("String", "Mood", "'zzz'", Unreadable),
        ("String", "Date", "'2024-02-29'", Becomes("2024-02-29")),
        ("String", "Date", "'2023-02-29'", Unreadable),
        ("String", "Date", "'zzz'", Unreadable),
        ("String", "Date", "'2024-13-01'", Unreadable),
        (
            "String",
            "Date",
            "'2024-02-03 04:05'",
            Changes("2024-02-03"),
        ),
        (
            "String",
            "DateTime",
            "'2024-02-03T04:05:06'",
            Becomes("2024-02-03 04:05:06"),
        ),
        (
            "String",
            "DateTime",
            "'2024-02-03'",
            Becomes("2024-02-03 00:00:00"),
        ),
        ("String", "DateTime", "'2024-02-03 25:00'", Unreadable),
        (
            "String",
            "DateTimeUtc",
            "'2024-02-03 04:05:06Z'",
            Becomes("2024-02-03 04:05:06"),
        ),
        (
            "String",
            "DateTimeUtc",
            "'2024-02-03 04:05:06+02:00'",
            Becomes("2024-02-03 02:05:06"),
        ),
        ("String", "DateTimeUtc", "'now-ish'", Unreadable),
        ("String", "Time", "'04:05:06'", Becomes("04:05:06")),
        ("String", "Time", "'24:05'", Unreadable),
        (
            "String",
            "Json",
            "'{\"a\": [1, null]}'",
            Becomes("{\"a\": [1, null]}"),
        ),
        ("String", "Json", "'zzz'", Unreadable),
        ("String", "i32", "' +007 '", Becomes("7")),
        ("String", "i32", "'12.75'", Unreadable),
        ("String", "i32", "'3000000000'", Unreadable),
        ("String", "i64", "'99999999999999999999'", Unreadable),
        ("String", "i64", "''", Unreadable),
        ("String", "f64", "'1e400'", Unreadable),
        ("String", "f64", "'-1e-400'", Unreadable),
        ("String", "f32", "'1e39'", Unreadable),
        (
            "String",
            "Uuid",
            "'{550e8400-e29b-41d4-a716-446655440000'",
            Unreadable,
        ),
        (
            "String",
            "Uuid",
            "'550e8400-e29b-41d4-a716-44665544{0}00'",
            Unreadable,
        ),
        ("String", DECIMAL, "'12.75'", Becomes("12.75")),
        ("String", DECIMAL, "'1e2'", Becomes("100.00")),
        ("String", DECIMAL, "'12.754'", Changes("12.75")),
        ("String", DECIMAL, "'1-2'", Unreadable),
        ("String", DECIMAL, "'123456789.5'", Unreadable),
        ("String", "f64", "'.5'", Becomes("0.5")),
        ("String", "f64", "'1e'", Unreadable),
        ("String", "f64", "'0x10'", Unreadable),
        (
            "String",
            "f64",
            "'9007199254740993'",
            Changes("9007199254740992"),
        ),
        (
            "String",
            "f64",
            "'0.30000000000000004'",
            Becomes("0.30000000000000004"),
        ),
        ("String", "f64", "'0.12500000000000001'", Changes("0.125")),
        (
            "String",
            "f64",
            "'-1234567890.12345678'",
            Changes("-1234567890.1234567"),
        ),
        ("String", "f32", "'0.1'", Becomes("0.1")),
        ("String", "f32", "'16777217'", Changes("16777216")),
        (
            WIDE,
            "f64",
            "123456789012345.5",
            Becomes("123456789012345.5"),
        ),
        (DECIMAL, "f32", "0.10", Becomes("0.1")),
        (DECIMAL, "f32", "16777217.00", Changes("16777216")),
        ("f32", DECIMAL, "16777216", Becomes("16777216.00")),
        (
            "f64",
            FINE,
            "0.1234567890123456",
            Becomes("0.1234567890123456"),
        ),
        (
            "f64",
            "String",
            "0.30000000000000004",
            Becomes("0.30000000000000004"),
        ),
        ("f32", "String", "0.1", Becomes("0.1")),
        (
            "DateTimeUtc",
            "String",
            "'2024-02-03 04:05:06+00:00'",
            Becomes("2024-02-03 04:05:06+00"),
        ),
        ("String", FIXED, "'ab'", Becomes("ab")),
        ("String", FIXED, "'ab '", Changes("ab")),
        ("f64", "i64", "12.0", Becomes("12")),
        ("f64", "i64", "12.75", Changes("13")),
        ("f64", "i64", "2.5", Changes("2")),
        ("f64", "i64", "-3.5", Changes("-4")),
        ("f64", "i32", "3000000000", Unreadable),
        ("f64", "i64", "1e19", Unreadable),
        (DECIMAL, "i32", "12.00", Becomes("12")),
        (DECIMAL, "i32", "12.50", Changes("13")),
        (DECIMAL, "i16", "99999.00", Unreadable),
        (DECIMAL, COARSE, "12.70", Becomes("12.7")),
        (DECIMAL, COARSE, "12.75", Changes("12.8")),
        (DECIMAL, COARSE, "123456.70", Unreadable),
        ("f64", DECIMAL, "0.1", Becomes("0.10")),
        ("f64", DECIMAL, "0.125", Changes("0.13")),
        ("f64", DECIMAL, "1e9", Unreadable),
        (
            "i64",
            "f64",
            "9007199254740992",
            Becomes("9007199254740992"),
        ),
        (
            "i64",
            "f64",
            "9007199254740993",
            Changes("9007199254740992"),
        ),
        ("i32", "f32", "16777216", Becomes("16777216")),
        ("i32", "f32", "16777217", Changes("16777216")),
        ("i64", DECIMAL, "100000000", Unreadable),
        ("i32", "bool", "1", Becomes("1")),
        ("i32", "bool", "2", Changes("1")),
        ("bool", "String", "TRUE", Becomes("true")),
        ("bool", "i32", "TRUE", Becomes("1")),
        ("i64", "String", "12", Becomes("12")),
        ("i64", SHORT, "1234", Unreadable),
        ("f64", "String", "100", Becomes("100")),
        ("f64", "String", "12.75", Becomes("12.75")),
        (DECIMAL, "String", "12.50", Becomes("12.50")),
        ("i64", "i32", "3000000000", Unreadable),
        (
            "Date",
            "DateTime",
            "'2024-02-03'",
            Becomes("2024-02-03 00:00:00"),
        ),
        (
            "DateTime",
            "Date",
            "'2024-02-03 00:00:00'",
            Becomes("2024-02-03"),
        ),
        (
            "DateTime",
            "Date",
            "'2024-02-03 04:05:06'",
            Changes("2024-02-03"),
        ),
        (
            "DateTime",
            "DateTimeUtc",
            "'2024-02-03 04:05:06'",
            Becomes("2024-02-03 04:05:06"),
        ),
        ("Mood", "Calm", "'happy'", Becomes("happy")),
        ("Mood", "Calm", "'sad'", Unreadable),
        ("Mood", "String", "'sad'", Becomes("sad")),
    ]
}

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
