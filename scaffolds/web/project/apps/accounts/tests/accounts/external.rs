//! Logging in by a provider elsewhere.

mod answers;
mod connecting;
mod fake_provider;

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{Request, StatusCode, Uri, header};
use platform::Site;
use platform::config::Registration;
use platform::form::Form;
use platform::provider::Provider;
use platform::redirect::quoted;
use platform::testing::{Answer, Client, Outbox};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::json;

use self::fake_provider::FakeProvider;
use crate::common::{EMAIL, PASSWORD, add_user, log_in, site_with, with_session_of};
use accounts::models::{external_identity, user};

const ME: &str = "/api/account/session";

/// A site without users, which knows the fake as `oidc` and as `github`.
async fn site() -> (Client, Outbox, Site, FakeProvider) {
    let fake = FakeProvider::start().await;
    let (client, mails, site) = site_with(|site| add_providers(site, &fake)).await;
    (client, mails, site, fake)
}

fn add_providers(site: &mut Site, fake: &FakeProvider) {
    let client = FakeProvider::client;
    let openid = Provider::openid("oidc", "Example", client(), &fake.url);
    let mut config = (*site.config).clone();
    config.trusted_proxies = 1;
    config.providers = vec![
        openid.expect("it is this machine"),
        Provider::github_at(client(), &fake.url, &fake.url),
    ];
    site.config = config.into();
}

/// The same client at another address, as a proxy reports it: no throttle applies.
fn elsewhere(client: &Client) -> Client {
    static ADDRESSES: AtomicU32 = AtomicU32::new(0);
    let address = Ipv4Addr::from(0x0a00_0000 + ADDRESSES.fetch_add(1, Ordering::Relaxed));
    let name = "x-forwarded-for".parse().expect("it is a name");
    client.clone().with_header(name, &address.to_string())
}

/// Sends a form as a program does.
async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields.join("&")));
    client.request(request.expect("it is well-formed")).await
}

/// Begins a login and gives the browser, with what it keeps, and where it is sent.
async fn begin(client: &Client, provider: &str) -> (Client, String) {
    let path = format!("/account/external/{provider}");
    left(client, &send(&elsewhere(client), &path, &[]).await)
}

fn left(client: &Client, answer: &Answer) -> (Client, String) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let cookie = cookie(answer, "external=");
    let browser = client.clone().with_header(header::COOKIE, &cookie);
    let location = answer.headers[header::LOCATION].to_str();
    (browser, location.expect("it is text").to_owned())
}

/// A cookie that an answer sets, as `name=value`.
fn cookie(answer: &Answer, start: &str) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookies.find(|cookie| cookie.contains(start));
    cookie
        .unwrap_or_else(|| panic!("no cookie {start}"))
        .to_owned()
}

async fn arrive(browser: &Client, provider: &str, query: &str) -> Answer {
    let path = format!("/account/external/{provider}/callback{query}");
    elsewhere(browser).get(&path).await
}

/// A whole login.
async fn log_in_by(client: &Client, provider: &str, fake: &FakeProvider) -> Answer {
    let (browser, url) = begin(client, provider).await;
    let query = fake.log_in(&url);
    arrive(&browser, provider, &query).await
}

async fn users(site: &Site) -> u64 {
    user::Entity::find()
        .count(&site.db)
        .await
        .expect("they are counted")
}

async fn identities(site: &Site) -> Vec<external_identity::Model> {
    let identities = external_identity::Entity::find().all(&site.db).await;
    identities.expect("they are read")
}

async fn only_user(site: &Site) -> user::Model {
    let mut users = user::Entity::find()
        .all(&site.db)
        .await
        .expect("they are read");
    assert_eq!(users.len(), 1);
    users.remove(0)
}

#[tokio::test]
async fn the_login_page_offers_the_providers_that_are_set() {
    let (client, ..) = site().await;
    let page = client.get("/account/login?next=/books").await;
    for part in [
        r#"action="/account/external/oidc""#,
        "Log in with Example",
        "Log in with GitHub",
    ] {
        assert!(page.body.contains(part), "{part} is not in {}", page.body);
    }
    let (client, ..) = site_with(|_| {}).await;
    let page = client.get("/account/login").await;
    assert!(!page.body.contains("external"), "{}", page.body);
    let answer = send(&client, "/account/external/oidc", &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_browser_leaves_with_all_that_protects_its_return() {
    let (client, ..) = site().await;
    let (browser, url) = begin(&client, "oidc").await;
    let uri: Uri = url.parse().expect("it is an address");
    assert_eq!(uri.path(), "/authorize");
    let query = Form::of_query(&uri);
    for (name, value) in [
        ("theme", "dark"),
        ("response_type", "code"),
        ("client_id", "shop"),
        ("scope", "openid email profile"),
        ("code_challenge_method", "S256"),
        (
            "redirect_uri",
            "http://127.0.0.1:8000/account/external/oidc/callback",
        ),
    ] {
        assert_eq!(query.get(name), Some(value), "{name} in {url}");
    }
    let (_, other) = begin(&browser, "oidc").await;
    let other = Form::of_query(&other.parse().expect("it is an address"));
    for name in ["state", "nonce", "code_challenge"] {
        let value = query.get(name).expect("it is there");
        assert_eq!(value.len(), 43, "{name}");
        assert_ne!(Some(value), other.get(name), "{name}");
    }
    assert!(!url.contains("secret"), "{url}");
    // Who is logged in is asked to show that they are still there.
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let again = send(&inside, "/account/external/oidc", &[]).await;
    let location = again.headers[header::LOCATION]
        .to_str()
        .expect("it is text");
    assert!(location.ends_with("&prompt=login"), "{location}");
}

#[tokio::test]
async fn a_browser_leaves_from_a_page_as_the_content_security_policy_wants() {
    let (client, ..) = site().await;
    let page = client.submit("/account/external/oidc", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body
            .contains(r#"<meta http-equiv="refresh" content="0; url=http:"#)
    );
    assert!(page.body.contains("Go on to Example"), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str();
    let policy = policy.expect("it is text");
    assert!(policy.contains("form-action 'self';"), "{policy}");
    let cookie = page.headers[header::SET_COOKIE]
        .to_str()
        .expect("it is text");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"),
        "{cookie}"
    );
}

#[tokio::test]
async fn by_https_the_cookie_is_for_this_host_alone() {
    let fake = FakeProvider::start().await;
    let (client, ..) = site_with(|site| {
        add_providers(site, &fake);
        let mut config = (*site.config).clone();
        config.public_url = "https://shop.example".parse().expect("it is an address");
        site.config = config.into();
    })
    .await;
    let answer = send(&client, "/account/external/oidc", &[]).await;
    let cookie = answer.headers[header::SET_COOKIE]
        .to_str()
        .expect("it is text");
    assert!(
        cookie.starts_with("__Host-external=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    let location = answer.headers[header::LOCATION]
        .to_str()
        .expect("it is text");
    let callback = quoted("https://shop.example/account/external/oidc/callback");
    assert!(location.contains(&callback), "{location}");
}

#[tokio::test]
async fn pages_of_other_sites_begin_nothing() {
    let (client, ..) = site().await;
    let name = "sec-fetch-site".parse().expect("it is a name");
    let of_another = client.clone().with_header(name, "cross-site");
    for path in [
        "/account/external/oidc",
        "/account/external/oidc/connect",
        "/account/identities/1/disconnect",
    ] {
        assert_eq!(
            send(&of_another, path, &[]).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            client.get(path).await.status,
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
}

#[tokio::test]
async fn who_tries_often_has_to_wait() {
    let (client, ..) = site().await;
    let mut waits = false;
    for _ in 0..100 {
        let begun = send(&client, "/account/external/oidc", &[]).await;
        let finished = client.get("/account/external/oidc/callback").await;
        waits |= begun.status == StatusCode::TOO_MANY_REQUESTS
            && finished.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(waits);
}

#[tokio::test]
async fn somebody_new_becomes_a_user_without_a_password() {
    let (client, mut mails, site, fake) = site().await;
    let answer = send(
        &client,
        "/account/external/oidc",
        &[("next", "/books?page=2")],
    )
    .await;
    let (browser, url) = left(&client, &answer);
    let answer = arrive(&browser, "oidc", &fake.log_in(&url)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.headers[header::LOCATION], "/books?page=2");
    assert_eq!(cookie(&answer, "external="), "external=");
    let me = with_session_of(&client, &answer).get(ME).await.json();
    assert_eq!(
        (&me["email"], &me["name"]),
        (&json!(EMAIL), &json!("Ada Lovelace"))
    );
    let user = only_user(&site).await;
    assert!(user.password_hash.is_none() && user.last_login_at.is_some());
    assert!(mails.next().await.text.contains("with Example."));
    // No password opens the account, the empty one least of all.
    assert_eq!(
        log_in(&client, "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    // The second time it is the same user.
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(only_user(&site).await.id, user.id);
}

#[tokio::test]
async fn an_address_that_the_provider_has_checked_finds_its_user() {
    let (client, mut mails, site, fake) = site().await;
    let user = add_user(&site).await;
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(identities(&site).await[0].user_id, user.id);
    assert_eq!(mails.next().await.to, EMAIL);
    // The password goes on working.
    assert_eq!(
        log_in(&client, PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn an_address_that_nobody_has_checked_decides_nothing() {
    let (client, _, site, fake) = site().await;
    let mut said = Vec::new();
    for is_known in [false, true] {
        if is_known {
            add_user(&site).await;
        }
        for verified in [json!(false), json!("true"), json!(1), json!(null)] {
            fake.script().claims = json!({ "email_verified": verified });
            let answer = log_in_by(&client, "oidc", &fake).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{verified}");
            said.push(answer.body);
        }
    }
    for email in [
        json!(null),
        json!("a＠evil.com@example.org"),
        json!("a@b.c,d@e.f"),
        json!(""),
    ] {
        fake.script().claims = json!({ "email": email });
        fake.script().userinfo = json!({ "sub": "person 1" });
        let answer = log_in_by(&client, "oidc", &fake).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{email}");
        said.push(answer.body);
    }
    // Nor does the answer tell who has an account.
    assert!(said.iter().all(|body| *body == said[0]), "{said:?}");
    assert!(said[0].contains("log in with your password"), "{}", said[0]);
    assert!(identities(&site).await.is_empty());
}

#[tokio::test]
async fn whatever_address_somebody_has_later_it_is_the_same_person() {
    let (client, _, site, fake) = site().await;
    log_in_by(&client, "oidc", &fake).await;
    let victim = add_user_with(&site, "eve@example.org").await;
    fake.script().claims = json!({ "email": "eve@example.org", "email_verified": false });
    let answer = log_in_by(&client, "oidc", &fake).await;
    let me = with_session_of(&client, &answer).get(ME).await.json();
    assert_eq!(me["email"], EMAIL);
    let identity = &identities(&site).await[0];
    assert_eq!(identity.email, "eve@example.org");
    assert_ne!(identity.user_id, victim.id);
    // Another person, though by one letter alone: to MySQL such texts would be the same.
    fake.script().claims = json!({ "sub": "Person 1", "email": "bob@example.org" });
    log_in_by(&client, "oidc", &fake).await;
    assert_eq!(users(&site).await, 3);
}

async fn add_user_with(site: &Site, email: &str) -> user::Model {
    let user = accounts::users::new(email, None).insert(&site.db).await;
    user.expect("the user is made")
}

#[tokio::test]
async fn where_nobody_can_register_only_users_come_in() {
    let fake = FakeProvider::start().await;
    let (client, _, site) = site_with(|site| {
        add_providers(site, &fake);
        let mut config = (*site.config).clone();
        config.registration = Registration::Closed;
        site.config = config.into();
    })
    .await;
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(users(&site).await, 0);
    add_user(&site).await;
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn who_is_not_active_does_not_come_in_this_way_either() {
    let (client, _, site, fake) = site().await;
    log_in_by(&client, "oidc", &fake).await;
    let mut user = only_user(&site).await.into_active_model();
    user.is_active = Set(false);
    user.update(&site.db).await.expect("the user is changed");
    for provider in ["oidc", "github"] {
        fake.script().instead = github_person(json!([
            { "email": EMAIL, "primary": true, "verified": true }
        ]));
        let answer = log_in_by(&client, provider, &fake).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{provider}");
    }
    assert_eq!(identities(&site).await.len(), 1);
}

#[tokio::test]
async fn next_leads_nowhere_else() {
    let (client, _, _, fake) = site().await;
    for next in [
        "//evil.com",
        "/\\evil.com",
        "https://evil.com",
        "/\t/evil.com",
    ] {
        let answer = send(&client, "/account/external/oidc", &[("next", next)]).await;
        let (browser, url) = left(&client, &answer);
        let answer = arrive(&browser, "oidc", &fake.log_in(&url)).await;
        assert_eq!(answer.headers[header::LOCATION], "/", "{next}");
    }
}

/// The responses of GitHub's API for a person with these addresses.
fn github_person(
    emails: serde_json::Value,
) -> std::collections::HashMap<&'static str, (u16, String)> {
    let user = json!({ "id": 7, "login": "ada", "name": null }).to_string();
    [
        ("user", (200, user)),
        ("user/emails", (200, emails.to_string())),
    ]
    .into()
}

#[tokio::test]
async fn github_knows_people_by_number_and_checks_their_main_address() {
    let (client, _, site, fake) = site().await;
    for emails in [
        json!([]),
        json!([{ "email": EMAIL, "primary": true, "verified": false }]),
        json!([
            { "email": "other@example.org", "primary": true, "verified": false },
            { "email": EMAIL, "primary": false, "verified": true },
        ]),
    ] {
        fake.script().instead = github_person(emails);
        let answer = log_in_by(&client, "github", &fake).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    }
    fake.script().instead = github_person(json!([
        { "email": "other@example.org", "primary": false, "verified": true },
        { "email": EMAIL, "primary": true, "verified": true },
    ]));
    let answer = log_in_by(&client, "github", &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let user = only_user(&site).await;
    assert_eq!((user.email.as_str(), user.name.as_str()), (EMAIL, "ada"));
    // A code that was used already.
    let (browser, url) = begin(&client, "github").await;
    let query = fake.log_in(&url);
    assert_eq!(
        arrive(&browser, "github", &query).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        arrive(&browser, "github", &query).await.status,
        StatusCode::BAD_REQUEST
    );
}
