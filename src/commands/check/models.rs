//! The tag `models`: entities that cannot be understood, or look like mistakes.

use super::tag::{CheckContext, Tag};
use crate::check::{Check, Finding, Level};
use crate::error::Result;
use crate::models;

pub(super) const TAG: Tag = Tag {
    name: "models",
    by_default: true,
    checks: || vec![&UNREADABLE, &DOUBTFUL],
    run,
};

static UNREADABLE: Check = Check {
    id: "LUT101",
    name: "entity-unreadable",
    level: Level::Error,
    why: "What an entity means for the database cannot be told from its source, so no migration can be written.",
    instead: "add the attribute that settles it, such as `column_type`",
};

static DOUBTFUL: Check = Check {
    id: "LUT102",
    name: "entity-doubtful",
    level: Level::Warning,
    why: "The entities are clear, but something about them is probably not meant that way.",
    instead: "look at the place named",
};

fn run(site: &CheckContext) -> Result<Vec<Finding>> {
    let (entities, errors) = models::read_partly(&site.project.sources()?);
    let warnings = entities.warnings.into_iter();
    let doubtful = warnings.map(|warning| DOUBTFUL.found(warning));
    let unreadable = errors.into_iter().map(|error| {
        let message = match error.others() {
            Some(others) => format!("{} ({others})", error.message),
            None => error.message,
        };
        UNREADABLE
            .found(message)
            .at(error.place.path(), error.place.line())
            .showing(error.place.excerpt())
            .hint(error.help)
    });
    Ok(doubtful.chain(unreadable).collect())
}
