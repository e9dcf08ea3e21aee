//! A client whose answers read as sentences.

use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{self, RequestBuilder};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use serde_json::Value;

/// A client of one site, on the loopback interface.
pub(crate) struct Client {
    http: blocking::Client,
    /// What every request carries, such as the session.
    headers: HeaderMap,
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
}

impl Client {
    pub(crate) fn new(base: String) -> Self {
        let http = blocking::Client::builder()
            .redirect(Policy::none())
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build();
        Self {
            http: http.expect("a client"),
            headers: HeaderMap::new(),
            base,
        }
    }

    /// The same client, which sends this header, too.
    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        self.with_bytes(name, value.as_bytes())
    }

    pub(crate) fn with_bytes(&self, name: &'static str, value: &[u8]) -> Self {
        let mut headers = self.headers.clone();
        headers.insert(name, HeaderValue::from_bytes(value).expect("a header"));
        Self {
            http: self.http.clone(),
            headers,
            base: self.base.clone(),
        }
    }

    /// A client whose requests are those of a user.
    #[track_caller]
    pub(crate) fn signed_in(&self, email: &str, password: &str) -> Self {
        let login = serde_json::json!({ "email": email, "password": password });
        let answer = self.post("/api/account/session", &login).status(201);
        self.with("cookie", answer.cookie())
    }

    /// What every request carries under this name; empty when nothing does.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("it is text"))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        // An address from an answer may be a whole one.
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        self.http.request(method, url).headers(self.headers.clone())
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.bare(Method::GET, path)
    }

    #[track_caller]
    pub(crate) fn get_as(&self, path: &str, accept: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).header(ACCEPT, accept))
    }

    /// A request without a body.
    #[track_caller]
    pub(crate) fn bare(&self, method: Method, path: &str) -> Answer {
        Answer::of(self.request(method, path))
    }

    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.bare(Method::DELETE, path)
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body))
    }

    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(body))
    }

    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(body))
    }

    /// A form, as a browser sends it.
    #[track_caller]
    pub(crate) fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.submit_with(path, fields, &[])
    }

    /// A form with more headers.
    #[track_caller]
    pub(crate) fn submit_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.finish());
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        Answer::of(request)
    }

    /// A body as it is, under the content type given.
    #[track_caller]
    pub(crate) fn post_raw(&self, path: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
        self.send_raw(Method::POST, path, content_type, body)
    }

    #[track_caller]
    pub(crate) fn send_raw(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Answer {
        let mut request = self.request(method, path).body(body.to_vec());
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        Answer::of(request)
    }
}

/// What a site answered. Every expectation panics with all of it.
pub(crate) struct Answer {
    shown: String,
    pub(crate) code: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    fn of(request: RequestBuilder) -> Self {
        let (http, request) = request.build_split();
        let request = request.expect("a request");
        let mut shown = format!("{} {}", request.method(), request.url());
        if let Some(body) = request.body().and_then(|body| body.as_bytes()) {
            shown.push_str(&format!(" {:.300}", String::from_utf8_lossy(body)));
        }
        let response = http.execute(request);
        let response = response.unwrap_or_else(|error| panic!("{shown}: {error:?}"));
        let (code, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response
            .bytes()
            .unwrap_or_else(|error| panic!("{shown}: {error:?}"))
            .to_vec();
        shown.push_str(&format!(
            "\nanswered {code} {headers:?}\n{:.2000}",
            String::from_utf8_lossy(&body)
        ));
        // No request, however bad, gets one of these, but for what is not ready yet.
        assert!(code < 500 || code == 503, "{shown}");
        Self {
            shown,
            code,
            headers,
            body,
        }
    }

    #[track_caller]
    pub(crate) fn status(self, code: u16) -> Self {
        assert_eq!(self.code, code, "{}", self.shown);
        self
    }

    #[track_caller]
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap_or_else(|_| panic!("no UTF-8: {}", self.shown))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert!(
            self.header("content-type").contains("json"),
            "{}",
            self.shown
        );
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.shown))
    }

    /// The header's value; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or("?"))
    }

    /// The first cookie that it sets, as `name=value`.
    #[track_caller]
    pub(crate) fn cookie(&self) -> &str {
        let cookie = self.header("set-cookie").split(';').next();
        cookie
            .filter(|pair| pair.contains('='))
            .unwrap_or_else(|| panic!("no cookie: {}", self.shown))
    }

    #[track_caller]
    pub(crate) fn empty(self) -> Self {
        assert!(self.body.is_empty(), "{}", self.shown);
        self
    }

    /// The problem document of this status (RFC 9457).
    #[track_caller]
    pub(crate) fn problem(self, status: u16) -> Value {
        self.problem_of(&[status])
    }

    #[track_caller]
    pub(crate) fn problem_of(self, statuses: &[u16]) -> Value {
        assert!(
            statuses.contains(&self.code),
            "not {statuses:?}: {}",
            self.shown
        );
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.shown
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.code, "{}", self.shown);
        for member in ["type", "title", "detail"] {
            let text = problem[member].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "no {member}: {}", self.shown);
        }
        problem
    }

    /// A 422 whose `errors` name `field`.
    #[track_caller]
    pub(crate) fn invalid(self, field: &str) -> Value {
        let shown = self.shown.clone();
        let problem = self.problem(422);
        let messages = problem["errors"][field].as_array();
        let good = messages.is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_string));
        assert!(good, "no errors for {field}: {shown}");
        problem
    }
}
