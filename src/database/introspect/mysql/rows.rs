//! What is asked of `information_schema`, and the rows that it answers with.

use serde::Deserialize;

pub(super) const OBJECTS: &str = "\
SELECT CAST(JSON_OBJECT('name', t.table_name, 'kind', t.table_type, 'comment', t.table_comment) AS CHAR)
FROM information_schema.tables t WHERE t.table_schema = DATABASE() ORDER BY t.table_name";

pub(super) const COLUMNS: &str = "\
SELECT CAST(JSON_OBJECT('table', c.table_name, 'name', c.column_name, 'type', c.column_type,
                        'nullable', c.is_nullable, 'default', c.column_default, 'extra', c.extra,
                        'generation', c.generation_expression,
                        'collation', if(c.collation_name <> t.table_collation AND c.data_type <> 'json'
                                        AND NOT (c.data_type = 'longtext' AND c.collation_name = 'utf8mb4_bin'),
                                        c.collation_name, NULL),
                        'comment', c.column_comment) AS CHAR)
FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE c.table_schema = DATABASE() ORDER BY c.table_name, c.ordinal_position";

pub(super) const INDEXES: &str = "\
SELECT CAST(JSON_OBJECT('table', s.table_name, 'name', s.index_name, 'repeats', s.non_unique,
                        'column', s.column_name, 'part', s.sub_part, 'order', s.collation,
                        'kind', s.index_type) AS CHAR)
FROM information_schema.statistics s WHERE s.table_schema = DATABASE()
ORDER BY s.table_name, s.index_name, s.seq_in_index";

pub(super) const KEYS: &str = "\
SELECT CAST(JSON_OBJECT('table', k.table_name, 'name', k.constraint_name, 'column', k.column_name,
                        'other_schema', k.referenced_table_schema, 'other', k.referenced_table_name,
                        'reference', k.referenced_column_name,
                        'delete', r.delete_rule, 'update', r.update_rule, 'here', DATABASE()) AS CHAR)
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
 AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position";

pub(super) const CHECKS_OF_MARIADB: &str = "\
SELECT CAST(JSON_OBJECT('table', k.table_name, 'name', k.constraint_name, 'definition', k.check_clause) AS CHAR)
FROM information_schema.check_constraints k WHERE k.constraint_schema = DATABASE()
ORDER BY k.table_name, k.constraint_name";

pub(super) const CHECKS_OF_MYSQL: &str = "\
SELECT CAST(JSON_OBJECT('table', t.table_name, 'name', k.constraint_name, 'definition', k.check_clause) AS CHAR)
FROM information_schema.check_constraints k
JOIN information_schema.table_constraints t
  ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name
 AND t.constraint_type = 'CHECK'
WHERE k.constraint_schema = DATABASE() ORDER BY t.table_name, k.constraint_name";

pub(super) const TRIGGERS: &str = "\
SELECT CAST(JSON_OBJECT('table', g.event_object_table, 'name', g.trigger_name,
                        'definition', concat(g.action_timing, ' ', g.event_manipulation, ' ', g.action_statement)) AS CHAR)
FROM information_schema.triggers g WHERE g.trigger_schema = DATABASE() ORDER BY g.trigger_name";

#[derive(Deserialize)]
pub(super) struct ObjectRow {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ColumnRow {
    pub(super) table: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// `YES` or `NO`.
    pub(super) nullable: String,
    pub(super) default: Option<String>,
    pub(super) extra: String,
    pub(super) comment: String,
    pub(super) generation: Option<String>,
    /// Where it is not that of the table.
    pub(super) collation: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct IndexRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) repeats: u8,
    /// `None` for an expression.
    pub(super) column: Option<String>,
    /// How many characters of the column, where it is not all.
    pub(super) part: Option<u32>,
    /// `D` for descending.
    pub(super) order: Option<String>,
    pub(super) kind: String,
}

#[derive(Deserialize)]
pub(super) struct KeyRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) column: String,
    pub(super) other_schema: String,
    pub(super) other: String,
    pub(super) reference: String,
    pub(super) delete: String,
    pub(super) update: String,
    pub(super) here: String,
}

#[derive(Deserialize)]
pub(super) struct CheckRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) definition: String,
}

#[derive(Deserialize)]
pub(super) struct TriggerRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) definition: String,
}
