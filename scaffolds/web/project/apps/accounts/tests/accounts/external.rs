//! Logging in by a provider elsewhere.

mod answers;
mod connecting;
mod fake_provider;
mod people;

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
    let query = Form::from_query(&uri);
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
    let other = Form::from_query(&other.parse().expect("it is an address"));
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
