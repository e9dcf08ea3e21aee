//! Files that use each other in a cycle: two may, more may not.
//!
//! A file uses another where it names an item that is defined there, in an import or in a path, whatever modules hand the
//! name on. A module that only hands names on does not use them, and unit tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::Visit;
use syn::{Attribute, Item, UseTree, Visibility};

/// What reads entities from source follows types, constants and macros wherever they lead, which is recursive.
const RECURSIVE: &str = "models/";

/// The segments of a path.
type Names = Vec<String>;

/// `use path as name;`
struct Import {
    path: Names,
    name: String,
    public: bool,
}

/// What a file says of names.
#[derive(Default)]
struct File {
    path: String,
    items: BTreeSet<String>,
    children: BTreeSet<String>,
    imports: Vec<Import>,
    /// Paths of two segments or more in its code.
    paths: BTreeSet<Names>,
    /// Every name in its code.
    words: BTreeSet<String>,
}

impl File {
    /// Adds the file and the modules inside it to `files`.
    fn read(module: Names, path: &str, items: &[Item], files: &mut BTreeMap<Names, Self>) {
        let mut file = Self {
            path: path.to_owned(),
            ..Self::default()
        };
        for item in items.iter().filter(|item| !is_test(item)) {
            match (item, name(item)) {
                (Item::Mod(inner), Some(name)) => {
                    if let Some((_, items)) = &inner.content {
                        let inside = [&module[..], std::slice::from_ref(&name)].concat();
                        Self::read(inside, path, items, files);
                    }
                    file.children.insert(name);
                    continue;
                }
                (Item::Use(_), _) => {}
                (_, name) => {
                    file.items.extend(name);
                    file.read_tokens(item.to_token_stream());
                }
            }
            file.visit_item(item);
        }
        files.insert(module, file);
    }

    /// Collects `a::b::c`, in the arguments of macros too.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path = Names::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    let ident = ident.to_string();
                    self.words.insert(ident.clone());
                    if colons != 2 {
                        self.end_path(&mut path);
                    }
                    path.push(ident);
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end_path(&mut path);
                    self.read_tokens(group.stream());
                    colons = 0;
                }
                _ => {
                    self.end_path(&mut path);
                    colons = 0;
                }
            }
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Names) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.paths.insert(path);
        }
    }

    fn read_use(&mut self, tree: &UseTree, before: &[String], public: bool) {
        let with = |name: String| [before, &[name]].concat();
        let (path, name) = match tree {
            UseTree::Path(tree) => {
                return self.read_use(&tree.tree, &with(tree.ident.to_string()), public);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, before, public);
                }
                return;
            }
            UseTree::Name(tree) if tree.ident == "self" => {
                (before.to_vec(), before.last().cloned().unwrap_or_default())
            }
            UseTree::Name(tree) => (with(tree.ident.to_string()), tree.ident.to_string()),
            UseTree::Rename(tree) => (with(tree.ident.to_string()), tree.rename.to_string()),
            UseTree::Glob(_) => (before.to_vec(), "*".to_owned()),
        };
        self.imports.push(Import { path, name, public });
    }
}

impl Visit<'_> for File {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        let public = !matches!(item.vis, Visibility::Inherited);
        self.read_use(&item.tree, &[], public);
    }
}

fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Mod(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn is_test(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    };
    let is_test = |attribute: &Attribute| {
        let text = attribute.to_token_stream().to_string();
        text.contains("cfg") && text.contains("test")
    };
    attributes.iter().any(is_test)
}

/// Where a name leads.
enum Found {
    Module(Names),
    /// An item, by the module of its file.
    Item(Names),
}

/// All files, by their modules.
struct Files(BTreeMap<Names, File>);

impl Files {
    fn read(folder: &Path) -> Self {
        let mut paths = Vec::new();
        super::sources(folder, &mut paths);
        let mut files = BTreeMap::new();
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("readable");
            let path = path.strip_prefix(folder).expect("inside");
            let path = path.to_string_lossy().replace('\\', "/");
            let module: Names = match path.trim_end_matches(".rs") {
                "lib" => Names::new(),
                module => module.split('/').map(str::to_owned).collect(),
            };
            let parsed = syn::parse_file(&text).expect("Rust");
            File::read(module, &path, &parsed.items, &mut files);
        }
        Self(files)
    }

    fn child(&self, module: &[String], name: &str) -> Option<Names> {
        let child = [module, &[name.to_owned()]].concat();
        let is_child = self.0.get(module)?.children.contains(name);
        (is_child && self.0.contains_key(&child)).then_some(child)
    }

    /// What `name` means in a module. `is_last` says that no more of the path follows; otherwise it is a module, or a type.
    fn lookup(&self, module: &[String], name: &str, is_last: bool, depth: u8) -> Option<Found> {
        let file = self.0.get(module).filter(|_| depth > 0)?;
        let child = || self.child(module, name).map(Found::Module);
        if !is_last && let Some(child) = child() {
            return Some(child);
        }
        if file.items.contains(name) {
            return Some(Found::Item(module.to_vec()));
        }
        child().or_else(|| {
            let mut named = file.imports.iter().filter(|import| import.name == name);
            named
                .find_map(|import| self.resolve(module, &import.path, depth - 1))
                .or_else(|| {
                    let mut globs = file.imports.iter().filter(|import| import.name == "*");
                    globs.find_map(|import| {
                        match self.resolve(module, &import.path, depth - 1)? {
                            Found::Module(other) => self.lookup(&other, name, is_last, depth - 1),
                            Found::Item(_) => None,
                        }
                    })
                })
        })
    }

    fn resolve(&self, module: &[String], path: &[String], depth: u8) -> Option<Found> {
        let (first, mut rest) = path.split_first()?;
        let mut found = match first.as_str() {
            "crate" => Found::Module(Names::new()),
            "self" => Found::Module(module.to_vec()),
            "super" => {
                let mut above = module.split_last()?.1;
                while let Some(("super", more)) = rest.split_first().map(|(a, b)| (a.as_str(), b)) {
                    above = above.split_last()?.1;
                    rest = more;
                }
                Found::Module(above.to_vec())
            }
            name => self.lookup(module, name, rest.is_empty(), depth)?,
        };
        while let (Found::Module(module), Some((name, more))) = (&found, rest.split_first()) {
            found = self.lookup(module, name, more.is_empty(), depth)?;
            rest = more;
        }
        Some(found)
    }

    /// The modules of the files whose items a file names, with the paths that lead there.
    fn uses(&self, module: &[String]) -> BTreeMap<Names, BTreeSet<String>> {
        const DEPTH: u8 = 12;
        let file = &self.0[module];
        let mut uses: BTreeMap<Names, BTreeSet<String>> = BTreeMap::new();
        let mut note = |path: &[String]| {
            if let Some(Found::Item(other)) = self.resolve(module, path, DEPTH)
                && self.0[&other].path != file.path
            {
                uses.entry(other).or_default().insert(path.join("::"));
            }
        };
        let named = file.imports.iter().filter(|import| !import.public);
        for import in named {
            if import.name != "*" {
                note(&import.path);
                continue;
            }
            let words = file.words.iter().filter(|word| !file.items.contains(*word));
            for word in words {
                note(&[&import.path[..], std::slice::from_ref(word)].concat());
            }
        }
        file.paths.iter().for_each(|path| note(path));
        uses
    }
}

/// Everything that can be reached from `start`.
fn reached<'a>(
    start: &'a Names,
    uses: &'a BTreeMap<&'a Names, BTreeMap<Names, BTreeSet<String>>>,
) -> BTreeSet<&'a Names> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for other in uses[module].keys() {
            if reached.insert(other) {
                open.push(other);
            }
        }
    }
    reached
}

#[test]
fn no_cycle_has_more_than_two_files() {
    let files = Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let uses: BTreeMap<&Names, _> = files
        .0
        .keys()
        .map(|module| (module, files.uses(module)))
        .collect();
    let reach: BTreeMap<&Names, BTreeSet<&Names>> = uses
        .keys()
        .map(|module| (*module, reached(module, &uses)))
        .collect();
    let mut found = BTreeSet::new();
    for (module, reached) in &reach {
        let cycle: BTreeSet<&Names> = reached
            .iter()
            .copied()
            .filter(|other| reach[*other].contains(module))
            .collect();
        let is_allowed = cycle
            .iter()
            .all(|module| files.0[*module].path.starts_with(RECURSIVE));
        if cycle.len() > 2 && !is_allowed {
            found.insert(cycle);
        }
    }
    let mut lines = Vec::new();
    for cycle in &found {
        lines.push(format!("a cycle of {} files:", cycle.len()));
        for module in cycle {
            let inside = uses[*module]
                .iter()
                .filter(|(other, _)| cycle.contains(other));
            lines.extend(inside.map(|(other, names)| {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let (from, to) = (&files.0[*module].path, &files.0[other].path);
                format!("  {from} uses {to}: {}", names.join(", "))
            }));
        }
    }
    assert!(
        found.is_empty(),
        "move what both sides need into a file below both\n{}",
        lines.join("\n")
    );
}

#[test]
fn names_lead_to_the_files_that_define_them() {
    let module = |path: &str| -> Names { path.split('/').map(str::to_owned).collect() };
    let mut files = BTreeMap::new();
    let mut add = |module: Names, path: &str, text: &str| {
        let parsed = syn::parse_file(text).expect("Rust");
        File::read(module, path, &parsed.items, &mut files);
    };
    add(Names::new(), "lib.rs", "mod a; mod b;");
    add(
        module("a"),
        "a.rs",
        "mod c; pub(crate) use c::Deep; pub(crate) struct Own; mod prelude { pub(super) use crate::b::g; }",
    );
    add(
        module("a/c"),
        "a/c.rs",
        "pub(super) struct Deep; fn f() { assert!(matches!(crate::b::g(), 1)); }
         #[cfg(test)] mod tests { use super::super::Own; }",
    );
    add(
        module("b"),
        "b.rs",
        "use crate::a::{self, Deep}; fn g() -> u8 { let _ = a::Own; 1 }",
    );
    let files = Files(files);
    let used = |path: &str| -> Vec<String> {
        let uses = files.uses(&module(path)).into_keys();
        uses.map(|module| files.0[&module].path.clone()).collect()
    };
    assert_eq!(used("a"), Vec::<String>::new(), "a name that is handed on");
    assert_eq!(used("a/c"), ["b.rs"], "in a macro, and not for tests");
    assert_eq!(used("b"), ["a.rs", "a/c.rs"], "through another module");
}
