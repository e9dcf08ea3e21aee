//! Connecting logins at providers to a user, and disconnecting them.

use super::*;
use accounts::models::session;
use sea_orm::sea_query::Expr;

/// A user with a password, who has just logged in.
async fn logged_in(client: &Client, site: &Site) -> (Client, user::Model) {
    let user = add_user(site).await;
    let answer = log_in(client, PASSWORD).await;
    (with_session_of(client, &answer), user)
}

/// Begins to connect: gives the browser, with what it keeps beside its session, and where it is sent.
async fn begin_connecting(client: &Client, session: &str) -> (Client, String) {
    let answer = send(client, "/account/external/oidc/connect", &[]).await;
    let (_, url) = left(client, &answer);
    let cookies = format!("{session}; {}", cookie(&answer, "external="));
    (client.clone().with_header(header::COOKIE, &cookies), url)
}

async fn connected(client: &Client, session: &str, fake: &FakeProvider) -> Answer {
    let (browser, url) = begin_connecting(client, session).await;
    arrive(&browser, "oidc", &fake.log_in(&url)).await
}

/// The cookie of a client that [`accounts::testing::sign_in`] has made.
fn session_of(email: &str) -> String {
    format!("session=of {email}")
}

#[tokio::test]
async fn a_user_connects_a_login_whatever_its_address() {
    let (client, mut mails, site, fake) = site().await;
    let inside = accounts::testing::sign_in(&client, "bob@example.org").await;
    fake.script().claims = json!({ "email": "robert@elsewhere.org", "email_verified": false });
    let page = inside.get("/account").await;
    assert!(page.body.contains("Connect Example"), "{}", page.body);
    let answer = connected(&inside, &session_of("bob@example.org"), &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.headers[header::LOCATION], "/account");
    assert_eq!(mails.next().await.to, "bob@example.org");
    let page = inside.get("/account").await;
    assert!(page.body.contains("robert@elsewhere.org"), "{}", page.body);
    // Twice makes no difference, and it opens the account from now on.
    connected(&inside, &session_of("bob@example.org"), &fake).await;
    assert_eq!(identities(&site).await.len(), 1);
    let answer = log_in_by(&client, "oidc", &fake).await;
    let me = with_session_of(&client, &answer).get(ME).await.json();
    assert_eq!(me["email"], "bob@example.org");
}

#[tokio::test]
async fn what_belongs_to_one_user_is_not_connected_to_another() {
    let (client, _, site, fake) = site().await;
    log_in_by(&client, "oidc", &fake).await;
    let owner = only_user(&site).await;
    let other = accounts::testing::sign_in(&client, "eve@example.org").await;
    let answer = connected(&other, &session_of("eve@example.org"), &fake).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let identities = identities(&site).await;
    assert_eq!((identities.len(), identities[0].user_id), (1, owner.id));
}

#[tokio::test]
async fn who_comes_back_as_another_user_connects_nothing() {
    let (client, _, site, fake) = site().await;
    let first = accounts::testing::sign_in(&client, "bob@example.org").await;
    accounts::testing::sign_in(&client, "eve@example.org").await;
    for session in [session_of("eve@example.org"), "other=1".to_owned()] {
        let answer = send(&first, "/account/external/oidc/connect", &[]).await;
        let (_, url) = left(&first, &answer);
        let cookies = format!("{session}; {}", cookie(&answer, "external="));
        let browser = client.clone().with_header(header::COOKIE, &cookies);
        let answer = arrive(&browser, "oidc", &fake.log_in(&url)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    }
    assert!(identities(&site).await.is_empty());
}

#[tokio::test]
async fn connecting_takes_a_fresh_login() {
    let (client, _, site, _) = site().await;
    let strangers = send(&client, "/account/external/oidc/connect", &[]).await;
    assert_eq!(strangers.status, StatusCode::UNAUTHORIZED);
    let program = accounts::testing::token(&client, EMAIL, false).await;
    let programs = send(&program, "/account/external/oidc/connect", &[]).await;
    assert_eq!(programs.status, StatusCode::FORBIDDEN);
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let long_ago = platform::fields::now() - std::time::Duration::from_secs(3_600);
    session::Entity::update_many()
        .col_expr(session::Column::AuthenticatedAt, Expr::value(long_ago))
        .exec(&site.db)
        .await
        .expect("the sessions are changed");
    for path in [
        "/account/external/oidc/connect",
        "/account/identities/1/disconnect",
    ] {
        let stale = send(&inside, path, &[]).await;
        assert_eq!(
            stale.headers[header::LOCATION],
            "/account/again?next=%2Faccount"
        );
    }
    let page = inside.get("/account/again").await;
    assert!(page.body.contains("Log in with Example"), "{}", page.body);
}

#[tokio::test]
async fn nobody_disconnects_their_only_way_in() {
    let (client, _, site, fake) = site().await;
    let inside = with_session_of(&client, &log_in_by(&client, "oidc", &fake).await);
    let disconnect = async |id: i64| {
        let path = format!("/account/identities/{id}/disconnect");
        send(&inside, &path, &[]).await
    };
    let first = identities(&site).await[0].id;
    let refused = disconnect(first).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.body.contains("set a password first"),
        "{}",
        refused.body
    );
    assert_eq!(identities(&site).await.len(), 1);
    // With another one, or a password, it can go.
    fake.script().claims = json!({ "sub": "person 2" });
    log_in_by(&client, "oidc", &fake).await;
    assert_eq!(disconnect(first).await.status, StatusCode::SEE_OTHER);
    let second = identities(&site).await[0].id;
    assert_eq!(disconnect(second).await.status, StatusCode::CONFLICT);
    let fields = [("password", PASSWORD)];
    let set = send(&inside, "/account/password", &fields).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    let inside = with_session_of(&client, &set);
    let path = format!("/account/identities/{second}/disconnect");
    assert_eq!(
        send(&inside, &path, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(identities(&site).await.is_empty());
}

#[tokio::test]
async fn a_login_of_somebody_else_cannot_be_disconnected() {
    let (client, _, site, fake) = site().await;
    log_in_by(&client, "oidc", &fake).await;
    let id = identities(&site).await[0].id;
    let other = accounts::testing::sign_in(&client, "eve@example.org").await;
    let path = format!("/account/identities/{id}/disconnect");
    assert_eq!(send(&other, &path, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(identities(&site).await.len(), 1);
}

#[tokio::test]
async fn a_password_that_is_reset_disconnects_what_others_may_have_connected() {
    let (client, _, site, fake) = site().await;
    let (inside, user) = logged_in(&client, &site).await;
    drop(inside);
    log_in_by(&client, "oidc", &fake).await;
    assert_eq!(identities(&site).await.len(), 1);
    let hash = accounts::users::new_password(&site, EMAIL, "another horse battery").await;
    accounts::users::reset_password(&site.db, &user, hash.expect("it is accepted"))
        .await
        .expect("it is set");
    assert!(identities(&site).await.is_empty());
}
