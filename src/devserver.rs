//! The development server: build, start, watch, and let a new generation take over when a file changes.
//!
//! [`state`] decides what follows from an event and has no effects; [`serve`] is the loop that feeds it events, and the
//! [`executor`] executes the actions it answers with.
//!
//! | Room | Subject |
//! |---|---|
//! | [`watch`] | which files changed, and what each change asks for |
//! | [`cargo_build`] | one run of `cargo build` |
//! | [`once`] | a build without a server, for a command of the program |
//! | [`fast_rebuild`] | an edited crate compiled and linked without cargo; an accelerator that may be taken away |
//! | [`command`] | what serves a site that is not a cargo binary |
//! | [`site`] | one run of the site (a generation): started, found ready, followed to its end |
//! | [`proxy`] | the owner of the public port: the current generation answers until the next one is ready |
//! | [`browser`] | what open pages are told |
//! | [`helper`] | processes of the site's framework that answer what we want to know of it |
//! | [`templates`] | templates that changed, compiled before pages load again |
//! | [`traceback`] | Python's exceptions, as pages show them |
//! | [`process`] | child processes in groups of their own, ended with us whatever happens |

mod browser;
mod cargo_build;
mod command;
mod executor;
mod fast_rebuild;
mod fingerprint;
mod fork_server;
mod helper;
mod once;
mod options;
mod process;
mod proxy;
mod serve;
mod site;
mod state;
mod templates;
mod terminal;
mod timing;
mod traceback;
mod watch;

// An item shadows a glob import: without the line `mod fast_rebuild;` above, and without its folder, every name below
// `fast_rebuild` means this one instead, and every build is cargo's.
#[allow(unused_imports, reason = "used when the room is deleted")]
use cargo_build::accelerator::without::*;

pub(crate) use cargo_build::reuse::reuse_dependencies;
pub(crate) use command::{Fork, Ready, Rules, ServerCommand};
pub(crate) use once::build;
pub(crate) use options::{Address, Options, ReloadOptions};
pub(crate) use proxy::port::check_free;
pub(crate) use serve::serve;
pub(crate) use site::{Migrations, Site};
