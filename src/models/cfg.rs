//! `#[cfg(…)]` and `#[cfg_attr(…)]`: what is compiled, as far as `test` and the crate's features tell.

use std::collections::BTreeSet;
use std::sync::Arc;

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, ExprLit, Fields, ImplItem, Item, Lit, Meta, MetaNameValue, Stmt, Token,
};

use super::attributes::derives;
use super::source::{Diagnostic, Source, SourceLocation};

/// The features of a crate that are on by default; `None` where its manifest is not known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features(Option<Arc<BTreeSet<String>>>);

impl Features {
    pub(crate) fn new(on: BTreeSet<String>) -> Self {
        Self(Some(Arc::new(on)))
    }

    fn has(&self, name: &str) -> Option<bool> {
        self.0.as_ref().map(|on| on.contains(name))
    }
}

/// Whether something is compiled.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    In,
    Out,
    /// It depends on more than is known here.
    Unsure(Diagnostic),
}

impl Verdict {
    /// Both must be compiled.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Out, _) | (_, Self::Out) => Self::Out,
            (Self::Unsure(diagnostic), _) | (_, Self::Unsure(diagnostic)) => {
                Self::Unsure(diagnostic)
            }
            (Self::In, Self::In) => Self::In,
        }
    }
}

/// Takes out of `item` what is not compiled, and says whether it is compiled itself. Only what can say something about
/// an entity is looked at.
pub(super) fn evaluate(source: &Source, item: &mut Item) -> Verdict {
    match item {
        Item::Struct(item) => {
            let own = verdict(source, &mut item.attrs);
            own.and(fields(source, &mut item.fields))
        }
        Item::Enum(item) => {
            let mut all = verdict(source, &mut item.attrs);
            item.variants = std::mem::take(&mut item.variants)
                .into_iter()
                .filter_map(|mut variant| {
                    part(source, &mut variant.attrs, &mut all).then_some(variant)
                })
                .collect();
            all
        }
        Item::Impl(item) => {
            let mut all = verdict(source, &mut item.attrs);
            item.items.retain_mut(|item| match item {
                ImplItem::Fn(function) => {
                    for statement in &mut function.block.stmts {
                        if let Stmt::Expr(Expr::Match(body), _) = statement {
                            body.arms
                                .retain_mut(|arm| part(source, &mut arm.attrs, &mut all));
                        }
                    }
                    part(source, &mut function.attrs, &mut all)
                }
                _ => true,
            });
            all
        }
        Item::Type(item) => verdict(source, &mut item.attrs),
        Item::Mod(item) => verdict(source, &mut item.attrs),
        Item::Use(item) => verdict(source, &mut item.attrs),
        Item::Macro(item) => verdict(source, &mut item.attrs),
        Item::Const(item) => verdict(source, &mut item.attrs),
        Item::Fn(item) => verdict(source, &mut item.attrs),
        _ => Verdict::In,
    }
}

fn fields(source: &Source, fields: &mut Fields) -> Verdict {
    let mut all = Verdict::In;
    let list = match fields {
        Fields::Named(fields) => &mut fields.named,
        Fields::Unnamed(fields) => &mut fields.unnamed,
        Fields::Unit => return all,
    };
    *list = std::mem::take(list)
        .into_iter()
        .filter_map(|mut field| part(source, &mut field.attrs, &mut all).then_some(field))
        .collect();
    all
}

/// Whether a part stays; doubts about it are doubts about the whole.
fn part(source: &Source, attributes: &mut Vec<Attribute>, whole: &mut Verdict) -> bool {
    match verdict(source, attributes) {
        Verdict::In => true,
        Verdict::Out => false,
        unsure => {
            *whole = std::mem::replace(whole, Verdict::In).and(unsure);
            true
        }
    }
}

/// Replaces each `#[cfg_attr(…)]` by what it stands for, and says whether their item is compiled.
pub(super) fn verdict(source: &Source, attributes: &mut Vec<Attribute>) -> Verdict {
    let conditional = |attribute: &Attribute| {
        attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
    };
    if !attributes.iter().any(conditional) {
        return Verdict::In;
    }
    let unsure = |attribute: &Attribute| {
        let place = SourceLocation::new(source, attribute.span());
        Verdict::Unsure(place.with(
            "cannot tell whether this is compiled",
            "nothing is compiled to read entities: only `test` and the features that are on by default in Cargo.toml \
             are known here",
        ))
    };
    let mut all = Verdict::In;
    let mut expanded = Vec::with_capacity(attributes.len());
    // What an attribute brings may be conditional again.
    let mut waiting: Vec<Attribute> = std::mem::take(attributes);
    waiting.reverse();
    while let Some(attribute) = waiting.pop() {
        if attribute.path().is_ident("cfg") {
            let holds = attribute.parse_args::<Meta>().ok();
            all = all.and(match holds.and_then(|meta| holds_for(source, &meta)) {
                Some(true) => Verdict::In,
                Some(false) => Verdict::Out,
                None => unsure(&attribute),
            });
        } else if attribute.path().is_ident("cfg_attr") {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            let metas = attribute.parse_args_with(parser).unwrap_or_default();
            let mut metas = metas.into_iter();
            let holds = metas.next().and_then(|meta| holds_for(source, &meta));
            let brought: Vec<Attribute> = metas
                .map(|meta| Attribute {
                    meta,
                    ..attribute.clone()
                })
                .collect();
            match holds {
                Some(true) => waiting.extend(brought.into_iter().rev()),
                Some(false) => {}
                None if brought.iter().any(decides) => all = all.and(unsure(&attribute)),
                None => {}
            }
        } else {
            expanded.push(attribute);
        }
    }
    *attributes = expanded;
    all
}

/// Whether an attribute says something about the schema.
fn decides(attribute: &Attribute) -> bool {
    const DERIVES: [&str; 8] = [
        "DeriveEntityModel",
        "DeriveModel",
        "DeriveActiveEnum",
        "DeriveValueType",
        "FromJsonQueryResult",
        "DeriveColumn",
        "DerivePrimaryKey",
        "DeriveRelation",
    ];
    let path = attribute.path();
    let own = ["sea_orm", "cfg", "cfg_attr", "path"];
    own.iter().any(|name| path.is_ident(name))
        || DERIVES
            .iter()
            .any(|name| derives(std::slice::from_ref(attribute), name))
}

/// `None` for what is not known here.
fn holds_for(source: &Source, condition: &Meta) -> Option<bool> {
    match condition {
        Meta::Path(path) if path.is_ident("test") => Some(false),
        Meta::NameValue(MetaNameValue {
            path,
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(name),
                    ..
                }),
            ..
        }) if path.is_ident("feature") => source.features.has(&name.value()),
        Meta::List(list) => {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            let inner = parser.parse2(list.tokens.clone()).ok()?;
            let inner = inner.iter().map(|meta| holds_for(source, meta));
            if list.path.is_ident("not") {
                return inner.last()?.map(|holds| !holds);
            }
            // One that decides is enough, whatever the others say.
            let decisive = list.path.is_ident("any");
            if !decisive && !list.path.is_ident("all") {
                return None;
            }
            let all: Vec<Option<bool>> = inner.collect();
            if all.contains(&Some(decisive)) {
                return Some(decisive);
            }
            (!all.contains(&None)).then_some(!decisive)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Role, Sources, read};
    use super::*;

    /// `text` in a crate whose feature `on` is a default one.
    fn source(text: &str) -> Sources {
        vec![Source {
            crate_name: "things".into(),
            root: "src".into(),
            path: "src/lib.rs".into(),
            role: Role::Library,
            text: format!("use sea_orm::entity::prelude::*;\n{text}"),
            features: Features::new(["on".to_owned()].into()),
        }]
        .into()
    }

    fn entity(attributes: &str, fields: &str) -> String {
        format!(
            "{attributes}\n#[derive(Clone, DeriveEntityModel)]\n#[sea_orm(table_name = \"things\")]\n\
             pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, {fields} }}\n"
        )
    }

    /// The columns of `things`, or nothing where there is no such table.
    fn columns(text: &str) -> String {
        let entities = read(&source(text)).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            errors.join("\n")
        });
        let entities = entities.unwrap_or_else(|errors| panic!("{text}: {errors}"));
        let table = entities.schema.table("things");
        let columns = table.iter().flat_map(|table| &table.columns);
        let columns: Vec<String> = columns.map(|c| format!("{} {}", c.name, c.kind)).collect();
        columns.join(", ")
    }

    #[test]
    fn what_is_not_compiled_is_not_there() {
        for (condition, compiled) in [
            ("test", false),
            ("not(test)", true),
            ("feature = \"on\"", true),
            ("feature = \"off\"", false),
            ("not(feature = \"off\")", true),
            ("all(feature = \"on\", not(feature = \"off\"))", true),
            ("all(unix, test)", false),
            ("any(unix, feature = \"on\")", true),
            ("any(test, feature = \"off\")", false),
            ("all()", true),
            ("any()", false),
        ] {
            let field = entity("", &format!("#[cfg({condition})] pub extra: String"));
            let expected = if compiled { ", extra string" } else { "" };
            assert_eq!(
                columns(&field),
                format!("id big_integer{expected}"),
                "{condition}"
            );
            let expected = if compiled { "id big_integer" } else { "" };
            let whole = entity(&format!("#[cfg({condition})]"), "");
            assert_eq!(columns(&whole), expected, "{condition}");
            let module = format!(
                "#[cfg({condition})] mod inner {{ use sea_orm::entity::prelude::*; {} }}",
                entity("", "")
            );
            assert_eq!(columns(&module), expected, "{condition}");
            let attribute = entity(
                "",
                &format!(
                    "#[cfg_attr({condition}, sea_orm(column_type = \"Text\"))] pub extra: String"
                ),
            );
            let expected = if compiled { "text" } else { "string" };
            assert_eq!(
                columns(&attribute),
                format!("id big_integer, extra {expected}"),
                "{condition}"
            );
        }
    }

    #[test]
    fn of_two_alternatives_the_compiled_one_counts() {
        let text = "#[cfg(feature = \"on\")] type Amount = i64;\n\
                    #[cfg(not(feature = \"on\"))] type Amount = String;\n";
        let text = format!("{text}{}", entity("", "pub amount: Amount"));
        assert_eq!(columns(&text), "id big_integer, amount big_integer");
        let text = "#[cfg(not(feature = \"on\"))] use std::string::String as Amount;\n\
                    #[cfg(feature = \"on\")] use rust_decimal::Decimal as Amount;\n";
        let text = format!("{text}{}", entity("", "pub amount: Amount"));
        assert_eq!(columns(&text), "id big_integer, amount decimal");
    }

    #[test]
    fn conditions_that_say_nothing_of_entities_do_not_matter() {
        let text = "#[cfg(unix)] mod files {}\n#[cfg(windows)] use std::os::windows as system;\n\
                    #[cfg(target_os = \"linux\")] fn f() {}\n#[cfg_attr(unix, derive(Hash))] pub struct Other;\n";
        let text = format!(
            "{text}{}",
            entity("#[cfg_attr(unix, allow(dead_code))]", "")
        );
        assert_eq!(columns(&text), "id big_integer");
    }

    #[test]
    fn what_nobody_can_tell_is_an_error_with_its_place() {
        for text in [
            entity("", "#[cfg(unix)] pub extra: String"),
            entity("#[cfg(debug_assertions)]", ""),
            entity("", "#[cfg_attr(unix, sea_orm(unique))] pub extra: String"),
            format!(
                "#[cfg(unix)] mod inner {{ use sea_orm::entity::prelude::*; {} }}",
                entity("", "")
            ),
            format!(
                "#[cfg(unix)] type Amount = i64;\n{}",
                entity("", "pub amount: Amount")
            ),
            format!(
                "#[cfg(unix)] use std::string::String as Amount;\n{}",
                entity("", "pub a: Amount")
            ),
        ] {
            let errors = read(&source(&text)).expect_err("a guess");
            let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert!(
                shown[0].starts_with("cannot tell whether this is compiled\n")
                    && shown[0].contains("--> src/lib.rs:"),
                "{shown:?}"
            );
        }
    }
}
