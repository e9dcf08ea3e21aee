//! The admin over an in-memory database, with models of its own: shelves, things that lie on them, and slots.

mod access;
mod common;
mod deleting;
mod fuzz;
mod importing;
mod keys;
mod lines;
mod lists;
mod queries;
mod saving;
