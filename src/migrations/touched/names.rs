//! Names followed through a list of operations, in both directions.

use std::collections::BTreeMap;

use crate::schema::Schema;

/// Follows names through a list of operations back to those before the first.
pub(super) struct Names<'a> {
    pub(super) before: &'a Schema,
    /// By the table's name now, the one before.
    pub(super) tables: BTreeMap<String, String>,
    /// By table and column now, the column's name before.
    pub(super) columns: BTreeMap<(String, String), String>,
}

impl<'a> Names<'a> {
    pub(super) fn from_schema(before: &'a Schema) -> Self {
        let mut names = Self {
            before,
            tables: BTreeMap::new(),
            columns: BTreeMap::new(),
        };
        for table in before.tables.values() {
            names.tables.insert(table.name.clone(), table.name.clone());
            for column in &table.columns {
                let place = (table.name.clone(), column.name.clone());
                names.columns.insert(place, column.name.clone());
            }
        }
        names
    }

    /// What a table of before is called in the end; `None` where it is gone.
    pub(super) fn table_now(&self, before: &str) -> Option<&String> {
        let found = self.tables.iter().find(|(_, old)| *old == before);
        found.map(|(now, _)| now)
    }

    /// What a column of before is called in the end.
    pub(super) fn column_now(&self, table: &str, before: &str) -> Option<&String> {
        let table = self.table_now(table)?;
        let is_it = |((t, _), old): &(&(String, String), &String)| t == table && *old == before;
        self.columns.iter().find(is_it).map(|((_, now), _)| now)
    }

    pub(super) fn table(&self, now: &str) -> Option<String> {
        self.tables.get(now).cloned()
    }

    pub(super) fn column(&self, table: &str, column: &str) -> Option<(String, String)> {
        let before = self.columns.get(&(table.to_owned(), column.to_owned()))?;
        Some((self.table(table)?, before.clone()))
    }

    pub(super) fn rename_table(&mut self, from: &str, to: &str) {
        if let Some(before) = self.tables.remove(from) {
            self.tables.insert(to.to_owned(), before);
        }
        let moved: Vec<_> = self
            .columns
            .keys()
            .filter(|(t, _)| t == from)
            .cloned()
            .collect();
        for key in moved {
            if let Some(before) = self.columns.remove(&key) {
                self.columns.insert((to.to_owned(), key.1), before);
            }
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        if let Some(before) = self.columns.remove(&(table.to_owned(), from.to_owned())) {
            self.columns
                .insert((table.to_owned(), to.to_owned()), before);
        }
    }
}
