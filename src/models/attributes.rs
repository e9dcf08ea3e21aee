//! `#[sea_orm(…)]` and `#[derive(…)]`, read as SeaORM's macros read them.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, ExprLit, ExprUnary, Ident, Lit, Token, UnOp};

/// One `name`, `name = value` or `name(…)` of a `#[sea_orm(…)]` attribute.
#[derive(Clone)]
pub(super) struct Attr {
    pub(super) name: String,
    pub(super) value: Option<Expr>,
    pub(super) span: Span,
}

impl Attr {
    /// The value where it is a string.
    pub(super) fn text(&self) -> syn::Result<String> {
        match &self.value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Ok(text.value()),
            _ => Err(syn::Error::new(
                self.span,
                format!("`{}` needs a string", self.name),
            )),
        }
    }

    /// Parses what the string holds; errors point at the string.
    pub(super) fn parse<T: syn::parse::Parse>(&self) -> syn::Result<T> {
        match &self.value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => text.parse(),
            _ => Err(syn::Error::new(
                self.span,
                format!("`{}` needs a string", self.name),
            )),
        }
    }

    pub(super) fn bool(&self) -> syn::Result<bool> {
        match &self.value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Bool(flag),
                ..
            })) => Ok(flag.value),
            _ => Err(syn::Error::new(
                self.span,
                format!("`{}` needs `true` or `false`", self.name),
            )),
        }
    }

    /// A literal, with its minus sign: `-1` has two tokens.
    pub(super) fn literal(&self) -> Option<(bool, &Lit)> {
        match self.value.as_ref()? {
            Expr::Lit(ExprLit { lit, .. }) => Some((false, lit)),
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }) => match &**expr {
                Expr::Lit(ExprLit { lit, .. }) => Some((true, lit)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// All attributes of one item or field, in order.
#[derive(Default)]
pub(super) struct Attrs(Vec<Attr>);

impl Attrs {
    /// Reads every `#[sea_orm(…)]` of `attributes`.
    pub(super) fn read(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Vec::new();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("sea_orm")) {
            if matches!(attribute.meta, syn::Meta::Path(_)) {
                continue;
            }
            attribute.parse_args_with(|input: ParseStream| {
                while !input.is_empty() {
                    found.push(one(input)?);
                    // Before 2.0, SeaORM's macros did not insist on them.
                    if input.peek(Token![,]) {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(())
            })?;
        }
        Ok(Self(found))
    }

    pub(super) fn push(&mut self, attr: Attr) {
        self.0.push(attr);
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    /// The last attribute called `name`: SeaORM's macros let the last one win.
    pub(super) fn get(&self, name: &str) -> Option<&Attr> {
        self.0.iter().rev().find(|attr| attr.name == name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> syn::Result<Option<String>> {
        self.get(name).map(Attr::text).transpose()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn one(input: ParseStream) -> syn::Result<Attr> {
    // Keywords are names here, too: `type`, `enum`.
    let first = Ident::parse_any(input)?;
    let (mut name, mut span) = (first.to_string(), first.span());
    while input.peek(Token![::]) {
        input.parse::<Token![::]>()?;
        let next = Ident::parse_any(input)?;
        (name, span) = (next.to_string(), next.span());
    }
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Some(input.parse()?)
    } else {
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            content.parse::<proc_macro2::TokenStream>()?;
        }
        None
    };
    Ok(Attr { name, value, span })
}

/// Whether a `#[derive(…)]` names `name`, by its last segment.
pub(super) fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
        .any(|attribute| {
            let mut found = false;
            // A malformed derive is the compiler's to report.
            let _ = attribute.parse_nested_meta(|meta| {
                found |= meta.path.segments.last().is_some_and(|s| s.ident == name);
                Ok(())
            });
            found
        })
}
