//! Where a package is wanted: on every system, or only where a marker holds.

use std::collections::{BTreeMap, BTreeSet};

/// Alternatives, each of markers that have to hold together. One that is empty always holds.
type Alternatives = BTreeSet<BTreeSet<String>>;

/// One package needs another, perhaps only where a marker holds.
pub(super) struct Edge<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) marker: Option<&'a str>,
}

/// For each package that is reached from `start`: the marker under which it is; `None` where it always is.
pub(super) fn of_each(start: &[usize], edges: &[Edge<'_>]) -> BTreeMap<usize, Option<String>> {
    let mut wanted: BTreeMap<usize, Alternatives> = BTreeMap::new();
    for place in start {
        wanted.insert(*place, [BTreeSet::new()].into());
    }
    let mut waiting: Vec<usize> = start.to_vec();
    while let Some(place) = waiting.pop() {
        let here = wanted.get(&place).cloned().unwrap_or_default();
        for edge in edges.iter().filter(|edge| edge.from == place) {
            let there = wanted.entry(edge.to).or_default();
            let before = there.clone();
            for mut all in here.clone() {
                all.extend(edge.marker.map(str::to_owned));
                there.insert(all);
            }
            simplify(there);
            if *there != before {
                waiting.push(edge.to);
            }
        }
    }
    wanted
        .into_iter()
        .map(|(place, alternatives)| (place, text(&alternatives)))
        .collect()
}

/// Drops alternatives that another, which asks for less, includes.
fn simplify(alternatives: &mut Alternatives) {
    let all = alternatives.clone();
    alternatives.retain(|one| !all.iter().any(|other| other != one && other.is_subset(one)));
}

fn text(alternatives: &Alternatives) -> Option<String> {
    if alternatives.iter().any(BTreeSet::is_empty) {
        return None;
    }
    let bracketed = |marker: &String| match marker.contains(" or ") {
        true => format!("({marker})"),
        false => marker.clone(),
    };
    let together = |all: &BTreeSet<String>| {
        let all: Vec<String> = all.iter().map(bracketed).collect();
        all.join(" and ")
    };
    let several = alternatives.len() > 1;
    let each = alternatives
        .iter()
        .map(|all| match several && all.len() > 1 {
            true => format!("({})", together(all)),
            false => match all.first() {
                Some(one) if all.len() == 1 => one.clone(),
                _ => together(all),
            },
        });
    Some(each.collect::<Vec<_>>().join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker_of(last: usize, edges: &[(usize, usize, Option<&'static str>)]) -> Option<String> {
        let edges: Vec<Edge> = edges
            .iter()
            .map(|(from, to, marker)| Edge {
                from: *from,
                to: *to,
                marker: *marker,
            })
            .collect();
        of_each(&[0], &edges).remove(&last).expect("it is reached")
    }

    #[test]
    fn markers_add_up_along_the_way_and_alternatives_are_joined() {
        let windows = Some("sys_platform == 'win32'");
        let old = Some("python_version < '3.12'");
        assert_eq!(marker_of(1, &[(0, 1, None)]), None);
        assert_eq!(
            marker_of(2, &[(0, 1, windows), (1, 2, None)]).as_deref(),
            windows
        );
        assert_eq!(
            marker_of(2, &[(0, 1, windows), (1, 2, None), (0, 2, None)]),
            None
        );
        assert_eq!(
            marker_of(2, &[(0, 1, windows), (1, 2, old)]).as_deref(),
            Some("python_version < '3.12' and sys_platform == 'win32'")
        );
        assert_eq!(
            marker_of(1, &[(0, 1, windows), (0, 1, old)]).as_deref(),
            Some("python_version < '3.12' or sys_platform == 'win32'")
        );
        // A cycle ends.
        assert_eq!(
            marker_of(1, &[(0, 1, windows), (1, 2, None), (2, 1, old)]).as_deref(),
            windows
        );
    }
}
