//! Registration, forgotten passwords and new addresses, all by links in mails.

use crate::common::{EMAIL, PASSWORD, add_user, log_in, path_in, site, site_with, with_session_of};
use accounts::models::{api_token, email_link, session};
use accounts::users::MAX_FAILED_LOGINS;
use axum::http::{HeaderName, StatusCode, header};
use platform::config::Registration;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set,
};
use serde_json::json;

const NEW: &str = "another good password";
const ME: &str = "/api/account/session";

#[tokio::test]
async fn who_registers_chooses_a_password_behind_a_link() {
    let (client, mut mails, _) = site().await;
    let asked = client
        .submit("/account/register", &[("email", EMAIL)])
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let mail = mails.next().await;
    assert_eq!(mail.to, EMAIL);
    let path = path_in(&mail);
    // Mail programs look at links, too.
    for _ in 0..3 {
        assert_eq!(client.get(&path).await.status, StatusCode::OK);
    }
    let long = "long ".repeat(52);
    for weak in ["fourteen chars", &long, EMAIL, "aaaaaaaaaaaaaaa"] {
        let refused = client.submit(&path, &[("password", weak)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{weak}");
    }
    let set = client.submit(&path, &[("password", PASSWORD)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    assert_eq!(
        log_in(&client, PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
    let again = client.submit(&path, &[("password", NEW)]).await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer_and_different_mails() {
    let (client, mut mails, site) = site().await;
    add_user(&site).await;
    for page in ["/account/register", "/account/forgot"] {
        let unknown = client.submit(page, &[("email", "eve@example.org")]).await;
        if page.ends_with("register") {
            let mail = mails.next().await;
            assert!(
                mail.subject.starts_with("Finish your registration"),
                "{mail:?}"
            );
        }
        let known = client.submit(page, &[("email", EMAIL)]).await;
        let mail = mails.next().await;
        assert_eq!(mail.to, EMAIL);
        assert!(mail.subject.starts_with("Set a new password"), "{mail:?}");
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        let location = header::LOCATION;
        assert_eq!(known.headers[&location], unknown.headers[&location]);
    }
    let json = client
        .post("/api/account/forgot", json!({ "email": EMAIL }))
        .await;
    assert_eq!(json.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn what_is_not_one_address_gets_no_mail() {
    let (client, mut mails, _) = site().await;
    let long = format!("{}@example.org", "a".repeat(300));
    for text in [
        "",
        "x",
        "a@b,c@d",
        "a@evil.com,b@victim.com",
        "a＠evil.com@victim.com",
        "a@b.c\r\nBcc: d@e.f",
        "\"a b\"@c.d",
        "x@y.z, click https://evil",
        "<b>@example.org",
        "a@b.c\0",
        &long,
    ] {
        let answer = client.submit("/account/register", &[("email", text)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text:?}");
        let answer = client
            .post("/api/account/register", json!({ "email": text }))
            .await;
        assert!(answer.json()["errors"]["email"].is_array(), "{text:?}");
    }
    client
        .submit("/account/register", &[("email", EMAIL)])
        .await;
    assert_eq!(
        mails.next().await.to,
        EMAIL,
        "the first mail is the first good one"
    );
}

#[tokio::test]
async fn addresses_may_hold_more_than_letters() {
    let (client, mut mails, _) = site().await;
    for text in ["o'brien@example.org", "Ada+{test}`1@10.example"] {
        let body = json!({ "email": text });
        let answer = client.post("/api/account/register", body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{text}");
        assert_eq!(mails.next().await.to, text.to_ascii_lowercase());
    }
}

#[tokio::test]
async fn links_lead_to_the_site_whatever_a_request_calls_it() {
    let (client, mut mails, site) = site().await;
    add_user(&site).await;
    let client = client
        .with_header(header::HOST, "evil.example")
        .with_header(
            "x-forwarded-host".parse().expect("it is a name"),
            "evil.example",
        );
    client.submit("/account/forgot", &[("email", EMAIL)]).await;
    path_in(&mails.next().await);
}

#[tokio::test]
async fn what_is_no_link_is_gone() {
    let long = "a".repeat(10_000);
    for page in ["password", "confirm"] {
        let (client, ..) = site().await;
        for token in ["", "%00", "a", "!!", &long] {
            let path = format!("/account/{page}?token={token}");
            assert_eq!(
                client.get(&path).await.status,
                StatusCode::GONE,
                "{token:.20}"
            );
            let sent = client.submit(&path, &[("password", PASSWORD)]).await;
            assert_eq!(sent.status, StatusCode::GONE, "{token:.20}");
        }
    }
    let (client, ..) = site().await;
    for (password, status) in [
        ("short", StatusCode::UNPROCESSABLE_ENTITY),
        (PASSWORD, StatusCode::GONE),
    ] {
        let body = json!({ "token": "a", "password": password });
        let answer = client.post("/api/account/password", body).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_new_password_ends_what_was_opened_with_the_old_one() {
    let (client, mut mails, site) = site().await;
    add_user(&site).await;
    let inside = with_session_of(&client, &log_in(&client, PASSWORD).await);
    let program = accounts::testing::token(&client, EMAIL, false).await;
    assert_eq!(program.get(ME).await.status, StatusCode::OK);
    client.submit("/account/forgot", &[("email", EMAIL)]).await;
    let older = path_in(&mails.next().await);
    client.submit("/account/forgot", &[("email", EMAIL)]).await;
    let newer = path_in(&mails.next().await);
    assert_eq!(client.get(&older).await.status, StatusCode::GONE);
    let (_, token) = newer.split_once("token=").expect("it has a token");
    let body = json!({ "token": token, "password": NEW });
    let set = client.post("/api/account/password", body.clone()).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
    assert_eq!(
        client.post("/api/account/password", body).await.status,
        StatusCode::GONE
    );
    assert_eq!(inside.get(ME).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(program.get(ME).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        log_in(&client, PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(log_in(&client, NEW).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_opens_an_account_that_too_many_wrong_passwords_have_locked() {
    let (client, mut mails, site) = site().await;
    let mut user = add_user(&site).await.into_active_model();
    user.failed_logins = Set(MAX_FAILED_LOGINS);
    user.update(&site.db).await.expect("the user is changed");
    let locked = log_in(&client, PASSWORD).await;
    assert_eq!(locked.status, StatusCode::UNPROCESSABLE_ENTITY);
    client.submit("/account/forgot", &[("email", EMAIL)]).await;
    let path = path_in(&mails.next().await);
    client.submit(&path, &[("password", NEW)]).await;
    assert_eq!(log_in(&client, NEW).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_may_ask_for_no_more_mails_uses_up_nobody_elses() {
    let (client, mut mails, _) = site_with(|site| {
        let mut config = (*site.config).clone();
        config.trusted_proxies = 1;
        site.config = config.into();
    })
    .await;
    let forwarded: HeaderName = "x-forwarded-for".parse().expect("it is a name");
    let [one, other] = ["10.0.0.1", "10.0.0.2"]
        .map(|address| client.clone().with_header(forwarded.clone(), address));
    for number in 0..5 {
        let email = format!("number{number}@example.org");
        one.submit("/account/register", &[("email", &email)]).await;
        assert_eq!(mails.next().await.to, email);
    }
    for _ in 0..5 {
        let answer = one.submit("/account/register", &[("email", EMAIL)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    other.submit("/account/register", &[("email", EMAIL)]).await;
    assert_eq!(mails.next().await.to, EMAIL);
}

#[tokio::test]
async fn what_has_expired_is_deleted_and_nothing_else() {
    let (client, mut mails, site) = site().await;
    accounts::testing::token(&client, EMAIL, false).await;
    accounts::testing::sign_in(&client, EMAIL).await;
    client.submit("/account/forgot", &[("email", EMAIL)]).await;
    mails.next().await;
    let rows = async || {
        let sessions = session::Entity::find().count(&site.db).await;
        let links = email_link::Entity::find().count(&site.db).await;
        let tokens = api_token::Entity::find().count(&site.db).await;
        [sessions, links, tokens].map(|count| count.expect("they are counted"))
    };
    let clear = async || accounts::commands::run(&site, "clearsessions", &[]).await;
    clear().await.expect("nothing is in the way");
    assert_eq!(rows().await, [1, 1, 1]);
    for table in ["sessions", "email_links", "api_tokens"] {
        let past = format!("UPDATE {table} SET expires_at = '2020-01-01 00:00:00'");
        let done = site.db.execute_unprepared(&past).await;
        done.expect("it is changed");
    }
    clear().await.expect("nothing is in the way");
    assert_eq!(rows().await, [0, 0, 0]);
}

#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_succeeds() {
    let (client, mut mails, _) = site().await;
    client
        .submit("/account/register", &[("email", EMAIL)])
        .await;
    let path = path_in(&mails.next().await);
    let many: Vec<_> = (0..5)
        .map(|_| {
            let (client, path) = (client.clone(), path.clone());
            tokio::spawn(
                async move { client.submit(&path, &[("password", PASSWORD)]).await.status },
            )
        })
        .collect();
    let mut done = 0;
    for one in many {
        done += usize::from(one.await.expect("it ends") == StatusCode::SEE_OTHER);
    }
    assert_eq!(done, 1);
}

#[tokio::test]
async fn a_new_address_counts_once_it_is_confirmed() {
    let (client, mut mails, site) = site().await;
    add_user(&site).await;
    let inside = with_session_of(&client, &log_in(&client, PASSWORD).await);
    inside
        .submit("/account/email", &[("email", "mine@example.org")])
        .await;
    let mine = mails.next().await;
    assert_eq!(mine.to, "mine@example.org");
    // A second request does not change what the first link confirms.
    inside
        .submit("/account/email", &[("email", "victim@example.org")])
        .await;
    mails.next().await;
    assert_eq!(inside.get(ME).await.json()["email"], EMAIL);
    let login = json!({ "email": "mine@example.org", "password": PASSWORD });
    let refused = client.post(ME, login).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let path = path_in(&mine);
    assert_eq!(client.get(&path).await.status, StatusCode::OK);
    let confirmed = client.submit(&path, &[]).await;
    assert_eq!(
        confirmed.status,
        StatusCode::SEE_OTHER,
        "{}",
        confirmed.body
    );
    assert_eq!(inside.get(ME).await.json()["email"], "mine@example.org");
    let notice = mails.next().await;
    assert_eq!(notice.to, EMAIL);
    assert!(notice.text.contains("mine@example.org"));
}

#[tokio::test]
async fn nobody_registers_where_it_is_closed() {
    let (client, ..) = site_with(|site| {
        let mut config = (*site.config).clone();
        config.registration = Registration::Closed;
        site.config = config.into();
    })
    .await;
    assert_eq!(
        client.get("/account/register").await.status,
        StatusCode::NOT_FOUND
    );
    let json = client
        .post("/api/account/register", json!({ "email": EMAIL }))
        .await;
    assert_eq!(json.status, StatusCode::NOT_FOUND);
    let page = client.get("/account/login").await;
    assert!(!page.body.contains("/account/register"));
}
