//! A row as data.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// A row as its model writes it in JSON. What that leaves out, such as a password's hash, never gets here.
pub type Row = Map<String, Value>;

/// What is there before a row is, and after it was.
pub(crate) static NOTHING: LazyLock<Row> = LazyLock::new(Row::new);
