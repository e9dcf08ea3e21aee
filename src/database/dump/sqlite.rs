//! SQLite keeps the text of every statement.

use serde::Deserialize;

use crate::error::Result;
use crate::sql::Dialect;

use super::super::driver::Driver;
use super::super::sqlite::Sqlite;
use super::item::{Dump, DumpObjects, Item, is_made_by_tools};

/// Parts of virtual tables are made by those.
const OBJECTS: &str = "\
SELECT json_object('kind', m.type, 'name', m.name, 'table', m.tbl_name, 'sql', m.sql)
FROM sqlite_master m
WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND NOT EXISTS (SELECT 1 FROM pragma_table_list l WHERE l.name = m.tbl_name AND l.type = 'shadow')
ORDER BY m.type = 'trigger', m.type = 'view', m.rowid";

#[derive(Deserialize)]
struct Row {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

impl DumpObjects for Sqlite {
    async fn dump_objects(&mut self, _: &[String]) -> Result<Dump> {
        let mut dump = Dump::default();
        for row in self.objects::<Row>(OBJECTS).await? {
            if is_made_by_tools(&row.table) {
                continue;
            }
            let (kind, word) = match row.kind.as_str() {
                "index" => ("index", None),
                "trigger" => ("trigger", None),
                "view" => ("view", Some("VIEW")),
                _ => ("table", Some("TABLE")),
            };
            let drop = word.map(|word| format!("DROP {word} {}", Dialect::Sqlite.quote(&row.name)));
            let alone = row.table == row.name;
            dump.items.push(Item {
                kind,
                table: if alone { String::new() } else { row.table },
                name: row.name,
                create: row.sql,
                drop,
                settings: Vec::new(),
            });
        }
        Ok(dump)
    }
}
