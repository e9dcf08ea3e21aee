//! HTML forms: read by the same rules as JSON, and shown again with what is wrong.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use garde::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::{Error, FieldErrors, Result};
use crate::extract::checked;
use crate::input::{InputField, Kind, input_fields};
use crate::middleware::BODY_LIMIT;
use crate::site::Site;

/// The fields of a submitted form: names and values, in order, and files.
#[derive(Debug, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    files: Vec<(String, Bytes)>,
    /// Fields whose files do not fit, and what they would have to fit into.
    too_large: Vec<String>,
    limit: usize,
}

/// How many bytes a form with files may have on the routes that have this as an `Extension`, instead of the usual.
#[derive(Clone, Copy, Debug)]
pub struct Limit(pub usize);

/// So much is read of a form at most. Files that do not fit are left out, but all that was typed is kept.
const READ: usize = 32 * 1024 * 1024;

impl FromRequest<Site> for Form {
    type Rejection = Error;

    async fn from_request(mut request: Request, site: &Site) -> Result<Self> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            // A form without fields, such as a button alone.
            return Ok(Self::default());
        }
        if has_files(request.headers()) {
            let limit = request.extensions().get::<Limit>();
            let limit = limit.map_or(BODY_LIMIT, |limit| limit.0);
            DefaultBodyLimit::max(READ).apply(&mut request);
            return Self::from_parts(Multipart::from_request(request, site).await, limit).await;
        }
        match axum::Form::from_request(request, site).await {
            Ok(axum::Form(pairs)) => Ok(Self::new(pairs)),
            Err(rejection) => Err(Error::Refused(rejection.status(), rejection.body_text())),
        }
    }
}

fn has_files(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"))
}

impl Form {
    /// A form of these names and values.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self {
            pairs,
            ..Self::default()
        }
    }

    async fn from_parts<E>(parts: Result<Multipart, E>, limit: usize) -> Result<Self>
    where
        Error: From<E>,
    {
        let mut parts = parts?;
        let mut form = Self {
            limit,
            ..Self::default()
        };
        let mut left = limit;
        while let Some(mut part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let mut content = Vec::new();
            let mut fits = true;
            while let Some(chunk) = part.chunk().await? {
                fits = fits && content.len() + chunk.len() <= left;
                if fits || !is_file {
                    content.extend_from_slice(&chunk);
                }
            }
            match fits {
                true => left -= content.len(),
                false => form.too_large.push(name.clone()),
            }
            if is_file && !fits {
                continue;
            }
            let content = Bytes::from(content);
            match String::from_utf8(content.to_vec()) {
                Ok(text) if !is_file => form.pairs.push((name, text)),
                // A field for a file that was left empty is sent as an empty file.
                _ if is_file && content.is_empty() => {}
                _ => form.files.push((name, content)),
            }
        }
        Ok(form)
    }

    /// The fields of a query string, as of a form sent by `GET`.
    pub fn from_query(uri: &Uri) -> Self {
        let pairs = axum::extract::Query::try_from_uri(uri);
        Self::new(pairs.map(|pairs| pairs.0).unwrap_or_default())
    }

    /// All names and values.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The value of a field; of several the last.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next_back()
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &str> {
        let pairs = self.pairs.iter().filter(move |(key, _)| key == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// Reads a `T`, whose schema says what the text of each field stands for.
    ///
    /// # Errors
    /// `422` with messages by field, as for JSON.
    pub fn read<T>(&self) -> Result<T>
    where
        T: DeserializeOwned + Validate<Context = ()> + ToSchema,
    {
        self.read_over(&Value::Null)
    }

    /// As [`read`](Self::read), for a row that is there: what the form does not send, such as a file that is kept, stays
    /// as it is.
    pub fn read_over<T>(&self, row: &impl Serialize) -> Result<T>
    where
        T: DeserializeOwned + Validate<Context = ()> + ToSchema,
    {
        let (sent, mut errors) = self.object(&input_fields::<T>());
        let mut fields = match serde_json::to_value(row) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.extend(sent);
        fields.retain(|name, _| !errors.contains_key(name));
        match checked(fields) {
            Ok(input) if errors.is_empty() => Ok(input),
            Err(Error::Invalid(mut others)) => {
                others.append(&mut errors);
                Err(Error::Invalid(others))
            }
            Ok(_) => Err(Error::Invalid(errors)),
            Err(error) => Err(error),
        }
    }

    /// The fields as JSON, and what is wrong with the others.
    pub fn object(&self, fields: &[InputField]) -> (Map<String, Value>, FieldErrors) {
        let mut object = Map::new();
        let mut errors = FieldErrors::new();
        for field in fields {
            match self.value(field) {
                Ok(Some(value)) => {
                    object.insert(field.name.clone(), value);
                }
                Ok(None) => {}
                Err(message) => {
                    errors.insert(field.name.clone(), vec![message]);
                }
            }
        }
        (object, errors)
    }

    /// The JSON value that a field stands for; none if it was not sent.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn value(&self, field: &InputField) -> Result<Option<Value>, String> {
        if self.too_large.contains(&field.name) {
            return Err(self.limit_in_words());
        }
        if field.kind == Kind::Bytes {
            return Ok(self.encoded(field));
        }
        if field.kind == Kind::List {
            let all: Vec<Value> = self.all(&field.name).map(Value::from).collect();
            return Ok((!all.is_empty()).then_some(Value::Array(all)));
        }
        match self.get(&field.name) {
            Some(text) => parse(field, text).map(Some),
            // An empty box is not sent at all.
            None => {
                let is_box = field.kind == Kind::Boolean && !field.nullable;
                Ok(is_box.then_some(Value::Bool(false)))
            }
        }
    }

    /// Whether something did not fit.
    pub fn is_too_large(&self) -> bool {
        !self.too_large.is_empty()
    }

    /// What is wrong with a form that is too large.
    pub fn limit_in_words(&self) -> String {
        format!(
            "is too large: at most {} MiB fit into a form",
            self.limit / 1_048_576
        )
    }

    /// The content of a file.
    pub fn file(&self, name: &str) -> Option<&Bytes> {
        let mut found = self.files.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, content)| content)
    }

    /// A file as base64; null if it is to be removed.
    fn encoded(&self, field: &InputField) -> Option<Value> {
        match self.file(&field.name) {
            Some(content) => Some(Value::from(STANDARD.encode(content))),
            None => (field.nullable && self.get(&format!("{}-remove", field.name)).is_some())
                .then_some(Value::Null),
        }
    }

    /// The form again, with what is wrong at its fields. Other errors are passed on.
    pub fn explain(self, error: Error) -> Result<Filled> {
        match error {
            Error::Invalid(errors) => Ok(Filled::new(self, errors)),
            Error::Conflict { errors, .. } if !errors.is_empty() => Ok(Filled::new(self, errors)),
            error => Err(error),
        }
    }
}

/// The JSON value that the text of a field stands for.
fn parse(field: &InputField, text: &str) -> Result<Value, String> {
    let is_text = matches!(
        field.kind,
        Kind::Text { .. } | Kind::Email { .. } | Kind::Url { .. }
    );
    if text.trim().is_empty() && field.nullable && (text.is_empty() || !is_text) {
        return Ok(Value::Null);
    }
    if text.is_empty() && !is_text && field.kind != Kind::Boolean {
        return Err("is required".to_owned());
    }
    let text = text.replace("\r\n", "\n");
    Ok(match field.kind {
        Kind::Boolean => Value::Bool(!["", "false", "off", "0"].contains(&&*text)),
        Kind::Integer => match text.trim().parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => return Err("is not a whole number".to_owned()),
        },
        Kind::Number => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::from(number),
            _ => return Err("is not a number".to_owned()),
        },
        Kind::Json => {
            serde_json::from_str(&text).map_err(|error| format!("is not JSON: {error}"))?
        }
        // Browsers leave out seconds that are zero, and know no time zone: it is UTC.
        Kind::Time if text.len() == 5 => Value::from(format!("{text}:00")),
        Kind::DateTime => Value::from(match text.len() {
            16 => format!("{text}:00Z"),
            _ if text.contains(['Z', '+']) || text.matches('-').count() > 2 => text,
            _ => format!("{text}Z"),
        }),
        _ => Value::from(text),
    })
}

/// A form to be rendered: `{% from "forms.html" import field, problems %}`.
#[derive(Debug, Default, Serialize)]
pub struct Filled {
    values: BTreeMap<String, String>,
    errors: FieldErrors,
}

impl Filled {
    fn new(form: Form, errors: FieldErrors) -> Self {
        let values = form.pairs.into_iter().collect();
        Self { values, errors }
    }

    /// A form that was not sent yet, with what is known of it.
    pub fn with(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Self {
            values: values.collect(),
            errors: FieldErrors::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize, Validate, ToSchema)]
    struct Input {
        #[garde(length(min = 1))]
        title: String,
        #[garde(skip)]
        pages: i32,
        #[garde(skip)]
        price: Option<f64>,
        #[garde(skip)]
        sold: bool,
        #[garde(skip)]
        tags: Vec<String>,
    }

    fn form(pairs: &[(&str, &str)]) -> Form {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Form::new(pairs.collect())
    }

    #[test]
    fn fields_are_read_by_their_schema() {
        let sent = form(&[
            ("title", "1984\r\nor so"),
            ("pages", " 328 "),
            ("price", ""),
            ("tags", "a"),
            ("tags", "b"),
            ("other", "x"),
        ]);
        let read: Input = sent.read().expect("it is valid");
        let expected = Input {
            title: "1984\nor so".to_owned(),
            pages: 328,
            price: None,
            sold: false,
            tags: vec!["a".to_owned(), "b".to_owned()],
        };
        assert_eq!(read, expected);
    }

    #[tokio::test]
    async fn a_file_that_does_not_fit_takes_nothing_with_it() {
        let part = |head: &str, body: &str| {
            format!("--x\r\nContent-Disposition: form-data; name={head}\r\n\r\n{body}\r\n")
        };
        let body = [
            part("\"title\"", "1984"),
            part("\"cover\"; filename=\"a\"", &"c".repeat(99)),
            part("\"pages\"", "328"),
            part("\"extract\"; filename=\"b\"", "short"),
        ];
        let request = Request::post("/")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(format!("{}--x--\r\n", body.concat()).into())
            .expect("it is well-formed");
        let parts = Multipart::from_request(request, &()).await;
        let form = Form::from_parts(parts, 50).await.expect("it is read");
        assert_eq!(
            (form.get("title"), form.get("pages")),
            (Some("1984"), Some("328"))
        );
        assert_eq!(
            form.file("extract").map(|file| &file[..]),
            Some(&b"short"[..])
        );
        assert!(form.is_too_large() && form.file("cover").is_none());
    }

    #[test]
    fn what_a_form_does_not_send_stays() {
        let row = json!({ "id": 7, "title": "1984", "pages": 328, "price": 1.5, "sold": true, "tags": [] });
        let read: Input = form(&[("pages", "329"), ("price", "")])
            .read_over(&row)
            .expect("it is valid");
        assert_eq!((&*read.title, read.pages), ("1984", 329));
        // A box that is not ticked is not sent.
        assert_eq!((read.price, read.sold), (None, false));
        assert!(form(&[("pages", "x")]).read_over::<Input>(&row).is_err());
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let sent = form(&[
            ("title", ""),
            ("pages", "many"),
            ("tags", "a"),
            ("price", "1e"),
            ("sold", "on"),
        ]);
        let Err(error) = sent.read::<Input>() else {
            panic!("it is not valid");
        };
        let filled = sent.explain(error).expect("it is about fields");
        assert_eq!(filled.errors["pages"], ["is not a whole number"]);
        assert_eq!(filled.errors["price"], ["is not a number"]);
        assert_eq!(filled.values["pages"], "many");
    }
}
