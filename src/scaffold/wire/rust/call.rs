//! One more call in the chain of calls that a function answers with.

use std::ops::Range;

use quote::ToTokens;
use syn::{Block, Expr, Item, ItemFn, Pat, Stmt};

use super::super::{Insertion, Unwirable, indent, insert, is_first_on_line, newline};
use super::source::{Source, mentions};

/// What rustfmt lets stand in one line: a chain of several calls (`chain_width`), any line (`max_width`).
const CHAIN_WIDTH: usize = 60;
/// The arguments of a call (`fn_call_width`).
const ARGUMENTS_WIDTH: usize = 60;
const MAX_WIDTH: usize = 100;
/// A chain on something this short (`app`) keeps its first call on the same line.
const SHORT_BASE: usize = 4;

/// A call to add: `.merge(books::urls::router())` to what `fn router` answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The function whose value is a chain of calls.
    pub(crate) function: &'a str,
    /// The new call goes behind the last call of one of these names; with none of them, in front of all calls.
    pub(crate) after: &'a [&'a str],
    /// What is added: `.merge(books::urls::router())`.
    pub(crate) call: &'a str,
    /// The path that shows it is there already, in whatever form: `books::urls::router`.
    pub(crate) marker: &'a str,
}

/// Adds `call` to the chain of calls that the function answers with. A function that already mentions
/// the marker stays as it is.
pub(crate) fn add_call(text: &str, call: Call<'_>) -> Result<String, Unwirable> {
    let unwirable = |why| Unwirable {
        why,
        add: call.call.to_owned(),
        place: format!("to the chain of calls in the function `{}`", call.function),
    };
    let source = Source::parse(text).map_err(Unwirable::broken)?;
    let chain = function(&source, call.function).and_then(|function| {
        if mentions(function.block.to_token_stream(), call.marker) {
            return Ok(None);
        }
        let wanted = |name: &str| call.after.contains(&name);
        Chain::answered_by(&source, &function.block, &wanted)
            .map(Some)
            .ok_or_else(|| {
                format!(
                    "what the function `{}` answers is not a chain of calls such as `Router::new(){}`",
                    call.function, call.call
                )
            })
    });
    match chain {
        Ok(None) => Ok(text.to_owned()),
        Ok(Some(chain)) => Ok(insert(text, chain.with(&source, call))),
        // Done by hand elsewhere in the file.
        Err(_) if mentions(source.file.to_token_stream(), call.marker) => Ok(text.to_owned()),
        Err(why) => Err(unwirable(why)),
    }
}

fn function<'a>(source: &'a Source<'_>, name: &str) -> Result<&'a ItemFn, String> {
    let mut found = source.file.items.iter().filter_map(|item| match item {
        Item::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    match (found.next(), found.next()) {
        (Some(function), None) => Ok(function),
        (Some(_), Some(_)) => Err(format!("there are several functions called `{name}`")),
        (None, _) => Err(format!("there is no function `{name}`")),
    }
}

/// `base.first(…).second(…)`.
#[derive(Debug)]
struct Chain {
    base: Range<usize>,
    links: Vec<Link>,
}

#[derive(Debug)]
struct Link {
    /// Where its `.` is.
    dot: usize,
    end: usize,
    wanted: bool,
}

impl Chain {
    /// The chain that is the block's value, be it wrapped (`Ok(…)`, `return …;`) or bound to a name first
    /// (`let app = …; app`). One without any wanted call must start from a constructor.
    fn answered_by(
        source: &Source<'_>,
        block: &Block,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let (last, before) = block.stmts.split_last()?;
        match last {
            Stmt::Expr(tail, None) => Self::from_tail(source, before, tail, wanted),
            Stmt::Expr(tail @ Expr::Return(_), Some(_)) => {
                Self::from_tail(source, before, tail, wanted)
            }
            _ => None,
        }
    }

    fn from_tail(
        source: &Source<'_>,
        before: &[Stmt],
        expression: &Expr,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let mut links = Vec::new();
        let mut base = expression;
        while let Expr::MethodCall(call) = base {
            links.push(Link {
                dot: source.range(&call.dot_token).start,
                end: source.range(call).end,
                wanted: wanted(&call.method.to_string()),
            });
            base = &call.receiver;
        }
        links.reverse();
        let chain = Self {
            base: source.range(base),
            links,
        };
        if chain.links.iter().any(|link| link.wanted) {
            return Some(chain);
        }
        match base {
            Expr::Call(call) if is_constructor(&call.func) => Some(chain),
            Expr::Call(call) if is_wrapper(&call.func) && chain.links.is_empty() => {
                Self::from_tail(source, before, call.args.first()?, wanted)
            }
            Expr::Paren(inner) => Self::from_tail(source, before, &inner.expr, wanted),
            Expr::Return(inner) => Self::from_tail(source, before, inner.expr.as_deref()?, wanted),
            Expr::Path(path) => {
                let (value, before) = bound(before, path.path.get_ident()?)?;
                Self::from_tail(source, before, value, wanted)
            }
            _ => None,
        }
    }

    /// The insertions that add `call`, written the way rustfmt would write the chain.
    fn with(&self, source: &Source<'_>, call: Call<'_>) -> Vec<Insertion> {
        let text = source.text;
        let kept = self
            .links
            .iter()
            .rposition(|link| link.wanted)
            .map_or(0, |last| last + 1);
        let end = kept
            .checked_sub(1)
            .map_or(self.base.end, |last| self.links[last].end);
        let one_a_line = self
            .links
            .iter()
            .find(|link| is_first_on_line(text, link.dot));
        if one_a_line.is_none() && self.fits_one_line(text, call.call) {
            return vec![Insertion {
                at: end,
                text: call.call.to_owned(),
            }];
        }
        let indent = match one_a_line {
            Some(link) => indent(text, link.dot).to_owned(),
            None => {
                let outer = indent(text, self.base.start);
                let step = if outer.contains('\t') { "\t" } else { "    " };
                format!("{outer}{step}")
            }
        };
        let start_line = format!("{}{indent}", newline(text));
        let mut insertions = vec![Insertion {
            at: source.after_trailing_comment(end),
            text: format!("{start_line}{}", laid_out(call.call, &start_line, &indent)),
        }];
        if one_a_line.is_none() {
            let short = self.base.len() <= SHORT_BASE;
            let breaks = self.links.iter().skip(usize::from(short));
            insertions.extend(breaks.map(|link| Insertion {
                at: link.dot,
                text: start_line.clone(),
            }));
        }
        insertions
    }

    fn fits_one_line(&self, text: &str, added: &str) -> bool {
        let end = self.links.last().map_or(self.base.end, |link| link.end);
        let chain = &text[self.base.start..end];
        let line = &text[super::super::line_start(text, end)..super::super::line_end(text, end)];
        !chain.contains('\n')
            && line.chars().count() + added.len() <= MAX_WIDTH
            && (self.links.is_empty() || chain.chars().count() + added.len() <= CHAIN_WIDTH)
    }
}

/// `.call(arguments)` on a line of its own, or with a line for each argument where they are too long for one.
fn laid_out(call: &str, start_line: &str, indent: &str) -> String {
    let (Some(open), Some(close)) = (call.find('('), call.rfind(')')) else {
        return call.to_owned();
    };
    let arguments = arguments(&call[open + 1..close]);
    let width = close - open - 1;
    let narrow = arguments.len() < 2 || width <= ARGUMENTS_WIDTH;
    if narrow && indent.len() + call.chars().count() <= MAX_WIDTH {
        return call.to_owned();
    }
    let step = if indent.contains('\t') { "\t" } else { "    " };
    let lines = arguments
        .iter()
        .map(|argument| format!("{start_line}{step}{argument},"));
    let lines: String = lines.collect();
    format!("{}{lines}{start_line}{}", &call[..=open], &call[close..])
}

/// What commas outside of brackets keep apart.
pub(in crate::scaffold) fn arguments(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let apart = |c: char| {
        match c {
            '(' | '<' | '[' | '{' => depth += 1,
            ')' | '>' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    text.split(apart).map(str::trim).collect()
}

/// `Router::new`, `OpenApiRouter::with_openapi`: what makes the value that calls are chained on.
fn is_constructor(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let last = path
        .path
        .segments
        .last()
        .map(|segment| segment.ident.to_string());
    path.path.segments.len() > 1
        && last.is_some_and(|name| name == "new" || name == "default" || name.starts_with("with_"))
}

fn is_wrapper(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if path.path.is_ident("Ok") || path.path.is_ident("Some"))
}

/// What the statements last bound to `name`, and the statements before that.
fn bound<'a>(statements: &'a [Stmt], name: &syn::Ident) -> Option<(&'a Expr, &'a [Stmt])> {
    let (index, init) = statements
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, statement)| match statement {
            Stmt::Local(local) if binds(&local.pat, name) => Some((index, local.init.as_ref())),
            _ => None,
        })?;
    let init = init.filter(|init| init.diverge.is_none())?;
    Some((&init.expr, &statements[..index]))
}

fn binds(pattern: &Pat, name: &syn::Ident) -> bool {
    match pattern {
        Pat::Ident(pattern) => pattern.ident == *name,
        Pat::Type(typed) => binds(&typed.pat, name),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
