//! The accounts as programs use them, over an in-memory database.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use platform::Site;
use platform::templates::Templates;
use platform::testing::{self, Answer, Client, Outbox};
use serde_json::{Value, json};

const PASSWORD: &str = "a long enough password";

async fn site() -> (Client, Outbox) {
    let db = testing::database().await;
    accounts::testing::tables(db.get_schema_builder())
        .apply(&db)
        .await
        .expect("the tables are made");
    let (site, outbox) = testing::site(db.clone());
    let site = Site {
        templates: Templates::default().with::<accounts::Templates>(),
        cors: "https://app.example".parse().expect("it is an origin"),
        ..site
    };
    let service = site.service(accounts::urls::router(), |_| None);
    (
        Client::new(service.expect("the site is put together"), db),
        outbox,
    )
}

/// Registers by the mailed link, as a front end does.
async fn register(client: &Client, outbox: &mut Outbox, email: &str) {
    let answer = client
        .post("/api/account/register", json!({"email": email}))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let mail = outbox.next().await;
    let token = mail.text.split("token=").nth(1).expect("a link");
    let token = token.split_whitespace().next().expect("a token");
    let body = json!({"token": token, "password": PASSWORD});
    let answer = client.post("/api/account/password", body.clone()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = client.post("/api/account/password", body).await;
    assert_eq!(answer.status, StatusCode::GONE);
}

async fn exchange(client: &Client, password: &str, read_only: bool) -> Answer {
    let body = json!({
        "email": "ada@example.org",
        "password": password,
        "name": "phone",
        "read_only": read_only,
    });
    client.post("/api/account/token", body).await
}

#[tokio::test]
async fn a_password_is_exchanged_for_a_token() {
    let (client, mut outbox) = site().await;
    register(&client, &mut outbox, "ada@example.org").await;
    let wrong = exchange(&client, "a wrong password, too", false).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.headers["www-authenticate"], "Bearer");
    let made = exchange(&client, PASSWORD, false).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert!(!made.headers.contains_key("set-cookie"));
    let made: Value = made.json();
    let bearer = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
    let program = client.clone().with_header(header::AUTHORIZATION, &bearer);
    let me = program.get("/api/account/session").await;
    assert_eq!(me.json()["email"], "ada@example.org");
    assert_eq!(
        client.get("/api/account/session").await.status,
        StatusCode::UNAUTHORIZED
    );
    let empty = json!({"email": "ada@example.org", "password": PASSWORD, "name": ""});
    let empty = client.post("/api/account/token", empty).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn nobody_is_sent_to_a_page() {
    let (client, _) = site().await;
    for path in ["/account/login", "/account", "/api/account/session"] {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        let request = request.body(Body::empty()).expect("it is well-formed");
        let answer = client.request(request).await;
        assert_eq!(
            answer.headers["content-type"], "application/problem+json",
            "{path}"
        );
        assert!(!answer.headers.contains_key("location"));
    }
}

#[tokio::test]
async fn a_front_end_that_is_named_is_let_in_and_no_other() {
    let (client, _) = site().await;
    for (origin, status, allowed) in [
        ("https://app.example", StatusCode::ACCEPTED, true),
        ("https://evil.example", StatusCode::FORBIDDEN, false),
    ] {
        let client = client
            .clone()
            .with_header(header::ORIGIN, origin)
            .with_header("sec-fetch-site".parse().expect("a name"), "cross-site");
        let answer = client
            .post("/api/account/forgot", json!({"email": "a@b.example"}))
            .await;
        assert_eq!(answer.status, status, "{origin}");
        let header = answer.headers.get("access-control-allow-origin");
        assert_eq!(header.is_some(), allowed, "{origin}");
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
}
