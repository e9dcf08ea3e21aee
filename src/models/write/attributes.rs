//! `#[sea_orm(…)]` as rustfmt would lay it out.

const MAX_WIDTH: usize = 100;
/// rustfmt's `attr_fn_like_width`.
const ATTRIBUTE_WIDTH: usize = 70;

/// The attribute with `arguments`, without the indent of its first line.
pub(super) fn attribute(arguments: &[String], indent: usize) -> String {
    let joined = arguments.join(", ");
    let line = format!("#[sea_orm({joined})]");
    let width = |text: &str| text.chars().count();
    let narrow = arguments.len() == 1 || width(&joined) <= ATTRIBUTE_WIDTH;
    if narrow && indent + width(&line) < MAX_WIDTH {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    let list = arguments.join(&format!(",\n{inner}"));
    format!("#[sea_orm(\n{inner}{list}\n{})]", " ".repeat(indent))
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}
