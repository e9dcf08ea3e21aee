//! A source file as a list of items, each with the names that other crates can have from it. Pure.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Block, Signature, UseTree};

use super::body_diff::OwnBodies;
use super::signatures::returns_unnamed_type;

/// A set of identifiers.
pub(super) type Names = BTreeSet<String>;

/// One item of a crate. An `impl` block is one item, its functions included.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: ItemKind,
    /// The names that it defines; of an `impl` block, those in the type that it is for.
    pub(super) names: Names,
    /// The names by which other crates can have other items from it.
    pub(super) uses: Names,
    /// What other crates can have of it: everything but bodies that only its own crate compiles.
    pub(super) text: String,
    /// The paths among them, each as its first and last word.
    pub(super) paths: BTreeSet<(String, String)>,
    /// Whether other crates compile the body of a function in it, or what a macro call in it expands to.
    pub(super) has_copied_body: bool,
    /// Whether a macro may generate more items from it.
    pub(super) is_macro_input: bool,
}

/// What kind an item is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Definition,
    Module,
    /// An `impl` block, with the names of its trait and of its functions.
    Implementation(Names),
    /// `use`, of the crate itself or of another.
    Import {
        is_local: bool,
    },
    /// `use …::*`.
    GlobImport,
    /// What only the compiler understands: macros and their calls, `extern`, attributes of the crate.
    Unclear,
}

/// The items of a file, those in its inline modules included; `None` if it is not Rust.
pub(super) fn items(source: &str) -> Option<Vec<Item>> {
    let file = syn::parse_file(source).ok()?;
    let mut items = Vec::new();
    let attributes = file.attrs.iter().filter(|attribute| !is_doc(attribute));
    let attributes: TokenStream = attributes.map(Attribute::to_token_stream).collect();
    if !attributes.is_empty() {
        items.push(Item::new(ItemKind::Unclear, Names::new(), &attributes));
    }
    for item in file.items {
        read(item, "", &mut items);
    }
    Some(items)
}

/// Reads an item of the module with the prefix `module`.
fn read(item: syn::Item, module: &str, items: &mut Vec<Item>) {
    let mut item = item;
    // What a body determines of a type remains.
    OwnBodies(
        |attributes: &[Attribute], signature: &Signature, body: &mut Block| {
            if !returns_unnamed_type(attributes, signature) {
                body.stmts.clear();
            }
        },
    )
    .visit_item_mut(&mut item);
    let mut read = match &mut item {
        syn::Item::Mod(inner) => {
            let inside = inner.content.take().map(|(_, inside)| inside);
            let module = format!("{module}{}::", inner.ident);
            for item in inside.into_iter().flatten() {
                read(item, &module, items);
            }
            Item::new(ItemKind::Module, name(&inner.ident), inner)
        }
        syn::Item::Use(import) => read_import(import),
        item => {
            let (kind, names) = kind_and_names(item);
            let mut reader = Reader::default();
            reader.visit_item(item);
            let parameters = reader.parameters;
            reader
                .paths
                .retain(|(first, _)| !parameters.contains(first));
            Item {
                uses: reader.names,
                paths: reader.paths,
                has_copied_body: reader.has_body,
                is_macro_input: reader.is_macro_input,
                ..Item::new(kind, names, item)
            }
        }
    };
    read.text = format!("{module} {}", read.text);
    items.push(read);
}

impl Item {
    fn new(kind: ItemKind, names: Names, tokens: &impl ToTokens) -> Self {
        Self {
            kind,
            names,
            uses: Names::new(),
            paths: BTreeSet::new(),
            text: tokens.to_token_stream().to_string(),
            has_copied_body: false,
            is_macro_input: false,
        }
    }
}

fn name(ident: &syn::Ident) -> Names {
    Names::from([ident.to_string()])
}

fn kind_and_names(item: &syn::Item) -> (ItemKind, Names) {
    let names = match item {
        syn::Item::Fn(function) => name(&function.sig.ident),
        syn::Item::Struct(item) => name(&item.ident),
        syn::Item::Union(item) => name(&item.ident),
        syn::Item::Type(item) => name(&item.ident),
        syn::Item::Const(item) => name(&item.ident),
        syn::Item::Static(item) => name(&item.ident),
        syn::Item::TraitAlias(item) => name(&item.ident),
        syn::Item::Enum(item) => {
            let variants = item.variants.iter().map(|variant| &variant.ident);
            variants
                .chain([&item.ident])
                .map(ToString::to_string)
                .collect()
        }
        syn::Item::Trait(item) => {
            let functions = item.items.iter().filter_map(|item| match item {
                syn::TraitItem::Fn(function) => Some(&function.sig.ident),
                _ => None,
            });
            functions
                .chain([&item.ident])
                .map(ToString::to_string)
                .collect()
        }
        syn::Item::Impl(item) => {
            let mut own: Names = item.items.iter().filter_map(function_name).collect();
            let trait_name = item
                .trait_
                .as_ref()
                .and_then(|(path, _)| path.segments.last());
            own.extend(trait_name.map(|segment| segment.ident.to_string()));
            let mut reader = Reader::default();
            reader.visit_type(&item.self_ty);
            return (ItemKind::Implementation(own), reader.names);
        }
        _ => return (ItemKind::Unclear, Names::new()),
    };
    (ItemKind::Definition, names)
}

fn function_name(item: &syn::ImplItem) -> Option<String> {
    match item {
        syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
        _ => None,
    }
}

fn read_import(import: &syn::ItemUse) -> Item {
    let (mut names, mut renamed) = (Names::new(), Names::new());
    let is_glob = !import_names(&import.tree, &mut names, &mut renamed);
    let is_local =
        matches!(&import.tree, UseTree::Path(path) if is_own_root(&path.ident.to_string()));
    let kind = match is_glob {
        true => ItemKind::GlobImport,
        false => ItemKind::Import { is_local },
    };
    Item {
        uses: renamed,
        ..Item::new(kind, names, import)
    }
}

/// Whether a path that begins with the word is of the crate itself.
pub(super) fn is_own_root(root: &str) -> bool {
    matches!(root, "crate" | "self" | "super")
}

/// Collects the names that an import defines, and those that it renames; `false` if a `*` defines more.
pub(super) fn import_names(tree: &UseTree, names: &mut Names, renamed: &mut Names) -> bool {
    match tree {
        UseTree::Path(path) => {
            let is_self = matches!(&*path.tree, UseTree::Name(name) if name.ident == "self");
            names.extend(is_self.then(|| path.ident.to_string()));
            import_names(&path.tree, names, renamed)
        }
        UseTree::Name(name) => {
            names.insert(name.ident.to_string());
            true
        }
        UseTree::Rename(rename) => {
            names.insert(rename.rename.to_string());
            renamed.insert(rename.ident.to_string());
            true
        }
        UseTree::Group(group) => {
            let mut is_complete = true;
            for tree in &group.items {
                is_complete &= import_names(tree, names, renamed);
            }
            is_complete
        }
        _ => false,
    }
}

/// Collects the names in an item, and what else matters of it.
#[derive(Default)]
struct Reader {
    names: Names,
    paths: BTreeSet<(String, String)>,
    parameters: Names,
    has_body: bool,
    is_macro_input: bool,
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        let words: Vec<String> = segments.map(|segment| segment.ident.to_string()).collect();
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            self.paths.insert((first.clone(), last.clone()));
        }
        self.names.extend(words);
        visit::visit_path(self, path);
    }

    fn visit_type_param(&mut self, parameter: &'ast syn::TypeParam) {
        self.parameters.insert(parameter.ident.to_string());
        visit::visit_type_param(self, parameter);
    }

    fn visit_const_param(&mut self, parameter: &'ast syn::ConstParam) {
        self.parameters.insert(parameter.ident.to_string());
        visit::visit_const_param(self, parameter);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if !is_doc(attribute) {
            words(attribute.meta.to_token_stream(), &mut self.names);
            self.is_macro_input |= !is_inert(attribute);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        words(call.to_token_stream(), &mut self.names);
        self.has_body = true;
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.names.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.has_body |= !block.stmts.is_empty();
        visit::visit_block(self, block);
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        words(import.to_token_stream(), &mut self.names);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// Collects the words of tokens, those in strings included: macros may take them for names.
pub(super) fn words(tokens: TokenStream, words: &mut Names) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                words.insert(ident.to_string());
            }
            TokenTree::Group(group) => self::words(group.stream(), words),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let all = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                words.extend(all.filter(|word| !word.is_empty()).map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}

/// Whether an attribute generates no items under names of its own.
fn is_inert(attribute: &Attribute) -> bool {
    const INERT: [&str; 14] = [
        "allow",
        "cfg",
        "cold",
        "deny",
        "deprecated",
        "expect",
        "forbid",
        "inline",
        "must_use",
        "non_exhaustive",
        "repr",
        "test",
        "track_caller",
        "warn",
    ];
    const DERIVED: [&str; 9] = [
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "Eq",
        "Hash",
        "Ord",
        "PartialEq",
        "PartialOrd",
    ];
    let path = attribute.path();
    if path.is_ident("derive") {
        let mut derived = Names::new();
        if let Ok(list) = attribute.meta.require_list() {
            words(list.tokens.clone(), &mut derived);
        }
        return derived.iter().all(|name| DERIVED.contains(&name.as_str()));
    }
    INERT.iter().any(|name| path.is_ident(name))
}
