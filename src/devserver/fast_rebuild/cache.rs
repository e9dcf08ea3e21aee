//! What one session knows, for the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Observed;
use super::invocation::Invocation;
use super::link_recorder::write;

/// What is written down of one session for the next.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Cache {
    invocations: BTreeMap<String, Invocation>,
    edited: BTreeSet<String>,
}

impl Cache {
    pub(super) fn of(observed: &Observed) -> Self {
        Self {
            invocations: observed.invocations.clone(),
            edited: observed.edited.clone(),
        }
    }

    pub(super) fn write(&self, file: &Path) -> std::io::Result<()> {
        write(file, &serde_json::to_vec(self)?)
    }
}

/// Adds what an earlier session has written down, as far as it still holds.
#[expect(
    clippy::disallowed_methods,
    reason = "what was written beside a build is no file of the project"
)]
pub(super) fn restore(observed: &mut Observed, memory: &Path) {
    let Ok(text) = std::fs::read(memory) else {
        return;
    };
    // A file that another version wrote is as good as none.
    let memory: Cache = serde_json::from_slice(&text).unwrap_or_default();
    for (id, invocation) in memory.invocations {
        // A library of the same name was compiled in the same way. Programs are compared themselves. And two projects
        // may have one target folder.
        let is_ours = invocation
            .package()
            .is_some_and(|it| observed.packages.contains(it));
        let same = !invocation.is_library() || observed.libraries.contains(&invocation.library());
        let newer = observed
            .invocations
            .values()
            .any(|it| it.is_of_same_target(&invocation));
        if is_ours && same && !newer {
            observed.invocations.insert(id, invocation);
        }
    }
    let known_again = memory.edited.into_iter();
    let known_again: Vec<String> = known_again
        .filter(|id| observed.invocations.contains_key(id))
        .collect();
    observed.edited.extend(known_again);
}
