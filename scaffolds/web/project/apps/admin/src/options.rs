//! What a model says of itself.

use accounts::models::user;
use sea_orm::sea_query::SelectStatement;

use crate::row::Row;
use crate::selection::Run;

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
    /// Columns of the list that are changed right there.
    pub editable: &'static [C],
    /// References: the rows are also added and changed on the page of the row that one of these refers to.
    pub inline: &'static [C],
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
        editable: &[],
        inline: &[],
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
    pub(crate) work: Work<C>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Work<C> {
    Set(C, &'static str),
    Run(&'static dyn Run),
}

impl<C> Action<C> {
    /// Sets a column to a value, by the rules of the form.
    pub const fn set(label: &'static str, column: C, value: &'static str) -> Self {
        let work = Work::Set(column, value);
        Self { label, work }
    }

    /// Calls a function of one's own with the rows, in a transaction: `Action::run("Archive", &archive)`, where `archive`
    /// is an `async fn(rows: &Selection) -> Result<()>`. An error undoes all of it, and is shown.
    pub const fn run(label: &'static str, function: &'static dyn Run) -> Self {
        let work = Work::Run(function);
        Self { label, work }
    }

    pub(crate) fn by_name(&self, name: impl Fn(&C) -> String) -> Action<String> {
        let work = match &self.work {
            Work::Set(column, value) => Work::Set(name(column), value),
            Work::Run(function) => Work::Run(*function),
        };
        Action {
            label: self.label,
            work,
        }
    }
}
