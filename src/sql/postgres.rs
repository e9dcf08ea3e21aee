//! PostgreSQL: everything can be altered in place.

use crate::operation::Operation;
use crate::schema::{Column, ColumnType, Schema, Table};

use super::conversion::{self, Alteration, Family, family};
use super::script::Script;
use super::table::base_name;
use super::{Dialect, Part};

mod column_type;
mod enums;
mod extensions;
mod generated;
mod names;
mod rename;

pub(super) use column_type::column_type;
use names::made_name;
pub(super) use names::{key_name, unique_name};
use rename::{rename_column, rename_table};

const PG: Dialect = Dialect::Postgres;

pub(super) fn render(before: &Schema, operations: &[Operation]) -> Result<Script, String> {
    let mut state = before.clone();
    let mut script = Script::default();
    for extension in extensions::first_needed(before, operations) {
        script.parts.push(Part {
            comment: format!("Create extension {extension}"),
            statements: vec![format!(
                "CREATE EXTENSION IF NOT EXISTS {}",
                PG.quote(extension)
            )],
        });
    }
    for operation in operations {
        let comment = operation.describe(&state);
        let statements = statements(&state, operation)?;
        if !statements.is_empty() {
            script.parts.push(Part {
                comment,
                statements,
            });
        }
        operation.apply(&mut state)?;
    }
    Ok(script)
}

fn statements(state: &Schema, operation: &Operation) -> Result<Vec<String>, String> {
    let alter =
        |table: &str, action: String| vec![format!("ALTER TABLE {} {action}", PG.table(table))];
    Ok(match operation {
        Operation::Adopt { .. } | Operation::Forget { .. } => Vec::new(),
        Operation::CreateEnum { kind } => vec![enums::create(kind)],
        Operation::DropEnum { name } => vec![format!("DROP TYPE {}", PG.quote(name))],
        Operation::AlterEnum {
            name,
            values,
            renamed,
        } => enums::alter(state, name, values, renamed)?,
        Operation::CreateTable { table } => create_table(state, table)?,
        Operation::DropTable { name } => vec![format!("DROP TABLE {}", PG.table(name))],
        Operation::RenameTable { from, to } => rename_table(state, from, to),
        Operation::CommentTable { name, comment } => {
            vec![comment_on("TABLE", &PG.table(name), comment.as_deref())]
        }
        Operation::AddColumn {
            table,
            column,
            fill,
        } => add_column(state, table, column, fill.as_deref())?,
        Operation::DropColumn { table, name } => {
            alter(table, format!("DROP COLUMN {}", PG.quote(name)))
        }
        Operation::RenameColumn { table, from, to } => rename_column(state, table, from, to),
        Operation::AlterColumn {
            table,
            column,
            fill,
            lossy,
        } => {
            let old = state
                .column(table, &column.name)
                .ok_or_else(|| format!("there is no `{table}.{}`", column.name))?;
            let alteration = Alteration {
                table,
                old,
                new: column,
                schema: state,
                lossy: *lossy,
            };
            let mut statements = alteration.gates(PG);
            statements.extend(generated::alter(state, table, column, fill.as_deref())?);
            statements
        }
        Operation::AlterPrimaryKey { table, columns } => alter_key(state, table, columns),
        Operation::AddIndex { table, index } => vec![PG.create_index(table, index)],
        Operation::DropIndex { table, name } if is_constraint(state, table, name) => {
            alter(table, format!("DROP CONSTRAINT {}", PG.short(name)))
        }
        Operation::DropIndex { table, name } => {
            vec![format!("DROP INDEX {}", beside(table, name))]
        }
        Operation::RenameIndex { table, from, to } => vec![format!(
            "ALTER INDEX {} RENAME TO {}",
            beside(table, from),
            PG.short(to)
        )],
        Operation::AddForeignKey { table, key } => {
            alter(table, format!("ADD {}", PG.foreign_key(key)))
        }
        Operation::DropForeignKey { table, name } => {
            alter(table, format!("DROP CONSTRAINT {}", PG.short(name)))
        }
        Operation::RenameForeignKey { table, from, to } => alter(
            table,
            format!("RENAME CONSTRAINT {} TO {}", PG.short(from), PG.short(to)),
        ),
    })
}

/// Whether the index is a unique constraint of the table.
fn is_constraint(state: &Schema, table: &str, index: &str) -> bool {
    let table = state.table(table);
    table.is_some_and(|table| table.unsaid.constraints.contains(index))
}

/// The name of an index in the schema of its table.
fn beside(table: &str, index: &str) -> String {
    match table.split_once('.') {
        Some((schema, _)) => format!("{}.{}", PG.quote(schema), PG.short(index)),
        None => PG.short(index),
    }
}

fn create_table(state: &Schema, table: &Table) -> Result<Vec<String>, String> {
    let mut statements = Vec::new();
    if let Some((schema, _)) = table.name.split_once('.') {
        statements.push(format!("CREATE SCHEMA IF NOT EXISTS {}", PG.quote(schema)));
    }
    statements.push(PG.create_table(&table.name, table, state)?);
    let indexes = table.own_indexes();
    statements.extend(indexes.map(|index| PG.create_index(&table.name, index)));
    if let Some(comment) = &table.comment {
        statements.push(comment_on("TABLE", &PG.table(&table.name), Some(comment)));
    }
    for column in &table.columns {
        if let Some(comment) = &column.comment {
            statements.push(comment_on_column(&table.name, &column.name, Some(comment)));
        }
    }
    Ok(statements)
}

fn comment_on(what: &str, name: &str, comment: Option<&str>) -> String {
    let text = comment.map_or_else(|| "NULL".to_owned(), |comment| PG.literal(comment));
    format!("COMMENT ON {what} {name} IS {text}")
}

fn comment_on_column(table: &str, column: &str, comment: Option<&str>) -> String {
    let name = format!("{}.{}", PG.table(table), PG.quote(column));
    comment_on("COLUMN", &name, comment)
}

fn add_column(
    state: &Schema,
    table: &str,
    column: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let at = PG.table(table);
    let name = PG.quote(&column.name);
    let mut statements = match fill {
        None => {
            let definition = PG.column(column, false, state)?;
            vec![format!("ALTER TABLE {at} ADD COLUMN {definition}")]
        }
        Some(fill) => {
            let mut empty = column.clone();
            empty.nullable = true;
            empty.default = None;
            let definition = PG.column(&empty, false, state)?;
            let mut actions = format!("ALTER COLUMN {name} SET NOT NULL");
            if let Some(default) = &column.default {
                let default = PG.default(default, &column.kind);
                actions.push_str(&format!(",\n    ALTER COLUMN {name} SET DEFAULT {default}"));
            }
            vec![
                format!("ALTER TABLE {at} ADD COLUMN {definition}"),
                format!("UPDATE {at} SET {name} = {fill}"),
                format!("ALTER TABLE {at} {actions}"),
            ]
        }
    };
    if let Some(comment) = &column.comment {
        statements.push(comment_on_column(table, &column.name, Some(comment)));
    }
    Ok(statements)
}

fn alter_column(
    table: &str,
    old: &Column,
    new: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let at = PG.table(table);
    let name = PG.quote(&new.name);
    if old.extra != new.extra {
        return Err(format!(
            "`{table}.{}`: `extra` changed, and what it says cannot be known. Write the change by hand \
             (`makemigrations --empty`)",
            new.name
        ));
    }
    let mut actions = Vec::new();
    let mut act = |action: String| actions.push(format!("ALTER COLUMN {name} {action}"));
    let kind_changes = old.kind != new.kind;
    let kind_of = |column: &Column| PG.column_type(column, &Schema::default());
    let rewritten = kind_changes && kind_of(old)? != kind_of(new)?;
    // A default of the old type may not fit the new one.
    let counted = old.auto_increment && !new.auto_increment;
    if old.default.is_some() && !counted && (rewritten || new.default.is_none()) {
        act("DROP DEFAULT".into());
    }
    if counted {
        // An older table counts with a default, as `serial` does.
        act("DROP IDENTITY IF EXISTS".into());
        act("DROP DEFAULT".into());
    }
    if rewritten {
        conversion::check(table, &new.name, &old.kind, &new.kind)?;
        let kind = kind_of(new)?;
        let using = match cast(&name, &old.kind, &new.kind, &kind) {
            Some(cast) => format!(" USING {cast}"),
            None => String::new(),
        };
        act(format!("TYPE {kind}{using}"));
    }
    if let Some(default) = &new.default
        && (rewritten || old.default != new.default)
    {
        act(format!("SET DEFAULT {}", PG.default(default, &new.kind)));
    }
    if new.nullable && !old.nullable {
        act("DROP NOT NULL".into());
    }
    let mut statements = Vec::new();
    if !actions.is_empty() {
        statements.push(format!("ALTER TABLE {at}\n    {}", actions.join(",\n    ")));
    }
    if !new.nullable && old.nullable {
        let fill = fill.map(str::to_owned).or_else(|| {
            let default = new.default.as_ref()?;
            Some(PG.default(default, &new.kind))
        });
        if let Some(fill) = fill {
            statements.push(format!(
                "UPDATE {at} SET {name} = {fill} WHERE {name} IS NULL"
            ));
        }
        statements.push(format!("ALTER TABLE {at} ALTER COLUMN {name} SET NOT NULL"));
    }
    if new.auto_increment && !old.auto_increment {
        statements.push(format!(
            "ALTER TABLE {at} ALTER COLUMN {name} ADD GENERATED BY DEFAULT AS IDENTITY"
        ));
        statements.push(format!(
            "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({name}), 0) + 1, false) FROM {at}",
            PG.literal(&at),
            PG.literal(&new.name)
        ));
    }
    let key = PG.quote(&made_name(base_name(table), Some(&new.name), "key"));
    match (old.unique, new.unique) {
        (false, true) => statements.push(format!(
            "ALTER TABLE {at} ADD CONSTRAINT {key} UNIQUE ({name})"
        )),
        (true, false) => statements.push(format!("ALTER TABLE {at} DROP CONSTRAINT {key}")),
        _ => {}
    }
    if old.comment != new.comment {
        statements.push(comment_on_column(table, &new.name, new.comment.as_deref()));
    }
    Ok(statements)
}

/// The expression that turns a value of one type into the other. Within a family there is none: PostgreSQL's own
/// conversion refuses text that is too long, where a cast would cut it.
fn cast(name: &str, from: &ColumnType, to: &ColumnType, kind: &str) -> Option<String> {
    Some(match (family(from), family(to)) {
        (Family::Array, Family::Array) | (Family::Enum, _) => format!("{name}::text::{kind}"),
        (Family::Other, _) | (_, Family::Other) => format!("{name}::{kind}"),
        // The cast itself keeps fewer digits than there are.
        (Family::Number, Family::Number) if is_float(from) && !is_float(to) => {
            format!("{name}::text::{kind}")
        }
        (from, to) if from == to => return None,
        (Family::Boolean, Family::Integer | Family::Number) => {
            format!("(CASE {name} WHEN TRUE THEN 1 WHEN FALSE THEN 0 END)::{kind}")
        }
        (Family::Integer | Family::Number, Family::Boolean) => format!("({name} <> 0)"),
        (Family::Text, Family::Bytes) => format!("convert_to({name}, 'UTF8')"),
        (Family::Bytes, Family::Text) => format!("convert_from({name}, 'UTF8')"),
        // Without the length, which would cut.
        (_, Family::Text) => format!("{name}::text"),
        _ => format!("{name}::{kind}"),
    })
}

fn is_float(kind: &ColumnType) -> bool {
    matches!(kind, ColumnType::Float | ColumnType::Double)
}

fn alter_key(state: &Schema, table: &str, columns: &[String]) -> Vec<String> {
    let at = PG.table(table);
    let mut actions = Vec::new();
    if let Some(old) = state.table(table).filter(|old| !old.primary_key.is_empty()) {
        let name = PG.quote(&PG.primary_key_name(old));
        actions.push(format!("DROP CONSTRAINT {name}"));
    }
    if !columns.is_empty() {
        // A name that the database chose is kept.
        let kept = state
            .table(table)
            .and_then(|old| old.unsaid.primary_key_name.clone());
        let name = kept.unwrap_or_else(|| key_name(table, columns));
        actions.push(format!(
            "ADD CONSTRAINT {} PRIMARY KEY ({})",
            PG.quote(&name),
            PG.list(columns)
        ));
    }
    vec![format!("ALTER TABLE {at}\n    {}", actions.join(",\n    "))]
}
