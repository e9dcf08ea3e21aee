//! The description of the API, for the pages that show it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, RefOr};

use crate::input::{InputField, Kind, fields_of, kind};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The API's description: as types, whose fields have their order, and as it is served.
pub(crate) struct Document {
    pub(crate) api: OpenApi,
    pub(crate) json: Arc<Value>,
}

/// One line of the list of operations.
#[derive(Debug, Serialize)]
pub(crate) struct Operation {
    method: String,
    path: String,
    summary: String,
    /// Whether it can be opened as it is.
    opens: bool,
}

impl Document {
    /// What a method does at a path; null if there is no such thing.
    pub(crate) fn operation(&self, path: &str, method: &str) -> &Value {
        &self.json["paths"][path][method]
    }

    /// Summaries by path and method: what `/api` answers.
    pub(crate) fn by_path(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut paths: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for operation in self.operations() {
            let methods = paths.entry(operation.path).or_default();
            methods.insert(operation.method, operation.summary);
        }
        paths
    }

    /// All there is, by path.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let paths = self.json["paths"].as_object();
        let at = |path: &String| {
            let known = METHODS.map(|method| (method, self.operation(path, method)));
            let known = known.into_iter().filter(|(_, known)| known.is_object());
            let operation = |(method, known): (&str, &Value)| Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                summary: known["summary"].as_str().unwrap_or_default().to_owned(),
                opens: method == "get" && !path.contains('{'),
            };
            known.map(operation).collect::<Vec<_>>()
        };
        paths
            .into_iter()
            .flat_map(|paths| paths.keys().flat_map(at))
            .collect()
    }

    pub(crate) fn has_parameter(&self, path: &str, name: &str) -> bool {
        let all = self.operation(path, "get")["parameters"].as_array();
        all.is_some_and(|all| all.iter().any(|known| known["name"] == name))
    }

    /// What the query of a path may hold: names, kinds and descriptions.
    pub(crate) fn parameters(&self, path: &str) -> Vec<(String, Kind, Option<String>)> {
        let all = self.operation(path, "get")["parameters"].as_array();
        let all = all.into_iter().flatten();
        let named = |name: &str| {
            let schema = &self.json["components"]["schemas"][name];
            schema.is_object().then(|| schema.clone())
        };
        let parameter = |known: &Value| {
            let name = known["name"].as_str()?.to_owned();
            let description = known["description"].as_str().map(str::to_owned);
            let (kind, _) = kind(&known["schema"], &named);
            (known["in"] == "query").then_some((name, kind, description))
        };
        all.filter_map(parameter).collect()
    }

    /// The fields of what a method takes, in the order of their type.
    pub(crate) fn input(&self, path: &str, method: &str) -> Option<Vec<InputField>> {
        let body = &self.operation(path, method)["requestBody"];
        let schema = body["content"]["application/json"]["schema"]["$ref"].as_str()?;
        let schemas = &self.api.components.as_ref()?.schemas;
        let named = |name: &str| serde_json::to_value(schemas.get(name)?).ok();
        match schemas.get(schema.rsplit('/').next()?)? {
            RefOr::T(Schema::Object(object)) => Some(fields_of(object, &named)),
            _ => None,
        }
    }
}
