//! Answers of a provider that are not what they should be.

use std::time::Duration;

use super::*;

/// Nothing has come of an answer, and the page says so.
async fn assert_refused(answer: &Answer, status: StatusCode, site: &Site, case: &str) {
    assert_eq!(answer.status, status, "{case}: {}", answer.body);
    let detail = answer.json()["detail"].as_str().map(str::to_owned);
    let detail = detail.unwrap_or_default();
    assert!(
        detail.contains("egin again") || detail.contains("try again"),
        "{case}: {detail}"
    );
    let cookies = answer.headers.get_all(header::SET_COOKIE);
    let mut cookies = cookies.iter().filter_map(|cookie| cookie.to_str().ok());
    assert!(
        !cookies.any(|cookie| cookie.starts_with("session=")),
        "{case}"
    );
    assert_eq!(users(site).await, 0, "{case}");
}

#[tokio::test]
async fn an_answer_counts_in_the_browser_that_asked_and_only_once() {
    let (client, _, site, fake) = site().await;
    let (browser, url) = begin(&client, "oidc").await;
    let (other, _) = begin(&client, "oidc").await;
    let query = fake.log_in(&url);
    let code = query.split('&').next().expect("it has a code");
    for (browser, query) in [
        (&client, query.as_str()),
        (&other, &query),
        (&browser, code),
        (&browser, &format!("{code}&state=")),
        (&browser, &format!("{code}&state=wrong")),
        (&browser, ""),
        (&browser, query.replace("code=", "other=").as_str()),
        (
            &client
                .clone()
                .with_header(header::COOKIE, "external=garbage%zz"),
            &query,
        ),
        (
            &client
                .clone()
                .with_header(header::COOKIE, "external=provider=oidc&state="),
            &query,
        ),
    ] {
        let answer = arrive(browser, "oidc", query).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, &site, query).await;
    }
    let answer = arrive(&browser, "oidc", &query).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let again = arrive(&browser, "oidc", &query).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "{}", again.body);
}

#[tokio::test]
async fn a_stolen_code_is_worth_nothing_without_its_verifier() {
    let (client, _, site, fake) = site().await;
    let (victim, url) = begin(&client, "oidc").await;
    let stolen = fake.log_in(&url).replace("?code=", "");
    let (thief, own) = begin(&client, "oidc").await;
    let state = fake.log_in(&own);
    let (_, state) = state.split_once('&').expect("it has a state");
    let code = stolen.split('&').next().expect("it has a code");
    let answer = arrive(&thief, "oidc", &format!("?code={code}&{state}")).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, &site, "verifier").await;
    drop(victim);
}

#[tokio::test]
async fn an_answer_of_another_provider_is_none() {
    let (client, _, site, fake) = site().await;
    let (browser, url) = begin(&client, "oidc").await;
    let query = fake.log_in(&url);
    for (provider, query, status) in [
        ("github", query.clone(), StatusCode::BAD_REQUEST),
        (
            "oidc",
            format!("{query}&iss=https%3A%2F%2Fevil.example"),
            StatusCode::BAD_REQUEST,
        ),
        ("oidc", format!("{query}&iss="), StatusCode::BAD_REQUEST),
    ] {
        let answer = arrive(&browser, provider, &query).await;
        assert_refused(&answer, status, &site, &query).await;
    }
    assert_eq!(
        arrive(&browser, "nobody", &query).await.status,
        StatusCode::NOT_FOUND
    );
    let answer = arrive(
        &browser,
        "oidc",
        &format!("{query}&iss={}", quoted(&fake.url)),
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn who_promises_to_say_where_an_answer_is_from_must_do_so() {
    let (client, _, site, fake) = site().await;
    fake.script().metadata = json!({ "authorization_response_iss_parameter_supported": true });
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, &site, "no iss").await;
}

#[tokio::test]
async fn an_id_token_must_be_for_this_site_this_attempt_and_now() {
    let (client, _, site, fake) = site().await;
    for claims in [
        json!({ "iss": "https://evil.example" }),
        json!({ "aud": "another" }),
        json!({ "aud": [] }),
        json!({ "aud": ["another", "shop"] }),
        json!({ "aud": ["shop"], "azp": "another" }),
        json!({ "exp": 1_000_000_000 }),
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "sub": "" }),
        json!({ "sub": "x".repeat(256) }),
    ] {
        fake.script().claims = claims.clone();
        let answer = log_in_by(&client, "oidc", &fake).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, &site, &claims.to_string()).await;
    }
    fake.script().claims = json!({ "aud": ["another", "shop"], "azp": "shop" });
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn who_changes_their_mind_comes_back_to_the_login_page() {
    let (client, _, site, fake) = site().await;
    let (browser, url) = begin(&client, "oidc").await;
    let query = fake.log_in(&url).replace("?code=", "?unused=");
    let answer = arrive(&browser, "oidc", &format!("{query}&error=access_denied")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.headers[header::LOCATION], "/account/login");
    let notice = client.with_header(header::COOKIE, &cookie(&answer, "notice="));
    let page = notice.get("/account/login").await;
    assert!(
        page.body.contains("The login was cancelled"),
        "{}",
        page.body
    );
    for error in [
        "server_error",
        "temporarily_unavailable",
        "%3Cscript%3E",
        "%00%ff",
    ] {
        let answer = arrive(&browser, "oidc", &format!("{query}&error={error}")).await;
        assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, error).await;
        assert!(!answer.body.contains("script"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_provider_that_talks_nonsense_is_explained() {
    let (client, _, site, fake) = site().await;
    let (_, url) = begin(&client, "oidc").await;
    assert!(url.starts_with(&fake.url));
    let token = |id_token: &str| json!({ "id_token": id_token }).to_string();
    for (status, body) in [
        (200, "<html>".to_owned()),
        (200, "{}".to_owned()),
        (200, "[]".to_owned()),
        (200, token("")),
        (200, token("a.b")),
        (200, token("a.%%%.c")),
        (200, token("a.e30.c")),
        (302, String::new()),
        (401, r#"{"error":"invalid_client"}"#.to_owned()),
        (500, "down".to_owned()),
        (200, "x".repeat(1 << 20)),
    ] {
        let case = format!("{status} {}", &body[..body.len().min(50)]);
        fake.script().instead.insert("token", (status, body));
        let answer = log_in_by(&client, "oidc", &fake).await;
        assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, &case).await;
    }
    fake.script().instead.clear();
    fake.script().claims = json!({ "email": null });
    for userinfo in [json!("no"), json!({ "sub": "somebody else" })] {
        fake.script().userinfo = userinfo.clone();
        let answer = log_in_by(&client, "oidc", &fake).await;
        let case = userinfo.to_string();
        assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, &case).await;
    }
    // Claims that the ID token leaves out may come from the userinfo endpoint.
    fake.script().userinfo = json!({ "sub": "person 1", "email": EMAIL, "email_verified": true });
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn a_provider_that_speaks_for_others_is_not_followed() {
    for metadata in [
        json!({ "issuer": "https://evil.example" }),
        json!({ "issuer": null }),
        json!({ "authorization_endpoint": "javascript:alert(1)" }),
        json!({ "authorization_endpoint": "http://evil.example/" }),
        json!({ "authorization_endpoint": "https://a\" onload=\"x" }),
        json!({ "authorization_endpoint": null }),
    ] {
        let (client, _, site, fake) = site().await;
        fake.script().metadata = metadata.clone();
        let answer = send(&client, "/account/external/oidc", &[]).await;
        let case = metadata.to_string();
        assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, &case).await;
    }
    // Nor is the secret sent in the clear.
    let (client, _, site, fake) = site().await;
    fake.script().metadata = json!({ "token_endpoint": "http://evil.example/token" });
    let answer = log_in_by(&client, "oidc", &fake).await;
    assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, "http").await;
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_explained() {
    let fake = FakeProvider::start().await;
    let (client, _, site) = site_with(|site| {
        add_providers(site, &fake);
        let mut config = (*site.config).clone();
        let providers = config.providers.into_iter();
        let soon = |provider: Provider| provider.with_timeout(Duration::from_millis(300));
        config.providers = providers.map(soon).collect();
        // Nobody listens there.
        let dead = Provider::openid("dead", "Dead", FakeProvider::client(), "http://127.0.0.1:9");
        config.providers.push(dead.expect("it is this machine"));
        site.config = config.into();
    })
    .await;
    let answer = send(&client, "/account/external/dead", &[]).await;
    assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, "dead").await;
    let page = client.submit("/account/external/dead", &[]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.body
            .contains("Logging in with Dead does not work at the moment"),
        "{}",
        page.body
    );
    // It answers at first, and then no more.
    let (browser, url) = begin(&client, "oidc").await;
    let query = fake.log_in(&url);
    fake.script().is_silent = true;
    let answer = arrive(&browser, "oidc", &query).await;
    assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, &site, "silent").await;
    assert_eq!(client.get("/account/login").await.status, StatusCode::OK);
}

#[test]
fn secrets_are_not_logged() {
    let provider = Provider::google(FakeProvider::client());
    let shown = format!("{provider:?}");
    assert!(!shown.contains("very:secret"), "{shown}");
}
