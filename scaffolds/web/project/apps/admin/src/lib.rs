//! The admin: staff find, add, change and delete the rows of every model that is registered, at `/admin`.
//!
//! A model is registered by `apps/<app>/src/admin/<model>.rs`, an app by a line in `src/admin.rs` of the project. What
//! may be saved is what the API's input type allows, so there is one set of rules.
//!
//! | Module | What it is about |
//! |---|---|
//! | [`options`] | what a model says of itself: columns of the list, search, filters, … |
//! | [`model`], [`calls`] | a model as plain data and five functions |
//! | [`registry`] | all apps and their models |
//! | `desk` | who asks, what they may do, and the frame of every page |
//! | `list`, `filter`, `facets`, `cells` | the list of rows |
//! | `change`, `form_page`, `choices`, `ticks` | the form of a row |
//! | `merge`, `save` | saving without undoing what others have saved meanwhile |
//! | `lines`, `inline` | several rows in one form: in the list, or on the page of the row they belong to |
//! | `export`, `import`, `table` | all that match as a CSV file, and rows from one |
//! | `lookup` | the rows that a reference may lead to, where there are many |
//! | `delete`, `action` | deleting, with what falls with it; and what is done to many rows |
//! | [`selection`] | what actions of one's own work on |
//! | `history`, `log` | who changed what |
//! | `accounts` | users and groups |

mod accounts;
mod action;
pub mod calls;
mod cells;
mod change;
mod choices;
mod delete;
mod described;
mod desk;
mod export;
mod facets;
mod filter;
mod form_page;
mod history;
mod import;
mod inline;
mod lines;
mod list;
mod log;
mod lookup;
mod merge;
pub mod model;
pub mod models;
mod notice;
pub mod options;
pub mod registry;
mod row;
mod save;
pub mod selection;
mod sql;
mod submit;
mod table;
mod ticks;
pub mod urls;

pub use model::Model;
pub use options::{Access, Action, Options, Order};
pub use registry::{Admin, App};
pub use row::Row;
pub use selection::Selection;

/// The app's page templates; one of the same name in the project's `templates/admin/` is used instead.
#[derive(Debug, rust_embed::Embed)]
#[folder = "templates"]
pub struct Templates;

/// The admin's stylesheet and script.
#[derive(Debug, rust_embed::Embed)]
#[folder = "static"]
struct Static;
