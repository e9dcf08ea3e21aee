//! The right side of a rule: the tokens that an invocation becomes.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::CallSite;
use super::rules::{self, Binding, Bindings, Repeat};

/// One piece of a transcriber.
#[derive(Debug)]
pub(super) enum Template {
    Token(TokenTree),
    Group(Delimiter, Vec<Template>),
    /// `$name`.
    Variable(String),
    /// `$crate`.
    Crate,
    Repeat(Repeat<Template>),
}

/// Two repetitions over nothing would go on for ever; a list longer than this is no list of declarations.
const MAX_ROUNDS: usize = 10_000;

pub(super) fn parse(stream: TokenStream) -> Option<Vec<Template>> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut rest = trees.as_slice();
    let mut templates = Vec::new();
    while let [first, more @ ..] = rest {
        rest = more;
        match first {
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => match rest {
                [TokenTree::Group(group), more @ ..]
                    if group.delimiter() == Delimiter::Parenthesis =>
                {
                    let inner = parse(group.stream())?;
                    let (separator, operator, more) = rules::repetition(more)?;
                    templates.push(Template::Repeat(Repeat {
                        inner,
                        separator,
                        operator,
                    }));
                    rest = more;
                }
                [TokenTree::Ident(name), more @ ..] => {
                    templates.push(match name.to_string().as_str() {
                        "crate" => Template::Crate,
                        name => Template::Variable(name.to_owned()),
                    });
                    rest = more;
                }
                // `${count(…)}` and its like.
                _ => return None,
            },
            TokenTree::Group(group) => {
                let inner = parse(group.stream())?;
                templates.push(Template::Group(group.delimiter(), inner));
            }
            token => templates.push(Template::Token(token.clone())),
        }
    }
    Some(templates)
}

/// Names to what they stand for in this round of all repetitions.
type Scope<'b> = HashMap<&'b str, &'b Binding>;

pub(super) fn fill(
    templates: &[Template],
    bindings: &Bindings,
    site: CallSite,
) -> Option<TokenStream> {
    let scope: Scope = bindings
        .iter()
        .map(|(name, binding)| (name.as_str(), binding))
        .collect();
    let mut out = TokenStream::new();
    transcribe(templates, &scope, site, &mut out)?;
    Some(out)
}

fn transcribe(
    templates: &[Template],
    scope: &Scope,
    site: CallSite,
    out: &mut TokenStream,
) -> Option<()> {
    for template in templates {
        match template {
            Template::Token(token) => out.extend([at(token.clone(), site)]),
            Template::Crate => {
                out.extend([TokenTree::Ident(Ident::new(site.crate_name, site.span))]);
            }
            Template::Group(delimiter, inner) => {
                let mut inside = TokenStream::new();
                transcribe(inner, scope, site, &mut inside)?;
                let mut group = Group::new(*delimiter, inside);
                group.set_span(site.span);
                out.extend([TokenTree::Group(group)]);
            }
            Template::Variable(name) => match scope.get(name.as_str()) {
                Some(Binding::Tokens(tokens)) => out.extend(tokens.iter().cloned()),
                Some(Binding::List(_)) => return None,
                // A `$` that means nothing here is for a macro inside.
                None => {
                    out.extend([TokenTree::Punct(proc_macro2::Punct::new(
                        '$',
                        proc_macro2::Spacing::Alone,
                    ))]);
                    out.extend([TokenTree::Ident(Ident::new(name, site.span))]);
                }
            },
            Template::Repeat(repeat) => rounds(repeat, scope, site, out)?,
        }
    }
    Some(())
}

fn rounds(
    repeat: &Repeat<Template>,
    scope: &Scope,
    site: CallSite,
    out: &mut TokenStream,
) -> Option<()> {
    let mut names = Vec::new();
    variables(&repeat.inner, &mut names);
    let lists: Vec<(&str, &Vec<Binding>)> = names
        .iter()
        .filter_map(|name| match scope.get_key_value(name) {
            Some((name, Binding::List(list))) => Some((*name, list)),
            _ => None,
        })
        .collect();
    let count = lists.iter().map(|(_, list)| list.len()).max()?;
    for number in 0..count.min(MAX_ROUNDS) {
        if number > 0 {
            out.extend(repeat.separator.iter().map(|token| at(token.clone(), site)));
        }
        let mut inner = scope.clone();
        for (name, list) in &lists {
            inner.insert(name, list.get(number)?);
        }
        transcribe(&repeat.inner, &inner, site, out)?;
    }
    Some(())
}

fn variables<'t>(templates: &'t [Template], names: &mut Vec<&'t str>) {
    for template in templates {
        match template {
            Template::Variable(name) => names.push(name),
            Template::Group(_, inner) => variables(inner, names),
            Template::Repeat(repeat) => variables(&repeat.inner, names),
            Template::Token(_) | Template::Crate => {}
        }
    }
}

fn at(mut token: TokenTree, site: CallSite) -> TokenTree {
    token.set_span(site.span);
    token
}
