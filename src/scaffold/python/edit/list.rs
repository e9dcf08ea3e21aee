//! A new item in a list that is written out. Pure.

use super::module::List;
use super::text::{end_of_line, indent, insert, newline};

/// Adds an item to a list, in the way that its other items are written.
pub(super) fn add_item(source: &str, list: &List, item: &str) -> String {
    let newline = newline(source);
    let Some(last) = list.items.last() else {
        let open = list.span[0] + 1;
        let indent = indent(source, list.span[0]);
        let inside = &source[open..list.span[1].saturating_sub(1)];
        let whole = format!("{newline}{indent}    {item},{newline}{indent}");
        return match inside.trim().is_empty() {
            true => format!("{}{whole}{}", &source[..open], &source[list.span[1] - 1..]),
            // A comment stays.
            false => insert(source, open, &format!("{newline}{indent}    {item},")),
        };
    };
    // Behind a tuple without brackets, the comma is none of its own.
    let end = match list.bracketed {
        true => list.span[1],
        false => end_of_line(source, list.span[1]),
    };
    let closing = end - usize::from(list.bracketed);
    let last_end = last.span[1] + behind_brackets(&source[last.span[1]..closing]);
    let comma = outside_comments(&source[last_end..closing], ',').map(|at| last_end + at + 1);
    if !list.bracketed || !source[list.span[0]..list.span[1]].contains('\n') {
        // A tuple of one item keeps its comma.
        return match comma {
            Some(end) => insert(source, end, &format!(" {item},")),
            None => insert(source, last_end, &format!(", {item}")),
        };
    }
    let indent = indent(source, last.span[0]);
    match comma {
        Some(end) => insert(
            source,
            end_of_item(source, end, list),
            &format!("{newline}{indent}{item},"),
        ),
        None => {
            let line = end_of_item(source, last_end, list);
            let with_item = insert(source, line, &format!("{newline}{indent}{item},"));
            insert(&with_item, last_end, ",")
        }
    }
}

/// Where an item ends whose value ends where `rest` starts: `("a")` has its brackets, too.
fn behind_brackets(rest: &str) -> usize {
    let comma = outside_comments(rest, ',').unwrap_or(rest.len());
    let mut end = 0;
    while let Some(at) = outside_comments(&rest[end..comma], ')') {
        end += at + 1;
    }
    end
}

/// The first `wanted` that is not in a comment.
fn outside_comments(text: &str, wanted: char) -> Option<usize> {
    let mut in_comment = false;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '#' => in_comment = true,
            '\n' => in_comment = false,
            c if c == wanted && !in_comment => return Some(at),
            _ => {}
        }
        None
    })
}

/// The end of the line, with a comment, unless the list ends on it.
fn end_of_item(source: &str, at: usize, list: &List) -> usize {
    let end = end_of_line(source, at);
    if end < list.span[1] { end } else { at }
}
