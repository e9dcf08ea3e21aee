//! What is in one module: its types, its imports, its modules.

use std::collections::HashMap;

use syn::{Item, UseTree};

use super::super::attributes::derives;
use super::super::source::Diagnostic;
use super::discriminants::discriminants;
use super::{ModuleId, plain};

/// What is in a module.
#[derive(Default)]
pub(in super::super) struct Content {
    pub(in super::super) items: Vec<Item>,
    /// Types by name, as indexes into `items`.
    pub(in super::super) types: HashMap<String, usize>,
    /// Constants and functions by name, likewise.
    pub(in super::super) values: HashMap<String, usize>,
    pub(in super::super) children: HashMap<String, ModuleId>,
    /// `use a::b as c`: `c` to `[a, b]`.
    pub(in super::super) imports: HashMap<String, Vec<String>>,
    /// `use a::*`: `[a]`.
    pub(in super::super) globs: Vec<Vec<String>>,
    /// Names of all kinds that may or may not be compiled, or mean one thing or another.
    pub(in super::super) unsure: HashMap<String, Diagnostic>,
    /// The same for `globs`, by their place there.
    pub(in super::super) unsure_globs: HashMap<usize, Diagnostic>,
    /// The same for what describes the entity.
    pub(super) unsure_model: Option<Diagnostic>,
    /// The `Model` of the entity that the module holds, as an index into `items`.
    pub(in super::super) model: Option<usize>,
}

impl Content {
    /// An item that declares neither modules nor imports.
    pub(super) fn add(&mut self, item: Item, unsure: Option<&Diagnostic>) {
        let number = self.items.len();
        if let Some(why) = unsure {
            self.mark_unclear(&item, why);
        }
        if let Some((name, attributes)) = named(&item) {
            let expanded = name == "Model" && derives(attributes, "DeriveModel");
            if expanded || derives(attributes, "DeriveEntityModel") {
                self.model = Some(number);
            }
            self.types.insert(name, number);
        }
        let value = match &item {
            Item::Const(item) => Some(&item.ident),
            Item::Static(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            _ => None,
        };
        self.values.extend(value.map(|name| (plain(name), number)));
        let beside = match &item {
            Item::Enum(item) => discriminants(item),
            _ => None,
        };
        self.items.push(item);
        if let Some(beside) = beside {
            self.add(Item::Enum(beside), unsure);
        }
    }

    /// Whether something here implements the trait `name`.
    pub(in super::super) fn implements(&self, name: &str) -> bool {
        self.items.iter().any(|item| match item {
            Item::Impl(item) => item.trait_.as_ref().is_some_and(|(path, _)| {
                path.segments.last().is_some_and(|last| last.ident == name)
            }),
            _ => false,
        })
    }

    /// An item that may or may not be as it is here: an error for whoever needs it.
    fn mark_unclear(&mut self, item: &Item, why: &Diagnostic) {
        const TRAITS: [&str; 4] = [
            "EntityName",
            "ColumnTrait",
            "PrimaryKeyTrait",
            "RelationTrait",
        ];
        const DERIVES: [&str; 5] = [
            "DeriveEntityModel",
            "DeriveModel",
            "DeriveColumn",
            "DerivePrimaryKey",
            "DeriveRelation",
        ];
        let about_model = match item {
            Item::Impl(item) => item.trait_.as_ref().is_some_and(|(path, _)| {
                let last = path.segments.last();
                last.is_some_and(|last| TRAITS.iter().any(|name| last.ident == name))
            }),
            item => named(item).is_some_and(|(_, attributes)| {
                DERIVES.iter().any(|name| derives(attributes, name))
            }),
        };
        if about_model {
            self.unsure_model.get_or_insert_with(|| why.clone());
        }
        if let Some((name, _)) = named(item) {
            self.unsure.insert(name, why.clone());
        }
    }

    pub(super) fn import(&mut self, tree: UseTree, unsure: Option<Diagnostic>) {
        let mut names = Self::default();
        read_use(tree, &mut Vec::new(), &mut names);
        if let Some(why) = unsure {
            let unclear = names.imports.keys();
            self.unsure
                .extend(unclear.map(|name| (name.clone(), why.clone())));
            let start = self.globs.len();
            let globs = start..start + names.globs.len();
            self.unsure_globs
                .extend(globs.map(|glob| (glob, why.clone())));
        }
        self.imports.extend(names.imports);
        self.globs.extend(names.globs);
    }
}

/// A type's name and attributes.
pub(super) fn named(item: &Item) -> Option<(String, &[syn::Attribute])> {
    match item {
        Item::Struct(item) => Some((plain(&item.ident), &item.attrs)),
        Item::Enum(item) => Some((plain(&item.ident), &item.attrs)),
        Item::Type(item) => Some((plain(&item.ident), &item.attrs)),
        _ => None,
    }
}

fn read_use(tree: UseTree, prefix: &mut Vec<String>, content: &mut Content) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(plain(&path.ident));
            read_use(*path.tree, prefix, content);
            prefix.pop();
        }
        UseTree::Name(name) => {
            let name = plain(&name.ident);
            if name == "self" {
                if let Some(last) = prefix.last() {
                    content.imports.insert(last.clone(), prefix.clone());
                }
            } else {
                let path = prefix.iter().cloned().chain([name.clone()]).collect();
                content.imports.insert(name, path);
            }
        }
        UseTree::Rename(rename) => {
            let original = plain(&rename.ident);
            let mut path = prefix.clone();
            if original != "self" {
                path.push(original);
            }
            content.imports.insert(plain(&rename.rename), path);
        }
        UseTree::Glob(_) => content.globs.push(prefix.clone()),
        UseTree::Group(group) => {
            for tree in group.items {
                read_use(tree, prefix, content);
            }
        }
    }
}
