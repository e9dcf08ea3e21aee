//! The tree of modules of every crate, from `mod` declarations; files are parsed when something needs them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use syn::{Item, UseTree};

use super::attributes::derives;
use super::cfg::{self, Verdict};
use super::source::{Diagnostic, Place, Source};
use super::types::Known;

/// A module's number in its [`Index`].
pub(super) type ModuleId = usize;

pub(super) struct Index<'s> {
    sources: &'s [Source],
    by_path: HashMap<&'s str, usize>,
    /// Crate name to its library root, or its program's where there is no library.
    crates: HashMap<&'s str, ModuleId>,
    modules: RefCell<Vec<Module>>,
    /// Texts of `column_type` and what they mean: a project has few, and many times each.
    column_types: RefCell<HashMap<String, Known>>,
    /// The module that a file other than a root is.
    by_source: RefCell<HashMap<usize, ModuleId>>,
}

#[derive(Clone)]
struct Module {
    /// Which file it is in.
    source: usize,
    parent: Option<ModuleId>,
    root: ModuleId,
    /// `None` until something needs it.
    content: Option<Rc<Content>>,
    /// Why nobody can tell whether it is compiled.
    unsure: Option<Diagnostic>,
}

/// What is in a module.
#[derive(Default)]
pub(super) struct Content {
    pub(super) items: Vec<Item>,
    /// Types by name, as indexes into `items`.
    pub(super) types: HashMap<String, usize>,
    pub(super) children: HashMap<String, ModuleId>,
    /// `use a::b as c`: `c` to `[a, b]`.
    pub(super) imports: HashMap<String, Vec<String>>,
    /// `use a::*`: `[a]`.
    pub(super) globs: Vec<Vec<String>>,
    /// Names of all kinds that may or may not be compiled, or mean one thing or another.
    pub(super) unsure: HashMap<String, Diagnostic>,
    /// The same for `globs`, by their place there.
    pub(super) unsure_globs: HashMap<usize, Diagnostic>,
    /// The same for what describes the entity.
    unsure_model: Option<Diagnostic>,
    /// The `Model` of the entity that the module holds, as an index into `items`.
    pub(super) model: Option<usize>,
}

impl<'s> Index<'s> {
    /// Follows the `mod` declarations of every crate.
    ///
    /// # Errors
    /// A file on the way to an entity that is not Rust.
    pub(super) fn new(sources: &'s [Source]) -> Result<Self, Diagnostic> {
        let mut index = Self {
            sources,
            by_path: sources
                .iter()
                .enumerate()
                .map(|(number, source)| (source.path.as_str(), number))
                .collect(),
            crates: HashMap::new(),
            modules: RefCell::default(),
            by_source: RefCell::default(),
            column_types: RefCell::default(),
        };
        // A library comes first: its root is what other crates mean by the crate's name.
        for file in ["lib.rs", "main.rs"] {
            for (number, source) in sources.iter().enumerate() {
                if source.path == format!("{}/{file}", source.root) {
                    let root = index.add_file(number, None, None);
                    index.crates.entry(&source.crate_name).or_insert(root);
                    index.follow(root)?;
                }
            }
        }
        Ok(index)
    }

    fn add_file(
        &self,
        source: usize,
        parent: Option<ModuleId>,
        unsure: Option<Diagnostic>,
    ) -> ModuleId {
        // A library and a program of one crate may declare the same file: it is read once.
        if let Some(known) = self.by_source.borrow().get(&source) {
            return *known;
        }
        let mut modules = self.modules.borrow_mut();
        let id = modules.len();
        self.by_source.borrow_mut().insert(source, id);
        let root = parent.map_or(id, |parent| modules[parent].root);
        let above = parent.and_then(|parent| modules[parent].unsure.clone());
        modules.push(Module {
            source,
            parent,
            root,
            content: None,
            unsure: above.or(unsure),
        });
        id
    }

    /// Loads `module` and the files under it where they may hold entities or declare modules.
    fn follow(&self, root: ModuleId) -> Result<(), Diagnostic> {
        let mut waiting = vec![root];
        let mut seen = HashSet::new();
        while let Some(module) = waiting.pop() {
            if !seen.insert(module) {
                continue;
            }
            let loaded = self.modules.borrow()[module].content.is_some();
            let text = &self.source(module).text;
            if loaded || text.contains("DeriveEntity") || declares_modules(text) {
                waiting.extend(self.content(module)?.children.values().copied());
            }
        }
        Ok(())
    }

    pub(super) fn source(&self, module: ModuleId) -> &'s Source {
        &self.sources[self.modules.borrow()[module].source]
    }

    pub(super) fn parent(&self, module: ModuleId) -> Option<ModuleId> {
        self.modules.borrow()[module].parent
    }

    pub(super) fn root(&self, module: ModuleId) -> ModuleId {
        self.modules.borrow()[module].root
    }

    pub(super) fn crate_root(&self, name: &str) -> Option<ModuleId> {
        self.crates.get(name).copied()
    }

    /// What is in `module`, parsing its file if nobody has yet.
    pub(super) fn content(&self, module: ModuleId) -> Result<Rc<Content>, Diagnostic> {
        if let Some(content) = &self.modules.borrow()[module].content {
            return Ok(Rc::clone(content));
        }
        let source = self.source(module);
        let file = syn::parse_file(&source.text).map_err(|error| {
            Place::new(source, error.span()).with(format!("this is not Rust: {error}"), "")
        })?;
        let mut attributes = file.attrs;
        let items = match cfg::verdict(source, &mut attributes) {
            Verdict::In => file.items,
            Verdict::Out => Vec::new(),
            Verdict::Unsure(why) => {
                self.modules.borrow_mut()[module].unsure.get_or_insert(why);
                file.items
            }
        };
        let content = Rc::new(self.read_items(module, items, &Folder::of(source)));
        self.modules.borrow_mut()[module].content = Some(Rc::clone(&content));
        Ok(content)
    }

    fn read_items(&self, module: ModuleId, items: Vec<Item>, folder: &Folder) -> Content {
        let mut content = Content::default();
        let source = self.source(module);
        for mut item in items {
            let unsure = match cfg::settle(source, &mut item) {
                Verdict::In => None,
                Verdict::Out => continue,
                Verdict::Unsure(why) => Some(why),
            };
            match item {
                Item::Mod(mut inner) => {
                    let name = plain(&inner.ident);
                    if let Some(why) = &unsure {
                        content.unsure.insert(name.clone(), why.clone());
                    }
                    let child = match inner.content.take() {
                        Some((_, items)) => {
                            Some(self.add_inline(module, items, &folder.inside(&name), unsure))
                        }
                        None => folder
                            .candidates(&name, &inner.attrs)
                            .iter()
                            .find_map(|path| self.by_path.get(path.as_str()))
                            .map(|source| self.add_file(*source, Some(module), unsure)),
                    };
                    content.children.extend(child.map(|child| (name, child)));
                }
                Item::Use(import) => content.import(import.tree, unsure),
                item => {
                    let number = content.items.len();
                    if let Some(why) = &unsure {
                        content.doubt(&item, why);
                    }
                    if let Some((name, attributes)) = named(&item) {
                        let expanded = name == "Model" && derives(attributes, "DeriveModel");
                        if expanded || derives(attributes, "DeriveEntityModel") {
                            content.model = Some(number);
                        }
                        content.types.insert(name, number);
                    }
                    content.items.push(item);
                }
            }
        }
        content
    }

    fn add_inline(
        &self,
        parent: ModuleId,
        items: Vec<Item>,
        folder: &Folder,
        unsure: Option<Diagnostic>,
    ) -> ModuleId {
        let id = {
            let mut modules = self.modules.borrow_mut();
            let (source, root) = (modules[parent].source, modules[parent].root);
            let above = modules[parent].unsure.clone();
            modules.push(Module {
                source,
                parent: Some(parent),
                root,
                content: None,
                unsure: above.or(unsure),
            });
            modules.len() - 1
        };
        let content = Rc::new(self.read_items(id, items, folder));
        self.modules.borrow_mut()[id].content = Some(content);
        id
    }

    /// What the `column_type` written as `text` means, which `read` finds out the first time.
    pub(super) fn column_type(
        &self,
        text: &str,
        read: impl FnOnce() -> Result<Known, Diagnostic>,
    ) -> Result<Known, Diagnostic> {
        if let Some(known) = self.column_types.borrow().get(text) {
            return Ok(known.clone());
        }
        let known = read()?;
        let text = text.to_owned();
        self.column_types.borrow_mut().insert(text, known.clone());
        Ok(known)
    }

    /// The modules that hold an entity, in the order of their files.
    pub(super) fn modules_with_entities(&self) -> Vec<ModuleId> {
        let modules = self.modules.borrow();
        let mut found: Vec<ModuleId> = (0..modules.len())
            .filter(|id| {
                let content = modules[*id].content.as_ref();
                content.is_some_and(|content| content.model.is_some())
            })
            .collect();
        found.sort_by_key(|id| (&self.sources[modules[*id].source].path, *id));
        found
    }

    /// Why nobody can tell whether the entity of `module`, or all of it, is compiled.
    pub(super) fn unsure(&self, module: ModuleId) -> Option<Diagnostic> {
        let module = &self.modules.borrow()[module];
        let content = module.content.as_ref();
        let model = || content.and_then(|content| content.unsure_model.clone());
        module.unsure.clone().or_else(model)
    }

    /// Files with an entity that no `mod` reaches: forgotten, most likely.
    pub(super) fn warnings(&self) -> Vec<String> {
        let reached: HashSet<usize> = self.modules.borrow().iter().map(|m| m.source).collect();
        self.sources
            .iter()
            .enumerate()
            .filter(|(number, source)| {
                !reached.contains(number) && source.text.contains("DeriveEntityModel")
            })
            .map(|(_, source)| {
                format!(
                    "{} holds an entity, but no `mod` declaration that is compiled by default reaches it: it is \
                     left out",
                    source.path
                )
            })
            .collect()
    }
}

impl Content {
    /// An item that may or may not be as it is here: an error for whoever needs it.
    fn doubt(&mut self, item: &Item, why: &Diagnostic) {
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

    fn import(&mut self, tree: UseTree, unsure: Option<Diagnostic>) {
        let mut names = Self::default();
        read_use(tree, &mut Vec::new(), &mut names);
        if let Some(why) = unsure {
            let doubtful = names.imports.keys();
            self.unsure
                .extend(doubtful.map(|name| (name.clone(), why.clone())));
            let start = self.globs.len();
            let globs = start..start + names.globs.len();
            self.unsure_globs
                .extend(globs.map(|glob| (glob, why.clone())));
        }
        self.imports.extend(names.imports);
        self.globs.extend(names.globs);
    }
}

/// Whether the text has a line such as `pub mod books;`: cheaper than parsing, and never says no wrongly
/// for code that rustfmt has seen.
fn declares_modules(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let line = match line.strip_prefix("pub") {
            Some(rest) => rest
                .trim_start()
                .strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
                .map_or(rest, |(_, rest)| rest)
                .trim_start(),
            None => line,
        };
        line.strip_prefix("mod ")
            .is_some_and(|rest| rest.contains(';'))
    })
}

/// Where the files of a module's children are.
struct Folder {
    /// For `mod x;`: `dir/x.rs` or `dir/x/mod.rs`.
    dir: String,
    /// For `#[path = "…"]`.
    beside: String,
}

impl Folder {
    fn of(source: &Source) -> Self {
        let (beside, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let is_root = beside == source.root && (file == "lib.rs" || file == "main.rs");
        let dir = if is_root || file == "mod.rs" {
            beside.to_owned()
        } else {
            format!("{beside}/{}", file.strip_suffix(".rs").unwrap_or(file))
        };
        Self {
            dir,
            beside: beside.to_owned(),
        }
    }

    fn inside(&self, name: &str) -> Self {
        Self {
            dir: format!("{}/{name}", self.dir),
            beside: format!("{}/{name}", self.dir),
        }
    }

    fn candidates(&self, name: &str, attributes: &[syn::Attribute]) -> Vec<String> {
        let path = attributes.iter().find_map(|attribute| {
            let value = &attribute.meta.require_name_value().ok()?.value;
            match value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(path),
                    ..
                }) if attribute.path().is_ident("path") => Some(path.value()),
                _ => None,
            }
        });
        match path {
            Some(path) => vec![normalize(&format!("{}/{path}", self.beside))],
            None => vec![
                format!("{}/{name}.rs", self.dir),
                format!("{}/{name}/mod.rs", self.dir),
            ],
        }
    }
}

/// Takes `.` and `..` out of a path.
fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A type's name and attributes.
fn named(item: &Item) -> Option<(String, &[syn::Attribute])> {
    match item {
        Item::Struct(item) => Some((plain(&item.ident), &item.attrs)),
        Item::Enum(item) => Some((plain(&item.ident), &item.attrs)),
        Item::Type(item) => Some((plain(&item.ident), &item.attrs)),
        _ => None,
    }
}

/// An identifier without `r#`.
pub(super) fn plain(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
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
