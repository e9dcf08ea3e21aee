//! Which crates of the project use which. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::invocation::Invocation;

/// The edited crates that can be compiled alone, and the crates that depend on them.
pub(super) fn edited_and_around(
    invocations: &BTreeMap<String, Invocation>,
    edited: &BTreeSet<String>,
) -> (Vec<Invocation>, Vec<Invocation>) {
    let edited: Vec<Invocation> = edited
        .iter()
        .filter_map(|id| invocations.get(id))
        .filter(|unit| unit.is_library() && unit.is_plain() && !is_for_building(invocations, unit))
        .cloned()
        .collect();
    let mut around: BTreeMap<String, Invocation> = BTreeMap::new();
    for invocation in &edited {
        for dependent in dependents(invocations, invocation) {
            around.insert(dependent.id(), dependent.clone());
        }
    }
    for invocation in &edited {
        around.remove(&invocation.id());
    }
    (edited, around.into_values().collect())
}

/// Whether macros or build scripts use a crate: then other crates depend on what it does.
fn is_for_building(invocations: &BTreeMap<String, Invocation>, unit: &Invocation) -> bool {
    let mut used = dependents(invocations, unit);
    used.push(unit);
    let mut tools = invocations.values().filter(|tool| tool.is_for_building());
    tools.any(|tool| used.iter().any(|unit| tool.uses(unit)))
}

/// The libraries that use a crate, directly or through others.
pub(super) fn dependents<'a>(
    invocations: &'a BTreeMap<String, Invocation>,
    unit: &Invocation,
) -> Vec<&'a Invocation> {
    let mut found: Vec<&Invocation> = Vec::new();
    let mut open = vec![unit];
    while let Some(used) = open.pop() {
        for user in invocations.values() {
            let is_new = user.is_library() && !found.iter().any(|known| known.id() == user.id());
            if is_new && user.uses(used) {
                found.push(user);
                open.push(user);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::invocation::tests::{library, macros};
    use super::*;

    fn project() -> BTreeMap<String, Invocation> {
        [
            library("platform", &["serde"]),
            library("books", &["platform", "derives"]),
            library("users", &["platform"]),
            library("site", &["books", "users"]),
            library("words", &[]),
            macros("derives", &["words"]),
        ]
        .map(|unit| (unit.id(), unit))
        .into()
    }

    fn names(invocations: &[Invocation]) -> Vec<&str> {
        invocations.iter().map(Invocation::crate_name).collect()
    }

    #[test]
    fn dependents_of_edited_crates_are_around_them() {
        for (edited, expected, around) in [
            (&[][..], &[][..], &[][..]),
            (&["books-1"], &["books"], &["site"]),
            (&["platform-1"], &["platform"], &["books", "site", "users"]),
            (&["books-1", "site-1"], &["books", "site"], &[]),
            (&["books-1", "gone-1"], &["books"], &["site"]),
            // Macros, and what they use, decide what other crates contain.
            (&["words-1"], &[], &[]),
            (&["derives-1"], &[], &[]),
        ] {
            let ids = edited.iter().map(|id| (*id).to_owned()).collect();
            let (found, near) = edited_and_around(&project(), &ids);
            assert_eq!(names(&found), expected, "{edited:?}");
            assert_eq!(names(&near), around, "{edited:?}");
        }
    }
}
