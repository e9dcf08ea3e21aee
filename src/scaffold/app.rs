//! A new app: what its templates know, and where it is made known. Pure.

use serde_json::{Map, Value};
use syn::visit::Visit;
use syn::{UseName, UseRename};

use super::wire::rust::{Call, Module, add_call, add_module};
use super::wire::toml::{Dependency, add_app, add_dependency, add_member};
use super::wire::{Edits, Read};
use crate::error::{Error, Result};

/// Addresses of the site that no app's pages can have.
pub(super) const ADDRESSES: [&str; 6] = ["account", "admin", "api", "healthz", "readyz", "static"];

/// Refuses an app whose pages would be where the site has something else.
pub(crate) fn check_address(name: &str) -> Result<()> {
    match ADDRESSES.contains(&name) {
        true => Err(Error::bad_input(format_args!(
            "`{name}` cannot name an app: `/{name}` is an address of the site itself"
        ))
        .hint(format!("try `{name}_app`"))),
        false => Ok(()),
    }
}

/// Where modules are made known that are apps.
pub(crate) const PROGRAM: &str = "src/main.rs";
/// Where crates are.
pub(crate) const URLS: &str = "src/urls.rs";

/// Refuses an app that has the name of something that `file`, with the text `urls`, imports: the name there would mean
/// that.
pub(crate) fn check_imports(name: &str, file: &str, urls: &str) -> Result<()> {
    match imports(urls).contains(&name.to_owned()) {
        true => Err(Error::bad_input(format_args!(
            "`{name}` cannot name an app: {file} imports something else by that name"
        ))
        .hint(format!("try `{name}_app`"))),
        false => Ok(()),
    }
}

/// What the `use` items of a file bring in, by the names it has there.
fn imports(text: &str) -> Vec<String> {
    struct Names(Vec<String>);
    impl Visit<'_> for Names {
        fn visit_use_name(&mut self, name: &UseName) {
            self.0.push(name.ident.to_string());
        }

        fn visit_use_rename(&mut self, name: &UseRename) {
            self.0.push(name.rename.to_string());
        }
    }
    let mut names = Names(Vec::new());
    if let Ok(file) = syn::parse_str::<syn::File>(text.trim_start_matches('\u{feff}')) {
        names.visit_file(&file);
    }
    names.0
}

/// The modules, crates and functions that a file's `use` items bring in and its `mod` items declare. Types are told
/// apart from crates by their case.
pub(crate) fn names_in_use(text: &str) -> Vec<String> {
    let mut names = imports(text);
    names.retain(|name| !name.starts_with(|c: char| c.is_ascii_uppercase()));
    if let Ok(file) = syn::parse_str::<syn::File>(text) {
        names.extend(file.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        }));
    }
    names
}

/// What the templates of an app know, beside what those of the project do.
pub(crate) fn values(project: Map<String, Value>, name: &str) -> Map<String, Value> {
    let mut values = project;
    values.insert("app".to_owned(), name.into());
    values
}

/// An app that is to be made known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wired<'a> {
    pub(crate) name: &'a str,
    /// The call that gives its routes, where that is not `NAME::urls::router()`.
    pub(crate) router: Option<&'a str>,
    /// It has templates.
    pub(crate) templates: bool,
}

/// The edits that make an app that is a module known to the program and to Luthier.
pub(crate) fn wire_module<'a>(name: &str, read: Read<'a>) -> Result<Edits<'a>> {
    let mut edits = Edits::new(read);
    edits.edit(PROGRAM, |text| {
        add_module(
            text,
            Module {
                name,
                public: false,
            },
        )
    })?;
    edits.edit(PROGRAM, |text| {
        add_call(
            text,
            Call {
                function: "router",
                after: &["route", "routes", "merge", "nest"],
                call: &format!(".merge({name}::urls::router())"),
                marker: &format!("{name}::urls::router"),
            },
        )
    })?;
    edits.edit("luthier.toml", |text| add_app(text, name))?;
    Ok(edits)
}

/// The edits that make the app known to the workspace, the site and Luthier.
pub(crate) fn wire<'a>(app: Wired<'_>, read: Read<'a>) -> Result<Edits<'a>> {
    let name = app.name;
    let usual = format!("{name}::urls::router()");
    let router = app.router.unwrap_or(&usual);
    let folder = format!("apps/{name}");
    let shared = format!("{name} = {{ path = \"{folder}\" }}");
    let used = format!("{name}.workspace = true");
    let mut edits = Edits::new(read);
    edits.edit("Cargo.toml", |text| add_member(text, &folder))?;
    edits.edit("Cargo.toml", |text| {
        add_dependency(
            text,
            Dependency {
                table: &["workspace", "dependencies"],
                name,
                line: &shared,
                path: Some(&folder),
            },
        )
    })?;
    edits.edit("Cargo.toml", |text| {
        add_dependency(
            text,
            Dependency {
                table: &["dependencies"],
                name,
                line: &used,
                path: Some(&folder),
            },
        )
    })?;
    edits.edit("src/urls.rs", |text| {
        add_call(
            text,
            Call {
                function: "router",
                after: &["route", "routes", "merge", "nest"],
                call: &format!(".merge({router})"),
                marker: &format!("{name}::urls::router"),
            },
        )
    })?;
    if !app.templates {
        edits.edit("luthier.toml", |text| add_app(text, name))?;
        return Ok(edits);
    }
    edits.edit("src/urls.rs", |text| {
        add_call(
            text,
            Call {
                function: "templates",
                after: &["with"],
                call: &format!(".with::<{name}::Templates>()"),
                marker: &format!("{name}::Templates"),
            },
        )
    })?;
    edits.edit("luthier.toml", |text| add_app(text, name))?;
    Ok(edits)
}
