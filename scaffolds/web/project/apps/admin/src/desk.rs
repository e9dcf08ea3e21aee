//! Who asks, what they may do, and the frame of every page.

use std::collections::BTreeSet;
use std::sync::Arc;

use accounts::Member;
use accounts::models::{group_member, group_permission, user};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use platform::form::Form;
use platform::{Error, Result, Site};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use serde::Serialize;

use crate::model::Model;
use crate::notice::{self, Notice};
use crate::options::Access;
use crate::registry::Admin;
use crate::row::Row;
use crate::sql;

/// A member of staff at work. Everybody else is sent to log in, or gets `403`.
pub(crate) struct Desk {
    pub site: Site,
    pub admin: Arc<Admin>,
    pub user: user::Model,
    /// The query of the address.
    pub query: Form,
    permissions: BTreeSet<String>,
    notice: Option<Notice>,
}

/// An app in the navigation.
#[derive(Serialize)]
struct Section {
    label: String,
    models: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    label: String,
    address: String,
    add: bool,
}

impl FromRequestParts<Site> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let member = <Member as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        if !member.user.is_staff {
            return Err(Error::forbidden("Only staff may use the admin."));
        }
        let admin = parts.extensions.get::<Arc<Admin>>();
        Ok(Self {
            site: site.clone(),
            admin: admin.cloned().ok_or(Error::NotFound)?,
            permissions: permissions(site, &member.user).await?,
            query: Form::from_query(&parts.uri),
            notice: notice::read(parts),
            user: member.user,
        })
    }
}

/// All permissions of the user's groups.
async fn permissions(site: &Site, user: &user::Model) -> Result<BTreeSet<String>> {
    if user.is_superuser {
        return Ok(BTreeSet::new());
    }
    let groups = group_member::Entity::find()
        .select_only()
        .column(group_member::Column::GroupId)
        .filter(group_member::Column::UserId.eq(user.id))
        .into_query();
    let found = group_permission::Entity::find()
        .filter(group_permission::Column::GroupId.in_subquery(groups))
        .all(&site.db)
        .await?;
    Ok(found.into_iter().map(|found| found.permission).collect())
}

impl Desk {
    /// Whether the user may do this: to the row or, without one, to some row. Who may change may also view.
    pub fn may(&self, access: Access, model: &Model, row: Option<&Row>) -> bool {
        let has =
            |access| self.user.is_superuser || self.permissions.contains(&model.permission(access));
        let allowed = has(access) || access == Access::View && has(Access::Change);
        allowed && !model.hidden && (model.may)(&self.user, access, row)
    }

    /// Goes on only for who may do this.
    ///
    /// # Errors
    /// `403`, with the permission it takes.
    pub fn must(&self, access: Access, model: &Model, row: Option<&Row>) -> Result<()> {
        if self.may(access, model, row) {
            return Ok(());
        }
        let permission = model.permission(access);
        Err(Error::forbidden(format!(
            "This takes the permission `{permission}`, and a row that you may do this to."
        )))
    }

    /// All rows of a model that the user gets to see.
    pub fn rows_of(&self, model: &Model) -> Result<SelectStatement> {
        let mut rows = (model.calls()?.select)();
        (model.scope)(&self.user, &mut rows);
        Ok(rows)
    }

    /// A transaction that writes. SQLite is told so at the start, else two at once would fail.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.site.db.begin_with_options(options).await
    }

    /// Renders a page; `here` is the address that the navigation marks.
    pub fn render(&self, template: &str, here: &str, content: Value) -> Result<Response> {
        let content = context! {
            user => self.user.email.clone(),
            here,
            sections => Serde(self.sections()),
            notice => Serde(&self.notice),
            ..content
        };
        let page = self
            .site
            .templates
            .render(&format!("admin/{template}"), content)?;
        let mut response = page.into_response();
        if self.notice.is_some() {
            platform::notice::forget(response.headers_mut());
        }
        Ok(response)
    }

    fn sections(&self) -> Vec<Section> {
        let sections = self.admin.apps.iter().map(|(app, models)| Section {
            label: platform::forms::words(app),
            models: models
                .iter()
                .filter(|model| self.may(Access::View, model, None))
                .map(|model| Entry {
                    label: platform::forms::words(&model.plural),
                    address: model.address(),
                    add: self.may(Access::Add, model, None),
                })
                .collect(),
        });
        sections
            .filter(|section| !section.models.is_empty())
            .collect()
    }
}

/// A desk with one model on it, and perhaps the key of a row: what `/admin/{app}/{model}/{id}` names.
pub(crate) struct ModelDesk {
    pub desk: Desk,
    app: String,
    name: String,
    id: String,
}

impl FromRequestParts<Site> for ModelDesk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let desk = Desk::from_request_parts(parts, site).await?;
        let params = RawPathParams::from_request_parts(parts, site).await;
        let params = params.map_err(|_| Error::NotFound)?;
        let value = |name: &str| {
            let mut found = params.iter().filter(|(key, _)| *key == name);
            found.next().map(|(_, value)| value.to_owned())
        };
        let found = Self {
            desk,
            app: value("app").unwrap_or_default(),
            name: value("model").unwrap_or_default(),
            id: sql::of_segment(&value("id").unwrap_or_default()).to_owned(),
        };
        found.model().map(drop)?;
        Ok(found)
    }
}

impl ModelDesk {
    pub fn model(&self) -> Result<&Model> {
        let model = self.desk.admin.model(&self.app, &self.name);
        model.ok_or(Error::NotFound)
    }

    /// The row that the address names, if the user gets to see it.
    pub async fn row(&self, model: &Model) -> Result<Row> {
        let statement = self.statement(model)?;
        let rows = model.rows(&self.desk.site.db, statement).await?;
        rows.into_iter().next().ok_or(Error::NotFound)
    }

    /// What selects that row.
    pub fn statement(&self, model: &Model) -> Result<SelectStatement> {
        let mut rows = self.desk.rows_of(model)?;
        let key = sql::key(model, &self.id).ok_or(Error::NotFound)?;
        rows.cond_where(key);
        Ok(rows)
    }

    pub fn id(&self) -> &str {
        &self.id
    }
}
