use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use super::*;

/// What `invocation`, whose macro is defined in `definition`, becomes; as rustc would print it.
fn expanded(definition: &str, arguments: &str) -> Option<String> {
    let item: syn::ItemMacro = syn::parse_str(definition).unwrap();
    let made = Macro::parse(item.mac.tokens)?;
    let site = CallSite {
        span: Span::call_site(),
        crate_name: "crate",
    };
    let tokens = made.expand(arguments.parse().unwrap(), site)?;
    let file: syn::File =
        syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    Some(file.to_token_stream().to_string())
}

fn plain(text: &str) -> String {
    let file: Result<syn::File, _> = syn::parse_str(text);
    match file {
        Ok(file) => file.to_token_stream().to_string(),
        Err(_) => text.parse::<TokenStream>().unwrap().to_string(),
    }
}

#[test]
fn invocations_become_what_rustc_makes_of_them() {
    for (definition, arguments, expected) in [
        (
            "macro_rules! id { ($name:ident) => { pub struct $name(pub i32); } }",
            "BookId",
            "pub struct BookId(pub i32);",
        ),
        (
            "macro_rules! ids { ($($name:ident: $ty:ty),* $(,)?) => { $(pub struct $name($ty);)* } }",
            "A: i32, B: Vec<u8>,",
            "pub struct A(i32); pub struct B(Vec<u8>);",
        ),
        (
            "macro_rules! ids { ($($name:ident: $ty:ty),* $(,)?) => { $(pub struct $name($ty);)* } }",
            "",
            "",
        ),
        (
            "macro_rules! mods { ($($vis:vis $name:ident;)+) => { $($vis mod $name;)+ } }",
            "pub a; pub(crate) b; c;",
            "pub mod a; pub(crate) mod b; mod c;",
        ),
        (
            "macro_rules! doc { ($(#[$meta:meta])* $name:ident = $value:literal) => { $(#[$meta])* #[sea_orm(table_name = $value)] struct $name; } }",
            "#[derive(Clone)] #[doc = \"x\"] Book = \"books\"",
            "#[derive(Clone)] #[doc = \"x\"] #[sea_orm(table_name = \"books\")] struct Book;",
        ),
        (
            "macro_rules! two { (a $x:ident) => { struct $x; }; (b $x:ident, $($rest:tt)*) => { enum $x { $($rest)* } } }",
            "b Status, Draft = 1, Out = 2",
            "enum Status { Draft = 1, Out = 2 }",
        ),
        (
            "macro_rules! wrap { ($t:ty) => { impl $crate::Wrap for $t { fn name() -> &'static str { stringify!($t) } } } }",
            "a::B<C>",
            "impl crate::Wrap for a::B<C> { fn name() -> &'static str { stringify!(a::B<C>) } }",
        ),
        (
            "macro_rules! nested { ($($name:ident { $($field:ident),* })*) => { $(struct $name { $($field: i32),* })* } }",
            "A { x, y } B {}",
            "struct A { x: i32, y: i32 } struct B {}",
        ),
        (
            "macro_rules! arrow { ($($a:ident => $b:expr),+) => { $(const $a: i32 = $b;)+ } }",
            "A => 1 + 2, B => f(3)",
            "const A: i32 = 1 + 2; const B: i32 = f(3);",
        ),
    ] {
        let found = expanded(definition, arguments);
        assert_eq!(found, Some(plain(expected)), "{definition}\n{arguments}");
    }
}

#[test]
fn what_no_rule_matches_is_nothing() {
    let id = "macro_rules! id { ($name:ident) => { struct $name; } }";
    for arguments in ["", "A B", "1", "a::B"] {
        assert_eq!(expanded(id, arguments), None, "{arguments}");
    }
    let at_least_one = "macro_rules! ids { ($($name:ident),+) => { $(struct $name;)+ } }";
    assert_eq!(expanded(at_least_one, ""), None);
}

#[test]
fn paste_glues_identifiers() {
    let glued = |text: &str| paste(text.parse().unwrap()).to_string();
    assert_eq!(
        glued("pub struct [<Book Id>](i64); mod [<BookShop:snake>];"),
        plain("pub struct BookId(i64); mod book_shop;")
    );
    assert_eq!(glued("[<get_ \"x\">] [1, 2]"), plain("get_x [1, 2]"));
}

#[test]
fn cfg_if_becomes_conditions() {
    let text = "if #[cfg(test)] { mod a; } else if #[cfg(unix)] { mod b; mod c; } else { mod d; }";
    let found = cfg_if(text.parse().unwrap()).unwrap().to_string();
    let expected = plain(
        "#[cfg(all(test))] mod a; #[cfg(all(unix, not(test)))] mod b; #[cfg(all(unix, not(test)))] mod c; \
         #[cfg(all(not(test), not(unix)))] mod d;",
    );
    assert_eq!(found, expected);
}
