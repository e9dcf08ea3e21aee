//! `luthier runserver` on a site small enough to compile in a blink.
#![cfg(unix)]

mod bodies;
mod command;
#[cfg(target_os = "linux")]
mod fast_rebuild;
#[cfg(target_os = "linux")]
mod forking;
#[cfg(target_os = "linux")]
mod full_disk;
#[cfg(target_os = "linux")]
mod inputs;
#[cfg(target_os = "linux")]
mod prewarmed_compiler;
#[cfg(target_os = "linux")]
mod random_edits;
mod serving;
pub(crate) mod site;
#[cfg(target_os = "linux")]
mod times;
mod watching;
