//! What `makemigrations` says: lines for a person, or one JSON document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::commands::check;
use crate::context::Context;
use crate::error::Result;
use crate::migrations::{Extended, Written};
use crate::operation::Operation;
use crate::project::Project;
use crate::schema::Schema;

pub(super) fn nothing(context: &Context) -> Result<()> {
    if context.json {
        print(context, &json!({"changes": [], "migrations": []}))?;
    }
    context.output.status("No changes detected");
    Ok(())
}

/// For `--check`: what a migration is missing for.
pub(super) fn missing(context: &Context, before: &Schema, operations: &[Operation]) -> Result<()> {
    if context.json {
        let changes = described(before, operations);
        return print(context, &json!({"changes": changes, "migrations": []}));
    }
    context
        .output
        .status("The entities have changed since the last migration:");
    for (line, operation) in lines(before, operations).iter().zip(operations) {
        let symbol = operation.symbol();
        context.output.data(format_args!("    {symbol} {line}"));
    }
    context
        .output
        .status("Write the migration with `luthier makemigrations`.");
    Ok(())
}

/// Migrations that are older than one of the project's dialects.
pub(super) fn extended(context: &Context, extended: &[Extended]) {
    for migration in extended {
        let name = &migration.name;
        context.output.status(format_args!(
            "{name} is not written for every dialect of luthier.toml yet"
        ));
        if migration.by_hand {
            context.output.warning(format_args!(
                "{name} was written by hand: carry what it does over into its new files"
            ));
        }
    }
}

/// What is about to be written; the files themselves are shown by whoever writes them.
pub(super) fn changes(
    context: &Context,
    before: &Schema,
    written: &[(Vec<Operation>, Written)],
    dry_run: bool,
) -> Result<()> {
    let mut before = before.clone();
    let mut changes = Vec::new();
    let mut names = Vec::new();
    for (operations, migration) in written {
        if context.json {
            changes.extend(described(&before, operations));
            let files: Vec<String> = migration
                .files
                .iter()
                .map(|(path, _)| format!("migrations/{path}"))
                .collect();
            names.push(json!({"name": migration.name, "files": files}));
        } else {
            context
                .output
                .status(format_args!("Migration {}", migration.name));
            for (line, operation) in lines(&before, operations).iter().zip(operations) {
                let symbol = operation.symbol();
                context.output.status(format_args!("    {symbol} {line}"));
            }
            if dry_run {
                for (_, text) in migration
                    .files
                    .iter()
                    .filter(|(path, _)| path.ends_with(".up.sql"))
                {
                    context.output.data(text);
                }
            }
        }
        before = migration.after.clone();
    }
    if context.json {
        let report = json!({"changes": changes, "migrations": names, "dry_run": dry_run});
        print(context, &report)?;
    }
    Ok(())
}

/// What the safety lint says about the new files: a line for each rule.
pub(super) fn warnings(
    context: &Context,
    project: &Project,
    before: &Schema,
    written: &[(Vec<Operation>, Written)],
) {
    let mut before = before;
    let mut findings = Vec::new();
    for (_, migration) in written {
        let files = migration.files.iter();
        findings
            .extend(files.flat_map(|(path, text)| check::warnings(project, path, text, before)));
        before = &migration.after;
    }
    let mut by_rule: BTreeMap<&str, (String, usize)> = BTreeMap::new();
    for finding in findings {
        let place = finding.place.map_or_else(String::new, |place| {
            let folder = place.path.rsplit('/').nth(1).unwrap_or_default().to_owned();
            format!(" ({folder}, line {})", place.line)
        });
        let (_, count) = by_rule
            .entry(finding.kind.id)
            .or_insert_with(|| (format!("{}{place}", finding.message), 0));
        *count += 1;
    }
    for (id, (first, count)) in &by_rule {
        let more = match count {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        context.output.warning(format_args!("{id}: {first}{more}"));
    }
    if let Some(id) = by_rule.keys().next() {
        context.output.status(format_args!(
            "`luthier check --explain {id}` tells why and what to do instead."
        ));
    }
}

pub(super) fn lines(before: &Schema, operations: &[Operation]) -> Vec<String> {
    let mut state = before.clone();
    operations
        .iter()
        .map(|operation| {
            let line = operation.describe(&state);
            // They come from a diff of this very schema.
            let _ = operation.apply(&mut state);
            line
        })
        .collect()
}

fn described(before: &Schema, operations: &[Operation]) -> Vec<Value> {
    lines(before, operations)
        .into_iter()
        .zip(operations)
        .map(|(line, operation)| {
            let mut value = json!(operation);
            value["description"] = line.into();
            value
        })
        .collect()
}

fn print(context: &Context, value: &Value) -> Result<()> {
    context.output.data(serde_json::to_string_pretty(value)?);
    Ok(())
}
