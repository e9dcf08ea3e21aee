//! The functions that know an entity's types: all that is compiled for each model.

use std::pin::Pin;

use garde::Validate;
use platform::database::changes;
use platform::extract::checked;
use platform::{Error, Result};
use sea_orm::sea_query::{LockType, SelectStatement};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, IntoActiveModel, Iterable, ModelTrait, QueryResult, QueryTrait, Select,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::row::Row;

/// The column that holds who has added a row, and their id.
pub(crate) type Owner = Option<(String, i64)>;
type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;
/// Makes of a row as it is the input that is to be saved.
pub(crate) type Merge<'a> = &'a (dyn Fn(&Row) -> Result<Row> + Send + Sync);

/// An entity whose rows can be shown and saved.
pub trait Table:
    EntityTrait<
        Model: IntoActiveModel<<Self as EntityTrait>::ActiveModel> + Serialize,
        ActiveModel: ActiveModelBehavior + Send + 'static,
    >
{
}

impl<E> Table for E
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Serialize,
    E::ActiveModel: ActiveModelBehavior + Send + 'static,
{
}

/// What may be said of a row of `E`, and by which rules.
pub trait Input<E: EntityTrait>:
    DeserializeOwned + Validate<Context = ()> + ToSchema + IntoActiveModel<E::ActiveModel> + Send
{
}

impl<E: EntityTrait, I> Input<E> for I where
    I: DeserializeOwned
        + Validate<Context = ()>
        + ToSchema
        + IntoActiveModel<E::ActiveModel>
        + Send
{
}

/// The functions that know the entity's types.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calls {
    pub select: fn() -> SelectStatement,
    /// A row of such a query.
    pub row: fn(&QueryResult) -> Result<Row>,
    /// Whether an input keeps the rules.
    pub check: fn(Row) -> Result<()>,
    pub insert: for<'a> fn(&'a DatabaseTransaction, Row, Owner) -> Later<'a, Row>,
    pub update:
        for<'a> fn(&'a DatabaseTransaction, SelectStatement, Merge<'a>) -> Later<'a, (Row, Row)>,
    pub delete: for<'a> fn(&'a DatabaseTransaction, SelectStatement) -> Later<'a, Row>,
}

impl Calls {
    /// The functions of `E`, whose rows are saved by the rules of `I`.
    pub fn new<E: Table, I: Input<E>>() -> Self {
        Self {
            select: || QueryTrait::into_query(E::find()),
            row: |found| row_of(&E::Model::from_query_result(found, "")?),
            check: |input| checked::<I>(input).map(drop),
            insert: insert::<E, I>,
            update: update::<E, I>,
            delete: delete::<E>,
        }
    }
}

fn row_of(row: &impl Serialize) -> Result<Row> {
    match serde_json::to_value(row) {
        Ok(Value::Object(row)) => Ok(row),
        _ => Err(Error::Server(
            "a row is not written as a JSON object".to_owned(),
        )),
    }
}

pub(crate) fn selected<E: EntityTrait>(statement: SelectStatement) -> Select<E> {
    let mut select = E::find();
    *QueryTrait::query(&mut select) = statement;
    select
}

/// Locks the row that is to be changed or deleted, and reads it. SQLite has locked everything by then.
async fn locked<E: Table>(
    db: &DatabaseTransaction,
    mut statement: SelectStatement,
) -> Result<E::Model> {
    statement.lock(LockType::Update);
    let row = selected::<E>(statement).one(db).await?;
    row.ok_or(Error::NotFound)
}

fn insert<E: Table, I: Input<E>>(
    db: &DatabaseTransaction,
    input: Row,
    owner: Owner,
) -> Later<'_, Row> {
    Box::pin(async move {
        let mut row = checked::<I>(input)?.into_active_model();
        if let Some((name, id)) = owner
            && let Some(column) = E::Column::iter().find(|column| column.json_key() == name)
        {
            row.try_set(column, id.into())?;
        }
        row_of(&row.insert(db).await?)
    })
}

fn update<'a, E: Table, I: Input<E>>(
    db: &'a DatabaseTransaction,
    statement: SelectStatement,
    merge: Merge<'a>,
) -> Later<'a, (Row, Row)> {
    Box::pin(async move {
        let current = locked::<E>(db, statement).await?;
        let before = row_of(&current)?;
        let wanted = checked::<I>(merge(&before)?)?.into_active_model();
        let changed: E::ActiveModel = changes(current.into_active_model(), wanted);
        let after = row_of(&changed.update(db).await?)?;
        Ok((before, after))
    })
}

fn delete<E: Table>(db: &DatabaseTransaction, statement: SelectStatement) -> Later<'_, Row> {
    Box::pin(async move {
        let row = locked::<E>(db, statement).await?;
        let before = row_of(&row)?;
        row.delete(db).await?;
        Ok(before)
    })
}
