//! SQL by the names of columns.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use platform::Result;
use platform::redirect::quoted;
use sea_orm::prelude::{Decimal, Uuid};
use sea_orm::sea_query::{Alias, Expr, IntoIden, JoinType, Query, SelectStatement};
use sea_orm::{ColumnType, Condition, ConnectionTrait, ExprTrait, Value};

use crate::model::{Column, Model, parted};
use crate::row::Row;

/// Counts stop here: "10,000+" is all that one wants to know of more.
pub(crate) const MOST_COUNTED: u64 = 10_000;

/// A column behind its table.
pub(crate) fn column(model: &Model, column: &Column) -> Expr {
    Expr::col((Alias::new(&model.table), column.iden.clone()))
}

/// The value that a text stands for in a column, as the database takes it; none if it is no such value.
pub(crate) fn value(column: &Column, text: &str) -> Option<Expr> {
    if text.contains('\0') {
        return None;
    }
    let value: Value = match &column.kind {
        ColumnType::TinyInteger
        | ColumnType::SmallInteger
        | ColumnType::Integer
        | ColumnType::BigInteger
        | ColumnType::TinyUnsigned
        | ColumnType::SmallUnsigned
        | ColumnType::Unsigned
        | ColumnType::BigUnsigned => text.parse::<i64>().ok()?.into(),
        ColumnType::Float | ColumnType::Double => {
            let number: f64 = text.parse().ok()?;
            number.is_finite().then_some(number)?.into()
        }
        ColumnType::Decimal(_) => Decimal::from_str_exact(text).ok()?.into(),
        ColumnType::Boolean => match text {
            "true" | "on" | "1" => true.into(),
            "false" | "0" => false.into(),
            _ => return None,
        },
        ColumnType::Date => text.parse::<NaiveDate>().ok()?.into(),
        ColumnType::Time => text.parse::<NaiveTime>().ok()?.into(),
        ColumnType::DateTime | ColumnType::Timestamp => moment(text)?.naive_utc().into(),
        ColumnType::TimestampWithTimeZone => moment(text)?.into(),
        ColumnType::Uuid => text.parse::<Uuid>().ok()?.into(),
        ColumnType::String(_) | ColumnType::Text | ColumnType::Char(_) => text.into(),
        ColumnType::Enum { name, variants } => {
            let known = variants.iter().any(|variant| variant.inner() == text);
            return known.then(|| Expr::val(text).as_enum(name.clone()));
        }
        _ => return None,
    };
    Some(Expr::val(value))
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = text.parse::<DateTime<Utc>>() {
        return Some(moment);
    }
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let mut found = formats
        .iter()
        .filter_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    found.next().map(|moment| moment.and_utc())
}

/// The row whose key this is; none if it cannot be a key of the model.
pub(crate) fn key(model: &Model, id: &str) -> Option<Condition> {
    let parts = parted(id, model.keys.len())?;
    let mut all = Condition::all();
    for (name, text) in model.keys.iter().zip(parts) {
        let key = model.column(name)?;
        all = all.add(column(model, key).eq(value(key, &text)?));
    }
    Some(all)
}

/// The rows with these keys.
pub(crate) fn keys<'a>(model: &Model, ids: impl IntoIterator<Item = &'a str>) -> Condition {
    let known = ids.into_iter().filter_map(|id| key(model, id));
    let any = known.fold(Condition::any(), Condition::add);
    // Without any, no row is meant.
    match any.is_empty() {
        true => Condition::all().add(Expr::val(1).eq(2)),
        false => any,
    }
}

/// The same rows in any order, found by their keys first: the database reads, and sorts, no more of those before them.
pub(crate) fn by_keys(model: &Model, mut keys: SelectStatement) -> Result<SelectStatement> {
    let mut rows = (model.calls()?.select)();
    let page = Alias::new("page");
    let mut same = Condition::all();
    keys.clear_selects();
    for key in model.keys.iter().filter_map(|name| model.column(name)) {
        let column = column(model, key);
        keys.expr(column.clone());
        same = same.add(column.eq(Expr::col((page.clone(), key.iden.clone()))));
    }
    rows.join_subquery(JoinType::InnerJoin, keys, page, same);
    Ok(rows)
}

/// A key as part of an address.
pub(crate) fn in_address(model: &Model, row: &Row) -> String {
    segment(&model.id_of(row))
}

/// The part of an address that stands for a key. Browsers drop parts that are empty, `.` or `..`: these get a `~` in
/// front, and so do those that begin with one.
pub(crate) fn segment(id: &str) -> String {
    match id.is_empty() || id == "." || id == ".." || id.starts_with('~') {
        true => format!("~{}", quoted(id)),
        false => quoted(id),
    }
}

/// The key that a part of an address stands for.
pub(crate) fn of_segment(segment: &str) -> &str {
    segment.strip_prefix('~').unwrap_or(segment)
}

/// Where a row is changed.
pub(crate) fn address(model: &Model, row: &Row) -> String {
    format!("{}/{}/change", model.address(), in_address(model, row))
}

/// How many rows there are, but never more than one more than [`MOST_COUNTED`].
pub(crate) async fn count(db: &impl ConnectionTrait, rows: &SelectStatement) -> Result<u64> {
    let mut some = rows.clone();
    some.clear_selects()
        .clear_order_by()
        .expr(Expr::cust("1"))
        .limit(MOST_COUNTED + 1);
    exact_count(db, some).await
}

/// How many rows there are, however many.
pub(crate) async fn exact_count(db: &impl ConnectionTrait, rows: SelectStatement) -> Result<u64> {
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(rows, Alias::new("counted").into_iden())
        .to_owned();
    let row = db.query_one(&count).await?;
    let count: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.map_or(0, i64::unsigned_abs))
}

/// A count as people write it.
pub(crate) fn in_words(count: u64, noun: &str, plural: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        more if more > MOST_COUNTED => format!("10,000+ {plural}"),
        more if more >= 1_000 => format!("{},{:03} {plural}", more / 1_000, more % 1_000),
        few => format!("{few} {plural}"),
    }
}
