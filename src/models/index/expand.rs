//! The macros of the workspace, and the items that their invocations stand for.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Item, Macro as Invocation};

use super::super::cfg::{self, Verdict};
use super::super::macros::{self, CallSite, Macro};
use super::super::source::{Diagnostic, Source, SourceLocation};
use super::folder::normalize;

/// Every `macro_rules!` of the sources, by name.
pub(super) struct Definitions<'s> {
    sources: &'s [Source],
    /// Where a macro of that name is defined; found when the first invocation needs it.
    by_name: OnceCell<HashMap<String, Vec<usize>>>,
    declaring: OnceCell<BTreeSet<String>>,
    /// What is defined in a file.
    in_file: RefCell<HashMap<usize, Rc<HashMap<String, Macro>>>>,
}

impl<'s> Definitions<'s> {
    pub(super) fn new(sources: &'s [Source]) -> Self {
        Self {
            sources,
            by_name: OnceCell::new(),
            declaring: OnceCell::new(),
            in_file: RefCell::default(),
        }
    }

    fn by_name(&self) -> &HashMap<String, Vec<usize>> {
        self.by_name.get_or_init(|| {
            let mut found: HashMap<String, Vec<usize>> = HashMap::new();
            for (number, source) in self.sources.iter().enumerate() {
                for name in defined_in(&source.text) {
                    found.entry(name.to_owned()).or_default().push(number);
                }
            }
            found
        })
    }

    /// Whether an invocation in `text` may declare modules or entities.
    pub(super) fn may_declare(&self, text: &str) -> bool {
        const KNOWN: [&str; 4] = ["dir", "mod_use", "cfg_if", "paste"];
        invocations(text).any(|name| KNOWN.contains(&name) || self.declaring().contains(name))
    }

    /// The macros whose definition has something to do with modules or entities.
    fn declaring(&self) -> &BTreeSet<String> {
        self.declaring.get_or_init(|| {
            let declares = |number: &usize| {
                let text = &self.sources[*number].text;
                text.contains("DeriveEntity") || text.contains("mod $")
            };
            let names = self.by_name().iter();
            let names = names.filter(|(_, files)| files.iter().any(declares));
            names.map(|(name, _)| name.clone()).collect()
        })
    }

    /// The files that invoke a macro defined in one of `files`.
    pub(super) fn invoking(&self, files: &[usize]) -> Vec<usize> {
        let mut names: BTreeSet<&str> = files
            .iter()
            .flat_map(|file| defined_in(&self.sources[*file].text))
            .collect();
        if names.is_empty() {
            return Vec::new();
        }
        // Macros invoke each other.
        let defining: BTreeSet<usize> = self.by_name().values().flatten().copied().collect();
        for _ in 0..3 {
            let before = names.len();
            for file in &defining {
                let text = &self.sources[*file].text;
                if invocations(text).any(|name| names.contains(name)) {
                    names.extend(defined_in(text));
                }
            }
            if names.len() == before {
                break;
            }
        }
        let all = self.sources.iter().enumerate();
        let found = all.filter(|(number, source)| {
            !files.contains(number) && invocations(&source.text).any(|name| names.contains(name))
        });
        found.map(|(number, _)| number).collect()
    }

    /// The items that `invocation`, written in `source`, stands for; nothing for macros that are not of the workspace.
    ///
    /// # Errors
    /// It may declare an entity, and cannot be expanded.
    pub(super) fn expand(
        &self,
        source: &Source,
        invocation: &Invocation,
    ) -> Result<Vec<Item>, Diagnostic> {
        let Some(name) = invocation.path.segments.last().map(|s| s.ident.to_string()) else {
            return Ok(Vec::new());
        };
        let arguments = invocation.tokens.clone();
        let tokens = match name.as_str() {
            "paste" | "item" => Some(macros::paste(arguments)),
            "cfg_if" => macros::cfg_if(arguments),
            "mod_use" => mod_use(&arguments),
            "dir" => self.modules_of_folder(source, &arguments),
            "macro_rules" => return Ok(Vec::new()),
            _ => match self.find(source, &name) {
                Some((file, definitions)) => {
                    let site = CallSite {
                        span: invocation.path.span(),
                        crate_name: match self.sources[file].crate_name == source.crate_name {
                            true => "crate",
                            false => &self.sources[file].crate_name,
                        },
                    };
                    let known = definitions.get(&name);
                    known.and_then(|known| known.expand(arguments.clone(), site))
                }
                None => None,
            },
        };
        let file = tokens.and_then(|tokens| syn::parse2::<syn::File>(tokens).ok());
        match file {
            Some(file) => Ok(file.items),
            None if invocation.tokens.to_string().contains("DeriveEntityModel") => {
                Err(SourceLocation::new(source, invocation.path.span()).with(
                    format!("cannot expand `{name}!`, which declares an entity"),
                    "write the entity out, or declare it by a `macro_rules!` of this workspace",
                ))
            }
            None => Ok(Vec::new()),
        }
    }

    /// The definition of `name` that code in `source` most likely means: of its own file, its crate, another crate.
    fn find(&self, source: &Source, name: &str) -> Option<(usize, Rc<HashMap<String, Macro>>)> {
        let mut files = self.by_name().get(name)?.clone();
        let distance = |file: &usize| {
            let other = &self.sources[*file];
            let common = other.path.bytes().zip(source.path.bytes());
            let common = common.take_while(|(a, b)| a == b).count();
            (
                other.path != source.path,
                other.crate_name != source.crate_name,
                usize::MAX - common,
            )
        };
        files.sort_by_key(distance);
        files.into_iter().find_map(|file| {
            let definitions = self.definitions(file);
            definitions
                .contains_key(name)
                .then_some((file, definitions))
        })
    }

    fn definitions(&self, file: usize) -> Rc<HashMap<String, Macro>> {
        if let Some(known) = self.in_file.borrow().get(&file) {
            return Rc::clone(known);
        }
        let mut found = HashMap::new();
        let source = &self.sources[file];
        if let Ok(parsed) = syn::parse_file(&source.text) {
            collect(source, parsed.items, &mut found);
        }
        let found = Rc::new(found);
        self.in_file.borrow_mut().insert(file, Rc::clone(&found));
        found
    }

    /// `automod::dir!(pub "src/entities")`: a module for each file of the folder.
    fn modules_of_folder(&self, source: &Source, arguments: &TokenStream) -> Option<TokenStream> {
        let (visibility, dir) = syn::parse::Parser::parse2(
            |input: syn::parse::ParseStream| {
                Ok((
                    input.parse::<syn::Visibility>()?,
                    input.parse::<syn::LitStr>()?,
                ))
            },
            arguments.clone(),
        )
        .ok()?;
        let package = source
            .root
            .rsplit_once('/')
            .map_or("", |(package, _)| package);
        let dir = normalize(format!("{package}/{}", dir.value()).trim_matches('/'));
        let files = self.sources.iter().filter_map(|other| {
            let name = other.path.strip_prefix(&dir)?.strip_prefix('/')?;
            let name = name.strip_suffix(".rs")?;
            let own = other.path == source.path || matches!(name, "mod" | "lib" | "main");
            (!own && !name.contains('/')).then_some(name)
        });
        let modules = files.filter_map(|name| {
            let name: syn::Ident = syn::parse_str(name).ok()?;
            Some(quote::quote!(#visibility mod #name;))
        });
        Some(modules.collect())
    }
}

/// `mod_use![pub a, b]`: modules whose contents are used as well.
fn mod_use(arguments: &TokenStream) -> Option<TokenStream> {
    let parser = |input: syn::parse::ParseStream| {
        let mut all = TokenStream::new();
        while !input.is_empty() {
            let visibility: syn::Visibility = input.parse()?;
            let name: syn::Ident = input.parse()?;
            all.extend(quote::quote!(#visibility mod #name; pub use #name::*;));
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(all)
    };
    syn::parse::Parser::parse2(parser, arguments.clone()).ok()
}

fn collect(source: &Source, items: Vec<Item>, found: &mut HashMap<String, Macro>) {
    for mut item in items {
        if matches!(cfg::evaluate(source, &mut item), Verdict::Out) {
            continue;
        }
        match item {
            Item::Macro(definition) => {
                if let Some(name) = &definition.ident
                    && let Some(known) = Macro::parse(definition.mac.tokens)
                {
                    found.entry(name.to_string()).or_insert(known);
                }
            }
            Item::Mod(inner) => {
                let items = inner.content.map(|(_, items)| items);
                collect(source, items.unwrap_or_default(), found);
            }
            _ => {}
        }
    }
}

/// The names before every `!` of a text: those of its macros, among others.
fn invocations(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('!').filter_map(|(at, _)| {
        let before = &text[..at];
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphanumeric() || *c == '_')
            .last()?;
        before.get(start.0..)
    })
}

/// The names of the macros that a text defines.
fn defined_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("macro_rules!")
        .filter_map(|(at, found)| {
            let rest = text[at + found.len()..].trim_start();
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
            rest.get(..end).filter(|name| !name.is_empty())
        })
}
