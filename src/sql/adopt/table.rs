//! One table of a database and its entity.

use crate::schema::{Action, Actions, Column, ForeignKey, Index, Schema, Table, UnsaidColumn};

use super::super::Dialect;
use super::super::compare::listed;
use super::{ConflictKind, Conflicts};

/// What there is to look at besides the table.
pub(super) struct Adopting<'a> {
    pub(super) dialect: Dialect,
    pub(super) entities: &'a Schema,
    pub(super) live: &'a Schema,
    pub(super) conflicts: &'a mut Conflicts,
}

impl Adopting<'_> {
    /// Notes in `table`, which is as in the database, what `entity` says instead.
    pub(super) fn table(mut self, entity: &Table, table: &mut Table) {
        if self.dialect != Dialect::Sqlite && entity.comment != table.comment {
            table.unsaid.comment = Some(entity.comment.clone());
        }
        for column in table.columns.clone() {
            match entity.column(&column.name) {
                Some(said) => {
                    let unsaid = self.column((entity, said), (table, &column));
                    if unsaid != UnsaidColumn::default() {
                        table.unsaid.columns.insert(column.name.clone(), unsaid);
                    }
                }
                None => {
                    if column.needs_value() && !column.is_generated() {
                        let place = format!("{}.{}", table.name, column.name);
                        self.conflicts
                            .push(ConflictKind::UnknownRequired, &place, "", "");
                    }
                    table.unsaid.only_columns.insert(column.name.clone());
                }
            }
        }
        for said in &entity.columns {
            if table.column(&said.name).is_none() {
                let place = format!("{}.{}", table.name, said.name);
                self.conflicts
                    .push(ConflictKind::MissingColumn, &place, "", "");
            }
        }
        self.primary_key(entity, table);
        self.uniques(entity, table);
        self.indexes(entity, table);
        self.keys(entity, table);
    }

    fn column(
        &mut self,
        (entity, said): (&Table, &Column),
        (table, column): (&Table, &Column),
    ) -> UnsaidColumn {
        let dialect = self.dialect;
        let place = format!("{}.{}", table.name, column.name);
        let mut unsaid = UnsaidColumn::default();
        let kinds = (
            dialect.stored_type(entity, said, self.entities),
            dialect.stored_type(table, column, self.live),
        );
        if kinds.0 != kinds.1 {
            unsaid.kind = Some(said.kind.clone());
            if !dialect.is_readable(&said.kind, &column.kind) {
                self.conflicts
                    .push(ConflictKind::Type, &place, &kinds.0, &kinds.1);
            }
        }
        let required = |table: &Table, column: &Column| {
            !column.nullable || table.primary_key.contains(&column.name)
        };
        let both = (required(entity, said), required(table, column));
        let computed = dialect == Dialect::Mysql && column.is_generated();
        if both.0 != both.1 && !computed {
            unsaid.nullable = Some(said.nullable);
            let kind = match both.1 {
                true => ConflictKind::DatabaseRequired,
                false => ConflictKind::DatabaseNullable,
            };
            self.conflicts.push(kind, &place, "", "");
        } else if said.nullable != column.nullable {
            unsaid.nullable = Some(said.nullable);
        }
        let defaults = (dialect.stored_default(said), dialect.stored_default(column));
        if defaults.0 != defaults.1 {
            unsaid.default = Some(said.default.clone());
            let computed = dialect.is_computed(said) && dialect.is_computed(column);
            if let (Some(said), false) = (&defaults.0, computed) {
                let found = defaults.1.as_deref().unwrap_or("none");
                self.conflicts
                    .push(ConflictKind::Default, &place, said, found);
            }
        } else if said.default != column.default {
            unsaid.default = Some(said.default.clone());
        }
        if said.auto_increment != column.auto_increment {
            unsaid.auto_increment = Some(said.auto_increment);
        }
        if said.comment != column.comment {
            unsaid.comment = Some(said.comment.clone());
        }
        if said.extra != column.extra {
            unsaid.extra = Some(said.extra.clone());
        }
        unsaid
    }

    fn primary_key(&mut self, entity: &Table, table: &mut Table) {
        if entity.primary_key == table.primary_key {
            return;
        }
        table.unsaid.primary_key = Some(entity.primary_key.clone());
        let mut both = (entity.primary_key.clone(), table.primary_key.clone());
        both.0.sort();
        both.1.sort();
        if both.0 != both.1 {
            let (said, found) = (listed(&entity.primary_key), listed(&table.primary_key));
            let kind = match table.primary_key.is_empty() {
                // SeaORM knows no entity without a key.
                true => ConflictKind::MissingKey,
                false => ConflictKind::PrimaryKey,
            };
            self.conflicts.push(kind, &table.name, &said, &found);
        }
    }

    fn uniques(&mut self, entity: &Table, table: &mut Table) {
        let mut said = uniques(entity);
        for found in uniques(table) {
            let twin = said
                .iter()
                .position(|other| other.name == found.name && other.columns == found.columns)
                .or_else(|| said.iter().position(|other| found.is_on(&other.columns)));
            let twin = twin.map(|at| said.remove(at));
            let inline = found.name.is_empty();
            match twin {
                Some(twin) if twin.name == found.name => {}
                Some(_) if !inline => {
                    table.unsaid.names.insert(found.name);
                }
                None if !inline => {
                    table.unsaid.only_parts.insert(found.name);
                }
                _ => {
                    let column = found.columns.concat();
                    table.unsaid.columns.entry(column).or_default().unique = Some(false);
                }
            }
        }
        for missing in said {
            let mut key = table.primary_key.clone();
            let mut columns = missing.columns.clone();
            key.sort();
            columns.sort();
            // What is the key is unique as well.
            if key != columns {
                let place = format!("{}.{}", table.name, missing.columns.join(", "));
                self.conflicts
                    .push(ConflictKind::MissingUnique, &place, "", "");
            }
            if missing.name.is_empty() {
                let column = missing.columns.concat();
                if table.column(&column).is_some() {
                    table.unsaid.columns.entry(column).or_default().unique = Some(true);
                }
            } else {
                table.unsaid.absent_indexes.push(missing);
            }
        }
    }

    fn indexes(&mut self, entity: &Table, table: &mut Table) {
        let plain = |table: &Table| -> Vec<Index> {
            let indexes = table.indexes.iter().filter(|index| !index.unique);
            indexes.cloned().collect()
        };
        let mut said = plain(entity);
        for found in plain(table) {
            let twin = said
                .iter()
                .position(|other| other.name == found.name && other.columns == found.columns)
                .or_else(|| said.iter().position(|other| other.columns == found.columns));
            match twin.map(|at| said.remove(at)) {
                Some(twin) if twin.name == found.name => {}
                Some(_) => {
                    table.unsaid.names.insert(found.name);
                }
                None => {
                    table.unsaid.only_parts.insert(found.name);
                }
            }
        }
        for missing in said {
            if missing
                .columns
                .iter()
                .any(|name| table.column(name).is_none())
            {
                continue;
            }
            let place = format!("{}.{}", table.name, missing.columns.join(", "));
            self.conflicts
                .push(ConflictKind::MissingIndex, &place, "", "");
            table.unsaid.absent_indexes.push(missing);
        }
    }

    fn keys(&mut self, entity: &Table, table: &mut Table) {
        let mut said = entity.foreign_keys.clone();
        for found in table.foreign_keys.clone() {
            let twin = said
                .iter()
                .position(|other| other.name == found.name && other.is_same_way(&found))
                .or_else(|| said.iter().position(|other| other.is_same_way(&found)));
            let Some(twin) = twin.map(|at| said.remove(at)) else {
                table.unsaid.only_parts.insert(found.name);
                continue;
            };
            if twin.name != found.name {
                table.unsaid.names.insert(found.name.clone());
            }
            if twin.on_delete != found.on_delete || twin.on_update != found.on_update {
                self.actions(&twin, &found, &table.name);
                let actions = Actions {
                    on_delete: twin.on_delete,
                    on_update: twin.on_update,
                };
                table.unsaid.actions.insert(found.name, actions);
            }
        }
        for missing in said {
            if missing
                .columns
                .iter()
                .any(|name| table.column(name).is_none())
            {
                continue;
            }
            let place = format!("{}.{}", table.name, missing.columns.join(", "));
            let to = format!("to {}", missing.table);
            self.conflicts
                .push(ConflictKind::MissingForeignKey, &place, &to, "");
            table.unsaid.absent_keys.push(missing);
        }
    }

    fn actions(&mut self, said: &ForeignKey, found: &ForeignKey, table: &str) {
        let place = format!("{table}.{}", found.columns.join(", "));
        for (event, said, found) in [
            ("on delete", said.on_delete, found.on_delete),
            ("on update", said.on_update, found.on_update),
        ] {
            // `NO ACTION` is what code generators write for silence.
            let Some(said) = self.dialect.stored_action(said) else {
                continue;
            };
            let found = self.dialect.stored_action(found);
            // As are `RESTRICT` and nothing where the entities are of MySQL, to which both are one. Either refuses.
            if (said, found) == (Action::Restrict, None) {
                continue;
            }
            if Some(said) != found {
                let found = found.map_or("NO ACTION", |action| action.sql());
                let (said, found) = (said.sql(), format!("{found} {event}"));
                self.conflicts
                    .push(ConflictKind::Action, &place, said, &found);
            }
        }
    }
}

/// The unique keys of a table; those of single columns that have no name of their own have none here.
fn uniques(table: &Table) -> Vec<Index> {
    let inline = table.columns.iter().filter(|column| column.unique);
    let inline = inline.map(|column| Index {
        name: String::new(),
        columns: vec![column.name.clone()],
        unique: true,
    });
    let indexes = table.indexes.iter().filter(|index| index.unique).cloned();
    inline.chain(indexes).collect()
}
