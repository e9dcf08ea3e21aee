//! Entity source to schema, by syntax alone: nothing is compiled.
//!
//! `source` is what comes in and how errors point into it; `index` is the tree of modules; `resolve` follows
//! names through it; `cfg` leaves out what is not compiled; `attributes` reads `#[sea_orm(…)]`, and `chain` the code that says the same; `entity`,
//! `expanded`, `column`, `relation`, `values` and `types` turn what they find into tables, foreign keys, enums and column types. SeaORM's own macros are the truth for
//! every rule here.

mod attributes;
mod cfg;
mod chain;
mod column;
mod defaults;
mod entity;
mod expanded;
mod index;
mod relation;
mod resolve;
mod source;
mod types;
mod values;
mod write;

use std::collections::{BTreeMap, HashMap};

use crate::schema::{EnumType, Schema, Table};

pub(crate) use cfg::Features;
pub(crate) use source::{Diagnostic, Source};
pub(crate) use write::{Modules, is_guess, write};

use entity::Entity;
use index::{Index, ModuleId};

/// What a project's entities say.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    pub(crate) schema: Schema,
    /// `renamed_from` attributes: table, old column, new column.
    pub(crate) renamed: Vec<(String, String, String)>,
    /// Where a table (`books`) or a column (`books.isbn`) is declared: `apps/books/src/models/book.rs:12`.
    pub(crate) locations: BTreeMap<String, String>,
    /// Things that look like mistakes but leave the schema clear.
    pub(crate) warnings: Vec<String>,
}

/// Reads every entity that the modules of `sources` reach.
///
/// # Errors
/// Everything that cannot be understood, each with its place and the attribute that would settle it.
pub(crate) fn read(sources: &[Source]) -> Result<Entities, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let index = match Index::new(sources) {
        Ok(index) => index,
        Err(error) => return Err(vec![error]),
    };
    let mut found: Vec<Entity> = Vec::new();
    for module in index.modules_with_entities() {
        if let Some(unsure) = index.unsure(module) {
            errors.push(unsure);
            continue;
        }
        match entity::read(&index, module) {
            Ok(entity) => found.push(entity),
            Err(mut more) => errors.append(&mut more),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let by_module: HashMap<ModuleId, &Entity> =
        found.iter().map(|entity| (entity.module, entity)).collect();
    let mut keys = Vec::new();
    for entity in &found {
        match relation::read(&index, entity, &by_module) {
            Ok(more) => keys.push(more),
            Err(mut more) => errors.append(&mut more),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut entities = Entities {
        warnings: index.warnings(),
        ..Entities::default()
    };
    for (entity, keys) in found.into_iter().zip(keys) {
        if let Err(error) = entities.add(entity, keys) {
            errors.push(error);
        }
    }
    if errors.is_empty() {
        Ok(entities)
    } else {
        Err(errors)
    }
}

impl Entities {
    fn add(
        &mut self,
        entity: Entity,
        keys: Vec<crate::schema::ForeignKey>,
    ) -> Result<(), Diagnostic> {
        for kind in entity.enums.iter().cloned() {
            self.add_enum(kind, &entity)?;
        }
        let mut table: Table = entity.table;
        for key in keys {
            if table.foreign_key(&key.name).is_none() {
                table.add_foreign_key(key);
            }
        }
        let name = table.name.clone();
        if let Some(other) = self.schema.tables.get(&name) {
            if *other == table {
                return Ok(());
            }
            let place = &self.locations[&name];
            return Err(entity.place.clone().with(
                format!("`{place}` describes the table `{name}` too, and differently"),
                "give one of the two entities another `table_name`",
            ));
        }
        self.locations
            .insert(name.clone(), entity.place.line_text());
        for field in &entity.fields {
            self.locations.insert(
                format!("{name}.{}", field.column),
                format!("{}:{}", entity.place.path(), field.line),
            );
            if let Some(old) = &field.renamed_from {
                self.renamed
                    .push((name.clone(), old.clone(), field.column.clone()));
            }
        }
        self.schema.tables.insert(name, table);
        Ok(())
    }

    fn add_enum(&mut self, kind: EnumType, entity: &Entity) -> Result<(), Diagnostic> {
        match self.schema.enums.get(&kind.name) {
            Some(other) if *other != kind => Err(entity.place.clone().with(
                format!(
                    "two enums are called `{}` and have different values",
                    kind.name
                ),
                "give one of them another `enum_name`",
            )),
            _ => {
                self.schema.enums.insert(kind.name.clone(), kind);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
