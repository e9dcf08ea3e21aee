//! The site that is developed, and its runs.
#![expect(
    clippy::disallowed_methods,
    reason = "sockets and copies of programs are not project files"
)]

mod generation;
mod readiness;
mod socket_activation;

use std::path::Path;
use std::sync::Arc;

use super::options::{Address, Options, ReloadOptions};
use crate::error::Result;

pub(super) use generation::{Launch, check};

/// A site to develop.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) root: &'a Path,
    /// The project's name, which is the name of its binary.
    pub(crate) name: &'a str,
    pub(crate) address: Address,
    /// Pages worth opening: paths below the address, with a description.
    pub(crate) pages: &'a [(&'a str, &'a str)],
    /// Environment variables for the site, besides those of this process.
    pub(crate) environment: &'a [(&'static str, &'static str)],
    /// The variable that tells the site the URL at which it is visited, if nothing else does.
    pub(crate) url_variable: Option<&'static str>,
    /// The command that serves it, for hints; an address may follow.
    pub(crate) command: &'a str,
    pub(crate) options: Options,
    /// Reads address and options again when the settings have changed.
    pub(crate) reload_options: Option<ReloadOptions>,
    /// Its database's migrations, if it has any.
    pub(crate) migrations: Option<Migrations>,
}

/// Migrations that are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Missing {
    /// The names of those that the database does not have.
    pub(super) pending: Vec<String>,
    /// Whose models no migration makes.
    pub(super) unmade: Vec<String>,
}

/// What names the migrations that the database does not have yet.
pub(crate) type LookForPending = Arc<dyn Fn() -> Result<Vec<String>> + Send + Sync>;

/// What the development server does about migrations. Both functions block, and run on a thread of their own.
#[derive(Clone)]
pub(crate) struct Migrations {
    /// The names of those that the database does not have yet, unless a helper of the site tells.
    pub(crate) pending: Option<LookForPending>,
    /// Applies them, as `luthier migrate` does.
    pub(crate) apply: Arc<dyn Fn() -> Result<()> + Send + Sync>,
}

impl std::fmt::Debug for Migrations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Migrations")
    }
}
