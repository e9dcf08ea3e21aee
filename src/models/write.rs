//! Schema to entity source: SeaORM's dense format, one module a table.
//!
//! What entities cannot say is left out without a word here: whoever reads the text back and compares knows it all.

mod attributes;
mod enums;
mod names;
mod order;
mod relations;
mod rust;

use std::collections::BTreeMap;

use crate::schema::{Column, Default, Index, Schema, Table};

pub(crate) use enums::is_derivable;
pub(super) use rust::attribute as column_type;
pub(crate) use rust::is_guess;

use attributes::{attribute, quoted};
use enums::Enums;
use names::{Fields, field_of, modules};
use relations::Relations;

use super::entity::base_name;
use super::source::Role;
use super::{Features, Source, Sources};

/// One entity as source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Module {
    /// The module's name, and its file's: `book`, without `r#`.
    pub(crate) name: String,
    pub(crate) table: String,
    /// What the entity leaves out, for those who read it.
    pub(crate) notes: Vec<String>,
    text: String,
}

impl Module {
    /// The whole file.
    pub(crate) fn file(&self) -> String {
        let mut text = String::new();
        if !self.notes.is_empty() {
            text.push_str("// The table has more than an entity can say:\n");
            for note in &self.notes {
                let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
                text.push_str(&format!("// - {note}\n"));
            }
            text.push('\n');
        }
        text.push_str(&self.text);
        text
    }
}

/// The entities of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    /// In the order of their tables.
    pub(crate) modules: Vec<Module>,
    /// Tables that cannot be entities.
    pub(crate) without_key: Vec<String>,
}

impl Modules {
    /// All of them as one file of modules.
    pub(crate) fn in_one_file(&self) -> String {
        let mut text = String::new();
        for module in &self.modules {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&format!("pub mod {} {{\n", names::ident(&module.name)));
            for line in module.file().lines() {
                if !line.is_empty() {
                    text.push_str("    ");
                    text.push_str(line);
                }
                text.push('\n');
            }
            text.push_str("}\n");
        }
        text
    }

    /// The files as the reader of entities takes them.
    pub(crate) fn sources(&self) -> Sources {
        let source = |path: String, text: String| Source {
            crate_name: "inspected".into(),
            root: "src".into(),
            role: Role::usual("src", &path),
            path,
            text,
            features: Features::default(),
        };
        let modules = self.modules.iter();
        modules
            .map(|module| source(format!("src/{}.rs", module.name), module.file()))
            .chain([source("src/lib.rs".into(), self.declarations())])
            .collect::<Vec<_>>()
            .into()
    }

    /// The file that declares the modules.
    pub(crate) fn declarations(&self) -> String {
        let mut names: Vec<String> = self
            .modules
            .iter()
            .map(|module| names::ident(&module.name))
            .collect();
        names.sort();
        let lines = names.iter().map(|name| format!("pub mod {name};\n"));
        lines.collect()
    }
}

/// Writes an entity for every table of `schema` that has a primary key.
pub(crate) fn write(schema: &Schema) -> Modules {
    let (tables, others): (Vec<&Table>, Vec<&Table>) = schema
        .tables
        .values()
        .partition(|table| !table.primary_key.is_empty());
    let modules = modules(&tables);
    let fields: BTreeMap<&str, Fields> = tables
        .iter()
        .map(|table| (table.name.as_str(), Fields::new(table)))
        .collect();
    let enums = Enums::new(schema, &tables, &modules);
    let relations = Relations::new(&tables, &modules, &fields);
    let written = tables.iter().map(|table| {
        let name = table.name.as_str();
        let writer = Writer {
            table,
            fields: &fields[name],
            enums: &enums,
            unique_keys: unique_keys(table),
        };
        Module {
            name: modules[name].clone(),
            table: table.name.clone(),
            notes: Vec::new(),
            text: writer.text(&relations.of_table(name)),
        }
    });
    Modules {
        modules: written.collect(),
        without_key: others.iter().map(|table| table.name.clone()).collect(),
    }
}

struct Writer<'a> {
    table: &'a Table,
    fields: &'a Fields,
    enums: &'a Enums<'a>,
    /// By column.
    unique_keys: BTreeMap<&'a str, String>,
}

/// The `unique_key` of every column that has one. A column has room for one, so that of indexes that share columns the
/// first is taken; one whose columns cannot come in their order is left out.
fn unique_keys(table: &Table) -> BTreeMap<&str, String> {
    let fields = order::of_fields(table);
    let at = |name: &String| fields.iter().position(|column| column.name == *name);
    let in_order = |index: &&Index| index.columns.iter().map(at).is_sorted();
    let mut keys: BTreeMap<&str, String> = BTreeMap::new();
    for index in table.indexes.iter().filter(|i| i.unique).filter(in_order) {
        let key = names::unique_key(base_name(&table.name), index);
        let free = |name: &String| !keys.contains_key(name.as_str());
        if index.columns.iter().all(free) && !keys.values().any(|other| *other == key) {
            keys.extend(
                index
                    .columns
                    .iter()
                    .map(|name| (name.as_str(), key.clone())),
            );
        }
    }
    keys
}

impl Writer<'_> {
    fn text(&self, relations: &[String]) -> String {
        let mut text = String::new();
        for import in self.enums.imports(&self.table.name) {
            text.push_str(&format!("{import}\n"));
        }
        text.push_str("use sea_orm::entity::prelude::*;\n");
        text.push_str(
            "\n#[sea_orm::model]\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n",
        );
        text.push_str(&attribute(&self.table_attributes(), 0));
        text.push_str("\npub struct Model {\n");
        for column in order::of_fields(self.table) {
            text.push_str(&self.column(column));
        }
        for relation in relations {
            text.push_str(relation);
        }
        text.push_str("}\n");
        for definition in self.enums.definitions(&self.table.name) {
            text.push_str(&format!("\n{definition}"));
        }
        text.push_str("\nimpl ActiveModelBehavior for ActiveModel {}\n");
        text
    }

    fn table_attributes(&self) -> Vec<String> {
        let name = &self.table.name;
        let mut list = Vec::new();
        if let Some((schema, _)) = name.split_once('.') {
            list.push(format!("schema_name = {}", quoted(schema)));
        }
        list.push(format!("table_name = {}", quoted(base_name(name))));
        if let Some(comment) = &self.table.comment {
            list.push(format!("comment = {}", quoted(comment)));
        }
        list
    }

    fn column(&self, column: &Column) -> String {
        let field = self.fields.name(&column.name);
        let rust = rust::field_type(&column.kind, self.enums);
        let mut list = self.key_attributes(column, &rust.name);
        if names::column_of(field) != column.name {
            list.push(format!("column_name = {}", quoted(&column.name)));
        }
        if let Some(kind) = &rust.column_type {
            list.push(format!("column_type = {}", quoted(kind)));
        }
        if column.unique {
            list.push("unique".into());
        }
        list.extend(self.index_attributes(column));
        if let Some(default) = &column.default {
            list.extend(default_attribute(default));
        }
        if let Some(extra) = &column.extra {
            list.push(format!("extra = {}", quoted(extra)));
        }
        if let Some(comment) = &column.comment {
            list.push(format!("comment = {}", quoted(comment)));
        }
        let ty = match column.nullable {
            true => format!("Option<{}>", rust.name),
            false => rust.name,
        };
        field_of(&list, field, &ty)
    }

    fn key_attributes(&self, column: &Column, rust: &str) -> Vec<String> {
        if !self.table.primary_key.contains(&column.name) {
            return Vec::new();
        }
        let mut list = vec!["primary_key".to_owned()];
        // SeaORM lets a key count up by itself, but for these types.
        let counts = !(rust.ends_with("String") || rust.ends_with("Uuid"));
        if self.table.primary_key.len() == 1 && counts && !column.auto_increment {
            list.push("auto_increment = false".into());
        }
        list
    }

    /// `indexed` and `unique_key`, of which a column can have one each.
    fn index_attributes(&self, column: &Column) -> Vec<String> {
        let mut list = Vec::new();
        let alone = |index: &&crate::schema::Index| index.columns == [column.name.as_str()];
        let mut indexes = self.table.indexes.iter();
        if indexes.any(|index| !index.unique && alone(&index)) && !column.unique {
            list.push("indexed".into());
        }
        let key = self.unique_keys.get(column.name.as_str());
        list.extend(key.map(|key| format!("unique_key = {}", quoted(key))));
        list
    }
}

fn default_attribute(default: &Default) -> Option<String> {
    Some(match default {
        Default::Bool(flag) => format!("default_value = {flag}"),
        Default::Number(digits) => format!("default_value = {}", number_literal(digits)),
        Default::Text(text) => format!("default_value = {}", quoted(text)),
        Default::CurrentTimestamp => "default_expr = \"Expr::current_timestamp()\"".into(),
        Default::CurrentDate => "default_expr = \"Expr::current_date()\"".into(),
        Default::CurrentTime => "default_expr = \"Expr::current_time()\"".into(),
        Default::Sql(sql) => {
            format!(
                "default_expr = {}",
                quoted(&format!("Expr::cust({})", quoted(sql)))
            )
        }
        Default::Null => return None,
    })
}

/// A number as a Rust literal that compiles without a type beside it: an integer that `i32` does not hold says its type.
pub(crate) fn number_literal(digits: &str) -> String {
    let suffix = match digits.parse::<i128>() {
        Ok(number) if i32::try_from(number).is_ok() => "",
        Ok(number) if i64::try_from(number).is_ok() => "i64",
        Ok(number) if u64::try_from(number).is_ok() => "u64",
        _ => "",
    };
    format!("{digits}{suffix}")
}

#[cfg(test)]
mod tests;
