//! Operations to SQL statements, one file a dialect: pure.

mod dialect;

pub(crate) use dialect::Dialect;
