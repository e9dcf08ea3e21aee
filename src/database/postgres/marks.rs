//! What is said of keys and indexes beside their definitions, and goes where they are made again: comments, which index
//! tells rows apart for replicas and which orders the table, how much is known of an index's expressions, `MATCH FULL`.

use serde::Deserialize;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor};

use crate::sql::Dialect;

use super::kept::objects;

/// A constraint or an index of a table.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Mark {
    table: i64,
    /// The table, as SQL names it.
    on: String,
    name: String,
    /// As `pg_constraint.contype` has it; `i` for an index of its own.
    kind: String,
    comment: Option<String>,
    clustered: bool,
    replica_identity: bool,
    /// Of a foreign key: `MATCH FULL`.
    full: bool,
    definition: String,
    /// The statistics targets that were set for its columns, by their numbers.
    #[serde(default)]
    statistics: Vec<(i64, i64)>,
}

const MARKS: &str = "\
    SELECT json_build_object('table', r.conrelid::int8, 'on', r.conrelid::regclass::text, 'name', r.conname, 'kind', r.contype, \
        'comment', obj_description(r.oid, 'pg_constraint'), 'clustered', coalesce(i.indisclustered, FALSE), \
        'replica_identity', coalesce(i.indisreplident, FALSE), 'full', r.contype = 'f' AND r.confmatchtype = 'f', \
        'definition', pg_get_constraintdef(r.oid))::text \
    FROM pg_constraint r LEFT JOIN pg_index i ON i.indexrelid = r.conindid AND r.contype IN ('p', 'u', 'x') \
    WHERE r.conrelid IN ({tables}) AND r.contype IN ('p', 'u', 'x', 'f', 'c') \
    UNION ALL \
    SELECT json_build_object('table', i.indrelid::int8, 'on', i.indrelid::regclass::text, 'name', c.relname, 'kind', 'i', \
        'comment', obj_description(c.oid, 'pg_class'), 'clustered', i.indisclustered, 'replica_identity', i.indisreplident, \
        'full', FALSE, 'definition', c.oid::regclass::text, \
        'statistics', (SELECT coalesce(json_agg(json_build_array(a.attnum, a.attstattarget)), '[]'::json) FROM pg_attribute a \
                       WHERE a.attrelid = c.oid AND a.attstattarget >= 0))::text \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid IN ({tables})";

pub(super) async fn read(
    connection: &mut PgConnection,
    tables: &[String],
) -> Result<Vec<Mark>, sqlx::Error> {
    objects(connection, MARKS, tables).await
}

/// Sets the marks of `before` again that those now there lack.
pub(super) async fn restore(
    connection: &mut PgConnection,
    before: &[Mark],
    tables: &[String],
) -> Result<(), sqlx::Error> {
    let now = read(connection, tables).await?;
    for mark in before {
        // A primary key stays the same, whatever it is called.
        let is_it = |other: &&Mark| {
            let same_name = other.name == mark.name || mark.kind == "p";
            other.table == mark.table && other.kind == mark.kind && same_name
        };
        let Some(now) = now.iter().find(is_it) else {
            continue;
        };
        for sql in mark.missing(now) {
            connection.execute(AssertSqlSafe(sql)).await?;
        }
    }
    Ok(())
}

impl Mark {
    /// The statements that set on `now` what was set on it.
    fn missing(&self, now: &Self) -> Vec<String> {
        let (on, name) = (&now.on, Dialect::Postgres.quote(&now.name));
        let mut statements = Vec::new();
        if self.full && !now.full {
            statements.push(format!(
                "ALTER TABLE {on} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {}",
                match_full(&now.definition)
            ));
        }
        if let Some(comment) = &self.comment
            && (now.comment.is_none() || !statements.is_empty())
        {
            let what = match self.kind.as_str() {
                "i" => format!("INDEX {}", now.definition),
                _ => format!("CONSTRAINT {name} ON {on}"),
            };
            statements.push(format!(
                "COMMENT ON {what} IS {}",
                Dialect::Postgres.literal(comment)
            ));
        }
        if self.clustered && !now.clustered {
            statements.push(format!("ALTER TABLE {on} CLUSTER ON {name}"));
        }
        if self.replica_identity && !now.replica_identity {
            statements.push(format!(
                "ALTER TABLE {on} REPLICA IDENTITY USING INDEX {name}"
            ));
        }
        for (number, target) in &self.statistics {
            if !now.statistics.iter().any(|(other, _)| other == number) {
                let index = &now.definition;
                statements.push(format!(
                    "ALTER INDEX {index} ALTER COLUMN {number} SET STATISTICS {target}"
                ));
            }
        }
        statements
    }
}

/// The definition of a foreign key with `MATCH FULL`, which follows the columns that it refers to.
fn match_full(definition: &str) -> String {
    let references = definition.find(" REFERENCES ").unwrap_or(0);
    match definition[references..].find(')') {
        Some(end) => {
            let (head, rest) = definition.split_at(references + end + 1);
            format!("{head} MATCH FULL{rest}")
        }
        None => definition.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn match_full_stands_behind_the_columns() {
        assert_eq!(
            match_full("FOREIGN KEY (a, b) REFERENCES p(x, y) ON DELETE CASCADE"),
            "FOREIGN KEY (a, b) REFERENCES p(x, y) MATCH FULL ON DELETE CASCADE"
        );
    }
}
