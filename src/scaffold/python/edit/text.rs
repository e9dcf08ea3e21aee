//! Places in the text of a module, and what is inserted there. Pure.

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
