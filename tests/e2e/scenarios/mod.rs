//! Changes to entities, one scenario each, carried out on databases with rows: SQLite, PostgreSQL and MariaDB.
//!
//! A scenario is written down as data: entities before and after, what is answered, rows, and what is left of them. What
//! holds for all of them is checked for each (see `harness`).

mod columns;
mod crowd;
mod databases;
mod django;
pub(crate) mod harness;
mod keys;
mod refusals;
mod renames;
mod squash;
