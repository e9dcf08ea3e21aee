//! Sessions: a row from login to logout, and the cookie that names it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use platform::client::ClientAddress;
use platform::cookie;
use platform::fields::now;
use platform::secret::{Digest, Secret};
use platform::{Error, Result, Site};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{IntoActiveModel, Set, TransactionTrait};

use crate::models::session::{ActiveModel, Column, Entity, Model};
use crate::models::user;
use crate::users;

/// A session that is not used ends after this long …
const IDLE: TimeDelta = TimeDelta::days(14);
/// … or this, if it was not to be remembered: browsers that restore their windows keep its cookie for ever.
const IDLE_UNREMEMBERED: TimeDelta = TimeDelta::hours(12);
/// Every session ends after this long.
const LIFETIME: TimeDelta = TimeDelta::days(90);
/// That a session is used is written down this often.
const NOTED: TimeDelta = TimeDelta::hours(1);
/// How long after the password was given one may change what matters.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Who logs in, as far as a request tells.
#[derive(Debug)]
pub struct Browser {
    pub address: ClientAddress,
    user_agent: String,
    session: Option<String>,
}

impl FromRequestParts<Site> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let Ok(address) = ClientAddress::from_request_parts(parts, site).await;
        let user_agent = parts.headers.get(header::USER_AGENT);
        let user_agent = user_agent.map_or_else(Default::default, |name| {
            String::from_utf8_lossy(name.as_bytes())
                .chars()
                .take(255)
                .collect()
        });
        let session = cookie::read(&parts.headers, site.config.session_cookie());
        Ok(Self {
            address,
            user_agent,
            session: session.map(str::to_owned),
        })
    }
}

/// Begins a session and gives the cookie for it. It is always a new one: the session that the browser had before ends,
/// so that no session can be planted (session fixation).
pub async fn start(
    site: &Site,
    user: &user::Model,
    remembered: bool,
    browser: &Browser,
) -> Result<HeaderValue> {
    // Within the transaction, MySQL would lock a gap in which others insert theirs.
    if let Some(old) = &browser.session {
        end(&site.db, old).await?;
    }
    let transaction = site.db.begin().await?;
    users::must_be_unchanged(&transaction, user).await?;
    let secret = Secret::random()?;
    let now = now();
    let session = ActiveModel {
        user_id: Set(user.id),
        token_hash: Set(Digest::new(secret.as_str())),
        created_at: Set(now),
        seen_at: Set(now),
        authenticated_at: Set(now),
        expires_at: Set(expiry(now, now, remembered)),
        remembered: Set(remembered),
        address: Set(browser.address.0.to_string()),
        user_agent: Set(browser.user_agent.clone()),
        ..Default::default()
    };
    session.insert(&transaction).await?;
    transaction.commit().await?;
    set_cookie(
        site,
        secret.as_str(),
        remembered.then(|| LIFETIME.num_seconds()),
    )
}

/// The password was given again: the session continues under a new name.
///
/// # Errors
/// `401` if it has ended in the meantime.
pub async fn renew(site: &Site, db: &impl ConnectionTrait, session: Model) -> Result<HeaderValue> {
    let secret = Secret::random()?;
    let left = session
        .remembered
        .then(|| session.created_at + LIFETIME - now());
    let mut session = session.into_active_model();
    session.token_hash = Set(Digest::new(secret.as_str()));
    session.authenticated_at = Set(now());
    session.update(db).await.map_err(|error| match error {
        DbErr::RecordNotUpdated => Error::Unauthorized,
        error => error.into(),
    })?;
    set_cookie(site, secret.as_str(), left.map(|left| left.num_seconds()))
}

/// The session that a cookie names and its user, by one query.
///
/// # Errors
/// `503` if the database cannot be asked: a user is not treated as anonymous then.
pub async fn find(db: &DatabaseConnection, cookie: &str) -> Result<Option<(Model, user::Model)>> {
    let now = now();
    let found = Entity::find()
        .find_also_related(user::Entity)
        .filter(Column::TokenHash.eq(Digest::new(cookie)))
        .filter(Column::ExpiresAt.gt(now))
        .filter(user::Column::IsActive.eq(true))
        .one(db)
        .await
        .map_err(unreadable)?;
    let Some((session, Some(user))) = found else {
        return Ok(None);
    };
    if now - session.seen_at > NOTED {
        let expires_at = expiry(session.created_at, now, session.remembered);
        // Not by the row, which may just have ended.
        let seen = Entity::update_many()
            .filter(Column::Id.eq(session.id))
            .col_expr(Column::SeenAt, Expr::value(now))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at));
        seen.exec(db).await.map_err(unreadable)?;
    }
    Ok(Some((session, user)))
}

/// The error for sessions or tokens that cannot be read.
pub(crate) fn unreadable(error: DbErr) -> Error {
    tracing::error!("who is logged in cannot be read: {error}");
    let detail = "Who is logged in cannot be told at the moment.";
    Error::Refused(StatusCode::SERVICE_UNAVAILABLE, detail.to_owned())
}

fn expiry(created: DateTime<Utc>, seen: DateTime<Utc>, remembered: bool) -> DateTime<Utc> {
    let idle = if remembered { IDLE } else { IDLE_UNREMEMBERED };
    (seen + idle).min(created + LIFETIME)
}

/// Whether the password was given a short while ago; not if a clock that was set back says that it will be.
pub fn is_fresh(session: &Model) -> bool {
    (now() - session.authenticated_at).abs() < FRESH
}

/// Ends the session that a cookie names.
pub async fn end(db: &impl ConnectionTrait, cookie: &str) -> Result<()> {
    let session = Entity::delete_many().filter(Column::TokenHash.eq(Digest::new(cookie)));
    session.exec(db).await?;
    Ok(())
}

/// Ends all sessions of a user but the one to keep.
pub async fn end_others(
    db: &impl ConnectionTrait,
    user_id: i64,
    keep: Option<i64>,
) -> Result<(), DbErr> {
    let sessions = Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Id.ne(keep.unwrap_or_default()));
    sessions.exec(db).await?;
    Ok(())
}

/// Ends one session of a user.
pub async fn end_one(db: &impl ConnectionTrait, user_id: i64, id: i64) -> Result<()> {
    let session = Entity::delete_by_id(id).filter(Column::UserId.eq(user_id));
    match session.exec(db).await?.rows_affected {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// The cookie that takes the session from the browser.
pub fn forget(site: &Site) -> Result<HeaderValue> {
    set_cookie(site, "", Some(0))
}

fn set_cookie(site: &Site, value: &str, max_age: Option<i64>) -> Result<HeaderValue> {
    let name = site.config.session_cookie();
    cookie::header(site, name, value, max_age)
}
