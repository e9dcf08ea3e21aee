//! What a new model is called: in Rust, in the database, in addresses and in sentences.

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};
use serde::Serialize;

use super::identifier::check_database_name;
use super::request::Request;
use crate::error::{Error, Result};
pub(super) use crate::inflection::{plural, singular};
use crate::scaffold::entity::Entity;

/// Names that the generated handlers use for something else.
const VARIABLES_IN_USE: [&str; 23] = [
    "changed", "changes", "create", "db", "delete", "equal", "fields", "filter", "find", "id",
    "input", "list", "location", "mine", "patch", "retrieve", "rows", "save", "site", "tables",
    "update", "user", "wanted",
];

/// Letters of a variable that leave room for what is done with it in a line.
const LONGEST_VARIABLE: usize = 24;

/// What the documentation of every API describes beside models.
const SCHEMAS_IN_USE: [&str; 2] = ["Json", "Problem"];

/// The names of a new model.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Names {
    pub(crate) app: String,
    /// `BookReview`
    pub(crate) model: String,
    /// `book_review`
    pub(crate) module: String,
    /// `book_review`, or `row` where that is in use.
    pub(crate) variable: String,
    /// `book review`
    pub(crate) noun: String,
    /// `a book review`
    pub(crate) a_noun: String,
    /// `A book review`
    pub(crate) heading: String,
    /// `book reviews`
    pub(crate) nouns: String,
    pub(crate) table: String,
    /// The segment under `/api`: `book-reviews`.
    pub(crate) route: String,
    /// What the API's documentation calls it: `BookReview`, or `ShopBookReview` if another app has that name.
    pub(crate) schema: String,
    /// Whether that is not the model's own name.
    pub(crate) renamed: bool,
    /// Ends the ids of operations: `create_book_review`, `list_book_reviews`.
    pub(crate) operation: String,
    pub(crate) operations: String,
}

impl Names {
    pub(super) fn new(request: &Request<'_>) -> Result<Self> {
        let module = request.model.to_snake_case();
        let plural = plural(&module);
        let elsewhere = |entity: &&Entity| entity.app != request.app;
        let taken = |entity: &Entity| {
            entity.table == plural || entity.schema.eq_ignore_ascii_case(request.model)
        };
        let renamed = request.entities.iter().filter(elsewhere).any(taken);
        let schema = match renamed {
            true => format!("{}{}", request.app.to_upper_camel_case(), request.model),
            false => request.model.to_owned(),
        };
        if request.api {
            check_schema(&schema, request)?;
        }
        let prefixed = |name: &str| match renamed {
            true => format!("{}_{name}", request.app),
            false => name.to_owned(),
        };
        let table = prefixed(&plural);
        check_database_name(&table)?;
        let noun = module.replace('_', " ");
        let a_noun = with_article(&noun);
        Ok(Self {
            app: request.app.to_owned(),
            model: request.model.to_owned(),
            variable: variable(&module, &VARIABLES_IN_USE).to_owned(),
            heading: capitalized(&a_noun),
            nouns: plural.replace('_', " "),
            route: request
                .route
                .map_or_else(|| plural.to_kebab_case(), str::to_owned),
            schema,
            renamed,
            operation: prefixed(&module),
            operations: table.clone(),
            a_noun,
            noun,
            table,
            module,
        })
    }
}

/// What generated functions call a row of the model in `module`: like the module, or `row` where that is one of the
/// names `in_use` there or makes lines too long.
pub(in crate::scaffold) fn variable<'a>(module: &'a str, in_use: &[&str]) -> &'a str {
    match in_use.contains(&module) || module.len() > LONGEST_VARIABLE {
        true => "row",
        false => module,
    }
}

/// The documentation of the API has one name for one thing.
fn check_schema(schema: &str, request: &Request<'_>) -> Result<()> {
    let names =
        |schema: &str| ["", "Input", "InputPatch"].map(|ending| format!("{schema}{ending}"));
    let mut taken = SCHEMAS_IN_USE.map(str::to_owned).to_vec();
    taken.extend(
        request
            .entities
            .iter()
            .flat_map(|entity| names(&entity.schema)),
    );
    match names(schema).into_iter().find(|name| taken.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Error::bad_input(format_args!(
            "`{}` cannot name a model: the documentation of the API has a `{name}` already",
            request.model
        ))
        .hint("give it another name")),
    }
}

/// A text with a capital at its start.
pub(in crate::scaffold) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// `a book`, `an author`.
pub(in crate::scaffold) fn with_article(noun: &str) -> String {
    format!("{} {noun}", article(noun))
}

/// The indefinite article of a noun, by how it sounds as far as its letters tell.
fn article(noun: &str) -> &'static str {
    let starts = |with: &[&str]| with.iter().any(|with| noun.starts_with(with));
    let silent = starts(&["hour", "honest", "honor", "heir"]);
    let consonant = starts(&["uni", "use", "usa", "usu", "uti", "eu", "one", "once"])
        && !starts(&["unin", "unim"]);
    match silent || starts(&["a", "e", "i", "o", "u"]) && !consonant {
        true => "an",
        false => "a",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_get_the_article_they_sound_like() {
        for noun in [
            "author",
            "event",
            "order",
            "hour",
            "invoice",
            "upload",
            "unimportant word",
        ] {
            assert_eq!(article(noun), "an", "{noun}");
        }
        for noun in [
            "book",
            "user",
            "unit",
            "house",
            "university",
            "one time code",
            "utility",
        ] {
            assert_eq!(article(noun), "a", "{noun}");
        }
    }

    #[test]
    fn only_the_last_word_is_counted() {
        let cases = [
            ("book", "books"),
            ("book_review", "book_reviews"),
            ("category", "categories"),
            ("person", "people"),
            ("news", "news"),
            ("line2", "line2s"),
        ];
        for (one, many) in cases {
            assert_eq!(plural(one), many);
        }
        assert_eq!(singular("favourite_books"), "favourite_book");
        assert_eq!(singular("tags"), "tag");
        assert_eq!(singular("related"), "related");
    }
}
