//! Entity source to schema, by syntax alone: nothing is compiled.
//!
//! `source` is what comes in and how errors point into it; `index` is the tree of modules; `resolve` follows
//! names through it; `cfg` leaves out what is not compiled; `macros` expands what `macro_rules!` made; `attributes` reads
//! `#[sea_orm(…)]`, and `chain` the code that says the same; `entity`, `expanded`, `column`, `relation`, `values`,
//! `implementations` and `types` turn what they find into tables, foreign keys, enums and column types. SeaORM's own
//! macros are the truth for every rule here; `settings` is what the project says where its source does not.

mod attributes;
mod cfg;
mod chain;
mod column;
mod column_type;
mod constants;
mod defaults;
mod entity;
mod expanded;
mod implementations;
mod index;
mod macros;
mod relation;
mod resolve;
mod settings;
mod source;
mod twice;
mod types;
mod values;
mod write;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::schema::{ColumnRename, EnumType, Schema, Table};

pub(crate) use cfg::Features;
pub(crate) use settings::EntitySettings;
pub(crate) use source::{Diagnostic, Role, Source, Sources};
pub(crate) use write::{Modules, is_derivable, is_guess, number_literal, write};

use entity::Entity;
use index::{Index, ModuleId};
use twice::Twice;

/// What a project's entities say.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    pub(crate) schema: Schema,
    /// What `renamed_from` attributes say.
    pub(crate) renamed: Vec<ColumnRename>,
    /// Where a table (`books`) or a column (`books.isbn`) is declared: `apps/books/src/models/book.rs:12`.
    pub(crate) locations: BTreeMap<String, String>,
    /// Things that look like mistakes but leave the schema clear.
    pub(crate) warnings: Vec<String>,
    /// Tables and views of entities that somebody else makes: their names.
    pub(crate) unmanaged: Vec<String>,
    /// How many entities inside of migrations do not count.
    pub(crate) in_migrations: usize,
    /// How many entities are left out because something of them cannot be understood.
    pub(crate) unreadable: usize,
}

/// Reads every entity that the modules of `sources` reach.
///
/// # Errors
/// Everything that cannot be understood, each with its place and what would settle it; one for each cause.
pub(crate) fn read(sources: &Sources) -> Result<Entities, Vec<Diagnostic>> {
    let (entities, errors) = read_partly(sources);
    match errors.is_empty() {
        true => Ok(entities),
        false => Err(errors),
    }
}

/// Reads what can be read: the entities that are clear, and what is wrong with the others.
pub(crate) fn read_partly(sources: &Sources) -> (Entities, Vec<Diagnostic>) {
    let index = Index::new(sources);
    let settings = &sources.settings;
    let mut errors = index.problems();
    let mut entities = Entities {
        warnings: index.warnings(),
        ..Entities::default()
    };
    let mut found: Vec<Entity> = Vec::new();
    let mut broken: HashSet<ModuleId> = HashSet::new();
    for module in index.modules_with_entities() {
        if settings.excludes(&index.source(module).path) {
            continue;
        }
        if index.is_in_migrations(module) {
            entities.in_migrations += 1;
            continue;
        }
        if let Some(unsure) = index.unsure(module) {
            errors.push(unsure);
            entities.unreadable += 1;
            continue;
        }
        match entity::read(&index, module) {
            Ok((entity, mut more)) => {
                if !more.is_empty() {
                    broken.insert(module);
                    errors.append(&mut more);
                }
                found.push(entity);
            }
            Err(mut more) => {
                entities.unreadable += 1;
                errors.append(&mut more);
            }
        }
    }
    let by_module: HashMap<ModuleId, &Entity> =
        found.iter().map(|entity| (entity.module, entity)).collect();
    let mut keys = Vec::new();
    for entity in &found {
        let (mut own, mut more) = relation::read(&index, entity, &by_module);
        if !more.is_empty() {
            broken.insert(entity.module);
            errors.append(&mut more);
        }
        own.retain(|key| !settings.leaves(&key.table));
        keys.push(own);
    }
    relation::drop_other_sides(&found, &mut keys, &mut entities.warnings);
    let mut twice = Vec::new();
    for (entity, keys) in found.into_iter().zip(keys) {
        if broken.contains(&entity.module) {
            entities.unreadable += 1;
        } else if settings.leaves(&entity.table.name) {
            entities.unmanaged.push(entity.table.name);
        } else if let Err(error) = entities.add(entity, keys, &mut twice) {
            errors.push(error);
        }
    }
    errors.extend(twice::diagnostics(twice));
    if entities.is_empty() && errors.is_empty() {
        errors.extend(index.nothing_reached());
    }
    (entities, Diagnostic::grouped(errors))
}

impl Entities {
    /// Whether nothing at all was found.
    fn is_empty(&self) -> bool {
        self.schema.tables.is_empty() && self.unmanaged.is_empty()
    }

    fn add(
        &mut self,
        entity: Entity,
        keys: Vec<crate::schema::ForeignKey>,
        twice: &mut Vec<Twice>,
    ) -> Result<(), Diagnostic> {
        for kind in entity.enums.iter().cloned() {
            self.add_enum(kind, &entity)?;
        }
        let mut table: Table = entity.table;
        // The key is unique as it is; databases keep no second one.
        if let [only] = table.primary_key.clone().as_slice()
            && let Some(column) = table.column_mut(only)
        {
            column.unique = false;
        }
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
            twice.push(Twice {
                first: self.locations[&name].clone(),
                table: name,
                place: entity.place,
            });
            return Ok(());
        }
        self.locations
            .insert(name.clone(), entity.place.line_text());
        for field in &entity.fields {
            self.locations.insert(
                format!("{name}.{}", field.column),
                format!("{}:{}", entity.place.path(), field.line),
            );
            if let Some(old) = &field.renamed_from {
                self.renamed.push(ColumnRename {
                    table: name.clone(),
                    old: old.clone(),
                    new: field.column.clone(),
                });
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
