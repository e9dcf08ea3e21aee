//! The pages of a model: what their templates know of it, read by syntax from its entity and its API. Pure.

use serde::Serialize;

use super::app::ADDRESSES;
use super::entity::{self, Entity, Namespace};
use super::existing::{self, Column};
use super::model::{ACCOUNTS, Sort, add_targets, capitalized, layout, variable, with_article};
use super::syntax;
use crate::error::{Error, Result};
use crate::inflection::plural;

mod handlers;
mod input;
mod references;
mod wire;

pub(crate) use references::{ReferencedModel, referring};
pub(crate) use wire::{address_taken, wire};

use handlers::{Guard, Handlers};

/// The table of the list page has up to so many columns.
const MOST_LISTED: usize = 5;

/// Names that mean something else in the templates of pages.
const VARIABLES_IN_USE: [&str; 17] = [
    "and", "file", "form", "is", "names", "none", "not", "notice", "or", "page", "problems",
    "referred", "row", "search", "shown", "title", "user",
];

/// The files of a model, and where it is mounted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) app: &'a str,
    pub(crate) module: &'a str,
    pub(crate) entity: &'a str,
    pub(crate) api: &'a str,
    /// The segment under `/api`, which is also that of the pages.
    pub(crate) route: &'a str,
    /// Whether the app may use the accounts, so that pages know who looks at them.
    pub(crate) users: bool,
    /// What its columns refer to.
    pub(crate) targets: &'a [ReferencedModel],
    /// The other models of the project.
    pub(crate) entities: &'a [Entity],
}

/// What the templates of the pages know.
#[derive(Debug, Serialize)]
pub(crate) struct Pages {
    pub(crate) app: String,
    pub(crate) module: String,
    /// `/books`
    pub(crate) path: String,
    noun: String,
    a_noun: String,
    nouns: String,
    /// `Books`
    heading: String,
    /// What a row is called in templates.
    variable: String,
    /// The Rust type of the primary key.
    key: String,
    uuid: bool,
    /// `BookInput`, and `BookFilter` if there is one.
    input: String,
    filter: String,
    /// Whether the list can be searched.
    searches: bool,
    #[serde(flatten)]
    access: Access,
    listed: Vec<Shown>,
    shown: Vec<Shown>,
    /// Whether the pages show a file.
    files: bool,
    /// The expression for what is shown by name, if anything is.
    references: String,
    /// Expressions of templates: what a row is called, and the same within another expression.
    title: String,
    title_in_form: String,
    #[serde(flatten)]
    tests: Tests,
}

/// Who may read and write, as arguments of handlers.
#[derive(Debug, Serialize)]
struct Access {
    users: bool,
    in_accounts: bool,
    staff: bool,
    /// Whether reading and writing take a user.
    reader: bool,
    writer: bool,
    /// Whether everybody reads, and only users write.
    write_by_user: bool,
    read_argument: &'static str,
    read_pass: &'static str,
    read_viewer: &'static str,
    write_argument: &'static str,
    write_pass: &'static str,
    write_viewer: &'static str,
    /// What handlers that write pass to those that read.
    reread_pass: &'static str,
    delete_argument: &'static str,
    delete_pass: &'static str,
}

/// A value on a page.
#[derive(Debug, Serialize)]
struct Shown {
    name: String,
    label: String,
    /// `book.title`
    value: String,
    file: bool,
    /// Whether it refers to a row that is shown by name.
    refers: bool,
    /// The first of a list, which leads to the row.
    first: bool,
}

/// What the tests of the pages know.
#[derive(Debug, Serialize)]
struct Tests {
    /// Names and texts of a form that can be saved.
    form: String,
    form_length: usize,
    /// Whether the tests send it.
    filled: bool,
    /// Whether it takes a file, which the tests do not send.
    needs_file: bool,
    /// Whether something must be filled in.
    required: bool,
    /// Whether it refers to rows that the tests do not have.
    referring: bool,
    /// Whether a row of somebody else is looked for.
    owned: bool,
    register: String,
    /// What is imported of `accounts::testing`.
    helpers: &'static str,
    sign_in: &'static str,
}

impl Pages {
    /// The pages of a model.
    ///
    /// # Errors
    /// Bad input: the model has no API that pages can show and save rows by.
    pub(crate) fn new(source: Source<'_>) -> Result<Self> {
        let Source { app, module, .. } = source;
        let unfit = |why: String| unfit(source, &why);
        let file = syntax::parse(source.entity);
        let known = entity::read(app, module, source.entity);
        let (Some(file), Some(known)) = (file, known) else {
            return Err(unfit("its entity cannot be read".to_owned()));
        };
        if known.key.len() != 1 {
            return Err(unfit("its primary key is not one column".to_owned()));
        }
        check_address(source)?;
        let handlers = Handlers::read(source.api).map_err(unfit)?;
        let input = input::read(source.api, &handlers.input, &file).map_err(unfit)?;
        let noun = module.replace('_', " ");
        let nouns = plural(module).replace('_', " ");
        let variable = variable(module, &VARIABLES_IN_USE);
        let row = syntax::structs(&file).find(|item| item.ident == "Model");
        let columns: Vec<Column> = row.map(existing::columns).unwrap_or_default();
        let enums = syntax::enums(&file);
        let is_asked =
            |column: &&Column| input.fields.iter().any(|field| field.name == column.name);
        let asked: Vec<&Column> = columns.iter().filter(is_asked).collect();
        let sort = |column: &Column| row.map_or(Sort::Other, |row| column.sort(row, &enums));
        let is_title = |column: &&&Column| sort(column) == Sort::Line && !column.optional;
        let title = match asked.iter().find(is_title) {
            Some(column) => format!("{variable}.{}", column.name),
            None => format!("\"{} \" ~ {variable}.id", capitalized(&noun)),
        };
        let mut listed: Vec<&Column> = asked
            .iter()
            .copied()
            .filter(|column| sort(column) != Sort::Long)
            .collect();
        // What a row is called leads to it.
        listed.sort_by_key(|column| title != format!("{variable}.{}", column.name));
        listed.truncate(MOST_LISTED);
        let references: Vec<[String; 3]> = source
            .targets
            .iter()
            .filter(|target| asked.iter().any(|column| column.name == target.column))
            .filter_map(|target| target.arguments(handlers.reader))
            .collect();
        let shown = |column: &&Column| Shown {
            refers: references
                .iter()
                .any(|[name, ..]| name.trim_matches('"') == column.name),
            ..Shown::new(column, variable)
        };
        let mut listed: Vec<Shown> = listed.iter().map(shown).collect();
        match listed.first_mut() {
            Some(first) if first.value == title => first.first = true,
            _ => listed.insert(0, Shown::row(&noun, &title)),
        }
        let shown: Vec<Shown> = asked.iter().map(shown).collect();
        Ok(Self {
            app: app.to_owned(),
            module: module.to_owned(),
            path: format!("/{}", source.route),
            a_noun: with_article(&noun),
            heading: capitalized(&nouns),
            variable: variable.to_owned(),
            uuid: handlers.key == "Uuid",
            key: handlers.key.clone(),
            filter: handlers.filter.clone().unwrap_or_default(),
            searches: handlers.searches,
            access: Access::new(source, &handlers),
            listed,
            files: shown.iter().any(|shown| shown.file),
            shown,
            references: match references.is_empty() {
                true => String::new(),
                false => references::calls(&references),
            },
            title_in_form: match title.contains('~') {
                true => format!("({title})"),
                false => title.clone(),
            },
            title,
            tests: Tests::new(source, &handlers, &input, &known),
            input: handlers.input,
            noun,
            nouns,
        })
    }

    /// Whether the tests sign in.
    fn signs_in(&self) -> bool {
        self.access.writer
    }

    fn has_users(&self) -> bool {
        self.access.users && !self.access.in_accounts
    }
}

impl Access {
    fn new(source: Source<'_>, handlers: &Handlers) -> Self {
        let users = source.users;
        let (reader, writer) = (handlers.reader, handlers.writer);
        let argument = |guard: Guard| match guard {
            Guard::Nobody if users => "user: Option<User>, ",
            Guard::Nobody => "",
            Guard::User => "user: User, ",
            Guard::Staff => "user: Staff, ",
        };
        let pass = |guard: Guard| match guard {
            Guard::Nobody => "",
            Guard::User | Guard::Staff => "user.clone(), ",
        };
        let viewer = |guard: Guard| match guard {
            Guard::Nobody if users => "user.as_ref(), ",
            Guard::Nobody => "",
            Guard::User => "Some(&user), ",
            Guard::Staff => "Some(&user.0), ",
        };
        Self {
            users,
            in_accounts: source.app == ACCOUNTS,
            staff: writer == Guard::Staff,
            reader: reader != Guard::Nobody,
            writer: writer != Guard::Nobody,
            write_by_user: reader == Guard::Nobody && writer != Guard::Nobody,
            read_argument: argument(reader),
            read_pass: pass(reader),
            read_viewer: viewer(reader),
            write_argument: argument(writer),
            write_pass: pass(writer),
            write_viewer: viewer(writer),
            reread_pass: pass(reader),
            delete_argument: match writer {
                Guard::Nobody => "",
                writer => argument(writer),
            },
            delete_pass: match writer {
                Guard::Nobody => "",
                Guard::User | Guard::Staff => "user, ",
            },
        }
    }
}

impl Shown {
    fn new(column: &Column, variable: &str) -> Self {
        let name = column.name.strip_suffix("_id").unwrap_or(&column.name);
        Self {
            name: column.name.clone(),
            label: capitalized(&name.replace('_', " ")),
            value: format!("{variable}.{}", column.name),
            file: column.rust == "Vec<u8>",
            refers: false,
            first: false,
        }
    }

    /// The row itself, as the first of a list.
    fn row(noun: &str, title: &str) -> Self {
        Self {
            name: "id".to_owned(),
            label: capitalized(noun),
            value: title.to_owned(),
            file: false,
            refers: false,
            first: true,
        }
    }
}

impl Tests {
    fn new(source: Source<'_>, handlers: &Handlers, input: &input::Input, known: &Entity) -> Self {
        let staff = handlers.writer == Guard::Staff;
        let signs_in = handlers.writer != Guard::Nobody;
        let form: Vec<(String, String)> = input
            .fields
            .iter()
            .filter_map(|field| {
                let sample = field.sample.as_ref()?;
                Some((format!("\"{}\"", field.name), format!("\"{sample}\"")))
            })
            .collect();
        let needs_file = input.fields.iter().any(|field| field.needs_file);
        let own = format!("{}::models::{}::Entity", source.app, source.module);
        let targets = known.targets.iter().filter(|target| **target != own);
        let mut tables: Vec<String> = [&own].into_iter().chain(targets).cloned().collect();
        add_targets(Namespace::Crates, source.entities, &mut tables);
        // Who signs in has the tables of the accounts already.
        let of_accounts = ["user", "group"].map(|name| format!("accounts::models::{name}::Entity"));
        tables.retain(|table| !signs_in || !of_accounts.contains(table));
        let base = match signs_in {
            true => format!("{ACCOUNTS}::testing::tables(schema)"),
            false => "schema".to_owned(),
        };
        let calls: Vec<String> = tables
            .iter()
            .map(|table| layout::call(".register", table, 8))
            .collect();
        Self {
            form_length: form.len(),
            form: layout::pairs(&form, 0, 36),
            filled: !needs_file || signs_in,
            needs_file,
            required: input.fields.iter().any(|field| field.required),
            referring: input.fields.iter().any(|field| field.refers),
            owned: handlers.owner && !needs_file,
            register: layout::chain(&base, &calls, 4),
            helpers: match (signs_in, staff) {
                (false, _) => "",
                (true, true) => "sign_in_staff",
                (true, false) => "sign_in",
            },
            sign_in: if staff { "sign_in_staff" } else { "sign_in" },
        }
    }
}

fn unfit(source: Source<'_>, why: &str) -> Error {
    let Source { app, module, .. } = source;
    Error::bad_input(format_args!(
        "pages cannot be made of `{app}.{module}`: {why}"
    ))
    .hint(format!(
        "pages show and save rows by the handlers in apps/{app}/src/api/{module}.rs, as `luthier startmodel` writes them"
    ))
}

/// Refuses an address that the site itself has.
fn check_address(source: Source<'_>) -> Result<()> {
    match ADDRESSES.contains(&source.route) {
        true => Err(Error::bad_input(format_args!(
            "`{}.{}` cannot have pages at `/{}`: that is an address of the site itself",
            source.app, source.module, source.route
        ))
        .hint("give the model another address: `luthier startmodel … --route SEGMENT --pages`")),
        false => Ok(()),
    }
}
