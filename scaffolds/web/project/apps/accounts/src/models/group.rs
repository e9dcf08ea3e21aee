//! A group of users, who share its permissions: the table `groups`.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// A group of users.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "groups")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "String(StringLen::N(150))", unique)]
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
