//! Enum types: `CREATE TYPE`, new values in place, everything else through a new type.

use crate::schema::{EnumType, Schema};

use super::super::Dialect;

const PG: Dialect = Dialect::Postgres;

pub(super) fn create(kind: &EnumType) -> String {
    let values: Vec<String> = kind.values.iter().map(|value| PG.literal(value)).collect();
    format!(
        "CREATE TYPE {} AS ENUM ({})",
        PG.quote(&kind.name),
        values.join(", ")
    )
}

/// Changes the values of the enum `name` to `values`, after renaming those in `renamed`.
pub(super) fn alter(
    state: &Schema,
    name: &str,
    values: &[String],
    renamed: &[(String, String)],
) -> Result<Vec<String>, String> {
    let old = state
        .enums
        .get(name)
        .ok_or_else(|| format!("there is no enum `{name}`"))?;
    let quoted = PG.quote(name);
    let mut statements = Vec::new();
    let mut current = old.values.clone();
    for (from, to) in renamed {
        if let Some(value) = current.iter_mut().find(|value| *value == from) {
            to.clone_into(value);
        }
        statements.push(format!(
            "ALTER TYPE {quoted} RENAME VALUE {} TO {}",
            PG.literal(from),
            PG.literal(to)
        ));
    }
    let kept: Vec<&String> = values.iter().filter(|v| current.contains(v)).collect();
    if kept.iter().copied().eq(current.iter()) {
        statements.extend(added(&quoted, &current, values));
        return Ok(statements);
    }
    // Values that go, or another order: PostgreSQL only knows a new type.
    let aside = PG.quote(&format!("{name}__old"));
    statements.push(format!("ALTER TYPE {quoted} RENAME TO {aside}"));
    statements.push(create(&EnumType {
        name: name.to_owned(),
        values: values.to_vec(),
    }));
    for table in state.tables.values() {
        let at = PG.table(&table.name);
        let of_it = |kind: &crate::schema::ColumnType| kind.enum_name() == Some(name);
        for column in table.columns.iter().filter(|column| of_it(&column.kind)) {
            let kind = PG.column_type(column, state)?;
            let column_name = PG.quote(&column.name);
            let through = if kind.ends_with("[]") {
                "text[]"
            } else {
                "text"
            };
            let mut actions = Vec::new();
            if column.default.is_some() {
                actions.push(format!("ALTER COLUMN {column_name} DROP DEFAULT"));
            }
            actions.push(format!(
                "ALTER COLUMN {column_name} TYPE {kind} USING {column_name}::{through}::{kind}"
            ));
            if let Some(default) = &column.default {
                let default = PG.default(default, &column.kind);
                actions.push(format!("ALTER COLUMN {column_name} SET DEFAULT {default}"));
            }
            statements.push(format!("ALTER TABLE {at}\n    {}", actions.join(",\n    ")));
        }
    }
    statements.push(format!("DROP TYPE {aside}"));
    Ok(statements)
}

/// `ADD VALUE` for each of `values` that `current` lacks, at its place.
fn added(quoted: &str, current: &[String], values: &[String]) -> Vec<String> {
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| !current.contains(value))
        .map(|(at, value)| {
            let place = match (at, values.iter().find(|v| current.contains(v))) {
                (0, Some(first)) => format!(" BEFORE {}", PG.literal(first)),
                (0, None) => String::new(),
                _ => format!(" AFTER {}", PG.literal(&values[at - 1])),
            };
            format!("ALTER TYPE {quoted} ADD VALUE {}{place}", PG.literal(value))
        })
        .collect()
}
