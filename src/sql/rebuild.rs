//! Building an SQLite table again: every row, index and id sequence comes along, and what would be lost is
//! found before it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Column, Schema, Table};

use super::Dialect;
use super::conversion::{self, Alteration, Family, family};
use super::gate::{TABLE_GATE, gate};
use super::script::{self, Script};

const LITE: Dialect = Dialect::Sqlite;

/// SQL for the rows that have no value for a column yet, by column.
#[derive(Clone, Debug, Default)]
pub(super) struct Fills {
    pub(super) values: BTreeMap<String, String>,
    /// Columns whose values may change with their type.
    pub(super) lossy: BTreeSet<String>,
}

/// Replaces `old` by `new`, a table of the same name; columns of the same name are copied.
pub(super) fn statements(
    old: &Table,
    new: &Table,
    fills: &Fills,
    schema: &Schema,
) -> Result<Vec<String>, String> {
    let name = LITE.table(&new.name);
    let aside = format!("{}__new", new.name);
    let quoted_aside = LITE.table(&aside);
    let mut statements = Vec::new();
    let mut targets = Vec::new();
    let mut sources = Vec::new();
    for column in &new.columns {
        if column.is_generated() {
            continue;
        }
        let before = old.column(&column.name);
        if let Some(before) = before {
            conversion::check(&new.name, &column.name, &before.kind, &column.kind)?;
            statements.extend(guards(&Alteration {
                table: &new.name,
                old: before,
                new: column,
                schema,
                lossy: fills.lossy.contains(&column.name),
            }));
        }
        if let Some(source) = source(&name, before, column, fills.values.get(&column.name)) {
            targets.push(column.name.as_str());
            sources.push(source);
        }
    }
    statements.splice(0..0, table_gate(old, schema)?);
    statements.push(LITE.create_table(&aside, new, schema)?);
    if !targets.is_empty() {
        statements.push(format!(
            "INSERT INTO {quoted_aside} ({})\n    SELECT {}\n    FROM {name}",
            LITE.list(&targets),
            sources.join(", ")
        ));
    }
    let counts = |table: &Table| table.columns.iter().any(|column| column.auto_increment);
    if counts(old) && counts(new) {
        // Ids of deleted rows stay used.
        statements.push(format!(
            "DELETE FROM \"sqlite_sequence\" WHERE \"name\" = {}",
            LITE.literal(&aside)
        ));
        statements.push(format!(
            "INSERT INTO \"sqlite_sequence\" (\"name\", \"seq\")\n    \
             SELECT {}, \"seq\" FROM \"sqlite_sequence\" WHERE \"name\" = {}",
            LITE.literal(&aside),
            LITE.literal(&new.name)
        ));
    }
    statements.push(format!("DROP TABLE {name}"));
    // Otherwise SQLite would look through every view and trigger, and refuse.
    statements.push("PRAGMA legacy_alter_table = ON".into());
    statements.push(format!("ALTER TABLE {quoted_aside} RENAME TO {name}"));
    statements.push("PRAGMA legacy_alter_table = OFF".into());
    statements.extend(
        new.own_indexes()
            .map(|index| LITE.create_index(&new.name, index)),
    );
    Ok(statements)
}

/// The expression that gives a column its value; `None` leaves it to the default.
fn source(
    table: &str,
    before: Option<&Column>,
    column: &Column,
    fill: Option<&String>,
) -> Option<String> {
    let Some(before) = before else {
        return fill.map(|fill| format!("({fill})"));
    };
    // Always with the table: SQLite takes a quoted name it does not know for a string.
    let mut value = format!("{table}.{}", LITE.quote(&column.name));
    value = convert(value, before, column);
    let default = || {
        let default = column.default.as_ref()?;
        Some(LITE.default(default, &column.kind))
    };
    if before.nullable
        && !column.nullable
        && let Some(fill) = fill.cloned().or_else(default)
    {
        value = format!("coalesce({value}, {fill})");
    }
    Some(value)
}

fn convert(value: String, from: &Column, to: &Column) -> String {
    let converted = conversion::conversion(LITE, &value, (&from.kind, &to.kind), &[]).value;
    if let Some(converted) = converted {
        return converted;
    }
    let (from, to) = (family(&from.kind), family(&to.kind));
    let kind = match to {
        _ if from == to => return value,
        Family::Integer | Family::Boolean => "INTEGER",
        Family::Number => "REAL",
        Family::Bytes => "BLOB",
        _ if matches!(from, Family::Integer | Family::Number | Family::Bytes) => "TEXT",
        _ => return value,
    };
    format!("CAST({value} AS {kind})")
}

/// Statements that fail, naming the reason, where a value would not survive the change of its column.
pub(super) fn guards(alteration: &Alteration<'_>) -> Vec<String> {
    let (table, from, to) = (alteration.table, alteration.old, alteration.new);
    let name = format!("{}.{}", LITE.table(table), LITE.quote(&to.name));
    let place = format!("{table}.{}", to.name);
    let mut guards = alteration.gates(LITE);
    let mut guard = |reason: String, condition: String| {
        guards.extend(gate(
            &reason,
            &format!("FROM {} WHERE {condition}", LITE.table(table)),
        ));
    };
    if let Some(room) = to.kind.max_characters()
        && family(&from.kind) == Family::Text
        && from.kind.max_characters().is_none_or(|had| had > room)
    {
        guard(
            format!("{place} holds text longer than {room}"),
            format!("length({name}) > {room}"),
        );
    }
    if let (Some((was_low, was_high)), Some((low, high))) =
        (from.kind.integer_range(), to.kind.integer_range())
        && (low > was_low || high < was_high)
    {
        guard(
            format!("{place} holds numbers beyond {low} to {high}"),
            format!("{name} NOT BETWEEN {low} AND {high}"),
        );
    }
    guards
}

/// Words of a definition that no entity speaks of, unless in what is pasted from it.
const BEYOND: [&str; 7] = [
    "CHECK",
    "COLLATE",
    "CONFLICT",
    "DEFERRABLE",
    "GENERATED",
    "STRICT",
    "WITHOUT",
];

/// Fails where the live table has more than `old`: a migrator that only runs the file would lose it. `luthier migrate`
/// takes it along instead.
fn table_gate(old: &Table, schema: &Schema) -> Result<Vec<String>, String> {
    let table = LITE.literal(&old.name);
    let listed = |names: Vec<&String>| {
        let names: Vec<String> = names.iter().map(|name| LITE.literal(name)).collect();
        names.join(", ")
    };
    let columns = listed(old.columns.iter().map(|column| &column.name).collect());
    let indexes = listed(old.indexes.iter().map(|index| &index.name).collect());
    let keys = old.foreign_keys.len();
    let uniques = old.columns.iter().filter(|column| column.unique).count();
    let text = LITE.create_table(&old.name, old, schema)?.to_uppercase();
    let words: Vec<String> = BEYOND
        .iter()
        .map(|word| format!("('{word}', {})", text.matches(word).count()))
        .collect();
    let reason = LITE.quote(&format!(
        "{} has more than this file knows of: `luthier migrate` keeps it",
        old.name
    ));
    let gate = LITE.quote(TABLE_GATE);
    Ok(vec![
        format!("CREATE TEMP TABLE {gate} (\"ok\" integer CONSTRAINT {reason} CHECK (\"ok\"))"),
        format!(
            "INSERT INTO {gate}\n    \
             SELECT 0 FROM pragma_table_xinfo({table}) WHERE \"name\" COLLATE NOCASE NOT IN ({columns})\n    \
             UNION ALL SELECT 0 FROM sqlite_master WHERE \"tbl_name\" = {table} COLLATE NOCASE AND \"sql\" IS NOT NULL\n        \
             AND (\"type\" = 'trigger' OR \"type\" = 'index' AND \"name\" COLLATE NOCASE NOT IN ({indexes}))\n    \
             UNION ALL SELECT 0 WHERE (SELECT count(DISTINCT \"id\") FROM pragma_foreign_key_list({table})) > {keys}\n    \
             UNION ALL SELECT 0 WHERE (SELECT count(*) FROM pragma_index_list({table}) WHERE \"origin\" = 'u') > {uniques}\n    \
             UNION ALL SELECT 0 FROM sqlite_master, (VALUES {})\n        \
             WHERE \"type\" = 'table' AND \"name\" = {table} COLLATE NOCASE\n        \
             AND length(\"sql\") - length(replace(upper(\"sql\"), \"column1\", '')) > \"column2\" * length(\"column1\")",
            words.join(", ")
        ),
        format!("DROP TABLE {gate}"),
    ])
}

/// Wraps a script so that foreign keys are not enforced while it runs, and are checked at its end. The
/// pragma means nothing inside a transaction, so the script brings its own.
pub(super) fn without_foreign_keys(script: &mut Script, checked: &[&str]) {
    if !checked.is_empty() {
        let tables: Vec<String> = checked.iter().map(|table| LITE.literal(table)).collect();
        script.push(
            "Every reference must still lead to a row.",
            gate(
                "a reference leads to no row",
                &format!(
                    "FROM pragma_foreign_key_check WHERE \"table\" IN ({})",
                    tables.join(", ")
                ),
            ),
        );
    }
    script::wrap(script);
}
