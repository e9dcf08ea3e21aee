//! The words for what a step would take away.

use crate::migrations::{Loss, TouchedColumn};

pub(super) const GOES_AWAY: &str = "goes away";

/// What happens to a column, for a sentence about what uses it.
pub(super) fn change(column: &TouchedColumn) -> &'static str {
    match column {
        column if column.dropped => GOES_AWAY,
        column if column.retyped => "changes its type",
        column if column.renamed => "gets another name",
        _ => "changes",
    }
}

/// The way out for an object that can be dropped and made again around the change.
pub(super) fn around(drop: &str, create: &str) -> String {
    let create = create.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "drop it and create it again around the change, in the migration's file or by hand: `{drop};` before, `{create};` behind"
    )
}

/// The way out for an object that uses what goes away: made again as it is, it would not work.
pub(super) fn without(drop: &str, kind: &str) -> String {
    format!(
        "drop it in the migration's file, before the change, and create there what is to take its place, without what goes \
         away: `{drop};` and the new {kind} behind"
    )
}

pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What several columns lead to is told once.
pub(super) fn push(losses: &mut Vec<Loss>, loss: Loss) {
    if losses.iter().all(|other| other.message != loss.message) {
        losses.push(loss);
    }
}
