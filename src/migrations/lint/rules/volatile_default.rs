//! New columns whose value is computed for every row (squawk `adding-field-with-default`, strong_migrations).

use super::prelude::*;
use crate::sql::tokens::{Token, TokenKind};

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT016",
        name: "volatile-default",
        level: Level::Warning,
        why: "The value differs from row to row, so the whole table is rewritten while nobody else can use it.",
        instead: "add the column without a default, SET DEFAULT for new rows, and fill the old ones in steps",
    },
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    checks_down: false,
    check,
};

/// Functions that give every row of one statement the same, or depend on nothing but what they are given.
const STEADY: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "current_setting",
    "current_database",
    "current_schema",
    "timezone",
    "date_trunc",
    "date_part",
    "extract",
    "to_timestamp",
    "make_date",
    "make_time",
    "make_timestamp",
    "make_interval",
    "to_date",
    "to_char",
    "to_number",
    "age",
    "lower",
    "upper",
    "initcap",
    "trim",
    "btrim",
    "ltrim",
    "rtrim",
    "replace",
    "substr",
    "substring",
    "left",
    "right",
    "lpad",
    "rpad",
    "repeat",
    "concat",
    "concat_ws",
    "format",
    "md5",
    "sha256",
    "encode",
    "decode",
    "length",
    "char_length",
    "ascii",
    "chr",
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "abs",
    "ceil",
    "ceiling",
    "floor",
    "round",
    "trunc",
    "sqrt",
    "power",
    "mod",
    "sign",
    "json_build_object",
    "json_build_array",
    "jsonb_build_object",
    "jsonb_build_array",
    "to_json",
    "to_jsonb",
    "json_object",
    "json_array",
    "array_fill",
    "string_to_array",
    "tstzrange",
    "tsrange",
    "daterange",
    "int4range",
    "int8range",
    "numrange",
    "row",
    "array",
    "cast",
    "point",
    "box",
    "curdate",
    "curtime",
    "utc_timestamp",
    "if",
    "ifnull",
    "st_geomfromtext",
    "st_makepoint",
    "any",
];

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| {
        let Alter::AddColumn(column) = action else {
            return None;
        };
        let why = why(column)?;
        Some(Violation::new(
            at,
            format!("`{}` {why}: all of {table} is rewritten", column.name),
        ))
    });
    violations.collect()
}

fn why(column: &Column) -> Option<String> {
    if column.counts {
        return Some("is numbered".into());
    }
    if column.generated && column.stored {
        return Some("is computed and kept".into());
    }
    let call = calls(column.default.as_deref()?)
        .into_iter()
        .find(|name| !STEADY.contains(&name.as_str()))?;
    Some(format!("gets another value from `{call}` in each row"))
}

/// The functions that an expression calls, in lower case.
fn calls(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, pair) in tokens.windows(2).enumerate() {
        let (TokenKind::Word(name) | TokenKind::Quoted(name)) = &pair[0].kind else {
            continue;
        };
        // `::numeric(10, 2)` and `CAST(x AS varchar(10))` are types.
        let before = number.checked_sub(1).map(|before| &tokens[before]);
        let is_type = before.is_some_and(|token| token.is("::") || token.is("AS"));
        if pair[1].is("(") && !is_type {
            found.push(name.to_lowercase());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid()",
                "ALTER TABLE b ADD COLUMN n float DEFAULT (1 + random())",
                "ALTER TABLE b ADD COLUMN n bigserial",
                "ALTER TABLE b ADD COLUMN n int GENERATED ALWAYS AS IDENTITY",
                "ALTER TABLE b ADD COLUMN n int GENERATED ALWAYS AS (a + 1) STORED",
                "ALTER TABLE b ADD COLUMN n int DEFAULT my.own_function(1)",
            ],
        );
        finds(
            &RULE,
            Mysql,
            &["ALTER TABLE b ADD COLUMN k binary(16) DEFAULT (uuid_to_bin(uuid()))"],
        );
    }

    #[test]
    fn values_that_are_the_same_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD COLUMN at timestamptz NOT NULL DEFAULT now()",
                "ALTER TABLE b ADD COLUMN at timestamptz DEFAULT CURRENT_TIMESTAMP",
                "ALTER TABLE b ADD COLUMN p numeric(10, 2) DEFAULT '0'::numeric(10, 2)",
                "ALTER TABLE b ADD COLUMN p text DEFAULT CAST(1 AS varchar(10)) NOT NULL CHECK (random() > 0)",
                "ALTER TABLE b ADD COLUMN n int",
                "CREATE TABLE b (id uuid DEFAULT gen_random_uuid())",
                "ALTER TABLE b ALTER COLUMN n SET DEFAULT random()",
            ],
        );
    }
}
