//! The tree of modules of every crate, from `mod` declarations; files are parsed when something needs them.

mod content;
mod discriminants;
mod expand;
mod folder;
mod lookup;
mod reach;

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use proc_macro2::Ident;
use syn::{Item, ItemMacro, ItemMod};

use super::cfg::{self, Verdict};
use super::settings::EntitySettings;
use super::source::{Diagnostic, Role, Source, SourceLocation, Sources};
use super::types::Known;
use expand::Definitions;
use folder::Folder;

pub(super) use content::Content;

/// A module's number in its [`Index`].
pub(super) type ModuleId = usize;

pub(super) struct Index<'s> {
    sources: &'s [Source],
    settings: &'s EntitySettings,
    by_path: HashMap<&'s str, usize>,
    /// Crate name to its library root, or its program's where there is no library.
    crates: HashMap<&'s str, ModuleId>,
    modules: RefCell<Vec<Module>>,
    /// Texts of `column_type` and what they mean: a project has few, and many times each.
    column_types: RefCell<HashMap<String, Known>>,
    /// The module that a file other than a root is.
    by_source: RefCell<HashMap<usize, ModuleId>>,
    macros: Definitions<'s>,
    /// Modules where something implements `ValueType` or `ActiveEnum` by hand; found when something needs them.
    implementations: OnceCell<Vec<ModuleId>>,
    /// Files that are not Rust, and macros that cannot be expanded.
    problems: RefCell<Vec<Diagnostic>>,
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

impl<'s> Index<'s> {
    /// Follows the `mod` declarations of every crate.
    pub(super) fn new(sources: &'s Sources) -> Self {
        let Sources {
            files: sources,
            settings,
        } = sources;
        let mut index = Self {
            sources,
            settings,
            by_path: sources
                .iter()
                .enumerate()
                .map(|(number, source)| (source.path.as_str(), number))
                .collect(),
            crates: HashMap::new(),
            modules: RefCell::default(),
            by_source: RefCell::default(),
            column_types: RefCell::default(),
            macros: Definitions::new(sources),
            implementations: OnceCell::new(),
            problems: RefCell::default(),
        };
        // A library comes first: its root is what other crates mean by the crate's name.
        for role in [Role::Library, Role::Program] {
            for (number, source) in sources.iter().enumerate() {
                if source.role == role {
                    let root = index.add_file(number, None, None);
                    index.crates.entry(&source.crate_name).or_insert(root);
                    index.follow(root);
                }
            }
        }
        index
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
    fn follow(&self, root: ModuleId) {
        let mut waiting = vec![root];
        let mut seen = HashSet::new();
        while let Some(module) = waiting.pop() {
            if !seen.insert(module) {
                continue;
            }
            let loaded = self.modules.borrow()[module].content.is_some();
            let text = &self.source(module).text;
            if loaded
                || text.contains("DeriveEntity")
                || declares_modules(text)
                || self.macros.may_declare(text)
            {
                match self.content(module) {
                    Ok(content) => waiting.extend(content.children.values().copied()),
                    Err(problem) => self.problems.borrow_mut().push(problem),
                }
            }
        }
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
            SourceLocation::new(source, error.span()).with(
                format!("this file cannot be parsed as Rust: {error}"),
                "the compiler says more: `cargo check`",
            )
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
        let content = Rc::new(self.read_items(module, items, &Folder::from_source(source)));
        self.modules.borrow_mut()[module].content = Some(Rc::clone(&content));
        Ok(content)
    }

    fn read_items(&self, module: ModuleId, items: Vec<Item>, folder: &Folder) -> Content {
        let mut content = Content::default();
        let mut reading = Reading {
            module,
            folder,
            depth: 0,
            unsure: None,
        };
        self.add_items(&mut content, items, &mut reading);
        content
    }

    fn add_items(&self, content: &mut Content, items: Vec<Item>, reading: &mut Reading) {
        let source = self.source(reading.module);
        for mut item in items {
            let unsure = match cfg::evaluate(source, &mut item) {
                Verdict::In => reading.unsure.clone(),
                Verdict::Out => continue,
                Verdict::Unsure(why) => Some(why),
            };
            match item {
                Item::Mod(inner) => self.add_module(content, inner, unsure, reading),
                Item::Use(import) => content.import(import.tree, unsure),
                Item::Macro(invocation) => {
                    let before = std::mem::replace(&mut reading.unsure, unsure);
                    self.add_expanded(content, invocation, reading);
                    reading.unsure = before;
                }
                item => content.add(item, unsure.as_ref()),
            }
        }
    }

    fn add_module(
        &self,
        content: &mut Content,
        mut inner: ItemMod,
        unsure: Option<Diagnostic>,
        reading: &Reading,
    ) {
        let name = plain(&inner.ident);
        if let Some(why) = &unsure {
            content.unsure.insert(name.clone(), why.clone());
        }
        let child = match inner.content.take() {
            Some((_, items)) => {
                let folder = reading.folder.inside(&name);
                Some(self.add_inline(reading.module, items, &folder, unsure))
            }
            None => reading
                .folder
                .candidates(&name, &inner.attrs)
                .iter()
                .find_map(|path| self.by_path.get(path.as_str()))
                .map(|source| self.add_file(*source, Some(reading.module), unsure)),
        };
        content.children.extend(child.map(|child| (name, child)));
    }

    /// The items that a macro of the workspace stands for, as if they were written there.
    fn add_expanded(&self, content: &mut Content, invocation: ItemMacro, reading: &mut Reading) {
        /// Macros that invoke each other for ever end here.
        const MAX_DEPTH: usize = 32;
        if reading.depth >= MAX_DEPTH || invocation.ident.is_some() {
            return;
        }
        let source = self.source(reading.module);
        match self.macros.expand(source, &invocation.mac) {
            Ok(items) => {
                reading.depth += 1;
                self.add_items(content, items, reading);
                reading.depth -= 1;
            }
            Err(why) => self.problems.borrow_mut().push(why),
        }
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

    /// Why nobody can tell whether the entity of `module`, or all of it, is compiled.
    pub(super) fn unsure(&self, module: ModuleId) -> Option<Diagnostic> {
        let module = &self.modules.borrow()[module];
        let content = module.content.as_ref();
        let model = || content.and_then(|content| content.unsure_model.clone());
        module.unsure.clone().or_else(model)
    }
}

/// Where the items of a module are being read.
struct Reading<'f> {
    module: ModuleId,
    folder: &'f Folder,
    /// How many macros the items came out of.
    depth: usize,
    /// Why nobody can tell whether the macro that they came out of is compiled.
    unsure: Option<Diagnostic>,
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

/// An identifier without `r#`.
pub(super) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}
