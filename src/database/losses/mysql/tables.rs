//! What was made of whole tables: history, parts, engines without references, and triggers that run for every row that a
//! migration gives a value.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::database::driver::Driver;
use crate::database::losses::sentences::{around, literal, push};
use crate::database::mysql::Mysql;
use crate::error::{Error, Result};
use crate::migrations::{Loss, Step};
use crate::operation::{DataCheck, MadeKind};
use crate::schema::Column;
use crate::sql::Dialect;
use crate::sql::statements::split;
use crate::sql::tokens::{Token, TokenKind, tokenize};

const MY: Dialect = Dialect::Mysql;

/// What MariaDB asks to be said before a table with a history changes.
const ALTER_HISTORY: &str = "system_versioning_alter_history";

pub(super) async fn losses(
    database: &mut Mysql,
    step: &Step,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    let statements = Statements::read(step);
    histories(database, step, &statements, losses).await?;
    parts(database, step, losses).await?;
    triggers(database, &statements, losses).await
}

/// The tables of a step's statements, by the names before it.
#[derive(Default)]
struct Statements {
    altered: BTreeSet<String>,
    updated: BTreeSet<String>,
}

impl Statements {
    fn read(step: &Step) -> Self {
        let mut found = Self::default();
        let before = |now: &str| {
            let renamed = step.touched.tables.iter();
            let mut renamed = renamed.filter(|table| table.now.as_deref() == Some(now));
            renamed.next().map_or(now, |table| &table.name).to_owned()
        };
        for statement in split(MY, &step.sql) {
            let script = tokenize(MY, statement);
            let tokens: &[Token] = script.statements.first().map_or(&[], |one| &one.tokens);
            match tokens {
                [alter, table, name, rest @ ..] if alter.is("ALTER") && table.is("TABLE") => {
                    // New names alone change no history.
                    let renames = rest.first().is_some_and(|token| token.is("RENAME"));
                    found
                        .altered
                        .extend(name.name().filter(|_| !renames).map(before));
                }
                [create, .., on, name, open]
                    if create.is("CREATE") && on.is("ON") && open.is("(") =>
                {
                    found.altered.extend(name.name().map(before));
                }
                [update, name, set, ..] if update.is("UPDATE") && set.is("SET") => {
                    found.updated.extend(name.name().map(before));
                }
                _ => {}
            }
        }
        found
    }
}

fn list<'a>(tables: impl IntoIterator<Item = &'a String>) -> String {
    let tables: Vec<String> = tables.into_iter().map(|table| literal(table)).collect();
    tables.join(", ")
}

/// Tables that keep their history, which MariaDB does not let change unasked.
async fn histories(
    database: &mut Mysql,
    step: &Step,
    statements: &Statements,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    if statements.altered.is_empty() || step.sql.contains(ALTER_HISTORY) {
        return Ok(());
    }
    let kept = database
        .texts(&format!("SELECT CAST(@@SESSION.{ALTER_HISTORY} AS CHAR)"))
        .await;
    // A server that has no such setting keeps no history, and with KEEP somebody has agreed already.
    if !kept.is_ok_and(|kept| kept.iter().any(|setting| setting == "ERROR")) {
        return Ok(());
    }
    let sql = format!(
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() \
         AND table_type = 'SYSTEM VERSIONED' AND table_name IN ({})",
        list(&statements.altered)
    );
    for table in database.texts(&sql).await? {
        push(
            losses,
            Loss::new(
                &table,
                format!(
                    "`{table}` is system-versioned by hand: the change would be made to the rows of its history, too, which MariaDB refuses"
                ),
                format!(
                    "where that is meant, put `SET SESSION {ALTER_HISTORY} = KEEP;` before the first statement of the migration's file"
                ),
            )
            .removed_by(format!("SET SESSION {ALTER_HISTORY} = KEEP")),
        );
    }
    Ok(())
}

/// What a step asks of tables that were there before.
#[derive(Default)]
struct Wanted {
    /// Tables at either end of a new reference.
    referring: BTreeSet<String>,
    /// New unique keys: tables and their columns.
    unique: Vec<(String, Vec<String>)>,
}

impl Wanted {
    fn read(step: &Step) -> Self {
        let mut found = Self::default();
        for check in &step.data_checks {
            if let DataCheck::Duplicates { table, columns } = check {
                found.unique.push((table.clone(), columns.clone()));
            }
        }
        for made in &step.made {
            let table = made
                .wanted
                .as_ref()
                .and_then(|wanted| wanted.table(&made.table));
            let Some(table) = table else {
                continue;
            };
            let keys = table.foreign_keys.iter().map(|key| key.table.clone());
            found.referring.extend(keys);
            // A new table is kept as the session says.
            if made.what == MadeKind::ForeignKey {
                found.referring.insert(made.table.clone());
            }
            let is_unique = |column: &&Column| column.unique && made.what == MadeKind::Column;
            let columns = table.columns.iter().filter(is_unique);
            found
                .unique
                .extend(columns.map(|column| (made.table.clone(), vec![column.name.clone()])));
        }
        found
    }
}

/// Partitioned tables take no references and few unique keys; engines other than InnoDB leave references out silently.
///
/// # Errors
/// What no server can do.
async fn parts(database: &mut Mysql, step: &Step, losses: &mut Vec<Loss>) -> Result<()> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        engine: Option<String>,
        method: Option<String>,
        expression: Option<String>,
    }
    let wanted = Wanted::read(step);
    let unique = wanted.unique.iter().map(|(table, _)| table);
    let tables: BTreeSet<&String> = wanted.referring.iter().chain(unique).collect();
    if tables.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT CAST(JSON_OBJECT('name', t.table_name, 'engine', t.engine, 'method', MAX(p.partition_method), \
         'expression', MAX(p.partition_expression)) AS CHAR) FROM information_schema.tables t \
         LEFT JOIN information_schema.partitions p ON p.table_schema = t.table_schema AND p.table_name = t.table_name \
           AND p.partition_name IS NOT NULL AND p.partition_method <> 'SYSTEM_TIME' \
         WHERE t.table_schema = DATABASE() AND t.table_name IN ({}) GROUP BY t.table_name, t.engine",
        list(tables)
    );
    for row in database.objects::<Row>(&sql).await? {
        let Row { name, engine, .. } = &row;
        let refers = wanted.referring.contains(name);
        let impossible = |why: String| {
            Error::failed(format_args!("{} was not started: {why}", step.name)).hint(format!(
                "`ALTER TABLE {} REMOVE PARTITIONING;` first",
                MY.quote(name)
            ))
        };
        if let (true, Some(method)) = (refers, &row.method) {
            let error = impossible(format!(
                "`{name}` is partitioned by hand ({method}), and MySQL has no foreign keys at such tables"
            ));
            return Err(error.hint("or `skip_fk` at the relation"));
        }
        if let Some(engine) = engine
            .as_deref()
            .filter(|engine| refers && *engine != "InnoDB")
        {
            push(
                losses,
                Loss::new(
                    name,
                    format!(
                        "`{name}` is kept by {engine}, which would silently leave the foreign key out"
                    ),
                    format!("`ALTER TABLE {} ENGINE = InnoDB;` first", MY.quote(name)),
                ),
            );
        }
        let (Some(method), Some(expression)) = (&row.method, &row.expression) else {
            continue;
        };
        let mut unique = wanted.unique.iter().filter(|(table, _)| table == name);
        if let Some((_, columns)) = unique.find(|(_, columns)| !holds(columns, expression)) {
            return Err(impossible(format!(
                "`{name}` is partitioned by hand ({method} of {expression}), and a unique key on {} would have to hold those \
                 columns, too",
                columns.join(", ")
            )));
        }
    }
    Ok(())
}

/// Whether all the columns of an expression are among `columns`.
fn holds(columns: &[String], expression: &str) -> bool {
    let script = tokenize(MY, expression);
    let mut tokens = script
        .statements
        .iter()
        .flat_map(|statement| &statement.tokens);
    tokens.all(|token| match &token.kind {
        TokenKind::Quoted(name) => columns
            .iter()
            .any(|column| column.eq_ignore_ascii_case(name)),
        _ => true,
    })
}

/// Triggers on UPDATE, which nothing can switch off for the time.
async fn triggers(
    database: &mut Mysql,
    statements: &Statements,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        table: String,
        create: String,
    }
    if statements.updated.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT CAST(JSON_OBJECT('name', g.trigger_name, 'table', g.event_object_table, 'create', CONCAT('CREATE TRIGGER `', \
         g.trigger_name, '` ', g.action_timing, ' UPDATE ON `', g.event_object_table, '` FOR EACH ROW ', g.action_statement)) AS CHAR) \
         FROM information_schema.triggers g WHERE g.trigger_schema = DATABASE() AND g.event_manipulation = 'UPDATE' \
         AND g.event_object_table IN ({}) ORDER BY g.action_order",
        list(&statements.updated)
    );
    for Row {
        name,
        table,
        create,
    } in database.objects::<Row>(&sql).await?
    {
        push(
            losses,
            Loss::new(
                &name,
                format!(
                    "the trigger `{name}` would run for every row of `{table}` that the migration gives a value, and may change others"
                ),
                format!(
                    "accept it where that does no harm; otherwise {}",
                    around(&format!("DROP TRIGGER {}", MY.quote(&name)), &create)
                ),
            ),
        );
    }
    Ok(())
}
