//! Packs, rendering, and wiring into existing Rust and TOML: pure.

pub(crate) mod addition;
pub(crate) mod app;
pub(crate) mod crates;
pub(crate) mod dev;
pub(crate) mod entity;
pub(crate) mod existing;
mod feature;
pub(crate) mod field;
mod manifest;
pub(crate) mod model;
pub(crate) mod new_project;
mod pack;
pub(crate) mod pages;
pub(crate) mod python;
pub(crate) mod render;
mod shipping;
mod syntax;
pub(crate) mod user_model;
pub(crate) mod values;
pub(crate) mod wire;

pub(crate) use dev::{Dev, Listen};
pub(crate) use feature::{Choices, EXTERNAL_LOGIN, Feature};
pub(crate) use manifest::{Apps, Language, PackQuestion, Verbs};
pub(crate) use pack::{Files, Pack, Rendered};
pub(crate) use shipping::Shipping;
