//! The answers given on the command line: `--rename`, `--default`, `--allow-drop` and the others.

use crate::error::Result;
use crate::migrations::{Fills, Renames};
use crate::schema::ColumnRename;

/// The answers given on the command line. `T` is a table and `COL` a column as in the database.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Answers {
    /// A column was renamed
    #[arg(long, value_name = "T.OLD=T.NEW", value_parser = column_rename)]
    pub(super) rename: Vec<ColumnRename>,
    /// A table was renamed
    #[arg(long, value_name = "OLD=NEW", value_parser = table_rename)]
    pub(super) rename_table: Vec<TableRename>,
    /// A value of an enum was renamed
    #[arg(long, value_name = "ENUM.OLD=NEW", value_parser = value_rename)]
    pub(super) rename_value: Vec<ValueRename>,
    /// SQL for the value in existing rows, where a column becomes required
    #[arg(long, value_name = "T.COL=SQL", value_parser = fill)]
    pub(super) default: Vec<Fill>,
    /// Values may change with the type of this column: rounded, cut, or folded together; or, on every database, this index,
    /// trigger, check, … made by hand may go with what is dropped or changed
    #[arg(long, value_name = "T.COL|NAME")]
    pub(super) accept_loss: Vec<String>,
    /// Allow tables and columns to be dropped with all that they hold
    #[arg(long)]
    pub(super) allow_drop: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableRename {
    old: String,
    new: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ValueRename {
    name: String,
    old: String,
    new: String,
}

/// SQL for the rows that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fill {
    table: String,
    column: String,
    sql: String,
}

impl Answers {
    pub(super) fn renames(&self) -> Renames {
        let mut renames = Renames::default();
        let tables = self.rename_table.iter().cloned();
        renames
            .tables
            .extend(tables.map(|rename| (rename.old, rename.new)));
        for ColumnRename { table, old, new } in &self.rename {
            // Either name of a renamed table is understood.
            let table = renames.tables.get(table).unwrap_or(table).clone();
            renames.add_column(&table, old, new);
        }
        for ValueRename { name, old, new } in &self.rename_value {
            renames.add_value(name, old, new);
        }
        renames
    }

    pub(super) fn fills(&self) -> Fills {
        let fills = self.default.iter().cloned();
        fills
            .map(|fill| ((fill.table, fill.column), fill.sql))
            .collect()
    }
}

fn pair<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str), String> {
    match text.split_once('=') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left, right)),
        _ => Err(format!("`{text}` is not of the form {form}")),
    }
}

fn column<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str), String> {
    match text.rsplit_once('.') {
        Some((table, column)) if !table.is_empty() && !column.is_empty() => Ok((table, column)),
        _ => Err(format!("`{text}` names no table and column: {form}")),
    }
}

/// `books.name=books.title`, or shorter `books.name=title`.
fn column_rename(text: &str) -> Result<ColumnRename, String> {
    let form = "TABLE.OLD=TABLE.NEW";
    let (old, new) = pair(text, form)?;
    let (old_table, old) = column(old, form)?;
    let (table, new) = new.rsplit_once('.').unwrap_or((old_table, new));
    Ok(ColumnRename {
        table: table.into(),
        old: old.into(),
        new: new.into(),
    })
}

fn table_rename(text: &str) -> Result<TableRename, String> {
    pair(text, "OLD=NEW").map(|(old, new)| TableRename {
        old: old.into(),
        new: new.into(),
    })
}

/// `Mood.sad=gloomy`, or longer `Mood.sad=Mood.gloomy`.
fn value_rename(text: &str) -> Result<ValueRename, String> {
    let form = "ENUM.OLD=NEW";
    let (old, new) = pair(text, form)?;
    let Some((name, old)) = old.split_once('.') else {
        return Err(format!("`{old}` names no enum and value: {form}"));
    };
    let prefix = format!("{name}.");
    Ok(ValueRename {
        name: name.into(),
        old: old.into(),
        new: new.strip_prefix(&prefix).unwrap_or(new).into(),
    })
}

fn fill(text: &str) -> Result<Fill, String> {
    let form = "TABLE.COLUMN=SQL";
    let (name, sql) = pair(text, form)?;
    let (table, column) = column(name, form)?;
    Ok(Fill {
        table: table.into(),
        column: column.into(),
        sql: sql.into(),
    })
}
