//! The addresses of APIs under `/api`.

use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Lit};

use crate::error::{Error, Result};

/// What is under `/api` already, and what that is.
const RESERVED: [(&str, &str); 2] = [
    ("account", "where people sign in"),
    ("docs", "where the documentation is"),
];

/// Refuses what cannot be the segment of an address.
pub(crate) fn check_segment(route: &str) -> Result<()> {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if let Some((_, what)) = RESERVED.iter().find(|(reserved, _)| *reserved == route) {
        return Err(Error::bad_input(format_args!("`/api/{route}` is {what}"))
            .hint("choose another with --route SEGMENT"));
    }
    match route.split('-').all(plain) {
        true => Ok(()),
        false => Err(Error::bad_input(format_args!(
            "`{route}` cannot be a segment of an address"
        ))
        .hint("lower case letters, digits and single `-` may stand there, as in `--route book-reviews`")),
    }
}

/// What an `api.rs` mounts: each address, and the module behind it, as in `("books", "book")`.
pub(crate) fn routes(text: &str) -> Vec<(String, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Nests(Vec::new());
    if let Ok(file) = syn::parse_str::<syn::File>(text) {
        found.visit_file(&file);
    }
    found.0
}

struct Nests(Vec<(String, String)>);

impl<'ast> Visit<'ast> for Nests {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let [Expr::Lit(address), Expr::Call(router)] = arguments.as_slice() else {
            return;
        };
        let (Lit::Str(address), Expr::Path(router)) = (&address.lit, &*router.func) else {
            return;
        };
        let segments = &router.path.segments;
        if call.method == "nest" && segments.len() > 1 {
            let module = segments[segments.len() - 2].ident.to_string();
            self.0
                .push((address.value().trim_matches('/').to_owned(), module));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_of_addresses_are_plain() {
        for good in ["books", "book-reviews", "2024-books", "v2"] {
            assert!(check_segment(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "Books",
            "book_reviews",
            "a/b",
            "-a",
            "a-",
            "a--b",
            "bücher",
            "{id}",
            "docs",
            "openapi.json",
        ] {
            assert!(check_segment(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mounted_modules_are_found_wherever_they_stand() {
        let text = "
            // .nest(\"/old\", old::router())
            fn router() -> R {
                let a = R::new().nest(\"/books\", book::router()).route(\"/x\", get(y));
                a.nest(\"books/{id}/tags/\", crate::api::book_tag::router()).nest(\"/z\", z())
            }
        ";
        let found: Vec<(String, String)> = [("books", "book"), ("books/{id}/tags", "book_tag")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .to_vec();
        assert_eq!(routes(text), found);
        assert!(routes("fn {").is_empty());
    }
}
