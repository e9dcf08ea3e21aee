//! Indexes and checks made by hand that name values of an enum: its type is another one after its values changed, so that
//! they are taken away before, and made again behind.

use serde::Deserialize;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor};

use super::json_rows;
use crate::migrations::Step;
use crate::sql::Dialect;

#[derive(Deserialize)]
pub(super) struct Aside {
    pub(super) kind: String,
    pub(super) name: String,
    drop: String,
    create: String,
    comment: Option<String>,
}

/// Of one column: indexes with a condition or an expression, and checks, that depend on it.
const RESTING: &str = "\
    SELECT json_build_object('kind', 'index', 'name', c.relname, 'drop', 'DROP INDEX ' || c.oid::regclass, \
        'create', pg_get_indexdef(c.oid), \
        'comment', 'COMMENT ON INDEX ' || c.oid::regclass || ' IS ' || quote_literal(obj_description(c.oid, 'pg_class')))::text \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = {column} \
    WHERE i.indrelid = to_regclass({table}) AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL) \
      AND EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid = i.indrelid \
                  AND d.refobjsubid = a.attnum) \
    UNION ALL \
    SELECT json_build_object('kind', 'constraint', 'name', r.conname, \
        'drop', 'ALTER TABLE ' || r.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(r.conname), \
        'create', 'ALTER TABLE ' || r.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(r.conname) || ' ' || pg_get_constraintdef(r.oid), \
        'comment', 'COMMENT ON CONSTRAINT ' || quote_ident(r.conname) || ' ON ' || r.conrelid::regclass || ' IS ' \
            || quote_literal(obj_description(r.oid, 'pg_constraint')))::text \
    FROM pg_constraint r JOIN pg_attribute a ON a.attrelid = r.conrelid AND a.attname = {column} \
    WHERE r.contype = 'c' AND r.conrelid = to_regclass({table}) AND a.attnum = ANY (r.conkey)";

/// Takes them away.
pub(super) async fn put_aside(
    connection: &mut PgConnection,
    step: &Step,
) -> Result<Vec<Aside>, sqlx::Error> {
    let mut found: Vec<Aside> = Vec::new();
    let is_enum = |kind: &crate::schema::ColumnType| kind.enum_name().is_some();
    let columns = step.touched.columns.iter().filter(|column| {
        step.generated && column.retyped && !column.dropped && is_enum(&column.before.kind)
    });
    for column in columns {
        let table = Dialect::Postgres.table(&column.table);
        let sql = RESTING
            .replace("{table}", &Dialect::Postgres.literal(&table))
            .replace("{column}", &Dialect::Postgres.literal(&column.column));
        for aside in json_rows::<Aside>(connection, &sql).await? {
            let is_known = |other: &Aside| other.kind == aside.kind && other.name == aside.name;
            if !found.iter().any(is_known) {
                connection
                    .execute(AssertSqlSafe(aside.drop.clone()))
                    .await?;
                found.push(aside);
            }
        }
    }
    Ok(found)
}

impl Aside {
    /// Makes it again.
    pub(super) async fn make_again(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        for sql in std::iter::once(&self.create).chain(&self.comment) {
            connection.execute(AssertSqlSafe(sql.clone())).await?;
        }
        Ok(())
    }
}
