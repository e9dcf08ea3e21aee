//! The rows that an action of one's own works on.

use std::fmt::{Debug, Formatter};
use std::pin::Pin;

use accounts::models::user;
use platform::{Result, Site};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::calls::selected;

/// The rows that were chosen, who has chosen them, and the transaction in which something is done to them.
#[derive(Debug)]
pub struct Selection {
    pub db: DatabaseTransaction,
    pub site: Site,
    pub user: user::Model,
    pub(crate) rows: SelectStatement,
}

impl Selection {
    /// The rows; `E` is the entity of the model that the action belongs to.
    pub async fn rows<E: EntityTrait>(&self) -> Result<Vec<E::Model>> {
        Ok(selected::<E>(self.rows.clone()).all(&self.db).await?)
    }
}

/// An action of one's own: any `async fn(rows: &Selection) -> Result<()>`.
pub trait Run: Sync {
    fn run<'a>(
        &'a self,
        rows: &'a Selection,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
}

impl<F> Run for F
where
    F: for<'a> Call<'a> + Sync,
{
    fn run<'a>(
        &'a self,
        rows: &'a Selection,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(self(rows))
    }
}

/// A function whose future may hold on to the selection: the compiler finds none of this by itself.
pub trait Call<'a>: Fn(&'a Selection) -> Self::Future {
    type Future: Future<Output = Result<()>> + Send + 'a;
}

impl<'a, F, T> Call<'a> for F
where
    F: Fn(&'a Selection) -> T,
    T: Future<Output = Result<()>> + Send + 'a,
{
    type Future = T;
}

impl Debug for dyn Run {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Run")
    }
}
