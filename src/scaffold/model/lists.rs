//! What the lists of a new model's API are ordered, searched and filtered by.

use serde::Serialize;

use super::column::Column;
use super::layout;

/// The parts of the API's code that list columns.
#[derive(Debug, Serialize)]
pub(super) struct Lists {
    /// `[Column::Id, Column::Title]`
    ordering: String,
    /// `id|title`: what `?ordering=` takes.
    orderings: String,
    /// As `ordering`.
    search: String,
    /// `[(Column::Title, self.title.into()), …]`; empty without filters.
    filters: String,
}

impl Lists {
    pub(super) fn from_columns(columns: &[&Column]) -> Self {
        let variant = |column: &Column| format!("Column::{}", column.variant);
        let ordered: Vec<&Column> = columns
            .iter()
            .copied()
            .filter(|column| column.orders)
            .collect();
        let mut ordering = vec!["Column::Id".to_owned()];
        ordering.extend(ordered.iter().map(|column| variant(column)));
        let mut orderings = vec!["id"];
        orderings.extend(ordered.iter().map(|column| &*column.name));
        let searched = columns.iter().copied().filter(|column| column.searches);
        let search: Vec<String> = searched.map(variant).collect();
        let filtered = columns.iter().filter(|column| column.filter.is_some());
        let filters: Vec<(String, String)> = filtered
            .map(|column| (variant(column), format!("self.{}.into()", column.ident)))
            .collect();
        Self {
            ordering: layout::array(&ordering, 4, 11),
            orderings: orderings.join("|"),
            search: layout::array(&search, 4, 9),
            filters: match filters.is_empty() {
                true => String::new(),
                false => layout::pairs(&filters, 8, 13),
            },
        }
    }
}
