//! Lists: one page of rows, ordered, searched and counted.

use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::Uri;
use axum::http::request::Parts;
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{DynIden, Expr, LikeExpr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr,
    EntityTrait, ExprTrait, FromQueryResult, Iterable, Order, PrimaryKeyToColumn, QueryFilter,
    QueryTrait, Select, Value,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, Result};
use crate::extract::Query;
use crate::site::Site;

/// The columns that a list may be ordered by, and those that `?search=` searches.
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

impl ListQuery {
    fn of(uri: &Uri) -> Result<Self> {
        let Query(query) = Query::<Self>::of(uri)?;
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
        Ok(query)
    }
}

/// The [`ListQuery`] of a request, checked, and the address it came by.
#[derive(Debug)]
pub struct List {
    query: ListQuery,
    uri: OriginalUri,
}

impl FromRequestParts<Site> for List {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let query = ListQuery::of(&parts.uri)?;
        let Ok(uri) = OriginalUri::from_request_parts(parts, site).await;
        Ok(Self { query, uri })
    }
}

impl List {
    /// The text that is searched for; empty if there is none.
    pub fn search(&self) -> &str {
        self.query.search.as_deref().unwrap_or_default()
    }

    /// The asked-for page of `rows`.
    pub async fn page<E>(
        self,
        db: &DatabaseConnection,
        mut rows: Select<E>,
        listing: Listing<E::Column>,
    ) -> Result<Json<Page<E::Model>>>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
    {
        let query = QueryTrait::query(&mut rows);
        self.filter(query, columns(listing.search), db.get_database_backend());
        self.order(query, columns(listing.ordering))?;
        // Then by primary key, so that pages never overlap.
        for key in E::PrimaryKey::iter() {
            query.order_by(key.into_column().as_column_ref(), Order::Asc);
        }
        let all = count_of(query);
        // A search reads every row, and rarely fills a page: it is counted only where the page does not tell.
        if self.search().is_empty() {
            query.expr_as(all.clone(), COUNT);
        }
        query.offset(self.offset()).limit(self.query.page_size);
        let rows = db.query_all(&*query).await?;
        let results = rows.iter().map(|row| E::Model::from_query_result(row, ""));
        let results = results.collect::<Result<Vec<_>, DbErr>>()?;
        let count = match (self.count_at_end(results.len() as u64), rows.first()) {
            (Some(count), _) => count,
            (None, Some(row)) if self.search().is_empty() => {
                i64::unsigned_abs(row.try_get("", COUNT)?)
            }
            (None, _) => count(db, &all).await?,
        };
        Ok(Json(Page {
            count,
            next: self.next(count),
            previous: self.previous(count),
            results,
        }))
    }

    fn filter(&self, rows: &mut SelectStatement, columns: Vec<Name>, backend: DatabaseBackend) {
        if self.search().is_empty() {
            return;
        }
        let text = self
            .search()
            .replace('\\', r"\\")
            .replace('%', r"\%")
            .replace('_', r"\_");
        let any = columns.into_iter().fold(Condition::any(), |any, column| {
            let column = Expr::col(column);
            let pattern = LikeExpr::new(format!("%{text}%"));
            any.add(match backend {
                // `\` is the escape character by default here.
                DatabaseBackend::Postgres => column.ilike(pattern),
                // The others do not tell upper from lower case anyway; only SQLite must be told what escapes.
                DatabaseBackend::Sqlite => column.like(pattern.escape('\\')),
                _ => column.like(pattern),
            })
        });
        rows.cond_where(any);
    }

    fn order(&self, rows: &mut SelectStatement, allowed: Vec<Name>) -> Result<()> {
        let names = self.query.ordering.as_deref().unwrap_or_default();
        for name in names.split(',').filter(|_| !names.is_empty()) {
            let (order, name) = match name.strip_prefix('-') {
                Some(name) => (Order::Desc, name),
                None => (Order::Asc, name),
            };
            let Some(column) = allowed.iter().find(|(_, column)| column.inner() == name) else {
                let allowed: Vec<_> = allowed.iter().map(|(_, column)| column.inner()).collect();
                return Err(Error::bad_request(format!(
                    "`ordering` cannot be `{name}`; it can be {}, each also with `-` before it.",
                    allowed.join(", ")
                )));
            };
            rows.order_by(column.clone(), order);
        }
        Ok(())
    }

    /// How many there are on all pages, if this is the last one.
    fn count_at_end(&self, here: u64) -> Option<u64> {
        let is_last = here < self.query.page_size && (here > 0 || self.query.page == 1);
        is_last.then(|| self.offset() + here)
    }

    /// How many rows come before the page; what no database can count to is past the end of every list.
    fn offset(&self) -> u64 {
        let offset = (self.query.page - 1).saturating_mul(self.query.page_size);
        std::cmp::min(offset, i64::MAX as u64)
    }

    /// A list always has a first page, even an empty one.
    fn last_page(&self, count: u64) -> u64 {
        std::cmp::max(count.div_ceil(self.query.page_size), 1)
    }

    fn next(&self, count: u64) -> Option<String> {
        let page = self.query.page;
        (page < self.last_page(count)).then(|| self.link(page + 1))
    }

    fn previous(&self, count: u64) -> Option<String> {
        let page = self.query.page;
        (page > 1).then(|| self.link(std::cmp::min(page - 1, self.last_page(count))))
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

/// The expression that counts rows; also the name of its value beside the columns, which no column has.
const COUNT: &str = "COUNT(*)";

/// A column, behind its table.
type Name = (DynIden, DynIden);

fn columns<C: ColumnTrait>(columns: &[C]) -> Vec<Name> {
    columns.iter().map(C::as_column_ref).collect()
}

/// Counts without a subquery over the rows, which is what makes long lists quick.
fn count_of(rows: &SelectStatement) -> SelectStatement {
    let mut rows = rows.clone();
    rows.clear_selects()
        .expr(Expr::cust(COUNT))
        .clear_order_by();
    rows
}

async fn count(db: &DatabaseConnection, count: &SelectStatement) -> Result<u64> {
    let row = db.query_one(count).await?;
    let count = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.map_or(0, i64::unsigned_abs))
}

/// Only the rows whose columns equal the values that are given; a null is none.
pub fn equal<E: EntityTrait>(
    mut rows: Select<E>,
    wanted: impl IntoIterator<Item = (E::Column, Value)>,
) -> Select<E> {
    for (column, value) in wanted {
        if !is_null(&value) {
            rows = rows.filter(column.eq(value));
        }
    }
    rows
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}
