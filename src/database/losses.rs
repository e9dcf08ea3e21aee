//! What PostgreSQL and MySQL hold beside the entities and a step's changes of columns would take away: looked for
//! before the first statement.

use crate::error::Result;
use crate::migrations::{Altered, Loss, Step};

use super::Database;

impl Database {
    /// The losses of a step on a server.
    pub(super) async fn losses_on_server(&mut self, step: &Step) -> Result<Vec<Loss>> {
        let mut losses = Vec::new();
        for altered in &step.altered {
            let found = match self {
                Self::Sqlite(_) => Vec::new(),
                Self::Postgres(_) => self.texts(&on_postgres(altered)).await?,
                Self::Mysql(_) => self.texts(&on_mysql(altered)).await?,
            };
            for text in found {
                losses.push(loss(altered, &text));
            }
        }
        Ok(losses)
    }
}

/// From `kind|name`, as the queries below answer.
fn loss(altered: &Altered, text: &str) -> Loss {
    let place = format!("{}.{}", altered.table, altered.column);
    let (kind, name) = text.split_once('|').unwrap_or((text, ""));
    if kind == "view" {
        return Loss::new(
            name,
            format!("the view `{name}` uses `{place}`, which changes"),
            format!(
                "drop the view, migrate, and create it again: `luthier makemigrations --empty` before and after, or its \
                 `DROP VIEW` and `CREATE VIEW` around the change in one migration ({name})"
            ),
        );
    }
    Loss::new(
        place.clone(),
        format!(
            "`{place}` has {kind} `{name}`, made by hand, which the change of the column would take away"
        ),
        format!(
            "say it in the entity (`extra`, `comment` or `column_type`), or make the change by hand (`makemigrations --empty`): {place}"
        ),
    )
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn on_postgres(altered: &Altered) -> String {
    let (schema, table) = match altered.table.split_once('.') {
        Some((schema, table)) => (literal(schema), table),
        None => ("current_schema()".to_owned(), altered.table.as_str()),
    };
    let column = format!(
        "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_type t ON t.oid = a.atttypid WHERE n.nspname = {schema} AND c.relname = {} AND a.attname = {} AND {}",
        literal(table),
        literal(&altered.column),
        altered.retyped
    );
    format!(
        "SELECT 'the collation|' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation) {column} \
         AND a.attcollation <> t.typcollation UNION ALL \
         SELECT DISTINCT 'view|' || v.relname FROM (SELECT c.oid, a.attnum {column}) x \
         JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = x.oid AND d.refobjsubid = x.attnum \
         JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid \
         JOIN pg_class v ON v.oid = r.ev_class AND v.oid <> x.oid"
    )
}

fn on_mysql(altered: &Altered) -> String {
    let mut conditions = vec![
        (
            "the collation",
            "c.collation_name",
            "c.collation_name <> t.table_collation AND NOT (c.data_type = 'longtext' AND c.collation_name = 'utf8mb4_bin')",
        ),
        ("the attribute", "'INVISIBLE'", "c.extra LIKE '%INVISIBLE%'"),
    ];
    if !altered.has_comment {
        conditions.push(("the comment", "c.column_comment", "c.column_comment <> ''"));
    }
    if !altered.has_extra {
        conditions.push((
            "the clause",
            "'ON UPDATE CURRENT_TIMESTAMP'",
            "c.extra LIKE '%on update%'",
        ));
    }
    let from = format!(
        "FROM information_schema.columns c JOIN information_schema.tables t \
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
         WHERE c.table_schema = DATABASE() AND c.table_name = {} AND c.column_name = {}",
        literal(&altered.table),
        literal(&altered.column)
    );
    let queries: Vec<String> = conditions
        .iter()
        .map(|(kind, name, condition)| {
            format!("SELECT CAST(CONCAT('{kind}|', {name}) AS CHAR) {from} AND {condition}")
        })
        .collect();
    queries.join(" UNION ALL ")
}
