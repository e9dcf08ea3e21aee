//! Wiring into Rust source by syntax: a module in a module list, a call in a chain of calls.

mod call;
mod module;
mod source;

pub(in crate::scaffold) use call::arguments;
pub(crate) use call::{Call, add_call};
pub(crate) use module::{Module, add_module};
