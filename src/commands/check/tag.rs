//! A group of checks, and what each of them gets.

use crate::check::{Check, Finding};
use crate::context::Context;
use crate::error::Result;
use crate::project::Project;

/// One group of checks.
pub(super) struct Tag {
    pub(super) name: &'static str,
    /// Whether it runs where no tag is named.
    pub(super) by_default: bool,
    pub(super) checks: fn() -> Vec<&'static Check>,
    pub(super) run: fn(&CheckContext) -> Result<Vec<Finding>>,
}

/// What every check gets.
pub(super) struct CheckContext<'a> {
    pub(super) context: &'a Context,
    pub(super) project: Project,
    /// The tags that were named.
    pub(super) tags: &'a [String],
    /// The files that were named.
    pub(super) files: &'a [String],
    /// The database that was named, or its server.
    pub(super) database_url: Option<&'a str>,
}
