//! What the project's own plumbing says of itself, read by syntax. Comments do not count. Pure.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, ExprCall, ExprLit, Item, Lit};

use crate::error::Result;

/// The files looked at.
pub(super) const MIDDLEWARE: &str = "platform/src/middleware.rs";
pub(super) const PASSWORD: &str = "platform/src/password.rs";

/// A number or a word, and the line it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// What was found; `None` where a file is not there or does not parse, and so nothing can be said.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) middleware: Option<Middleware>,
    pub(super) password: Option<Password>,
}

#[derive(Debug, Default)]
pub(super) struct Middleware {
    pub(super) csrf: bool,
    pub(super) strict_transport: bool,
    /// `unsafe-inline` and the like, in any text.
    pub(super) unsafe_words: Vec<Found<&'static str>>,
}

#[derive(Debug, Default)]
pub(super) struct Password {
    pub(super) minimum: Option<Found<u64>>,
    /// The memory in KiB and the passes of each `Params::new`.
    pub(super) costs: Vec<Found<(u64, u64)>>,
}

impl Code {
    pub(super) fn read(read: &dyn Fn(&str) -> Result<Option<String>>) -> Result<Self> {
        let parse = |text: String| syn::parse_file(text.trim_start_matches('\u{feff}')).ok();
        Ok(Self {
            middleware: read(MIDDLEWARE)?
                .and_then(parse)
                .map(|file| Middleware::from_file(&file)),
            password: read(PASSWORD)?
                .and_then(parse)
                .map(|file| Password::from_file(&file)),
        })
    }
}

impl Middleware {
    fn from_file(file: &syn::File) -> Self {
        let mut middleware = Self::default();
        for item in file.items.iter().filter(|item| !is_test(item)) {
            // An import that nothing uses protects nobody.
            if !matches!(item, Item::Use(_)) {
                middleware.look(quote::ToTokens::to_token_stream(item));
            }
        }
        middleware
    }

    fn look(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.look(group.stream()),
                TokenTree::Ident(name) => {
                    self.csrf |= name == "CsrfLayer";
                    self.strict_transport |= name == "STRICT_TRANSPORT_SECURITY";
                }
                TokenTree::Literal(text) => {
                    let shown = text.to_string().to_ascii_lowercase();
                    self.strict_transport |= shown.contains("strict-transport-security");
                    for word in ["unsafe-inline", "unsafe-eval"] {
                        if shown.contains(word) {
                            let line = text.span().start().line;
                            self.unsafe_words.push(Found { value: word, line });
                        }
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}

impl Password {
    fn from_file(file: &syn::File) -> Self {
        let items: Vec<&Item> = file.items.iter().filter(|item| !is_test(item)).collect();
        let constant = |name: &str| {
            items.iter().find_map(|item| match item {
                Item::Const(item) if item.ident == name => Some(item),
                _ => None,
            })
        };
        let minimum = constant("MIN_LENGTH").and_then(|item| {
            Some(Found {
                value: number(&item.expr, &items)?,
                line: line_of(&item.ident),
            })
        });
        let mut calls = Calls {
            items: &items,
            costs: Vec::new(),
        };
        for item in &items {
            calls.visit_item(item);
        }
        Self {
            minimum,
            costs: calls.costs,
        }
    }
}

/// Collects the calls of `Params::new`.
struct Calls<'a> {
    items: &'a [&'a Item],
    costs: Vec<Found<(u64, u64)>>,
}

impl<'ast> Visit<'ast> for Calls<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        visit::visit_expr_call(self, call);
        let Expr::Path(path) = &*call.func else {
            return;
        };
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if !names.ends_with(&["Params".to_owned(), "new".to_owned()]) {
            return;
        }
        let mut costs = call.args.iter().map(|cost| number(cost, self.items));
        if let (Some(Some(memory)), Some(Some(passes))) = (costs.next(), costs.next()) {
            self.costs.push(Found {
                value: (memory, passes),
                line: line_of(path),
            });
        }
    }
}

/// The value of `19_456`, `19 * 1024`, or of a constant that is one.
fn number(expression: &Expr, items: &[&Item]) -> Option<u64> {
    match expression {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok(),
        Expr::Paren(inner) => number(&inner.expr, items),
        Expr::Group(inner) => number(&inner.expr, items),
        Expr::Binary(ExprBinary {
            left, op, right, ..
        }) => {
            let (left, right) = (number(left, items)?, number(right, items)?);
            match op {
                BinOp::Add(_) => left.checked_add(right),
                BinOp::Mul(_) => left.checked_mul(right),
                BinOp::Sub(_) => left.checked_sub(right),
                BinOp::Shl(_) => left.checked_shl(u32::try_from(right).ok()?),
                _ => None,
            }
        }
        Expr::Path(path) => {
            let name = path.path.get_ident()?;
            let value = items.iter().find_map(|item| match item {
                Item::Const(item) if item.ident == *name => Some(&item.expr),
                _ => None,
            })?;
            // A constant of itself does not compile.
            match &**value {
                Expr::Path(_) => None,
                value => number(value, items),
            }
        }
        _ => None,
    }
}

/// The line that a piece of source begins in.
pub(super) fn line_of(node: &impl Spanned) -> usize {
    node.span().start().line
}

/// `#[cfg(test)]`.
fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        let argument = attribute.parse_args::<syn::Ident>();
        attribute.path().is_ident("cfg") && argument.is_ok_and(|name| name == "test")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn middleware(text: &str) -> Middleware {
        Middleware::from_file(&syn::parse_file(text).unwrap())
    }

    #[test]
    fn only_code_that_runs_counts() {
        let code = "use tower_http::csrf::CsrfLayer;\n// CsrfLayer, strict-transport-security\nconst A: &str = \"default-src\";\n#[cfg(test)]\nmod tests { fn f() { CsrfLayer::new(); let a = \"unsafe-eval\"; } }\n";
        let none = middleware(code);
        assert!(!none.csrf && !none.strict_transport && none.unsafe_words.is_empty());
        let all = middleware(
            "fn around() {\n    routes.layer(CsrfLayer::new());\n    h(header::STRICT_TRANSPORT_SECURITY);\n    p(\"script-src 'self' 'Unsafe-Inline'\");\n}\n",
        );
        assert!(all.csrf && all.strict_transport);
        let line = Found {
            value: "unsafe-inline",
            line: 4,
        };
        assert_eq!(all.unsafe_words, [line]);
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        let read = |minimum: &str, params: &str| {
            let text = format!(
                "const KIB: u32 = 1024;\npub const MIN_LENGTH: usize = {minimum};\nfn f() {{ argon2::Params::new({params}, None); }}\n#[cfg(test)]\nmod tests {{ fn t() {{ Params::new(8, 1, 1, None); }} }}\n"
            );
            let password = Password::from_file(&syn::parse_file(&text).unwrap());
            let minimum = password.minimum.map(|found| found.value);
            (
                minimum,
                password
                    .costs
                    .into_iter()
                    .map(|found| found.value)
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(read("15", "19_456, 2, 1"), (Some(15), vec![(19_456, 2)]));
        assert_eq!(
            read("(7 + 1)", "19 * KIB, 2, 1"),
            (Some(8), vec![(19_456, 2)])
        );
        assert_eq!(read("other()", "memory(), 2, 1"), (None, vec![]));
    }
}
