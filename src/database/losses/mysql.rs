//! MySQL and MariaDB: `MODIFY` writes a column whole, `DROP COLUMN` takes parts of indexes and checks along, and the text
//! of views, triggers and routines does not follow names. Nothing can be taken back, so that all is looked for first.

use serde::Deserialize;

use crate::database::driver::Driver;
use crate::database::introspect::{Introspect, Live};
use crate::database::mysql::Mysql;
use crate::error::Result;
use crate::migrations::{Loss, Step, TouchedColumn};
use crate::schema::{Column, Schema, Table};
use crate::sql::{Dialect, Grade};

mod keys;
mod tables;
mod texts;
mod views;

use views::recreations;

use super::find::FindLosses;
use super::sentences::{GOES_AWAY, literal, push};

const MY: Dialect = Dialect::Mysql;

impl FindLosses for Mysql {
    async fn find_losses(&mut self, step: &mut Step) -> Result<Vec<Loss>> {
        if step.recreate_views {
            step.recreations = recreations(self, step).await?;
        }
        let touched = &step.touched;
        let mut losses = Vec::new();
        let redefined = |column: &&TouchedColumn| !column.dropped && column.is_redefined();
        let (computed, redefined): (Vec<&TouchedColumn>, Vec<&TouchedColumn>) = touched
            .columns
            .iter()
            .filter(redefined)
            .partition(|column| is_computed(column));
        if !redefined.is_empty() {
            let live = self.introspect(&[]).await?;
            for column in redefined {
                attributes(self, column, &mut losses).await?;
                said_otherwise(&live, column, &mut losses);
            }
        }
        let again = touched.computed_again();
        for column in computed.iter().copied().chain(&again) {
            attributes(self, column, &mut losses).await?;
        }
        let replaced = computed.into_iter().filter(|column| is_replaced(column));
        let replaced = replaced.chain(again.iter().filter(|column| column.retyped));
        let dropped = touched.columns.iter().filter(|column| column.dropped);
        for column in dropped.chain(replaced) {
            parts(self, step, column, &mut losses).await?;
        }
        keys::losses(self, step, &mut losses).await?;
        if step.generated {
            tables::losses(self, step, &mut losses).await?;
        }
        if touched.columns.iter().any(TouchedColumn::loses_its_name) || !touched.tables.is_empty() {
            texts::losses(self, step, &mut losses).await?;
        }
        Ok(losses)
    }
}

/// Whether the column is dropped and added again, since no `MODIFY` can make the change.
fn is_replaced(column: &TouchedColumn) -> bool {
    let stays_computed = column.after.as_ref().is_some_and(Column::is_generated);
    stays_computed || column.before.is_generated() && !column.before.is_stored()
}

fn is_computed(column: &TouchedColumn) -> bool {
    column.before.is_generated() || column.after.as_ref().is_some_and(Column::is_generated)
}

/// What the column's definition says that no entity does.
async fn attributes(
    database: &mut Mysql,
    column: &TouchedColumn,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    #[derive(Deserialize)]
    struct Row {
        kind: String,
        name: String,
    }
    let is_mariadb = database
        .texts("SELECT VERSION()")
        .await?
        .iter()
        .any(|version| version.contains("MariaDB"));
    let place = column.place();
    for Row { kind, name } in database
        .objects::<Row>(&attributes_of(column, is_mariadb))
        .await?
    {
        push(
            losses,
            Loss::new(
                // Several may be told of one column; accepting it means all of them.
                place.clone(),
                format!(
                    "`{place}` has the {kind} `{name}`, made by hand, which the change of the column would take away"
                ),
                format!(
                    "say it in the entity (`extra`, `comment` or `column_type`), or write it into the `MODIFY COLUMN` of the \
                     migration's file: {place}"
                ),
            ),
        );
    }
    Ok(())
}

fn attributes_of(column: &TouchedColumn, is_mariadb: bool) -> String {
    let extra = |word: &str| {
        let says = |column: &Column| {
            column
                .extra
                .as_ref()
                .is_some_and(|e| e.to_uppercase().contains(word))
        };
        says(&column.before) || column.after.as_ref().is_some_and(says)
    };
    let has_comment = column.before.comment.is_some()
        || column.after.as_ref().is_some_and(|c| c.comment.is_some());
    let mut conditions = Vec::new();
    if !extra("COLLATE") && !extra("CHARACTER SET") && !extra("CHARSET") {
        conditions.push((
            "collation",
            "c.collation_name",
            "c.collation_name <> t.table_collation AND NOT (c.data_type IN ('longtext', 'json') AND c.collation_name = 'utf8mb4_bin')",
        ));
    }
    if !extra("INVISIBLE") {
        conditions.push(("attribute", "'INVISIBLE'", "c.extra LIKE '%INVISIBLE%'"));
    }
    if !has_comment {
        conditions.push(("comment", "c.column_comment", "c.column_comment <> ''"));
    }
    if !extra("ON UPDATE") {
        conditions.push((
            "clause",
            "'ON UPDATE CURRENT_TIMESTAMP'",
            "c.extra LIKE '%on update%'",
        ));
    }
    if !extra("COMPRESSED") {
        conditions.push((
            "attribute",
            "'COMPRESSED'",
            "c.column_type LIKE '%compressed%'",
        ));
    }
    let at = format!(
        "WHERE c.table_schema = DATABASE() AND c.table_name = {} AND c.column_name = {}",
        literal(&column.table),
        literal(&column.column)
    );
    let from = "FROM information_schema.columns c JOIN information_schema.tables t \
                ON t.table_schema = c.table_schema AND t.table_name = c.table_name";
    let mut queries: Vec<String> = conditions
        .iter()
        .map(|(kind, name, condition)| {
            format!("SELECT CAST(JSON_OBJECT('kind', '{kind}', 'name', {name}) AS CHAR) {from} {at} AND {condition}")
        })
        .collect();
    // MySQL keeps the check of a column as one of the table; that of JSON is the type itself.
    if is_mariadb && !extra("CHECK") {
        queries.push(format!(
            "SELECT CAST(JSON_OBJECT('kind', 'constraint', 'name', CONCAT('CHECK (', k.check_clause, ')')) AS CHAR) \
             FROM information_schema.check_constraints k WHERE k.constraint_schema = DATABASE() AND k.level = 'Column' \
             AND k.table_name = {} AND k.constraint_name = {} AND k.check_clause NOT LIKE 'json\\_valid(%'",
            literal(&column.table),
            literal(&column.column)
        ));
    }
    queries.join(" UNION ALL ")
}

/// Where the live column is another than the migrations know, `MODIFY` would undo it.
fn said_otherwise(live: &Live, column: &TouchedColumn, losses: &mut Vec<Loss>) {
    let Some(found) = live.schema.column(&column.table, &column.column) else {
        return;
    };
    // The type is what the migration names.
    let mut found = Column {
        kind: column.before.kind.clone(),
        comment: column.before.comment.clone(),
        extra: column.before.extra.clone(),
        unique: column.before.unique,
        ..found.clone()
    };
    let after = column.after.as_ref().unwrap_or(&column.before);
    if after.nullable != column.before.nullable {
        found.nullable = column.before.nullable;
    }
    let alone = |column: &Column| {
        let table = Table {
            name: column.name.clone(),
            columns: vec![column.clone()],
            ..Table::default()
        };
        Schema {
            tables: [(table.name.clone(), table)].into(),
            ..Schema::default()
        }
    };
    let wanted = Column {
        name: column.column.clone(),
        ..column.before.clone()
    };
    let differences = MY.compare(&alone(&wanted), &alone(&found));
    let place = column.place();
    for difference in differences
        .iter()
        .filter(|d| !matches!(d.grade, Grade::Unsure | Grade::Comment))
    {
        let what = difference
            .message
            .split_once(": ")
            .map_or(difference.message.as_str(), |(_, what)| what);
        push(
            losses,
            Loss::new(
                place.clone(),
                format!("`{place}` was changed by hand, and the migration would undo it: {what}"),
                format!(
                    "bring the entity in line with the database first, or the database with the entity (`luthier check --tag drift`): {place}"
                ),
            ),
        );
    }
}

fn fate(column: &TouchedColumn) -> &'static str {
    match column.dropped {
        true => GOES_AWAY,
        false => "is dropped and computed again",
    }
}

/// What goes with a column, or keeps it from going.
async fn parts(
    database: &mut Mysql,
    step: &Step,
    column: &TouchedColumn,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        definition: String,
    }
    let place = column.place();
    let table = MY.quote(&column.table);
    for Row { name, definition } in database.objects::<Row>(&indexes_of(column)).await? {
        if !step.touched.known.contains(&name) && !step.dropped_indexes.contains(&name) {
            push(
                losses,
                Loss::new(
                    &name,
                    format!(
                        "the index `{name}` ({definition}) has `{place}`, which {}: MySQL would take the column out of it",
                        fate(column)
                    ),
                    format!(
                        "say it in the migration's file, before the change: `ALTER TABLE {table} DROP INDEX {};`",
                        MY.quote(&name)
                    ),
                ),
            );
        }
    }
    let quoted = MY.quote(&column.column);
    for Row { name, definition } in database
        .objects::<Row>(&checks_of(column))
        .await
        .unwrap_or_default()
    {
        if definition.contains(&quoted) && name != column.column {
            push(
                losses,
                Loss::new(
                    &name,
                    format!(
                        "the constraint `{name}` uses `{place}`, which {}: CHECK ({definition})",
                        fate(column)
                    ),
                    format!(
                        "say it in the migration's file, before the change: `ALTER TABLE {table} DROP CONSTRAINT {};`",
                        MY.quote(&name)
                    ),
                ),
            );
        }
    }
    for Row { name, definition } in database.objects::<Row>(&computed_of(column)).await? {
        let goes = step
            .touched
            .columns
            .iter()
            .any(|c| c.dropped && c.table == column.table && c.column == name);
        let known = step
            .touched
            .computed
            .contains_key(&format!("{}.{name}", column.table));
        if definition.contains(&quoted) && name != column.column && !goes && !known {
            let drop = format!("ALTER TABLE {table} DROP COLUMN {}", MY.quote(&name));
            push(
                losses,
                Loss::new(
                    &name,
                    format!(
                        "the generated column `{name}` uses `{place}`, which {}: {definition}",
                        fate(column)
                    ),
                    format!("say it in the migration's file, before the change: `{drop};`"),
                )
                .removed_by(drop),
            );
        }
    }
    Ok(())
}

fn at(column: &TouchedColumn, alias: &str) -> String {
    format!(
        "{alias}.table_schema = DATABASE() AND {alias}.table_name = {}",
        literal(&column.table)
    )
}

fn indexes_of(column: &TouchedColumn) -> String {
    // One that InnoDB made under a foreign key goes with the key.
    format!(
        "SELECT CAST(JSON_OBJECT('name', s.index_name, 'definition', GROUP_CONCAT(s.column_name ORDER BY s.seq_in_index)) AS CHAR) \
         FROM information_schema.statistics s WHERE {} AND s.index_name <> 'PRIMARY' \
         AND NOT EXISTS (SELECT 1 FROM information_schema.key_column_usage k WHERE k.table_schema = s.table_schema \
             AND k.table_name = s.table_name AND k.referenced_table_name IS NOT NULL \
             AND (k.constraint_name = s.index_name OR k.column_name = s.index_name)) \
         GROUP BY s.index_name HAVING SUM(s.column_name = {}) > 0",
        at(column, "s"),
        literal(&column.column)
    )
}

fn checks_of(column: &TouchedColumn) -> String {
    format!(
        "SELECT CAST(JSON_OBJECT('name', k.constraint_name, 'definition', k.check_clause) AS CHAR) \
         FROM information_schema.check_constraints k JOIN information_schema.table_constraints c \
         ON c.constraint_schema = k.constraint_schema AND c.constraint_name = k.constraint_name AND c.constraint_type = 'CHECK' \
         WHERE {}",
        at(column, "c")
    )
}

fn computed_of(column: &TouchedColumn) -> String {
    format!(
        "SELECT CAST(JSON_OBJECT('name', c.column_name, 'definition', c.generation_expression) AS CHAR) \
         FROM information_schema.columns c WHERE {} AND c.generation_expression <> ''",
        at(column, "c")
    )
}
