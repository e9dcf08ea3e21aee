//! The text of a TOML file: what it is as a document, and where something is put in.

use toml_edit::Document;

use crate::scaffold::wire::line_end;

pub(super) fn parse(text: &str) -> Result<Document<&str>, String> {
    Document::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text[..at].matches('\n').count() + 1;
        format!("line {line} is not valid TOML: {}", error.message())
    })
}

/// `text` with `new` where `range` is.
pub(super) fn insert_in_place_of(text: &str, range: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

/// Where text that shall follow what ends at `end` on a line of its own is inserted: behind the comment
/// that trails it.
pub(super) fn after_trailing_comment(text: &str, end: usize) -> usize {
    let line_end = line_end(text, end);
    let rest = text[end..line_end].trim_start();
    if rest.is_empty() || rest.starts_with('#') {
        line_end
    } else {
        end
    }
}
