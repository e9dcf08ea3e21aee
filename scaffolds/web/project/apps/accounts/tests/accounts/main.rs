//! Accounts, over an in-memory database.

mod access;
mod common;
mod links;
mod login;
mod sessions;
