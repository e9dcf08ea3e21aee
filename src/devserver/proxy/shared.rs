//! State that all connections share.

use std::sync::{PoisonError, RwLock};

use tokio::sync::{mpsc, oneshot};

use super::switch::Switch;
use crate::devserver::browser::Pages;

/// How many headers a message may have: more than servers accept by default, so that the site decides.
pub(super) const MOST_HEADERS: usize = 1000;

/// State that all connections share.
#[derive(Debug)]
pub(in crate::devserver) struct Shared {
    pub(in crate::devserver) switch: Switch,
    pub(in crate::devserver) pages: Pages,
    /// Whether pages get our script, which keeps them current.
    pub(in crate::devserver) reload: bool,
    /// The secret that our script sends; new in each run.
    pub(in crate::devserver) token: String,
    /// Names of this machine besides the local ones.
    pub(in crate::devserver) hosts: RwLock<Vec<String>>,
    /// Requests of pages to apply pending migrations.
    pub(in crate::devserver) migrate_requests: mpsc::UnboundedSender<MigrateRequest>,
}

impl Shared {
    pub(in crate::devserver) fn set_hosts(&self, hosts: Vec<String>) {
        *self.hosts.write().unwrap_or_else(PoisonError::into_inner) = hosts;
    }
}

/// A page's request to apply pending migrations; the page shows the answer.
pub(in crate::devserver) type MigrateRequest = oneshot::Sender<Result<String, String>>;
