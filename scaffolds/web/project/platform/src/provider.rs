//! Login by a provider elsewhere: any that speaks OpenID Connect, and GitHub, which has a protocol of its own.
//!
//! A login is a round trip of the browser: [`Provider::authorization_url`] sends it off, the provider sends it back with
//! a code, and [`Provider::person`] exchanges that for who it is. What binds the answer to the question is a
//! [`LoginAttempt`], which the browser keeps in a cookie meanwhile.

mod github;
mod http;
mod openid;

use std::fmt;
use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::github::GitHub;
use self::http::Http;
use self::openid::OpenId;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::redirect::quoted;
use crate::secret::{Digest, Secret};

/// The client id and secret that the provider has issued.
#[derive(Clone)]
pub struct Client {
    pub id: String,
    pub secret: String,
}

/// Without the secret.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Client({})", self.id)
    }
}

/// Where users log in instead of here.
#[derive(Clone, Debug, Serialize)]
pub struct Provider {
    /// As it is called in addresses and in the database.
    pub name: &'static str,
    /// As it is called on buttons.
    pub label: String,
    #[serde(skip)]
    client: Client,
    #[serde(skip)]
    protocol: Protocol,
    #[serde(skip)]
    http: Http,
}

#[derive(Clone, Debug)]
enum Protocol {
    OpenId(OpenId),
    GitHub(GitHub),
}

/// Who has logged in at a provider.
#[derive(Clone, Debug)]
pub struct Person {
    /// The provider and what it calls this person, for ever: an email address may pass to somebody else.
    pub identity: Digest,
    pub email: Option<String>,
    /// Whether the provider says that it has checked the address.
    pub is_verified: bool,
    pub name: String,
}

impl Provider {
    pub fn google(client: Client) -> Self {
        let openid = OpenId::new("https://accounts.google.com", "select_account");
        Self::new("google", "Google", client, Protocol::OpenId(openid))
    }

    pub fn github(client: Client) -> Self {
        Self::github_at(client, "https://github.com", "https://api.github.com")
    }

    /// A GitHub of one's own: where its pages and its API are.
    pub fn github_at(client: Client, pages: &str, api: &str) -> Self {
        let github = Protocol::GitHub(GitHub::new(pages, api));
        Self::new("github", "GitHub", client, github)
    }

    /// Any provider that speaks OpenID Connect. `issuer` is its address, below which
    /// `/.well-known/openid-configuration` tells the rest.
    ///
    /// # Errors
    /// The issuer is not an `https` address. Plain `http` is for this very machine.
    pub fn openid(
        name: &'static str,
        label: &str,
        client: Client,
        issuer: &str,
    ) -> Result<Self, &'static str> {
        if !http::is_safe(issuer) || issuer.contains(['?', '#']) {
            return Err("it is not the `https` address of a provider");
        }
        let openid = Protocol::OpenId(OpenId::new(issuer, "login"));
        Ok(Self::new(name, label, client, openid))
    }

    fn new(name: &'static str, label: &str, client: Client, protocol: Protocol) -> Self {
        Self {
            name,
            label: label.to_owned(),
            client,
            protocol,
            http: Http::new(http::TIMEOUT),
        }
    }

    /// The same, which is given up after this long.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.http = Http::new(timeout);
        self
    }

    /// Where the browser goes to log in; `callback` is where it comes back. With `again`, the provider is asked to make
    /// sure that it is still the same person.
    ///
    /// # Errors
    /// `503` if the provider does not say where that is.
    pub async fn authorization_url(
        &self,
        attempt: &LoginAttempt,
        callback: &str,
        again: bool,
    ) -> Result<String> {
        let (endpoint, scope, prompt) = match &self.protocol {
            Protocol::GitHub(github) => (
                github.authorization_endpoint(),
                github::SCOPE,
                "select_account",
            ),
            Protocol::OpenId(openid) => {
                let metadata = openid.metadata(&self.http).await;
                let metadata = metadata.map_err(|error| self.unavailable(error))?;
                let endpoint = metadata.authorization_endpoint.clone();
                (endpoint, openid::SCOPE, openid.prompt)
            }
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&attempt.verifier));
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", &self.client.id),
            ("redirect_uri", callback),
            ("scope", scope),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if again {
            query.push(("prompt", prompt));
        }
        let query: Vec<_> = query
            .into_iter()
            .map(|(name, value)| format!("{name}={}", quoted(value)))
            .collect();
        let mark = if endpoint.contains('?') { '&' } else { '?' };
        Ok(format!("{endpoint}{mark}{}", query.join("&")))
    }

    /// Who has logged in, by the query that the browser came back with; none if they have changed their mind.
    ///
    /// # Errors
    /// `400` if the answer is not to this attempt, or not from this provider; `503` if the provider does not confirm it
    /// because something is wrong with it, or with the site's registration there.
    pub async fn person(
        &self,
        attempt: &LoginAttempt,
        callback: &str,
        answer: &Form,
    ) -> Result<Option<Person>> {
        let state = answer.get("state").unwrap_or_default();
        // Digests are compared, so that time does not tell how much of it was right.
        if Digest::new(state) != Digest::new(&attempt.state) {
            return Err(Error::bad_request(NOT_PENDING));
        }
        match answer.get("error") {
            None => {}
            Some("access_denied") => return Ok(None),
            Some(error) => return Err(self.unavailable(anyhow::anyhow!("it answered {error:?}"))),
        }
        let code = answer.get("code").unwrap_or_default();
        if code.is_empty() {
            return Err(Error::bad_request(NOT_PENDING));
        }
        let exchange = Exchange {
            http: &self.http,
            client: &self.client,
            callback,
            code,
            attempt,
        };
        let person = match &self.protocol {
            Protocol::GitHub(github) => github.person(exchange).await,
            Protocol::OpenId(openid) => openid.person(exchange, answer.get("iss")).await,
        };
        match person {
            Ok(person) => Ok(Some(person)),
            Err(Failure::NotConfirmed(error)) => {
                tracing::warn!("{} does not confirm a login: {error:#}", self.label);
                Err(Error::bad_request(NOT_PENDING))
            }
            Err(Failure::Unavailable(error)) => Err(self.unavailable(error)),
        }
    }

    fn unavailable(&self, error: anyhow::Error) -> Error {
        let label = &self.label;
        tracing::error!("no login with {label}: {error:#}");
        let detail =
            format!("Logging in with {label} does not work at the moment: try again later.");
        Error::Refused(StatusCode::SERVICE_UNAVAILABLE, detail)
    }
}

/// The message for an answer that belongs to no request of this browser.
pub const NOT_PENDING: &str = "This login cannot be finished: it was begun in another browser or more than ten minutes ago, \
                        or is finished already. Begin again.";

/// What binds an answer to the browser that asked.
#[derive(Clone)]
pub struct LoginAttempt {
    /// Comes back in the query.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Its hash goes out, and itself with the code (PKCE, RFC 7636): a stolen code is worth nothing.
    pub verifier: String,
}

impl LoginAttempt {
    /// # Errors
    /// The operating system has no random bytes to give.
    pub fn random() -> Result<Self> {
        let secret = || Secret::random().map(|secret| secret.as_str().to_owned());
        Ok(Self {
            state: secret()?,
            nonce: secret()?,
            verifier: secret()?,
        })
    }
}

/// All it takes to exchange a code.
struct Exchange<'a> {
    http: &'a Http,
    client: &'a Client,
    callback: &'a str,
    code: &'a str,
    attempt: &'a LoginAttempt,
}

impl Exchange<'_> {
    /// The fields that every provider asks for.
    fn form(&self) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", self.code.to_owned()),
            ("redirect_uri", self.callback.to_owned()),
            ("code_verifier", self.attempt.verifier.clone()),
        ]
    }
}

/// Why a login failed.
enum Failure {
    /// The browser came back with an answer that is not accepted.
    NotConfirmed(anyhow::Error),
    /// The provider does not answer, or what it answers makes no sense.
    Unavailable(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Unavailable(error)
    }
}
