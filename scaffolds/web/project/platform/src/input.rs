//! What an input type such as `BookInput` is made of, read from its schema: forms are drawn by it, and what is wrong
//! with a value is said by it.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, Schema};

use crate::fields::{JSON_REFERENCE, TIME_PATTERN};

/// One field of an input type.
#[derive(Clone, Debug, PartialEq)]
pub struct InputField {
    pub name: String,
    pub kind: Kind,
    /// Whether a client must send it.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its doc comment.
    pub description: Option<String>,
    pub default: Option<Value>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text { max_length: Option<u64> },
    Email { max_length: Option<u64> },
    Url { max_length: Option<u64> },
    Integer,
    Number,
    Decimal,
    Boolean,
    Date,
    Time,
    DateTime,
    Uuid,
    Choice(Vec<String>),
    Json,
    Bytes,
    List,
}

/// The fields of `T`, in the order in which it declares them.
pub fn input_fields<T: ToSchema>() -> Vec<InputField> {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    let named = |name: &str| {
        let (_, schema) = schemas.iter().find(|(known, _)| known == name)?;
        serde_json::to_value(schema).ok()
    };
    match T::schema() {
        RefOr::T(Schema::Object(object)) => fields_of(&object, &named),
        _ => Vec::new(),
    }
}

/// The fields that a schema describes. `named` finds the schemas that it refers to.
pub(crate) fn fields_of(object: &Object, named: &dyn Fn(&str) -> Option<Value>) -> Vec<InputField> {
    let fields = object.properties.iter().map(|(name, schema)| {
        let schema = serde_json::to_value(schema).unwrap_or_default();
        let required = object.required.contains(name);
        let default = schema.get("default").cloned();
        let (kind, or_null) = kind(&schema, named);
        // Any JSON may be null as well; there, what need not be sent may.
        let nullable = or_null || kind == Kind::Json && !required && default.is_none();
        InputField {
            name: name.clone(),
            required,
            nullable,
            description: schema["description"].as_str().map(str::to_owned),
            default,
            kind,
        }
    });
    fields.collect()
}

/// The kind that a schema describes, and whether null is also accepted. `named` finds what it refers to.
pub(crate) fn kind(schema: &Value, named: &dyn Fn(&str) -> Option<Value>) -> (Kind, bool) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return match named(name) {
            Some(schema) if reference != JSON_REFERENCE => kind(&schema, named),
            _ => (Kind::Json, false),
        };
    }
    for list in ["oneOf", "anyOf", "allOf"] {
        if let Some(items) = schema[list].as_array() {
            return one_of(items, named);
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let nullable = types.contains(&"null");
    let choices = schema["enum"].as_array();
    let kind = match types.iter().find(|name| **name != "null") {
        Some(_) if let Some(choices) = choices => {
            let texts = choices.iter().filter_map(Value::as_str);
            Kind::Choice(texts.map(str::to_owned).collect())
        }
        Some(&"string") => text(schema),
        Some(&"integer") => Kind::Integer,
        Some(&"number") => Kind::Number,
        Some(&"boolean") => Kind::Boolean,
        Some(&"array") => Kind::List,
        _ => Kind::Json,
    };
    (kind, nullable)
}

/// A decimal is documented as a string or a number; else one alternative counts, beside null.
fn one_of(items: &[Value], named: &dyn Fn(&str) -> Option<Value>) -> (Kind, bool) {
    let is = |item: &Value, names: &[&str]| names.iter().any(|name| item["type"] == *name);
    let nullable = items.iter().any(|item| is(item, &["null"]));
    let mut others = items.iter().filter(|item| !is(item, &["null"]));
    let has_number = items.iter().any(|item| is(item, &["number", "integer"]));
    if has_number && items.iter().any(|item| is(item, &["string"])) {
        return (Kind::Decimal, nullable);
    }
    match others.next() {
        Some(item) => {
            let (kind, or_null) = kind(item, named);
            (kind, nullable || or_null)
        }
        None => (Kind::Json, nullable),
    }
}

fn text(schema: &Value) -> Kind {
    let max_length = schema["maxLength"].as_u64();
    if schema["contentEncoding"] == "base64" {
        return Kind::Bytes;
    }
    if schema["pattern"] == TIME_PATTERN {
        return Kind::Time;
    }
    match schema["format"].as_str() {
        Some("email") => Kind::Email { max_length },
        Some("uri") => Kind::Url { max_length },
        Some("date") => Kind::Date,
        Some("date-time") => Kind::DateTime,
        Some("uuid") => Kind::Uuid,
        _ => Kind::Text { max_length },
    }
}

impl InputField {
    /// What to say of a value that cannot be read; `reason` is how `serde` puts it.
    pub(crate) fn refusal(&self, value: &Value, reason: &str) -> String {
        if value.is_null() {
            return "must not be null".to_owned();
        }
        match &self.kind {
            Kind::Text { .. } | Kind::Email { .. } | Kind::Url { .. } => "must be text",
            Kind::Integer if value.is_number() => "is out of range, or not a whole number",
            Kind::Integer => "is not a whole number",
            Kind::Number => "is not a number",
            Kind::Boolean => "must be true or false",
            Kind::Date => "is not a date such as 2024-02-29",
            Kind::Time => "is not a time such as 13:30:00",
            Kind::DateTime => "is not a date and time such as 2024-02-29T13:30:00Z",
            Kind::Uuid => "is not a UUID",
            Kind::Choice(choices) => {
                return format!("must be one of {}", choices.join(", "));
            }
            Kind::Decimal | Kind::Json | Kind::Bytes | Kind::List => reason,
        }
        .to_owned()
    }

    /// Any value that can be read, to go on with where the real one cannot.
    pub(crate) fn placeholder(&self) -> Value {
        if self.nullable {
            return Value::Null;
        }
        match &self.kind {
            Kind::Text { .. } | Kind::Email { .. } | Kind::Url { .. } | Kind::Bytes => json!(""),
            Kind::Integer => json!(0),
            Kind::Number => json!(0.0),
            Kind::Decimal => json!("0"),
            Kind::Boolean => json!(false),
            Kind::Date => json!("2000-01-01"),
            Kind::Time => json!("00:00:00"),
            Kind::DateTime => json!("2000-01-01T00:00:00Z"),
            Kind::Uuid => json!("00000000-0000-0000-0000-000000000000"),
            Kind::Choice(choices) => json!(choices.first()),
            Kind::Json => Value::Object(Map::new()),
            Kind::List => json!([]),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
    use serde::Serialize;

    use super::*;
    use crate::fields;

    #[derive(Serialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code, reason = "only its schema is looked at")]
    enum Status {
        Draft,
        SoldOut,
    }

    #[derive(ToSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    struct Input {
        /// As on the cover.
        #[schema(max_length = 200)]
        title: String,
        #[schema(format = Email)]
        contact: Option<String>,
        pages: i32,
        weight: Option<f64>,
        #[schema(schema_with = fields::decimal_schema::<10, 2>)]
        price: String,
        #[schema(schema_with = fields::optional_decimal_schema::<10, 2>)]
        discount: Option<String>,
        sold: bool,
        day: NaiveDate,
        #[schema(schema_with = fields::optional_time_schema)]
        opens: Option<NaiveTime>,
        #[schema(value_type = String, format = DateTime)]
        at: DateTime<Utc>,
        status: Status,
        other: Option<Status>,
        #[schema(schema_with = fields::json_schema)]
        data: Option<Value>,
        #[schema(schema_with = fields::base64::schema)]
        cover: Vec<u8>,
        tags: Vec<i64>,
    }

    #[test]
    fn every_kind_is_told_by_its_schema_in_the_order_of_the_type() {
        let choice = || Kind::Choice(vec!["draft".to_owned(), "sold_out".to_owned()]);
        let text = |max_length| Kind::Text { max_length };
        let expected = [
            ("title", text(Some(200)), false),
            ("contact", Kind::Email { max_length: None }, true),
            ("pages", Kind::Integer, false),
            ("weight", Kind::Number, true),
            ("price", Kind::Decimal, false),
            ("discount", Kind::Decimal, true),
            ("sold", Kind::Boolean, false),
            ("day", Kind::Date, false),
            ("opens", Kind::Time, true),
            ("at", Kind::DateTime, false),
            ("status", choice(), false),
            ("other", choice(), true),
            ("data", Kind::Json, true),
            ("cover", Kind::Bytes, false),
            ("tags", Kind::List, false),
        ];
        let found = input_fields::<Input>();
        assert_eq!(found[0].description.as_deref(), Some("As on the cover."));
        let found = found
            .into_iter()
            .map(|field| (field.name, field.kind, field.nullable));
        let expected = expected.map(|(name, kind, nullable)| (name.to_owned(), kind, nullable));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }
}
