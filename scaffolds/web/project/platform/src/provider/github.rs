//! GitHub: OAuth 2 without ID tokens. Who it is, its API says.

use anyhow::anyhow;
use serde::Deserialize;

use super::{Exchange, Failure, Person};
use crate::secret::Digest;

pub(super) const SCOPE: &str = "read:user user:email";

/// Where GitHub is.
#[derive(Clone, Debug)]
pub(super) struct GitHub {
    pages: String,
    api: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
struct Account {
    id: u64,
    #[serde(default)]
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    verified: bool,
}

impl GitHub {
    pub fn new(pages: &str, api: &str) -> Self {
        Self {
            pages: pages.trim_end_matches('/').to_owned(),
            api: api.trim_end_matches('/').to_owned(),
        }
    }

    pub fn authorization_endpoint(&self) -> String {
        format!("{}/login/oauth/authorize", self.pages)
    }

    pub async fn person(&self, exchange: Exchange<'_>) -> Result<Person, Failure> {
        let http = exchange.http;
        let url = format!("{}/login/oauth/access_token", self.pages);
        let mut form = exchange.form();
        form.push(("client_id", exchange.client.id.clone()));
        form.push(("client_secret", exchange.client.secret.clone()));
        let answer = http.post(&url, form, None).await?;
        if answer.error() == Some("bad_verification_code") {
            return Err(Failure::NotConfirmed(anyhow!("the code is not accepted")));
        }
        let Token { access_token } = answer.read()?;
        let get = async |path: &str| {
            let url = format!("{}{path}", self.api);
            http.get(&url, Some(&access_token)).await
        };
        let account: Account = get("/user").await?.read()?;
        let emails: Vec<Email> = get("/user/emails").await?.read()?;
        let email = emails.into_iter().find(|email| email.primary);
        Ok(Person {
            // Names can be given up and taken by somebody else; ids cannot.
            identity: Digest::new(&format!("{}\n{}", self.pages, account.id)),
            is_verified: email.as_ref().is_some_and(|email| email.verified),
            email: email.map(|email| email.email),
            name: account.name.unwrap_or(account.login),
        })
    }
}
