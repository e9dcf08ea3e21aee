//! Triggers and rules that somebody made do not run while a migration gives rows their values: nobody changed these rows.

use serde::Deserialize;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor};

use super::kept::{objects, oids};
use crate::migrations::Step;

/// Triggers and rules that were switched off, those of partitioned tables before those of their parts.
pub(super) struct Paused(Vec<Trigger>);

/// A trigger, or a rule.
#[derive(Deserialize)]
struct Trigger {
    kind: TriggerKind,
    id: i64,
    table: i64,
    /// As `pg_trigger.tgenabled` and `pg_rewrite.ev_enabled` have it.
    state: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TriggerKind {
    Trigger,
    Rule,
}

/// Triggers and rules on UPDATE that are on.
const TRIGGERS: &str = "\
    SELECT json_build_object('kind', 'trigger', 'id', g.oid::int8, 'table', g.tgrelid::int8, 'state', g.tgenabled)::text FROM pg_trigger g \
    WHERE g.tgrelid IN ({tables}) AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND (g.tgtype & 16) <> 0 \
    UNION ALL \
    SELECT json_build_object('kind', 'rule', 'id', r.oid::int8, 'table', r.ev_class::int8, 'state', r.ev_enabled)::text FROM pg_rewrite r \
    WHERE r.ev_class IN ({tables}) AND r.ev_type = '2' AND r.ev_enabled <> 'D'";

impl Paused {
    /// Switches the triggers of the tables off whose rows `step` gives values.
    pub(super) async fn pause(
        connection: &mut PgConnection,
        step: &Step,
    ) -> Result<Self, sqlx::Error> {
        let tables = step.touched.filled.iter().filter(|_| step.generated);
        let tables = oids(connection, tables.map(String::as_str)).await?;
        let mut paused = Self(objects(connection, TRIGGERS, &tables).await?);
        paused.0.sort_by_key(|trigger| trigger.id);
        for trigger in &paused.0 {
            trigger.set(connection, "DISABLE").await?;
        }
        Ok(paused)
    }

    /// Switches them on again, as they were.
    pub(super) async fn resume(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for trigger in &self.0 {
            let state = match trigger.state.as_str() {
                "A" => "ENABLE ALWAYS",
                "R" => "ENABLE REPLICA",
                _ => "ENABLE",
            };
            trigger.set(connection, state).await?;
        }
        Ok(())
    }
}

impl Trigger {
    /// Tables and triggers may have other names by now, or be gone.
    async fn set(&self, connection: &mut PgConnection, state: &str) -> Result<(), sqlx::Error> {
        let Self { id, table, .. } = self;
        let (name, catalog, keyword) = match self.kind {
            TriggerKind::Trigger => ("tgname", "pg_trigger", "TRIGGER"),
            TriggerKind::Rule => ("rulename", "pg_rewrite", "RULE"),
        };
        let sql = format!(
            "DO $luthier$ DECLARE named text; BEGIN SELECT quote_ident({name}) INTO named FROM {catalog} WHERE oid = {id}; \
             IF named IS NOT NULL THEN EXECUTE 'ALTER TABLE ' || {table}::oid::regclass || ' {state} {keyword} ' || named; END IF; END $luthier$"
        );
        connection.execute(AssertSqlSafe(sql)).await.map(|_| ())
    }
}
