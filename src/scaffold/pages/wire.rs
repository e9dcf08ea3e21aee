//! Where the pages of a model are made known: its app's modules, addresses and dependencies.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Lit};

use super::Pages;
use crate::error::Result;
use crate::scaffold::model::{ACCOUNTS, crates_of, depend_for_tests};
use crate::scaffold::syntax::{parse, tokens};
use crate::scaffold::wire::Edits;
use crate::scaffold::wire::rust::{Call, Module, add_call, add_module};
use crate::scaffold::wire::toml::{Dependency, add_dependency};

/// The edits of the app's files.
pub(crate) fn wire(edits: &mut Edits<'_>, pages: &Pages) -> Result<()> {
    let Pages {
        app, module, path, ..
    } = pages;
    let folder = format!("apps/{app}");
    let views = format!("{folder}/src/views.rs");
    let text = format!("//! The pages of the {app} app, one module a model.\n");
    edits.make(&views, &text)?;
    edits.edit(&views, |text| {
        let module = Module {
            name: module,
            public: true,
        };
        add_module(text, module)
    })?;
    edits.edit(&format!("{folder}/src/lib.rs"), |text| {
        let module = Module {
            name: "views",
            public: false,
        };
        add_module(text, module)
    })?;
    edits.edit(&format!("{folder}/src/urls.rs"), |text| {
        let call = Call {
            function: "router",
            after: &["merge", "nest", "route", "routes"],
            call: &format!(".nest(\"{path}\", crate::views::{module}::router())"),
            marker: &format!("views::{module}::router"),
        };
        add_call(text, call)
    })?;
    depend(edits, pages, &format!("{folder}/Cargo.toml"))
}

fn depend(edits: &mut Edits<'_>, pages: &Pages, manifest: &str) -> Result<()> {
    let plain = |name: &str| (name.to_owned(), format!("{name}.workspace = true"));
    let testing = |name: &str| {
        let line = format!("{name} = {{ workspace = true, features = [\"testing\"] }}");
        (name.to_owned(), line)
    };
    let mut used: Vec<_> = ["axum", "minijinja", "platform", "rust-embed", "utoipa-axum"]
        .map(plain)
        .to_vec();
    used.extend(pages.has_users().then(|| plain(ACCOUNTS)));
    let mut tests = vec![testing("platform"), plain("tokio")];
    tests.extend(pages.signs_in().then(|| testing(ACCOUNTS)));
    for (table, dependencies) in [("dependencies", used), ("dev-dependencies", tests)] {
        for (name, line) in &dependencies {
            edits.edit(manifest, |text| {
                let dependency = Dependency {
                    table: &[table],
                    name,
                    line,
                    path: None,
                };
                add_dependency(text, dependency)
            })?;
        }
    }
    for name in crates_of(&pages.tests.register) {
        if name != pages.app && name != ACCOUNTS {
            depend_for_tests(edits, manifest, &name)?;
        }
    }
    Ok(())
}

/// What an app's `urls.rs` has at the address of pages already, if that is not those pages: `get(index)`.
pub(crate) fn address_taken(urls: &str, path: &str, module: &str) -> Option<String> {
    let mut found = Routes(Vec::new());
    if let Some(file) = parse(urls) {
        found.visit_file(&file);
    }
    let own = format!("views::{module}::router");
    let is_here = |address: &str| {
        let rest = address.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut taken = found
        .0
        .into_iter()
        .filter(|(address, handler)| is_here(address) && !handler.contains(&own));
    taken.next().map(|(_, handler)| handler)
}

struct Routes(Vec<(String, String)>);

impl<'ast> Visit<'ast> for Routes {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        let is_route = ["route", "nest"].iter().any(|name| call.method == name);
        let mut arguments = call.args.iter();
        if let (true, Some(Expr::Lit(address)), Some(handler)) =
            (is_route, arguments.next(), arguments.next())
            && let Lit::Str(address) = &address.lit
        {
            let handler = tokens(&handler.to_token_stream());
            self.0.push((address.value(), handler));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_something_else_is_found() {
        let urls = "fn router() -> R { R::new()
            .route(\"/books\", get(views::index))
            .nest(\"/posts\", crate::views::post::router())
            .nest(\"/api\", api::router()) }";
        let taken = |path, module| address_taken(urls, path, module);
        assert_eq!(
            taken("/books", "book").as_deref(),
            Some("get(views::index)")
        );
        assert_eq!(taken("/book", "book"), None);
        assert_eq!(taken("/posts", "post"), None);
        assert!(taken("/posts", "other").is_some());
        assert_eq!(address_taken("fn", "/books", "book"), None);
    }
}
