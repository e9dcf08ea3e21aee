//! MySQL and MariaDB: `information_schema`, which the two fill differently.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::schema::{Column, ColumnType, EnumType, ForeignKey, Index, Table};
use crate::sql::Dialect;

use super::catalogue::{action, is_bookkeeping, unreadable};
use super::live::{Introspect, Live};
use crate::database::driver::Driver;
use crate::database::mysql::Mysql;

mod rows;

use rows::{
    CHECKS_OF_MARIADB, CHECKS_OF_MYSQL, COLUMNS, CheckRow, ColumnRow, INDEXES, IndexRow, KEYS,
    KeyRow, OBJECTS, ObjectRow, TRIGGERS, TriggerRow,
};

/// How the server fills its catalogue.
struct Server {
    is_mariadb: bool,
    /// Columns (`table`, `column`) that MariaDB keeps as text and checks to be JSON.
    json: BTreeSet<(String, String)>,
}

impl Introspect for Mysql {
    async fn introspect(&mut self, _: &[String]) -> Result<Live> {
        let version = self.texts("SELECT VERSION()").await.map_err(unreadable)?;
        let is_mariadb = version.iter().any(|version| version.contains("MariaDB"));
        let mut live = Live::default();
        for object in self.objects::<ObjectRow>(OBJECTS).await? {
            add_object(&mut live, object);
        }
        let mut server = Server {
            is_mariadb,
            json: BTreeSet::new(),
        };
        let checks = if is_mariadb {
            CHECKS_OF_MARIADB
        } else {
            CHECKS_OF_MYSQL
        };
        for check in self.objects::<CheckRow>(checks).await? {
            let bare = check.definition.replace('`', "");
            let column = bare
                .strip_prefix("json_valid(")
                .and_then(|rest| rest.strip_suffix(')'));
            match column {
                Some(column) if is_mariadb => {
                    server.json.insert((check.table, column.to_owned()));
                }
                _ if live.schema.table(&check.table).is_none() => {}
                _ => {
                    let definition = format!("CHECK ({})", check.definition);
                    live.note("check", &check.table, check.name, definition);
                }
            }
        }
        for row in self.objects::<ColumnRow>(COLUMNS).await? {
            server.add_column(&mut live, row);
        }
        let mut keys: BTreeMap<(String, String), Vec<KeyRow>> = BTreeMap::new();
        for row in self.objects::<KeyRow>(KEYS).await? {
            keys.entry((row.table.clone(), row.name.clone()))
                .or_default()
                .push(row);
        }
        for rows in keys.into_values() {
            add_reference(&mut live, &rows);
        }
        let mut indexes: BTreeMap<(String, String), Vec<IndexRow>> = BTreeMap::new();
        for row in self.objects::<IndexRow>(INDEXES).await? {
            indexes
                .entry((row.table.clone(), row.name.clone()))
                .or_default()
                .push(row);
        }
        for rows in indexes.into_values() {
            add_index(&mut live, &rows);
        }
        for row in self.objects::<TriggerRow>(TRIGGERS).await? {
            live.note("trigger", &row.table, row.name, row.definition);
        }
        Ok(live)
    }
}

fn add_object(live: &mut Live, object: ObjectRow) {
    let name = &object.name;
    match object.kind.as_str() {
        _ if is_bookkeeping(name) => {}
        "BASE TABLE" => {
            let table = Table {
                name: name.clone(),
                comment: object.comment.filter(|comment| !comment.is_empty()),
                ..Table::default()
            };
            live.schema.tables.insert(table.name.clone(), table);
        }
        "VIEW" | "SYSTEM VIEW" => live.note("view", name, "", "a view"),
        "SEQUENCE" => live.note("sequence object", name, "", "a sequence"),
        other => live.note("table", name, "", other.to_lowercase()),
    }
}

impl Server {
    fn add_column(&self, live: &mut Live, row: ColumnRow) {
        let dialect = Dialect::Mysql;
        let Some(table) = live.schema.tables.get_mut(&row.table) else {
            return;
        };
        let extra = row.extra.to_lowercase();
        let mut generated = None;
        if extra.contains("generated") && !extra.contains("default_generated") {
            let stored = if extra.contains("stored") {
                "STORED"
            } else {
                "VIRTUAL"
            };
            let expression = row.generation.as_deref().unwrap_or_default();
            generated = Some(format!("GENERATED ALWAYS AS ({expression}) {stored}"));
        }
        let is_json = self.json.contains(&(row.table.clone(), row.name.clone()));
        let kind = match enum_values(&row.kind) {
            Some(values) => {
                let kind = EnumType {
                    name: format!("{}_{}", row.table, row.name),
                    values,
                };
                let name = kind.name.clone();
                live.schema.enums.insert(name.clone(), kind);
                ColumnType::Enum(name)
            }
            None if is_json => ColumnType::Json,
            None => dialect.read_type(&row.kind),
        };
        let mut column = Column::new(row.name, kind);
        column.nullable = row.nullable == "YES";
        column.auto_increment = extra.contains("auto_increment");
        column.comment = Some(row.comment).filter(|comment| !comment.is_empty());
        let literal = !self.is_mariadb && !extra.contains("default_generated");
        column.default = row.default.as_deref().and_then(|text| {
            // MySQL tells what a literal holds, where MariaDB tells how it is written.
            let quoted = || format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
            let is_bits = text.starts_with("b'");
            let spelled = if literal && !is_bits {
                quoted()
            } else {
                text.to_owned()
            };
            dialect.read_default(&spelled, &column.kind)
        });
        let name = column.name.clone();
        column.extra.clone_from(&generated);
        table.columns.push(column);
        if let Some(generated) = generated {
            live.note("generated", &row.table, name.clone(), generated);
        }
        if let Some(at) = extra.find("on update") {
            live.note(
                "on update",
                &row.table,
                name.clone(),
                row.extra[at..].to_uppercase(),
            );
        }
        if extra.contains("invisible") {
            live.note("invisible", &row.table, name.clone(), "INVISIBLE");
        }
        if let Some(collation) = row.collation {
            live.note("collation", &row.table, name, collation);
        }
    }
}

/// The values in `enum('a','it''s')`. The catalogue doubles quotes and leaves backslashes as they are, where the tokenizer of
/// MySQL's SQL would take them for escapes.
fn enum_values(kind: &str) -> Option<Vec<String>> {
    let inside = kind.strip_prefix("enum(")?.strip_suffix(')')?;
    let mut values = Vec::new();
    let mut rest = inside;
    while let Some(quoted) = rest.strip_prefix('\'') {
        let mut value = String::new();
        let mut chars = quoted.char_indices().peekable();
        let end = loop {
            match chars.next()? {
                (at, '\'') => match chars.peek() {
                    Some((_, '\'')) => {
                        chars.next();
                        value.push('\'');
                    }
                    _ => break at + 1,
                },
                (_, c) => value.push(c),
            }
        };
        values.push(value);
        rest = quoted[end..].trim_start_matches(',');
    }
    Some(values)
}

fn add_reference(live: &mut Live, rows: &[KeyRow]) {
    let Some(first) = rows.first() else {
        return;
    };
    let other = match first.other_schema == first.here {
        true => first.other.clone(),
        false => format!("{}.{}", first.other_schema, first.other),
    };
    let key = ForeignKey {
        name: first.name.clone(),
        columns: rows.iter().map(|row| row.column.clone()).collect(),
        table: other,
        references: rows.iter().map(|row| row.reference.clone()).collect(),
        on_delete: Dialect::Mysql.stored_action(action(&first.delete)),
        on_update: Dialect::Mysql.stored_action(action(&first.update)),
    };
    if let Some(table) = live.schema.tables.get_mut(&first.table) {
        table.add_foreign_key(key);
    }
}

fn add_index(live: &mut Live, rows: &[IndexRow]) {
    let Some(first) = rows.first() else {
        return;
    };
    let Some(table) = live.schema.tables.get_mut(&first.table) else {
        return;
    };
    let columns: Option<Vec<String>> = rows.iter().map(|row| row.column.clone()).collect();
    let plain = |row: &IndexRow| row.part.is_none() && row.order.as_deref() != Some("D");
    let unique = first.repeats == 0;
    match columns {
        Some(columns) if first.name == "PRIMARY" => table.primary_key = columns,
        // MariaDB keeps a unique key on a long text as a hash.
        Some(columns)
            if (first.kind == "BTREE" || unique && first.kind == "HASH")
                && rows.iter().all(plain) =>
        {
            if let (true, [only]) = (unique, columns.as_slice())
                && *only == first.name
            {
                if let Some(column) = table.column_mut(only) {
                    column.unique = true;
                }
                return;
            }
            // InnoDB makes an index under a reference, named like it, or like its column.
            let made = table.foreign_keys.iter().any(|key| {
                let named = key.name == first.name || key.columns.first() == Some(&first.name);
                named && key.columns == columns
            });
            if unique || !made {
                table.add_index(Index {
                    name: first.name.clone(),
                    columns,
                    unique,
                });
            }
        }
        _ => {
            let part = |row: &IndexRow| {
                let mut text = row.column.clone().unwrap_or_else(|| "an expression".into());
                if let Some(part) = row.part {
                    text.push_str(&format!("({part})"));
                }
                if row.order.as_deref() == Some("D") {
                    text.push_str(" DESC");
                }
                text
            };
            let parts: Vec<String> = rows.iter().map(part).collect();
            let definition = format!(
                "{} {}{} ({})",
                first.name,
                if unique { "unique " } else { "" },
                first.kind.to_lowercase(),
                parts.join(", ")
            );
            live.note("index", &first.table, first.name.clone(), definition);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::enum_values;

    #[test]
    fn the_values_of_an_enum_are_read() {
        let values = enum_values("enum('a','it''s','x,y','')").expect("an enum");
        assert_eq!(values, ["a", "it's", "x,y", ""]);
        assert_eq!(enum_values("set('a')"), None);
        assert_eq!(enum_values("enum('a"), None);
    }
}
