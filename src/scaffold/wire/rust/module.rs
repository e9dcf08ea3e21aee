//! `mod x;` in its sorted place in a list of modules.

use syn::ext::IdentExt;
use syn::{Item, ItemMod, Visibility};

use super::super::{Insertion, Unwirable, indent, insert, is_first_on_line, line_start, newline};
use super::source::Source;

/// A module to declare.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module<'a> {
    /// Its name without `r#`.
    pub(crate) name: &'a str,
    /// Declare it `pub mod` rather than `mod`.
    pub(crate) public: bool,
}

impl Module<'_> {
    fn declaration(self) -> String {
        let visibility = if self.public { "pub " } else { "" };
        let raw = match syn::parse_str::<syn::Ident>(self.name) {
            Ok(_) => "",
            Err(_) => "r#",
        };
        format!("{visibility}mod {raw}{};", self.name)
    }
}

/// Declares `module` where its name sorts in the file's list of modules of the same visibility; without
/// any list, in front of the first item. A file that declares it already, in whatever way, stays as it is.
pub(crate) fn add_module(text: &str, module: Module<'_>) -> Result<String, Unwirable> {
    let source = Source::parse(text).map_err(Unwirable::broken)?;
    let declared = |item: &Item| matches!(item, Item::Mod(m) if m.ident.unraw() == module.name);
    if source.file.items.iter().any(declared) {
        return Ok(text.to_owned());
    }
    let insertion = match list_for(&source, module) {
        Some(list) => in_list(&source, &list, module),
        None => in_front_of_items(&source, module),
    };
    Ok(insert(text, vec![insertion]))
}

/// The items `first..end` of the file that are one list of modules: declarations with no blank line between.
struct List {
    first: usize,
    end: usize,
}

/// The first list that has a plain declaration of the same visibility, or else the first one with a plain
/// declaration. One that is there for tests alone is no place for others.
fn list_for(source: &Source<'_>, module: Module<'_>) -> Option<List> {
    let items = &source.file.items;
    let mut lists: Vec<List> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if declaration(item).is_none() {
            continue;
        }
        match lists.last_mut() {
            Some(list) if list.end == index && !blank_line_before(source, index) => list.end += 1,
            _ => lists.push(List {
                first: index,
                end: index + 1,
            }),
        }
    }
    let has = |list: &List, wanted: &dyn Fn(&ItemMod) -> bool| {
        let mut declarations = items[list.first..list.end].iter().filter_map(declaration);
        declarations.any(|item| !is_conditional(item) && wanted(item))
    };
    let same = |item: &ItemMod| matches!(item.vis, Visibility::Public(_)) == module.public;
    let best = lists.iter().position(|list| has(list, &same));
    let best = best.or_else(|| lists.iter().position(|list| has(list, &|_| true)))?;
    Some(lists.swap_remove(best))
}

fn declaration(item: &Item) -> Option<&ItemMod> {
    match item {
        Item::Mod(item) if item.content.is_none() => Some(item),
        _ => None,
    }
}

fn is_conditional(item: &ItemMod) -> bool {
    let mut attributes = item.attrs.iter();
    attributes.any(|attribute| attribute.path().is_ident("cfg"))
}

fn blank_line_before(source: &Source<'_>, index: usize) -> bool {
    let items = &source.file.items;
    let between = source.range(&items[index - 1]).end..source.range(&items[index]).start;
    // What comes first and last shares its line with an item.
    let mut lines = source.text[between].split('\n').skip(1).peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_some() && line.trim().is_empty() {
            return true;
        }
    }
    false
}

fn in_list(source: &Source<'_>, list: &List, module: Module<'_>) -> Insertion {
    let items = &source.file.items[list.first..list.end];
    let declarations = items.iter().filter_map(declaration);
    let names: Vec<String> = declarations
        .map(|item| item.ident.unraw().to_string())
        .collect();
    // The order that rustfmt keeps: by bytes, `r#` left out.
    let place = if names.is_sorted() {
        names.partition_point(|name| name.as_str() < module.name)
    } else {
        names.len()
    };
    if place == 0 {
        return before(source, list.first, module);
    }
    let previous = source.range(&items[place - 1]);
    Insertion {
        at: source.after_trailing_comment(previous.end),
        text: format!(
            "{}{}{}",
            newline(source.text),
            indent(source.text, previous.start),
            module.declaration()
        ),
    }
}

fn in_front_of_items(source: &Source<'_>, module: Module<'_>) -> Insertion {
    let text = source.text;
    let newline = newline(text);
    if !source.file.items.is_empty() {
        let mut insertion = before(source, 0, module);
        insertion.text.push_str(newline);
        return insertion;
    }
    let ended = text.is_empty() || text.ends_with('\n');
    let blank = text.trim_matches(['\u{feff}', ' ', '\r', '\n']).is_empty();
    Insertion {
        at: text.len(),
        text: format!(
            "{}{}{}{newline}",
            if ended { "" } else { newline },
            if blank { "" } else { newline },
            module.declaration()
        ),
    }
}

/// A line in front of an item and of the comments that belong to it.
fn before(source: &Source<'_>, index: usize, module: Module<'_>) -> Insertion {
    let text = source.text;
    let file = &source.file;
    let start = source.range(&file.items[index]).start;
    if !is_first_on_line(text, start) {
        return Insertion {
            at: start,
            text: format!("{}{}", module.declaration(), newline(text)),
        };
    }
    let floor = match index.checked_sub(1) {
        Some(previous) => source.range(&file.items[previous]).end,
        None => {
            let inner = file.attrs.last();
            inner.map_or(source.skipped, |last| source.range(last).end)
        }
    };
    Insertion {
        at: comments_above(text, start, floor),
        text: format!(
            "{}{}{}",
            indent(text, start),
            module.declaration(),
            newline(text)
        ),
    }
}

/// Where the unbroken lines of comment right above the line of `start` begin; never before `floor`.
fn comments_above(text: &str, start: usize, floor: usize) -> usize {
    let mut at = line_start(text, start);
    while at > floor {
        let above = line_start(text, at - 1);
        let line = text[above..at].trim();
        let begins = if line.ends_with("*/") && !line.starts_with("//") {
            let open = text[floor.min(at)..at].rfind("/*");
            open.map(|open| line_start(text, floor + open))
                .filter(|&begins| text[begins..].trim_start().starts_with("/*"))
        } else {
            line.starts_with("//").then_some(above)
        };
        match begins {
            Some(begins) if begins >= floor => at = begins,
            _ => break,
        }
    }
    at
}

#[cfg(test)]
mod tests;
