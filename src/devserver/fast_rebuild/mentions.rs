//! Which names of a crate other crates mention in their sources. Pure.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::UseTree;
use syn::visit::Visit;

use super::items::{Names, import_names};

/// What dependents mention of a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// Every name that may be one of the crate's.
    pub(super) names: Names,
    /// The names at the ends of paths, each with the names before it in the path: one of them is defined in the crate.
    pub(super) paths: Vec<Vec<String>>,
}

/// Why the names cannot be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclear;

/// Reads the sources of all crates that depend on a crate, which they call by the names `roots`.
///
/// What is imported from the crate may be the beginning of a path in its turn, and may be exported again under another
/// name; so the sources are read until no name is added.
pub(super) fn mentions(roots: &Names, sources: &[&str]) -> Result<Mentions, Unclear> {
    let files: Option<Vec<(syn::File, TokenStream)>> = sources
        .iter()
        .map(|source| {
            let file = syn::parse_file(source).ok()?;
            let tokens = file.to_token_stream();
            Some((file, tokens))
        })
        .collect();
    let files = files.ok_or(Unclear)?;
    let mut finder = Finder {
        roots: roots.clone(),
        ..Finder::default()
    };
    loop {
        let known = finder.roots.len();
        finder.found = Mentions::default();
        for (file, tokens) in &files {
            finder.visit_file(file);
            finder.tokens(tokens.clone());
        }
        if finder.is_unclear {
            return Err(Unclear);
        }
        if finder.roots.len() == known {
            return Ok(finder.found);
        }
    }
}

#[derive(Default)]
struct Finder {
    /// The names with which a path into the crate may begin.
    roots: Names,
    found: Mentions,
    is_unclear: bool,
}

impl Finder {
    /// Finds the paths in tokens, macro calls and attributes included.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let [token, after @ ..] = rest {
            rest = after;
            match token {
                TokenTree::Group(group) if is_doc(group) => {}
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) if self.is_root(&ident.to_string()) => {
                    rest = self.path(after);
                }
                // A macro may take the path from a string.
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let mut roots = self.roots.iter();
                    self.is_unclear |= roots.any(|root| text.contains(&format!("{root}::")));
                }
                _ => {}
            }
        }
    }

    fn is_root(&self, word: &str) -> bool {
        self.roots.contains(word.trim_start_matches("r#"))
    }

    /// Reads the rest of a path; what comes after it is returned.
    fn path<'a>(&mut self, mut rest: &'a [TokenTree]) -> &'a [TokenTree] {
        let mut path = Vec::new();
        while let [TokenTree::Punct(one), TokenTree::Punct(two), after @ ..] = rest
            && one.as_char() == ':'
            && two.as_char() == ':'
        {
            match after {
                [TokenTree::Ident(ident), after @ ..] => {
                    path.push(ident.to_string());
                    rest = after;
                }
                // An import, which is read as such, or else a part of a macro call.
                [TokenTree::Group(group), after @ ..] => {
                    super::items::words(group.stream(), &mut self.found.names);
                    rest = after;
                    break;
                }
                [TokenTree::Punct(star), ..] if star.as_char() == '*' => {
                    self.is_unclear = true;
                    break;
                }
                _ => break,
            }
        }
        self.found.names.extend(path.iter().cloned());
        if !path.is_empty() {
            self.found.paths.push(path);
        }
        rest
    }

    /// Reads the part of an import below a root.
    fn import(&mut self, tree: &UseTree) {
        let (mut names, mut renamed) = (Names::new(), Names::new());
        self.is_unclear |= !import_names(tree, &mut names, &mut renamed);
        names.remove("self");
        renamed.remove("self");
        self.found
            .names
            .extend(names.iter().chain(&renamed).cloned());
        self.roots.extend(names);
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_use_tree(&mut self, tree: &'ast UseTree) {
        match tree {
            UseTree::Path(path) if self.is_root(&path.ident.to_string()) => self.import(&path.tree),
            UseTree::Rename(rename) if self.is_root(&rename.ident.to_string()) => {
                self.roots.insert(rename.rename.to_string());
            }
            _ => syn::visit::visit_use_tree(self, tree),
        }
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let is_root = self.is_root(&item.ident.to_string());
        // `#[macro_use]` brings in names that are nowhere mentioned.
        self.is_unclear |= is_root && !item.attrs.is_empty();
        if let (true, Some((_, name))) = (is_root, &item.rename) {
            self.roots.insert(name.to_string());
        }
    }
}

/// Whether a group is what follows `#` in a doc comment.
fn is_doc(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == proc_macro2::Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(ident)) if ident == "doc")
}
