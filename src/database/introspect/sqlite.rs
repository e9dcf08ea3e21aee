//! SQLite: the pragmas, and the text of `CREATE TABLE` for what they do not tell.

mod definition;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::schema::{Column, ForeignKey, Index, Table};
use crate::sql::Dialect;

use super::catalogue::{action, is_bookkeeping};
use super::live::{Introspect, Live};
use crate::database::driver::Driver;
use crate::database::sqlite::Sqlite;

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
SELECT json_object('table', tbl_name, 'name', name, 'definition', sql) FROM sqlite_master WHERE type = 'trigger' ORDER BY name";

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
    definition: String,
}

impl Introspect for Sqlite {
    async fn introspect(&mut self, _: &[String]) -> Result<Live> {
        let mut live = Live::default();
        for object in self.objects::<ObjectRow>(OBJECTS).await? {
            add_object(&mut live, &object);
        }
        let mut keys: BTreeMap<String, Vec<(u32, String)>> = BTreeMap::new();
        for row in self.objects::<ColumnRow>(COLUMNS).await? {
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
        for row in self.objects::<IndexRow>(INDEXES).await? {
            let name = (row.table.clone(), row.name.clone());
            indexes.entry(name).or_default().push(row);
        }
        for rows in indexes.into_values() {
            add_index(&mut live, &rows);
        }
        let mut references: BTreeMap<(String, u32), Vec<KeyRow>> = BTreeMap::new();
        for row in self.objects::<KeyRow>(KEYS).await? {
            references
                .entry((row.table.clone(), row.id))
                .or_default()
                .push(row);
        }
        for rows in references.into_values() {
            add_reference(&mut live, &rows);
        }
        for trigger in self.objects::<TriggerRow>(TRIGGERS).await? {
            live.note("trigger", &trigger.table, trigger.name, trigger.definition);
        }
        Ok(live)
    }
}

fn add_object(live: &mut Live, object: &ObjectRow) {
    let name = &object.name;
    match object.kind.as_str() {
        "view" => live.note("view", name, "", "a view"),
        "virtual" => live.note("virtual table", name, "", "a virtual table"),
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
                live.note("strict", name, "", "the table is STRICT");
            }
            if object.without_rowid == 1 {
                live.note("without rowid", name, "", "the table is WITHOUT ROWID");
            }
            let sql = object.sql.as_deref().unwrap_or_default();
            for (kind, part, definition) in definition::parts(sql) {
                live.note(kind, name, part, definition);
            }
        }
    }
}

fn add_column(live: &mut Live, row: ColumnRow) {
    let dialect = Dialect::Sqlite;
    if live.schema.table(&row.table).is_none() {
        return;
    }
    // SQLite tells the words behind a generated column's type along with it.
    let declared = row.kind.trim_end();
    let declared = match row.hidden {
        0 | 1 => declared,
        _ => without_generated(declared),
    };
    let mut column = Column::new(row.name, dialect.read_type(declared));
    if row.hidden > 1 {
        let mut notes = live.notes.iter();
        let own = notes.find(|note| {
            note.kind == "generated" && note.table == row.table && note.name == column.name
        });
        column.extra = own.map(|note| format!("GENERATED ALWAYS AS {}", note.definition));
    }
    column.nullable = row.required == 0 && row.key == 0;
    let default = row.default.as_deref();
    column.default = default.and_then(|text| dialect.read_default(text, &column.kind));
    // Only a column of exactly this type is another name for the number of the row.
    column.auto_increment = row.key > 0 && row.kind.eq_ignore_ascii_case("integer");
    if let Some(table) = live.schema.tables.get_mut(&row.table) {
        table.columns.push(column);
    }
}

/// `INT GENERATED ALWAYS` as `INT`.
fn without_generated(kind: &str) -> &str {
    let at = kind.to_ascii_uppercase().find("GENERATED");
    at.map_or(kind, |at| kind[..at].trim_end())
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
        let own = live.notes.iter().find(|note| {
            let column = row.column.as_deref();
            note.kind == "collation"
                && note.table == row.table
                && Some(note.name.as_str()) == column
        });
        let of_column = own.map_or("BINARY", |note| note.definition.as_str());
        let collation = row.collation.as_deref();
        row.descending == 0 && collation.is_none_or(|name| name.eq_ignore_ascii_case(of_column))
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
            let mut name = first.name.clone();
            if first.origin == "u" {
                // SQLite's own name for it cannot be said in SQL.
                name = format!("idx-{}-{}", first.table, columns.join("-"));
                table.unsaid.constraints.insert(name.clone());
            }
            table.add_index(Index {
                name,
                columns,
                unique,
            });
        }
        _ => {
            let sql = first.sql.clone().unwrap_or_else(|| first.name.clone());
            live.note("index", &first.table, first.name.clone(), sql);
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
