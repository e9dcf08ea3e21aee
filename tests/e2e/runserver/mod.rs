//! `luthier runserver` on a site small enough to compile in a blink.
#![cfg(unix)]

mod bodies;
mod serving;
#[cfg(target_os = "linux")]
mod shortcut;
mod site;
#[cfg(target_os = "linux")]
mod waiting;
mod watching;
