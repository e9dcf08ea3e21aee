//! Views, triggers, routines and events, which MySQL keeps as text: their names of tables and columns follow nothing.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::database::driver::Driver;
use crate::database::losses::sentences::{GOES_AWAY, around, push, without};
use crate::database::mysql::Mysql;
use crate::error::Result;
use crate::migrations::{Loss, Step, TouchedColumn};
use crate::sql::Dialect;
use crate::sql::tokens::{Token, tokenize};

const MY: Dialect = Dialect::Mysql;

/// A view, trigger or routine, whose text names tables and columns.
#[derive(Deserialize)]
struct Text {
    kind: String,
    name: String,
    /// Of a trigger.
    #[serde(rename = "on")]
    table: Option<String>,
    body: Option<String>,
    create: Option<String>,
}

const TEXTS: &str = "\
    SELECT CAST(JSON_OBJECT('kind', 'view', 'name', v.table_name, 'body', v.view_definition, \
        'create', CONCAT('CREATE VIEW `', v.table_name, '` AS ', v.view_definition)) AS CHAR) \
    FROM information_schema.views v WHERE v.table_schema = DATABASE() UNION ALL \
    SELECT CAST(JSON_OBJECT('kind', 'trigger', 'name', g.trigger_name, 'on', g.event_object_table, 'body', g.action_statement, \
        'create', CONCAT('CREATE TRIGGER `', g.trigger_name, '` ', g.action_timing, ' ', g.event_manipulation, ' ON `', \
            g.event_object_table, '` FOR EACH ROW ', g.action_statement)) AS CHAR) \
    FROM information_schema.triggers g WHERE g.trigger_schema = DATABASE() UNION ALL \
    SELECT CAST(JSON_OBJECT('kind', LOWER(r.routine_type), 'name', r.routine_name, 'body', r.routine_definition) AS CHAR) \
    FROM information_schema.routines r WHERE r.routine_schema = DATABASE() UNION ALL \
    SELECT CAST(JSON_OBJECT('kind', 'event', 'name', e.event_name, 'body', e.event_definition) AS CHAR) \
    FROM information_schema.events e WHERE e.event_schema = DATABASE()";

/// Texts that name what is about to go by another name, or not to be there.
pub(super) async fn losses(
    database: &mut Mysql,
    step: &Step,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    let mut texts = database.objects::<Text>(TEXTS).await?;
    // Those that are made again work as before for whatever is on them.
    texts.retain(|text| text.kind != "view" || !step.makes_again(&text.name));
    let mut broken: BTreeSet<&str> = BTreeSet::new();
    for text in &texts {
        let body = text.body.as_deref().unwrap_or_default();
        let read: Vec<Token> = tokenize(MY, body)
            .statements
            .into_iter()
            .flat_map(|s| s.tokens)
            .collect();
        let column = step
            .touched
            .columns
            .iter()
            .find(|column| column.loses_its_name() && text.names_column(&read, column));
        let table = step
            .touched
            .tables
            .iter()
            .find(|table| text.names_table(&read, &table.name, table.dropped));
        let place = match (column, table) {
            (Some(column), _) if column.dropped => {
                format!("`{}`, which {GOES_AWAY}", column.place())
            }
            (Some(column), _) => format!("`{}`, which gets another name", column.place()),
            (None, Some(table)) if table.dropped => format!("`{}`, which goes away", table.name),
            (None, Some(table)) => format!("`{}`, which gets another name", table.name),
            (None, None) => continue,
        };
        broken.insert(&text.name);
        let gone = place.ends_with(GOES_AWAY);
        push(
            losses,
            text.loss(&format!("names {place}, and would no longer work"), gone),
        );
    }
    // Views on views.
    let mut before = 0;
    while before != losses.len() {
        before = losses.len();
        for view in texts.iter().filter(|text| text.kind == "view") {
            let body = view.body.as_deref().unwrap_or_default();
            let on = broken
                .iter()
                .find(|name| body.contains(&MY.quote(name)))
                .copied();
            if let Some(on) = on.filter(|_| !broken.contains(view.name.as_str())) {
                push(
                    losses,
                    view.loss(&format!("is on `{on}`, and would no longer work"), false),
                );
                broken.insert(&view.name);
            }
        }
    }
    Ok(())
}

impl Text {
    fn loss(&self, what: &str, gone: bool) -> Loss {
        let drop = format!("DROP {} {}", self.kind.to_uppercase(), MY.quote(&self.name));
        let create = self
            .create
            .clone()
            .unwrap_or_else(|| format!("CREATE {} {} …", self.kind.to_uppercase(), self.name));
        let way_out = match (gone, self.kind.as_str()) {
            (true, kind) => without(&drop, kind),
            (false, "view") => format!(
                "`luthier migrate --recreate-views` makes it again by the new names; otherwise {}",
                around(&drop, &create)
            ),
            _ => around(&drop, &create),
        };
        let loss = Loss::new(
            &self.name,
            format!("the {} `{}` {what}", self.kind, self.name),
            way_out,
        );
        match self.kind.as_str() {
            // A trigger that does not work fails every later change of its table.
            "view" | "trigger" => loss.removed_by(drop),
            _ => loss,
        }
    }

    fn names_column(&self, body: &[Token], column: &TouchedColumn) -> bool {
        let is =
            |token: &Token, name: &str| token.name().is_some_and(|n| n.eq_ignore_ascii_case(name));
        if self.kind == "view" {
            // The server keeps views with every column behind its table, or what the table is called there.
            let mut called: Vec<&str> = vec![&column.table];
            for pair in body.windows(3) {
                let [dot, table, name] = pair else { continue };
                if dot.is(".") && is(table, &column.table) && !name.is(".") {
                    called.extend(name.name());
                }
            }
            return body.windows(3).any(|three| {
                called.iter().any(|name| is(&three[0], name))
                    && three[1].is(".")
                    && is(&three[2], &column.column)
            });
        }
        let of_row = self.table.as_deref() == Some(&column.table)
            && body.windows(3).any(|three| {
                (three[0].is("NEW") || three[0].is("OLD"))
                    && three[1].is(".")
                    && is(&three[2], &column.column)
            });
        of_row
            || body.iter().any(|token| is(token, &column.table))
                && body.iter().any(|token| is(token, &column.column))
    }

    fn names_table(&self, body: &[Token], table: &str, dropped: bool) -> bool {
        // Its own triggers go with a table, or follow it.
        if dropped && self.table.as_deref() == Some(table) {
            return false;
        }
        body.iter().any(|token| {
            token
                .name()
                .is_some_and(|name| name.eq_ignore_ascii_case(table))
        })
    }
}
