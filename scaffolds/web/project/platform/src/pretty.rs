//! JSON as people read it: indented and coloured, with links to other addresses of the API. The text itself is kept to the
//! letter: no number is rounded, and no field moves.

/// The HTML of a JSON text.
pub(crate) fn html(json: &str) -> String {
    let mut page = Page::default();
    let mut rest = json.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '{' | '[' | '}' | ']' | ',' | ':' => 1,
            c if c.is_whitespace() => {
                rest = rest.trim_start();
                continue;
            }
            _ => rest.find([',', ']', '}', ' ', '\n']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length.max(first.len_utf8()));
        rest = after;
        page.add(token, after.trim_start().chars().next());
    }
    page.html
}

/// How long the string is that a text starts with.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[derive(Default)]
struct Page {
    html: String,
    depth: usize,
}

impl Page {
    fn add(&mut self, token: &str, next: Option<char>) {
        match token {
            "{" | "[" => {
                self.html.push_str(token);
                self.depth += 1;
                if !matches!(next, Some('}' | ']')) {
                    self.new_line();
                }
            }
            "}" | "]" => {
                self.depth = self.depth.saturating_sub(1);
                if !self.html.ends_with(['{', '[']) {
                    self.new_line();
                }
                self.html.push_str(token);
            }
            "," => {
                self.html.push_str(token);
                self.new_line();
            }
            ":" => self.html.push_str(": "),
            text if text.starts_with('"') && next == Some(':') => self.span("key", text),
            text if text.starts_with('"') => self.string(text),
            text => self.span("literal", text),
        }
    }

    fn new_line(&mut self) {
        self.html.push('\n');
        self.html.push_str(&"  ".repeat(self.depth));
    }

    fn span(&mut self, class: &str, text: &str) {
        let text = escaped(text);
        self.html
            .push_str(&format!("<span class=\"{class}\">{text}</span>"));
    }

    /// An address of this API is a link. Nothing else is one: whatever is stored here may have come from anybody.
    fn string(&mut self, text: &str) {
        let address = text.trim_matches('"');
        match address.starts_with("/api/") && !address.contains('\\') {
            true => {
                let address = escaped(address);
                self.html
                    .push_str(&format!("\"<a href=\"{address}\">{address}</a>\""));
            }
            false => self.span("text", text),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a page.
    fn plain(html: &str) -> String {
        let parts = html.split('<').enumerate();
        let text: String = parts
            .map(|(at, part)| match at {
                0 => part,
                _ => part.split_once('>').map_or("", |(_, text)| text),
            })
            .collect();
        let pairs = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&amp;", "&"),
        ];
        pairs
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, to))
    }

    #[test]
    fn the_text_is_kept_to_the_letter() {
        for (json, lines) in [
            ("{}", "{}"),
            ("[]", "[]"),
            ("null", "null"),
            ("[1.50,-2e10,true]", "[\n  1.50,\n  -2e10,\n  true\n]"),
            (
                r#"{"b":"a\"}\\","a":{"x":[],"é":"<b>&"}}"#,
                "{\n  \"b\": \"a\\\"}\\\\\",\n  \"a\": {\n    \"x\": [],\n    \"é\": \"<b>&\"\n  }\n}",
            ),
        ] {
            assert_eq!(plain(&html(json)), lines);
            assert_eq!(html(&plain(&html(json))), html(json));
        }
        // Not JSON, but nothing to fail at.
        for odd in ["", "\"", "\"\\", "}", "é,", "{\"a\":"] {
            html(odd);
        }
    }

    #[test]
    fn only_addresses_of_the_api_are_links() {
        let link = html(r#"{"next":"/api/books?page=2&x=<"}"#);
        let href = "href=\"/api/books?page=2&amp;x=&lt;\"";
        assert!(link.contains(href), "{link}");
        for other in [
            "javascript:alert(1)",
            "https://evil.example/api/",
            "//evil.example",
            "/apis",
            r#"/api/\" onclick=\"x"#,
        ] {
            let page = html(&format!("[\"{other}\"]"));
            assert!(!page.contains("<a"), "{page}");
        }
    }
}
