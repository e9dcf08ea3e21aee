//! Models whose API everybody writes to, found by the handlers' arguments.

use syn::{FnArg, Item, ItemFn, Type};

use super::code::line_of;
use crate::error::Result;
use crate::paths::{slashed, stem};
use crate::project::Project;

/// A handler that writes and asks for nobody.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Public {
    /// `books.book`
    pub(super) model: String,
    pub(super) path: String,
    pub(super) line: usize,
}

/// The names of generated handlers that write.
const WRITERS: [&str; 6] = ["create", "update", "patch", "delete", "add", "remove"];
/// Extractors that let nobody in whom the site does not know.
const GUARDS: [&str; 4] = ["User", "Staff", "Fresh", "Member"];

/// At most one for each module of an app's API.
pub(super) fn public(project: &Project) -> Result<Vec<Public>> {
    let mut found = Vec::new();
    for app in &project.apps {
        for path in project.list(app.dir.join("src/api"), "rs")? {
            let text = project.read(&path)?.unwrap_or_default();
            let module = stem(&path);
            if let Some(line) = unguarded(&text) {
                found.push(Public {
                    model: format!("{}.{module}", app.name),
                    path: slashed(path.as_ref()),
                    line,
                });
            }
        }
    }
    Ok(found)
}

/// The line of the first handler that writes for everybody.
fn unguarded(text: &str) -> Option<usize> {
    let file = syn::parse_file(text.trim_start_matches('\u{feff}')).ok()?;
    file.items.iter().find_map(|item| match item {
        Item::Fn(function) if is_writer(function) && !is_guarded(function) => {
            Some(line_of(&function.sig.ident))
        }
        _ => None,
    })
}

fn is_writer(function: &ItemFn) -> bool {
    let name = function.sig.ident.to_string();
    function.sig.asyncness.is_some()
        && WRITERS.contains(&&*name)
        && function.attrs.iter().any(|attribute| {
            let path = attribute.path();
            path.segments
                .last()
                .is_some_and(|last| last.ident == "path")
        })
}

fn is_guarded(function: &ItemFn) -> bool {
    function.sig.inputs.iter().any(|argument| match argument {
        FnArg::Typed(argument) => match &*argument.ty {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| GUARDS.iter().any(|guard| last.ident == guard)),
            _ => false,
        },
        FnArg::Receiver(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_that_writes_asks_who_it_is() {
        let handler = |name: &str, arguments: &str| {
            format!("\n#[utoipa::path(post)]\nasync fn {name}({arguments}) {{}}\n")
        };
        for (text, line) in [
            (handler("create", "State(site): State<Site>"), Some(3)),
            (handler("create", "_: User, State(site): State<Site>"), None),
            (handler("delete", "user: accounts::Staff"), None),
            // Asked, but not required.
            (handler("patch", "user: Option<User>"), Some(3)),
            (handler("list", ""), None),
            ("async fn create() {}".to_owned(), None),
            ("fn create(".to_owned(), None),
        ] {
            assert_eq!(unguarded(&text), line, "{text}");
        }
    }
}
