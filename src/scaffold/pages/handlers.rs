//! The handlers of a model's API, by their signatures: pages call them.

use quote::ToTokens;
use syn::{FnArg, Item, ItemFn, Pat, ReturnType, Visibility};

use crate::scaffold::syntax::{self, parse};

/// Who a handler lets in, by its first argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    Nobody,
    User,
    Staff,
}

/// What the handlers take.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Handlers {
    pub(super) reader: Guard,
    pub(super) writer: Guard,
    /// Whether users have rows of their own.
    pub(super) owner: bool,
    /// `i64`
    pub(super) key: String,
    /// `BookInput`
    pub(super) input: String,
    /// `BookFilter`
    pub(super) filter: Option<String>,
    pub(super) searches: bool,
}

/// A handler's arguments without the first one that guards it.
struct Handler {
    guard: Guard,
    arguments: Vec<String>,
    answers: String,
    /// Whether the guard has a name to be used by.
    names_user: bool,
}

impl Handlers {
    /// Reads the text of `apps/<app>/src/api/<module>.rs`.
    ///
    /// # Errors
    /// Why pages cannot call its handlers.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let file = parse(text).ok_or("its API cannot be read")?;
        let list = Handler::find(&file, "list")?;
        let create = Handler::find(&file, "create")?;
        let retrieve = Handler::find(&file, "retrieve")?;
        let update = Handler::find(&file, "update")?;
        let delete = Handler::find(&file, "delete")?;
        let (filter, key, input) = (
            list.filter(),
            retrieve.inner(1, "Path<"),
            create.inner(1, "Valid<"),
        );
        let (Some(key), Some(input)) = (key, input) else {
            return Err("its handlers do not take what generated ones take".to_owned());
        };
        let path = format!("Path<{key}>");
        let valid = format!("Valid<{input}>");
        let listing = match &filter {
            Some(filter) => vec![format!("Query<{filter}>"), "List".to_owned()],
            None => vec!["List".to_owned()],
        };
        let strings = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        for (name, handler, arguments, answers) in [
            ("list", &list, listing, "Json<Page<Model>>"),
            ("create", &create, strings(&[&valid]), "Created<Model>"),
            ("retrieve", &retrieve, strings(&[&path]), "Json<Model>"),
            ("update", &update, strings(&[&path, &valid]), "Json<Model>"),
            ("delete", &delete, strings(&[&path]), "StatusCode"),
        ] {
            handler.check(name, &arguments, answers)?;
        }
        let (reader, writer) = (list.guard, create.guard);
        let agree = retrieve.guard == reader
            && [&update, &delete].iter().all(|other| other.guard == writer)
            && (reader == Guard::Nobody || reader == writer);
        if !agree {
            return Err("its handlers let in different users".to_owned());
        }
        Ok(Self {
            reader,
            writer,
            owner: retrieve.names_user && reader == Guard::User,
            key,
            input,
            filter,
            searches: searches(&file),
        })
    }
}

impl Handler {
    fn find(file: &syn::File, name: &str) -> Result<Self, String> {
        let mut functions = file.items.iter().filter_map(|item| match item {
            Item::Fn(function) if function.sig.ident == name => Some(function),
            _ => None,
        });
        let function = functions
            .next()
            .ok_or_else(|| format!("its API has no handler `{name}`"))?;
        let is_visible = match &function.vis {
            Visibility::Public(_) => true,
            Visibility::Restricted(within) => within.path.is_ident("crate"),
            Visibility::Inherited => false,
        };
        if !is_visible {
            return Err(format!(
                "its handler `{name}` is private; write `pub(crate) async fn {name}(`"
            ));
        }
        Ok(Self::new(function))
    }

    fn new(function: &ItemFn) -> Self {
        let typed = function.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        });
        let mut arguments: Vec<String> = typed.clone().map(|typed| tokens(&typed.ty)).collect();
        let guard = match arguments.first().map(String::as_str) {
            Some("User") => Guard::User,
            Some("Staff") => Guard::Staff,
            _ => Guard::Nobody,
        };
        if guard != Guard::Nobody {
            arguments.remove(0);
        }
        let first = typed.clone().next();
        Self {
            guard,
            arguments,
            answers: match &function.sig.output {
                ReturnType::Type(_, kind) => tokens(kind),
                ReturnType::Default => String::new(),
            },
            names_user: first.is_some_and(|typed| !matches!(*typed.pat, Pat::Wild(_))),
        }
    }

    /// `BookFilter` of `Query<BookFilter>`.
    fn filter(&self) -> Option<String> {
        self.inner(1, "Query<")
    }

    /// What stands between the brackets of an argument.
    fn inner(&self, at: usize, before: &str) -> Option<String> {
        let inner = self.arguments.get(at)?.strip_prefix(before)?;
        Some(inner.strip_suffix('>')?.to_owned())
    }

    fn check(&self, name: &str, arguments: &[String], answers: &str) -> Result<(), String> {
        let (state, others) = self.arguments.split_first().unzip();
        let fits = state.is_some_and(|state| state == "State<Site>")
            && others.is_some_and(|others| others == arguments)
            && self.answers == format!("Result<{answers}>");
        match fits {
            true => Ok(()),
            false => Err(format!(
                "its handler `{name}` does not take {} and answer `Result<{answers}>`",
                arguments.join(", ")
            )),
        }
    }
}

/// Whether `?search=` looks anywhere: `search: &[Column::Title]`.
fn searches(file: &syn::File) -> bool {
    let text = syntax::tokens(&file.to_token_stream());
    text.contains("search:&[Column")
}

fn tokens(node: &impl ToTokens) -> String {
    syntax::tokens(&node.to_token_stream())
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "
        const LISTING: Listing<Column> = Listing { ordering: &[], search: &[Column::Title] };
        pub(crate) async fn list(State(site): State<Site>, Query(filter): Query<BookFilter>, list: List) -> Result<Json<Page<Model>>> {}
        pub(crate) async fn create(_: User, State(site): State<Site>, Valid(input): Valid<BookInput>) -> Result<Created<Model>> {}
        pub(crate) async fn retrieve(State(site): State<Site>, Path(id): Path<i64>) -> Result<Json<Model>> {}
        pub async fn update(_: User, State(site): State<Site>, Path(id): Path<i64>, Valid(input): Valid<BookInput>) -> Result<Json<Model>> {}
        pub(crate) async fn delete(_: User, State(site): State<Site>, Path(id): Path<i64>) -> Result<StatusCode> {}
    ";

    #[test]
    fn handlers_say_who_may_and_what_they_take() {
        let expected = Handlers {
            reader: Guard::Nobody,
            writer: Guard::User,
            owner: false,
            key: "i64".to_owned(),
            input: "BookInput".to_owned(),
            filter: Some("BookFilter".to_owned()),
            searches: true,
        };
        assert_eq!(Handlers::read(API), Ok(expected));
        let owned = API
            .replace("_: User", "user: User")
            .replace("list(State", "list(user: User, State")
            .replace("retrieve(State", "retrieve(user: User, State");
        let owned = Handlers::read(&owned).expect("it fits");
        assert_eq!((owned.reader, owned.owner), (Guard::User, true));
    }

    #[test]
    fn what_pages_cannot_call_is_refused() {
        for (from, to, expected) in [
            ("async fn create", "async fn make", "no handler `create`"),
            (
                "pub async fn update",
                "async fn update",
                "`update` is private",
            ),
            ("list: List", "list: Other", "`list` does not take"),
            (
                "Path(id): Path<i64>) -> Result<StatusCode>",
                "id: i64) -> Result<StatusCode>",
                "`delete` does not take",
            ),
            ("delete(_: User", "delete(_: Staff", "different users"),
            (
                "Valid(input): Valid<BookInput>) -> Result<Created",
                "input: BookInput) -> Result<Created",
                "do not take",
            ),
            (
                "pub(crate) async fn list",
                "pub(crate) async fn",
                "cannot be read",
            ),
        ] {
            assert!(API.contains(from), "{from}");
            let refused = Handlers::read(&API.replacen(from, to, 1)).expect_err(to);
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
