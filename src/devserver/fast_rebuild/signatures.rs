//! What a function's signature and attributes say of where its code is. Pure.

use syn::visit::{self, Visit};
use syn::{Attribute, Block, FnArg, GenericParam, Generics, ReturnType, Signature, Type};

/// Whether a function returns a type that its body determines: the state of an `async` function, or what `impl Trait`
/// stands for.
pub(super) fn returns_unnamed_type(attributes: &[Attribute], signature: &Signature) -> bool {
    // `#[tokio::main]` makes an ordinary function of it.
    let mut names = attributes
        .iter()
        .filter_map(|attribute| attribute.path().segments.last());
    let is_async = signature.asyncness.is_some() && !names.any(|name| name.ident == "main");
    is_async || returns_opaque_type(signature)
}

/// Whether the code of a function is in its own crate alone.
pub(super) fn stays_put(attributes: &[Attribute], signature: &Signature) -> bool {
    let generic_argument = signature
        .inputs
        .iter()
        .any(|input| matches!(input, FnArg::Typed(argument) if is_opaque(&argument.ty)));
    signature.constness.is_none()
        && !is_generic(&signature.generics)
        && !generic_argument
        && are_harmless(attributes)
}

pub(super) fn returns_opaque_type(signature: &Signature) -> bool {
    matches!(&signature.output, ReturnType::Type(_, ty) if is_opaque(ty))
}

/// Whether there are type or const parameters; lifetimes need no code of their own.
pub(super) fn is_generic(generics: &Generics) -> bool {
    generics
        .params
        .iter()
        .any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
}

/// Whether `impl Trait` occurs in the type.
fn is_opaque(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
        fn visit_type_macro(&mut self, _: &'ast syn::TypeMacro) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

/// Whether a body declares items that are visible outside it, such as an `impl`, or macros that could.
pub(super) fn declares(body: &Block) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_item(&mut self, item: &'ast syn::Item) {
            match item {
                syn::Item::Use(_) => {}
                syn::Item::Const(_) | syn::Item::Fn(_) => visit::visit_item(self, item),
                _ => self.0 = true,
            }
        }
    }
    let mut finder = Finder(false);
    finder.visit_block(body);
    finder.0
}

/// Whether all attributes are known to leave a function's body in place.
pub(super) fn are_harmless(attributes: &[Attribute]) -> bool {
    const HARMLESS: [&str; 15] = [
        "allow",
        "async_trait",
        "cfg",
        "debug_handler",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "instrument",
        "main",
        "must_use",
        "path",
        "test",
        "warn",
    ];
    attributes.iter().all(|attribute| {
        let name = attribute.path().segments.last();
        name.is_some_and(|name| HARMLESS.contains(&name.ident.to_string().as_str()))
    })
}
