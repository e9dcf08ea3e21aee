//! A database schema as plain data.
