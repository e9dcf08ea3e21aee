//! The database tables of the admin, one module a model.

pub mod log_entry;
