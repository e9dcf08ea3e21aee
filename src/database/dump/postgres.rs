//! PostgreSQL: statements from `pg_catalog`, in the order of its own dependencies.

mod objects;
mod order;
mod rare;

use serde::Deserialize;

use crate::error::Result;

use super::super::driver::Driver;
use super::super::postgres::Postgres;
use super::item::{Dump, DumpObjects, Item, is_made_by_tools};
use order::Node;

/// One object and its statement. The kinds that follow all others in a fixed order have no node.
#[derive(Deserialize)]
struct Row {
    kind: String,
    #[serde(default)]
    node: String,
    #[serde(default)]
    table: String,
    name: String,
    create: String,
    drop: Option<String>,
}

#[derive(Deserialize)]
struct Edge {
    from: String,
    to: String,
}

impl DumpObjects for Postgres {
    async fn dump_objects(&mut self, also: &[String]) -> Result<Dump> {
        let mut dump = Dump::default();
        let schemas = objects::Schemas::new(also);
        let mut nodes = Vec::new();
        for sql in objects::IN_ORDER_OF_USE {
            for row in self.objects::<Row>(&schemas.query(sql)).await? {
                if !is_tools(&row) {
                    nodes.push(Node {
                        key: row.node.clone(),
                        item: item(row),
                    });
                }
            }
        }
        let edges = self.objects::<Edge>(objects::DEPENDENCIES).await?;
        let edges = edges.into_iter().map(|edge| (edge.from, edge.to));
        let ordered = order::ordered(nodes, edges.collect());
        for sql in objects::BEFORE {
            let rows = self.objects::<Row>(&schemas.query(sql)).await?;
            dump.items.extend(rows.into_iter().map(item));
        }
        dump.items.extend(ordered);
        for sql in objects::AFTER {
            let rows = self.objects::<Row>(&schemas.query(sql)).await?;
            let rows = rows.into_iter().filter(|row| !is_tools(row));
            dump.items.extend(rows.map(item));
        }
        for row in self
            .objects::<Row>(&schemas.query(objects::LEFT_OUT))
            .await?
        {
            dump.left_out.push(format!("{} `{}`", row.kind, row.name));
        }
        Ok(dump)
    }
}

fn is_tools(row: &Row) -> bool {
    let table = match row.table.as_str() {
        "" => &row.name,
        table => table,
    };
    is_made_by_tools(table)
}

fn item(row: Row) -> Item {
    let kind = match row.kind.as_str() {
        "table" => "table",
        "view" => "view",
        "materialized view" => "materialized view",
        "sequence" => "sequence",
        "owner" => "owner of a sequence",
        "function" => "function",
        "aggregate" => "aggregate",
        "domain" => "domain",
        "enum" => "enum",
        "type" | "range type" => "type",
        "extension" => "extension",
        "schema" => "schema",
        "index" => "index",
        "foreign key" => "foreign key",
        "constraint" => "constraint",
        "trigger" => "trigger",
        "rule" => "rule",
        "policy" => "policy",
        "statistics" => "statistics",
        "collation" => "collation",
        "text search" => "text search",
        "operator" => "operator",
        "cast" => "cast",
        "storage" => "storage",
        _ => "comment",
    };
    Item {
        kind,
        table: row.table,
        name: row.name,
        create: row.create,
        drop: row.drop,
        settings: Vec::new(),
    }
}
