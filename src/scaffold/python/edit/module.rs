//! What the interpreter tells of a module. Pure.

use serde::Deserialize;

/// What a module consists of.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Module {
    pub(super) statements: Vec<Statement>,
    /// Why the module cannot be read.
    pub(crate) error: Option<String>,
    /// Where.
    pub(crate) line: Option<usize>,
}

/// A statement at the top level.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Statement {
    /// In bytes; a definition begins with the line of its first decorator.
    pub(super) span: [usize; 2],
    pub(super) kind: StatementKind,
    /// What it binds, or calls.
    pub(super) names: Vec<String>,
    /// The module that an import takes from.
    pub(super) module: Option<String>,
    /// The text that is assigned.
    pub(super) text: Option<String>,
    pub(super) list: Option<List>,
    /// The list is a part of what is assigned: more is added to it.
    #[serde(default)]
    pub(super) computed: bool,
    /// What the body of a class assigns to.
    #[serde(default)]
    pub(super) attributes: Vec<String>,
    /// The texts among the arguments of a call.
    #[serde(default)]
    pub(super) inside: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum StatementKind {
    Import,
    Definition,
    Assignment,
    Addition,
    Call,
    Text,
    Other,
}

/// A list or a tuple that is written out.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct List {
    pub(super) span: [usize; 2],
    /// A tuple may stand without brackets.
    pub(super) bracketed: bool,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Item {
    pub(super) span: [usize; 2],
    pub(super) text: Option<String>,
    pub(super) inside: Vec<String>,
}

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The shape that it needs is not there.
    Shape(String),
    /// Something else has the name.
    Taken(String),
}
