//! Constants, functions without arguments, and identifiers of SeaQuery, as far as their value is plain in the source.

use std::cell::Cell;

use heck::ToSnakeCase;
use quote::ToTokens;
use syn::{Attribute, Expr, Item, Lit, Path, Stmt};

use super::attributes::Attrs;
use super::chain;
use super::column_type::{literal, unwrapped};
use super::index::{Content, Index, ModuleId, plain};
use super::resolve::Resolution;

/// Where an expression is written.
pub(super) struct Scope<'i> {
    index: &'i Index<'i>,
    module: ModuleId,
    /// Whether a name was looked up: then the same text may mean something else elsewhere.
    used: Cell<bool>,
    /// The type that `Self` is.
    own: Option<String>,
    depth: u8,
}

impl<'i> Scope<'i> {
    pub(super) fn new(index: &'i Index<'i>, module: ModuleId) -> Self {
        Self {
            index,
            module,
            used: Cell::new(false),
            own: None,
            depth: 0,
        }
    }

    /// The same inside of an implementation for the type `name`.
    pub(super) fn inside(mut self, name: Option<&str>) -> Self {
        self.own = name.map(str::to_owned);
        self
    }

    /// Whether the value depends on where it is written.
    pub(super) fn is_used(&self) -> bool {
        self.used.get()
    }

    fn at(&self, module: ModuleId) -> Self {
        Self {
            index: self.index,
            module,
            used: Cell::new(true),
            own: None,
            depth: self.depth + 1,
        }
    }

    /// The string in `"x"`, `"x".into()`, `Alias::new(NAME)`, `SeaRc::new(Citext)`, `name()`.
    pub(super) fn text(&self, expr: &Expr) -> Option<String> {
        let expr = unwrapped(expr);
        if let Some(text) = literal(expr) {
            return Some(text);
        }
        match expr {
            Expr::Path(path) => self.named(&path.path, |scope, value| scope.text(value)),
            Expr::Call(call) if call.args.is_empty() => match &*call.func {
                Expr::Path(path) => self.named(&path.path, |scope, value| scope.text(value)),
                _ => None,
            },
            Expr::Block(block) => self.text(result(&block.block)?),
            Expr::Return(back) => self.text(back.expr.as_ref()?),
            _ => None,
        }
    }

    /// The number in `3`, `LENGTH`, `LENGTH as u32`.
    pub(super) fn number(&self, expr: &Expr) -> Option<u32> {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Int(number) => number.base10_parse().ok(),
                _ => None,
            },
            Expr::Path(path) => self.named(&path.path, |scope, value| scope.number(value)),
            Expr::Cast(cast) => self.number(&cast.expr),
            Expr::MethodCall(call)
                if matches!(
                    call.method.to_string().as_str(),
                    "into" | "try_into" | "unwrap" | "expect"
                ) =>
            {
                self.number(&call.receiver)
            }
            Expr::Group(group) => self.number(&group.expr),
            Expr::Paren(paren) => self.number(&paren.expr),
            _ => None,
        }
    }

    /// What `read` makes of the value that `path` names.
    fn named<T: FromName>(
        &self,
        path: &Path,
        read: impl Fn(&Self, &Expr) -> Option<T>,
    ) -> Option<T> {
        if self.depth > 8 {
            return None;
        }
        self.used.set(true);
        if let [own, name] = path.segments.iter().collect::<Vec<_>>().as_slice()
            && own.ident == "Self"
        {
            let content = self.index.content(self.module).ok()?;
            return read(
                self,
                associated(&content, self.own.as_deref(), &plain(&name.ident))?,
            );
        }
        if let Ok(Some(Resolution::Value(module, item) | Resolution::Type(module, item))) =
            self.index.resolve(self.module, path)
        {
            let content = self.index.content(module).ok()?;
            let scope = self.at(module);
            return match &content.items[item] {
                Item::Const(item) => read(&scope, &item.expr),
                Item::Static(item) => read(&scope, &item.expr),
                Item::Fn(item) => read(&scope, result(&item.block)?),
                item => T::from_name(identifier(&content, item, None)?),
            };
        }
        // A variant: its enum, and its name.
        let mut owner = path.clone();
        let variant = plain(&owner.segments.pop()?.ident);
        owner.segments.pop_punct();
        let found = self.index.resolve(self.module, &owner).ok()??;
        let Resolution::Type(module, item) = found else {
            return None;
        };
        let content = self.index.content(module).ok()?;
        T::from_name(identifier(&content, &content.items[item], Some(&variant))?)
    }
}

/// The constant `name` of the type `own` of the module.
fn associated<'c>(content: &'c Content, own: Option<&str>, name: &str) -> Option<&'c Expr> {
    let is_own = |ty: &syn::Type| own.is_some_and(|own| super::types::compact(ty) == own);
    content.items.iter().find_map(|item| match item {
        Item::Impl(item) if is_own(&item.self_ty) => {
            item.items.iter().find_map(|item| match item {
                syn::ImplItem::Const(item) if item.ident == name => Some(&item.expr),
                _ => None,
            })
        }
        _ => None,
    })
}

/// What the name of an identifier can be read as.
trait FromName: Sized {
    fn from_name(name: String) -> Option<Self>;
}

impl FromName for String {
    fn from_name(name: String) -> Option<Self> {
        Some(name)
    }
}

impl FromName for u32 {
    fn from_name(_: String) -> Option<Self> {
        None
    }
}

/// What a block evaluates to, seen through `let name = …; Alias::new(name)`.
fn result(block: &syn::Block) -> Option<&Expr> {
    let Stmt::Expr(expr, _) = block.stmts.last()? else {
        return None;
    };
    let mut value = unwrapped(expr);
    for statement in block.stmts.iter().rev() {
        if let Stmt::Local(local) = statement
            && let syn::Pat::Ident(name) = &local.pat
            && let Expr::Path(path) = value
            && path.path.is_ident(&name.ident)
            && let Some(init) = &local.init
        {
            value = unwrapped(&init.expr);
        }
    }
    Some(value)
}

/// The name that a type, or a variant of it, has as an `Iden`.
fn identifier(content: &Content, item: &Item, variant: Option<&str>) -> Option<String> {
    let (name, attributes) = match item {
        Item::Struct(item) => (plain(&item.ident), &item.attrs),
        Item::Enum(item) => (plain(&item.ident), &item.attrs),
        _ => return None,
    };
    let written = content.items.iter().find_map(|other| match other {
        Item::Impl(other) => {
            let (path, _) = other.trait_.as_ref().map(|(path, token)| (path, token))?;
            let is_iden = path
                .segments
                .last()
                .is_some_and(|s| s.ident == "Iden" || s.ident == "IdenStatic");
            let own = super::types::compact(&other.self_ty) == name;
            (is_iden && own).then_some(other)
        }
        _ => None,
    });
    if let Some(written) = written {
        let function = ["unquoted", "as_str"]
            .iter()
            .find_map(|function| chain::function(written, function))?;
        return spelled(function, variant);
    }
    let Item::Enum(item) = item else {
        return Some(renamed(attributes).unwrap_or_else(|| name.to_snake_case()));
    };
    let variant = variant?;
    let found = item.variants.iter().find(|v| plain(&v.ident) == variant)?;
    Some(match renamed(&found.attrs) {
        Some(said) => said,
        None if variant == "Table" => renamed(attributes).unwrap_or_else(|| name.to_snake_case()),
        None => variant.to_snake_case(),
    })
}

/// `#[iden = "x"]`, `#[iden(rename = "x")]`, `#[sea_orm(iden = "x")]`.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    if let Some(said) = Attrs::read(attributes).ok()?.text("iden").ok()? {
        return Some(said);
    }
    let attribute = attributes.iter().find(|a| a.path().is_ident("iden"))?;
    let tokens = attribute.meta.to_token_stream();
    strings(tokens).into_iter().next()
}

/// The string that a hand-written function gives for a variant: the only one in it, or the one in the variant's arm.
fn spelled(function: &syn::Block, variant: Option<&str>) -> Option<String> {
    for statement in &function.stmts {
        if let Stmt::Expr(expr, _) = statement
            && let Some(variant) = variant
        {
            let arm = chain::arms(expr)
                .into_iter()
                .find(|arm| arm.variant == variant);
            if let Some(arm) = arm {
                return strings(arm.body.to_token_stream()).into_iter().next();
            }
        }
    }
    let all = strings(function.to_token_stream());
    match all.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// The string literals in code, but for those that only format others.
fn strings(tokens: proc_macro2::TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for tree in tokens {
        match tree {
            proc_macro2::TokenTree::Group(group) => found.extend(strings(group.stream())),
            proc_macro2::TokenTree::Literal(lit) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&lit.to_string())
                    && !text.value().contains('{')
                {
                    found.push(text.value());
                }
            }
            _ => {}
        }
    }
    found
}
