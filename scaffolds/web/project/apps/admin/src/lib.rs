//! The admin: staff find, add, change and delete the rows of every model that is registered, at `/admin`.
//!
//! A model is registered by `apps/<app>/src/admin/<model>.rs`, an app by a line in `src/admin.rs` of the project. What
//! may be saved is what the API's input type allows, so there is one set of rules.
//!
//! | Module | What it is about |
//! |---|---|
//! | [`options`] | what a model says of itself: columns of the list, search, filters, … |
//! | [`model`] | a model as plain data and five functions |
//! | [`registry`] | all apps and their models |
//! | `desk` | who asks, what they may do, and the frame of every page |
//! | `list`, `filter`, `cells` | the list of rows |
//! | `change`, `merge`, `save` | forms, and saving without undoing what others have saved meanwhile |
//! | `export` | all that match as a CSV file |
//! | `delete`, `action` | deleting, with what falls with it; and what is done to many rows |
//! | `history`, `log` | who changed what |
//! | `accounts` | users and groups |

mod accounts;
mod action;
mod cells;
mod change;
mod delete;
mod desk;
mod export;
mod filter;
mod flash;
mod history;
mod list;
mod log;
mod merge;
pub mod model;
pub mod models;
pub mod options;
pub mod registry;
mod save;
mod sql;
pub mod urls;

pub use model::{Model, Row};
pub use options::{Access, Action, Options, Order};
pub use registry::{Admin, App};

/// The app's page templates; one of the same name in the project's `templates/admin/` is used instead.
#[derive(Debug, rust_embed::Embed)]
#[folder = "templates"]
pub struct Templates;

/// The admin's stylesheet.
#[derive(Debug, rust_embed::Embed)]
#[folder = "static"]
struct Static;
