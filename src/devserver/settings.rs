//! Settings of the project that change while it is served: what can take effect does, and the rest is told.

use std::sync::Arc;

use super::address::Address;
use super::hands::Hands;
use super::proxy::Shared;
use super::run::Options;
use super::state::State;
use super::terminal::Terminal;
use crate::error::Result;

/// Reads where and how the site is to be served, flags included.
#[derive(Clone)]
pub(crate) struct Reread(pub(crate) Arc<dyn Fn() -> Result<(Address, Options)> + Send + Sync>);

impl std::fmt::Debug for Reread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reread")
    }
}

/// The settings as they were last read.
pub(super) struct Settings {
    reread: Reread,
    address: Address,
    options: Options,
    again: String,
}

impl Settings {
    /// `again` is the command that serves the site.
    pub(super) fn new(reread: Reread, address: Address, options: Options, again: &str) -> Self {
        Self {
            reread,
            address,
            options,
            again: again.to_owned(),
        }
    }

    /// Reads them again, after a file changed that may hold them.
    pub(super) fn refresh(
        &mut self,
        terminal: &Terminal,
        shared: &Shared,
        state: &mut State,
        hands: &mut Hands<'_>,
    ) {
        let (address, options) = match (self.reread.0)() {
            Ok(read) => read,
            Err(error) => {
                terminal.error(&error);
                return;
            }
        };
        if options.hosts != self.options.hosts {
            shared.set_hosts(options.hosts.clone());
        }
        hands.adopt(&options);
        state.set_stop_first(options.stop_first);
        if address != self.address {
            let again = &self.again;
            terminal.warning(format_args!(
                "run `{again}` again to listen on {address} instead"
            ));
        }
        if options.poll != self.options.poll {
            let again = &self.again;
            terminal.warning(format_args!(
                "run `{again}` again for `poll` to take effect"
            ));
        }
        (self.address, self.options) = (address, options);
    }
}
