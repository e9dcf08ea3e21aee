//! MySQL and MariaDB: most things happen in place, none of them in a transaction.
//!
//! InnoDB keeps an index under every foreign key and makes one, named like the key, where no other begins with
//! its columns. Such an index comes and goes with its key here.

use crate::operation::Operation;
use crate::schema::{Column, ForeignKey, Index, Schema, Table};

use super::conversion;
use super::enums;
use super::script::Script;
use super::{Dialect, Part};

mod column_type;
mod convert;
mod generated;
mod views;

pub(super) use column_type::column_type;
pub(crate) use views::NewNames;

const MY: Dialect = Dialect::Mysql;

pub(super) fn render(before: &Schema, operations: &[Operation]) -> Result<Script, String> {
    let mut state = before.clone();
    let mut script = Script::default();
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
    let alter = |table: &str, action: String| vec![alter(table, &[action])];
    Ok(match operation {
        // Enums live in their columns.
        Operation::CreateEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::Adopt { .. }
        | Operation::Forget { .. } => Vec::new(),
        Operation::AlterEnum {
            name,
            values,
            renamed,
        } => alter_enum(state, name, values, renamed)?,
        Operation::CreateTable { table } => {
            let mut statements = vec![MY.create_table(&table.name, table, state)?];
            let indexes = table.own_indexes();
            statements.extend(indexes.map(|index| MY.create_index(&table.name, index)));
            statements
        }
        Operation::DropTable { name } => vec![format!("DROP TABLE {}", MY.table(name))],
        Operation::RenameTable { from, to } => {
            vec![format!(
                "RENAME TABLE {} TO {}",
                MY.table(from),
                MY.table(to)
            )]
        }
        Operation::CommentTable { name, comment } => {
            let comment = MY.literal(comment.as_deref().unwrap_or_default());
            alter(name, format!("COMMENT = {comment}"))
        }
        Operation::AddColumn {
            table,
            column,
            fill,
        } => add_column(state, table, column, fill.as_deref())?,
        Operation::DropColumn { table, name } => {
            alter(table, format!("DROP COLUMN {}", MY.quote(name)))
        }
        Operation::RenameColumn { table, from, to } => rename_column(state, table, from, to)?,
        Operation::AlterColumn {
            table,
            column,
            fill,
            lossy,
        } => {
            let mut statements = convert::before(state, table, column, *lossy)?;
            statements.extend(generated::change(state, table, column, fill.as_deref())?);
            statements.extend(convert::after(state, table, column));
            statements
        }
        Operation::AlterPrimaryKey { table, columns } => alter_key(state, table, columns)?,
        Operation::AddIndex { table, index } => vec![MY.create_index(table, index)],
        Operation::DropIndex { table, name } => drop_index(state, table, name),
        Operation::RenameIndex { table, from, to } => alter(
            table,
            format!("RENAME INDEX {} TO {}", MY.short(from), MY.short(to)),
        ),
        Operation::AddForeignKey { table, key } => {
            alter(table, format!("ADD {}", MY.foreign_key(key)))
        }
        Operation::DropForeignKey { table, name } => drop_key(state, table, name),
        Operation::RenameForeignKey { table, from, to } => rename_key(state, table, from, to),
    })
}

fn alter(table: &str, actions: &[String]) -> String {
    match actions {
        [one] => format!("ALTER TABLE {} {one}", MY.table(table)),
        many => format!(
            "ALTER TABLE {}\n    {}",
            MY.table(table),
            many.join(",\n    ")
        ),
    }
}

/// The column's definition for `MODIFY COLUMN`, which says nothing of keys.
fn definition(column: &Column, schema: &Schema) -> Result<String, String> {
    let plain = Column {
        unique: false,
        ..column.clone()
    };
    MY.column(&plain, false, schema)
}

fn nullable(column: &Column) -> Column {
    Column {
        nullable: true,
        default: None,
        ..column.clone()
    }
}

fn add_column(
    state: &Schema,
    table: &str,
    column: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let at = MY.table(table);
    let Some(fill) = fill else {
        let mut text = MY.column(column, false, state)?;
        // What counts up must be a key at once; it becomes the primary one later.
        if column.auto_increment && !column.unique {
            text.push_str(" UNIQUE");
        }
        return Ok(vec![alter(table, &[format!("ADD COLUMN {text}")])]);
    };
    let name = MY.quote(&column.name);
    let mut statements = vec![
        alter(
            table,
            &[format!(
                "ADD COLUMN {}",
                definition(&nullable(column), state)?
            )],
        ),
        format!("UPDATE {at} SET {name} = {fill}"),
        alter(
            table,
            &[format!("MODIFY COLUMN {}", definition(column, state)?)],
        ),
    ];
    if column.unique {
        statements.push(alter(table, &[format!("ADD UNIQUE INDEX {name} ({name})")]));
    }
    Ok(statements)
}

/// The index of a unique column has the column's name, and follows it.
fn rename_column(state: &Schema, table: &str, from: &str, to: &str) -> Result<Vec<String>, String> {
    let (old, new) = (MY.quote(from), MY.quote(to));
    let mut actions = vec![format!("RENAME COLUMN {old} TO {new}")];
    if let Some(at) = state.table(table) {
        actions.extend(generated::follow_rename(state, at, from, to)?);
    }
    let mut statements = vec![alter(table, &actions)];
    if state
        .column(table, from)
        .is_some_and(|column| column.unique)
    {
        statements.push(alter(table, &[format!("RENAME INDEX {old} TO {new}")]));
    }
    Ok(statements)
}

fn alter_column(
    state: &Schema,
    table: &str,
    new: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let (at, old) = state.place(table, &new.name)?;
    conversion::check(table, &new.name, &old.kind, &new.kind)?;
    let name = MY.quote(&new.name);
    let mut statements = Vec::new();
    let mut actions = Vec::new();
    if !new.nullable && old.nullable {
        let fill = fill.map(str::to_owned).or_else(|| {
            let default = new.default.as_ref()?;
            Some(MY.default(default, &new.kind))
        });
        if let Some(fill) = fill {
            if old.kind != new.kind {
                let between = definition(&nullable(new), state)?;
                statements.push(alter(table, &[format!("MODIFY COLUMN {between}")]));
            }
            statements.push(format!(
                "UPDATE {} SET {name} = {fill} WHERE {name} IS NULL",
                MY.table(table)
            ));
        }
    }
    let counts = new.auto_increment && !old.auto_increment && !leads_key(at, &new.name);
    if (new.unique || counts) && !old.unique {
        actions.push(format!("ADD UNIQUE INDEX {name} ({name})"));
    } else if old.unique && !new.unique {
        actions.push(format!("DROP INDEX {name}"));
    }
    if definition(old, state)? != definition(new, state)? {
        actions.push(format!("MODIFY COLUMN {}", definition(new, state)?));
    }
    if !actions.is_empty() {
        statements.push(alter(table, &actions));
    }
    Ok(statements)
}

fn leads_key(table: &Table, column: &str) -> bool {
    table
        .primary_key
        .first()
        .is_some_and(|first| first == column)
}

fn alter_key(state: &Schema, table: &str, columns: &[String]) -> Result<Vec<String>, String> {
    let at = state
        .table(table)
        .ok_or_else(|| format!("there is no table `{table}`"))?;
    let mut actions = Vec::new();
    for column in at.columns.iter().filter(|column| column.auto_increment) {
        let leads = columns.first() == Some(&column.name);
        if leads_key(at, &column.name) && !leads {
            // What counts up must be a key, and soon is none.
            let plain = Column {
                auto_increment: false,
                ..column.clone()
            };
            actions.push(format!("MODIFY COLUMN {}", definition(&plain, state)?));
        }
        if leads && !leads_key(at, &column.name) && !column.unique {
            actions.push(format!("DROP INDEX {}", MY.quote(&column.name)));
        }
    }
    if !at.primary_key.is_empty() {
        actions.push("DROP PRIMARY KEY".into());
    }
    if !columns.is_empty() {
        actions.push(format!("ADD PRIMARY KEY ({})", MY.list(columns)));
    }
    Ok(vec![alter(table, &actions)])
}

/// Whether an index of the table other than `without` begins with `columns`.
fn covered(table: &Table, columns: &[String], without: Option<&str>) -> bool {
    let begins = |index: &[String]| index.len() >= columns.len() && index.starts_with(columns);
    let unique = |column: &Column| column.unique && columns == [column.name.as_str()];
    begins(&table.primary_key)
        || table.columns.iter().any(unique)
        || table
            .indexes
            .iter()
            .any(|index| Some(index.name.as_str()) != without && begins(&index.columns))
}

/// Whether InnoDB made an index for `key`: no other serves it, not even that of another key.
fn made_index(table: &Table, key: &ForeignKey) -> bool {
    let shared = table
        .foreign_keys
        .iter()
        .any(|other| other.name != key.name && other.columns.starts_with(&key.columns));
    !covered(table, &key.columns, None) && !shared
}

/// An index that a foreign key rests on is replaced by one of the key's own.
fn drop_index(state: &Schema, table: &str, name: &str) -> Vec<String> {
    let mut actions = Vec::new();
    if let Some((at, index)) = state
        .table(table)
        .and_then(|at| Some((at, at.index(name)?)))
    {
        for key in &at.foreign_keys {
            let rests = index.columns.starts_with(&key.columns);
            if rests && !covered(at, &key.columns, Some(name)) {
                let own = Index {
                    name: key.name.clone(),
                    columns: key.columns.clone(),
                    unique: false,
                };
                actions.push(format!(
                    "ADD INDEX {} ({})",
                    MY.short(&own.name),
                    MY.list(&own.columns)
                ));
            }
        }
    }
    actions.push(format!("DROP INDEX {}", MY.short(name)));
    vec![alter(table, &actions)]
}

fn drop_key(state: &Schema, table: &str, name: &str) -> Vec<String> {
    let mut statements = vec![alter(
        table,
        &[format!("DROP FOREIGN KEY {}", MY.short(name))],
    )];
    if let Some((at, key)) = state
        .table(table)
        .and_then(|at| Some((at, at.foreign_key(name)?)))
        && made_index(at, key)
    {
        statements.push(alter(table, &[format!("DROP INDEX {}", MY.short(name))]));
    }
    statements
}

fn rename_key(state: &Schema, table: &str, from: &str, to: &str) -> Vec<String> {
    let Some(key) = state.table(table).and_then(|at| at.foreign_key(from)) else {
        return Vec::new();
    };
    let renamed = ForeignKey {
        name: to.to_owned(),
        ..key.clone()
    };
    // The new one first: whatever fails later, the reference is never without a key. An index that InnoDB made for the
    // old key gives way to one that is named like the new key; an index made by hand serves both.
    vec![
        alter(table, &[format!("ADD {}", MY.foreign_key(&renamed))]),
        alter(table, &[format!("DROP FOREIGN KEY {}", MY.short(from))]),
    ]
}

/// Every column of the enum gets the new list; a row with a value that goes away is an error. For a renamed value
/// the list holds both names until the rows have changed from one to the other.
fn alter_enum(
    state: &Schema,
    name: &str,
    values: &[String],
    renamed: &[(String, String)],
) -> Result<Vec<String>, String> {
    let with = |values: Vec<String>| {
        let mut schema = state.clone();
        if let Some(kind) = schema.enums.get_mut(name) {
            kind.values = values;
        }
        schema
    };
    let old = state.enums.get(name).map(|kind| kind.values.clone());
    let new_names = renamed.iter().map(|(_, to)| to.clone());
    let between = with(
        old.unwrap_or_default()
            .into_iter()
            .chain(new_names)
            .collect(),
    );
    let after = with(values.to_vec());
    let mut statements = Vec::new();
    for (table, column) in enums::columns(state, name) {
        if !renamed.is_empty() {
            let action = format!("MODIFY COLUMN {}", definition(column, &between)?);
            statements.push(alter(&table.name, &[action]));
            statements.extend(enums::renames(MY, table, column, renamed));
        }
        let action = format!("MODIFY COLUMN {}", definition(column, &after)?);
        statements.push(alter(&table.name, &[action]));
    }
    Ok(statements)
}
