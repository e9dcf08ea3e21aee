//! MySQL and MariaDB: `SHOW CREATE`, without what belongs to one server or to its rows.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::schema::{ForeignKey, Table, creation_order};
use crate::sql::Dialect;

use super::super::driver::Driver;
use super::super::introspect::unreadable;
use super::super::mysql::Mysql;
use super::item::{Dump, DumpObjects, Item, is_made_by_tools};

const MY: Dialect = Dialect::Mysql;

const TABLES: &str = "\
SELECT CAST(JSON_OBJECT('kind', t.table_type, 'name', t.table_name, 'table', '') AS CHAR)
FROM information_schema.tables t WHERE t.table_schema = DATABASE() ORDER BY t.table_name";

const KEYS: &str = "\
SELECT CAST(JSON_OBJECT('kind', r.referenced_table_name, 'name', r.constraint_name, 'table', r.table_name) AS CHAR)
FROM information_schema.referential_constraints r WHERE r.constraint_schema = DATABASE()
ORDER BY r.table_name, r.constraint_name";

const TRIGGERS: &str = "\
SELECT CAST(JSON_OBJECT('kind', 'TRIGGER', 'name', g.trigger_name, 'table', g.event_object_table) AS CHAR)
FROM information_schema.triggers g WHERE g.trigger_schema = DATABASE() ORDER BY g.event_object_table, g.trigger_name";

const ROUTINES: &str = "\
SELECT CAST(JSON_OBJECT('kind', r.routine_type, 'name', r.routine_name, 'table', '') AS CHAR)
FROM information_schema.routines r WHERE r.routine_schema = DATABASE()
  AND r.routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY r.routine_name";

const EVENTS: &str = "\
SELECT CAST(JSON_OBJECT('kind', 'EVENT', 'name', e.event_name, 'table', '') AS CHAR)
FROM information_schema.events e WHERE e.event_schema = DATABASE() ORDER BY e.event_name";

#[derive(Deserialize)]
struct Row {
    kind: String,
    name: String,
    table: String,
}

impl DumpObjects for Mysql {
    async fn dump_objects(&mut self, _: &[String]) -> Result<Dump> {
        let mut dump = Dump::default();
        let mut rows = self.objects::<Row>(TABLES).await?;
        rows.retain(|row| !is_made_by_tools(&row.name));
        for row in rows.iter().filter(|row| row.kind == "SEQUENCE") {
            let create = shown(self, "SEQUENCE", &row.name, 1).await?;
            dump.items.push(item("sequence", "SEQUENCE", row, create));
        }
        let routines = self.objects::<Row>(ROUTINES).await?;
        for row in &routines {
            let (kind, word) = match row.kind.as_str() {
                "FUNCTION" => ("function", "FUNCTION"),
                _ => ("procedure", "PROCEDURE"),
            };
            dump.items.push(program(self, kind, word, row).await?);
        }
        tables(self, &mut dump, &rows).await?;
        for row in in_order_of_use(self, &rows).await? {
            dump.items.push(program(self, "view", "VIEW", row).await?);
        }
        for row in self.objects::<Row>(TRIGGERS).await? {
            dump.items.push(Item {
                drop: None,
                ..program(self, "trigger", "TRIGGER", &row).await?
            });
        }
        for row in self.objects::<Row>(EVENTS).await? {
            dump.items
                .push(program(self, "event", "EVENT", &row).await?);
        }
        Ok(dump)
    }
}

/// Tables after those they point at; references that go round in a cycle come at the end.
async fn tables(database: &mut Mysql, dump: &mut Dump, rows: &[Row]) -> Result<()> {
    let bases = rows
        .iter()
        .filter(|row| row.kind == "BASE TABLE" || row.kind == "SYSTEM VERSIONED");
    let bases: Vec<&Row> = bases.collect();
    let mut tables: BTreeMap<&str, Table> = BTreeMap::new();
    for row in &bases {
        let table = Table {
            name: row.name.clone(),
            ..Table::default()
        };
        tables.insert(&row.name, table);
    }
    for key in database.objects::<Row>(KEYS).await? {
        if let Some(table) = tables.get_mut(key.table.as_str()) {
            table.add_foreign_key(ForeignKey {
                name: key.name,
                columns: Vec::new(),
                table: key.kind,
                references: Vec::new(),
                on_delete: None,
                on_update: None,
            });
        }
    }
    let all: Vec<&Table> = tables.values().collect();
    let (order, late) = creation_order(&all);
    let mut after = Vec::new();
    for name in order {
        let Some(row) = bases.iter().find(|row| row.name == name) else {
            continue;
        };
        let mut create = without_counter(&shown(database, "TABLE", name, 1).await?);
        for (table, key) in &late {
            if *table == name
                && let Some((rest, line)) = without_key(&create, key)
            {
                create = rest;
                after.push(Item {
                    kind: "foreign key",
                    table: name.to_owned(),
                    name: (*key).to_owned(),
                    create: format!("ALTER TABLE {} ADD {line}", MY.quote(name)),
                    drop: Some(format!(
                        "ALTER TABLE {} DROP FOREIGN KEY {}",
                        MY.quote(name),
                        MY.quote(key)
                    )),
                    settings: Vec::new(),
                });
            }
        }
        dump.items.push(item("table", "TABLE", row, create));
    }
    dump.items.append(&mut after);
    Ok(())
}

/// Views after the views that they read.
async fn in_order_of_use<'a>(database: &mut Mysql, rows: &'a [Row]) -> Result<Vec<&'a Row>> {
    let mut waiting: Vec<(&Row, String)> = Vec::new();
    for row in rows.iter().filter(|row| row.kind == "VIEW") {
        waiting.push((row, shown(database, "VIEW", &row.name, 1).await?));
    }
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let uses = |text: &str, name: &str| text.contains(&format!(" {}", MY.quote(name)));
        let free = waiting.iter().position(|(row, text)| {
            let body = text.split_once(" AS ").map_or("", |(_, body)| body);
            let mut others = waiting.iter().filter(|(other, _)| other.name != row.name);
            !others.any(|(other, _)| uses(body, &other.name))
        });
        order.push(waiting.remove(free.unwrap_or(0)).0);
    }
    Ok(order)
}

fn item(kind: &'static str, word: &str, row: &Row, create: String) -> Item {
    Item {
        kind,
        table: row.table.clone(),
        name: row.name.clone(),
        create,
        drop: Some(format!("DROP {word} {}", MY.quote(&row.name))),
        settings: Vec::new(),
    }
}

/// A stored program with what it keeps of the session that made it. `a || b` is a text under one `sql_mode` and true or
/// false under another; texts without a collation of their own have that of the connection, which decides what equals
/// what; an event also keeps a time zone.
async fn program(database: &mut Mysql, kind: &'static str, word: &str, row: &Row) -> Result<Item> {
    let before: &[&str] = match word {
        "VIEW" => &[],
        "EVENT" => &["sql_mode", "time_zone"],
        _ => &["sql_mode"],
    };
    let at = before.len() + 1;
    let create = shown(database, word, &row.name, at).await?;
    let mut settings = Vec::new();
    let columns = (1..).zip(before.iter().copied());
    let after = [
        (at + 1, "character_set_client"),
        (at + 2, "collation_connection"),
    ];
    for (column, setting) in columns.chain(after) {
        let value = shown(database, word, &row.name, column).await?;
        // The files are UTF-8: other letters than those of ASCII would be read as something else.
        if setting == "character_set_client" && !create.is_ascii() && !value.starts_with("utf8") {
            continue;
        }
        settings.push(format!("{setting} = '{}'", value.replace('\'', "''")));
    }
    Ok(Item {
        settings,
        ..item(kind, word, row, create)
    })
}

/// What `SHOW CREATE` says in its column number `at`, from 0, without the account that made the object.
async fn shown(database: &mut Mysql, word: &str, name: &str, at: usize) -> Result<String> {
    let sql = format!("SHOW CREATE {word} {}", MY.quote(name));
    let text = database.cell(&sql, at).await.map_err(unreadable)?;
    Ok(without_definer(&text))
}

/// `DEFINER=…@…` names an account of one server.
fn without_definer(text: &str) -> String {
    let Some(start) = text.find("DEFINER=") else {
        return text.to_owned();
    };
    let head = text[..start].trim_end();
    // It stands in front of the object's name.
    if head.contains('(') {
        return text.to_owned();
    }
    let rest = &text[start + "DEFINER=".len()..];
    let mut quote = None;
    let end = rest.find(|c: char| {
        if c == '`' {
            quote = match quote {
                Some(_) => None,
                None => Some(c),
            };
        }
        quote.is_none() && c.is_whitespace()
    });
    let rest = end.map_or("", |end| rest[end..].trim_start());
    format!("{head} {rest}")
}

/// `AUTO_INCREMENT=7` is about rows.
fn without_counter(create: &str) -> String {
    let Some(at) = create.rfind(" AUTO_INCREMENT=") else {
        return create.to_owned();
    };
    // Behind the columns alone.
    if create.rfind("\n)").is_some_and(|end| end > at) {
        return create.to_owned();
    }
    let rest = &create[at + " AUTO_INCREMENT=".len()..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    format!("{}{}", &create[..at], &rest[end..])
}

/// `create` without the line of a foreign key, and that line.
fn without_key(create: &str, key: &str) -> Option<(String, String)> {
    let start = format!("CONSTRAINT {} FOREIGN KEY", MY.quote(key));
    let lines: Vec<&str> = create.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.trim_start().starts_with(&start))?;
    let line = lines[at].trim().trim_end_matches(',').to_owned();
    let mut kept: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    kept.remove(at);
    // The line before it is the last one now.
    if !lines[at].trim_end().ends_with(',')
        && let Some(before) = at.checked_sub(1).and_then(|at| kept.get_mut(at))
    {
        *before = before.trim_end_matches(',').to_owned();
    }
    Some((kept.join("\n"), line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_one_server_is_left_out() {
        let view = "CREATE ALGORITHM=UNDEFINED DEFINER=`a b`@`%` SQL SECURITY DEFINER VIEW `v` AS select 1";
        assert_eq!(
            without_definer(view),
            "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select 1"
        );
        let table = "CREATE TABLE `t` (\n  `a` int COMMENT ' AUTO_INCREMENT=3'\n) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4";
        assert_eq!(
            without_counter(table),
            "CREATE TABLE `t` (\n  `a` int COMMENT ' AUTO_INCREMENT=3'\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        );
        let table = "CREATE TABLE `t` (\n  KEY `k` (`a`),\n  CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `u` (`id`)\n) ENGINE=InnoDB";
        let (rest, line) = without_key(table, "k").unwrap();
        assert_eq!(rest, "CREATE TABLE `t` (\n  KEY `k` (`a`)\n) ENGINE=InnoDB");
        assert_eq!(
            line,
            "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `u` (`id`)"
        );
    }
}
