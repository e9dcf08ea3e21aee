//! Builder chains of code that SeaORM's macros would have written, read as the attributes they stand for:
//! `ColumnType::Text.def().unique()`, `Entity::belongs_to(…).from(Column::A).to(…)`.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Block, Expr, ExprLit, ImplItem, Item, ItemImpl, Lit, LitStr, Pat, Stmt};

use super::attributes::{Attr, Attrs};

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

fn last(block: &Block) -> Option<&Expr> {
    match block.stmts.last()? {
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}

/// The arms of `match self { Self::A => …, }`: the variant and its expression.
pub(super) fn arms(expr: &Expr) -> Vec<(String, &Expr)> {
    let Expr::Match(body) = expr else {
        return Vec::new();
    };
    let arms = body.arms.iter().filter_map(|arm| match &arm.pat {
        Pat::Path(path) => {
            let variant = path.path.segments.last()?.ident.to_string();
            Some((variant, &*arm.body))
        }
        _ => None,
    });
    arms.collect()
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
