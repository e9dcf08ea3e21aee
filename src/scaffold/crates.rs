//! Which app crates depend on which, so that no reference between models closes a cycle. Pure.

use std::collections::BTreeMap;

use toml_edit::{Document, Item, TableLike};

/// The app crates that each app crate depends on, by name.
pub(crate) type Graph = BTreeMap<String, Vec<String>>;

/// The crates out of `apps` that a `Cargo.toml` depends on; those of its tests alone do not count, as cargo
/// allows them to go in cycles. A text that is not TOML depends on nothing.
pub(crate) fn dependencies(manifest: &str, apps: &[String]) -> Vec<String> {
    let Ok(document) = Document::parse(manifest) else {
        return Vec::new();
    };
    let tables = |table: &dyn TableLike| -> Vec<String> {
        let sections = ["dependencies", "build-dependencies"].into_iter();
        let sections = sections.filter_map(|section| table.get(section)?.as_table_like());
        let entries = sections.flat_map(|section| section.iter());
        let package = |(name, item): (&str, &Item)| {
            let renamed = item.get("package").and_then(Item::as_str);
            renamed.unwrap_or(name).to_owned()
        };
        entries.map(package).collect()
    };
    let mut names = tables(document.as_table());
    let targets = document.get("target").and_then(Item::as_table_like);
    for (_, target) in targets.into_iter().flat_map(|targets| targets.iter()) {
        names.extend(target.as_table_like().map(tables).unwrap_or_default());
    }
    names.retain(|name| apps.contains(name));
    names.sort();
    names.dedup();
    names
}

/// The cycle that would close if `from` came to depend on `to`: both, and the crates on the way back, as in
/// `books → authors → people → books`.
pub(crate) fn cycle(graph: &Graph, from: &str, to: &str) -> Option<Vec<String>> {
    let mut way = vec![from.to_owned()];
    let mut seen = vec![];
    walk(graph, to, from, &mut way, &mut seen).then_some(way)
}

/// Goes from `at` to `goal`, keeping on `way` what leads there.
fn walk<'a>(
    graph: &'a Graph,
    at: &'a str,
    goal: &str,
    way: &mut Vec<String>,
    seen: &mut Vec<&'a str>,
) -> bool {
    way.push(at.to_owned());
    if at == goal {
        return true;
    }
    if !seen.contains(&at) {
        seen.push(at);
        for next in graph.get(at).into_iter().flatten() {
            if walk(graph, next, goal, way, seen) {
                return true;
            }
        }
    }
    way.pop();
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_depend_on_an_app_counts() {
        let apps = ["books", "authors", "people", "tags"].map(str::to_owned);
        let manifest = "
            [dependencies]
            axum = '0.8'
            books.workspace = true
            humans = { package = 'people', path = '../people' }
            [dev-dependencies]
            tags = { path = '../tags' }
            [target.'cfg(unix)'.dependencies.authors]
            path = '../authors'
        ";
        assert_eq!(
            dependencies(manifest, &apps),
            ["authors", "books", "people"]
        );
        assert!(dependencies("[dependencies", &apps).is_empty());
        assert!(dependencies("", &apps).is_empty());
    }

    #[test]
    fn a_cycle_is_found_however_long() {
        let graph: Graph = [("a", "b"), ("b", "c d"), ("c", "b"), ("d", "e"), ("e", "")]
            .into_iter()
            .map(|(from, to)| (from.to_owned(), to.split(' ').map(str::to_owned).collect()))
            .collect();
        let found = |from, to| cycle(&graph, from, to).map(|way| way.join(" → "));
        assert_eq!(found("a", "e"), None);
        assert_eq!(found("c", "e"), None);
        assert_eq!(found("e", "x"), None);
        assert_eq!(found("b", "a").as_deref(), Some("b → a → b"));
        assert_eq!(found("e", "a").as_deref(), Some("e → a → b → d → e"));
        assert_eq!(found("a", "a").as_deref(), Some("a → a"));
    }
}
