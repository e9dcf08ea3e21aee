//! What every page of this app is made of.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use platform::config::Registration;
use platform::form::{Filled, Form};
use platform::{Error, Result, Site};
use serde::Serialize;

use crate::extract::Member;
use crate::notice;

/// Who looks at the page, and what they are to be told.
pub(crate) struct Page {
    pub site: Site,
    pub member: Option<Member>,
    query: Form,
    notice: Option<&'static str>,
}

impl FromRequestParts<Site> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let member = <Member as OptionalFromRequestParts<Site>>::from_request_parts(parts, site);
        Ok(Self {
            member: member.await?,
            site: site.clone(),
            query: Form::of_query(&parts.uri),
            notice: notice::of(&parts.headers),
        })
    }
}

impl Page {
    /// A value of the address's query, whatever it is.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// Renders a template of this app.
    pub fn render(&self, template: &str, content: Value) -> Result<Response> {
        let user = self.member.as_ref().map(|member| member.user.email.clone());
        let content = context! {
            user,
            notice => self.notice,
            registration_open => self.site.config.registration == Registration::Open,
            ..content
        };
        let template = format!("accounts/{template}");
        let mut response = self
            .site
            .templates
            .render(&template, content)?
            .into_response();
        if self.notice.is_some() {
            notice::forget(&self.site, &mut response);
        }
        Ok(response)
    }

    /// A page that is mainly a form.
    pub fn form(&self, template: &str, form: impl Serialize) -> Result<Response> {
        self.render(template, context! { form => Serde(form) })
    }

    /// The same page with what is wrong with the form; other errors go on.
    pub fn form_again(&self, template: &str, form: Form, error: Error) -> Result<Response> {
        let filled: Filled = form.explain(error)?;
        let page = self.form(template, filled)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}
