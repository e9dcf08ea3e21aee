//! Asking a provider, without letting a slow one hold up the site.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use ureq::http::Response;
use ureq::{Agent, Body};

/// How long one answer may take; a login takes up to three, within the 30 seconds of a request.
pub(super) const TIMEOUT: Duration = Duration::from_secs(8);
/// So many may wait for a provider at once; the others are told to try again.
const CONCURRENT: usize = 16;
/// The longest answer that is read.
const MAX_BODY: u64 = 256 * 1024;

/// Asks one provider.
#[derive(Clone, Debug)]
pub(super) struct Http {
    timeout: Duration,
    places: Arc<Semaphore>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    body: Value,
}

impl Http {
    pub fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            places: Arc::new(Semaphore::new(CONCURRENT)),
        }
    }

    /// The client for `url`. Proxies from the environment are used for other machines only.
    fn agent(&self, url: &str) -> Agent {
        let config = Agent::config_builder()
            .timeout_global(Some(self.timeout))
            .http_status_as_error(false)
            // Nobody is to be led elsewhere with the site's secret.
            .max_redirects(0);
        let config = match url.starts_with("https:") {
            true => config,
            false => config.proxy(None),
        };
        config.build().new_agent()
    }

    /// Asks with a token, if there is one.
    pub async fn get(&self, url: &str, token: Option<&str>) -> Result<Answer> {
        let bearer = token.map(|token| format!("Bearer {token}"));
        self.ask(url, move |agent, url| {
            let request = agent.get(url).header("accept", "application/json");
            match bearer {
                Some(bearer) => request.header("authorization", bearer).call(),
                None => request.call(),
            }
        })
        .await
    }

    /// Sends a form, with a header `Authorization`, if there is one.
    pub async fn post(
        &self,
        url: &str,
        form: Vec<(&'static str, String)>,
        authorization: Option<String>,
    ) -> Result<Answer> {
        self.ask(url, move |agent, url| {
            let request = agent.post(url).header("accept", "application/json");
            match authorization {
                Some(basic) => request.header("authorization", basic).send_form(form),
                None => request.send_form(form),
            }
        })
        .await
    }

    async fn ask(
        &self,
        url: &str,
        send: impl FnOnce(&Agent, &str) -> Result<Response<Body>, ureq::Error> + Send + 'static,
    ) -> Result<Answer> {
        ensure!(is_safe(url), "`{url}` is not an https address");
        let place = self.places.clone().try_acquire_owned();
        let place = place.context("too many are waiting for it")?;
        let (agent, address) = (self.agent(url), url.to_owned());
        let asked = spawn_blocking(move || {
            let _place = place;
            let mut response = send(&agent, &address)?;
            let body = response.body_mut().with_config().limit(MAX_BODY);
            let body = body.read_to_string()?;
            Ok::<_, ureq::Error>((response.status().as_u16(), body))
        });
        let (status, body) = asked
            .await?
            .with_context(|| format!("{url} does not answer"))?;
        Ok(Answer {
            status,
            body: serde_json::from_str(&body).unwrap_or_default(),
        })
    }
}

impl Answer {
    /// The code of an error, by which OAuth says what is wrong; GitHub does so with the status 200.
    pub fn error(&self) -> Option<&str> {
        self.body["error"].as_str()
    }

    /// What was asked for.
    ///
    /// # Errors
    /// The answer is an error, or something else.
    pub fn read<T: DeserializeOwned>(self) -> Result<T> {
        if self.status != 200 || self.error().is_some() {
            let error = self.error().unwrap_or("nothing that explains it");
            bail!("it answered {} and {error:?}", self.status);
        }
        serde_json::from_value(self.body).context("it answered something else than expected")
    }
}

/// Whether an address can be trusted with a secret: it is `https`, or this very machine while developing; and it has
/// nothing in it that means something in a page or a header.
pub(super) fn is_safe(url: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\;@".contains(&byte);
    let host = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split(['/', '?', ':']).next());
    let is_here = host.is_some_and(|host| ["127.0.0.1", "localhost"].contains(&host));
    let is_https = url
        .strip_prefix("https://")
        .is_some_and(|rest| !rest.starts_with('/'));
    (is_https || is_here) && url.len() > 8 && url.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_by_https_or_stay_on_this_machine() {
        for good in [
            "https://login.example",
            "https://login.example:8443/realms/a?b=c",
            "http://127.0.0.1:9000/authorize",
            "http://localhost",
        ] {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https:///path",
            "http://login.example",
            "http://localhost.evil.example",
            "http://127.0.0.1@evil.example",
            "javascript:alert(1)//",
            "https://a\" onclick=\"b",
            "https://a;b",
            "https://a\nb",
            "ftp://a",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
