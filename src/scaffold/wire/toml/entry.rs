//! One more line in a table.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::text::{after_trailing_comment, parse};
use crate::scaffold::wire::{Insertion, indent, insert, is_first_on_line, line_start, newline};

/// One `key = value` of a table: its name, the bytes it takes, and whether it is a crate in this repository.
struct Entry {
    name: String,
    range: Range<usize>,
    local: bool,
}

/// Adds `line` to the table at `path`; `key` says where it sorts, an empty one puts it last. A table that is
/// missing is made. The error says why it cannot be done.
pub(super) fn add(
    text: &str,
    document: &Document<&str>,
    path: &[&str],
    key: &str,
    line: &str,
) -> Result<String, String> {
    let newline = newline(text);
    let name = path.join(".");
    let lost = || format!("`[{name}]` has no place in the text");
    let insertion = match item_at(document, path) {
        None => at_the_end(text, &format!("[{name}]{newline}{line}{newline}")),
        Some(Item::Table(table)) if table.is_dotted() => {
            let entries = entries(table);
            let last = entries.last().ok_or_else(lost)?;
            let start = line_start(text, last.range.start);
            let prefix = text[start..last.range.start].trim_start();
            line_after(text, last.range.end, start, &format!("{prefix}{line}"))
        }
        Some(Item::Table(table)) => match table.span().filter(|_| !table.is_implicit()) {
            Some(header) => in_table(text, &header, &entries(table), key, line),
            // Only `[dependencies.serde]` and the like: a header in front of the first of them.
            None => Insertion {
                at: comments_above(text, sections(table).min().ok_or_else(lost)?, 0),
                text: format!("[{name}]{newline}{line}{newline}{newline}"),
            },
        },
        Some(Item::Value(Value::InlineTable(table))) => match entries(table).last() {
            Some(last) => Insertion {
                at: last.range.end,
                text: format!(", {line}"),
            },
            None => Insertion {
                at: table.span().ok_or_else(lost)?.start + 1,
                text: format!(" {line} "),
            },
        },
        Some(_) => return Err(format!("`{name}` is not a table")),
    };
    let edited = insert(text, vec![insertion]);
    // A section of its own does not go with a parent that is written inline, for one.
    match parse(&edited) {
        Ok(_) => Ok(edited),
        Err(_) => Err(lost()),
    }
}

pub(super) fn item_at<'a>(document: &'a Document<&str>, path: &[&str]) -> Option<&'a Item> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(document.get(first)?, |item, key| item.get(key))
}

/// The lines that stand under the table's own header, in the order of the text.
fn entries(table: &dyn TableLike) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .filter_map(|(name, item)| {
            let start = table.key(name)?.span()?.start;
            Some(Entry {
                name: name.to_owned(),
                range: start..end_of(item)?,
                local: item.get("path").is_some(),
            })
        })
        .collect();
    entries.sort_by_key(|entry| entry.range.start);
    entries
}

/// Where the value of an entry ends; `None` for a section of its own.
fn end_of(item: &Item) -> Option<usize> {
    match item {
        Item::Value(value) => match value {
            Value::InlineTable(table) if table.is_dotted() => table
                .iter()
                .filter_map(|(_, value)| value.span())
                .map(|span| span.end)
                .max(),
            value => value.span().map(|span| span.end),
        },
        Item::Table(table) if table.is_dotted() => {
            table.iter().filter_map(|(_, item)| end_of(item)).max()
        }
        _ => None,
    }
}

/// Where the headers of the sections under a table begin.
fn sections(table: &toml_edit::Table) -> impl Iterator<Item = usize> {
    table.iter().filter_map(|(_, item)| match item {
        Item::Table(section) if !section.is_dotted() => section.span().map(|span| span.start),
        _ => None,
    })
}

fn in_table(
    text: &str,
    header: &Range<usize>,
    entries: &[Entry],
    key: &str,
    line: &str,
) -> Insertion {
    let group = group_for(text, entries, line.contains("path ="));
    let sorted = !key.is_empty() && group.is_sorted_by(|a, b| a.name <= b.name);
    let place = if sorted {
        group.partition_point(|entry| entry.name.as_str() < key)
    } else {
        group.len()
    };
    match (
        place.checked_sub(1).map(|before| &group[before]),
        group.first(),
    ) {
        (Some(previous), _) => line_after(text, previous.range.end, previous.range.start, line),
        (None, Some(first)) if is_first_on_line(text, first.range.start) => {
            let start = first.range.start;
            // On top of one group among several a comment is the group's heading, not the first line's.
            let headed = group.len() < entries.len();
            Insertion {
                at: if headed {
                    line_start(text, start)
                } else {
                    comments_above(text, start, header.end)
                },
                text: format!("{}{line}{}", indent(text, start), newline(text)),
            }
        }
        _ => line_after(text, header.end, header.start, line),
    }
}

/// The run of lines without a blank line between them that the new one belongs to: for a crate of this
/// repository the first with another such, or else the last.
fn group_for<'a>(text: &str, entries: &'a [Entry], local: bool) -> &'a [Entry] {
    let is_apart = |a: &Entry, b: &Entry| {
        let between = text.get(a.range.end..b.range.start).unwrap_or_default();
        let lines = between.split('\n').collect::<Vec<_>>();
        lines.len() > 2
            && lines[1..lines.len() - 1]
                .iter()
                .any(|line| line.trim().is_empty())
    };
    let mut groups = entries.chunk_by(|a, b| !is_apart(a, b));
    let last = groups.clone().last().unwrap_or_default();
    match local {
        true => groups
            .find(|group| group.iter().any(|entry| entry.local))
            .unwrap_or(last),
        false => last,
    }
}

fn line_after(text: &str, end: usize, start: usize, line: &str) -> Insertion {
    Insertion {
        at: after_trailing_comment(text, end),
        text: format!("{}{}{line}", newline(text), indent(text, start)),
    }
}

fn at_the_end(text: &str, section: &str) -> Insertion {
    let newline = newline(text);
    let ended = text.is_empty() || text.ends_with('\n');
    let blank = text.trim_start_matches('\u{feff}').trim().is_empty();
    Insertion {
        at: text.len(),
        text: format!(
            "{}{}{section}",
            if ended { "" } else { newline },
            if blank { "" } else { newline }
        ),
    }
}

/// Where the unbroken lines of comment right above the line of `start` begin; never before `floor`.
fn comments_above(text: &str, start: usize, floor: usize) -> usize {
    let mut at = line_start(text, start);
    while at > floor {
        let above = line_start(text, at - 1);
        if above < floor || !text[above..at].trim_start().starts_with('#') {
            break;
        }
        at = above;
    }
    at
}
