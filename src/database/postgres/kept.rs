//! Everything at the tables of a step that no entity knows of is as it was after it: what PostgreSQL resets is set
//! again, what it takes along is told.

use std::collections::BTreeSet;

use serde::Deserialize;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor, Row};

use crate::migrations::{Loss, Step};
use crate::sql::Dialect;
use crate::sql::tokens::tokenize;

use super::json_rows;
use super::marks::{self, Mark};

/// An object or a column, by numbers that do not change with names.
#[derive(Clone, Debug, Deserialize)]
struct Item {
    kind: String,
    /// The table's number.
    table: i64,
    /// Its own number, or that of the column in its table.
    id: i64,
    name: String,
    /// The table, as SQL names it.
    on: String,
    definition: String,
    /// Of a column: what was set by hand.
    #[serde(default)]
    set: ColumnSettings,
    /// The column's type.
    #[serde(default)]
    type_text: String,
}

/// What somebody set on a column; `None` where it is as usual.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct ColumnSettings {
    collation: Option<String>,
    storage: Option<String>,
    compression: Option<String>,
    statistics: Option<i64>,
    /// The domain that the column is of.
    domain: Option<String>,
}

/// A sequence that belongs to a column.
#[derive(Clone, Debug, Deserialize)]
struct Sequence {
    id: i64,
    name: String,
    #[serde(rename = "type")]
    kind: i64,
    column_type: i64,
    column_type_text: String,
}

/// What was at the tables of a step before it.
pub(super) struct Kept {
    tables: Vec<String>,
    items: Vec<Item>,
    sequences: Vec<Sequence>,
    marks: Vec<Mark>,
    deferrable: Vec<(String, String, bool)>,
}

impl Kept {
    pub(super) async fn read(
        connection: &mut PgConnection,
        step: &Step,
    ) -> Result<Self, sqlx::Error> {
        let columns = step.touched.columns.iter();
        let tables = columns.map(|column| &column.table);
        let tables: BTreeSet<&str> = tables
            .chain(&step.touched.rekeyed)
            .map(String::as_str)
            .collect();
        let tables: Vec<String> = oids(connection, tables).await?;
        let deferrable = sqlx::query_as(
            "SELECT r.conrelid::regclass::text, r.conname::text, r.condeferred FROM pg_constraint r \
             WHERE r.contype = 'f' AND r.condeferrable",
        );
        Ok(Self {
            items: items(connection, &tables).await?,
            sequences: sequences(connection, &tables).await?,
            marks: marks::read(connection, &tables).await?,
            deferrable: deferrable.fetch_all(&mut *connection).await?,
            tables,
        })
    }

    /// Sets again what can be, after the statements of the step; what is gone for good.
    pub(super) async fn restore(
        &self,
        connection: &mut PgConnection,
        step: &Step,
    ) -> Result<Vec<Loss>, sqlx::Error> {
        self.keep_deferrable(connection).await?;
        self.keep_sequences(connection).await?;
        marks::restore(connection, &self.marks, &self.tables).await?;
        let after = items(connection, &self.tables).await?;
        let there = tables_there(connection, &self.tables).await?;
        let mut losses = Vec::new();
        for item in &self.items {
            if item.kind == "column" {
                self.keep_settings(connection, step, (item, &after)).await?;
                losses.extend(lost_domain(step, item, &after));
                continue;
            }
            let is_there = |other: &Item| {
                other.kind == item.kind
                    && (other.id == item.id || other.table == item.table && other.name == item.name)
            };
            if there.contains(&item.table)
                && !after.iter().any(is_there)
                && !is_said(step, &item.name)
            {
                losses.push(gone(item));
            }
        }
        Ok(losses)
    }

    async fn keep_settings(
        &self,
        connection: &mut PgConnection,
        step: &Step,
        (before, after): (&Item, &[Item]),
    ) -> Result<(), sqlx::Error> {
        let same = |other: &&Item| {
            other.kind == "column" && other.table == before.table && other.id == before.id
        };
        let Some(now) = after.iter().find(same) else {
            return Ok(());
        };
        if now.set == before.set {
            return Ok(());
        }
        let alter = format!(
            "ALTER TABLE {} ALTER COLUMN {}",
            now.on,
            Dialect::Postgres.quote(&now.name)
        );
        let is_text = now.definition == "collatable";
        let says = |keyword: &str| step.says(Dialect::Postgres, keyword);
        let mut statements = Vec::new();
        if let Some(collation) = before
            .set
            .collation
            .as_ref()
            .filter(|_| is_text && now.set.collation.is_none() && !says("COLLATE"))
        {
            statements.push(format!(
                "{alter} TYPE {} COLLATE {collation}",
                now.type_text
            ));
        }
        if let Some(storage) = before
            .set
            .storage
            .as_ref()
            .filter(|_| is_text && !says("STORAGE"))
        {
            statements.push(format!("{alter} SET STORAGE {storage}"));
        }
        if let Some(compression) = before
            .set
            .compression
            .as_ref()
            .filter(|_| is_text && !says("COMPRESSION"))
        {
            statements.push(format!("{alter} SET COMPRESSION {compression}"));
        }
        if let Some(statistics) = before.set.statistics.filter(|_| !says("STATISTICS")) {
            statements.push(format!("{alter} SET STATISTICS {statistics}"));
        }
        for statement in statements {
            connection.execute(AssertSqlSafe(statement)).await?;
        }
        Ok(())
    }

    /// The sequence of a `serial` column counts as far as its column does.
    async fn keep_sequences(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let after = sequences(connection, &self.tables).await?;
        for now in &after {
            let before = self.sequences.iter().find(|before| before.id == now.id);
            let followed = before.is_some_and(|before| {
                before.kind == before.column_type
                    && before.column_type != now.column_type
                    && now.kind != now.column_type
            });
            if followed
                && matches!(
                    now.column_type_text.as_str(),
                    "smallint" | "integer" | "bigint"
                )
            {
                let sql = format!("ALTER SEQUENCE {} AS {}", now.name, now.column_type_text);
                connection.execute(AssertSqlSafe(sql)).await?;
            }
        }
        Ok(())
    }

    /// Makes foreign keys deferrable again that were before, and were made again.
    async fn keep_deferrable(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for (table, name, deferred) in &self.deferrable {
            let sql = format!(
                "DO $luthier$ BEGIN IF EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass({}) AND conname = {} \
                 AND contype = 'f' AND NOT condeferrable) THEN ALTER TABLE {table} ALTER CONSTRAINT {} DEFERRABLE INITIALLY {}; \
                 END IF; END $luthier$",
                Dialect::Postgres.literal(table),
                Dialect::Postgres.literal(name),
                Dialect::Postgres.quote(name),
                if *deferred { "DEFERRED" } else { "IMMEDIATE" }
            );
            connection.execute(AssertSqlSafe(sql)).await?;
        }
        Ok(())
    }
}

/// Whether the migrations know of the name, or this one's statements say it.
fn is_said(step: &Step, name: &str) -> bool {
    let names_it = || {
        let script = tokenize(Dialect::Postgres, &step.sql);
        let mut tokens = script
            .statements
            .iter()
            .flat_map(|statement| &statement.tokens);
        tokens.any(|token| token.name() == Some(name))
    };
    step.touched.known.contains(name) || names_it()
}

/// A domain that no migration knows of goes with a column's type, and what it checks with it.
fn lost_domain(step: &Step, before: &Item, after: &[Item]) -> Option<Loss> {
    let domain = before.set.domain.as_ref()?;
    let same = |other: &&Item| {
        other.kind == "column" && other.table == before.table && other.id == before.id
    };
    let now = after.iter().find(same)?;
    let columns = &step.touched.columns;
    let known = columns.iter().any(|column| {
        column.column == before.name && column.before.kind.to_string().contains(domain)
    });
    if known || !step.generated || now.set.domain.as_ref() == Some(domain) {
        return None;
    }
    let place = format!("{}.{}", before.on, before.name);
    Some(Loss::new(
        place.clone(),
        format!(
            "`{place}` is of the domain `{domain}`, made by hand, whose checks would go with the change of the column's type"
        ),
        format!(
            "make the change in the domain, or write a CHECK into the migration's file in its place: {place}"
        ),
    ))
}

fn gone(item: &Item) -> Loss {
    let (table, name) = (
        Dialect::Postgres.quote(&item.on),
        Dialect::Postgres.quote(&item.name),
    );
    let table = if item.on.contains('"') {
        item.on.clone()
    } else {
        table
    };
    let drop = match item.kind.as_str() {
        "index" => format!("DROP INDEX {name}"),
        "constraint" => format!("ALTER TABLE {table} DROP CONSTRAINT {name}"),
        "statistics object" => format!("DROP STATISTICS {name}"),
        kind => format!("DROP {} {name} ON {table}", kind.to_uppercase()),
    };
    Loss::new(
        &item.name,
        format!(
            "the {} `{}` of `{}` would go with its column: {}",
            item.kind, item.name, item.on, item.definition
        ),
        format!("say it in the migration's file, before the change: `{drop};`"),
    )
}

/// The numbers of tables, and of their partitions and those that inherit from them, as text.
pub(super) async fn oids(
    connection: &mut PgConnection,
    tables: impl IntoIterator<Item = &str>,
) -> Result<Vec<String>, sqlx::Error> {
    let names: Vec<String> = tables
        .into_iter()
        .map(|table| Dialect::Postgres.literal(&Dialect::Postgres.table(table)))
        .collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "WITH RECURSIVE t(oid) AS (SELECT x.oid FROM unnest(ARRAY[{}]) AS n(name), LATERAL (SELECT to_regclass(n.name)::oid AS oid) x \
         WHERE x.oid IS NOT NULL UNION SELECT i.inhrelid FROM t JOIN pg_inherits i ON i.inhparent = t.oid) SELECT oid::text FROM t",
        names.join(", ")
    );
    let rows = connection.fetch_all(AssertSqlSafe(sql)).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Those of the tables that exist.
async fn tables_there(
    connection: &mut PgConnection,
    tables: &[String],
) -> Result<BTreeSet<i64>, sqlx::Error> {
    let sql = "SELECT c.oid::int8::text FROM pg_class c WHERE c.oid IN ({tables})";
    let numbers: Vec<i64> = objects(connection, sql, tables).await?;
    Ok(numbers.into_iter().collect())
}

async fn items(connection: &mut PgConnection, tables: &[String]) -> Result<Vec<Item>, sqlx::Error> {
    objects(connection, include_str!("kept.sql"), tables).await
}

async fn sequences(
    connection: &mut PgConnection,
    tables: &[String],
) -> Result<Vec<Sequence>, sqlx::Error> {
    let sql = "SELECT json_build_object('id', s.seqrelid::int8, 'name', s.seqrelid::regclass::text, 'type', s.seqtypid::int8, \
               'column_type', a.atttypid::int8, 'column_type_text', format_type(a.atttypid, NULL))::text FROM pg_sequence s \
               JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype = 'a' \
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.refobjid IN ({tables})";
    objects(connection, sql, tables).await
}

pub(super) async fn objects<T: for<'a> Deserialize<'a>>(
    connection: &mut PgConnection,
    sql: &str,
    tables: &[String],
) -> Result<Vec<T>, sqlx::Error> {
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let sql = sql.replace("{tables}", &tables.join(", "));
    json_rows(connection, &sql).await
}
