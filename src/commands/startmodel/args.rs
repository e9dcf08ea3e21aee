//! What `luthier startmodel` takes.

use crate::scaffold::field;
use crate::scaffold::model::{Access, Key};

/// Add a model to an app: its table, its API and its tests
#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
pub(crate) struct Args {
    /// The app that gets it
    pub(super) app: String,
    /// Its name in Pascal case, singular: Book
    pub(super) model: String,
    /// Its fields, as NAME:TYPE[(ARGS)][?][:unique][:index][=DEFAULT]
    #[arg(value_name = "FIELD", required = true)]
    pub(super) fields: Vec<String>,
    /// Who may use the API [default: read-only, or public in a project without accounts]
    #[arg(long, value_enum, value_name = "WHO", conflicts_with = "no_api")]
    pub(super) access: Option<Access>,
    /// Make no API: only the table
    #[arg(long)]
    pub(super) no_api: bool,
    /// Do not register it in the admin; a model without an API is not there anyway
    #[arg(long)]
    pub(super) no_admin: bool,
    /// Also make pages: a list, and pages to see, add, edit and delete a row
    #[arg(long, conflicts_with = "no_api")]
    pub(super) pages: bool,
    /// Where the API is under /api [default: the plural of the model]
    #[arg(long, value_name = "SEGMENT", conflicts_with = "no_api")]
    pub(super) route: Option<String>,
    /// The type of the primary key
    #[arg(long, value_enum, default_value_t, value_name = "TYPE")]
    pub(super) pk: Key,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn after_help() -> String {
    let width = field::TYPES
        .iter()
        .map(|(form, _)| form.len())
        .max()
        .unwrap_or_default();
    let types = field::TYPES
        .iter()
        .map(|(form, meaning)| format!("  {form:width$}  {meaning}\n"));
    format!(
        "Types:\n{}\n\
         A `?` behind the type makes a field optional. Quote fields that hold brackets or a `?` for your shell.\n\n\
         Examples:\n  \
         luthier startmodel books Author 'name:string(100)' email:email:unique\n  \
         luthier startmodel books Book 'title:string(200)' 'author:ref(books.Author,on_delete=cascade)'\n  \
         luthier startmodel blog Post 'title:string(200)' body:text --pages\n  \
         luthier startmodel shop Product 'price:decimal(10,2)' 'status:enum(draft,sold-out)=draft' 'tags:many(shop.Tag)'",
        types.collect::<String>()
    )
}
