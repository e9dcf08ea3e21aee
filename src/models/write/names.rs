//! Names of modules, fields and variants: Rust's rules over whatever a database allows.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::inflection;
use crate::schema::{Index, Table};

use super::super::entity::base_name;
use super::attributes::attribute;

/// The fields of an entity by their columns.
#[derive(Debug)]
pub(super) struct Fields {
    by_column: BTreeMap<String, String>,
    /// As variants of `Column`, which must differ too.
    variants: BTreeSet<String>,
}

impl Fields {
    pub(super) fn new(table: &Table) -> Self {
        let mut fields = Self {
            by_column: BTreeMap::new(),
            variants: BTreeSet::new(),
        };
        for column in &table.columns {
            let field = fields.claim(&snake(&column.name, "column"));
            fields.by_column.insert(column.name.clone(), field);
        }
        fields
    }

    /// The field of a column, without `r#`.
    pub(super) fn name<'a>(&'a self, column: &'a str) -> &'a str {
        self.by_column.get(column).map_or(column, String::as_str)
    }

    /// A column as relations name it: a word that is no keyword.
    pub(super) fn reference(&self, column: &str) -> String {
        let field = self.name(column);
        match ident(field) == field {
            true => field.to_owned(),
            false => field.to_upper_camel_case(),
        }
    }

    /// A field like `wanted` that the entity does not have yet.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.variants.insert(name.to_upper_camel_case()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.variants.contains(&name.to_upper_camel_case())
    }
}

/// The modules of tables: the singular of their names, or the names where two would be one.
pub(super) fn modules<'t>(tables: &[&'t Table]) -> BTreeMap<&'t str, String> {
    let mut modules = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for table in tables {
        let base = snake(base_name(&table.name), "table");
        let whole = snake(&table.name.replace('.', "_"), "table");
        let wanted = [singular(&base), base, whole.clone()];
        let free = wanted.into_iter().find(|name| !taken.contains(name));
        let mut name = free.unwrap_or_else(|| whole.clone());
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{whole}_{number}");
            number += 1;
        }
        modules.insert(table.name.as_str(), name);
    }
    modules
}

/// The singular, where Rust takes it.
fn singular(name: &str) -> String {
    let singular = inflection::singular(name);
    match is_word(&singular) {
        true => singular,
        false => name.to_owned(),
    }
}

/// A name in snake case that Rust takes, with `r#` if need be; `what` where nothing is left of it.
fn snake(name: &str, what: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    let snake = kept.to_snake_case();
    if snake.is_empty() {
        return what.to_owned();
    }
    [snake.clone(), format!("{what}_{snake}")]
        .into_iter()
        .find(|name| is_word(name))
        .unwrap_or_else(|| what.to_owned())
}

fn is_word(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(&ident(name)).is_ok()
}

/// The name as code writes it: `r#type`.
pub(super) fn ident(name: &str) -> String {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => name.to_owned(),
        Err(_) => format!("r#{name}"),
    }
}

/// The column that SeaORM takes a field for, unless it is told another.
pub(super) fn column_of(field: &str) -> String {
    let variant = field.to_upper_camel_case();
    match variant.to_snake_case() == field {
        true => variant.to_snake_case(),
        false => field.to_snake_case(),
    }
}

/// The `unique_key` of an index: what SeaORM's name of it ends in, if that is a word.
pub(super) fn unique_key(table: &str, index: &Index) -> String {
    let own = index.name.strip_prefix(&format!("idx-{table}-"));
    match own {
        Some(key) if syn::parse_str::<syn::Ident>(key).is_ok() => key.to_owned(),
        _ => {
            let key = snake(&index.columns.join("_"), "key");
            match syn::parse_str::<syn::Ident>(&key) {
                Ok(_) => key,
                Err(_) => format!("{key}_key"),
            }
        }
    }
}

/// A type's or a variant's name that is not in `taken` yet.
pub(super) fn camel(name: &str, what: &str, taken: &mut BTreeSet<String>) -> String {
    let kept: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    let camel = kept.to_upper_camel_case();
    let valid = |name: &String| syn::parse_str::<syn::Ident>(name).is_ok();
    let wanted = [camel.clone(), format!("{what}{camel}"), what.to_owned()]
        .into_iter()
        .find(valid)
        .unwrap_or_else(|| what.to_owned());
    let mut name = wanted.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}

/// A field with its attribute, as a line or two of a struct.
pub(super) fn field_of(arguments: &[String], name: &str, ty: &str) -> String {
    let mut text = String::new();
    if !arguments.is_empty() {
        text.push_str(&format!("    {}\n", attribute(arguments, 4)));
    }
    let line = format!("    pub {}: {ty},\n", ident(name));
    match line.chars().count() > 100 {
        true => text.push_str(&format!("    pub {}:\n        {ty},\n", ident(name))),
        false => text.push_str(&line),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_one_that_rust_takes() {
        for (name, expected) in [
            ("title", "title"),
            ("Release Year", "release_year"),
            ("type", "type"),
            ("self", "column_self"),
            ("2nd", "column_2nd"),
            ("größe", "größe"),
            ("!?", "column"),
            ("", "column"),
        ] {
            assert_eq!(snake(name, "column"), expected, "{name}");
        }
        assert_eq!(ident("type"), "r#type");
        assert_eq!(column_of("address2"), "address2");
    }

    #[test]
    fn modules_are_singular_unless_that_is_taken() {
        let table = |name: &str| Table {
            name: name.into(),
            ..Table::default()
        };
        let tables = ["book", "books", "categories", "shop.books", "types"].map(table);
        let tables: Vec<&Table> = tables.iter().collect();
        let names: Vec<String> = modules(&tables).into_values().collect();
        assert_eq!(names, ["book", "books", "category", "shop_books", "type"]);
    }
}
