//! The `luthier.toml` of a project that was there before. Pure.

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::error::Result;
use crate::sql::Dialect;

use super::manifest::{MIGRATIONS, NO_PACK, ProjectManifest};

/// What is known of such a project.
pub(crate) struct Adopted<'a> {
    pub(crate) name: &'a str,
    /// The folders of the crates to look for entities in.
    pub(crate) crates: &'a [String],
    pub(crate) dialects: &'a [Dialect],
    /// The folder of the migrations, where it is not the usual one.
    pub(crate) migrations: Option<&'a str>,
    /// Views that have entities.
    pub(crate) views: &'a [String],
}

/// The text of the file.
///
/// # Errors
/// `BadInput` for what such a file cannot hold.
pub(crate) fn text(adopted: &Adopted) -> Result<String> {
    let array = |items: &mut dyn Iterator<Item = &str>| value(items.collect::<Array>());
    let mut document: DocumentMut = "[project]\n\n[scaffold]\n\n[database]\n".parse()?;
    document["project"]["name"] = value(adopted.name);
    document["project"]["crates"] = array(&mut adopted.crates.iter().map(String::as_str));
    document["scaffold"]["name"] = value(NO_PACK);
    document["scaffold"]["version"] = value(env!("CARGO_PKG_VERSION"));
    document["database"]["dialects"] = array(&mut adopted.dialects.iter().map(|d| d.name()));
    if let Some(folder) = adopted.migrations.filter(|folder| *folder != MIGRATIONS) {
        document["database"]["migrations"] = value(folder);
    }
    if !adopted.views.is_empty() {
        let mut tables = Table::new();
        tables.set_implicit(true);
        for view in adopted.views {
            let mut table = Table::new();
            table["managed"] = value(false);
            tables[view] = Item::Table(table);
        }
        document["tables"] = Item::Table(tables);
    }
    let text = document.to_string();
    ProjectManifest::parse(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_what_is_known_and_reads_back() {
        let crates = [".".to_owned(), "entity".to_owned()];
        let adopted = Adopted {
            name: "shop",
            crates: &crates,
            dialects: &[Dialect::Postgres],
            migrations: Some("db/migrations"),
            views: &["totals".to_owned(), "shop.daily".to_owned()],
        };
        let text = text(&adopted).unwrap();
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "0.0.0"), @r#"
        [project]
        name = "shop"
        crates = [".", "entity"]

        [scaffold]
        name = "none"
        version = "0.0.0"

        [database]
        dialects = ["postgres"]
        migrations = "db/migrations"

        [tables.totals]
        managed = false

        [tables."shop.daily"]
        managed = false
        "#);
        let outside = Adopted {
            migrations: Some("../elsewhere"),
            ..adopted
        };
        let error = super::text(&outside).unwrap_err().to_string();
        assert!(error.contains("`../elsewhere`"), "{error}");
    }
}
