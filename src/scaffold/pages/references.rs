//! What the rows of a model refer to: pages show it by name where who reads them may read that, too.

use super::handlers::{Guard, Handlers};
use crate::scaffold::existing;
use crate::scaffold::model::Sort;
use crate::scaffold::syntax::{parse, structs};

/// A model that a column refers to.
#[derive(Debug)]
pub(crate) struct ReferencedModel {
    /// `author_id`
    pub(crate) column: String,
    /// How the app names its module: `crate::models::author`.
    pub(crate) module: String,
    /// The texts of its entity and its API.
    pub(crate) entity: String,
    pub(crate) api: String,
    /// Where its rows are: `/authors`, or `/api/authors` without pages.
    pub(crate) path: String,
}

/// The columns of an entity that refer to other rows, and the modules of what they refer to as its file names them:
/// `super::author`, `people::models::person`, or nothing for itself.
pub(crate) fn referring(entity: &str) -> Vec<(String, String)> {
    let file = parse(entity);
    let row = file
        .as_ref()
        .and_then(|file| structs(file).find(|item| item.ident == "Model"));
    row.map(existing::relations).unwrap_or_default()
}

impl ReferencedModel {
    /// The arguments of `References::column`, if pages of `reader` may show its rows by name.
    pub(super) fn arguments(&self, reader: Guard) -> Option<[String; 3]> {
        if !is_read_by(&Handlers::read(&self.api).ok()?, reader) {
            return None;
        }
        Some([
            format!("\"{}\"", self.column),
            format!("{}::Column::{}", self.module, name(&self.entity)?),
            format!("\"{}\"", self.path),
        ])
    }
}

/// Whether everybody who reads the pages may read all rows behind these handlers.
fn is_read_by(handlers: &Handlers, reader: Guard) -> bool {
    match handlers.reader {
        Guard::Nobody => true,
        Guard::User => reader != Guard::Nobody && !handlers.owner,
        Guard::Staff => reader == Guard::Staff,
    }
}

/// The column that people know rows by: the first line of text that every row has and the API shows.
fn name(entity: &str) -> Option<String> {
    let file = parse(entity)?;
    let row = structs(&file).find(|item| item.ident == "Model")?;
    let is_hidden = |column: &existing::Column| {
        let mut settings = column.serde.iter();
        settings.any(|(name, _)| name.starts_with("skip"))
    };
    let mut columns = existing::columns(row).into_iter().filter(|column| {
        column.sort(row, &[]) == Sort::Line
            && !column.optional
            && !column.has("primary_key")
            && !is_hidden(column)
    });
    columns.next().map(|column| column.variant())
}

/// The calls that tell the columns, as rustfmt has them, four blanks before them.
pub(super) fn calls(columns: &[[String; 3]]) -> String {
    let indent = if columns.len() == 1 { 4 } else { 8 };
    let calls = columns.iter().map(|arguments| {
        let joined = arguments.join(", ");
        let before = if columns.len() == 1 {
            "    References::default()".len()
        } else {
            indent
        };
        let fits = joined.len() <= 60 && before + ".column()".len() + joined.len() <= 100;
        match fits {
            true => format!(".column({joined})"),
            false => {
                let inner = " ".repeat(indent + 4);
                let lines = arguments.join(&format!(",\n{inner}"));
                format!(".column(\n{inner}{lines},\n{})", " ".repeat(indent))
            }
        }
    });
    let calls: Vec<String> = calls.collect();
    let between = if calls.len() == 1 { "" } else { "\n        " };
    format!("    References::default(){between}{}", calls.join(between))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTITY: &str = "
        #[sea_orm(table_name = \"makers\")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i64,
            #[serde(skip_serializing)]
            pub secret: String,
            pub nickname: Option<String>,
            pub name: String,
            pub town_id: i64,
            pub boss_id: Option<i64>,
            #[sea_orm(belongs_to, from = \"town_id\", to = \"id\")]
            pub town: BelongsTo<places::models::town::Entity>,
            #[sea_orm(self_ref, relation_enum = \"Boss\", from = \"boss_id\", to = \"id\")]
            pub boss: BelongsTo<Option<Entity>>,
            #[sea_orm(self_ref, via = \"pair\", from = \"One\", to = \"Other\")]
            pub others: HasMany<Entity>,
        }";

    fn target(guard: &str) -> ReferencedModel {
        let handler = |name: &str, more: &str, answer: &str| {
            format!(
                "pub(crate) async fn {name}({guard}State(site): State<Site>{more}) -> Result<{answer}> {{}}"
            )
        };
        let api = [
            handler("list", ", list: List", "Json<Page<Model>>"),
            handler("create", ", Valid(i): Valid<MakerInput>", "Created<Model>"),
            handler("retrieve", ", Path(id): Path<i64>", "Json<Model>"),
            handler(
                "update",
                ", Path(id): Path<i64>, Valid(i): Valid<MakerInput>",
                "Json<Model>",
            ),
            handler("delete", ", Path(id): Path<i64>", "StatusCode"),
        ];
        ReferencedModel {
            column: "maker_id".to_owned(),
            module: "crate::models::maker".to_owned(),
            entity: ENTITY.to_owned(),
            api: api.concat(),
            path: "/makers".to_owned(),
        }
    }

    #[test]
    fn columns_that_refer_are_found() {
        let expected = [("town_id", "places::models::town"), ("boss_id", "")];
        let expected = expected.map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(referring(ENTITY), expected);
    }

    #[test]
    fn names_are_shown_to_those_who_may_read_the_rows() {
        use Guard::{Nobody, Staff, User};
        for (guard, readers) in [
            ("", &[Nobody, User, Staff][..]),
            ("_: User, ", &[User, Staff]),
            ("_: Staff, ", &[Staff]),
            ("user: User, ", &[]),
        ] {
            for reader in [Nobody, User, Staff] {
                let found = target(guard).arguments(reader);
                assert_eq!(
                    found.is_some(),
                    readers.contains(&reader),
                    "{guard}{reader:?}"
                );
            }
        }
        let arguments = target("").arguments(Nobody).expect("everybody reads it");
        assert_eq!(
            arguments.join(", "),
            "\"maker_id\", crate::models::maker::Column::Name, \"/makers\""
        );
    }

    #[test]
    fn calls_are_laid_out_as_rustfmt_does() {
        let arguments = |name: &str| {
            [
                format!("\"{name}_id\""),
                format!("crate::models::{name}::Column::Name"),
                format!("\"/{name}s\""),
            ]
        };
        let (short, long) = (arguments("maker"), arguments("the_maker"));
        let one = r#"    References::default().column("maker_id", crate::models::maker::Column::Name, "/makers")"#;
        assert_eq!(calls(std::slice::from_ref(&short)), one);
        let lines = [
            "    References::default()",
            "        .column(\"maker_id\", crate::models::maker::Column::Name, \"/makers\")",
            "        .column(",
            "            \"the_maker_id\",",
            "            crate::models::the_maker::Column::Name,",
            "            \"/the_makers\",",
            "        )",
        ];
        assert_eq!(calls(&[short, long]), lines.join("\n"));
    }
}
