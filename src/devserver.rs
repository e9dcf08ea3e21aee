//! The development server: build, start, watch, and start again on a change.
//!
//! [`state`] decides what follows from what happened and does nothing; [`run`] is the loop that feeds it events and
//! carries out its actions, with [`build`], [`server`] and [`watch`] as its hands. While a build runs, the site that is
//! up keeps answering.

mod address;
mod build;
mod cargo_output;
mod change;
mod process;
mod progress;
mod run;
mod server;
mod state;
mod watch;

pub(crate) use address::Address;
pub(crate) use run::{Site, check_free, serve};
