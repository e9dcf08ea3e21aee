//! The commands, one file each: its arguments and its `run`.

pub(crate) mod completions;
pub(crate) mod runserver;
pub(crate) mod startapp;
pub(crate) mod startproject;
