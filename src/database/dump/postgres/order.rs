//! Objects after those they depend on: pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::dump::item::Item;

/// An object that others may depend on.
pub(super) struct Node {
    /// Its place in the catalogue, as the edges name it.
    pub(super) key: String,
    pub(super) item: Item,
}

/// The items such that each comes after those it depends on (`(from, to)` of `edges`), otherwise as they came. Where
/// dependencies run in a cycle, the first of what is left is taken.
pub(super) fn ordered(nodes: Vec<Node>, edges: Vec<(String, String)>) -> Vec<Item> {
    let known: BTreeMap<String, usize> = nodes
        .iter()
        .enumerate()
        .map(|(number, node)| (node.key.clone(), number))
        .collect();
    let mut waits: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); nodes.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (from, to) in edges {
        if let (Some(from), Some(to)) = (known.get(&from), known.get(&to))
            && from != to
            // A sequence belongs to a column, whose default needs it first.
            && nodes[*from].item.kind != "sequence"
            && waits[*from].insert(*to)
        {
            followers[*to].push(*from);
        }
    }
    let mut ready: BTreeSet<usize> = (0..nodes.len()).filter(|n| waits[*n].is_empty()).collect();
    let mut open: BTreeSet<usize> = (0..nodes.len()).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(next) = ready.pop_first().or_else(|| open.first().copied()) {
        if !open.remove(&next) {
            continue;
        }
        order.push(next);
        for follower in &followers[next] {
            waits[*follower].remove(&next);
            if waits[*follower].is_empty() && open.contains(follower) {
                ready.insert(*follower);
            }
        }
    }
    let mut items: Vec<Option<Item>> = nodes.into_iter().map(|node| Some(node.item)).collect();
    order
        .into_iter()
        .filter_map(|number| items[number].take())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first() {
        let node = |key: &str, kind: &'static str| Node {
            key: key.into(),
            item: Item {
                kind,
                table: String::new(),
                name: key.into(),
                create: String::new(),
                drop: None,
                settings: Vec::new(),
            },
        };
        let nodes = vec![
            node("books", "table"),
            node("ids", "sequence"),
            node("slug", "function"),
            node("ring", "view"),
            node("rung", "view"),
        ];
        let edges = [
            ("books", "ids"),
            ("ids", "books"),
            ("books", "slug"),
            ("ring", "rung"),
            ("rung", "ring"),
            ("rung", "pg_type"),
        ];
        let edges = edges.map(|(from, to)| (from.to_owned(), to.to_owned()));
        let names: Vec<String> = ordered(nodes, edges.to_vec())
            .into_iter()
            .map(|item| item.name)
            .collect();
        assert_eq!(names, ["ids", "slug", "books", "ring", "rung"]);
    }
}
