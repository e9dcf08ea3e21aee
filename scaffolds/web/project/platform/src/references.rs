//! References to rows of other tables, shown by what those rows are called, and chosen by it in forms.

use std::collections::BTreeMap;

use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DbErr, EntityName, EntityTrait, ExprTrait, Iterable,
    PrimaryKeyToColumn, QueryResult,
};
use serde::Serialize;
use serde_json::Value;

use crate::error::Result;
use crate::forms::Drawing;
use crate::redirect::quoted;

/// A form offers up to so many rows; of more, the key is typed.
const MOST_CHOICES: u64 = 100;

/// The columns of a model that refer to rows of other tables.
#[derive(Clone, Debug, Default)]
pub struct References(Vec<Reference>);

#[derive(Clone, Debug)]
struct Reference {
    /// The column that refers: `author_id`.
    column: &'static str,
    /// Where the rows that it refers to are: `/authors`.
    path: &'static str,
    /// The primary key of those rows, its type, and all keys with what their rows are called.
    key: Expr,
    kind: ColumnType,
    rows: SelectStatement,
}

/// What rows are called and where they are: by the column that refers to them, and by key.
pub type Names = BTreeMap<&'static str, BTreeMap<String, Name>>;

/// A row that is referred to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Name {
    pub name: String,
    pub href: String,
}

impl References {
    /// Adds a column. `name` is what the rows that it refers to are called by; they are at `path`, each at its key.
    #[must_use]
    pub fn column<C>(mut self, column: &'static str, name: C, path: &'static str) -> Self
    where
        C: ColumnTrait,
        C::EntityName: EntityTrait<Column = C>,
    {
        let keys = <C::EntityName as EntityTrait>::PrimaryKey::iter();
        self.0.extend(keys.take(1).map(|key| {
            let key = key.into_column();
            let mut rows = Query::select();
            rows.expr(Expr::col(key.as_column_ref()))
                .expr(Expr::col(name.as_column_ref()))
                .from(C::EntityName::default().table_ref());
            Reference {
                column,
                path,
                key: Expr::col(key.as_column_ref()),
                kind: key.def().get_column_type().clone(),
                rows,
            }
        }));
        self
    }

    /// What the rows are called that `rows` refer to, which are one row or several; by one query for each column.
    pub async fn names(&self, db: &impl ConnectionTrait, rows: &impl Serialize) -> Result<Names> {
        let rows = match serde_json::to_value(rows).unwrap_or_default() {
            Value::Array(rows) => rows,
            row => vec![row],
        };
        let mut names = Names::new();
        for reference in &self.0 {
            let keys = rows.iter().filter_map(|row| match &row[reference.column] {
                Value::Null => None,
                Value::String(key) => Some(key.clone()),
                key => Some(key.to_string()),
            });
            names.insert(reference.column, reference.named(db, keys).await?);
        }
        Ok(names)
    }

    /// Lets a form choose among the rows or, where they are too many, says what the typed key stands for.
    pub async fn offer(&self, db: &impl ConnectionTrait, mut form: Drawing) -> Result<Drawing> {
        for reference in &self.0 {
            let Some(field) = form.field(reference.column) else {
                continue;
            };
            let mut found = reference.some(db).await?;
            if found.len() as u64 > MOST_CHOICES {
                reference.path.clone_into(&mut field.lookup);
                let named = reference.named(db, [field.value.clone()]).await?;
                field.meaning = named.into_values().map(|row| row.name).collect();
                continue;
            }
            found.sort_by_key(|(_, name)| name.to_lowercase());
            let is_known =
                field.value.is_empty() || found.iter().any(|(key, _)| *key == field.value);
            let typed = (!is_known).then(|| (field.value.clone(), field.value.clone()));
            field.widget = "select";
            field.choose(found.into_iter().chain(typed));
        }
        Ok(form)
    }
}

impl Reference {
    /// The rows with these keys. What is no key refers to none.
    async fn named(
        &self,
        db: &impl ConnectionTrait,
        keys: impl IntoIterator<Item = String>,
    ) -> Result<BTreeMap<String, Name>> {
        let keys: Vec<Expr> = keys
            .into_iter()
            .filter_map(|key| value(&self.kind, &key))
            .collect();
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut rows = self.rows.clone();
        rows.and_where(self.key.clone().is_in(keys));
        let rows = self.read(db, &rows).await?.into_iter();
        let named = rows.map(|(key, name)| {
            let href = format!("{}/{}", self.path, quoted(&key));
            (key, Name { name, href })
        });
        Ok(named.collect())
    }

    /// Some rows: one more than a form offers, if there are so many.
    async fn some(&self, db: &impl ConnectionTrait) -> Result<Vec<(String, String)>> {
        let mut rows = self.rows.clone();
        rows.limit(MOST_CHOICES + 1);
        Ok(self.read(db, &rows).await?)
    }

    async fn read(
        &self,
        db: &impl ConnectionTrait,
        rows: &SelectStatement,
    ) -> Result<Vec<(String, String)>, DbErr> {
        let rows = db.query_all(rows).await?;
        let pairs = rows
            .iter()
            .map(|row| Ok((key(&self.kind, row)?, row.try_get_by_index(1)?)));
        pairs.collect()
    }
}

/// The key that a text stands for.
fn value(kind: &ColumnType, text: &str) -> Option<Expr> {
    match kind {
        ColumnType::Uuid => text.parse::<Uuid>().ok().map(Expr::val),
        ColumnType::String(_) | ColumnType::Text | ColumnType::Char(_) => Some(Expr::val(text)),
        ColumnType::Integer => text.parse::<i32>().ok().map(Expr::val),
        _ => text.parse::<i64>().ok().map(Expr::val),
    }
}

fn key(kind: &ColumnType, row: &QueryResult) -> Result<String, DbErr> {
    Ok(match kind {
        ColumnType::Uuid => row.try_get_by_index::<Uuid>(0)?.to_string(),
        ColumnType::String(_) | ColumnType::Text | ColumnType::Char(_) => {
            row.try_get_by_index(0)?
        }
        ColumnType::Integer => row.try_get_by_index::<i32>(0)?.to_string(),
        _ => row.try_get_by_index::<i64>(0)?.to_string(),
    })
}
