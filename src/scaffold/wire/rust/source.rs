//! A Rust file, parsed, with the positions of what is in it.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

use crate::scaffold::wire::line_end;

/// A parsed file, with byte positions in the text it came from.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) file: syn::File,
    /// Bytes before what was parsed: a byte order mark.
    pub(super) skipped: usize,
}

impl<'a> Source<'a> {
    /// The error names the line that does not parse, and is not yet about any edit.
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let parsed = text.strip_prefix('\u{feff}').unwrap_or(text);
        match syn::parse_str(parsed) {
            Ok(file) => Ok(Self {
                text,
                file,
                skipped: text.len() - parsed.len(),
            }),
            Err(error) => Err(format!(
                "line {} is not valid Rust: {error}",
                error.span().start().line
            )),
        }
    }

    /// The bytes that `node` was parsed from, attributes and doc comments included.
    pub(super) fn range(&self, node: &impl ToTokens) -> Range<usize> {
        let range = node.span().byte_range();
        range.start + self.skipped..range.end + self.skipped
    }

    /// Where text that shall follow what ends at `end` on a line of its own is inserted: behind a comment
    /// that trails it on the same line, which stays with it.
    pub(super) fn after_trailing_comment(&self, end: usize) -> usize {
        let line_end = line_end(self.text, end);
        let rest = self.text[end..line_end].trim();
        let is_comment = rest.starts_with("//")
            || rest.starts_with("/*") && rest.find("*/") == Some(rest.len() - 2);
        if rest.is_empty() || is_comment {
            line_end
        } else {
            end
        }
    }
}

/// Whether `tokens` (`books::urls::router`) occur in a row in `stream`, at any depth, comments excluded.
pub(super) fn mentions(stream: TokenStream, tokens: &str) -> bool {
    let Ok(wanted) = tokens.parse::<TokenStream>() else {
        return false;
    };
    let (mut haystack, mut needle) = (Vec::new(), Vec::new());
    flatten(stream, &mut haystack);
    flatten(wanted, &mut needle);
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

fn flatten(stream: TokenStream, into: &mut Vec<String>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                into.push(open.to_owned());
                flatten(group.stream(), into);
                into.push(close.to_owned());
            }
            other => into.push(other.to_string()),
        }
    }
}
