//! Pages for who is not logged in: login, logout, registration, and the links in mails.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use platform::client::ClientAddress;
use platform::config::Registration;
use platform::form::{Filled, Form};
use platform::redirect::local;
use platform::{Error, Result, Site, cookie};

use super::account::change_password;
use super::page::Page;
use crate::forms::{Address, Login, NewPassword};
use crate::links::{self, LinkRequest};
use crate::models::email_link::Purpose;
use crate::sessions::Browser;
use crate::{Fresh, limits, notice, sessions, users};

/// Asks for address and password.
pub(crate) async fn login_page(page: Page) -> Result<Response> {
    let next = local(page.query("next").unwrap_or_default());
    if page.member.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    page.form("login.html", Filled::with([("next", next.to_owned())]))
}

/// Begins a session. Whatever is wrong, it is the same answer.
pub(crate) async fn login(page: Page, browser: Browser, form: Form) -> Result<Response> {
    let site = &page.site;
    site.throttle
        .check(limits::PASSWORD, browser.address.network())?;
    let login: Login = match form.read() {
        Ok(login) => login,
        Err(error) => return page.form_again("login.html", form, error),
    };
    let Some(user) = users::authenticate(site, &login.email, &login.password).await? else {
        let error = Error::invalid("password", "and email address do not match");
        return page.form_again("login.html", form, error);
    };
    let cookie = sessions::start(site, &user, login.remember, &browser).await?;
    let next = local(form.get("next").unwrap_or_default());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// Ends the session, whether or not it still was one.
pub(crate) async fn logout(State(site): State<Site>, headers: HeaderMap) -> Result<Response> {
    let Some(session) = cookie::read(&headers, site.config.session_cookie()) else {
        return Ok(Redirect::to("/").into_response());
    };
    sessions::end(&site.db, session).await?;
    let mut response = notice::redirect(&site, "/account/login", "bye");
    let forget = sessions::forget(&site)?;
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}

/// Asks for the address of a new user.
pub(crate) async fn register_page(page: Page) -> Result<Response> {
    open(&page.site)?;
    page.form("register.html", Filled::default())
}

/// Mails a link to go on with: to finish registration or, to a known address, to set a new password.
pub(crate) async fn register(page: Page, client: ClientAddress, form: Form) -> Result<Response> {
    open(&page.site)?;
    ask_for_mail(&page, client, form, "register.html", LinkRequest::Register)
}

/// Asks for the address of who has forgotten the password.
pub(crate) async fn forgot_page(page: Page) -> Result<Response> {
    page.form("forgot.html", Filled::default())
}

/// Mails a link to set a new password, if there is such a user.
pub(crate) async fn forgot(page: Page, client: ClientAddress, form: Form) -> Result<Response> {
    ask_for_mail(&page, client, form, "forgot.html", LinkRequest::NewPassword)
}

fn ask_for_mail(
    page: &Page,
    client: ClientAddress,
    form: Form,
    template: &str,
    request: LinkRequest,
) -> Result<Response> {
    match form.read() {
        Ok(Address { email }) => {
            links::request(&page.site, request, &email, client);
            Ok(notice::redirect(&page.site, "/account/login", "mail"))
        }
        Err(error) => page.form_again(template, form, error),
    }
}

/// The page behind a link that sets a password; that of the account is for who comes without a link.
pub(crate) async fn link_page(page: Page, client: ClientAddress) -> Result<Response> {
    let Some(token) = page.query("token") else {
        return Ok(Redirect::to("/account").into_response());
    };
    page.site.throttle.check(limits::LINK, client.network())?;
    let link = links::find(&page.site.db, token, &links::SET_PASSWORD).await?;
    page.form("password.html", Filled::with([("email", link.email)]))
}

/// Sets the password that a link is for; without a link, that of who is logged in.
pub(crate) async fn password(
    page: Page,
    client: ClientAddress,
    fresh: Result<Fresh>,
    form: Form,
) -> Result<Response> {
    let Some(token) = form.get("token").or(page.query("token")) else {
        return change_password(page, fresh?, form).await;
    };
    page.site.throttle.check(limits::LINK, client.network())?;
    let link = links::find(&page.site.db, token, &links::SET_PASSWORD).await?;
    let set = match form.read() {
        Ok(NewPassword { password }) => links::set_password(&page.site, link, &password).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(notice::redirect(&page.site, "/account/login", "password")),
        Err(error) => page.form_again("password.html", form, error),
    }
}

/// The page behind a link that confirms an address.
pub(crate) async fn confirm_page(page: Page, client: ClientAddress) -> Result<Response> {
    page.site.throttle.check(limits::LINK, client.network())?;
    let token = page.query("token").unwrap_or_default();
    let link = links::find(&page.site.db, token, &[Purpose::Email]).await?;
    let account = links::owner(&page.site.db, &link).await?.email;
    let content = context! { email => link.email, account };
    page.render("confirm.html", content)
}

/// Moves the user to the address that a link was sent to.
pub(crate) async fn confirm(page: Page, client: ClientAddress, form: Form) -> Result<Response> {
    page.site.throttle.check(limits::LINK, client.network())?;
    let token = form
        .get("token")
        .or(page.query("token"))
        .unwrap_or_default();
    links::confirm_address(&page.site, token).await?;
    Ok(notice::redirect(&page.site, "/account", "confirmed"))
}

/// `404` where registration is closed.
fn open(site: &Site) -> Result<()> {
    match site.config.registration {
        Registration::Open => Ok(()),
        Registration::Closed => Err(Error::NotFound),
    }
}
