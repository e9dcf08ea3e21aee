//! Values as a list shows them.

use std::collections::HashMap;

use platform::Result;
use platform::forms::words;
use platform::input::Kind;
use platform::redirect::quoted;
use sea_orm::ColumnType;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Alias, Expr};
use serde::Serialize;
use serde_json::Value;

use crate::desk::Desk;
use crate::model::{Column, Model, Reference, plain};
use crate::options::Access;
use crate::row::Row;
use crate::sql;

/// So much of a text is shown in a list.
const LONGEST: usize = 100;

/// A value, ready to be shown.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Cell {
    /// `text`, `null`, `yes`, `no`, `number` or `time`.
    pub kind: &'static str,
    pub text: String,
    /// Where it leads: to the row it refers to, or out of the site.
    pub href: String,
    /// Whether that is out of the site.
    pub leaves: bool,
}

/// What the references of some rows are called: by column and key.
#[derive(Debug, Default)]
pub(crate) struct Labels(HashMap<(String, String), (String, String)>);

impl Labels {
    /// Reads them with one query for each of the columns.
    pub async fn read(desk: &Desk, model: &Model, names: &[String], rows: &[Row]) -> Result<Self> {
        let mut labels = Self::default();
        for reference in names.iter().filter_map(|name| model.reference(name)) {
            labels.add(desk, reference, rows).await?;
        }
        Ok(labels)
    }

    async fn add(&mut self, desk: &Desk, reference: &Reference, rows: &[Row]) -> Result<()> {
        let Some(target) = desk.admin.of_table(&reference.table) else {
            return Ok(());
        };
        let Some(column) = target
            .columns
            .iter()
            .find(|column| column.iden.inner() == reference.column)
        else {
            return Ok(());
        };
        let mut wanted: Vec<String> = rows
            .iter()
            .map(|row| plain(&row[&reference.name]))
            .collect();
        wanted.sort();
        wanted.dedup();
        let values: Vec<Expr> = wanted
            .iter()
            .filter_map(|text| sql::value(column, text))
            .collect();
        if values.is_empty() || !desk.may(Access::View, target, None) {
            return Ok(());
        }
        let mut select = desk.rows_of(target)?;
        let key = Expr::col((Alias::new(&target.table), column.iden.clone()));
        select.and_where(key.is_in(values));
        for row in target.rows(&desk.site.db, select).await? {
            let key = (reference.name.clone(), plain(&row[&column.name]));
            let label = (target.label_of(&row), sql::address(target, &row));
            self.0.insert(key, label);
        }
        Ok(())
    }

    /// The label of the row that a value refers to, and its address.
    pub fn get(&self, name: &str, value: &Value) -> Option<&(String, String)> {
        self.0.get(&(name.to_owned(), plain(value)))
    }
}

impl Cell {
    /// A value of a row; `longest` cuts text.
    pub fn new(model: &Model, name: &str, row: &Row, labels: &Labels) -> Self {
        let value = row.get(name).unwrap_or(&Value::Null);
        let column = model.column(name);
        if let Some((label, address)) = labels.get(name, value) {
            return Self {
                kind: "text",
                text: label.clone(),
                href: address.clone(),
                leaves: false,
            };
        }
        let (kind, text) = match value {
            Value::Null => ("null", String::new()),
            Value::Bool(true) => ("yes", "Yes".to_owned()),
            Value::Bool(false) => ("no", "No".to_owned()),
            Value::Number(number) => ("number", number.to_string()),
            Value::String(text) => shown(column, text),
            other => ("text", other.to_string()),
        };
        let leaves = is_link(model, name, &text);
        Self {
            kind,
            href: if leaves { text.clone() } else { String::new() },
            text: cut(&text),
            leaves,
        }
    }
}

fn shown(column: Option<&Column>, text: &str) -> (&'static str, String) {
    match column.map(|column| &column.kind) {
        Some(ColumnType::Decimal(_)) => ("number", text.to_owned()),
        Some(ColumnType::Enum { .. }) => ("text", words(text)),
        Some(ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_)) => {
            let bytes = text.trim_end_matches('=').len() * 3 / 4;
            ("number", format!("{bytes} bytes"))
        }
        Some(ColumnType::TimestampWithTimeZone | ColumnType::DateTime | ColumnType::Timestamp) => {
            let text = text.trim_end_matches('Z').replace('T', " ");
            ("time", format!("{text} UTC"))
        }
        _ => ("text", text.to_owned()),
    }
}

/// Only what every browser opens as a page is a link, whatever the database holds.
fn is_link(model: &Model, name: &str, text: &str) -> bool {
    let is_url = model
        .field(name)
        .is_some_and(|field| matches!(field.kind, Kind::Url { .. }));
    is_url && (text.starts_with("https://") || text.starts_with("http://"))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The address of the list of rows that refer to this one.
pub(crate) fn children_address(model: &Model, reference: &Reference, key: &str) -> String {
    format!("{}?{}={}", model.address(), reference.name, quoted(key))
}
