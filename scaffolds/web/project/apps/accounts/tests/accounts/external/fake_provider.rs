//! A provider on this machine that answers as a test wants it to: OpenID Connect, and GitHub's protocol beside it.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use platform::fields::now;
use platform::form::Form;
use platform::provider::Client;
use platform::redirect::quoted;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

const SECRET: &str = "very:secret";

/// A provider, and where it is.
#[derive(Clone)]
pub struct FakeProvider {
    pub url: String,
    script: Arc<Mutex<Script>>,
}

/// Changes to its answers: a `null` removes a claim.
#[derive(Default)]
pub struct Script {
    pub metadata: Value,
    pub claims: Value,
    pub userinfo: Value,
    /// Other answers, by path.
    pub instead: HashMap<&'static str, (u16, String)>,
    /// Takes what it is asked and never answers.
    pub is_silent: bool,
    /// Where else a redirect sends the secret.
    codes: HashMap<String, Code>,
}

/// The request that a code was issued for.
#[derive(Clone)]
struct Code {
    callback: String,
    challenge: String,
    nonce: String,
}

impl FakeProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let fake = Self {
            url: format!("http://{address}"),
            script: Arc::default(),
        };
        let routes = Router::new()
            .route("/{*path}", any(answer))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        fake
    }

    /// The client id of the site.
    pub fn client() -> Client {
        Client {
            id: "shop".to_owned(),
            secret: SECRET.to_owned(),
        }
    }

    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("no test has failed")
    }

    /// A person logs in where the site has sent them: gives the query to come back with.
    pub fn log_in(&self, url: &str) -> String {
        let uri: Uri = url.parse().expect("it is an address");
        let query = Form::from_query(&uri);
        let field = |name: &str| query.get(name).unwrap_or_default().to_owned();
        assert_eq!(field("response_type"), "code");
        assert_eq!(field("client_id"), "shop");
        assert_eq!(field("code_challenge_method"), "S256");
        let mut script = self.script();
        let code = format!("code {}", script.codes.len());
        let given_for = Code {
            callback: field("redirect_uri"),
            challenge: field("code_challenge"),
            nonce: field("nonce"),
        };
        script.codes.insert(code.clone(), given_for);
        format!("?code={}&state={}", quoted(&code), quoted(&field("state")))
    }

    fn token(&self, headers: &HeaderMap, form: &Form) -> Response {
        let field = |name: &str| form.get(name).unwrap_or_default();
        let basic = format!(
            "Basic {}",
            STANDARD.encode(format!("shop:{}", quoted(SECRET)))
        );
        let is_known = match headers.get(header::AUTHORIZATION) {
            Some(given) => given == basic.as_str(),
            None => field("client_id") == "shop" && field("client_secret") == SECRET,
        };
        if !is_known {
            return refused(StatusCode::UNAUTHORIZED, "invalid_client");
        }
        let mut script = self.script();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
        // A code works once, and only with what it was given for.
        let code = script
            .codes
            .remove(field("code"))
            .filter(|code| code.callback == field("redirect_uri") && code.challenge == challenge);
        let Some(code) = code else {
            return refused(StatusCode::BAD_REQUEST, "invalid_grant");
        };
        let claims = json!({
            "iss": self.url,
            "sub": "person 1",
            "aud": "shop",
            "exp": now().timestamp() + 300,
            "nonce": code.nonce,
            "email": "Ada@Example.org",
            "email_verified": true,
            "name": "Ada Lovelace",
        });
        let claims = merged(claims, &script.claims).to_string();
        let id_token = format!("e30.{}.e30", URL_SAFE_NO_PAD.encode(claims));
        Json(json!({ "access_token": "token", "token_type": "Bearer", "id_token": id_token }))
            .into_response()
    }
}

async fn answer(
    State(fake): State<FakeProvider>,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    if fake.script().is_silent {
        return pending().await;
    }
    if let Some((status, body)) = fake.script().instead.get(path.as_str()).cloned() {
        let status = StatusCode::from_u16(status).expect("it is a status");
        return (status, [(header::LOCATION, "/elsewhere")], body).into_response();
    }
    let headers = request.headers().clone();
    match path.as_str() {
        ".well-known/openid-configuration" => {
            let metadata = json!({
                "issuer": fake.url,
                "authorization_endpoint": format!("{}/authorize?theme=dark", fake.url),
                "token_endpoint": format!("{}/token", fake.url),
                "userinfo_endpoint": format!("{}/userinfo", fake.url),
            });
            Json(merged(metadata, &fake.script().metadata)).into_response()
        }
        "token" => {
            let form = form(request).await;
            fake.token(&headers, &form)
        }
        "login/oauth/access_token" => {
            let form = form(request).await;
            let response = fake.token(&headers, &form);
            // GitHub says `200`, whatever it is.
            match response.status() {
                StatusCode::OK => response,
                _ => refused(StatusCode::OK, "bad_verification_code"),
            }
        }
        "userinfo" | "user" | "user/emails" if headers[header::AUTHORIZATION] != "Bearer token" => {
            refused(StatusCode::UNAUTHORIZED, "invalid_token")
        }
        "userinfo" => Json(fake.script().userinfo.clone()).into_response(),
        _ => refused(StatusCode::NOT_FOUND, "not_found"),
    }
}

async fn form(request: Request) -> Form {
    let body = axum::body::to_bytes(request.into_body(), 10_000).await;
    let body = body.expect("the form arrives");
    let uri = format!("/?{}", String::from_utf8_lossy(&body));
    Form::from_query(&uri.parse().expect("it is a form"))
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn merged(mut value: Value, changes: &Value) -> Value {
    for (name, change) in changes.as_object().into_iter().flatten() {
        value[name] = change.clone();
    }
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    value
}
