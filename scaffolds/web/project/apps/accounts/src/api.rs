//! `/api/account`: sessions, registration, passwords and API tokens, for programs.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::client::ClientAddress;
use platform::config::Registration;
use platform::extract::{Path, Valid};
use platform::list::{List, ListQuery, Listing, Page};
use platform::response::Created;
use platform::{Error, Result, Site};
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::forms::{Address, LinkPassword, Login};
use crate::links::{self, Wish};
use crate::models::{api_token, session, user};
use crate::sessions::Browser;
use crate::tokens::TokenInput;
use crate::{Fresh, Member, User, limits, sessions, tokens, users};

/// The API's routes, relative to `/api`.
pub(crate) fn router() -> OpenApiRouter<Site> {
    OpenApiRouter::new().nest("/account", account())
}

fn account() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(log_in, who_am_i, log_out))
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_session))
        .routes(routes!(register))
        .routes(routes!(forgot))
        .routes(routes!(set_password))
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(revoke_token))
}

/// Log in
///
/// The answer sets a cookie. For programs, API tokens are the better way.
#[utoipa::path(
    post,
    path = "/session",
    tag = "account",
    operation_id = "log_in",
    request_body = Login,
    responses(
        (status = CREATED, body = user::Model, headers(("location" = String))),
        (status = UNAUTHORIZED, description = "Address and password do not match"),
        (status = TOO_MANY_REQUESTS, description = "Try again later"),
    )
)]
async fn log_in(
    State(site): State<Site>,
    browser: Browser,
    Valid(login): Valid<Login>,
) -> Result<Response> {
    site.throttle
        .check(limits::PASSWORD, browser.address.network())?;
    let user = users::authenticate(&site, &login.email, &login.password).await?;
    let user = user.ok_or(Error::Unauthorized)?;
    let cookie = sessions::start(&site, &user, login.remember, &browser).await?;
    let created = Created("/api/account/session".to_owned(), user);
    Ok(([(header::SET_COOKIE, cookie)], created).into_response())
}

/// Who is logged in
#[utoipa::path(
    get,
    path = "/session",
    tag = "account",
    operation_id = "who_am_i",
    security(("session" = []), ("token" = [])),
    responses((status = OK, body = user::Model))
)]
async fn who_am_i(User(user): User) -> Json<user::Model> {
    Json(user)
}

/// Log out
#[utoipa::path(
    delete,
    path = "/session",
    tag = "account",
    operation_id = "log_out",
    security(("session" = [])),
    responses((status = NO_CONTENT))
)]
async fn log_out(State(site): State<Site>, Member { user, session }: Member) -> Result<Response> {
    sessions::end_one(&site.db, user.id, session.id).await?;
    let cookie = sessions::forget(&site)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

const SESSIONS: Listing<session::Column> = Listing {
    ordering: &[
        session::Column::Id,
        session::Column::CreatedAt,
        session::Column::SeenAt,
    ],
    search: &[session::Column::UserAgent],
};

/// List one's sessions
#[utoipa::path(
    get,
    path = "/sessions",
    tag = "account",
    operation_id = "list_sessions",
    security(("session" = [])),
    params(
        ListQuery,
        ("ordering" = Option<String>, Query, description = "By which fields; `-` reverses",
            pattern = "^(-?(id|created_at|seen_at)(,-?(id|created_at|seen_at))*)?$"),
    ),
    responses((status = OK, body = Page<session::Model>), (status = FORBIDDEN, description = "Not for API tokens"))
)]
async fn list_sessions(
    State(site): State<Site>,
    Member { user, .. }: Member,
    list: List,
) -> Result<Json<Page<session::Model>>> {
    let rows = session::Entity::find().filter(session::Column::UserId.eq(user.id));
    list.page(&site.db, rows, SESSIONS).await
}

/// End all sessions but this one
#[utoipa::path(
    delete,
    path = "/sessions",
    tag = "account",
    operation_id = "end_other_sessions",
    security(("session" = [])),
    responses((status = NO_CONTENT))
)]
async fn end_other_sessions(State(site): State<Site>, Fresh(member): Fresh) -> Result<StatusCode> {
    let Member { user, session } = member;
    sessions::end_others(&site.db, user.id, Some(session.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a session
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    tag = "account",
    operation_id = "end_session",
    security(("session" = [])),
    params(("id" = i64, Path)),
    responses((status = NO_CONTENT))
)]
async fn end_session(
    State(site): State<Site>,
    Fresh(Member { user, .. }): Fresh,
    Path(id): Path<i64>,
) -> Result<StatusCode> {
    sessions::end_one(&site.db, user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Register
///
/// Mails a link with which to set a password; to a known address one to set a new password.
#[utoipa::path(
    post,
    path = "/register",
    tag = "account",
    operation_id = "register",
    request_body = Address,
    responses((status = ACCEPTED), (status = NOT_FOUND, description = "Nobody can register"))
)]
async fn register(
    State(site): State<Site>,
    client: ClientAddress,
    Valid(Address { email }): Valid<Address>,
) -> Result<StatusCode> {
    if site.config.registration == Registration::Closed {
        return Err(Error::NotFound);
    }
    links::request(&site, Wish::Register, email.to_ascii_lowercase(), client);
    Ok(StatusCode::ACCEPTED)
}

/// Ask for a new password
///
/// Mails a link with which to set it, if there is such a user.
#[utoipa::path(
    post,
    path = "/forgot",
    tag = "account",
    operation_id = "forgot",
    request_body = Address,
    responses((status = ACCEPTED))
)]
async fn forgot(
    State(site): State<Site>,
    client: ClientAddress,
    Valid(Address { email }): Valid<Address>,
) -> StatusCode {
    links::request(&site, Wish::NewPassword, email.to_ascii_lowercase(), client);
    StatusCode::ACCEPTED
}

/// Set a password
///
/// With the token of a link that was mailed. Sessions and API tokens end.
#[utoipa::path(
    post,
    path = "/password",
    tag = "account",
    operation_id = "set_password",
    request_body = LinkPassword,
    responses(
        (status = NO_CONTENT),
        (status = GONE, description = "The link does not work, or no longer"),
        (status = TOO_MANY_REQUESTS, description = "Try again later"),
    )
)]
async fn set_password(
    State(site): State<Site>,
    client: ClientAddress,
    Valid(input): Valid<LinkPassword>,
) -> Result<StatusCode> {
    site.throttle.check(limits::LINK, client.network())?;
    let link = links::find(&site.db, &input.token, &links::SET_PASSWORD).await?;
    links::set_password(&site, link, &input.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

const TOKENS: Listing<api_token::Column> = Listing {
    ordering: &[
        api_token::Column::Id,
        api_token::Column::Name,
        api_token::Column::CreatedAt,
    ],
    search: &[api_token::Column::Name],
};

/// List one's API tokens
#[utoipa::path(
    get,
    path = "/tokens",
    tag = "account",
    operation_id = "list_tokens",
    security(("session" = [])),
    params(
        ListQuery,
        ("ordering" = Option<String>, Query, description = "By which fields; `-` reverses",
            pattern = "^(-?(id|name|created_at)(,-?(id|name|created_at))*)?$"),
    ),
    responses((status = OK, body = Page<api_token::Model>), (status = FORBIDDEN, description = "Not for API tokens"))
)]
async fn list_tokens(
    State(site): State<Site>,
    Member { user, .. }: Member,
    list: List,
) -> Result<Json<Page<api_token::Model>>> {
    let rows = api_token::Entity::find().filter(api_token::Column::UserId.eq(user.id));
    list.page(&site.db, rows, TOKENS).await
}

/// A new API token.
#[derive(Debug, Serialize, ToSchema)]
struct NewToken {
    /// What to send as `Authorization: Bearer …`; it is shown this once.
    secret: String,
    #[serde(flatten)]
    token: api_token::Model,
}

/// Make an API token
#[utoipa::path(
    post,
    path = "/tokens",
    tag = "account",
    operation_id = "create_token",
    security(("session" = [])),
    request_body = TokenInput,
    responses((status = CREATED, body = NewToken, headers(("location" = String))))
)]
async fn create_token(
    State(site): State<Site>,
    Fresh(Member { user, .. }): Fresh,
    Valid(input): Valid<TokenInput>,
) -> Result<Created<NewToken>> {
    let (token, secret) = tokens::create(&site.db, &user, input).await?;
    let location = format!("/api/account/tokens/{}", token.id);
    Ok(Created(location, NewToken { secret, token }))
}

/// Take an API token back
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    tag = "account",
    operation_id = "revoke_token",
    security(("session" = [])),
    params(("id" = i64, Path)),
    responses((status = NO_CONTENT))
)]
async fn revoke_token(
    State(site): State<Site>,
    Fresh(Member { user, .. }): Fresh,
    Path(id): Path<i64>,
) -> Result<StatusCode> {
    tokens::revoke(&site.db, user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
