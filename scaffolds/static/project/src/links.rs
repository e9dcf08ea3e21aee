//! Links: each is checked, and written relative to its page, so that the site works below any address.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::html::{Attribute, attributes, escape, unescape};
use crate::page::Page;

/// What is written as it is in a path; a colon would make a scheme of what is before it.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path as it is written in an address.
pub fn encode(path: &str) -> String {
    utf8_percent_encode(path, PLAIN).to_string()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What a link can lead to.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// The page of that number.
    Page(usize),
    /// A file, by the path that it is written to.
    File(&'a str),
    /// A page that is not published.
    Draft,
}

/// All targets: pages by their sources and addresses, files by their paths.
pub type Targets<'a> = BTreeMap<String, Target<'a>>;

/// A link inside of the site.
#[derive(Debug)]
pub struct Address {
    /// From the root of the site, without a slash at either end.
    pub path: String,
    pub leads_out: bool,
    pub fragment: Option<String>,
    /// The query and the fragment, as they were written.
    pub rest: String,
    /// Nothing but a fragment or a query: the page itself.
    pub is_here: bool,
}

impl Address {
    /// Reads `link`, written in a file in `folder`; `None` for one that leads to another site.
    pub fn read(link: &str, folder: &str) -> Option<Self> {
        let link = link.trim();
        if link.is_empty() || link.starts_with("//") || has_scheme(link) {
            return None;
        }
        let end = link.find(['?', '#']).unwrap_or(link.len());
        let (path, rest) = link.split_at(end);
        let path = decode(path);
        let fragment = rest.split_once('#').map(|(_, fragment)| decode(fragment));
        let from = if path.starts_with('/') { "" } else { folder };
        let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
        let mut leads_out = false;
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => leads_out |= parts.pop().is_none(),
                part => parts.push(part),
            }
        }
        Some(Self {
            path: parts.join("/"),
            leads_out,
            fragment,
            rest: rest.to_owned(),
            is_here: path.is_empty(),
        })
    }
}

fn has_scheme(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// From the page or file at `from` to the one at `to`, both paths from the root of the site, not encoded.
pub fn relative(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.split('/').collect();
    let folder = &folder[..folder.len() - 1];
    let to: Vec<&str> = to.split('/').collect();
    let same = folder.iter().zip(&to[..to.len() - 1]);
    let same = same.take_while(|(one, other)| one == other).count();
    let up = "../".repeat(folder.len() - same);
    match up + &encode(&to[same..].join("/")) {
        here if here.is_empty() => "./".to_owned(),
        path => path,
    }
}

/// A rendered page, of which the links are still as they were written.
pub struct Rendered {
    pub html: String,
    attributes: Vec<Attribute>,
    ids: BTreeSet<String>,
}

impl Rendered {
    pub fn new(html: String) -> Self {
        let attributes = attributes(&html);
        let is_id = |found: &&Attribute| found.name == "id" || found.name == "name";
        let ids = attributes.iter().filter(is_id);
        let ids = ids
            .map(|found| unescape(&html[found.value.clone()]))
            .collect();
        Self {
            html,
            attributes,
            ids,
        }
    }
}

/// A link that leads nowhere, and why.
pub type Broken = (String, String);

/// What is needed to follow a link.
pub struct Links<'a> {
    pub pages: &'a [Page],
    pub rendered: &'a [Rendered],
    pub targets: &'a Targets<'a>,
    /// Where the site is published, as `/docs/`: the page for what is not found is shown at any address.
    pub base_path: &'a str,
}

impl Links<'_> {
    /// The HTML of a page with its links rewritten, and those that are broken.
    pub fn rewrite(&self, number: usize) -> (String, Vec<Broken>) {
        let rendered = &self.rendered[number];
        let (mut written, mut done) = (String::with_capacity(rendered.html.len()), 0);
        let mut broken = Vec::new();
        for found in &rendered.attributes {
            let value = unescape(&rendered.html[found.value.clone()]);
            let new = match found.name.as_str() {
                "href" | "src" | "poster" | "xlink:href" => self.follow(number, &value),
                "srcset" => self.follow_all(number, &value),
                _ => continue,
            };
            match new {
                Ok(None) => {}
                Ok(Some(new)) => {
                    let quote = if found.quote.is_some() { "" } else { "\"" };
                    written.push_str(&rendered.html[done..found.value.start]);
                    written.extend([quote, &escape(&new), quote]);
                    done = found.value.end;
                }
                Err(reason) => broken.push((value, reason)),
            }
        }
        written.push_str(&rendered.html[done..]);
        (written, broken)
    }

    /// The candidates of a `srcset`, each an address and its size.
    fn follow_all(&self, number: usize, value: &str) -> Result<Option<String>, String> {
        if value.contains("data:") {
            return Ok(None);
        }
        let mut candidates = Vec::new();
        for candidate in value.split(',').map(str::trim) {
            let (link, size) = candidate
                .split_once(char::is_whitespace)
                .unwrap_or((candidate, ""));
            let new = self
                .follow(number, link)?
                .unwrap_or_else(|| link.to_owned());
            candidates.push(format!("{new} {size}").trim_end().to_owned());
        }
        Ok(Some(candidates.join(", ")))
    }

    /// The address to write for a link; `None` where it stays as it is.
    fn follow(&self, number: usize, link: &str) -> Result<Option<String>, String> {
        let page = &self.pages[number];
        let inside = page.source.split_once('/').map_or("", |(_, inside)| inside);
        let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(address) = Address::read(link, folder) else {
            return Ok(None);
        };
        if address.is_here {
            self.find_fragment(number, address.fragment.as_deref())?;
            return Ok(None);
        }
        if address.leads_out {
            return Err(format!("`{link}` leads out of the site"));
        }
        let url = match self.targets.get(&address.path) {
            Some(Target::Page(target)) => {
                self.find_fragment(*target, address.fragment.as_deref())?;
                let target = &self.pages[*target];
                match target.is_error_page() {
                    true => target.output(),
                    false => target.address.clone(),
                }
            }
            Some(Target::File(path)) => (*path).to_owned(),
            Some(Target::Draft) => {
                return Err(format!("`{link}` is a draft, which is not published"));
            }
            None => return Err(format!("`{link}` is not there")),
        };
        let new = match page.is_error_page() {
            true => format!("{}{}", self.base_path, encode(&url)),
            false => relative(&page.address, &url),
        };
        Ok(Some(new + &address.rest))
    }

    fn find_fragment(&self, number: usize, fragment: Option<&str>) -> Result<(), String> {
        match fragment {
            None | Some("" | "top") => Ok(()),
            // A part of the text, not an element.
            Some(fragment) if fragment.starts_with(":~:") => Ok(()),
            Some(fragment) if self.rendered[number].ids.contains(fragment) => Ok(()),
            Some(fragment) => {
                let source = &self.pages[number].source;
                Err(format!(
                    "`#{fragment}` is not there: {source} has no element with that id"
                ))
            }
        }
    }
}

/// Whether a link of the source is the one that was found broken; one of them may be encoded.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || decode(one) == decode(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_to_their_page() {
        for (from, to, expected) in [
            ("", "", "./"),
            ("", "about/", "about/"),
            ("about/", "", "../"),
            ("about/", "about/", "./"),
            ("posts/first/", "posts/second/", "../second/"),
            ("posts/first/", "posts/", "../"),
            ("posts/first/", "assets/a b.css", "../../assets/a%20b.css"),
            ("", "ü:/", "%C3%BC%3A/"),
        ] {
            assert_eq!(relative(from, to), expected, "{from} -> {to}");
        }
    }

    #[test]
    fn links_of_other_sites_are_left_alone() {
        for link in [
            "https://example.org/x",
            "//example.org",
            "mailto:a@b",
            "data:,x",
            "tel:1",
            "",
        ] {
            assert!(Address::read(link, "").is_none(), "{link}");
        }
        for (link, path) in [
            ("/a//b/", "a/b"),
            ("../a%20b.md?x#y", "a b.md"),
            ("./a", "posts/a"),
            ("a/b:c", "posts/a/b:c"),
        ] {
            let address = Address::read(link, "posts").expect(link);
            assert_eq!((address.path.as_str(), address.leads_out), (path, false));
        }
        assert!(Address::read("../../a", "posts").is_some_and(|address| address.leads_out));
    }
}
