//! What one session has observed, kept for the next session.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Observed;
use super::invocation::Invocation;

/// The name of the cache file.
pub(super) const FILE: &str = "memory.json";

/// The contents of the cache file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Cache {
    invocations: BTreeMap<String, Invocation>,
    edited: BTreeSet<String>,
}

impl Cache {
    pub(super) fn new(observed: &Observed) -> Self {
        Self {
            invocations: observed.invocations.clone(),
            edited: observed.edited.clone(),
        }
    }

    pub(super) fn write(&self, file: &Path) -> std::io::Result<()> {
        std::fs::write(file, serde_json::to_vec(self)?)
    }
}

/// Adds what an earlier session has observed, as far as it is still valid.
pub(super) fn restore(observed: &mut Observed, cache: &Path) {
    let Ok(text) = std::fs::read(cache) else {
        return;
    };
    // A file of another version counts as empty.
    let cache: Cache = serde_json::from_slice(&text).unwrap_or_default();
    for (id, invocation) in cache.invocations {
        // A library of the same name was compiled in the same way. Programs are compared themselves. And two projects
        // may share a target directory.
        let is_ours = invocation
            .package()
            .is_some_and(|package| observed.packages.contains(package));
        let is_valid =
            !invocation.is_library() || observed.libraries.contains(&invocation.library());
        let is_outdated = observed
            .invocations
            .values()
            .any(|newer| newer.is_of_same_target(&invocation));
        if is_ours && is_valid && !is_outdated {
            observed.invocations.insert(id, invocation);
        }
    }
    let edited: Vec<String> = cache
        .edited
        .into_iter()
        .filter(|id| observed.invocations.contains_key(id))
        .collect();
    observed.edited.extend(edited);
}
