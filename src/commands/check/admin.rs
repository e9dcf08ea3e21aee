//! The tag `admin`: registrations of models that are probably not meant as they are.

use heck::ToSnakeCase;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::tag::{CheckContext, Tag};
use crate::check::{Check, Finding, Level};
use crate::error::Result;
use crate::paths::stem;
use crate::scaffold::existing;

pub(super) const TAG: Tag = Tag {
    name: "admin",
    by_default: true,
    checks: || vec![&TWICE, &SECRET, &SLUG, &UNREGISTERED, &EDITABLE, &INLINE],
    run,
};

static TWICE: Check = Check {
    id: "LUT401",
    name: "admin-column-twice",
    level: Level::Warning,
    why: "A column that is named twice in one list of a model's options is shown or searched twice.",
    instead: "name it once",
};

static SECRET: Check = Check {
    id: "LUT402",
    name: "admin-secret-shown",
    level: Level::Warning,
    why: "Going by its name, the column holds a secret; lists show it, and searches and filters let it be guessed.",
    instead: "leave it out of the options, and give the model's field `#[serde(skip)]`",
};

static SLUG: Check = Check {
    id: "LUT403",
    name: "admin-slug-is-no-slug",
    level: Level::Warning,
    why: "`slug_from` fills its first column with a slug made from its second; going by the names, that is not what they are.",
    instead: "slug_from: Some((Column::Slug, Column::Title))",
};

static UNREGISTERED: Check = Check {
    id: "LUT404",
    name: "admin-not-registered",
    level: Level::Warning,
    why: "The file says how staff see a model, but nothing registers it, so they do not.",
    instead: "register it, or delete the file",
};

static EDITABLE: Check = Check {
    id: "LUT405",
    name: "admin-column-not-edited",
    level: Level::Warning,
    why: "Columns in `editable` are changed in the list, but only those that are in `list`, do not come first there, where \
          the link to the row is, and are not in `readonly`.",
    instead: "name it in `list`, behind another one, or leave it out of `editable`",
};

static INLINE: Check = Check {
    id: "LUT406",
    name: "admin-inline-not-a-reference",
    level: Level::Warning,
    why: "Rows are edited on the page of the row that they refer to; a column in `inline` that refers to none has no such page.",
    instead: "name the column that holds the other row's key, as in inline: &[Column::BookId]",
};

/// Options whose columns are shown or can be guessed by what is found.
const SHOWN: [&str; 5] = ["list", "search", "exact", "filter", "ordering"];
const LISTS: [&str; 8] = [
    "list", "search", "exact", "filter", "ordering", "readonly", "editable", "inline",
];
const SECRETS: [&str; 6] = [
    "password",
    "secret",
    "token",
    "hash",
    "apikey",
    "privatekey",
];

fn run(site: &CheckContext) -> Result<Vec<Finding>> {
    let project = &site.project;
    let mut found = Vec::new();
    let whole = project.read("src/admin.rs")?.unwrap_or_default();
    for app in &project.apps {
        let folder = app.dir.join("src/admin");
        let file = app.dir.join("src/admin.rs");
        let Some(registered) = project.read(&file)? else {
            continue;
        };
        let name = &app.name;
        if !names(&whole, &format!("{name}::admin::app")) {
            let message = format!("the admin of the app `{name}` is in no site");
            let hint = format!("in src/admin.rs, add .app({name}::admin::app())");
            let path = file.display().to_string();
            found.push(UNREGISTERED.found(message).at(path, 0).hint(hint));
        }
        for path in project.list(&folder, "rs")? {
            let text = project.read(&path)?.unwrap_or_default();
            let module = stem(&path);
            if !names(&registered, &format!("{module}::model(")) {
                let message = format!("`{module}` is not registered");
                let hint = format!("in {}, add .model({module}::model())", file.display());
                found.push(UNREGISTERED.found(message).at(&path, 0).hint(hint));
            }
            let entity = project.read(app.dir.join(format!("src/models/{module}.rs")))?;
            found.extend(of_options(&path, &text, entity.as_deref()));
        }
    }
    Ok(found)
}

/// Whether a text has this path in it, and not only a longer name that ends so.
fn names(text: &str, path: &str) -> bool {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(path)
        .any(|(at, _)| !text[..at].ends_with(is_name))
}

/// What is wrong with the options in a file; `entity` is the text of the model's entity.
fn of_options(path: &str, text: &str, entity: Option<&str>) -> Vec<Finding> {
    let Ok(file) = syn::parse_str::<syn::File>(text.trim_start_matches('\u{feff}')) else {
        return Vec::new();
    };
    let mut options = Options::default();
    options.visit_file(&file);
    let mut found = Vec::new();
    for (name, columns) in &options.0 {
        for (at, (column, line)) in columns.iter().enumerate() {
            let before = &columns[..at];
            if LISTS.contains(&&**name) && before.iter().any(|(other, _)| other == column) {
                let message = format!("`{column}` is named twice in `{name}`");
                found.push(TWICE.found(message).at(path, *line));
            }
            let plain = column.to_lowercase();
            if SHOWN.contains(&&**name) && SECRETS.iter().any(|secret| plain.contains(secret)) {
                let message = format!("`{column}` is in `{name}`, where staff see or guess it");
                found.push(SECRET.found(message).at(path, *line));
            }
        }
        if let ("slug_from", [(slug, line), (source, _)]) = (&**name, &columns[..])
            && (slug == source || !slug.to_lowercase().contains("slug"))
        {
            let message = format!("`slug_from` makes `{slug}` from `{source}`");
            found.push(SLUG.found(message).at(path, *line));
        }
    }
    found.extend(not_edited(path, &options));
    let references = entity.map(existing::references);
    for (column, line) in options.columns("inline") {
        let is_other = |known: &Vec<String>| !known.contains(&column.to_snake_case());
        if references.as_ref().is_some_and(is_other) {
            let message = format!("`{column}` is in `inline` and refers to no other row");
            found.push(INLINE.found(message).at(path, *line));
        }
    }
    found
}

/// Columns that are said to be edited in the list, and are not.
fn not_edited(path: &str, options: &Options) -> Vec<Finding> {
    let at = |list: &str, column: &String| {
        let mut columns = options.columns(list).iter();
        columns.position(|(other, _)| other == column)
    };
    let found = options
        .columns("editable")
        .iter()
        .filter_map(|(column, line)| {
            let why = match at("list", column) {
                None => "is not in `list`",
                Some(0) => "comes first in `list`, where the link to the row is",
                Some(_) if at("readonly", column).is_some() => "is in `readonly`, too",
                Some(_) => return None,
            };
            let message = format!("`{column}` is in `editable` and {why}");
            Some(EDITABLE.found(message).at(path, *line))
        });
    found.collect()
}

/// The fields of `Options { … }`: their names, and the columns named in them with their lines.
#[derive(Default)]
struct Options(Vec<(String, Vec<(String, usize)>)>);

impl Options {
    fn columns(&self, name: &str) -> &[(String, usize)] {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map_or(&[], |(_, columns)| columns)
    }
}

impl Visit<'_> for Options {
    fn visit_expr_struct(&mut self, item: &syn::ExprStruct) {
        let name = item.path.segments.last().map(|last| last.ident.to_string());
        if name.as_deref() == Some("Options") {
            for field in &item.fields {
                let mut columns = Columns(Vec::new());
                columns.visit_expr(&field.expr);
                let name = field.member.to_token_stream().to_string();
                self.0.push((name, columns.0));
            }
        }
        visit::visit_expr_struct(self, item);
    }
}

struct Columns(Vec<(String, usize)>);

impl Visit<'_> for Columns {
    fn visit_expr_path(&mut self, path: &syn::ExprPath) {
        let mut segments = path.path.segments.iter().rev();
        if let (Some(column), Some(kind)) = (segments.next(), segments.next())
            && kind.ident == "Column"
        {
            let line = path.span().start().line;
            self.0.push((column.ident.to_string(), line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_are_not_meant_so_are_found_with_their_lines() {
        let text = "
            const OPTIONS: Options<Column> = Options {
                list: &[Column::Title, Column::ApiToken,
                    Column::Title],
                search: &[Column::Title],
                ordering: &[(Column::Title, Order::Desc)],
                slug_from: Some((Column::Title, Column::Title)),
                readonly: &[Column::ApiToken],
                editable: &[Column::Title, Column::ApiToken, Column::Pages],
                inline: &[Column::BookId, Column::Pages],
                ..Options::DEFAULT
            };";
        let entity = "pub struct Model { #[sea_orm(belongs_to, from = \"book_id\")] pub book: BelongsTo<super::book::Entity> }";
        let found: Vec<String> = of_options("x.rs", text, Some(entity))
            .into_iter()
            .map(|finding| {
                let line = finding.place.map_or(0, |place| place.line);
                format!("{} {line}: {}", finding.kind.id, finding.message)
            })
            .collect();
        insta::assert_snapshot!(found.join("\n"), @r"
        LUT402 3: `ApiToken` is in `list`, where staff see or guess it
        LUT401 4: `Title` is named twice in `list`
        LUT403 7: `slug_from` makes `Title` from `Title`
        LUT405 9: `Title` is in `editable` and comes first in `list`, where the link to the row is
        LUT405 9: `ApiToken` is in `editable` and is in `readonly`, too
        LUT405 9: `Pages` is in `editable` and is not in `list`
        LUT406 10: `Pages` is in `inline` and refers to no other row
        ");
        assert_eq!(of_options("x.rs", "fn x() {}", None), []);
        assert_eq!(of_options("x.rs", "no rust", None), []);
    }
}
