//! Enum types: each is defined once, beside the first entity that uses it.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;

use crate::schema::{EnumType, Schema, Table};

use super::attributes::{attribute, quoted};
use super::names::{camel, ident};

/// What an entity's module has already.
const TAKEN: [&str; 26] = [
    "ActiveModel",
    "ActiveModelEx",
    "Column",
    "Date",
    "DateTime",
    "DateTimeUtc",
    "Decimal",
    "Entity",
    "Enum",
    "Expr",
    "Iterable",
    "Json",
    "Model",
    "ModelEx",
    "Option",
    "PrimaryKey",
    "Related",
    "RelatedEntity",
    "Relation",
    "Result",
    "Select",
    "String",
    "Time",
    "Uuid",
    "Value",
    "Vec",
];

/// Whether SeaORM can derive an enum of these values: it names a type's variants after them, which must be words and
/// differ.
pub(crate) fn is_derivable(values: &[String]) -> bool {
    let mut taken = BTreeSet::new();
    values.iter().all(|value| {
        let name = variant_of(value);
        syn::parse_str::<syn::Ident>(&name).is_ok() && taken.insert(name)
    })
}

/// What SeaORM calls the variant of a value.
fn variant_of(value: &str) -> String {
    if value.is_empty() {
        return "__Empty".to_owned();
    }
    let escaped: String = value
        .chars()
        .enumerate()
        .map(|(at, c)| match at {
            0 if c.is_alphabetic() => c.to_string(),
            1.. if c.is_alphanumeric() => c.to_string(),
            _ => format!("{:#X}", u32::from(c)),
        })
        .collect();
    let name = escaped.to_upper_camel_case();
    match name.starts_with(char::is_numeric) {
        true => format!("_{name}"),
        false => name,
    }
}

pub(super) struct Enums<'a> {
    by_name: BTreeMap<&'a str, One<'a>>,
    modules: &'a BTreeMap<&'a str, String>,
}

struct One<'a> {
    kind: &'a EnumType,
    rust: String,
    /// The tables that use it; the first defines it.
    tables: Vec<&'a str>,
}

impl<'a> Enums<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        tables: &[&'a Table],
        modules: &'a BTreeMap<&'a str, String>,
    ) -> Self {
        let mut taken: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
        let mut by_name = BTreeMap::new();
        for kind in schema.enums.values() {
            let uses = |table: &&&Table| {
                let mut kinds = table.columns.iter().map(|column| &column.kind);
                kinds.any(|other| other.enum_name() == Some(&kind.name))
            };
            let tables: Vec<&str> = tables
                .iter()
                .filter(uses)
                .map(|t| t.name.as_str())
                .collect();
            if !tables.is_empty() {
                let rust = camel(&kind.name, "Kind", &mut taken);
                by_name.insert(kind.name.as_str(), One { kind, rust, tables });
            }
        }
        Self { by_name, modules }
    }

    pub(super) fn rust_name(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(|one| one.rust.as_str())
    }

    /// `use super::book::Mood;` for what other modules define.
    pub(super) fn imports(&self, table: &str) -> Vec<String> {
        let used = self.by_name.values();
        let elsewhere = used.filter(|one| one.tables[1..].contains(&table));
        elsewhere
            .map(|one| {
                let module = ident(&self.modules[one.tables[0]]);
                format!("use super::{module}::{};", one.rust)
            })
            .collect()
    }

    /// The enums that the module of `table` defines.
    pub(super) fn definitions(&self, table: &str) -> Vec<String> {
        let used = self.by_name.values();
        let here = used.filter(|one| one.tables.first() == Some(&table));
        here.map(One::definition).collect()
    }
}

impl One<'_> {
    fn definition(&self) -> String {
        let arguments = [
            "rs_type = \"String\"".to_owned(),
            "db_type = \"Enum\"".to_owned(),
            format!("enum_name = {}", quoted(&self.kind.name)),
        ];
        let mut text = format!(
            "#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]\n{}\npub enum {} {{\n",
            attribute(&arguments, 0),
            self.rust
        );
        let mut taken = BTreeSet::new();
        for value in &self.kind.values {
            let name = camel(value, "Value", &mut taken);
            let value = attribute(&[format!("string_value = {}", quoted(value))], 4);
            text.push_str(&format!("    {value}\n    {name},\n"));
        }
        text.push_str("}\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_make_no_variants_are_told() {
        let derivable = |values: &[&str]| {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            is_derivable(&values)
        };
        assert!(derivable(&[
            "new",
            "so-so",
            "1st",
            "",
            "very happy",
            "type"
        ]));
        assert!(!derivable(&["mine", "self"]));
        assert!(!derivable(&["sad", "Sad"]));
    }
}
