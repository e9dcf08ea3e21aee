//! One more element at the end of an array, written as the others are.

use toml_edit::Array;

use super::text::after_trailing_comment;
use crate::scaffold::wire::{Insertion, indent, insert, is_first_on_line, newline};

/// Adds `value` to `array`. `None` when the array is not from a text.
pub(super) fn push(text: &str, array: &Array, value: &str) -> Option<String> {
    let range = array.span()?;
    let close = range.end - 1;
    let Some(last) = array.iter().last() else {
        let body = &text[range.start + 1..close];
        let insertion = if body.trim().is_empty() && !body.contains('\n') {
            Insertion {
                at: range.start + 1,
                text: value.to_owned(),
            }
        } else {
            line_before_close(text, close, value)
        };
        return Some(insert(text, vec![insertion]));
    };
    let end = last.span()?.end;
    let comma = comma(text, end, close);
    if !is_first_on_line(text, close) {
        // On one line, or one whose bracket closes on the last element's line.
        return Some(insert(
            text,
            vec![Insertion {
                at: end,
                text: format!(", {value}"),
            }],
        ));
    }
    let start = last.span()?.start;
    let mut insertions = Vec::new();
    if comma.is_none() {
        insertions.push(Insertion {
            at: end,
            text: ",".to_owned(),
        });
    }
    let after = comma.map_or(end, |comma| comma + 1);
    insertions.push(Insertion {
        at: after_trailing_comment(text, after),
        text: format!(
            "{}{}{value}{}",
            newline(text),
            indent(text, start),
            if comma.is_some() { "," } else { "" }
        ),
    });
    Some(insert(text, insertions))
}

/// A line of its own in front of the bracket that closes an array that holds only comments or line breaks.
fn line_before_close(text: &str, close: usize, value: &str) -> Insertion {
    let outer = indent(text, close);
    if is_first_on_line(text, close) {
        Insertion {
            at: close - outer.len(),
            text: format!("{outer}    {value},{}", newline(text)),
        }
    } else {
        Insertion {
            at: close,
            text: format!("{}    {value},{}", newline(text), newline(text)),
        }
    }
}

/// Where the comma between the last element's end and the closing bracket is, comments skipped.
fn comma(text: &str, end: usize, close: usize) -> Option<usize> {
    let mut at = end;
    for line in text[end..close].split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        if let Some(comma) = code.find(',') {
            return Some(at + comma);
        }
        at += line.len();
    }
    None
}
