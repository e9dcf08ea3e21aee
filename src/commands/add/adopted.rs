//! What a project that no pack made needs before a part of a pack can be added to it.

use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::{Pack, existing};

/// The pack whose parts these are.
const PACK: &str = "web";
/// So many entities are named.
const MOST_NAMED: usize = 10;

/// Says what `feature` stands on, and which of the entities cannot be shown yet.
pub(super) fn refuse(project: &Project, feature: &str) -> Result<Error> {
    let known = match Pack::built_in(PACK) {
        Some(pack) => pack?.manifest.features.contains_key(feature),
        None => false,
    };
    let error = Error::bad_input(format_args!(
        "no pack made this project, and so it gets no `{feature}` from one"
    ));
    if !known {
        return Ok(error);
    }
    let error = error.hint(format!(
        "`{feature}` stands on the crate `platform` and on one crate for each app, as the pack `{PACK}` makes them: `luthier \
         startproject NAME` beside this project, move the entities to apps/APP/src/models, and run `luthier add {feature}` there"
    ));
    if feature != "admin" {
        return Ok(error);
    }
    let error = error.hint(
        "each model then needs an entity that implements `serde::Serialize`, and an input type in apps/APP/src/api that \
         implements `serde::Deserialize`, `garde::Validate`, `utoipa::ToSchema` and `IntoActiveModel`",
    );
    let sources = project.sources()?.files;
    let entities = sources.iter().flat_map(|source| {
        let lines = existing::not_serialized(&source.text).into_iter();
        lines.map(|line| format!("{}:{line}", source.path))
    });
    let entities: Vec<String> = entities.collect();
    Ok(match entities.len() {
        0 => error.hint("all entities here derive `Serialize` already"),
        count => {
            let named = entities[..count.min(MOST_NAMED)].join(", ");
            let rest = match count > MOST_NAMED {
                true => format!(" and {} more", count - MOST_NAMED),
                false => String::new(),
            };
            error.hint(format!(
                "without `Serialize` in their `#[derive(…)]`: {named}{rest}"
            ))
        }
    })
}
