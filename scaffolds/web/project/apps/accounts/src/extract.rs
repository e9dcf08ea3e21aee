//! Who asks, as an argument of a handler.

use std::ops::Deref;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, OriginalUri};
use axum::http::Method;
use axum::http::request::Parts;
use platform::middleware::wants_page;
use platform::redirect::quoted;
use platform::{Error, Result, Site, cookie};
use sea_orm::ConnectionTrait;

use crate::models::{session, user};
use crate::{sessions, tokens, users};

/// A user, by session or API token; everybody else gets `401`, or the login page. Derefs to the row.
#[derive(Clone, Debug)]
pub struct User(pub user::Model);

/// A user with `is_staff`; others get `403`.
#[derive(Clone, Debug)]
pub struct Staff(pub User);

/// A user by session: an API token is not enough, and gets `403`.
#[derive(Clone, Debug)]
pub struct Member {
    pub user: user::Model,
    pub session: session::Model,
}

/// A [`Member`] who has given the password within ten minutes; others are asked for it again.
#[derive(Clone, Debug)]
pub struct Fresh(pub Member);

impl User {
    /// Goes on only for who has the permission, such as `books.change_book`, by a group.
    ///
    /// # Errors
    /// `403` for everybody else.
    pub async fn must(&self, db: &impl ConnectionTrait, permission: &str) -> Result<()> {
        if users::has_permission(db, &self.0, permission).await? {
            return Ok(());
        }
        Err(Error::forbidden(format!(
            "This takes the permission `{permission}`."
        )))
    }
}

impl Deref for User {
    type Target = user::Model;

    fn deref(&self) -> &user::Model {
        &self.0
    }
}

impl Deref for Staff {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

impl FromRequestParts<Site> for User {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let user = <Self as OptionalFromRequestParts<Site>>::from_request_parts(parts, site);
        user.await?.ok_or_else(|| login_first(parts))
    }
}

impl OptionalFromRequestParts<Site> for User {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Self>> {
        let Some(token) = tokens::of(&parts.headers)? else {
            let member = by_session(parts, site).await?;
            return Ok(member.map(|member| Self(member.user)));
        };
        let (token, user) = tokens::find(&site.db, token).await?;
        if token.read_only && !is_read(&parts.method) {
            return Err(Error::forbidden("This API token may only read."));
        }
        Ok(Some(Self(user)))
    }
}

impl FromRequestParts<Site> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let user = <User as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        if user.is_staff {
            Ok(Self(user))
        } else {
            Err(Error::forbidden("Only staff may do this."))
        }
    }
}

impl FromRequestParts<Site> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let member = <Self as OptionalFromRequestParts<Site>>::from_request_parts(parts, site);
        member.await?.ok_or_else(|| login_first(parts))
    }
}

impl OptionalFromRequestParts<Site> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Self>> {
        if let Some(token) = tokens::of(&parts.headers)? {
            tokens::find(&site.db, token).await?;
            return Err(Error::forbidden("An API token cannot do this: log in."));
        }
        by_session(parts, site).await
    }
}

impl FromRequestParts<Site> for Fresh {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let member = <Member as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        if sessions::is_fresh(&member.session) {
            return Ok(Self(member));
        }
        let address = address(parts);
        if address.starts_with("/api/") {
            return Err(Error::forbidden(
                "It is a while since you have logged in: log in again first.",
            ));
        }
        // What was sent by a form cannot be sent again by a link.
        let next = match is_read(&parts.method) {
            true => quoted(&address),
            false => quoted("/account"),
        };
        Err(Error::SeeOther(format!("/account/again?next={next}")))
    }
}

async fn by_session(parts: &Parts, site: &Site) -> Result<Option<Member>> {
    let Some(cookie) = cookie::read(&parts.headers, site.config.session_cookie()) else {
        return Ok(None);
    };
    let found = sessions::find(&site.db, cookie).await?;
    Ok(found.map(|(session, user)| Member { user, session }))
}

/// A page leads to the login page and, from there, back; everything else is refused.
fn login_first(parts: &Parts) -> Error {
    let uri = parts.extensions.get::<OriginalUri>();
    let uri = uri.map_or(&parts.uri, |uri| &uri.0);
    if is_read(&parts.method) && wants_page(uri, &parts.headers) {
        return Error::SeeOther(format!("/account/login?next={}", quoted(&address(parts))));
    }
    Error::Unauthorized
}

fn is_read(method: &Method) -> bool {
    [Method::GET, Method::HEAD].contains(method)
}

/// Path and query, as they were asked for.
fn address(parts: &Parts) -> String {
    let uri = parts.extensions.get::<OriginalUri>();
    let uri = uri.map_or(&parts.uri, |uri| &uri.0);
    uri.path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string)
}
