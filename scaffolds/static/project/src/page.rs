//! A page: its front matter, its address and its own HTML.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::markdown::{self, Lines};
use crate::problem::{Problem, line_of};
use crate::sources::Source;

/// What a page says of itself, between two lines of `+++`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: Option<Spanned<String>>,
    #[serde(default)]
    description: String,
    date: Option<Spanned<Datetime>>,
    #[serde(default)]
    draft: bool,
    layout: Option<Spanned<String>>,
    #[serde(default)]
    extra: toml::Table,
}

/// A page that can be rendered.
#[derive(Debug)]
pub struct Page {
    /// Its source file, as `pages/posts/first.md`.
    pub source: String,
    pub title: String,
    pub description: String,
    /// As `2026-11-29`.
    pub date: Option<String>,
    pub draft: bool,
    /// The file in `layouts/`, and the line that names it.
    pub layout: (String, usize),
    pub extra: toml::Table,
    pub body: Body,
    /// Its links with their lines in the source file.
    pub lines: Lines,
    /// The address inside of the site, without percent-encoding: `posts/first/`, or empty for the front page.
    pub address: String,
}

/// The content of a page, which its layout wraps.
#[derive(Debug)]
pub enum Body {
    /// HTML made from Markdown.
    Html(String),
    /// A template, with an empty line for each one of the front matter.
    Template(String),
}

impl Page {
    /// Whether a file in `pages/` is a page; others are published as they are.
    pub fn is_page(path: &str) -> bool {
        extension(path) == "md" || extension(path) == "html"
    }

    /// Where it is written.
    pub fn output(&self) -> String {
        match self.is_error_page() {
            true => "404.html".to_owned(),
            false => format!("{}index.html", self.address),
        }
    }

    /// It is shown at any address, and so has none of its own.
    pub fn is_error_page(&self) -> bool {
        self.address == "404/"
    }

    pub fn read(source: &Source) -> Result<Self, Problem> {
        let path = &source.path;
        let text = source.text()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (head, body) = split(path, text)?;
        let front: FrontMatter =
            toml::from_str(head).map_err(|error| Problem::from_toml(path, 2, head, &error))?;
        let line = |start: usize| 1 + line_of(head, start);
        let skipped = text[..text.len() - body.len()].matches('\n').count();
        let no_title = "has no title: begin it with the lines `+++`, `title = \"…\"` and `+++`";
        let title = front.title.ok_or_else(|| Problem::new(path, 1, no_title))?;
        if title.get_ref().trim().is_empty() {
            return Err(Problem::new(
                path,
                line(title.span().start),
                "the title is empty",
            ));
        }
        let date = front.date.map(|date| {
            let at = line(date.span().start);
            let missing = || Problem::new(path, at, "is a time without a date, like 2026-11-29");
            date.into_inner()
                .date
                .map(|date| date.to_string())
                .ok_or_else(missing)
        });
        let layout = match front.layout {
            Some(layout) => (file_name(layout.get_ref()), line(layout.span().start)),
            None => ("page.html".to_owned(), 1),
        };
        let (body, lines) = match extension(path) == "md" {
            true => {
                let (html, lines) = markdown::render(body);
                let lines = lines.into_iter().map(|(link, line)| (link, line + skipped));
                (Body::Html(html), lines.collect())
            }
            false => {
                let template = format!("{}{body}", "\n".repeat(skipped));
                let lines = markdown::links_in(&template, 1);
                (Body::Template(template), lines)
            }
        };
        Ok(Self {
            source: path.clone(),
            title: title.into_inner(),
            description: front.description,
            date: date.transpose()?,
            draft: front.draft,
            layout,
            extra: front.extra,
            body,
            lines,
            address: address(source.inside()),
        })
    }
}

/// The front matter and what follows it.
fn split<'a>(path: &str, text: &'a str) -> Result<(&'a str, &'a str), Problem> {
    let Some((first, rest)) = text.split_once('\n') else {
        return Ok(("", text));
    };
    match first.trim_end() {
        "+++" => {}
        "---" => {
            let message =
                "the front matter is TOML between two lines of `+++`, not YAML between `---`";
            return Err(Problem::new(path, 1, message));
        }
        _ => return Ok(("", text)),
    }
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Ok((&rest[..at], &rest[at + line.len()..]));
        }
        at += line.len();
    }
    let message = "the front matter does not end: a line `+++` is missing behind it";
    Err(Problem::new(path, 1, message))
}

/// `posts/first.md` is at `posts/first/`, and `posts/index.md` at `posts/`.
fn address(inside: &str) -> String {
    let name = inside.rsplit_once('.').map_or(inside, |(name, _)| name);
    match name.strip_suffix("index") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        _ => format!("{name}/"),
    }
}

fn file_name(layout: &str) -> String {
    match layout.contains('.') {
        true => layout.to_owned(),
        false => format!("{layout}.html"),
    }
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Result<Page, String> {
        let source = Source {
            path: path.to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        Page::read(&source).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_page_has_an_address() {
        for (path, address, output) in [
            ("pages/index.md", "", "index.html"),
            ("pages/about.html", "about/", "about/index.html"),
            ("pages/a b/ü.MD", "a b/ü/", "a b/ü/index.html"),
            ("pages/posts/index.html", "posts/", "posts/index.html"),
            ("pages/reindex.md", "reindex/", "reindex/index.html"),
            ("pages/404.md", "404/", "404.html"),
            ("pages/v1.2.md", "v1.2/", "v1.2/index.html"),
        ] {
            let page = read(path, "\u{feff}+++\r\ntitle = 'x'\r\n+++\r\n# x").expect(path);
            assert_eq!(
                (page.address.as_str(), page.output()),
                (address, output.to_owned())
            );
        }
    }

    #[test]
    fn a_bad_front_matter_is_refused_with_its_line() {
        for (text, expected) in [
            ("# x", "pages/x.md:1: has no title"),
            ("", "pages/x.md:1: has no title"),
            ("+++\n+++\n", "pages/x.md:1: has no title"),
            (
                "+++\ntitle = 'x'\n",
                "pages/x.md:1: the front matter does not end",
            ),
            (
                "---\ntitle: x\n---\n",
                "pages/x.md:1: the front matter is TOML",
            ),
            (
                "+++\n\ntitle = ' '\n+++\n",
                "pages/x.md:3: the title is empty",
            ),
            (
                "+++\ntitle = 'x'\ntitel = 1\n+++\n",
                "pages/x.md:3: unknown field `titel`",
            ),
            ("+++\ntitle = 'x\n+++\n", "pages/x.md:2: "),
            ("+++\ntitle = 1\n+++\n", "pages/x.md:2: invalid type"),
            (
                "+++\ntitle = 'x'\ndate = 2026-02-30\n+++\n",
                "pages/x.md:3: ",
            ),
            (
                "+++\ntitle = 'x'\ndate = 10:00:00\n+++\n",
                "pages/x.md:3: is a time",
            ),
            (
                "+++\ntitle = 'x'\ndate = '2026-01-01'\n+++\n",
                "pages/x.md:3: ",
            ),
        ] {
            let problem = read("pages/x.md", text).expect_err(text);
            assert!(problem.starts_with(expected), "{text:?}: {problem}");
        }
    }
}
