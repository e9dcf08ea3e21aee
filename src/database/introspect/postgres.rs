//! PostgreSQL: `pg_catalog`, which tells everything.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::schema::{Action, Column, ColumnType, Default, EnumType, ForeignKey, Index, Table};
use crate::sql::Dialect;

use super::catalogue::is_bookkeeping;
use super::live::{Introspect, Live};
use crate::database::driver::Driver;
use crate::database::postgres::Postgres;

/// `WHERE` of every query: which schemas, and nothing that an extension made.
const MINE: &str = "\
(n.nspname = current_schema() OR n.nspname IN ({also}))
  AND NOT EXISTS (SELECT 1 FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";

const OBJECTS: &str = "\
SELECT json_build_object('name', {name}, 'kind', c.relkind::text, 'comment', obj_description(c.oid, 'pg_class'),
                         'partition', c.relispartition)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {mine}
ORDER BY {name}";

const COLUMNS: &str = "\
SELECT json_build_object('table', {name}, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                         'required', a.attnotnull, 'default', pg_get_expr(f.adbin, f.adrelid),
                         'identity', a.attidentity::text, 'generated', a.attgenerated::text,
                         'comment', col_description(c.oid, a.attnum),
                         'collation', CASE WHEN a.attcollation <> t.typcollation
                                           THEN (SELECT quote_ident(l.collname) FROM pg_collation l
                                                 WHERE l.oid = a.attcollation) END,
                         'enum', e.oid::int8, 'list', t.typcategory = 'A')::text
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.typtype = 'e' AND e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {mine}
ORDER BY {name}, a.attnum";

const ENUMS: &str = "\
SELECT json_build_object('oid', t.oid::int8, 'name', t.typname, 'value', e.enumlabel)::text
FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
ORDER BY t.oid, e.enumsortorder";

const CONSTRAINTS: &str = "\
SELECT json_build_object('table', {name}, 'name', r.conname, 'kind', r.contype::text,
                         'columns', coalesce((SELECT json_agg(a.attname ORDER BY k.number)
                                     FROM unnest(r.conkey) WITH ORDINALITY k(attnum, number)
                                     JOIN pg_attribute a ON a.attrelid = r.conrelid AND a.attnum = k.attnum), '[]'),
                         'other', CASE WHEN o.oid IS NULL THEN NULL
                                       WHEN m.nspname = current_schema() THEN o.relname
                                       ELSE m.nspname || '.' || o.relname END,
                         'references', coalesce((SELECT json_agg(a.attname ORDER BY k.number)
                                     FROM unnest(r.confkey) WITH ORDINALITY k(attnum, number)
                                     JOIN pg_attribute a ON a.attrelid = r.confrelid AND a.attnum = k.attnum), '[]'),
                         'delete', r.confdeltype::text, 'update', r.confupdtype::text,
                         'deferrable', r.condeferrable, 'definition', pg_get_constraintdef(r.oid))::text
FROM pg_constraint r
JOIN pg_class c ON c.oid = r.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class o ON o.oid = r.confrelid
LEFT JOIN pg_namespace m ON m.oid = o.relnamespace
WHERE r.contype IN ('p', 'u', 'f', 'c', 'x') AND r.conparentid = 0 AND {mine}
ORDER BY {name}, r.conname";

const INDEXES: &str = "\
SELECT json_build_object('table', {name}, 'name', x.relname, 'unique', i.indisunique,
                         'columns', (SELECT json_agg(a.attname ORDER BY k.number)
                                     FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, number)
                                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum),
                         'plain', i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid AND m.amname = 'btree'
                                  AND i.indnatts = i.indnkeyatts
                                  AND NOT EXISTS (SELECT 1 FROM unnest(i.indoption::int2[]) k WHERE k <> 0)
                                  AND NOT EXISTS (SELECT 1 FROM unnest(i.indclass::oid[]) k
                                                  JOIN pg_opclass o ON o.oid = k WHERE NOT o.opcdefault)
                                  AND NOT EXISTS (SELECT 1 FROM unnest(i.indcollation::oid[], i.indkey::int2[]) AS k(coll, attnum)
                                                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                                  WHERE k.coll <> 0 AND k.coll <> a.attcollation)
                                  AND pg_get_indexdef(i.indexrelid) NOT LIKE '%NULLS NOT DISTINCT%',
                         'definition', pg_get_indexdef(i.indexrelid, 0, true))::text
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
WHERE c.relkind IN ('r', 'p') AND NOT x.relispartition AND {mine}
  AND NOT EXISTS (SELECT 1 FROM pg_constraint r WHERE r.conindid = i.indexrelid AND r.contype IN ('p', 'u', 'x'))
ORDER BY {name}, x.relname";

const TRIGGERS: &str = "\
SELECT json_build_object('table', {name}, 'name', g.tgname, 'definition', pg_get_triggerdef(g.oid, true))::text
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal AND {mine}
ORDER BY {name}, g.tgname";

#[derive(Deserialize)]
struct ObjectRow {
    name: String,
    kind: String,
    comment: Option<String>,
    partition: bool,
}

#[derive(Deserialize)]
struct ColumnRow {
    table: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    default: Option<String>,
    identity: String,
    generated: String,
    comment: Option<String>,
    collation: Option<String>,
    #[serde(rename = "enum")]
    enum_id: Option<i64>,
    /// An array.
    list: bool,
}

#[derive(Deserialize)]
struct EnumRow {
    oid: i64,
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct ConstraintRow {
    table: String,
    name: String,
    kind: String,
    columns: Vec<String>,
    other: Option<String>,
    references: Vec<String>,
    delete: String,
    update: String,
    deferrable: bool,
    definition: String,
}

#[derive(Deserialize)]
struct IndexRow {
    table: String,
    name: String,
    unique: bool,
    /// `None` where it has expressions alone.
    columns: Option<Vec<String>>,
    plain: bool,
    definition: String,
}

#[derive(Deserialize)]
struct TriggerRow {
    table: String,
    name: String,
    definition: String,
}

impl Introspect for Postgres {
    async fn introspect(&mut self, also: &[String]) -> Result<Live> {
        let quoted = also
            .iter()
            .map(|name| format!("'{}'", name.replace('\'', "''")));
        let also: Vec<String> = std::iter::once("''".to_owned()).chain(quoted).collect();
        let name = "CASE WHEN n.nspname = current_schema() THEN c.relname::text \
                    ELSE n.nspname || '.' || c.relname END";
        let mine = MINE.replace("{also}", &also.join(", "));
        let sql = |query: &str| query.replace("{name}", name).replace("{mine}", &mine);
        let mut live = Live::default();
        for object in self.objects::<ObjectRow>(&sql(OBJECTS)).await? {
            add_object(&mut live, object);
        }
        let mut enums: BTreeMap<i64, EnumType> = BTreeMap::new();
        for row in self.objects::<EnumRow>(&sql(ENUMS)).await? {
            let kind = enums.entry(row.oid).or_insert_with(|| EnumType {
                name: row.name,
                values: Vec::new(),
            });
            kind.values.push(row.value);
        }
        for row in self.objects::<ColumnRow>(&sql(COLUMNS)).await? {
            add_column(&mut live, row, &enums);
        }
        for row in self.objects::<ConstraintRow>(&sql(CONSTRAINTS)).await? {
            add_constraint(&mut live, row);
        }
        count_with_sequences(&mut live);
        for row in self.objects::<IndexRow>(&sql(INDEXES)).await? {
            add_index(&mut live, row);
        }
        for row in self.objects::<TriggerRow>(&sql(TRIGGERS)).await? {
            live.note("trigger", &row.table, row.name, row.definition);
        }
        Ok(live)
    }
}

fn add_object(live: &mut Live, object: ObjectRow) {
    let name = &object.name;
    match object.kind.as_str() {
        "v" => live.note("view", name, "", "a view"),
        "m" => live.note("view", name, "", "a materialized view"),
        "f" => live.note("foreign table", name, "", "a foreign table"),
        _ if object.partition => live.note("partition", name, "", "a partition of another table"),
        _ if is_bookkeeping(name) => {}
        kind => {
            if kind == "p" {
                live.note("partitioned", name, "", "the table is partitioned");
            }
            let table = Table {
                name: name.clone(),
                comment: object.comment,
                ..Table::default()
            };
            live.schema.tables.insert(table.name.clone(), table);
        }
    }
}

fn add_column(live: &mut Live, row: ColumnRow, enums: &BTreeMap<i64, EnumType>) {
    let dialect = Dialect::Postgres;
    let Some(table) = live.schema.tables.get_mut(&row.table) else {
        return;
    };
    let kind = match row.enum_id.and_then(|id| enums.get(&id)) {
        Some(kind) => {
            live.schema
                .enums
                .entry(kind.name.clone())
                .or_insert_with(|| kind.clone());
            let one = ColumnType::Enum(kind.name.clone());
            if row.list {
                ColumnType::Array(Box::new(one))
            } else {
                one
            }
        }
        None => dialect.read_type(&row.kind),
    };
    let mut column = Column::new(row.name, kind);
    column.nullable = !row.required;
    column.comment = row.comment;
    if row.generated.is_empty() {
        let default = row.default.as_deref();
        column.default = default.and_then(|text| dialect.read_default(text, &column.kind));
    } else {
        let expression = row.default.unwrap_or_default();
        column.extra = Some(format!("GENERATED ALWAYS AS ({expression}) STORED"));
    }
    let generated = column.extra.clone();
    column.auto_increment = !row.identity.is_empty();
    let name = column.name.clone();
    table.columns.push(column);
    if let Some(generated) = generated {
        live.note("generated", &row.table, name.clone(), generated);
    }
    if row.identity == "a" {
        live.note(
            "identity",
            &row.table,
            name.clone(),
            "GENERATED ALWAYS AS IDENTITY",
        );
    }
    if let Some(collation) = row.collation {
        live.note("collation", &row.table, name, collation);
    }
}

/// A key with a sequence counts up; any other column with one merely has a default.
fn count_with_sequences(live: &mut Live) {
    let mut counted = Vec::new();
    for table in live.schema.tables.values_mut() {
        for column in &mut table.columns {
            if let Some(Default::Sql(sql)) = &column.default
                && sql.starts_with("nextval(")
                && table.primary_key.contains(&column.name)
            {
                counted.push((table.name.clone(), column.name.clone(), sql.clone()));
                column.auto_increment = true;
                column.default = None;
            }
        }
    }
    for (table, column, sql) in counted {
        live.note("sequence", &table, column, sql);
    }
}

fn add_constraint(live: &mut Live, row: ConstraintRow) {
    let Some(table) = live.schema.tables.get_mut(&row.table) else {
        return;
    };
    let (name, definition) = (row.name.clone(), row.definition.clone());
    let mut note = row.deferrable.then_some("deferrable");
    if row.definition.contains("NULLS NOT DISTINCT") {
        note = Some("nulls not distinct");
    }
    match (row.kind.as_str(), row.columns.as_slice()) {
        ("p", _) => {
            table.primary_key = row.columns;
            if Dialect::Postgres.primary_key_name(table) != row.name {
                table.unsaid.primary_key_name = Some(row.name);
            }
        }
        ("u", [only]) if Dialect::Postgres.unique_name(&table.name, only) == row.name => {
            if let Some(column) = table.column_mut(only) {
                column.unique = true;
            }
        }
        ("u", _) => {
            table.unsaid.constraints.insert(row.name.clone());
            table.add_index(Index {
                name: row.name,
                columns: row.columns,
                unique: true,
            });
        }
        ("f", _) => table.add_foreign_key(ForeignKey {
            name: row.name,
            columns: row.columns,
            table: row.other.unwrap_or_default(),
            references: row.references,
            on_delete: action(&row.delete),
            on_update: action(&row.update),
        }),
        ("c", _) => note = Some("check"),
        _ => note = Some("exclusion"),
    }
    if let Some(kind) = note {
        live.note(kind, &row.table, name, definition);
    }
}

fn action(code: &str) -> Option<Action> {
    match code {
        "c" => Some(Action::Cascade),
        "n" => Some(Action::SetNull),
        "d" => Some(Action::SetDefault),
        "r" => Some(Action::Restrict),
        _ => None,
    }
}

fn add_index(live: &mut Live, row: IndexRow) {
    let Some(table) = live.schema.tables.get_mut(&row.table) else {
        return;
    };
    match row.columns {
        Some(columns) if row.plain => table.add_index(Index {
            name: row.name,
            columns,
            unique: row.unique,
        }),
        _ => {
            live.note("index", &row.table, row.name, row.definition);
        }
    }
}
