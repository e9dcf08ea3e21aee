//! The order of fields: SeaORM takes the order of a key's columns from it.

use crate::schema::{Column, Table};

/// The columns of `table` in an order in which the primary key and every unique key come as they should, if there is
/// one; as near to their own as may be.
pub(super) fn of_fields(table: &Table) -> Vec<&Column> {
    let mut order: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let keys = indexes.map(|index| &index.columns);
    // What comes last has the last word: the primary key.
    let keys = keys.chain([&table.primary_key]);
    let keys: Vec<&Vec<String>> = keys.filter(|key| key.len() > 1).collect();
    // Each pass may undo another key's order; where no order fits all, that would go on for ever.
    for _ in 0..=keys.len() {
        let before = order.clone();
        for key in &keys {
            let mut slots: Vec<usize> = key
                .iter()
                .filter_map(|name| order.iter().position(|other| other == name))
                .collect();
            slots.sort_unstable();
            for (slot, name) in slots.into_iter().zip(key.iter()) {
                order[slot] = name;
            }
        }
        if order == before {
            break;
        }
    }
    order.iter().filter_map(|name| table.column(name)).collect()
}
