//! What was asked of a new model.

use clap::ValueEnum;

use super::access::Access;
use crate::scaffold::entity::{Entity, Namespace};
use crate::scaffold::field::Field;

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) app: &'a str,
    /// In Pascal case.
    pub(crate) model: &'a str,
    pub(crate) fields: &'a [Field],
    /// The fields as typed, for errors; as many.
    pub(crate) typed: &'a [String],
    pub(crate) key: Key,
    /// Where the API is under `/api`, if not at the plural.
    pub(crate) route: Option<&'a str>,
    /// Whether there is an API.
    pub(crate) api: bool,
    /// Whether staff see it in the admin; only what has an API can be there.
    pub(crate) admin: bool,
    pub(crate) access: Access,
    /// Every model of the project, but for this one should it exist.
    pub(crate) entities: &'a [Entity],
    /// What the apps are to each other.
    pub(crate) namespace: Namespace,
}

/// The type of a primary key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Key {
    /// Counted up by the database
    #[default]
    I64,
    /// Made by the site, ordered by time
    Uuid,
}

impl Key {
    /// Its Rust type.
    pub(super) fn rust(self) -> &'static str {
        match self {
            Self::I64 => "i64",
            Self::Uuid => "Uuid",
        }
    }
}
