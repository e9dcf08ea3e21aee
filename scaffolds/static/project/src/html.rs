//! The attributes of HTML, found without changing a byte around them.

use std::ops::Range;

/// `name="value"` of a start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// In lower case.
    pub name: String,
    /// Where the value is, without its quotes.
    pub value: Range<usize>,
    /// What stands around the value, if anything does.
    pub quote: Option<u8>,
}

/// Elements whose content is no markup.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// All attributes with a value, in order.
pub fn attributes(html: &str) -> Vec<Attribute> {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = position(bytes, at, |byte| byte == b'<') {
        at = match bytes.get(start + 1) {
            Some(b'!') if html[start..].starts_with("<!--") => after(html, start + 4, "-->"),
            Some(b'!' | b'?' | b'/') => after(html, start, ">"),
            Some(byte) if byte.is_ascii_alphabetic() => tag(html, start + 1, &mut found),
            _ => start + 1,
        };
    }
    found
}

/// Reads the tag whose name begins at `start`; returns where its content begins or, if that is no markup, ends.
fn tag(html: &str, start: usize, found: &mut Vec<Attribute>) -> usize {
    let bytes = html.as_bytes();
    let ends_name = |byte: u8| byte.is_ascii_whitespace() || byte == b'/' || byte == b'>';
    let mut at = position(bytes, start, ends_name).unwrap_or(bytes.len());
    let name = html[start..at].to_ascii_lowercase();
    loop {
        let separates = |byte: u8| byte.is_ascii_whitespace() || byte == b'/';
        at = position(bytes, at, |byte| !separates(byte)).unwrap_or(bytes.len());
        match bytes.get(at) {
            None => return at,
            Some(b'>') => break,
            Some(_) => at = attribute(html, at, found),
        }
    }
    match RAW.contains(&name.as_str()) {
        true => {
            let mut ends = html[at..].match_indices("</").map(|(end, _)| at + end);
            let is_end = |end: &usize| {
                let tag = bytes.get(end + 2..end + 2 + name.len());
                tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
            };
            ends.find(is_end).unwrap_or(html.len())
        }
        false => at + 1,
    }
}

/// Reads the attribute whose name begins at `start`; returns where it ends.
fn attribute(html: &str, start: usize, found: &mut Vec<Attribute>) -> usize {
    let bytes = html.as_bytes();
    let ends_name = |byte: u8| byte.is_ascii_whitespace() || b"/>=".contains(&byte);
    // An equals sign at the start belongs to the name.
    let end = position(bytes, start + 1, ends_name).unwrap_or(bytes.len());
    let is_space = |byte: u8| byte.is_ascii_whitespace();
    let past_spaces = |at| position(bytes, at, |byte| !is_space(byte)).unwrap_or(bytes.len());
    let equals = past_spaces(end);
    if bytes.get(equals) != Some(&b'=') {
        return end;
    }
    let first = past_spaces(equals + 1);
    let quote = bytes.get(first).copied();
    let quote = quote.filter(|byte| b"\"'".contains(byte));
    let (from, to) = match quote {
        Some(quote) => (first + 1, position(bytes, first + 1, |byte| byte == quote)),
        None => (
            first,
            position(bytes, first, |byte| is_space(byte) || byte == b'>'),
        ),
    };
    let to = to.unwrap_or(bytes.len());
    found.push(Attribute {
        name: html[start..end].to_ascii_lowercase(),
        value: from.min(to)..to,
        quote,
    });
    match quote {
        Some(_) => (to + 1).min(bytes.len()),
        None => to,
    }
}

fn position(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = bytes.get(from..)?;
    Some(from + rest.iter().position(|byte| is(*byte))?)
}

fn after(html: &str, from: usize, end: &str) -> usize {
    let found = html.get(from..).and_then(|rest| rest.find(end));
    found.map_or(html.len(), |found| from + found + end.len())
}

/// Text with `&`, `<`, `>` and quotes written as entities.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML knows no other control characters, not even as entities.
            other if other.is_control() && !"\t\n\r".contains(other) => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// An attribute's value as the browser reads it; entities that no address needs stay as they are.
pub fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, entity)) = rest.split_once('&') {
        text.push_str(before);
        let known = entity
            .split_once(';')
            .and_then(|(name, after)| Some((entity_of(name)?, after)));
        match known {
            Some((character, after)) => {
                text.push(character);
                rest = after;
            }
            None => {
                text.push('&');
                rest = entity;
            }
        }
    }
    text + rest
}

fn entity_of(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match (name, number) {
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        (_, Some(number)) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_where_a_browser_finds_them() {
        for (html, expected) in [
            ("<a href=\"/x\">", "href=/x"),
            ("<A HREF = '/x' id=y>", "href=/x id=y"),
            ("<img src=/a/b.png>", "src=/a/b.png"),
            ("<a disabled href=x/>", "href=x/"),
            ("<!-- <a href=x> --><p id=a>", "id=a"),
            ("<script>'<a href=x>'</script><p id=a>", "id=a"),
            ("<a title='<b id=x>' id=y>", "title=<b id=x> id=y"),
            ("&lt;a href=x> 1 < 2 <3 id=x>", ""),
            ("</a href=x><?x id=y?><!doctype id=z>", ""),
            ("<a href=\"x", "href=x"),
            ("<a href", ""),
            ("<a href=", "href="),
            ("<ü id=x><é", ""),
            ("<a =b=c>", "=b=c"),
        ] {
            let found = attributes(html).into_iter();
            let found: Vec<_> = found
                .map(|found| format!("{}={}", found.name, &html[found.value]))
                .collect();
            assert_eq!(found.join(" "), expected, "{html}");
        }
    }

    #[test]
    fn entities_are_read_and_written() {
        assert_eq!(unescape("a&amp;b&#x2f;c&#47;&quot;&x;&"), "a&b/c/\"&x;&");
        assert_eq!(escape("a&b<'\">\u{b}"), "a&amp;b&lt;&#39;&quot;&gt;");
    }
}
