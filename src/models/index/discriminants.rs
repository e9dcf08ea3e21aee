//! The enum beside an enum that strum's `EnumDiscriminants` makes: the same variants without their fields.

use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Ident, ItemEnum, Meta, Token, parse_quote};

use super::super::attributes::derives;

/// What strum makes of `item`; `None` where it is not asked.
pub(super) fn discriminants(item: &ItemEnum) -> Option<ItemEnum> {
    if !derives(&item.attrs, "EnumDiscriminants") {
        return None;
    }
    let mut made = item.clone();
    made.ident = quote::format_ident!("{}Discriminants", item.ident);
    made.generics = syn::Generics::default();
    made.attrs.clear();
    for meta in said(&item.attrs) {
        match &meta {
            Meta::List(list) if list.path.is_ident("name") => {
                if let Ok(name) = list.parse_args::<Ident>() {
                    made.ident = name;
                }
            }
            Meta::List(list) if list.path.is_ident("vis") => {}
            meta => made.attrs.push(parse_quote!(#[#meta])),
        }
    }
    for variant in &mut made.variants {
        variant.fields = Fields::Unit;
        let own = said(&variant.attrs);
        variant.attrs = own
            .iter()
            .map(|meta| -> Attribute { parse_quote!(#[#meta]) })
            .collect();
    }
    Some(made)
}

/// What stands in `#[strum_discriminants(…)]`.
fn said(attributes: &[Attribute]) -> Vec<Meta> {
    let own = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("strum_discriminants"));
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    own.filter_map(|attribute| attribute.parse_args_with(parse).ok())
        .flatten()
        .collect()
}
