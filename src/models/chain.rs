//! Builder chains of code that SeaORM's macros would have written, read as the attributes they stand for:
//! `ColumnType::Text.def().unique()`, `Entity::belongs_to(…).from(Column::A).to(…)`.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Block, Expr, ExprLit, ImplItem, Item, ItemImpl, Lit, LitStr, Pat, Stmt};

use super::attributes::{Attr, Attrs};
use super::index::plain;

/// The expression that a chain starts with, and its calls as attributes.
pub(super) fn read(expr: &Expr) -> (&Expr, Attrs) {
    let mut calls = Vec::new();
    let mut at = expr;
    while let Expr::MethodCall(call) = at {
        calls.push(call);
        at = &call.receiver;
    }
    let mut attrs = Attrs::default();
    for call in calls.into_iter().rev() {
        let name = match call.method.to_string().as_str() {
            "def" | "into" | "to_owned" => continue,
            "null" => "nullable".to_owned(),
            "default" => "default_expr".to_owned(),
            name => name.to_owned(),
        };
        let value = call.args.first().map(|argument| match argument {
            Expr::Lit(_) | Expr::Unary(_) if name != "default_expr" => argument.clone(),
            code => text(code),
        });
        attrs.push(Attr {
            name,
            value,
            span: call.method.span(),
        });
    }
    (at, attrs)
}

/// Code as a string literal at its place, as attributes hold code.
fn text(code: &Expr) -> Expr {
    let text = code.to_token_stream().to_string();
    Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit: Lit::Str(LitStr::new(&text, code.span())),
    })
}

/// The `impl` of a trait in a module, by the trait's last name.
pub(super) fn implementation<'a>(items: &'a [Item], name: &str) -> Option<&'a ItemImpl> {
    items.iter().find_map(|item| match item {
        Item::Impl(item) => {
            let (path, _) = item.trait_.as_ref()?;
            (path.segments.last()?.ident == name).then_some(item)
        }
        _ => None,
    })
}

/// What a function without statements evaluates to.
pub(super) fn result<'a>(item: &'a ItemImpl, function: &str) -> Option<&'a Expr> {
    item.items.iter().find_map(|item| match item {
        ImplItem::Fn(item) if item.sig.ident == function => last(&item.block),
        _ => None,
    })
}

/// The body of a function.
pub(super) fn function<'a>(item: &'a ItemImpl, name: &str) -> Option<&'a Block> {
    item.items.iter().find_map(|item| match item {
        ImplItem::Fn(item) if item.sig.ident == name => Some(&item.block),
        _ => None,
    })
}

fn last(block: &Block) -> Option<&Expr> {
    match block.stmts.last()? {
        Stmt::Expr(Expr::Return(back), _) => back.expr.as_deref(),
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}

/// One arm of `match self { Self::A => … }`.
pub(super) struct Arm<'a> {
    pub(super) variant: String,
    pub(super) body: &'a Expr,
    /// What is called on the whole: `match self { … }.def()`.
    calls: Attrs,
}

impl<'a> Arm<'a> {
    /// The expression that the arm's chain starts with, and its calls as attributes.
    pub(super) fn read(&self) -> (&'a Expr, Attrs) {
        let (base, mut attrs) = read(self.body);
        attrs.extend(&self.calls);
        (base, attrs)
    }
}

/// The arms of `match self { Self::A => …, Self::B | Self::C => … }`, each under each of its names.
pub(super) fn arms(expr: &Expr) -> Vec<Arm<'_>> {
    let (base, _) = read(expr);
    let Expr::Match(body) = base else {
        return Vec::new();
    };
    let mut arms = Vec::new();
    for arm in &body.arms {
        let mut variants = Vec::new();
        names(&arm.pat, &mut variants);
        arms.extend(variants.into_iter().map(|variant| Arm {
            variant,
            body: inner(&arm.body),
            calls: read(expr).1,
        }));
    }
    arms
}

/// `{ x }` as `x`.
fn inner(expr: &Expr) -> &Expr {
    match expr {
        Expr::Block(block) if block.block.stmts.len() == 1 => {
            last(&block.block).map_or(expr, inner)
        }
        expr => expr,
    }
}

fn names(pattern: &Pat, found: &mut Vec<String>) {
    match pattern {
        Pat::Path(path) => {
            found.extend(path.path.segments.last().map(|last| plain(&last.ident)));
        }
        Pat::TupleStruct(pattern) => {
            found.extend(pattern.path.segments.last().map(|last| plain(&last.ident)));
        }
        // A variant that was imported by name.
        Pat::Ident(pattern) if pattern.subpat.is_none() => found.push(plain(&pattern.ident)),
        Pat::Or(cases) => cases.cases.iter().for_each(|case| names(case, found)),
        Pat::Reference(pattern) => names(&pattern.pat, found),
        Pat::Paren(pattern) => names(&pattern.pat, found),
        Pat::Wild(_) => found.push("_".into()),
        _ => {}
    }
}

/// The string in `"x"` or `Some("x")`.
pub(super) fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        Expr::Call(call) => string(call.args.first()?),
        _ => None,
    }
}
