//! SQLite: the pragmas, and the text of `CREATE TABLE` for what they do not tell.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::schema::{Column, ForeignKey, Index, Table};
use crate::sql::Dialect;

use super::{Database, Live, action, is_bookkeeping};

const OBJECTS: &str = "\
SELECT json_object('name', l.name, 'kind', l.type, 'strict', l.strict, 'without_rowid', l.wr, 'sql', m.sql)
FROM pragma_table_list l JOIN sqlite_master m ON m.name = l.name AND m.type IN ('table', 'view')
WHERE l.schema = 'main' ORDER BY l.name";

const COLUMNS: &str = "\
SELECT json_object('table', m.name, 'name', c.name, 'type', c.type, 'required', c.\"notnull\",
                   'default', c.dflt_value, 'key', c.pk, 'hidden', c.hidden)
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
WHERE m.type = 'table' ORDER BY m.name, c.cid";

const INDEXES: &str = "\
SELECT json_object('table', m.name, 'name', i.name, 'unique', i.\"unique\", 'origin', i.origin, 'partial', i.partial,
                   'column', x.name, 'descending', x.\"desc\", 'collation', x.coll,
                   'sql', (SELECT s.sql FROM sqlite_master s WHERE s.type = 'index' AND s.name = i.name))
FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) x
WHERE m.type = 'table' AND x.key = 1 ORDER BY m.name, i.name, x.seqno";

const KEYS: &str = "\
SELECT json_object('table', m.name, 'id', f.id, 'other', f.\"table\", 'from', f.\"from\", 'to', f.\"to\",
                   'delete', f.on_delete, 'update', f.on_update)
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq";

const TRIGGERS: &str = "\
SELECT json_object('table', tbl_name, 'name', name) FROM sqlite_master WHERE type = 'trigger' ORDER BY name";

#[derive(Deserialize)]
struct ObjectRow {
    name: String,
    kind: String,
    strict: u8,
    without_rowid: u8,
    sql: Option<String>,
}

#[derive(Deserialize)]
struct ColumnRow {
    table: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    required: u8,
    default: Option<String>,
    /// The place in the primary key, from 1.
    key: u32,
    /// 2 and 3 are computed columns.
    hidden: u8,
}

#[derive(Deserialize)]
struct IndexRow {
    table: String,
    name: String,
    unique: u8,
    /// `c` made by itself, `u` of `UNIQUE`, `pk` of the primary key.
    origin: String,
    partial: u8,
    /// `None` for an expression.
    column: Option<String>,
    descending: u8,
    collation: Option<String>,
    sql: Option<String>,
}

#[derive(Deserialize)]
struct KeyRow {
    table: String,
    id: u32,
    other: String,
    from: String,
    /// `None` means the primary key.
    to: Option<String>,
    delete: String,
    update: String,
}

#[derive(Deserialize)]
struct TriggerRow {
    table: String,
    name: String,
}

pub(super) async fn read(database: &mut Database) -> Result<Live> {
    let mut live = Live::default();
    for object in database.objects::<ObjectRow>(OBJECTS).await? {
        add_object(&mut live, &object);
    }
    let mut keys: BTreeMap<String, Vec<(u32, String)>> = BTreeMap::new();
    for row in database.objects::<ColumnRow>(COLUMNS).await? {
        if row.key > 0 {
            let key = keys.entry(row.table.clone()).or_default();
            key.push((row.key, row.name.clone()));
        }
        add_column(&mut live, row);
    }
    for (table, mut key) in keys {
        key.sort();
        if let Some(table) = live.schema.tables.get_mut(&table) {
            table.primary_key = key.into_iter().map(|(_, name)| name).collect();
        }
    }
    settle_keys(&mut live);
    let mut indexes: BTreeMap<(String, String), Vec<IndexRow>> = BTreeMap::new();
    for row in database.objects::<IndexRow>(INDEXES).await? {
        let name = (row.table.clone(), row.name.clone());
        indexes.entry(name).or_default().push(row);
    }
    for rows in indexes.into_values() {
        add_index(&mut live, &rows);
    }
    let mut references: BTreeMap<(String, u32), Vec<KeyRow>> = BTreeMap::new();
    for row in database.objects::<KeyRow>(KEYS).await? {
        references
            .entry((row.table.clone(), row.id))
            .or_default()
            .push(row);
    }
    for rows in references.into_values() {
        add_reference(&mut live, &rows);
    }
    for trigger in database.objects::<TriggerRow>(TRIGGERS).await? {
        live.note(&trigger.table, format!("the trigger `{}`", trigger.name));
    }
    Ok(live)
}

fn add_object(live: &mut Live, object: &ObjectRow) {
    let name = &object.name;
    match object.kind.as_str() {
        "view" => live.note(name, "a view"),
        "virtual" => live.note(name, "a virtual table"),
        // Parts of virtual tables.
        "shadow" => {}
        _ if is_bookkeeping(name) => {}
        _ => {
            let table = Table {
                name: name.clone(),
                ..Table::default()
            };
            live.schema.tables.insert(name.clone(), table);
            if object.strict == 1 {
                live.note(name, "the table is STRICT");
            }
            if object.without_rowid == 1 {
                live.note(name, "the table is WITHOUT ROWID");
            }
            let words = words(object.sql.as_deref().unwrap_or_default());
            let has = |word: &str| words.iter().any(|other| other == word);
            let checks = words.iter().filter(|word| *word == "CHECK").count();
            if checks > 0 {
                let many = if checks == 1 {
                    "a CHECK constraint"
                } else {
                    "CHECK constraints"
                };
                live.note(name, many);
            }
            if has("DEFERRABLE") {
                live.note(name, "a deferrable reference");
            }
            if has("CONFLICT") {
                live.note(name, "an ON CONFLICT clause");
            }
            if has("COLLATE") {
                live.note(name, "a collation");
            }
        }
    }
}

fn add_column(live: &mut Live, row: ColumnRow) {
    let dialect = Dialect::Sqlite;
    let Some(table) = live.schema.tables.get_mut(&row.table) else {
        return;
    };
    if row.hidden > 1 {
        live.note(&row.table, format!("the computed column `{}`", row.name));
        return;
    }
    let kind = dialect.read_type(&row.kind);
    let mut column = Column::new(row.name, kind);
    column.nullable = row.required == 0 && row.key == 0;
    let default = row.default.as_deref();
    column.default = default.and_then(|text| dialect.read_default(text, &column.kind));
    // Only a column of exactly this type is another name for the number of the row.
    column.auto_increment = row.key > 0 && row.kind.eq_ignore_ascii_case("integer");
    table.columns.push(column);
}

/// A part of a key counts up only where it is all of it.
fn settle_keys(live: &mut Live) {
    for table in live.schema.tables.values_mut() {
        let sole = table.primary_key.len() == 1;
        for column in &mut table.columns {
            column.auto_increment &= sole;
        }
    }
}

fn add_index(live: &mut Live, rows: &[IndexRow]) {
    let Some(first) = rows.first() else {
        return;
    };
    let Some(table) = live.schema.tables.get_mut(&first.table) else {
        return;
    };
    if first.origin == "pk" {
        return;
    }
    let columns: Option<Vec<String>> = rows.iter().map(|row| row.column.clone()).collect();
    let plain = |row: &IndexRow| {
        let binary = row.collation.as_deref().is_none_or(|name| name == "BINARY");
        row.descending == 0 && binary
    };
    let unique = first.unique == 1;
    match columns {
        Some(columns) if first.partial == 0 && rows.iter().all(plain) => {
            if let ("u", [only]) = (first.origin.as_str(), columns.as_slice()) {
                if let Some(column) = table.column_mut(only) {
                    column.unique = true;
                }
                return;
            }
            let own = first.origin == "u";
            table.add_index(Index {
                name: first.name.clone(),
                columns,
                unique,
            });
            if own {
                let message = format!(
                    "the unique key `{}` is part of the table's definition",
                    first.name
                );
                live.note(&first.table, message);
            }
        }
        _ => {
            let sql = first.sql.clone().unwrap_or_else(|| first.name.clone());
            live.note(
                &first.table,
                format!("an index that is more than a list of columns: {sql}"),
            );
        }
    }
}

fn add_reference(live: &mut Live, rows: &[KeyRow]) {
    let Some(first) = rows.first() else {
        return;
    };
    // Names of tables are the same to SQLite in any case.
    let tables = live.schema.tables.keys();
    let found = tables
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(&first.other));
    let other = found.cloned().unwrap_or_else(|| first.other.clone());
    let columns: Vec<String> = rows.iter().map(|row| row.from.clone()).collect();
    let named: Option<Vec<String>> = rows.iter().map(|row| row.to.clone()).collect();
    let references = named.unwrap_or_else(|| {
        let table = live.schema.table(&other);
        table
            .map(|table| table.primary_key.clone())
            .unwrap_or_default()
    });
    let exact = |table: &str, names: Vec<String>| -> Vec<String> {
        let columns = live
            .schema
            .table(table)
            .map(|table| table.columns.as_slice());
        let find = |name: String| {
            let mut columns = columns.unwrap_or_default().iter();
            let found = columns.find(|column| column.name.eq_ignore_ascii_case(&name));
            found.map_or(name, |column| column.name.clone())
        };
        names.into_iter().map(find).collect()
    };
    let (columns, references) = (exact(&first.table, columns), exact(&other, references));
    let key = ForeignKey {
        // SQLite does not tell the names of references, and needs none.
        name: format!("fk-{}-{}", first.table, columns.join("-")),
        columns,
        table: other,
        references,
        on_delete: action(&first.delete),
        on_update: action(&first.update),
    };
    if let Some(table) = live.schema.tables.get_mut(&first.table)
        && table.foreign_key(&key.name).is_none()
    {
        table.add_foreign_key(key);
    }
}

/// The words of a statement outside of names, strings and comments, in capitals.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            word.extend(c.to_uppercase());
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        let end = match c {
            '\'' | '"' | '`' => c,
            '[' => ']',
            '-' if chars.peek() == Some(&'-') => '\n',
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut previous = ' ';
                for c in chars.by_ref() {
                    if previous == '*' && c == '/' {
                        break;
                    }
                    previous = c;
                }
                continue;
            }
            _ => continue,
        };
        chars.by_ref().take_while(|c| *c != end).for_each(drop);
    }
    words.push(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_statement_itself() {
        let sql = "CREATE TABLE t (\"check\" int, -- CHECK\n a text DEFAULT 'CHECK' /* CHECK */, [check] int)";
        assert!(!words(sql).contains(&"CHECK".to_owned()));
        let sql = "CREATE TABLE t (a int check (a > 0))";
        assert_eq!(words(sql).iter().filter(|word| *word == "CHECK").count(), 1);
    }
}
