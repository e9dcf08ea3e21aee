//! What a model says of itself.

use accounts::models::user;
use sea_orm::sea_query::SelectStatement;

use crate::model::Row;

/// How the admin shows a model: `Options { list: &[Column::Title], ..Options::DEFAULT }`.
#[derive(Clone, Copy, Debug)]
pub struct Options<C: 'static> {
    /// What several rows are called: `books`. Without it, the name with an `s`.
    pub plural: &'static str,
    /// The columns of the list. Without any, the label alone.
    pub list: &'static [C],
    /// Where the search looks for a part of the text.
    pub search: &'static [C],
    /// Where the search looks for the whole text; an index makes it quick.
    pub exact: &'static [C],
    /// The filters beside the list.
    pub filter: &'static [C],
    /// How the list is ordered at first.
    pub ordering: &'static [(C, Order)],
    /// What is shown but not changed.
    pub readonly: &'static [C],
    /// What superusers alone may change.
    pub superuser: &'static [C],
    /// The form in parts, each with a heading; what no part names comes last.
    pub fieldsets: &'static [(&'static str, &'static [C])],
    /// A slug, and the column that it is made from where it is left empty.
    pub slug_from: Option<(C, C)>,
    /// What a row is called by. Without it, the first column of text.
    pub label: Option<C>,
    /// What holds the id of the user who has added the row.
    pub owner: Option<C>,
    /// Rows a page.
    pub per_page: u64,
    /// What can be done to many rows, beside deleting and exporting them.
    pub actions: &'static [Action<C>],
    /// Which rows a user gets to see: others are not found.
    pub scope: fn(&user::Model, &mut SelectStatement),
    /// What a user may do, beside what their permissions allow; without a row, to some row.
    pub may: fn(&user::Model, Access, Option<&Row>) -> bool,
}

impl<C> Options<C> {
    pub const DEFAULT: Self = Self {
        plural: "",
        list: &[],
        search: &[],
        exact: &[],
        filter: &[],
        ordering: &[],
        readonly: &[],
        superuser: &[],
        fieldsets: &[],
        slug_from: None,
        label: None,
        owner: None,
        per_page: 50,
        actions: &[],
        scope: |_, _| {},
        may: |_, _, _| true,
    };
}

/// Which way a column is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Asc,
    Desc,
}

/// What somebody may do to a model; each is a permission such as `books.change_book`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    View,
    Add,
    Change,
    Delete,
}

impl Access {
    pub const ALL: [Self; 4] = [Self::View, Self::Add, Self::Change, Self::Delete];

    /// As permissions and the log call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Add => "add",
            Self::Change => "change",
            Self::Delete => "delete",
        }
    }
}

/// What can be done to many rows at once.
#[derive(Clone, Copy, Debug)]
pub struct Action<C> {
    pub label: &'static str,
    pub(crate) column: C,
    pub(crate) value: &'static str,
}

impl<C> Action<C> {
    /// Sets a column to a value, by the rules of the form.
    pub const fn set(label: &'static str, column: C, value: &'static str) -> Self {
        Self {
            label,
            column,
            value,
        }
    }
}
