//! Python sources: what the project's interpreter says of their syntax, edits that keep every other byte, and what the
//! templates of apps and models know. Pure.

pub(crate) mod adopt;
pub(crate) mod django;
pub(crate) mod edit;
pub(crate) mod flask;
pub(crate) mod framework;
mod literal;
pub(crate) mod model;

pub(crate) use edit::{Edit, Module, NewItem, SYNTAX};
