//! HTML forms: read by the same rules as JSON, and shown again with what is wrong.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::Uri;
use garde::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::{Error, FieldErrors, Result};
use crate::extract::checked;
use crate::site::Site;

/// The fields of a submitted form: names and values, in order.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl FromRequest<Site> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Self> {
        match axum::Form::from_request(request, site).await {
            Ok(axum::Form(pairs)) => Ok(Self(pairs)),
            Err(rejection) => Err(Error::Refused(rejection.status(), rejection.body_text())),
        }
    }
}

impl Form {
    /// The fields of a query string, as of a form sent by `GET`.
    pub fn of_query(uri: &Uri) -> Self {
        let pairs = axum::extract::Query::try_from_uri(uri);
        Self(pairs.map(|pairs| pairs.0).unwrap_or_default())
    }

    /// The value of a field; of several the last.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next_back()
    }

    fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &str> {
        let pairs = self.0.iter().filter(move |(key, _)| key == name);
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
        let schema = serde_json::to_value(T::schema()).unwrap_or_default();
        let mut fields = Map::new();
        let mut errors = FieldErrors::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            match self.value(name, property) {
                Ok(Some(value)) => {
                    fields.insert(name.clone(), value);
                }
                Ok(None) => {}
                Err(message) => {
                    errors.insert(name.clone(), vec![message.to_owned()]);
                }
            }
        }
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

    /// The JSON value that a field stands for; none if it was not sent.
    fn value(&self, name: &str, property: &Value) -> Result<Option<Value>, &'static str> {
        let kinds = &property["type"];
        let is = |kind: &str| {
            let mut all = kinds.as_array().into_iter().flatten();
            kinds == kind || all.any(|one| one == kind)
        };
        let Some(text) = self.get(name) else {
            // An empty box is not sent at all.
            return Ok(is("boolean").then_some(Value::Bool(false)));
        };
        Ok(Some(if is("array") {
            self.all(name).map(Value::from).collect()
        } else if text.is_empty() && is("null") {
            Value::Null
        } else if is("boolean") {
            Value::Bool(!["", "false", "off", "0"].contains(&text))
        } else if is("integer") {
            let number: Result<i64, _> = text.trim().parse();
            Value::from(number.map_err(|_| "is not a whole number")?)
        } else if is("number") {
            let number: Result<f64, _> = text.trim().parse();
            Value::from(number.map_err(|_| "is not a number")?)
        } else {
            // Browsers end lines as mail does.
            Value::from(text.replace("\r\n", "\n"))
        }))
    }

    /// The form again, with what is wrong at its fields. Other errors go on.
    pub fn explain(self, error: Error) -> Result<Filled> {
        match error {
            Error::Invalid(errors) => Ok(Filled::new(self, errors)),
            Error::Conflict { errors, .. } if !errors.is_empty() => Ok(Filled::new(self, errors)),
            error => Err(error),
        }
    }
}

/// A form to be rendered: `{% from "forms.html" import field, problems %}`.
#[derive(Debug, Default, Serialize)]
pub struct Filled {
    values: BTreeMap<String, String>,
    errors: FieldErrors,
}

impl Filled {
    fn new(form: Form, errors: FieldErrors) -> Self {
        let values = form.0.into_iter().collect();
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
        Form(pairs.collect())
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
