//! `macro_rules!` by hand: the items that an invocation stands for, as tokens. Only what declares something is asked for,
//! so hygiene does not matter, and a macro that is not understood is nothing worse than one that is not there.

mod paste;
mod rules;
mod transcribe;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

pub(super) use paste::paste;
use rules::Pattern;
use transcribe::Template;

/// An invocation longer than this declares no entities by hand.
const MAX_TOKENS: usize = 50_000;

/// One `macro_rules!` definition.
#[derive(Debug)]
pub(super) struct Macro {
    rules: Vec<(Vec<Pattern>, Vec<Template>)>,
}

/// Where an expansion stands.
#[derive(Clone, Copy)]
pub(super) struct CallSite<'a> {
    /// What tokens of the macro's body point at: their own place is in another file.
    pub(super) span: proc_macro2::Span,
    /// What `$crate` means there.
    pub(super) crate_name: &'a str,
}

impl Macro {
    /// Reads `(…) => {…}; …`; `None` for what this reader does not know.
    pub(super) fn parse(body: TokenStream) -> Option<Self> {
        let trees: Vec<TokenTree> = body.into_iter().collect();
        let mut rules = Vec::new();
        let mut rest = trees.as_slice();
        while !rest.is_empty() {
            let [
                TokenTree::Group(left),
                TokenTree::Punct(equals),
                TokenTree::Punct(arrow),
                TokenTree::Group(right),
                more @ ..,
            ] = rest
            else {
                return None;
            };
            if (equals.as_char(), arrow.as_char()) != ('=', '>') {
                return None;
            }
            let pattern = rules::parse(left.stream())?;
            let template = transcribe::parse(right.stream())?;
            rules.push((pattern, template));
            rest = match more {
                [TokenTree::Punct(end), after @ ..] if end.as_char() == ';' => after,
                more => more,
            };
        }
        Some(Self { rules })
    }

    /// What the invocation with `arguments` becomes; `None` where no rule matches.
    pub(super) fn expand(&self, arguments: TokenStream, site: CallSite) -> Option<TokenStream> {
        let trees: Vec<TokenTree> = arguments.into_iter().collect();
        if trees.len() > MAX_TOKENS {
            return None;
        }
        self.rules.iter().find_map(|(pattern, template)| {
            let bindings = rules::matches(pattern, &trees)?;
            transcribe::fill(template, &bindings, site)
        })
    }
}

/// The rules of `cfg_if! { if #[cfg(a)] {…} else if #[cfg(b)] {…} else {…} }` as items under one `cfg` each.
pub(super) fn cfg_if(arguments: TokenStream) -> Option<TokenStream> {
    let trees: Vec<TokenTree> = arguments.into_iter().collect();
    let mut rest = trees.as_slice();
    let mut before: Vec<TokenStream> = Vec::new();
    let mut all = TokenStream::new();
    while !rest.is_empty() {
        let is = |tree: &TokenTree, word: &str| matches!(tree, TokenTree::Ident(i) if i == word);
        rest = match rest {
            [first, more @ ..] if is(first, "else") => more,
            rest => rest,
        };
        let (own, body, more) = match rest {
            [
                word,
                TokenTree::Punct(_),
                TokenTree::Group(attribute),
                TokenTree::Group(body),
                more @ ..,
            ] if is(word, "if") => {
                let mut inner = attribute.stream().into_iter();
                let (Some(TokenTree::Ident(_)), Some(TokenTree::Group(condition))) =
                    (inner.next(), inner.next())
                else {
                    return None;
                };
                (Some(condition.stream()), body, more)
            }
            [TokenTree::Group(body), more @ ..] if body.delimiter() == Delimiter::Brace => {
                (None, body, more)
            }
            _ => return None,
        };
        let not = before
            .iter()
            .map(|condition| quote::quote!(not(#condition)));
        let condition = quote::quote!(all(#own #(, #not)*));
        let condition = match &own {
            Some(_) => condition,
            None => {
                let not = before
                    .iter()
                    .map(|condition| quote::quote!(not(#condition)));
                quote::quote!(all(#(#not),*))
            }
        };
        let items = syn::parse2::<syn::File>(body.stream()).ok()?.items;
        all.extend(quote::quote!(#(#[cfg(#condition)] #items)*));
        before.extend(own);
        rest = more;
    }
    Some(all)
}

#[cfg(test)]
mod tests;
