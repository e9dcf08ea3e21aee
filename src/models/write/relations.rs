//! Relations: a field at either end of every reference between two entities.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;

use crate::inflection::{plural, relation_variant};
use crate::schema::{Action, ForeignKey, Table};

use super::attributes::quoted;
use super::names::{Fields, field_of, ident};

/// The lines of every entity's relations, by table.
pub(super) struct Relations {
    lines: BTreeMap<String, Vec<String>>,
}

impl Relations {
    pub(super) fn new(
        tables: &[&Table],
        modules: &BTreeMap<&str, String>,
        fields: &BTreeMap<&str, Fields>,
    ) -> Self {
        let mut builder = Builder {
            tables,
            modules,
            fields,
            taken: BTreeMap::new(),
            lines: BTreeMap::new(),
        };
        let references = builder.references();
        let mut forward = Vec::new();
        for reference in &references {
            forward.push(builder.belongs_to(reference));
        }
        for (reference, forward) in references.iter().zip(&forward) {
            builder.has(reference, forward);
        }
        Self {
            lines: builder.lines,
        }
    }

    pub(super) fn of_table(&self, table: &str) -> Vec<String> {
        self.lines.get(table).cloned().unwrap_or_default()
    }
}

/// One foreign key between two entities.
struct Reference<'a> {
    table: &'a Table,
    other: &'a Table,
    key: &'a ForeignKey,
    /// There are more between the same two, so that each needs a name.
    among_several: bool,
}

impl Reference<'_> {
    fn is_own(&self) -> bool {
        self.table.name == self.other.name
    }

    /// At most one row has the same values.
    fn is_unique(&self) -> bool {
        let columns = &self.key.columns;
        let unique = |name: &String| self.table.column(name).is_some_and(|column| column.unique);
        *columns == self.table.primary_key
            || (columns.len() == 1 && columns.iter().all(unique))
            || self
                .table
                .indexes
                .iter()
                .any(|index| index.unique && index.columns == *columns)
    }
}

/// The field that points at the other entity, and its relation's name.
struct Forward {
    field: String,
    relation: String,
}

struct Builder<'a> {
    tables: &'a [&'a Table],
    modules: &'a BTreeMap<&'a str, String>,
    fields: &'a BTreeMap<&'a str, Fields>,
    /// Names of relation fields, as variants, by table.
    taken: BTreeMap<String, BTreeSet<String>>,
    lines: BTreeMap<String, Vec<String>>,
}

impl<'a> Builder<'a> {
    /// Every foreign key that leads from an entity to an entity with such columns. Two over the same columns would be
    /// one to SeaORM.
    fn references(&self) -> Vec<Reference<'a>> {
        let mut found: Vec<Reference<'a>> = Vec::new();
        for table in self.tables {
            let mut seen = BTreeSet::new();
            for key in &table.foreign_keys {
                let other = self.tables.iter().find(|other| other.name == key.table);
                let Some(other) = other.filter(|other| fits(key, other)) else {
                    continue;
                };
                if seen.insert(&key.columns) {
                    found.push(Reference {
                        table,
                        other,
                        key,
                        among_several: false,
                    });
                }
            }
        }
        let pair = |reference: &Reference<'a>| {
            let mut names = [reference.table.name.as_str(), reference.other.name.as_str()];
            names.sort_unstable();
            names
        };
        let pairs: Vec<_> = found.iter().map(pair).collect();
        for (reference, own) in found.iter_mut().zip(&pairs) {
            reference.among_several = pairs.iter().filter(|other| *other == own).count() > 1;
        }
        found
    }

    /// A field name that neither a column nor a relation of `table` has.
    fn claim(&mut self, table: &str, wanted: &str) -> String {
        let fields = &self.fields[table];
        let taken = self.taken.entry(table.to_owned()).or_default();
        let mut name = wanted.to_owned();
        let mut number = 1;
        while fields.has(&name) || !taken.insert(relation_variant(&name)) {
            number += 1;
            name = match number {
                2 => format!("{wanted}_row"),
                number => format!("{wanted}_{number}"),
            };
        }
        name
    }

    fn push(&mut self, table: &str, line: String) {
        self.lines.entry(table.to_owned()).or_default().push(line);
    }

    fn path(&self, table: &str) -> String {
        format!("super::{}::Entity", ident(&self.modules[table]))
    }

    fn belongs_to(&mut self, reference: &Reference<'a>) -> Forward {
        let Reference {
            table, other, key, ..
        } = reference;
        let fields = &self.fields[table.name.as_str()];
        let wanted = match key.columns.as_slice() {
            [one] => {
                let field = fields.name(one);
                let short = field.strip_suffix("_id").filter(|short| !short.is_empty());
                short
                    .unwrap_or(&self.modules[other.name.as_str()])
                    .to_owned()
            }
            _ => self.modules[other.name.as_str()].clone(),
        };
        let columns = |fields: &Fields, columns: &[String]| {
            let names: Vec<String> = columns.iter().map(|name| fields.reference(name)).collect();
            match names.as_slice() {
                [one] => one.clone(),
                several => format!("({})", several.join(", ")),
            }
        };
        let from = columns(fields, &key.columns);
        let to = columns(&self.fields[other.name.as_str()], &key.references);
        let field = self.claim(&table.name, &wanted);
        let relation = relation_variant(&field);
        let implied = self.modules[other.name.as_str()].to_upper_camel_case();
        let named = reference.among_several || reference.is_own() || relation != implied;
        let mut list = vec![match reference.is_own() {
            true => "self_ref".to_owned(),
            false => "belongs_to".to_owned(),
        }];
        if named {
            list.push(format!("relation_enum = {}", quoted(&relation)));
        }
        if reference.is_own() {
            let reverse = relation_variant(&self.reverse_of_own(reference, &field));
            list.push(format!("relation_reverse = {}", quoted(&reverse)));
        }
        list.push(format!("from = {}", quoted(&from)));
        list.push(format!("to = {}", quoted(&to)));
        for (event, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
            if let Some(action) = action {
                list.push(format!("{event} = \"{}\"", name_of(action)));
            }
        }
        let path = match reference.is_own() {
            true => "Entity".to_owned(),
            false => self.path(&other.name),
        };
        let mut columns = key.columns.iter().filter_map(|name| table.column(name));
        let ty = match columns.any(|column| column.nullable) {
            true => format!("BelongsTo<Option<{path}>>"),
            false => format!("BelongsTo<{path}>"),
        };
        let line = field_of(&list, &field, &ty);
        self.push(&table.name, line);
        Forward { field, relation }
    }

    fn reverse_of_own(&self, reference: &Reference<'_>, field: &str) -> String {
        let module = &self.modules[reference.table.name.as_str()];
        format!("{}_by_{field}", plural(module))
    }

    /// The other end.
    fn has(&mut self, reference: &Reference<'a>, forward: &Forward) {
        let Reference { table, other, .. } = reference;
        let module = self.modules[table.name.as_str()].clone();
        let one = reference.is_unique() && !reference.is_own();
        let noun = if one { module.clone() } else { plural(&module) };
        let wanted = match (reference.is_own(), reference.among_several) {
            (true, _) => self.reverse_of_own(reference, &forward.field),
            (false, true) => format!("{noun}_by_{}", forward.field),
            (false, false) => noun,
        };
        let field = self.claim(&other.name, &wanted);
        let relation = relation_variant(&field);
        let mut list = Vec::new();
        if reference.is_own() {
            list.push("self_ref".to_owned());
            list.push(format!("relation_enum = {}", quoted(&relation)));
            list.push(format!("relation_reverse = {}", quoted(&forward.relation)));
        } else {
            list.push(if one { "has_one" } else { "has_many" }.to_owned());
            let implied = module.to_upper_camel_case();
            if reference.among_several {
                list.push(format!("relation_enum = {}", quoted(&relation)));
                list.push(format!("via_rel = {}", quoted(&forward.relation)));
            } else if self.names_relation(&other.name, &implied, &field) {
                list.push(format!("relation_enum = {}", quoted(&relation)));
            }
        }
        let path = match reference.is_own() {
            true => "Entity".to_owned(),
            false => self.path(&table.name),
        };
        let ty = match one {
            true => format!("HasOne<{path}>"),
            false => format!("HasMany<{path}>"),
        };
        let line = field_of(&list, &field, &ty);
        self.push(&other.name, line);
    }

    /// Whether another relation of `table` has the name that SeaORM would choose.
    fn names_relation(&mut self, table: &str, implied: &str, field: &str) -> bool {
        let taken = self.taken.entry(table.to_owned()).or_default();
        relation_variant(field) != implied && !taken.insert(implied.to_owned())
    }
}

/// Whether the other entity has the columns that the key points at.
fn fits(key: &ForeignKey, other: &Table) -> bool {
    key.columns.len() == key.references.len()
        && !key.references.is_empty()
        && key
            .references
            .iter()
            .all(|name| other.column(name).is_some())
}

/// As SeaORM's attributes name it.
fn name_of(action: Action) -> &'static str {
    match action {
        Action::Restrict => "Restrict",
        Action::Cascade => "Cascade",
        Action::SetNull => "SetNull",
        Action::NoAction => "NoAction",
        Action::SetDefault => "SetDefault",
    }
}
