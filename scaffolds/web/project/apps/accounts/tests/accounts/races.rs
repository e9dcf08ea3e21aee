//! What happens at one moment: a new password while something is opened with the old one, many logins and registrations,
//! a clock that was set back, a user who is deleted while logged in.

use crate::common::{EMAIL, PASSWORD, add_user, log_in, path_in, site, with_session_of};
use accounts::models::email_link::Purpose;
use accounts::models::{email_link, session, user};
use accounts::sessions::{self, Browser};
use accounts::tokens::{self, TokenInput};
use accounts::{links, users};
use axum::extract::FromRequestParts;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use platform::fields::now;
use platform::secret::Digest;
use platform::{Error, Site};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set, TransactionTrait};
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

/// A hash of [`PASSWORD`] with the parameters of earlier days: 8 MiB, one pass.
const OUTDATED: &str = "$argon2id$v=19$m=8192,t=1,p=1$Sxi47xT1tobcAROakhKBKQ$TdVlmDcmJDYNuZnlXWphHP7pDvHiu+rZogMlCg8lP/E";

/// The user, whose password was hashed long ago.
async fn add_user_of_earlier_days(site: &Site) -> user::Model {
    let id = add_user(site).await.id;
    let outdated = Expr::value(OUTDATED);
    let update = user::Entity::update_many().col_expr(user::Column::PasswordHash, outdated);
    update.exec(&site.db).await.expect("the user is changed");
    let user = user::Entity::find_by_id(id).one(&site.db).await;
    user.expect("it is read").expect("the user is there")
}

#[tokio::test]
async fn a_login_hashes_an_outdated_password_again() {
    let (client, _, site) = site().await;
    let before = add_user_of_earlier_days(&site).await;
    let wrong = log_in(&client, "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        let right = log_in(&client, PASSWORD).await;
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.body);
    }
    let after = users::find(&site.db, EMAIL).await.expect("it is read");
    let after = after.expect("the user is there");
    assert!(after.password_hash != before.password_hash);
    assert_eq!(after.failed_logins, 0);
}

#[tokio::test]
async fn a_password_that_is_hashed_again_overwrites_no_newer_one() {
    let (client, _, site) = site().await;
    let user = add_user_of_earlier_days(&site).await;
    let hash = async |password: &str| {
        let hash = users::new_password(&site, EMAIL, password).await;
        hash.expect("it is accepted")
    };
    // The old password was right a moment ago, and is just hashed again when the new one is set.
    let rehashed = hash(PASSWORD).await;
    let reset = users::reset_password(&site.db, &user, hash(NEW).await).await;
    reset.expect("it is reset");
    let login = users::record_login(&site.db, user, Some(rehashed)).await;
    assert!(login.expect("it is asked").is_none());
    for (password, status) in [
        (PASSWORD, StatusCode::UNPROCESSABLE_ENTITY),
        (NEW, StatusCode::SEE_OTHER),
    ] {
        assert_eq!(log_in(&client, password).await.status, status);
    }
}

/// Many people at once do not hinder each other: MySQL locks more than the rows that a statement changes.
#[tokio::test]
async fn many_at_once_register_log_in_and_set_new_passwords() {
    let (_, _, site) = site().await;
    let hash = users::new_password(&site, EMAIL, PASSWORD).await;
    let hash = hash.expect("it is accepted");
    let mut people = JoinSet::new();
    for number in 0..20 {
        let (site, hash) = (site.clone(), hash.clone());
        people.spawn(async move {
            let email = format!("number{number}@example.org");
            let purpose = Purpose::Register;
            links::create(&site, purpose, &email, None).await?;
            let user = users::new(&email, Some(hash.clone()));
            let user = user.insert(&site.db).await?;
            for round in 0..3 {
                // With the cookie of a session that has ended long ago.
                let cookie = format!("session=of-{number}-{round}");
                let request = Request::builder().header(header::COOKIE, cookie).body(());
                let (mut parts, ()) = request.expect("it is well-formed").into_parts();
                let browser = Browser::from_request_parts(&mut parts, &site).await?;
                sessions::start(&site, &user, true, &browser).await?;
                links::create(&site, Purpose::Password, &email, Some(&user)).await?;
                let transaction = site.db.begin().await?;
                users::reset_password(&transaction, &user, hash.clone()).await?;
                transaction.commit().await?;
            }
            Ok::<_, Error>(())
        });
    }
    for person in people.join_all().await {
        person.expect("nobody is in the way of others");
    }
}

#[tokio::test]
async fn two_registrations_at_once_make_one_user() {
    let (client, _, site) = site().await;
    for token in ["one", "two"] {
        let link = email_link::ActiveModel {
            token_hash: Set(Digest::new(token)),
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
