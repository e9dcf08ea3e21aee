//! Pages for who is logged in: address, password, sessions and API tokens.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::client::ClientAddress;
use platform::extract::Path;
use platform::form::{Filled, Form};
use platform::redirect::local;
use platform::{Error, Result, Site};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, TransactionTrait};
use serde::Serialize;

use super::page::Page;
use crate::forms::{Address, NewPassword, Password};
use crate::links::{self, Wish};
use crate::models::{api_token, session};
use crate::sessions::Browser;
use crate::tokens::TokenInput;
use crate::{Fresh, Member, limits, notice, sessions, tokens, users};

/// The forms of the account page, and the text of a token that was just made.
#[derive(Default, Serialize)]
struct Forms {
    email_form: Filled,
    password_form: Filled,
    token_form: Filled,
    secret: Option<String>,
}

/// Everything about one's account.
pub(crate) async fn account(page: Page, member: Member) -> Result<Response> {
    overview(&page, &member, Forms::default()).await
}

async fn overview(page: &Page, member: &Member, forms: Forms) -> Result<Response> {
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(member.user.id))
        .filter(session::Column::ExpiresAt.gt(platform::fields::now()))
        .order_by_desc(session::Column::SeenAt)
        .all(&page.site.db)
        .await?;
    let tokens = api_token::Entity::find()
        .filter(api_token::Column::UserId.eq(member.user.id))
        .order_by_desc(api_token::Column::Id)
        .all(&page.site.db)
        .await?;
    let content = context! {
        sessions => Serde(sessions),
        tokens => Serde(tokens),
        current => member.session.id,
        ..Serde(forms)
    };
    page.render("account.html", content)
}

/// The account page with what is wrong with one of its forms; other errors go on.
async fn overview_again(page: &Page, member: &Member, forms: Forms) -> Result<Response> {
    let page = overview(page, member, forms).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Changes the password, ends other sessions, and goes on in this one.
pub(super) async fn change_password(page: Page, fresh: Fresh, form: Form) -> Result<Response> {
    let Fresh(Member { user, session }) = &fresh;
    let hash = match form.read() {
        Ok(NewPassword { password }) => {
            users::new_password(&page.site, &user.email, &password).await
        }
        Err(error) => Err(error),
    };
    let hash = match hash {
        Ok(hash) => hash,
        Err(error) => {
            let forms = Forms {
                password_form: form.explain(error)?,
                ..Forms::default()
            };
            return overview_again(&page, &fresh.0, forms).await;
        }
    };
    let transaction = page.site.db.begin().await?;
    users::set_password(&transaction, user, hash, Some(session.id)).await?;
    transaction.commit().await?;
    let cookie = sessions::renew(&page.site, session.clone()).await?;
    let mut response = notice::redirect(&page.site, "/account", "changed");
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Mails a link to a new address; the old one counts until it is followed.
pub(crate) async fn email(
    page: Page,
    Fresh(member): Fresh,
    client: ClientAddress,
    form: Form,
) -> Result<Response> {
    match form.read() {
        Ok(Address { email }) => {
            let wish = Wish::NewAddress(member.user);
            links::request(&page.site, wish, email.to_ascii_lowercase(), client);
            Ok(notice::redirect(&page.site, "/account", "email"))
        }
        Err(error) => {
            let forms = Forms {
                email_form: form.explain(error)?,
                ..Forms::default()
            };
            overview_again(&page, &member, forms).await
        }
    }
}

/// Asks for the password again, before something that matters.
pub(crate) async fn again_page(page: Page, _: Member) -> Result<Response> {
    let next = local(page.query("next").unwrap_or("/account")).to_owned();
    page.form("again.html", Filled::with([("next", next)]))
}

/// The session is as good as new.
pub(crate) async fn again(
    page: Page,
    Member { user, session }: Member,
    browser: Browser,
    form: Form,
) -> Result<Response> {
    let site = &page.site;
    site.throttle
        .check(limits::PASSWORD, browser.address.network())?;
    let given: Result<Password> = form.read();
    let known = match given {
        Ok(given) => users::authenticate(site, &user.email, &given.password).await?,
        Err(_) => None,
    };
    if known.is_none() {
        let error = Error::invalid("password", "is wrong");
        return page.form_again("again.html", form, error);
    }
    let cookie = sessions::renew(site, session).await?;
    let next = local(form.get("next").unwrap_or("/account"));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// Ends a session, this one or another.
pub(crate) async fn end_session(
    State(site): State<Site>,
    Fresh(Member { user, .. }): Fresh,
    Path(id): Path<i64>,
) -> Result<Response> {
    sessions::end_one(&site.db, user.id, id).await?;
    Ok(notice::redirect(&site, "/account", "ended"))
}

/// Ends all sessions but this one.
pub(crate) async fn end_other_sessions(
    State(site): State<Site>,
    Fresh(Member { user, session }): Fresh,
) -> Result<Response> {
    sessions::end_others(&site.db, user.id, Some(session.id)).await?;
    Ok(notice::redirect(&site, "/account", "ended"))
}

/// Makes an API token and shows it, this once.
pub(crate) async fn create_token(page: Page, Fresh(member): Fresh, form: Form) -> Result<Response> {
    let forms = match form.read::<TokenInput>() {
        Ok(input) => {
            let (_, secret) = tokens::create(&page.site.db, &member.user, input).await?;
            Forms {
                secret: Some(secret),
                ..Forms::default()
            }
        }
        Err(error) => {
            let forms = Forms {
                token_form: form.explain(error)?,
                ..Forms::default()
            };
            return overview_again(&page, &member, forms).await;
        }
    };
    overview(&page, &member, forms).await
}

/// Takes an API token back.
pub(crate) async fn revoke_token(
    State(site): State<Site>,
    Fresh(Member { user, .. }): Fresh,
    Path(id): Path<i64>,
) -> Result<Response> {
    tokens::revoke(&site.db, user.id, id).await?;
    Ok(notice::redirect(&site, "/account", "ended"))
}
