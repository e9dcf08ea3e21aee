//! Pages for logged-in users: sessions, the password and API tokens.

use crate::common::{EMAIL, PASSWORD, add_user, cookie_of, log_in, site, with_session_of};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use platform::fields::now;
use platform::testing::Client;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;

use accounts::models::{api_token, session, user};

const ME: &str = "/api/account/session";
const TOKENS: &str = "/api/account/tokens";
const SESSIONS: &str = "/api/account/sessions";

/// Sets a column of all sessions.
async fn set(client: &Client, column: session::Column, value: impl Into<sea_orm::Value>) {
    let update = session::Entity::update_many().col_expr(column, Expr::value(value.into()));
    update.exec(&client.db).await.expect("sessions are changed");
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let first = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let second = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let list = first.get(SESSIONS).await;
    assert_eq!(list.json()["count"], 2);
    assert!(!list.body.contains("hash"), "{}", list.body);
    let other = list.json()["results"][1]["id"].to_string();
    let ended = first
        .submit(&format!("/account/sessions/{other}/end"), &[])
        .await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(second.get(ME).await.status, StatusCode::UNAUTHORIZED);
    let third = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let ended = first.submit("/account/sessions/end-others", &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(third.get(ME).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(first.get(ME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_ends_the_sessions_of_others() {
    let (client, ..) = site().await;
    let ada = accounts::testing::sign_in(&client, "ada@example.org").await;
    let eve = accounts::testing::sign_in(&client, "eve@example.org").await;
    let id = ada.get(SESSIONS).await.json()["results"][0]["id"].to_string();
    let refused = eve.delete(&format!("{SESSIONS}/{id}")).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.get(ME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sessions_expire() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    set(
        &client,
        session::Column::ExpiresAt,
        now() - TimeDelta::seconds(1),
    )
    .await;
    assert_eq!(inside.get(ME).await.status, StatusCode::UNAUTHORIZED);
    let deleted = accounts::commands::delete_expired(&client.db).await;
    assert_eq!(deleted.expect("they are deleted"), [1, 0, 0]);
}

#[tokio::test]
async fn a_session_in_use_goes_on_but_not_for_ever() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let created = now() - TimeDelta::days(89);
    set(&client, session::Column::CreatedAt, created).await;
    set(&client, session::Column::Remembered, true).await;
    set(
        &client,
        session::Column::SeenAt,
        now() - TimeDelta::hours(2),
    )
    .await;
    assert_eq!(inside.get(ME).await.status, StatusCode::OK);
    let session = session::Entity::find()
        .one(&client.db)
        .await
        .expect("it is read");
    let session = session.expect("it is there");
    // These tables keep no more than seconds on MySQL; those of the migrations do.
    let limit = created + TimeDelta::days(90);
    assert_eq!((session.expires_at - limit).num_seconds(), 0);
    assert!(now() - session.seen_at < TimeDelta::minutes(1));
}

#[tokio::test]
async fn what_matters_takes_the_password_again() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let inside = with_session_of(&client, &log_in(&client, PASSWORD).await);
    set(
        &client,
        session::Column::AuthenticatedAt,
        now() - TimeDelta::minutes(11),
    )
    .await;
    let stale = inside.submit("/account/tokens", &[("name", "x")]).await;
    assert_eq!(stale.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stale.headers[header::LOCATION],
        "/account/again?next=%2Faccount"
    );
    let refused = inside.post(TOKENS, json!({ "name": "x" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let wrong = inside
        .submit("/account/again", &[("password", "wrong")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("password", PASSWORD), ("next", "/account")];
    let again = inside.submit("/account/again", &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(
        inside.get(ME).await.status,
        StatusCode::UNAUTHORIZED,
        "it has a new name"
    );
    let fresh = client.with_header(header::COOKIE, &cookie_of(&again));
    assert_eq!(
        fresh.post(TOKENS, json!({ "name": "x" })).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn changing_the_password_ends_other_sessions() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let other = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let inside = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let weak = inside
        .submit("/account/password", &[("password", "short")])
        .await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        weak.body.contains("at least 15 characters"),
        "{}",
        weak.body
    );
    let changed = inside
        .submit(
            "/account/password",
            &[("password", "another good password")],
        )
        .await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    assert_eq!(other.get(ME).await.status, StatusCode::UNAUTHORIZED);
    let inside = client.with_header(header::COOKIE, &cookie_of(&changed));
    assert_eq!(inside.get(ME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_shown_once_and_can_be_taken_back() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let page = inside
        .submit("/account/tokens", &[("name", "<b>backup</b>")])
        .await;
    assert!(page.body.contains("&lt;b&gt;backup"), "{}", page.body);
    let made = inside.post(TOKENS, json!({ "name": "deploy" })).await;
    let secret = made.json()["secret"]
        .as_str()
        .expect("it is text")
        .to_owned();
    let list = inside.get(TOKENS).await;
    assert!(
        !list.body.contains(&secret) && !list.body.contains("hash"),
        "{}",
        list.body
    );
    assert!(
        secret.contains(
            list.json()["results"][1]["prefix"]
                .as_str()
                .expect("it is text")
        )
    );
    let bearer = |text: &str| client.clone().with_header(header::AUTHORIZATION, text);
    let program = bearer(&format!("Bearer {secret}"));
    assert_eq!(program.get(ME).await.json()["email"], EMAIL);
    assert_eq!(
        program.post(TOKENS, json!({ "name": "x" })).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(program.get("/account").await.status, StatusCode::FORBIDDEN);
    let location = made.headers[header::LOCATION].to_str().expect("it is text");
    assert_eq!(inside.delete(location).await.status, StatusCode::NO_CONTENT);
    assert_eq!(program.get(ME).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_no_token_is_refused_whatever_cookie_comes_with_it() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    for text in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YTpi",
        "Bearer a b",
        "Bearer \u{e4}",
        "shop_x",
    ] {
        let answer = inside
            .clone()
            .with_header(header::AUTHORIZATION, text)
            .get(ME)
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{text:?}");
    }
}

#[tokio::test]
async fn tokens_expire() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let past = json!({ "name": "x", "expires_at": "2020-01-01T00:00:00Z" });
    assert_eq!(
        inside.post(TOKENS, past).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let program = accounts::testing::token(&client, EMAIL, false).await;
    let end = now() - TimeDelta::seconds(1);
    let update =
        api_token::Entity::update_many().col_expr(api_token::Column::ExpiresAt, Expr::value(end));
    update.exec(&client.db).await.expect("the token is changed");
    assert_eq!(program.get(ME).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_deactivated_is_out_at_once() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let program = accounts::testing::token(&client, EMAIL, false).await;
    let update = user::Entity::update_many().col_expr(user::Column::IsActive, Expr::value(false));
    update.exec(&client.db).await.expect("the user is changed");
    assert_eq!(inside.get(ME).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(program.get(ME).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_is_taken_for_a_stranger_when_the_database_fails() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let gone = client.db.execute_unprepared("DROP TABLE sessions").await;
    gone.expect("the table is dropped");
    for page in [ME, "/account", "/account/login"] {
        assert_eq!(
            inside.get(page).await.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{page}"
        );
    }
    assert_eq!(client.get("/account/login").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let (client, _, site) = site().await;
    let user = add_user(&site).await;
    let text = format!("{user:?}");
    assert!(text.contains(EMAIL) && !text.contains("argon2"), "{text}");
    accounts::testing::sign_in(&client, EMAIL).await;
    let session = session::Entity::find()
        .one(&client.db)
        .await
        .expect("it is read");
    assert!(
        format!("{session:?}").contains("token_hash: Digest,"),
        "{session:?}"
    );
}
