//! Pages for logging in by a provider elsewhere.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use platform::client::ClientAddress;
use platform::cookie;
use platform::extract::Path;
use platform::form::Form;
use platform::middleware::wants_page;
use platform::provider::{LoginAttempt, NOT_PENDING, Person, Provider};
use platform::redirect::{local, quoted};
use platform::throttle::Limit;
use platform::{Error, Result, Site};

use super::page::Page;
use crate::sessions::Browser;
use crate::{Fresh, external, notice, sessions};

/// Logins by providers, by one client: twenty a minute.
const LIMIT: Limit = Limit {
    name: "external login",
    burst: 20,
    every: Duration::from_secs(3),
};

/// How long somebody may take to log in at a provider, in seconds.
const LIFETIME: i64 = 600;

/// Begins a login by a provider. It takes a `POST`, so that no page elsewhere can do it.
pub(crate) async fn begin_login(
    page: Page,
    Path(name): Path<String>,
    client: ClientAddress,
    headers: HeaderMap,
    form: Form,
) -> Result<Response> {
    page.site.throttle.check(LIMIT, client.network())?;
    let pending = PendingLogin {
        next: local(form.get("next").unwrap_or_default()).to_owned(),
        connect: None,
        ..PendingLogin::new(name)?
    };
    redirect_to_provider(&page, &headers, &pending).await
}

/// Begins to connect a login at a provider to the user.
pub(crate) async fn connect(
    page: Page,
    Fresh(member): Fresh,
    Path(name): Path<String>,
    client: ClientAddress,
    headers: HeaderMap,
) -> Result<Response> {
    page.site.throttle.check(LIMIT, client.network())?;
    let pending = PendingLogin {
        connect: Some(member.user.id),
        ..PendingLogin::new(name)?
    };
    redirect_to_provider(&page, &headers, &pending).await
}

/// Sends the browser to the provider.
async fn redirect_to_provider(
    page: &Page,
    headers: &HeaderMap,
    pending: &PendingLogin,
) -> Result<Response> {
    let site = &page.site;
    let provider = provider(site, &pending.provider)?;
    let callback = callback_url(site, provider);
    let again = page.member.is_some() && pending.connect.is_none();
    let url = provider
        .authorization_url(&pending.attempt, &callback, again)
        .await?;
    // Chrome follows no form to another site, as the Content-Security-Policy says; it may leave from a page, though.
    let mut response = if wants_page(&Uri::default(), headers) {
        page.render("redirect.html", context! { url, label => &provider.label })?
    } else {
        Redirect::to(&url).into_response()
    };
    let cookie = set_cookie(site, &pending.to_cookie(), LIFETIME)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Where a provider sends the browser back to.
pub(crate) async fn callback(
    page: Page,
    browser: Browser,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let site = &page.site;
    site.throttle.check(LIMIT, browser.address.network())?;
    let provider = provider(site, &name)?;
    let pending = cookie::read(&headers, cookie_name(site)).and_then(PendingLogin::from_cookie);
    // An answer of another provider is none.
    let pending = pending
        .filter(|pending| pending.provider == name)
        .ok_or_else(|| Error::bad_request(NOT_PENDING))?;
    let callback = callback_url(site, provider);
    let person = provider
        .person(&pending.attempt, &callback, page.answer())
        .await;
    // Whatever came of it, this answer counts once.
    let finished = match person {
        Ok(person) => finish(&page, &browser, provider, &pending, person).await,
        Err(error) => Err(error),
    };
    let mut response = finished.into_response();
    let cookie = set_cookie(site, "", 0)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn finish(
    page: &Page,
    browser: &Browser,
    provider: &Provider,
    pending: &PendingLogin,
    person: Option<Person>,
) -> Result<Response> {
    let site = &page.site;
    let Some(person) = person else {
        let back = match pending.connect {
            Some(_) => "/account",
            None => "/account/login",
        };
        return Ok(notice::redirect(site, back, "cancelled"));
    };
    if let Some(user_id) = pending.connect {
        let member = page.member.as_ref();
        let member = member.filter(|member| member.user.id == user_id);
        let member = member.ok_or_else(|| Error::bad_request(NOT_PENDING))?;
        external::connect(site, &member.user, provider, &person).await?;
        return Ok(notice::redirect(site, "/account", "connected"));
    }
    let user = external::log_in(site, provider, &person).await?;
    let cookie = sessions::start(site, &user, false, browser).await?;
    let next = local(&pending.next);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// Disconnects a login at a provider.
pub(crate) async fn disconnect(
    State(site): State<Site>,
    Fresh(member): Fresh,
    Path(id): Path<i64>,
) -> Result<Response> {
    external::disconnect(&site.db, member.user.id, id).await?;
    Ok(notice::redirect(&site, "/account", "disconnected"))
}

fn provider<'a>(site: &'a Site, name: &str) -> Result<&'a Provider> {
    let mut providers = site.config.providers.iter();
    let provider = providers.find(|provider| provider.name == name);
    provider.ok_or(Error::NotFound)
}

/// As it is registered with the provider, to the letter.
fn callback_url(site: &Site, provider: &Provider) -> String {
    let path = format!("/account/external/{}/callback", provider.name);
    site.config.public_url.link(&path)
}

/// The cookie that the browser keeps while it is at a provider.
struct PendingLogin {
    provider: String,
    attempt: LoginAttempt,
    /// Where to go afterwards.
    next: String,
    /// The user who connects the login; without one it is for logging in.
    connect: Option<i64>,
}

impl PendingLogin {
    fn new(provider: String) -> Result<Self> {
        Ok(Self {
            provider,
            attempt: LoginAttempt::random()?,
            next: "/account".to_owned(),
            connect: None,
        })
    }

    /// As a query is written, which a cookie can hold.
    fn to_cookie(&self) -> String {
        let connect = self.connect.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            ("provider", &self.provider),
            ("state", &self.attempt.state),
            ("nonce", &self.attempt.nonce),
            ("verifier", &self.attempt.verifier),
            ("next", &self.next),
            ("connect", &connect),
        ];
        let fields = fields.map(|(name, value)| format!("{name}={}", quoted(value)));
        fields.join("&")
    }

    fn from_cookie(cookie: &str) -> Option<Self> {
        let query: Uri = format!("/?{cookie}").parse().ok()?;
        let form = Form::from_query(&query);
        let field = |name: &str| form.get(name).map(str::to_owned);
        Some(Self {
            provider: field("provider")?,
            attempt: LoginAttempt {
                state: field("state").filter(|state| !state.is_empty())?,
                nonce: field("nonce")?,
                verifier: field("verifier")?,
            },
            next: field("next")?,
            connect: match form.get("connect")? {
                "" => None,
                id => Some(id.parse().ok()?),
            },
        })
    }
}

fn cookie_name(site: &Site) -> &'static str {
    if site.config.public_url.is_https() {
        "__Host-external"
    } else {
        "external"
    }
}

fn set_cookie(site: &Site, value: &str, max_age: i64) -> Result<HeaderValue> {
    cookie::header(site, cookie_name(site), value, Some(max_age))
}
