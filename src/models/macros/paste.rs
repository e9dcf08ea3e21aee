//! `paste! { struct [<$name Id>]; }`: identifiers glued together, as the crate of that name does it.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// `stream` with every `[<…>]` as one identifier.
pub(in super::super) fn paste(stream: TokenStream) -> TokenStream {
    stream
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => match glued(&group) {
                Some(ident) => TokenTree::Ident(ident),
                None => {
                    let mut inner = Group::new(group.delimiter(), paste(group.stream()));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
            },
            tree => tree,
        })
        .collect()
}

fn glued(group: &Group) -> Option<Ident> {
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let trees: Vec<TokenTree> = group.stream().into_iter().collect();
    let [TokenTree::Punct(open), inner @ .., TokenTree::Punct(close)] = trees.as_slice() else {
        return None;
    };
    if (open.as_char(), close.as_char()) != ('<', '>') {
        return None;
    }
    let mut name = String::new();
    let mut rest = inner;
    while let [first, more @ ..] = rest {
        let mut part = match first {
            TokenTree::Ident(ident) => ident.to_string().trim_start_matches("r#").to_owned(),
            TokenTree::Literal(literal) => literal.to_string().trim_matches('"').to_owned(),
            TokenTree::Group(inner) => inner.stream().to_string(),
            TokenTree::Punct(punct) if punct.as_char() == '_' => "_".into(),
            TokenTree::Punct(_) => return None,
        };
        rest = more;
        while let [TokenTree::Punct(colon), TokenTree::Ident(style), more @ ..] = rest
            && colon.as_char() == ':'
        {
            part = match style.to_string().as_str() {
                "snake" => part.to_snake_case(),
                "camel" => part.to_upper_camel_case(),
                "upper" => part.to_uppercase(),
                "lower" => part.to_lowercase(),
                _ => return None,
            };
            rest = more;
        }
        name.push_str(&part);
    }
    syn::parse_str::<Ident>(&name).ok().map(|mut ident| {
        ident.set_span(group.span());
        ident
    })
}
