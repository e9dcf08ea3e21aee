//! Hand-written `impl ValueType` and `impl ActiveEnum`: what they say about the column.

use syn::{Expr, Item, ItemImpl, PathArguments, Type};

use super::chain;
use super::column_type;
use super::index::{Content, Index, ModuleId, plain};
use super::resolve::Resolution;
use super::source::Diagnostic;
use super::types::{Bindings, Known, Typed};

/// The functions that give a column type, and the traits that have them.
const FUNCTIONS: [(&str, &str); 2] = [("ValueType", "column_type"), ("ActiveEnum", "db_type")];

impl Index<'_> {
    /// The modules whose files implement one of the traits by hand, or invoke a macro that does.
    fn implementing(&self) -> &[ModuleId] {
        self.modules_with_text(|text| {
            let mentions = |name: &str| text.contains(&format!("{name} for "));
            FUNCTIONS.iter().any(|(name, _)| mentions(name))
        })
    }
}

/// The column type of `item`, written in the module `at`, as an implementation gives it.
pub(super) fn read(inside: &Typed, at: ModuleId, item: &Item) -> Result<Option<Known>, Diagnostic> {
    let name = match item {
        Item::Struct(item) => plain(&item.ident),
        Item::Enum(item) => plain(&item.ident),
        _ => return Ok(None),
    };
    let content = inside.index.content(at)?;
    if let Some(known) = in_module(inside, &content, at, at, &name) {
        return Ok(Some(known));
    }
    for module in inside.index.implementing() {
        if *module != at
            && let Ok(content) = inside.index.content(*module)
            && let Some(known) = in_module(inside, &content, *module, at, &name)
        {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// What an implementation in `module` says about the type `name` of the module `home`.
fn in_module(
    inside: &Typed,
    content: &Content,
    module: ModuleId,
    home: ModuleId,
    name: &str,
) -> Option<Known> {
    content.items.iter().find_map(|item| {
        let Item::Impl(item) = item else {
            return None;
        };
        let (path, _) = item.trait_.as_ref().map(|(path, token)| (path, token))?;
        let last = path.segments.last()?;
        let (_, function) = FUNCTIONS.iter().find(|(known, _)| last.ident == known)?;
        let Type::Path(own) = &*item.self_ty else {
            return None;
        };
        if own
            .path
            .segments
            .last()
            .is_none_or(|last| last.ident != name)
        {
            return None;
        }
        let target = inside.index.resolve(module, &own.path).ok()?;
        let is_it = match target {
            Some(Resolution::Type(at, number)) => {
                let content = inside.index.content(at).ok()?;
                at == home && content.types.get(name) == Some(&number)
            }
            _ => false,
        };
        if !is_it {
            return None;
        }
        let body = chain::result(item, function)?;
        evaluate(inside, module, item, body)
    })
}

fn evaluate(inside: &Typed, module: ModuleId, item: &ItemImpl, body: &Expr) -> Option<Known> {
    let bindings = renamed(inside.bindings, item);
    let typed = Typed {
        index: inside.index,
        module,
        bindings: &bindings,
        depth: inside.depth + 1,
    };
    let function = ["column_type", "db_type"];
    // `Self::column_type()` would go on for ever.
    if let Expr::Call(call) = body
        && let Expr::Path(path) = &*call.func
        && path
            .path
            .segments
            .first()
            .is_some_and(|first| first.ident == "Self")
        && function
            .iter()
            .any(|name| path.path.segments.last().is_some_and(|s| s.ident == name))
    {
        return None;
    }
    let own = super::types::compact(&item.self_ty);
    column_type::of_code(&typed, Some(&own), body)
}

/// The parameters by the names that the implementation has for them: `impl<A> ValueType for Id<A>` of `struct Id<T>`.
fn renamed(bindings: &Bindings, item: &ItemImpl) -> Bindings {
    let mut all = bindings.clone();
    let Type::Path(own) = &*item.self_ty else {
        return all;
    };
    let Some(PathArguments::AngleBracketed(arguments)) =
        own.path.segments.last().map(|last| &last.arguments)
    else {
        return all;
    };
    let mut parameters = item.generics.type_params().map(|p| plain(&p.ident));
    if let (1, 1, Some(name)) = (arguments.args.len(), bindings.len(), parameters.next()) {
        all.extend(bindings.values().next().map(|bound| (name, bound.clone())));
    }
    all
}
