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
    let said = format!("no pack made this project, and so it gets no `{feature}` from one");
    if !known {
        return Ok(Error::bad_input(said));
    }
    let databases: Vec<&str> = project.dialects.iter().map(|one| one.name()).collect();
    let error = Error::failed(said).hint(format!(
        "`{feature}` stands on the crate `platform`, and on a crate for each app, which only projects of the pack `{PACK}` have. \
         Nothing was written. What it takes:\n\
         1. `luthier startproject NAME --database {} --set admin=false` beside this project, and this one's migrations/ \
         copied into it\n\
         2. there, `luthier startapp APP`; move the entities to apps/APP/src/models, and name each in apps/APP/src/models.rs",
        databases.join(",")
    ));
    if feature != "admin" {
        return Ok(error.hint(format!("3. there, `luthier add {feature}`")));
    }
    let error = error.hint(
        "3. for each model an entity that implements `serde::Serialize`, and apps/APP/src/api/MODEL.rs with what may be saved: \
         a `struct MODELInput` that implements `serde::Deserialize`, `garde::Validate`, `utoipa::ToSchema` and \
         `IntoActiveModel`; these crates with `.workspace = true` in apps/APP/Cargo.toml\n\
         4. there, `luthier add admin`, which registers them all; then `luthier makemigrations && luthier migrate`",
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
