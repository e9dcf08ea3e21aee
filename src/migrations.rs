//! Operations, diff, history and file text of migrations: pure.
//!
//! A migration is a list of [`Operation`]s. Folding the operations of every migration, parents first, gives the
//! schema that the files lead to: no database is asked.

mod autodetect;
mod blocked;
mod branches;
mod diff;
mod files;
mod footprint;
mod history;
pub(crate) mod lint;
mod name;
mod plan;
mod rebuilds;
mod renames;
mod squash;
mod takeover;
mod text;
mod touched;
mod transactions;
mod unsaid;
mod values;
mod version;
mod write;

pub(crate) use crate::sql::Loss;
pub(crate) use autodetect::{Origin, Questioner, autodetect};
pub(crate) use blocked::Blocked;
pub(crate) use branches::Rewritten;
pub(crate) use diff::{Fills, diff};
pub(crate) use files::Problem;
pub(crate) use history::{File, History, Meta};
pub(crate) use name::{automatic_name, given_name};
pub(crate) use plan::{
    Applied, Direction, Interrupted, MigrationTarget, Recreation, Step, statement_hash,
};
pub(crate) use renames::{Of, Question, Renames};
#[cfg(test)]
pub(crate) use renames::{inner_questions, questions};
pub(crate) use squash::{Run, Squashed};
pub(crate) use takeover::Takeover;
pub(crate) use text::is_checksum;
pub(crate) use touched::TouchedColumn;
pub(crate) use transactions::in_transactions;
pub(crate) use unsaid::{fill_unsaid, with_unsaid};
#[cfg(test)]
pub(crate) use values::unanswered;
pub(crate) use version::next_version;
#[cfg(test)]
pub(crate) use write::inverted;
pub(crate) use write::{Extended, Written, extend, write, write_adopted};

#[cfg(test)]
mod tests;
