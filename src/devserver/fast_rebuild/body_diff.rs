//! What an edit of a source file changes: function bodies, or more than that. Pure.
//!
//! Only the crate of a function contains the code of its body, unless other crates compile a copy: of functions that are
//! generic, inlined, or evaluated at compile time. Bodies of all other functions can be replaced without compiling the
//! crate's dependents again, with one exception: the size of what an `async` function returns, or one that returns
//! `impl Trait`, depends on its body, and callers in other crates have been compiled for that size.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, ImplItemFn, ItemFn, ItemImpl, ItemTrait, Signature};

use super::signatures::{
    are_harmless, declares, is_generic, returns_opaque_type, returns_unnamed_type, stays_put,
};

/// The functions whose bodies differ between two versions of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) names: BTreeSet<String>,
    /// Whether the type that one of them returns depends on its body.
    pub(super) opaque: bool,
}

/// Compares versions of files with what cargo compiled, and remembers the last results.
#[derive(Debug, Default)]
pub(super) struct Comparisons {
    files: BTreeMap<PathBuf, Compared>,
}

/// A file that is being edited.
#[derive(Debug)]
struct Compared {
    before: Option<Parts>,
    /// The last version that was compared, and how it differs.
    last: Option<(String, Option<Changed>)>,
}

impl Comparisons {
    /// The functions that differ between two versions of a file, of which `before` is always the same; `None` if more
    /// than bodies differ, or one of the versions is not Rust.
    ///
    /// Comments are not compared; doc comments are.
    pub(super) fn changed_bodies(
        &mut self,
        file: &Path,
        before: &str,
        after: &str,
    ) -> Option<Changed> {
        let compared = self
            .files
            .entry(file.to_owned())
            .or_insert_with(|| Compared {
                before: Parts::parse(before),
                last: None,
            });
        if let Some((last, changed)) = &compared.last
            && last == after
        {
            return changed.clone();
        }
        let parts = compared.before.as_ref().zip(Parts::parse(after));
        let changed = parts.and_then(|(before, after)| before.changed(after));
        compared.last = Some((after.to_owned(), changed.clone()));
        changed
    }
}

#[cfg(test)]
fn changed_bodies(before: &str, after: &str) -> Option<Changed> {
    Comparisons::default().changed_bodies(Path::new(""), before, after)
}

/// The names of the functions of a file that return `impl Trait`; `None` if it is not Rust.
pub(super) fn opaque_functions(source: &str) -> Option<BTreeSet<String>> {
    struct Finder(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_signature(&mut self, signature: &'ast Signature) {
            if returns_opaque_type(signature) {
                self.0.insert(signature.ident.to_string());
            }
        }
    }
    let mut finder = Finder(BTreeSet::new());
    finder.visit_file(&syn::parse_file(source).ok()?);
    Some(finder.0)
}

/// A file, split into bodies and the rest.
#[derive(Debug)]
struct Parts {
    /// The bodies that can be replaced, in the order of the file.
    bodies: Vec<Body>,
    /// Everything else.
    rest: String,
}

impl Parts {
    fn parse(source: &str) -> Option<Self> {
        let mut file = syn::parse_file(source).ok()?;
        let mut bodies = Vec::new();
        OwnBodies(
            |attributes: &[Attribute], signature: &Signature, body: &mut Block| {
                bodies.push(Body {
                    name: signature.ident.to_string(),
                    text: body.to_token_stream().to_string(),
                    opaque: returns_unnamed_type(attributes, signature),
                });
                body.stmts.clear();
            },
        )
        .visit_file_mut(&mut file);
        Some(Self {
            bodies,
            rest: file.into_token_stream().to_string(),
        })
    }

    fn changed(&self, after: Self) -> Option<Changed> {
        // Equal rests have as many bodies at the same places.
        if self.rest != after.rest {
            return None;
        }
        let mut changed = Changed::default();
        for (before, after) in self.bodies.iter().zip(after.bodies) {
            if before.text != after.text {
                changed.opaque |= after.opaque;
                changed.names.insert(after.name);
            }
        }
        Some(changed)
    }
}

/// The body of a function.
#[derive(Debug)]
struct Body {
    name: String,
    text: String,
    opaque: bool,
}

/// Visits the bodies that only their own crate compiles, unless they declare more than it sees.
pub(super) struct OwnBodies<F>(pub(super) F);

impl<F: FnMut(&[Attribute], &Signature, &mut Block)> OwnBodies<F> {
    fn function(&mut self, attributes: &[Attribute], signature: &Signature, body: &mut Block) {
        if stays_put(attributes, signature) && !declares(body) {
            (self.0)(attributes, signature, body);
        }
    }
}

impl<F: FnMut(&[Attribute], &Signature, &mut Block)> VisitMut for OwnBodies<F> {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        self.function(&function.attrs, &function.sig, &mut function.block);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        self.function(&function.attrs, &function.sig, &mut function.block);
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        if !is_generic(&item.generics) && are_harmless(&item.attrs) {
            visit_mut::visit_item_impl_mut(self, item);
        }
    }

    /// Provided methods are compiled for each type that implements the trait.
    fn visit_item_trait_mut(&mut self, _: &mut ItemTrait) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"
        //! Books.
        use axum::Json;

        const LIMIT: u32 = 20;

        /// Lists.
        #[utoipa::path(get, path = "/")]
        async fn list(State(site): State<Site>) -> Result<Json<Page>> {
            site.page(LIMIT).await
        }

        impl Book {
            fn title(&self) -> String {
                self.title.clone()
            }
        }

        impl<T: Clone> From<T> for Shelf<T> {
            fn from(it: T) -> Self {
                Self(it)
            }
        }

        trait Named {
            fn name(&self) -> String {
                "no name".into()
            }
        }

        fn numbers() -> impl Iterator<Item = u32> {
            0..9
        }

        fn show(it: impl Display) -> String {
            it.to_string()
        }

        fn pick<T>(it: T) -> T {
            it
        }

        fn lifetime<'a>(it: &'a str) -> &'a str {
            it
        }

        const fn two() -> u32 {
            2
        }

        #[inline]
        fn quick() -> u32 {
            3
        }

        #[surprising]
        fn odd() -> u32 {
            4
        }

        fn counted() -> u32 {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            COUNT.load(Relaxed)
        }
    "#;

    fn changed(from: &str, to: &str) -> Option<Changed> {
        assert!(BEFORE.contains(from), "{from}");
        changed_bodies(BEFORE, &BEFORE.replacen(from, to, 1))
    }

    #[test]
    fn bodies_can_be_replaced() {
        let after = "        it\n        }\n\n        const fn";
        let (quick, spaced) = ("use axum::Json; // quick", "\n\nuse axum :: Json;");
        for (from, to, names, opaque) in [
            (
                "site.page(LIMIT).await",
                "site.page(9).await",
                &["list"][..],
                true,
            ),
            ("self.title.clone()", "String::new()", &["title"], false),
            (
                after,
                &after.replace("it", "&it[1..]"),
                &["lifetime"],
                false,
            ),
            ("0..9", "0..10", &["numbers"], true),
            ("use axum::Json;", quick, &[], false),
            ("use axum::Json;", spaced, &[], false),
        ] {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(changed(from, to), Some(Changed { names, opaque }), "{to}");
        }
    }

    #[test]
    fn functions_that_return_opaque_types_are_found() {
        let found = opaque_functions(BEFORE).expect("Rust");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["numbers"]);
        assert_eq!(opaque_functions("fn"), None);
    }

    #[test]
    fn everything_else_is_more_than_a_body() {
        for (from, to) in [
            ("LIMIT: u32 = 20", "LIMIT: u32 = 21"),
            ("/// Lists.", "/// Lists all."),
            ("path = \"/\"", "path = \"/all\""),
            ("fn title(&self)", "fn title(&mut self)"),
            ("fn title", "pub fn title"),
            ("Self(it)", "Self(it.clone())"),
            ("\"no name\".into()", "String::new()"),
            (
                "String {\n                self.title",
                "Title {\n                self.title",
            ),
            ("it.to_string()", "String::new()"),
            (
                "            it\n        }\n\n        fn lifetime",
                "            drop(1); it\n        }\n\n        fn lifetime",
            ),
            ("            2\n", "            22\n"),
            ("            3\n", "            33\n"),
            ("            4\n", "            44\n"),
            ("AtomicU32::new(0)", "AtomicU32::new(1)"),
            ("COUNT.load(Relaxed)", "COUNT.load(SeqCst)"),
            ("self.title.clone()", "impl Copy for Book {} String::new()"),
            ("use axum::Json;", "use axum::Json; fn more() {}"),
            ("use axum::Json;", "use axum::Json"),
            ("impl Book {", "#[surprising] impl Book {"),
        ] {
            assert_eq!(changed(from, to), None, "{to}");
        }
    }
}
