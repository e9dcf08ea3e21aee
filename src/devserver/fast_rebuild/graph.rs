//! Which crates of the project use which.

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
        .filter(|it| it.is_library() && it.is_plain() && !is_for_building(invocations, it))
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

/// Whether macros or build scripts are made of a crate: then the others depend on what it does.
fn is_for_building(invocations: &BTreeMap<String, Invocation>, of: &Invocation) -> bool {
    let mut used = dependents(invocations, of);
    used.push(of);
    let mut tools = invocations.values().filter(|it| it.is_for_building());
    tools.any(|tool| used.iter().any(|it| tool.uses(it)))
}

/// The libraries that use a crate, be it through others.
pub(super) fn dependents<'a>(
    invocations: &'a BTreeMap<String, Invocation>,
    of: &Invocation,
) -> Vec<&'a Invocation> {
    let mut found: Vec<&Invocation> = Vec::new();
    let mut open = vec![of];
    while let Some(used) = open.pop() {
        for user in invocations.values() {
            let is_new = user.is_library() && !found.iter().any(|it| it.id() == user.id());
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
        .map(|it| (it.id(), it))
        .into()
    }

    fn names(invocations: &[Invocation]) -> Vec<&str> {
        invocations.iter().map(Invocation::crate_name).collect()
    }

    #[test]
    fn what_depends_on_edited_crates_is_around_them() {
        for (edited, expected, around) in [
            (&[][..], &[][..], &[][..]),
            (&["books-1"], &["books"], &["site"]),
            (&["platform-1"], &["platform"], &["books", "site", "users"]),
            (&["books-1", "site-1"], &["books", "site"], &[]),
            (&["books-1", "gone-1"], &["books"], &["site"]),
            // What macros are made of, and macros, decide what other crates hold.
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
