//! Lists: one page of rows, ordered, searched and counted.

use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, DatabaseConnection, EntityTrait, FromQueryResult,
    IdenStatic, Iterable, Order, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, Select,
    Value,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, Result};
use crate::extract::Query;

/// What a list may be ordered by, and where `?search=` looks.
#[derive(Clone, Copy, Debug)]
pub struct Listing<C: 'static> {
    pub ordering: &'static [C],
    pub search: &'static [C],
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// How many there are on all pages.
    #[schema(minimum = 0)]
    pub count: u64,
    /// Where the next page is, if there is one.
    #[schema(required = true)]
    pub next: Option<String>,
    /// Where the previous page is, if there is one.
    #[schema(required = true)]
    pub previous: Option<String>,
    pub results: Vec<T>,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Which page; the first is 1.
    #[serde(default = "first_page")]
    #[param(default = 1, minimum = 1)]
    page: u64,
    /// How many a page.
    #[serde(default = "usual_page_size")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    page_size: u64,
    #[param(ignore)]
    ordering: Option<String>,
    /// Only those that contain this text.
    #[param(max_length = 200)]
    search: Option<String>,
}

fn first_page() -> u64 {
    1
}

fn usual_page_size() -> u64 {
    20
}

/// The [`ListQuery`] of a request, checked, and the address it came by.
#[derive(Debug)]
pub struct List {
    query: ListQuery,
    uri: OriginalUri,
}

impl<S: Send + Sync> FromRequestParts<S> for List {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Query(query) = Query::<ListQuery>::from_request_parts(parts, state).await?;
        if query.page == 0 {
            return Err(Error::bad_request("`page` starts at 1."));
        }
        if i64::try_from(query.page).is_err() {
            return Err(Error::bad_request("`page` is too large a number."));
        }
        if !(1..=100).contains(&query.page_size) {
            return Err(Error::bad_request("`page_size` goes from 1 to 100."));
        }
        if query
            .search
            .as_ref()
            .is_some_and(|text| text.chars().count() > 200)
        {
            return Err(Error::bad_request("`search` takes up to 200 characters."));
        }
        let Ok(uri) = OriginalUri::from_request_parts(parts, state).await;
        Ok(Self { query, uri })
    }
}

impl List {
    /// The asked-for page of `rows`.
    pub async fn page<E>(
        self,
        db: &DatabaseConnection,
        rows: Select<E>,
        listing: Listing<E::Column>,
    ) -> Result<Json<Page<E::Model>>>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
    {
        let rows = self.searched(rows, listing.search, db.get_database_backend());
        let rows = self.ordered(rows, listing.ordering)?;
        let ListQuery {
            page, page_size, ..
        } = self.query;
        let offset = offset_of(page, page_size);
        let results = rows.clone().offset(offset).limit(page_size).all(db).await?;
        let known = results.len() as u64;
        let is_last = known < page_size && (known > 0 || page == 1);
        let count = if is_last {
            offset + known
        } else {
            count(db, rows).await?
        };
        let last_page = pages(count, page_size);
        let previous = std::cmp::min(page - 1, last_page);
        Ok(Json(Page {
            count,
            next: (page < last_page).then(|| self.link(page + 1)),
            previous: (page > 1).then(|| self.link(previous)),
            results,
        }))
    }

    fn searched<E: EntityTrait>(
        &self,
        rows: Select<E>,
        columns: &[E::Column],
        backend: DatabaseBackend,
    ) -> Select<E> {
        let Some(text) = self.query.search.as_deref().filter(|text| !text.is_empty()) else {
            return rows;
        };
        let text = text
            .replace('\\', r"\\")
            .replace('%', r"\%")
            .replace('_', r"\_");
        let any = columns.iter().fold(Condition::any(), |any, column| {
            let pattern = LikeExpr::new(format!("%{text}%"));
            any.add(match backend {
                // Here `\` escapes by itself.
                DatabaseBackend::Postgres => Expr::col(column.as_column_ref()).ilike(pattern),
                // The others do not tell upper from lower case anyway; only SQLite must be told what escapes.
                DatabaseBackend::Sqlite => column.like(pattern.escape('\\')),
                _ => column.like(pattern),
            })
        });
        rows.filter(any)
    }

    /// Ordered as asked, then by primary key so that pages never overlap.
    fn ordered<E: EntityTrait>(
        &self,
        mut rows: Select<E>,
        allowed: &[E::Column],
    ) -> Result<Select<E>> {
        let names = self.query.ordering.as_deref().unwrap_or_default();
        for name in names.split(',').filter(|_| !names.is_empty()) {
            let (order, name) = match name.strip_prefix('-') {
                Some(name) => (Order::Desc, name),
                None => (Order::Asc, name),
            };
            let Some(column) = allowed.iter().find(|column| column.as_str() == name) else {
                let allowed: Vec<_> = allowed.iter().map(IdenStatic::as_str).collect();
                return Err(Error::bad_request(format!(
                    "`ordering` cannot be `{name}`; it can be {}, each also with `-` before it.",
                    allowed.join(", ")
                )));
            };
            rows = rows.order_by(*column, order);
        }
        for key in E::PrimaryKey::iter() {
            rows = rows.order_by_asc(key.into_column());
        }
        Ok(rows)
    }

    /// The same address with another page.
    fn link(&self, page: u64) -> String {
        let query = self.uri.query().unwrap_or_default();
        let others = query
            .split('&')
            .filter(|pair| !pair.is_empty() && *pair != "page" && !pair.starts_with("page="));
        let pairs: Vec<_> = others
            .map(str::to_owned)
            .chain([format!("page={page}")])
            .collect();
        format!("{}?{}", self.uri.path(), pairs.join("&"))
    }
}

/// How many rows come before a page; what no database can count to is past the end of every list.
fn offset_of(page: u64, page_size: u64) -> u64 {
    let offset = (page - 1).saturating_mul(page_size);
    std::cmp::min(offset, i64::MAX as u64)
}

/// A list always has a first page, even an empty one.
fn pages(count: u64, page_size: u64) -> u64 {
    std::cmp::max(count.div_ceil(page_size), 1)
}

/// Counts without a subquery over the rows, which is what makes long lists quick.
async fn count<E: EntityTrait>(db: &DatabaseConnection, rows: Select<E>) -> Result<u64> {
    let mut rows = rows.select_only().expr(Expr::cust("COUNT(*)"));
    sea_orm::QueryTrait::query(&mut rows).clear_order_by();
    let count: Option<i64> = rows.into_tuple().one(db).await?;
    Ok(count.map_or(0, i64::unsigned_abs))
}

/// Only the rows whose columns equal the values that are given; a null is none.
pub fn equal<E: EntityTrait>(
    rows: Select<E>,
    wanted: impl IntoIterator<Item = (E::Column, Value)>,
) -> Select<E> {
    wanted
        .into_iter()
        .filter(|(_, value)| *value != value.as_null())
        .fold(rows, |rows, (column, value)| rows.filter(column.eq(value)))
}
