//! How staff see a model in the admin: the options that a new registration says.

use heck::ToUpperCamelCase;

use super::layout;
use crate::scaffold::field::{Field, FieldType};

/// The list of rows has up to so many columns.
const MOST_LISTED: usize = 6;

/// A column, as far as the admin is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Of the enum `Column`: `PublicationDate`.
    pub(crate) variant: String,
    pub(crate) sort: Sort,
    pub(crate) unique: bool,
}

/// What a column holds, as far as lists differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Text of a line: it is searched.
    Line,
    /// As a line, and fit for addresses.
    Slug,
    /// Text of any length, JSON or bytes: in no list.
    Long,
    /// One of a few values, or a day: it is filtered by.
    Choice,
    /// The key of another row: it is filtered by.
    Reference,
    /// The user whose row it is.
    Owner,
    Other,
}

impl Shown {
    /// The column of a field; none of a `many`.
    pub(super) fn new(field: &Field, asked: bool) -> Option<Self> {
        let sort = match &field.kind {
            _ if !asked => Sort::Owner,
            FieldType::String { .. } | FieldType::Email => Sort::Line,
            FieldType::Slug => Sort::Slug,
            FieldType::Text | FieldType::Json | FieldType::Bytes | FieldType::Url => Sort::Long,
            FieldType::Bool | FieldType::Enum(_) | FieldType::Date | FieldType::DateTime => {
                Sort::Choice
            }
            FieldType::Ref { .. } | FieldType::One { .. } => Sort::Reference,
            _ => Sort::Other,
        };
        Some(Self {
            variant: field.column()?.to_upper_camel_case(),
            sort,
            unique: field.unique || matches!(field.kind, FieldType::One { .. }),
        })
    }
}

/// The lines of the options that are not what they are anyway.
pub(crate) fn options(columns: &[Shown]) -> Vec<String> {
    let of = |wanted: &dyn Fn(&Shown) -> bool| -> Vec<String> {
        let found = columns.iter().filter(|column| wanted(column));
        found
            .map(|column| format!("Column::{}", column.variant))
            .collect()
    };
    // What is unique is looked up as a whole, by its index, unless it is what the rows are called.
    let is_text = |column: &&Shown| matches!(column.sort, Sort::Line | Sort::Slug);
    let label = columns.iter().find(is_text);
    let text = |column: &Shown| is_text(&column) && (!column.unique || label == Some(column));
    let mut list = of(&|column| column.sort != Sort::Long);
    list.truncate(MOST_LISTED);
    let lists = [
        ("list", list),
        ("search", of(&text)),
        (
            "exact",
            of(&|column| column.unique && column.sort != Sort::Reference),
        ),
        (
            "filter",
            of(&|column| matches!(column.sort, Sort::Choice | Sort::Reference)),
        ),
    ];
    let mut lines: Vec<String> = lists
        .into_iter()
        .filter(|(_, columns)| !columns.is_empty())
        .map(|(name, columns)| {
            let columns = layout::array(&columns, 4, name.len() + 3);
            format!("{name}: &{columns},")
        })
        .collect();
    let line = columns.iter().find(|column| column.sort == Sort::Line);
    let slug = columns.iter().find(|column| column.sort == Sort::Slug);
    if let Some((slug, line)) = slug.zip(line) {
        let (slug, line) = (&slug.variant, &line.variant);
        lines.push(format!(
            "slug_from: Some((Column::{slug}, Column::{line})),"
        ));
    }
    let owner = columns.iter().find(|column| column.sort == Sort::Owner);
    lines.extend(owner.map(|owner| format!("owner: Some(Column::{}),", owner.variant)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::field;

    fn lines(typed: &[&str]) -> String {
        let typed: Vec<String> = typed.iter().map(|typed| (*typed).to_owned()).collect();
        let fields = field::parse_all(&typed).expect("they are fields");
        let columns: Vec<Shown> = fields
            .iter()
            .filter_map(|field| Shown::new(field, field.name != "owner"))
            .collect();
        options(&columns).join("\n")
    }

    #[test]
    fn a_model_is_listed_searched_and_filtered_by_what_fits() {
        insta::assert_snapshot!(
            lines(&[
                "title:string(200)",
                "slug:slug:unique",
                "summary:text",
                "status:enum(draft,published)",
                "author:ref(books.Author)",
                "isbn:string(20):unique",
                "published_on:date?",
                "pages:int",
                "tags:many(books.Tag)",
                "owner:ref(accounts.User)",
            ]),
            @r"
        list: &[
                Column::Title,
                Column::Slug,
                Column::Status,
                Column::AuthorId,
                Column::Isbn,
                Column::PublishedOn,
            ],
        search: &[Column::Title],
        exact: &[Column::Slug, Column::Isbn],
        filter: &[Column::Status, Column::AuthorId, Column::PublishedOn],
        slug_from: Some((Column::Slug, Column::Title)),
        owner: Some(Column::OwnerId),
        "
        );
        insta::assert_snapshot!(lines(&["note:text"]), @"");
        insta::assert_snapshot!(lines(&["email:email:unique", "code:string:unique"]), @r"
        list: &[Column::Email, Column::Code],
        search: &[Column::Email],
        exact: &[Column::Email, Column::Code],
        ");
    }
}
