//! The left side of a rule: what an invocation must look like, and the names that parts of it get.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};

/// One piece of a matcher.
#[derive(Debug)]
pub(super) enum Pattern {
    Token(TokenTree),
    Group(Delimiter, Vec<Pattern>),
    /// `$name:kind`.
    Variable(String, String),
    Repeat(Repeat<Pattern>),
}

/// `$( … ) separator operator`.
#[derive(Debug)]
pub(super) struct Repeat<T> {
    pub(super) inner: Vec<T>,
    pub(super) separator: Vec<TokenTree>,
    /// `*`, `+` or `?`.
    pub(super) operator: char,
}

/// What a name stands for: tokens, or a list of such where it is under a repetition.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    Tokens(Vec<TokenTree>),
    List(Vec<Binding>),
}

pub(super) type Bindings = HashMap<String, Binding>;

pub(super) fn parse(stream: TokenStream) -> Option<Vec<Pattern>> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut rest = trees.as_slice();
    let mut patterns = Vec::new();
    while let [first, more @ ..] = rest {
        rest = more;
        match first {
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => match rest {
                [TokenTree::Group(group), more @ ..] => {
                    let inner = parse(group.stream())?;
                    let (separator, operator, more) = repetition(more)?;
                    patterns.push(Pattern::Repeat(Repeat {
                        inner,
                        separator,
                        operator,
                    }));
                    rest = more;
                }
                [
                    TokenTree::Ident(name),
                    TokenTree::Punct(colon),
                    TokenTree::Ident(kind),
                    more @ ..,
                ] if colon.as_char() == ':' => {
                    patterns.push(Pattern::Variable(name.to_string(), kind.to_string()));
                    rest = more;
                }
                _ => return None,
            },
            TokenTree::Group(group) => {
                let inner = parse(group.stream())?;
                patterns.push(Pattern::Group(group.delimiter(), inner));
            }
            token => patterns.push(Pattern::Token(token.clone())),
        }
    }
    Some(patterns)
}

/// The separator and the operator behind `$( … )`, and what follows.
pub(super) fn repetition(trees: &[TokenTree]) -> Option<(Vec<TokenTree>, char, &[TokenTree])> {
    let operator = |tree: &TokenTree| match tree {
        TokenTree::Punct(punct) => Some(punct.as_char()).filter(|c| "*+?".contains(*c)),
        _ => None,
    };
    let at = trees
        .iter()
        .take(4)
        .position(|tree| operator(tree).is_some())?;
    // `$(…)+*` separates by `+`; two operators that belong to different things do not follow each other.
    let at = match trees.get(at + 1).and_then(operator) {
        Some(_) if at == 0 && is_joint(&trees[0]) => 1,
        _ => at,
    };
    let operator = operator(&trees[at])?;
    Some((trees[..at].to_vec(), operator, &trees[at + 1..]))
}

fn is_joint(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint)
}

/// The names that `patterns` give to the parts of `trees`, all of which they must match.
pub(super) fn matches(patterns: &[Pattern], trees: &[TokenTree]) -> Option<Bindings> {
    let mut bindings = Bindings::new();
    let rest = sequence(patterns, trees, &mut bindings)?;
    rest.is_empty().then_some(bindings)
}

/// What is left of `trees` behind what `patterns` match.
fn sequence<'t>(
    patterns: &[Pattern],
    mut trees: &'t [TokenTree],
    bindings: &mut Bindings,
) -> Option<&'t [TokenTree]> {
    for (number, pattern) in patterns.iter().enumerate() {
        trees = match pattern {
            Pattern::Token(wanted) => match trees {
                [found, more @ ..] if same(wanted, found) => more,
                _ => return None,
            },
            Pattern::Group(delimiter, inner) => match trees {
                [TokenTree::Group(group), more @ ..] if group.delimiter() == *delimiter => {
                    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                    let rest = sequence(inner, &inside, bindings)?;
                    if !rest.is_empty() {
                        return None;
                    }
                    more
                }
                _ => return None,
            },
            Pattern::Variable(name, kind) => {
                let count = fragment(kind, trees)?;
                let tokens = trees[..count].to_vec();
                bindings.insert(name.clone(), Binding::Tokens(tokens));
                &trees[count..]
            }
            Pattern::Repeat(repeat) => repeated(repeat, &patterns[number + 1..], trees, bindings)?,
        };
    }
    Some(trees)
}

fn repeated<'t>(
    repeat: &Repeat<Pattern>,
    behind: &[Pattern],
    mut trees: &'t [TokenTree],
    bindings: &mut Bindings,
) -> Option<&'t [TokenTree]> {
    let mut names = Vec::new();
    variables(&repeat.inner, &mut names);
    let mut rounds: Vec<Bindings> = Vec::new();
    let stop = match behind.first() {
        Some(Pattern::Token(token)) if repeat.separator.is_empty() => Some(token),
        _ => None,
    };
    while !(repeat.operator == '?' && rounds.len() == 1) {
        // A token that must follow the whole ends it, unless that is how a round begins.
        let ends = |tree: &TokenTree| stop.is_some_and(|stop| same(stop, tree));
        if trees.first().is_some_and(ends) && !begins_with(&repeat.inner, stop) {
            break;
        }
        let mut at = trees;
        if !rounds.is_empty() {
            match separated(&repeat.separator, at) {
                Some(more) => at = more,
                None => break,
            }
        }
        let mut round = Bindings::new();
        match sequence(&repeat.inner, at, &mut round) {
            Some(more) if more.len() < trees.len() => {
                trees = more;
                rounds.push(round);
            }
            _ => break,
        }
    }
    if repeat.operator == '+' && rounds.is_empty() {
        return None;
    }
    for name in names {
        let list = rounds.iter().filter_map(|round| round.get(name).cloned());
        bindings.insert(name.to_owned(), Binding::List(list.collect()));
    }
    Some(trees)
}

fn begins_with(patterns: &[Pattern], token: Option<&TokenTree>) -> bool {
    match (patterns.first(), token) {
        (Some(Pattern::Token(first)), Some(token)) => same(first, token),
        _ => false,
    }
}

fn separated<'t>(separator: &[TokenTree], trees: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
    let found = trees.get(..separator.len())?;
    let all = separator.iter().zip(found).all(|(a, b)| same(a, b));
    all.then(|| &trees[separator.len()..])
}

fn variables<'p>(patterns: &'p [Pattern], names: &mut Vec<&'p str>) {
    for pattern in patterns {
        match pattern {
            Pattern::Variable(name, _) => names.push(name),
            Pattern::Group(_, inner) => variables(inner, names),
            Pattern::Repeat(repeat) => variables(&repeat.inner, names),
            Pattern::Token(_) => {}
        }
    }
}

fn same(one: &TokenTree, other: &TokenTree) -> bool {
    match (one, other) {
        (TokenTree::Ident(a), TokenTree::Ident(b)) => a == b,
        (TokenTree::Punct(a), TokenTree::Punct(b)) => a.as_char() == b.as_char(),
        (TokenTree::Literal(a), TokenTree::Literal(b)) => a.to_string() == b.to_string(),
        _ => false,
    }
}

/// How many of `trees` a fragment of that kind takes.
fn fragment(kind: &str, trees: &[TokenTree]) -> Option<usize> {
    match (kind, trees) {
        ("ident", [TokenTree::Ident(name), ..]) => (name != "_").then_some(1),
        ("ident", _) => None,
        ("lifetime", [TokenTree::Punct(quote), TokenTree::Ident(_), ..]) => {
            (quote.as_char() == '\'').then_some(2)
        }
        ("tt", [TokenTree::Punct(punct), more @ ..]) => Some(1 + operator_rest(punct, more)),
        ("tt", [_, ..]) => Some(1),
        ("vis", _) => parsed::<syn::Visibility>(trees),
        (_, []) => None,
        ("ty" | "ty_param", _) => parsed::<syn::Type>(trees),
        ("path", _) => parsed::<syn::Path>(trees),
        ("expr" | "expr_2021", _) => parsed::<syn::Expr>(trees),
        ("literal", [TokenTree::Punct(minus), TokenTree::Literal(_), ..]) => {
            (minus.as_char() == '-').then_some(2)
        }
        ("literal", [TokenTree::Literal(_), ..]) => Some(1),
        ("literal", [TokenTree::Ident(word), ..]) => {
            (word == "true" || word == "false").then_some(1)
        }
        ("block", [TokenTree::Group(_), ..]) => Some(1),
        ("meta", _) => parsed::<syn::Meta>(trees),
        ("item", _) => parsed::<syn::Item>(trees),
        ("stmt", _) => parsed::<syn::Stmt>(trees),
        ("pat", _) => consumed(trees, |input| {
            syn::Pat::parse_multi(input).map(ToTokens::into_token_stream)
        }),
        ("pat_param", _) => consumed(trees, |input| {
            syn::Pat::parse_single(input).map(ToTokens::into_token_stream)
        }),
        _ => None,
    }
}

/// `::` and `=>` are one token of a macro, and two of a stream.
fn operator_rest(first: &proc_macro2::Punct, more: &[TokenTree]) -> usize {
    const OPERATORS: [&str; 23] = [
        "<<=", ">>=", "...", "..=", "=>", "->", "::", "..", "==", "!=", "<=", ">=", "&&", "||",
        "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=", "<-",
    ];
    let mut text = first.as_char().to_string();
    let mut joint = first.spacing() == Spacing::Joint;
    for tree in more.iter().take(2) {
        let TokenTree::Punct(punct) = tree else { break };
        if !joint {
            break;
        }
        text.push(punct.as_char());
        joint = punct.spacing() == Spacing::Joint;
    }
    if text.starts_with('\'') {
        return 1;
    }
    let longest = OPERATORS
        .iter()
        .find(|operator| text.starts_with(**operator));
    longest.map_or(0, |operator| operator.len() - 1)
}

fn parsed<T: syn::parse::Parse + ToTokens>(trees: &[TokenTree]) -> Option<usize> {
    consumed(trees, |input| {
        input.parse::<T>().map(ToTokens::into_token_stream)
    })
}

/// How many of `trees` `read` takes.
fn consumed(
    trees: &[TokenTree],
    read: impl Fn(ParseStream) -> syn::Result<TokenStream>,
) -> Option<usize> {
    let stream: TokenStream = trees.iter().cloned().collect();
    let parser = |input: ParseStream| {
        read(input)?;
        input.parse::<TokenStream>()
    };
    let rest = parser.parse2(stream).ok()?;
    Some(trees.len() - rest.into_iter().count())
}
