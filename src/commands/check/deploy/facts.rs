//! What the rules of the tag `deploy` look at.

use super::code::Code;
use super::models::Public;
use crate::project::settings::Settings;

/// What the rules look at.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) settings: Settings,
    /// Whether the project has users: most rules are about them.
    pub(super) accounts: bool,
    /// Whether users may log in by providers.
    pub(super) external_login: bool,
    pub(super) code: Code,
    /// Models whose API everybody writes to.
    pub(super) public: Vec<Public>,
    pub(super) release_build: bool,
    pub(super) open_dotenv: bool,
    /// Whether the database has a superuser; `None` where it cannot be asked, or has no users yet.
    pub(super) superuser: Option<bool>,
}
