//! Logging in and out.

use std::iter;

use crate::common::{
    EMAIL, PASSWORD, add_user, cookie_of, log_in, site, site_with, with_session_of,
};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use platform::Error;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::json;
use tokio::task::JoinSet;

use accounts::models::{session, user};
use accounts::users;

const ME: &str = "/api/account/session";

#[tokio::test]
async fn the_login_page_is_a_form_that_password_managers_understand() {
    let (client, ..) = site().await;
    let page = client.get("/account/login").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        r#"<label for="email">"#,
        r#"autocomplete="username""#,
        r#"autocomplete="current-password""#,
    ] {
        assert!(page.body.contains(part), "{part} is not in {}", page.body);
    }
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert!(!page.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn the_right_password_begins_a_session_and_leads_on() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let fields = [
        ("email", "Ada@Example.org"),
        ("password", PASSWORD),
        ("next", "/books?page=2"),
    ];
    let answer = client.submit("/account/login", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.headers[header::LOCATION], "/books?page=2");
    let cookie = answer.headers[header::SET_COOKIE]
        .to_str()
        .expect("it is text");
    assert!(
        cookie.starts_with("session=") && cookie.len() > 43,
        "{cookie}"
    );
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let me = with_session_of(&client, &answer).get(ME).await;
    assert_eq!(me.json()["email"], EMAIL);
    assert!(!me.body.contains("hash"), "{}", me.body);
}

#[tokio::test]
async fn a_session_that_is_remembered_outlives_the_window() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let fields = [("email", EMAIL), ("password", PASSWORD), ("remember", "on")];
    let answer = client.submit("/account/login", &fields).await;
    let cookie = answer.headers[header::SET_COOKIE]
        .to_str()
        .expect("it is text");
    assert!(cookie.ends_with("; Max-Age=7776000"), "{cookie}");
}

#[tokio::test]
async fn by_https_the_cookie_is_for_this_host_alone() {
    let (client, _, site) = site_with(|site| {
        let mut config = (*site.config).clone();
        config.public_url = "https://shop.example".parse().expect("it is an address");
        site.config = config.into();
    })
    .await;
    add_user(&site).await;
    let client = client.with_header("x-forwarded-proto".parse().expect("it is a name"), "http");
    let answer = log_in(&client, PASSWORD).await;
    let cookie = answer.headers[header::SET_COOKIE]
        .to_str()
        .expect("it is text");
    assert!(
        cookie.starts_with("__Host-session=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(
        answer
            .headers
            .contains_key(header::STRICT_TRANSPORT_SECURITY)
    );
    let out = with_session_of(&client, &answer)
        .submit("/account/logout", &[])
        .await;
    // A browser drops the cookie only if it is told with all that the cookie was set with.
    assert!(out.headers.get_all(header::SET_COOKIE).iter().any(
        |cookie| cookie == "__Host-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    ));
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    let (client, _, site) = site().await;
    let user = add_user(&site).await;
    let wrong = log_in(&client, "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.headers.contains_key(header::SET_COOKIE));
    let fields = [("email", "eve@example.org"), ("password", "wrong")];
    let unknown = client.submit("/account/login", &fields).await;
    assert_eq!(unknown.status, wrong.status);
    assert_eq!(unknown.body.replace("eve@", "ada@"), wrong.body);
    for change in [
        |user: &mut user::ActiveModel| user.failed_logins = Set(accounts::users::MAX_FAILED_LOGINS),
        |user: &mut user::ActiveModel| user.is_active = Set(false),
        |user: &mut user::ActiveModel| user.password_hash = Set(None),
    ] {
        let mut changed = user.clone().into_active_model();
        changed.failed_logins = Set(0);
        changed.is_active = Set(true);
        change(&mut changed);
        changed.update(&site.db).await.expect("the user is changed");
        let refused = log_in(&client, PASSWORD).await;
        assert_eq!(
            (refused.status, refused.body),
            (wrong.status, wrong.body.clone())
        );
        let refused = log_in(&client, "").await;
        assert_eq!(refused.status, wrong.status);
    }
}

#[tokio::test]
async fn wrong_passwords_are_counted_even_when_many_come_at_once() {
    let (_, _, site) = site().await;
    let id = add_user(&site).await.id;
    let many: Vec<_> = (0..20)
        .map(|_| {
            let site = site.clone();
            tokio::spawn(async move { accounts::users::authenticate(&site, EMAIL, "wrong").await })
        })
        .collect();
    for one in many {
        assert!(
            one.await
                .expect("it ends")
                .expect("there is room")
                .is_none()
        );
    }
    let user = user::Entity::find_by_id(id)
        .one(&site.db)
        .await
        .expect("it is read");
    assert_eq!(user.expect("the user is there").failed_logins, 20);
    accounts::users::authenticate(&site, EMAIL, PASSWORD)
        .await
        .expect("there is room");
    let user = user::Entity::find_by_id(id)
        .one(&site.db)
        .await
        .expect("it is read");
    assert_eq!(user.expect("the user is there").failed_logins, 0);
}

#[tokio::test]
async fn what_is_too_long_is_refused_before_it_is_hashed() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    for (email, password) in [
        (EMAIL, "a".repeat(1 << 20)),
        (&"Å".repeat(100_000), PASSWORD.to_owned()),
    ] {
        let answer = client
            .submit(
                "/account/login",
                &[("email", email), ("password", &password)],
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.body.contains("is too long") || answer.body.contains("length"),
            "{}",
            &answer.body[..2_000]
        );
    }
    let user = user::Entity::find()
        .one(&site.db)
        .await
        .expect("it is read");
    assert_eq!(user.expect("the user is there").failed_logins, 0);
}

#[tokio::test]
async fn a_login_ends_the_session_that_came_along() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let planted = log_in(&client, PASSWORD).await;
    let victim = with_session_of(&client, &planted);
    let answer = log_in(&victim, PASSWORD).await;
    assert_ne!(cookie_of(&answer), cookie_of(&planted));
    assert_eq!(victim.get(ME).await.status, StatusCode::UNAUTHORIZED);
    let never_seen = client.clone().with_header(header::COOKIE, "session=mine");
    let answer = log_in(&never_seen, PASSWORD).await;
    assert_ne!(cookie_of(&answer), "session=mine");
}

#[tokio::test]
async fn logging_out_ends_the_session_for_good() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let inside = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let get = inside.get("/account/logout").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get.headers[header::ALLOW], "POST");
    let out = inside.submit("/account/logout", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    let cookies: Vec<_> = out.headers.get_all(header::SET_COOKIE).iter().collect();
    assert!(cookies.contains(&&header::HeaderValue::from_static(
        "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    )));
    assert_eq!(inside.get(ME).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn strangers_leave_nothing_behind() {
    let (client, _, site) = site().await;
    for _ in 0..50 {
        assert!(
            !client
                .get("/account/login")
                .await
                .headers
                .contains_key(header::SET_COOKIE)
        );
        let out = client.submit("/account/logout", &[]).await;
        assert!(!out.headers.contains_key(header::SET_COOKIE));
    }
    let sessions = session::Entity::find().count(&site.db).await;
    assert_eq!(sessions.expect("they are counted"), 0);
}

#[tokio::test]
async fn who_tries_often_has_to_wait() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    for attempt in 0..200 {
        // Neither a right password nor a forged header starts a new count.
        let password = if attempt == 5 { PASSWORD } else { "wrong" };
        let forwarded = "x-forwarded-for".parse().expect("it is a name");
        let client = client
            .clone()
            .with_header(forwarded, &format!("10.0.0.{attempt}"));
        let answer = log_in(&client, password).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(attempt >= 10, "after {attempt} attempts");
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            return;
        }
    }
    panic!("nobody had to wait");
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_it_saw_counts() {
    let (client, ..) = site_with(|site| {
        let mut config = (*site.config).clone();
        config.trusted_proxies = 1;
        site.config = config.into();
    })
    .await;
    let attempt = async |addresses: &str| {
        let forwarded = "x-forwarded-for".parse().expect("it is a name");
        let client = client.clone().with_header(forwarded, addresses);
        client.submit("/account/login", &[]).await.status
    };
    let mut last = StatusCode::OK;
    for number in 0..20 {
        last = attempt(&format!("10.0.0.{number}, 203.0.113.8")).await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let other = attempt("203.0.113.8, 203.0.113.9").await;
    assert_eq!(other, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn nobody_is_told_apart_by_whether_they_are_hashed_for() {
    let (_, _, site) = site().await;
    let mut user = add_user(&site).await.into_active_model();
    let permits = iter::from_fn(|| site.passwords.acquire().ok());
    let _all: Vec<_> = permits.collect();
    let is_sent_away = async |email: &str| {
        let login = users::authenticate(&site, email, PASSWORD).await;
        matches!(login, Err(Error::TooMany(_)))
    };
    for email in [EMAIL, "eve@example.org", "no address"] {
        assert!(is_sent_away(email).await, "{email}");
    }
    user.failed_logins = Set(users::MAX_FAILED_LOGINS);
    user.update(&site.db).await.expect("the user is changed");
    assert!(is_sent_away(EMAIL).await);
}

#[tokio::test]
async fn programs_log_in_by_json() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    let right = client
        .post(ME, json!({ "email": EMAIL, "password": PASSWORD }))
        .await;
    assert_eq!(right.status, StatusCode::CREATED, "{}", right.body);
    let inside = with_session_of(&client, &right);
    assert_eq!(inside.get(ME).await.json()["email"], EMAIL);
    assert_eq!(inside.delete(ME).await.status, StatusCode::NO_CONTENT);
    assert_eq!(inside.get(ME).await.status, StatusCode::UNAUTHORIZED);
    let wrong = client
        .post(ME, json!({ "email": EMAIL, "password": "wrong" }))
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.headers[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(
        client.post(ME, json!({})).await.json()["errors"]["password"],
        json!(["is required"])
    );
    let form = Request::post(ME)
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from("x"));
    let form = client.request(form.expect("it is well-formed")).await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn next_leads_nowhere_else() {
    let (client, _, site) = site().await;
    add_user(&site).await;
    for next in [
        "//evil.com",
        "/\\evil.com",
        "http://site\\@evil.com",
        "https:evil.com",
    ] {
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = client.submit("/account/login", &fields).await;
        assert_eq!(answer.headers[header::LOCATION], "/", "{next}");
    }
}

#[tokio::test]
async fn of_many_at_once_some_wait_and_the_others_are_sent_away() {
    let (_, _, site) = site().await;
    add_user(&site).await;
    let mut logins = JoinSet::new();
    for _ in 0..200 {
        let site = site.clone();
        logins.spawn(async move { users::authenticate(&site, EMAIL, PASSWORD).await });
    }
    // There is but one connection to the database, and who waits for a turn does not hold it.
    site.db.ping().await.expect("the database answers");
    let mut done: Vec<_> = iter::from_fn(|| logins.try_join_next()).collect();
    assert!(!logins.is_empty(), "all are done already");
    while let Some(login) = logins.join_next().await {
        done.push(login);
    }
    let mut sent_away = 0;
    for login in done {
        match login.expect("it does not panic") {
            Err(Error::TooMany(_)) => sent_away += 1,
            login => assert!(login.expect("nothing else fails").is_some()),
        }
    }
    assert!((1..200).contains(&sent_away), "{sent_away} of 200");
}
