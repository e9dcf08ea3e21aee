//! Whether files of a model are still as the command made them.

use std::path::Path;

use super::args::Args;
use crate::error::{Error, Result};
use crate::scaffold::Rendered;

/// A model is never made over another one; only running the same command again is fine. `by_hand` says what to change
/// instead, of the file that differs.
pub(super) fn check_untouched(
    args: &Args,
    files: &[Rendered],
    read: impl Fn(&Path) -> Result<Option<String>>,
    by_hand: impl Fn(&Path) -> String,
) -> Result<()> {
    for file in files {
        let there = read(&file.path)?;
        if there.is_some_and(|text| text.as_bytes() != file.contents) {
            let path = file.path.display();
            let model = &args.model;
            return Err(Error::bad_input(format_args!(
                "the model `{model}` is there already, and {path} is not what this command makes"
            ))
            .hint(format!(
                "change {} by hand, then run `luthier makemigrations`; or give the new model another name",
                by_hand(&file.path)
            )));
        }
    }
    Ok(())
}
