//! The admin over an in-memory database, with two models of its own: shelves, and things that lie on them.

mod access;
mod common;
mod deleting;
mod fuzz;
mod importing;
mod lines;
mod lists;
mod queries;
mod saving;
