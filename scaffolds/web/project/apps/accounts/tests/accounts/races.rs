//! What happens at one moment: a new password while something is opened with the old one, two registrations, a clock
//! that was set back, a user who is deleted while logged in.

use crate::common::{EMAIL, PASSWORD, add_user, log_in, path_in, site, with_session_of};
use accounts::models::email_link::Purpose;
use accounts::models::{email_link, session, user};
use accounts::sessions::{self, Browser};
use accounts::tokens::{self, TokenInput};
use accounts::{links, users};
use axum::extract::FromRequestParts;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use platform::Error;
use platform::fields::now;
use platform::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};
use serde_json::json;
use tokio::task::JoinSet;

const NEW: &str = "another good password";
const ME: &str = "/api/account/session";
const TOKENS: &str = "/api/account/tokens";

#[tokio::test]
async fn what_is_under_way_while_a_password_is_reset_opens_nothing() {
    let (_, _, site) = site().await;
    add_user(&site).await;
    let known = users::authenticate(&site, EMAIL, PASSWORD).await;
    let user = known
        .expect("there is room")
        .expect("the password is right");
    let hash = users::new_password(&site, EMAIL, NEW).await;
    let reset = users::reset_password(&site.db, &user, hash.expect("it is accepted")).await;
    reset.expect("it is reset");

    let (mut parts, ()) = Request::new(()).into_parts();
    let browser = Browser::from_request_parts(&mut parts, &site).await;
    let browser = browser.expect("it is a browser");
    let session = sessions::start(&site, &user, true, &browser).await;
    assert!(matches!(session, Err(Error::Unauthorized)));
    let input = TokenInput {
        name: "late".to_owned(),
        read_only: false,
        expires_at: None,
    };
    let token = tokens::create(&site.db, &user, input).await;
    assert!(matches!(token, Err(Error::Unauthorized)));
    let link = links::create(&site, Purpose::Email, "eve@example.org", Some(&user)).await;
    assert!(matches!(link, Err(Error::Unauthorized)));
}

#[tokio::test]
async fn two_registrations_at_once_make_one_user() {
    let (client, _, site) = site().await;
    for token in ["one", "two"] {
        let link = email_link::ActiveModel {
            token_hash: Set(Digest::of(token)),
            purpose: Set(Purpose::Register),
            email: Set(EMAIL.to_owned()),
            user_id: Set(None),
            expires_at: Set(now() + TimeDelta::hours(1)),
            ..Default::default()
        };
        link.insert(&site.db).await.expect("the link is made");
    }
    let mut statuses = JoinSet::new();
    for token in ["one", "two", "one"] {
        let client = client.clone();
        statuses.spawn(async move {
            let path = format!("/account/password?token={token}");
            client.submit(&path, &[("password", PASSWORD)]).await.status
        });
    }
    let mut statuses = statuses.join_all().await;
    statuses.sort();
    assert_eq!(
        statuses,
        [StatusCode::SEE_OTHER, StatusCode::GONE, StatusCode::GONE]
    );
    let users = user::Entity::find().count(&site.db).await;
    assert_eq!(users.expect("they are counted"), 1);
}

#[tokio::test]
async fn a_link_sets_no_password_once_staff_has_changed_the_address() {
    let (client, mut mails, site) = site().await;
    add_user(&site).await;
    client.submit("/account/forgot", &[("email", EMAIL)]).await;
    let path = path_in(&mails.next().await);
    let moved = user::Entity::update_many()
        .col_expr(user::Column::Email, Expr::value("new@example.org"))
        .exec(&site.db)
        .await;
    moved.expect("the user is changed");
    let refused = client.submit(&path, &[("password", NEW)]).await;
    assert_eq!(refused.status, StatusCode::GONE, "{}", refused.body);
}

#[tokio::test]
async fn a_clock_that_was_set_back_leaves_no_login_fresh() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let later = Expr::value(now() + TimeDelta::hours(1));
    let update = session::Entity::update_many()
        .col_expr(session::Column::AuthenticatedAt, later.clone())
        .col_expr(session::Column::SeenAt, later);
    update.exec(&client.db).await.expect("it is changed");
    assert_eq!(inside.get(ME).await.status, StatusCode::OK);
    let refused = inside.post(TOKENS, json!({ "name": "x" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_deleted_is_out_at_once() {
    let (client, _, site) = site().await;
    let user = add_user(&site).await;
    let inside = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let program = accounts::testing::token(&client, EMAIL, false).await;
    let deleted = user::Entity::delete_by_id(user.id).exec(&site.db).await;
    deleted.expect("the user is deleted");
    for client in [&inside, &program] {
        assert_eq!(client.get(ME).await.status, StatusCode::UNAUTHORIZED);
        let refused = client.submit("/account/tokens", &[("name", "x")]).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    }
    // What was read before the user was gone opens nothing, either.
    let input = TokenInput {
        name: "late".to_owned(),
        read_only: false,
        expires_at: None,
    };
    let token = tokens::create(&client.db, &user, input).await;
    assert!(matches!(token, Err(Error::Unauthorized)));
}

#[tokio::test]
async fn a_session_that_ends_while_the_password_is_given_again_stays_ended() {
    let (client, _, site) = site().await;
    accounts::testing::sign_in(&client, EMAIL).await;
    let row = session::Entity::find().one(&site.db).await;
    let row = row.expect("it is read").expect("it is there");
    let ended = sessions::end_others(&site.db, row.user_id, None).await;
    ended.expect("it ends");
    let renewed = sessions::renew(&site, &site.db, row).await;
    assert!(matches!(renewed, Err(Error::Unauthorized)));
}
