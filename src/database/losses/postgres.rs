//! PostgreSQL: what rests on a column keeps it from changing or going away, and text of functions does not follow names.

use serde::Deserialize;
use sqlx::postgres::PgConnection;

use crate::database::postgres::json_rows;
use crate::migrations::{Loss, Step, TouchedColumn};
use crate::sql::Dialect;

use super::sentences::{GOES_AWAY, around, change, literal, push, without};

/// One of another table, made by hand.
const FOREIGN_KEY: &str = "foreign key";

/// What rests on a column.
#[derive(Deserialize)]
pub(in crate::database) struct Blocker {
    pub(in crate::database) kind: String,
    /// As `--accept-loss` names it.
    pub(in crate::database) name: String,
    pub(in crate::database) drop: String,
    pub(in crate::database) create: String,
    /// What makes the rest of a view again: its owner, rights, comments, triggers and indexes.
    #[serde(default)]
    pub(in crate::database) rest: Vec<String>,
    /// Views on views come later.
    #[serde(default)]
    pub(in crate::database) depth: i64,
    /// What it uses, for a sentence.
    #[serde(skip)]
    place: String,
    #[serde(skip)]
    change: &'static str,
}

impl Blocker {
    pub(in crate::database) fn is_view(&self) -> bool {
        self.kind.ends_with("view")
    }

    pub(in crate::database) fn loss(&self) -> Loss {
        let Self {
            kind,
            name,
            place,
            change,
            ..
        } = self;
        let way_out = if *change == GOES_AWAY {
            without(&self.drop, &self.kind)
        } else if self.is_view() {
            format!(
                "`luthier migrate --recreate-views` does it in one transaction; otherwise {}",
                around(&self.drop, &self.create)
            )
        } else {
            around(&self.drop, &self.create)
        };
        Loss::new(
            name,
            format!("the {kind} `{name}` uses `{place}`, which {change}"),
            way_out,
        )
        .removed_by(&self.drop)
    }
}

/// What keeps the columns of a step from changing, in the order in which it can be made again.
pub(in crate::database) async fn blockers(
    connection: &mut PgConnection,
    step: &Step,
) -> Result<Vec<Blocker>, sqlx::Error> {
    let mut found: Vec<Blocker> = Vec::new();
    let columns = &step.touched.columns;
    for column in columns
        .iter()
        .filter(|column| column.retyped || column.dropped)
    {
        let sql = resting_on(&column.table, Some(&column.column));
        for blocker in json_rows::<Blocker>(connection, &sql).await? {
            let computed = format!("{}.{}", column.table, blocker.name);
            let is_known = match blocker.kind.as_str() {
                "generated column" => step.touched.computed.contains_key(&computed),
                // A key goes along with another type, and with a column as far as a migration knows it.
                FOREIGN_KEY => !column.dropped || step.touched.known.contains(&blocker.name),
                _ => false,
            };
            if !is_known {
                add(&mut found, blocker, column.place(), change(column));
            }
        }
    }
    for table in step.touched.tables.iter().filter(|table| table.dropped) {
        let rows = json_rows::<Blocker>(connection, &resting_on(&table.name, None)).await?;
        // Everything else of its own goes with it.
        let stays = |blocker: &Blocker| {
            let known = step.touched.known.contains(&blocker.name);
            blocker.is_view() || blocker.kind == FOREIGN_KEY && !known
        };
        for blocker in rows.into_iter().filter(stays) {
            add(&mut found, blocker, table.name.clone(), GOES_AWAY);
        }
    }
    found.sort_by_key(|blocker| blocker.depth);
    Ok(found)
}

fn add(found: &mut Vec<Blocker>, blocker: Blocker, place: String, change: &'static str) {
    let same = |other: &&mut Blocker| other.name == blocker.name && other.kind == blocker.kind;
    match found.iter_mut().find(same) {
        Some(known) => known.depth = known.depth.max(blocker.depth),
        None => found.push(Blocker {
            place,
            change,
            ..blocker
        }),
    }
}

/// Functions whose text names what is about to go by another name, or not to be there.
pub(in crate::database) async fn functions(
    connection: &mut PgConnection,
    step: &Step,
) -> Result<Vec<Loss>, sqlx::Error> {
    #[derive(Deserialize)]
    struct Function {
        name: String,
    }
    let mut losses = Vec::new();
    let mut queries = Vec::new();
    for column in step
        .touched
        .columns
        .iter()
        .filter(|column| column.loses_its_name())
    {
        queries.push((column.place(), change(column), functions_of_column(column)));
    }
    for table in &step.touched.tables {
        let what = if table.dropped {
            GOES_AWAY
        } else {
            "gets another name"
        };
        queries.push((table.name.clone(), what, functions_of_table(&table.name)));
    }
    for (place, what, sql) in queries {
        for Function { name } in json_rows::<Function>(connection, &sql).await? {
            push(
                &mut losses,
                Loss::new(
                    &name,
                    format!(
                        "the function `{name}` names `{place}`, which {what}: it would fail when it is called"
                    ),
                    format!(
                        "write the new `CREATE OR REPLACE FUNCTION {name}` into the migration's file, or accept, and replace it \
                         right after"
                    ),
                ),
            );
        }
    }
    Ok(losses)
}

/// Tables that show this role only some of their rows: checks would not see the others, and values would not reach them.
pub(in crate::database) async fn hidden_rows(
    connection: &mut PgConnection,
    step: &Step,
) -> Result<Vec<Loss>, sqlx::Error> {
    #[derive(Deserialize)]
    struct Table {
        name: String,
    }
    let retyped = step.touched.columns.iter().filter(|column| column.retyped);
    let mut tables: Vec<&String> = retyped.map(|column| &column.table).collect();
    tables.extend(&step.touched.filled);
    let mut losses = Vec::new();
    for table in tables {
        let (schema, name) = split(table);
        let sql = format!(
            "SELECT json_build_object('name', c.relname)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} AND c.relname = {} AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)",
            literal(name)
        );
        for Table { name } in json_rows::<Table>(connection, &sql).await? {
            let loss = Loss::new(
                &name,
                format!(
                    "policies hide rows of `{name}` from this role: their values would neither be checked nor filled"
                ),
                format!(
                    "migrate as a role with BYPASSRLS, or write `ALTER TABLE {} NO FORCE ROW LEVEL SECURITY;` before the change \
                     into the migration's file and `FORCE` behind it",
                    Dialect::Postgres.table(table)
                ),
            );
            push(&mut losses, loss);
        }
    }
    Ok(losses)
}

/// The namespace, as SQL, and the name of a table.
fn split(table: &str) -> (String, &str) {
    match table.split_once('.') {
        Some((schema, table)) => (literal(schema), table),
        None => ("current_schema()".to_owned(), table),
    }
}

/// What rests on a column, or on any column of a table.
fn resting_on(table: &str, column: Option<&str>) -> String {
    let (schema, name) = split(table);
    let (column, numbers) = match column {
        Some(column) => (format!("a.attname = {}", literal(column)), "(x.attnum)"),
        None => ("a.attnum > 0".to_owned(), "(x.attnum, 0)"),
    };
    include_str!("resting_on.sql")
        .replace("{schema}", &schema)
        .replace("{table}", &literal(name))
        .replace("{column}", &column)
        .replace("{numbers}", numbers)
}

/// A regular expression that finds `name` as a word, as an SQL string.
fn word(name: &str) -> String {
    let escaped: String = name
        .chars()
        .map(|c| match c {
            c if c.is_alphanumeric() || c == '_' => c.to_string(),
            c => format!("\\{c}"),
        })
        .collect();
    format!("(^|[^[:alnum:]_]){escaped}($|[^[:alnum:]_])")
}

/// Functions of the user that are kept as text.
const FUNCTIONS: &str = "\
    SELECT json_build_object('name', p.proname)::text FROM pg_proc p JOIN pg_namespace m ON m.oid = p.pronamespace \
    JOIN pg_language l ON l.oid = p.prolang \
    WHERE m.nspname NOT IN ('pg_catalog', 'information_schema') AND l.lanname NOT IN ('c', 'internal') AND to_jsonb(p) ->> 'prosqlbody' IS NULL \
      AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')";

fn functions_of_column(column: &TouchedColumn) -> String {
    let (schema, table) = split(&column.table);
    let of_row = format!(
        "(^|[^[:alnum:]_])(new|old)[[:space:]]*\\.[[:space:]]*\"?{}($|[^[:alnum:]_])",
        column.column
    );
    format!(
        "{FUNCTIONS} AND (p.prosrc ~* {} AND p.prosrc ~* {} OR p.prosrc ~* {} AND EXISTS (\
           SELECT 1 FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
           WHERE g.tgfoid = p.oid AND NOT g.tgisinternal AND n.nspname = {schema} AND c.relname = {}))",
        literal(&word(table)),
        literal(&word(&column.column)),
        literal(&of_row),
        literal(table)
    )
}

fn functions_of_table(table: &str) -> String {
    let (_, table) = split(table);
    format!("{FUNCTIONS} AND p.prosrc ~* {}", literal(&word(table)))
}
