//! PostgreSQL: `pg_catalog`, which tells everything.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::schema::{Action, Column, ColumnType, EnumType, ForeignKey, Index, Table};
use crate::sql::Dialect;

use super::{Database, Live, is_bookkeeping};

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
                                  AND pg_get_indexdef(i.indexrelid) NOT LIKE '%NULLS NOT DISTINCT%',
                         'definition', pg_get_indexdef(i.indexrelid))::text
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
WHERE c.relkind IN ('r', 'p') AND NOT x.relispartition AND {mine}
  AND NOT EXISTS (SELECT 1 FROM pg_constraint r WHERE r.conindid = i.indexrelid AND r.contype IN ('p', 'u', 'x'))
ORDER BY {name}, x.relname";

const TRIGGERS: &str = "\
SELECT json_build_object('table', {name}, 'name', g.tgname)::text
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
}

pub(super) async fn read(database: &mut Database, also: &[String]) -> Result<Live> {
    let quoted = also
        .iter()
        .map(|name| format!("'{}'", name.replace('\'', "''")));
    let also: Vec<String> = std::iter::once("''".to_owned()).chain(quoted).collect();
    let name = "CASE WHEN n.nspname = current_schema() THEN c.relname::text \
                ELSE n.nspname || '.' || c.relname END";
    let mine = MINE.replace("{also}", &also.join(", "));
    let sql = |query: &str| query.replace("{name}", name).replace("{mine}", &mine);
    let mut live = Live::default();
    for object in database.objects::<ObjectRow>(&sql(OBJECTS)).await? {
        add_object(&mut live, object);
    }
    let mut enums: BTreeMap<i64, EnumType> = BTreeMap::new();
    for row in database.objects::<EnumRow>(&sql(ENUMS)).await? {
        let kind = enums.entry(row.oid).or_insert_with(|| EnumType {
            name: row.name,
            values: Vec::new(),
        });
        kind.values.push(row.value);
    }
    for row in database.objects::<ColumnRow>(&sql(COLUMNS)).await? {
        add_column(&mut live, row, &enums);
    }
    for row in database.objects::<ConstraintRow>(&sql(CONSTRAINTS)).await? {
        add_constraint(&mut live, row);
    }
    for row in database.objects::<IndexRow>(&sql(INDEXES)).await? {
        add_index(&mut live, row);
    }
    for row in database.objects::<TriggerRow>(&sql(TRIGGERS)).await? {
        live.note(&row.table, format!("the trigger `{}`", row.name));
    }
    Ok(live)
}

fn add_object(live: &mut Live, object: ObjectRow) {
    let name = &object.name;
    match object.kind.as_str() {
        "v" => live.note(name, "a view"),
        "m" => live.note(name, "a materialized view"),
        "f" => live.note(name, "a foreign table"),
        _ if object.partition => live.note(name, "a partition of another table"),
        _ if is_bookkeeping(name) => {}
        kind => {
            if kind == "p" {
                live.note(name, "the table is partitioned");
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
    if !row.generated.is_empty() {
        live.note(&row.table, format!("the computed column `{}`", row.name));
        return;
    }
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
    let mut note = None;
    match row.default {
        Some(text) if text.starts_with("nextval(") => {
            column.auto_increment = true;
            note =
                Some("counts up with a sequence of its own (`serial`), not as an identity column");
        }
        Some(text) => column.default = dialect.read_default(&text, &column.kind),
        None => {}
    }
    if !row.identity.is_empty() {
        column.auto_increment = true;
        if row.identity == "a" {
            note = Some("is GENERATED ALWAYS AS IDENTITY");
        }
    }
    let name = column.name.clone();
    table.columns.push(column);
    if let Some(note) = note {
        live.note(&row.table, format!("the column `{name}` {note}"));
    }
}

fn add_constraint(live: &mut Live, row: ConstraintRow) {
    let Some(table) = live.schema.tables.get_mut(&row.table) else {
        return;
    };
    let deferrable = row
        .deferrable
        .then(|| format!("the deferrable constraint `{}`", row.name));
    let mut note = deferrable;
    if row.definition.contains("NULLS NOT DISTINCT") {
        note = Some(format!(
            "the unique key `{}` is NULLS NOT DISTINCT",
            row.name
        ));
    }
    match (row.kind.as_str(), row.columns.as_slice()) {
        ("p", _) => table.primary_key = row.columns,
        ("u", [only]) if Dialect::Postgres.unique_name(&table.name, only) == row.name => {
            if let Some(column) = table.column_mut(only) {
                column.unique = true;
            }
        }
        ("u", _) => {
            let message = format!(
                "the unique key `{}` is a constraint, not an index",
                row.name
            );
            note = Some(note.unwrap_or(message));
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
        ("c", _) => note = Some(format!("the constraint `{}`: {}", row.name, row.definition)),
        _ => note = Some(format!("the exclusion constraint `{}`", row.name)),
    }
    if let Some(note) = note {
        live.note(&row.table, note);
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
            let sql = row.definition;
            live.note(
                &row.table,
                format!("an index that is more than a list of columns: {sql}"),
            );
        }
    }
}
