//! A live database and the entities of its program as one schema: the database's, with what the entities say instead.

mod conflict;
mod readable;
mod table;

pub(crate) use conflict::{Conflict, ConflictKind};

use crate::schema::Schema;

use super::Dialect;
use conflict::Conflicts;

/// What becomes of an adopted database.
pub(crate) struct Adoption {
    /// The tables of the entities as the database has them.
    pub(crate) schema: Schema,
    /// Where entities and database contradict each other.
    pub(crate) conflicts: Vec<Conflict>,
}

impl Dialect {
    /// The tables of `wanted` (the entities) as they are in `live`. What an entity leaves open is the database's to
    /// decide; what it says otherwise is a conflict, in which the schema takes the database's side.
    pub(crate) fn adopt(self, wanted: &Schema, live: &Schema) -> Adoption {
        let mut found = live.clone();
        found.tables.retain(|name, _| wanted.table(name).is_some());
        let mut schema = self.recognise(wanted, &found);
        let mut conflicts = Conflicts::default();
        for entity in wanted.tables.values() {
            match schema.tables.get_mut(&entity.name) {
                Some(table) => {
                    let adopting = table::Adopting {
                        dialect: self,
                        entities: wanted,
                        live: &found,
                        conflicts: &mut conflicts,
                    };
                    adopting.table(entity, table);
                }
                None => conflicts.push(ConflictKind::MissingTable, &entity.name, "", ""),
            }
        }
        self.adopt_enums(wanted, live, &mut schema, &mut conflicts);
        Adoption {
            schema,
            conflicts: conflicts.into_list(),
        }
    }

    fn adopt_enums(
        self,
        wanted: &Schema,
        live: &Schema,
        schema: &mut Schema,
        conflicts: &mut Conflicts,
    ) {
        for kind in wanted.enums.values() {
            let Some(found) = live
                .enums
                .get(&kind.name)
                .filter(|_| self == Self::Postgres)
            else {
                // Where enums are no objects of their own, the entity's name is as good as any.
                let used = schema.tables.values().flat_map(|table| &table.columns);
                let is_used = used.clone().any(|c| c.kind.enum_name() == Some(&kind.name));
                if is_used && !schema.enums.contains_key(&kind.name) {
                    schema.enums.insert(kind.name.clone(), kind.clone());
                }
                continue;
            };
            schema.enums.insert(kind.name.clone(), found.clone());
            if found.values == kind.values {
                continue;
            }
            let said = kind.values.clone();
            schema.unsaid_enums.insert(kind.name.clone(), said);
            let differs = found.values.len() != kind.values.len()
                || found
                    .values
                    .iter()
                    .any(|value| !kind.values.contains(value));
            if differs {
                conflicts.push(
                    ConflictKind::EnumValues,
                    &kind.name,
                    &kind.values.join(", "),
                    &found.values.join(", "),
                );
            }
        }
    }
}
