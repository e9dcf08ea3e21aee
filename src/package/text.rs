//! The templates of this module, which are part of Luthier.

use include_dir::{Dir, include_dir};
use serde::Serialize;

use super::File;
use crate::error::{Error, Result};
use crate::scaffold::render::Renderer;

static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/package/templates");

/// The text of the template `name` for the fields of `values`.
pub(super) fn render(name: &str, values: &impl Serialize) -> Result<String> {
    let template = TEMPLATES
        .get_file(format!("{name}.hbs"))
        .ok_or_else(|| Error::failed(format_args!("there is no template {name}")))?;
    let serde_json::Value::Object(values) = serde_json::to_value(values)? else {
        return Err(Error::failed("templates take the fields of a struct"));
    };
    Renderer::new("luthier").render(name, template.contents(), &values)
}

/// The file `path`, from the template `name`.
pub(super) fn file(path: impl Into<String>, name: &str, values: &impl Serialize) -> Result<File> {
    Ok(File::new(path, render(name, values)?))
}
