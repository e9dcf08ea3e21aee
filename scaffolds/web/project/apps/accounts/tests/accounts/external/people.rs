//! Who comes in by a provider, and as which user.

use super::*;

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
