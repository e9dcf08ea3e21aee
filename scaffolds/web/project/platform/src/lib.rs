//! The plumbing every app shares, as plain functions and extractors.
//!
//! | Module | What it gives to an app |
//! |---|---|
//! | [`site`] | [`Site`]: what every handler may use, and the router around all apps |
//! | [`error`] | [`Error`] and [`Result`]: `?` in a handler becomes a problem response |
//! | [`extract`] | `Path`, `Query`, [`Valid`](extract::Valid) and [`Patch`](extract::Patch): input, checked |
//! | [`list`] | paging, ordering, searching and filtering |
//! | [`response`] | `Created`: `201` with its `Location` |
//! | [`database`] | connecting, and changing only what differs |
//! | [`migrations`] | applying the SQL files under `migrations/` |
//! | [`templates`] | pages |
//! | [`fields`] | checks and formats for kinds of fields, beside those of `garde` |
//!
//! It belongs to this project: change it, or delete what you do not need.

pub mod assets;
pub mod database;
pub mod docs;
pub mod error;
pub mod extract;
pub mod fields;
pub mod health;
pub mod list;
pub mod middleware;
pub mod migrations;
pub mod response;
pub mod server;
pub mod site;
pub mod templates;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::{Error, Result};
pub use site::Site;
