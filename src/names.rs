//! Names of projects, apps and models: what is refused, why, and what to use instead. Pure.
//!
//! A name becomes a folder, a crate or a type, so it must be one on every system that the project may be built on.

pub(crate) mod python;

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};

use crate::error::{Error, Result};

/// Longer names break cargo's artifact paths on Windows and nobody types them.
const LONGEST: usize = 64;

/// Every edition's keywords, the reserved ones too.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The crates that the compiler itself brings.
const STANDARD_CRATES: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];

/// A crate by one of these names would hide the type.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "str",
    "u8", "u16", "u32", "u64", "u128", "usize",
];

/// Cargo refuses binaries by these names: they are folders under `target/`.
const CARGO_FOLDERS: &[&str] = &["build", "deps", "examples", "incremental"];

/// Types that generated code names without a path: the standard prelude, SeaORM's and axum's.
const TYPES_IN_USE: &[&str] = &[
    "ActiveModel",
    "ActiveModelBehavior",
    "ActiveModelEx",
    "ActiveValue",
    "Box",
    "Clone",
    "Column",
    "Copy",
    "Database",
    "DatabaseConnection",
    "Date",
    "DateTime",
    "DateTimeUtc",
    "Debug",
    "Decimal",
    "Default",
    "Drop",
    "Entity",
    "Eq",
    "Err",
    "Error",
    "Extension",
    "Fn",
    "FnMut",
    "FnOnce",
    "Form",
    "From",
    "HasMany",
    "HasOne",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "Json",
    "Model",
    "ModelEx",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Path",
    "PrimaryKey",
    "Query",
    "Related",
    "Relation",
    "Request",
    "Response",
    "Result",
    "Router",
    "Self",
    "Send",
    "Set",
    "Sized",
    "Some",
    "State",
    "String",
    "Sync",
    "Time",
    "ToOwned",
    "ToString",
    "Uuid",
    "Vec",
];

/// Modules of the pack's apps that hold one module a model, which Clippy wants named otherwise than themselves, and crates
/// that they import beside them.
const MODULES_IN_USE: &[&str] = &["admin", "api", "models", "platform", "utoipa_axum"];

/// What else a name must differ from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Neighbours<'a> {
    /// The project's own name; empty while there is none.
    pub(crate) project: &'a str,
    /// Apps the project has.
    pub(crate) apps: &'a [String],
    /// Names of crates the project depends on, and of modules at its root.
    pub(crate) in_scope: &'a [String],
}

/// Refuses what cannot name a project whose code uses the crates, modules and items `in_scope`.
pub(crate) fn project(name: &str, in_scope: &[String]) -> Result<()> {
    refuse(&PROJECT, name, |name| {
        let hidden = || in_scope.iter().find(|other| same(other, name));
        project_reason(name).or_else(|| {
            hidden().map(|other| format!("it would hide `{other}`, which the project's code uses"))
        })
    })
}

/// Refuses what cannot name an app beside `neighbours`. An app by exactly this name is no error here: whether
/// running a generator again is welcome is the generator's question.
pub(crate) fn app(name: &str, neighbours: Neighbours) -> Result<()> {
    if neighbours.apps.iter().any(|app| app == name) {
        return Ok(());
    }
    refuse(&APP, name, |name| {
        app_reason(name).or_else(|| neighbour_reason(name, neighbours))
    })
}

/// The part of [`app`] that looks at the name alone.
pub(crate) fn app_shape(name: &str) -> Result<()> {
    refuse(&APP, name, app_reason)
}

/// Refuses what cannot name a model beside those of the same app. As with [`app`], exactly the same name passes.
pub(crate) fn model(name: &str, models: &[String]) -> Result<()> {
    refuse(&MODEL, name, |candidate| {
        let twin =
            |model: &&String| *model != name && model.to_snake_case() == candidate.to_snake_case();
        model_reason(candidate).or_else(|| {
            let model = models.iter().find(twin)?;
            Some(format!("only case tells it from the model `{model}`"))
        })
    })
}

/// Whether `name` must be written `r#name` in Rust (or cannot be written at all: `self`, `super`, `crate`).
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// What is being named, and how a better name for it is found.
struct NameKind {
    what: &'static str,
    recase: fn(&str) -> String,
    prefix: &'static str,
    suffix: &'static str,
    example: &'static str,
}

const PROJECT: NameKind = NameKind {
    what: "a project",
    recase: |name| name.to_kebab_case(),
    prefix: "project-",
    suffix: "-site",
    example: "bookstore",
};

const APP: NameKind = NameKind {
    what: "an app",
    recase: |name| name.to_snake_case(),
    prefix: "app_",
    suffix: "_app",
    example: "books",
};

const MODEL: NameKind = NameKind {
    what: "a model",
    recase: |name| name.to_upper_camel_case(),
    prefix: "Model",
    suffix: "Record",
    example: "Book",
};

fn refuse(kind: &NameKind, name: &str, reason: impl Fn(&str) -> Option<String>) -> Result<()> {
    let Some(because) = reason(name) else {
        return Ok(());
    };
    let what = kind.what;
    let suggestion = suggest(kind, name, reason);
    Err(
        Error::bad_input(format_args!("`{name}` cannot name {what}: {because}"))
            .hint(format!("try `{suggestion}`")),
    )
}

/// The nearest name that `reason` has nothing against: recased, then lengthened, at worst the example.
fn suggest(kind: &NameKind, name: &str, reason: impl Fn(&str) -> Option<String>) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let NameKind {
        prefix,
        suffix,
        example,
        ..
    } = kind;
    let plain = match (kind.recase)(&plain) {
        plain if plain.is_empty() => (*example).to_owned(),
        plain => plain,
    };
    [
        plain.clone(),
        format!("{plain}{suffix}"),
        format!("{prefix}{plain}"),
    ]
    .into_iter()
    .find(|candidate| reason(candidate).is_none())
    .unwrap_or_else(|| (*example).to_owned())
}

fn neighbour_reason(name: &str, neighbours: Neighbours) -> Option<String> {
    if let Some(app) = neighbours.apps.iter().find(|app| same(app, name)) {
        return Some(format!("only case tells it from the app `{app}`"));
    }
    if same(neighbours.project, name) {
        return Some("it is the project's own name".to_owned());
    }
    let hidden = neighbours.in_scope.iter().find(|other| same(other, name))?;
    Some(format!("it would hide `{hidden}`, which the project uses"))
}

fn project_reason(name: &str) -> Option<String> {
    let folder = || CARGO_FOLDERS.contains(&name);
    shape_reason(name, "-_")
        .or_else(|| case_reason(name))
        .or_else(|| crate_reason(name))
        .or_else(|| {
            folder().then(|| "cargo keeps a folder by that name under `target/`".to_owned())
        })
}

fn app_reason(name: &str) -> Option<String> {
    let hyphen = name.contains('-');
    shape_reason(name, "-_")
        .or_else(|| case_reason(name))
        .or_else(|| {
            hyphen.then(|| "Rust code could not name the crate: `-` reads as minus".to_owned())
        })
        .or_else(|| crate_reason(name))
}

fn model_reason(name: &str) -> Option<String> {
    let snake = name.to_snake_case();
    let lower = name.starts_with(|c: char| c.is_ascii_lowercase()) || name.contains('_');
    shape_reason(name, "_")
        .or_else(|| lower.then(|| "a model is named in PascalCase".to_owned()))
        .or_else(|| {
            let taken = TYPES_IN_USE.contains(&name);
            taken.then(|| "generated code uses a type by that name".to_owned())
        })
        .or_else(|| {
            let taken = MODULES_IN_USE.contains(&snake.as_str());
            taken.then(|| "generated code uses a module by that name".to_owned())
        })
        .or_else(|| {
            is_keyword(&snake).then(|| format!("its module would be `{snake}`, a Rust keyword"))
        })
        .or_else(|| device_reason(&snake))
}

/// What holds for every name: letters, digits and the marks in `punctuation`, in a sensible order.
fn shape_reason(name: &str, punctuation: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || punctuation.contains(c);
    let marks: Vec<String> = punctuation.chars().map(|c| format!("`{c}`")).collect();
    let reason = if name.is_empty() {
        "it is empty".to_owned()
    } else if name.chars().count() > LONGEST {
        format!("it is longer than {LONGEST} characters")
    } else if name.contains(['/', '\\']) || name.contains("..") {
        "it is a path, not a name".to_owned()
    } else if !name.is_ascii() {
        format!(
            "it may hold ASCII letters, digits, {} only",
            marks.join(" and ")
        )
    } else if let Some(other) = name.chars().find(|c| !allowed(*c)) {
        let marks = marks.join(" nor ");
        format!("{other:?} is neither a letter nor a digit nor {marks}")
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        "it starts with a digit".to_owned()
    } else if name.starts_with(['-', '_']) || name.ends_with(['-', '_']) {
        "it starts or ends with a `-` or `_`".to_owned()
    } else if name.replace('-', "_").contains("__") {
        "it has two `-` or `_` in a row".to_owned()
    } else {
        return None;
    };
    Some(reason)
}

/// Rust warns of any other crate name.
fn case_reason(name: &str) -> Option<String> {
    let upper = name.contains(|c: char| c.is_ascii_uppercase());
    upper.then(|| "a crate is named in lower case".to_owned())
}

/// What no crate may be called.
fn crate_reason(name: &str) -> Option<String> {
    let ident = ident(name);
    let ident = ident.as_str();
    if is_keyword(ident) {
        Some(format!("`{ident}` is a Rust keyword"))
    } else if STANDARD_CRATES.contains(&ident) {
        Some(format!("`{ident}` is a crate of Rust itself"))
    } else if PRIMITIVES.contains(&ident) {
        Some(format!("`{ident}` is a type of Rust itself"))
    } else {
        device_reason(ident)
    }
}

/// Windows keeps these names for devices, whatever their case.
fn device_reason(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let numbered = name
        .strip_prefix("com")
        .or_else(|| name.strip_prefix("lpt"));
    let is_device = matches!(name.as_str(), "aux" | "con" | "nul" | "prn")
        || numbered.is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    is_device.then(|| format!("`{name}` is a device on Windows"))
}

/// How Rust code would write the crate's name, case aside.
fn ident(name: &str) -> String {
    name.replace('-', "_").to_ascii_lowercase()
}

fn same(left: &str, right: &str) -> bool {
    ident(left) == ident(right)
}

#[cfg(test)]
mod tests;
