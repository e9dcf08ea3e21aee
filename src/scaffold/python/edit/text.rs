//! The text of a Python module: its import lines, lists and indentation.

use super::List;
use crate::names::python::is_standard;

/// The group of an import: what comes first of all, the standard library, libraries, the project's `own` package, the app's own modules.
pub(super) fn group(line: &str, own: &str) -> u8 {
    let module = line.split_whitespace().nth(1).unwrap_or_default();
    match module.split('.').next() {
        Some("") => 4,
        Some(package) if package == own => 3,
        Some("__future__") => 0,
        Some(package) if is_standard(package) => 1,
        _ => 2,
    }
}

/// What imports of a group are ordered by: `import x` comes before `from x import y`, then modules by name.
pub(super) fn key(line: &str) -> (bool, &str) {
    let module = line.split_whitespace().nth(1).unwrap_or_default();
    (line.starts_with("from"), module)
}

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
    let rest = &source[last.span[1]..list.span[1]];
    let comma = comma(rest).map(|at| last.span[1] + at + 1);
    if !source[list.span[0]..list.span[1]].contains('\n') {
        // A tuple of one item keeps its comma.
        return match comma {
            Some(end) => insert(source, end, &format!(" {item},")),
            None => insert(source, last.span[1], &format!(", {item}")),
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
            let line = end_of_item(source, last.span[1], list);
            let with_item = insert(source, line, &format!("{newline}{indent}{item},"));
            insert(&with_item, last.span[1], ",")
        }
    }
}

/// The comma behind an item, not one in a comment.
pub(super) fn comma(rest: &str) -> Option<usize> {
    let mut in_comment = false;
    rest.char_indices().find_map(|(at, c)| {
        match c {
            '#' => in_comment = true,
            '\n' => in_comment = false,
            ',' if !in_comment => return Some(at),
            _ => {}
        }
        None
    })
}

/// The end of the line, with a comment, unless the list ends on it.
pub(super) fn end_of_item(source: &str, at: usize, list: &List) -> usize {
    let end = end_of_line(source, at);
    if end < list.span[1] { end } else { at }
}

pub(super) fn end_of_line(source: &str, at: usize) -> usize {
    let rest = &source[at..];
    at + rest.find(['\r', '\n']).unwrap_or(rest.len())
}

/// The blanks before what is first on the line of the byte at `at`.
pub(super) fn indent(source: &str, at: usize) -> &str {
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &source[start..at];
    &line[..line.len() - line.trim_start().len()]
}

pub(super) fn insert(source: &str, at: usize, text: &str) -> String {
    format!("{}{text}{}", &source[..at], &source[at..])
}

/// How lines of the module end.
pub(super) fn newline(source: &str) -> &'static str {
    if source.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}
