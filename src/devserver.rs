//! The development server: build, start, watch, and let a new generation take over on a change.
//!
//! [`state`] decides what follows from what happened and does nothing; [`run`] is the loop that feeds it events, and
//! its [`hands`] carry out the actions: a [`build`], a [`generation`]. The [`proxy`] owns the public port: the
//! generation that is up answers until the next one is ready, so that no request is ever dropped. Open pages are kept
//! current through what [`browser`] holds.

mod address;
mod browser;
mod build;
mod cargo_output;
mod change;
mod door;
mod editor;
mod files;
mod generation;
mod hands;
mod port;
mod process;
mod proxy;
mod roots;
mod run;
mod settings;
mod shortcut;
mod state;
mod terminal;
mod timing;
mod upstream;
mod watch;
mod watchdog;

pub(crate) use address::Address;
pub(crate) use port::check_free;
pub(crate) use run::{Migrations, Options, Site, serve};
pub(crate) use settings::Reread;
