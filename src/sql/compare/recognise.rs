//! What a catalogue says, in the words of a schema that is known: a database does not remember every one of them.

use crate::schema::{Schema, Table};

use super::Dialect;

impl Dialect {
    /// `live` with the types, defaults and names of `known` wherever the database keeps both alike. What differs
    /// stays as it was found.
    pub(crate) fn recognise(self, known: &Schema, live: &Schema) -> Schema {
        let mut found = live.clone();
        for table in found.tables.values_mut() {
            if let Some(model) = known.table(&table.name) {
                self.recognise_table((known, model), live, table);
            }
        }
        let used = |name: &str| {
            let mut columns = found.tables.values().flat_map(|table| &table.columns);
            columns.any(|column| column.kind.enum_name() == Some(name))
        };
        let kinds = live.enums.values().chain(known.enums.values());
        let enums: Vec<_> = kinds.filter(|kind| used(&kind.name)).cloned().collect();
        found.enums.clear();
        for kind in enums {
            // What the database says of values comes first.
            found.enums.entry(kind.name.clone()).or_insert(kind);
        }
        found
    }

    fn recognise_table(self, (known, model): (&Schema, &Table), live: &Schema, table: &mut Table) {
        let before = table.clone();
        for column in &mut table.columns {
            let Some(other) = model.column(&column.name) else {
                continue;
            };
            let ours = self.stored_type(model, other, known);
            if ours == self.stored_type(&before, column, live) {
                column.kind = other.kind.clone();
            }
            if self.stored_default(other) == self.stored_default(column) {
                column.default.clone_from(&other.default);
            }
            if self.stored_counting(model, other) == self.stored_counting(&before, column) {
                column.auto_increment = other.auto_increment;
            }
            if before.primary_key.contains(&column.name) {
                column.nullable = other.nullable;
            }
            if self == Self::Sqlite {
                column.comment.clone_from(&other.comment);
            }
            // No catalogue tells what was pasted behind a definition.
            column.extra.clone_from(&other.extra);
        }
        for index in std::mem::take(&mut table.indexes) {
            let twin = model.indexes.iter().find(|twin| {
                self.shortened(&twin.name) == index.name
                    && twin.columns == index.columns
                    && twin.unique == index.unique
            });
            if let Some(twin) = twin {
                table.unsaid.part_renamed(&index.name, &twin.name);
            }
            table.add_index(twin.cloned().unwrap_or(index));
        }
        for mut key in std::mem::take(&mut table.foreign_keys) {
            let twin = model.foreign_keys.iter().find(|twin| {
                let named = self == Self::Sqlite || self.shortened(&twin.name) == key.name;
                named
                    && twin.columns == key.columns
                    && twin.table == key.table
                    && twin.references == key.references
            });
            if let Some(twin) = twin {
                key.name.clone_from(&twin.name);
                if self.stored_action(twin.on_delete) == self.stored_action(key.on_delete) {
                    key.on_delete = twin.on_delete;
                }
                if self.stored_action(twin.on_update) == self.stored_action(key.on_update) {
                    key.on_update = twin.on_update;
                }
            }
            table.add_foreign_key(key);
        }
        if self == Self::Sqlite {
            table.comment.clone_from(&model.comment);
        }
    }
}
