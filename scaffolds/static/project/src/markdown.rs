//! Markdown to HTML: headings that can be linked to, and links that remember their lines.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::html::{attributes, unescape};
use crate::problem::LineCounter;

/// The links of a text, with their lines in it.
pub type Lines = Vec<(String, usize)>;

/// The HTML of `text`, and its links.
pub fn render(text: &str) -> (String, Lines) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut lines = Lines::new();
    let mut events = Vec::new();
    let mut counter = LineCounter::new(text);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match &event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                lines.push((dest_url.to_string(), counter.line(range.start)));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                lines.extend(links_in(html, counter.line(range.start)));
            }
            _ => {}
        }
        events.push(event);
    }
    name_headings(&mut events);
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, events.into_iter());
    (rendered, lines)
}

/// The values of attributes in HTML that begins at line `first`; addresses are among them.
pub fn links_in(html: &str, first: usize) -> Lines {
    let mut counter = LineCounter::new(html);
    let values = attributes(html).into_iter().map(|found| found.value);
    values
        .map(|value| {
            let line = first + counter.line(value.start) - 1;
            (unescape(&html[value]), line)
        })
        .collect()
}

/// Gives each heading an id made of its words, unless it has one.
fn name_headings(events: &mut [Event<'_>]) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut start = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { .. }) => start = Some(at),
            Event::End(TagEnd::Heading(_)) => {
                let Some(first) = start.take() else { continue };
                let words: String = events[first..at].iter().map(text_of).collect();
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[first]
                    && id.is_none()
                {
                    *id = Some(CowStr::from(unused(&mut taken, slug(&words))));
                }
            }
            _ => {}
        }
    }
}

fn text_of<'a>(event: &'a Event<'_>) -> &'a str {
    match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::SoftBreak | Event::HardBreak => " ",
        _ => "",
    }
}

/// `What's new?` is `whats-new`.
fn slug(words: &str) -> String {
    let mut slug = String::new();
    for character in words.to_lowercase().chars() {
        match character {
            other if other.is_alphanumeric() || other == '_' => slug.push(other),
            ' ' | '-' | '/' | '\t' if !slug.ends_with('-') && !slug.is_empty() => slug.push('-'),
            _ => {}
        }
    }
    match slug.trim_end_matches('-') {
        "" => "section".to_owned(),
        slug => slug.to_owned(),
    }
}

/// `slug`, or `slug-1`, `slug-2`, … where that was used before.
fn unused(taken: &mut BTreeMap<String, usize>, slug: String) -> String {
    let mut name = slug.clone();
    while taken.contains_key(&name) {
        let count = taken.entry(slug.clone()).or_default();
        *count += 1;
        name = format!("{slug}-{count}");
    }
    taken.insert(name.clone(), 0);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_ids_and_links_have_lines() {
        let text = "# One *two*\n\n## One two\n\n# ÄÖ {#given}\n\n# !\n\n[a](b.md)\n![c](d%20e.png)\n\n<a\n href='f'>";
        let (html, lines) = render(text);
        for id in ["one-two", "one-two-1", "given", "section"] {
            assert!(html.contains(&format!("id=\"{id}\"")), "{html}");
        }
        let expected = [("b.md", 9), ("d%20e.png", 10), ("f", 13)];
        assert_eq!(lines, expected.map(|(link, line)| (link.to_owned(), line)));
    }
}
