//! Foreign keys that no database can have: what they refer to is not unique.

use super::{ForeignKey, Schema, Table};

impl Schema {
    /// The foreign keys that are new since `before` and refer to columns that are not unique, each with its table. What
    /// the database is known to have counts too.
    pub(crate) fn impossible_references<'s>(
        &'s self,
        before: &Schema,
    ) -> Vec<(&'s Table, &'s ForeignKey)> {
        let keys = self
            .tables
            .values()
            .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
        keys.filter(|(table, key)| {
            let known = before.tables.get(&table.name);
            let is_old = known.is_some_and(|known| known.foreign_key(&key.name) == Some(key));
            let unique = |schema: &Schema| {
                let target = schema.tables.get(&key.table);
                target.is_some_and(|target| target.is_unique(&key.references))
            };
            let is_there = self.tables.contains_key(&key.table);
            is_there && !is_old && !unique(self) && !unique(before)
        })
        .collect()
    }
}

impl Table {
    /// Whether no two rows can agree in all of `columns`, because of a key or an index on just these.
    pub(crate) fn is_unique(&self, columns: &[String]) -> bool {
        let same = |others: &[String]| {
            others.len() == columns.len() && columns.iter().all(|column| others.contains(column))
        };
        let sole = |column: &String| self.column(column).is_some_and(|column| column.unique);
        same(&self.primary_key)
            || matches!(columns, [only] if sole(only))
            || self
                .indexes
                .iter()
                .any(|index| index.unique && same(&index.columns))
    }
}
