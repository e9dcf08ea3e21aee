//! Edits of files that somebody else may have touched: found by syntax, and only ever adding text.

use std::fmt::Write as _;

use crate::error::Error;

mod edits;
pub(crate) mod rust;
pub(crate) mod text;
pub(crate) mod toml;

pub(crate) use edits::{Edits, Read};

/// An edit whose place could not be found; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwirable {
    /// What is in the way: ``there is no function `router` ``.
    pub(crate) why: String,
    /// The exact text to add by hand; empty if the file needs correcting instead.
    pub(crate) add: String,
    /// Where it goes, to be read after "add … ": ``to the chain of calls in the function `router` ``.
    pub(crate) place: String,
}

impl Unwirable {
    /// A file that does not parse.
    fn broken(why: String) -> Self {
        Self {
            why,
            add: String::new(),
            place: String::new(),
        }
    }

    /// The error of a command that could not edit `path`: a failure that says what to type where.
    pub(crate) fn in_file(self, path: &str) -> Error {
        let error = Error::failed(format_args!("{path} cannot be edited: {}", self.why));
        if self.add.is_empty() {
            return error.hint("correct that, then run the same command again");
        }
        let mut hint = format!("in {path}, add this {}:\n", self.place);
        for line in self.add.lines() {
            let _ = write!(hint, "\n    {line}");
        }
        hint.push_str("\n\nthen run the same command again");
        error.hint(hint)
    }
}

/// Text to put in front of the byte at `at`.
#[derive(Debug)]
struct Insertion {
    at: usize,
    text: String,
}

/// `text` with every insertion made; those at the same place keep their order.
fn insert(text: &str, mut insertions: Vec<Insertion>) -> String {
    insertions.sort_by_key(|insertion| insertion.at);
    let mut result = String::with_capacity(text.len() + 80);
    let mut copied = 0;
    for insertion in insertions {
        result.push_str(&text[copied..insertion.at]);
        result.push_str(&insertion.text);
        copied = insertion.at;
    }
    result.push_str(&text[copied..]);
    result
}

/// The line ending that `text` uses, going by its first line.
fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line of the byte at `at` begins, behind a byte order mark.
fn line_start(text: &str, at: usize) -> usize {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    text.as_bytes()[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(mark, |newline| newline + 1)
}

/// Where the line of the byte at `at` ends, before its line ending.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

/// The blanks that the line of the byte at `at` begins with.
fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[..blanks]
}

/// Whether only blanks come before `at` on its line.
fn is_first_on_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

#[cfg(test)]
mod testing;
#[cfg(test)]
pub(super) use testing::{assert_all_formatted, assert_formatted};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unwirable_file_is_a_failure_that_says_what_to_type_where() {
        let error = Unwirable {
            why: "there is no function `router`".into(),
            add: ".merge(books::urls::router())".into(),
            place: "to the function `router`".into(),
        }
        .in_file("src/urls.rs");
        assert_eq!(error.kind, crate::error::ErrorKind::Failed);
        insta::assert_snapshot!(format!("{error}\n{}", error.hints.join("\n")), @r"
        src/urls.rs cannot be edited: there is no function `router`
        in src/urls.rs, add this to the function `router`:

            .merge(books::urls::router())

        then run the same command again
        ");
    }

    #[test]
    fn insertions_keep_every_byte_and_their_order() {
        let insertion = |at, text: &str| Insertion {
            at,
            text: text.into(),
        };
        let made = insert(
            "ab",
            vec![insertion(2, "3"), insertion(1, "1"), insertion(1, "2")],
        );
        assert_eq!(made, "a12b3");
    }

    #[test]
    fn lines_are_found_whatever_ends_them() {
        for (text, ending) in [("ab\ncd\n", "\n"), ("ab\r\ncd\r\n", "\r\n"), ("abcd", "\n")] {
            assert_eq!(newline(text), ending, "{text:?}");
            assert_eq!(line_start(text, 1), 0, "{text:?}");
        }
        assert_eq!(line_end("ab\r\ncd", 0), 2);
        assert_eq!(line_end("ab\r\ncd", 5), 6);
        assert_eq!(indent("a\n \tb", 4), " \t");
        assert!(is_first_on_line("\u{feff}mod a;", 3));
        assert!(!is_first_on_line("mod a;", 4));
    }
}
