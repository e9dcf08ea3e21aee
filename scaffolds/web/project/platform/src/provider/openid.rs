//! OpenID Connect: the authorization code flow of its Core specification, and Discovery.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use super::http::{Http, is_safe};
use super::{Client, Exchange, Failure, Person};
use crate::fields::now;
use crate::redirect::quoted;
use crate::secret::Digest;

pub(super) const SCOPE: &str = "openid email profile";

/// How long the discovery document of a provider is kept.
const REMEMBERED: Duration = Duration::from_secs(3_600);
/// How far the clocks may be apart, in seconds.
const LEEWAY: f64 = 60.0;

/// A provider that speaks OpenID Connect.
#[derive(Clone, Debug)]
pub(super) struct OpenId {
    issuer: String,
    /// How it is asked to make sure who is there.
    pub prompt: &'static str,
    metadata: Arc<Mutex<Option<Arc<Metadata>>>>,
}

/// The discovery document of a provider (OpenID Connect Discovery 1.0).
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    #[serde(skip, default = "Instant::now")]
    read_at: Instant,
    issuer: String,
    pub authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    /// It adds `iss` to its answers (RFC 9207).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// The claims of an ID token.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    azp: Option<String>,
    exp: f64,
    nonce: Option<String>,
    #[serde(flatten)]
    profile: Profile,
}

/// The claims about a person, in the ID token or from the userinfo endpoint.
#[derive(Default, Deserialize)]
struct Profile {
    email: Option<String>,
    /// Only `true` is yes: `"true"` is what somebody may have typed.
    #[serde(default)]
    email_verified: Value,
    name: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: Profile,
}

impl OpenId {
    pub fn new(issuer: &str, prompt: &'static str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            prompt,
            metadata: Arc::default(),
        }
    }

    /// The discovery document, fetched once an hour.
    pub async fn metadata(&self, http: &Http) -> Result<Arc<Metadata>> {
        let known = self
            .metadata
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(metadata) = known
            && metadata.read_at.elapsed() < REMEMBERED
        {
            return Ok(metadata);
        }
        let issuer = self.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let metadata: Metadata = http.get(&url, None).await?.read()?;
        ensure!(
            metadata.issuer.trim_end_matches('/') == issuer,
            "{url} speaks for another issuer, `{}`",
            metadata.issuer
        );
        let endpoint = &metadata.authorization_endpoint;
        ensure!(is_safe(endpoint), "`{endpoint}` is not an https address");
        let metadata = Arc::new(metadata);
        let mut known = self.metadata.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(metadata.clone());
        Ok(metadata)
    }

    /// `iss` is the issuer that the answer names.
    pub async fn person(
        &self,
        exchange: Exchange<'_>,
        iss: Option<&str>,
    ) -> Result<Person, Failure> {
        let metadata = self.metadata(exchange.http).await?;
        // A code of another provider must not be sent to this one (RFC 9207).
        let is_required = metadata.authorization_response_iss_parameter_supported;
        if iss.map_or(is_required, |iss| iss != metadata.issuer) {
            return Err(Failure::NotConfirmed(anyhow!("the answer is of {iss:?}")));
        }
        let client = exchange.client;
        let mut form = exchange.form();
        let methods = &metadata.token_endpoint_auth_methods_supported;
        let authorization = if methods.iter().any(|method| method == "client_secret_post") {
            form.push(("client_id", client.id.clone()));
            form.push(("client_secret", client.secret.clone()));
            None
        } else {
            Some(basic(client))
        };
        let url = &metadata.token_endpoint;
        let answer = exchange.http.post(url, form, authorization).await?;
        if answer.error() == Some("invalid_grant") {
            return Err(Failure::NotConfirmed(anyhow!("the code is not accepted")));
        }
        let tokens: Tokens = answer.read()?;
        let claims = claims(&tokens.id_token)?;
        let subject = claims
            .subject(&metadata.issuer, client, &exchange.attempt.nonce)
            .map_err(Failure::NotConfirmed)?
            .to_owned();
        let mut profile = claims.profile;
        if profile.email.is_none()
            && let (Some(url), Some(token)) = (&metadata.userinfo_endpoint, &tokens.access_token)
        {
            let info: UserInfo = exchange.http.get(url, Some(token)).await?.read()?;
            if info.sub != subject {
                return Err(anyhow!("the userinfo endpoint speaks of somebody else").into());
            }
            profile = info.profile;
        }
        Ok(Person {
            // By the issuer, too, so that people of another provider that takes its place are not taken for these.
            identity: Digest::new(&format!("{}\n{subject}", metadata.issuer)),
            email: profile.email,
            is_verified: profile.email_verified == Value::Bool(true),
            name: profile.name.unwrap_or_default(),
        })
    }
}

/// RFC 6749, section 2.3.1.
fn basic(client: &Client) -> String {
    let pair = format!("{}:{}", quoted(&client.id), quoted(&client.secret));
    format!("Basic {}", STANDARD.encode(pair))
}

/// The claims of an ID token. It comes from the provider itself over TLS, so its signature need not be checked (OpenID
/// Connect Core, section 3.1.3.7, item 6).
fn claims(token: &str) -> Result<Claims> {
    let payload = token
        .split('.')
        .nth(1)
        .context("the ID token has no payload")?;
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('='));
    let payload = payload.context("the ID token is not base64")?;
    serde_json::from_slice(&payload).context("the ID token lacks what it must say")
}

impl Claims {
    /// Whom the token is about, if it is this provider's, for this site and this attempt, and still holds.
    fn subject(&self, issuer: &str, client: &Client, nonce: &str) -> Result<&str> {
        ensure!(
            self.iss == issuer,
            "the ID token is of another issuer, `{}`",
            self.iss
        );
        let audiences = match &self.aud {
            Value::Array(audiences) => audiences.as_slice(),
            one => std::slice::from_ref(one),
        };
        let is_ours = audiences.iter().any(|audience| *audience == *client.id);
        let is_presented_by_us = match &self.azp {
            Some(party) => *party == client.id,
            None => audiences.len() == 1,
        };
        ensure!(
            is_ours && is_presented_by_us,
            "the ID token is for another site"
        );
        let seconds = now().timestamp() as f64;
        ensure!(self.exp + LEEWAY > seconds, "the ID token has expired");
        let is_answer = self.nonce.as_deref() == Some(nonce);
        ensure!(is_answer, "the ID token is of another attempt");
        let length = self.sub.len();
        ensure!(
            (1..=255).contains(&length),
            "the subject is {length} bytes long"
        );
        Ok(&self.sub)
    }
}
