//! Filters, search and order of a list, as the address gives them.

use axum::http::StatusCode;
use chrono::{Datelike, Months, NaiveDate};
use platform::form::Form;
use platform::redirect::quoted;
use platform::{Error, Result};
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{Expr, LikeExpr, SelectStatement};
use sea_orm::{ColumnType, Condition, DatabaseBackend, ExprTrait, Order as SqlOrder};
use serde::Serialize;

use crate::model::{Column, Model};
use crate::options::Order;
use crate::sql;

/// What an address says beside filters.
const OWN: [&str; 5] = ["page", "page_size", "ordering", "search", "null"];

/// So many filters may be in use.
const MOST_FILTERS: usize = 50;

/// A list as it is asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub page: u64,
    pub page_size: u64,
    pub search: String,
    pub ordering: Vec<(String, Order)>,
    /// Names and values of the filters that are in use, `null` among them.
    pub filters: Vec<(String, String)>,
    /// Everything but the page, to be put into links.
    pairs: Vec<(String, String)>,
}

/// A filter that is in use.
#[derive(Debug, Serialize)]
pub(crate) struct Chip {
    pub label: String,
    pub without: String,
}

impl Asked {
    /// Reads the query of a list. Unknown names are ignored.
    ///
    /// # Errors
    /// `400` for values that make no sense.
    pub fn read(model: &Model, query: &Form) -> Result<Self> {
        let search = query.get("search").unwrap_or_default().trim().to_owned();
        check_search(&search)?;
        let mut asked = Self {
            page: number(query, "page", 1, i64::MAX as u64)?,
            page_size: number(query, "page_size", model.options.per_page, 200)?,
            ordering: ordering(model, query.get("ordering").unwrap_or_default())?,
            filters: Vec::new(),
            pairs: Vec::new(),
            search,
        };
        for (name, text) in query.pairs() {
            let is_filter = match name.as_str() {
                "null" => column_to_filter(model, text).is_some(),
                name => !OWN.contains(&name) && column_to_filter(model, name).is_some(),
            };
            if is_filter && !text.is_empty() {
                asked.filters.push((name.clone(), text.clone()));
            }
            if is_filter || OWN.contains(&name.as_str()) && name != "page" && !text.is_empty() {
                asked.pairs.push((name.clone(), text.clone()));
            }
        }
        if asked.filters.len() > MOST_FILTERS {
            return Err(Error::bad_request("At most 50 filters may be in use."));
        }
        Ok(asked)
    }

    /// Leaves the rows that are asked for, in any order.
    ///
    /// # Errors
    /// `400` for a value that the column cannot hold.
    pub fn narrow(
        &self,
        model: &Model,
        rows: &mut SelectStatement,
        backend: DatabaseBackend,
    ) -> Result<()> {
        for (name, text) in &self.filters {
            let column = match name.as_str() {
                "null" => column_to_filter(model, text),
                name => column_to_filter(model, name),
            };
            let Some(column) = column else { continue };
            let condition = match name.as_str() {
                "null" => Some(Condition::all().add(sql::column(model, column).is_null())),
                _ => condition(model, column, text),
            };
            let condition = condition
                .ok_or_else(|| Error::bad_request(format!("`{name}` cannot be `{text}`.")))?;
            rows.cond_where(condition);
        }
        if !self.search.is_empty() {
            rows.cond_where(search(model, &self.search, backend));
        }
        Ok(())
    }

    /// Orders rows; at last by their keys, so that pages never overlap.
    pub fn order(&self, model: &Model, rows: &mut SelectStatement) {
        let usual = self.ordering.is_empty();
        let ordering = if usual {
            &model.options.ordering
        } else {
            &self.ordering
        };
        for (name, order) in ordering {
            if let Some(column) = model.column(name) {
                let order = match order {
                    Order::Asc => SqlOrder::Asc,
                    Order::Desc => SqlOrder::Desc,
                };
                rows.order_by_expr(sql::column(model, column), order);
            }
        }
        for key in model.keys.iter().filter_map(|name| model.column(name)) {
            rows.order_by_expr(sql::column(model, key), SqlOrder::Asc);
        }
    }

    /// The same list with one thing changed: `None` takes it out.
    pub fn link(&self, name: &str, value: Option<&str>) -> String {
        let others = self.pairs.iter().filter(|(key, _)| key != name);
        let pairs = others.map(|(key, value)| (key.as_str(), value.as_str()));
        query_of(pairs.chain(value.map(|value| (name, value))))
    }

    /// The same list without one of several pairs of a name.
    fn without(&self, name: &str, value: &str) -> String {
        let others = self
            .pairs
            .iter()
            .filter(|(key, text)| key != name || text != value);
        query_of(others.map(|(key, value)| (key.as_str(), value.as_str())))
    }

    /// The filters and the search that are in use.
    pub fn chips(&self) -> Vec<Chip> {
        let search = (!self.search.is_empty()).then(|| Chip {
            label: format!("contains “{}”", self.search),
            without: self.link("search", None),
        });
        let filters = self.filters.iter().map(|(name, text)| Chip {
            label: match name.as_str() {
                "null" => format!("{} is empty", platform::forms::label(text)),
                name => format!("{}: {text}", platform::forms::label(name)),
            },
            without: self.without(name, text),
        });
        search.into_iter().chain(filters).collect()
    }

    /// The first value of a filter.
    pub fn filter(&self, name: &str) -> Option<&str> {
        let mut found = self.filters.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// What a form with other values has to send along.
    pub fn others(&self, name: &str) -> Vec<(String, String)> {
        let others = self.pairs.iter().filter(|(key, _)| key != name);
        others.cloned().collect()
    }
}

/// `?name=value&…`, or nothing.
pub(crate) fn query_of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", quoted(name), quoted(value)))
        .collect();
    format!("?{}", pairs.join("&"))
}

fn number(query: &Form, name: &str, usual: u64, most: u64) -> Result<u64> {
    let Some(text) = query.get(name) else {
        return Ok(usual);
    };
    match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(Error::Refused(
            StatusCode::BAD_REQUEST,
            format!("`{name}` is a whole number from 1 to {most}, not `{text}`."),
        )),
    }
}

/// The columns that one may order by: those that are shown.
pub(crate) fn is_orderable(model: &Model, name: &str) -> bool {
    let options = &model.options;
    let shown = options.list.iter().chain(&model.keys).chain(&options.label);
    let is_shown = shown
        .chain(options.ordering.iter().map(|(name, _)| name))
        .any(|shown| shown == name);
    let column = model.column(name);
    is_shown && column.is_some_and(|column| !column.is_long() && !is_blob(column))
}

fn is_blob(column: &Column) -> bool {
    matches!(
        column.kind,
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_)
    )
}

fn ordering(model: &Model, text: &str) -> Result<Vec<(String, Order)>> {
    let names = text.split(',').filter(|name| !name.is_empty());
    names
        .map(|name| {
            let (name, order) = match name.strip_prefix('-') {
                Some(name) => (name, Order::Desc),
                None => (name, Order::Asc),
            };
            match is_orderable(model, name) {
                true => Ok((name.to_owned(), order)),
                false => Err(Error::bad_request(format!(
                    "`ordering` cannot be `{name}`: the list has no such column to order by."
                ))),
            }
        })
        .collect()
}

/// The columns that a list may be filtered by: those it is declared with, and references.
fn column_to_filter<'a>(model: &'a Model, name: &str) -> Option<&'a Column> {
    let options = &model.options;
    let mut declared = options
        .filter
        .iter()
        .chain(&options.list)
        .chain(&options.exact)
        .chain(&model.keys);
    let allowed = declared.any(|known| known == name) || model.reference(name).is_some();
    model.column(name).filter(|_| allowed)
}

fn condition(model: &Model, column: &Column, text: &str) -> Option<Condition> {
    let expression = || sql::column(model, column);
    if is_date(column)
        && let Some((from, until)) = period(text)
    {
        let bound = |date: NaiveDate| match column.kind {
            ColumnType::Date => Expr::val(date),
            ColumnType::TimestampWithTimeZone => {
                Expr::val(date.and_time(chrono::NaiveTime::MIN).and_utc())
            }
            _ => Expr::val(date.and_time(chrono::NaiveTime::MIN)),
        };
        let all = Condition::all().add(expression().gte(bound(from)));
        return Some(all.add(expression().lt(bound(until))));
    }
    Some(Condition::all().add(expression().eq(sql::value(column, text)?)))
}

pub(crate) fn is_date(column: &Column) -> bool {
    matches!(
        column.kind,
        ColumnType::Date
            | ColumnType::DateTime
            | ColumnType::Timestamp
            | ColumnType::TimestampWithTimeZone
    )
}

/// The days of a year (`2026`), a month (`2026-11`) or a day (`2026-11-28`): the first one and the one after the last.
pub(crate) fn period(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let (from, months) = match text.len() {
        4 if is_plain => (format!("{text}-01-01"), 12),
        7 if is_plain => (format!("{text}-01"), 1),
        10 if is_plain => (text.to_owned(), 0),
        _ => return None,
    };
    let from: NaiveDate = from
        .parse()
        .ok()
        .filter(|date: &NaiveDate| date.year() > 0)?;
    let until = match months {
        0 => from.succ_opt()?,
        months => from.checked_add_months(Months::new(months))?,
    };
    Some((from, until))
}

fn check_search(text: &str) -> Result<()> {
    match text.chars().count() > 200 || text.contains('\0') {
        true => Err(Error::bad_request("A search takes up to 200 characters.")),
        false => Ok(()),
    }
}

/// The rows that somebody looks for by a part of what they are called.
///
/// # Errors
/// `400` for a text that is too long.
pub(crate) fn find(model: &Model, text: &str, backend: DatabaseBackend) -> Result<Condition> {
    check_search(text)?;
    Ok(search(model, text, backend))
}

/// Rows of which one of the columns contains the text, or equals it.
fn search(model: &Model, text: &str, backend: DatabaseBackend) -> Condition {
    let escaped = text
        .replace('\\', r"\\")
        .replace('%', r"\%")
        .replace('_', r"\_");
    let columns = |names: &'_ [String]| -> Vec<Column> {
        let found = names.iter().filter_map(|name| model.column(name));
        found.cloned().collect()
    };
    let mut any = Condition::any();
    let label: Vec<String> = model.options.label.iter().cloned().collect();
    let searched = match model.options.search.is_empty() {
        true => &label,
        false => &model.options.search,
    };
    for column in columns(searched) {
        let pattern = LikeExpr::new(format!("%{escaped}%"));
        let expression = sql::column(model, &column);
        any = any.add(match backend {
            DatabaseBackend::Postgres => expression.ilike(pattern),
            DatabaseBackend::Sqlite => expression.like(pattern.escape('\\')),
            _ => expression.like(pattern),
        });
    }
    let exact = columns(&model.options.exact);
    for column in exact.iter().chain(&columns(&model.keys)) {
        if let Some(value) = sql::value(column, text) {
            any = any.add(sql::column(model, column).eq(value));
        }
    }
    match any.is_empty() {
        true => Condition::all().add(Expr::val(1).eq(2)),
        false => any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_of_a_date_is_all_its_days() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("it is a date");
        for (text, from, until) in [
            ("2026", "2026-01-01", "2027-01-01"),
            ("2026-12", "2026-12-01", "2027-01-01"),
            ("2024-02-29", "2024-02-29", "2024-03-01"),
        ] {
            assert_eq!(period(text), Some((day(from), day(until))), "{text}");
        }
        for text in [
            "",
            "20",
            "2026-13",
            "2026-02-30",
            "20-6",
            "-001",
            "0000",
            "+2026-01-1",
        ] {
            assert_eq!(period(text), None, "{text}");
        }
    }
}
