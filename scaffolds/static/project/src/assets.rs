//! `assets/`: files that are published under a name with a hash of their content, so that browsers may keep them.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::links::{Address, relative};
use crate::problem::{Problem, line_of};
use crate::sources::Source;

/// The addresses of the assets by their paths, as `assets/site.css`.
pub type Names = BTreeMap<String, String>;

/// The name of each asset; without `hashed` they keep their own. A style sheet may refer to any other asset, and so its
/// name changes with every one of them.
pub fn names(assets: &[Source], hashed: bool) -> Names {
    let mut all = Sha256::new();
    for asset in assets {
        all.update(asset.path.as_bytes());
        all.update(hash(&asset.bytes));
    }
    let all = short(&all.finalize());
    let name = |asset: &Source| match (hashed, is_style_sheet(&asset.path)) {
        (false, _) => asset.path.clone(),
        (true, true) => with_hash(&asset.path, &all),
        (true, false) => with_hash(&asset.path, &hash(&asset.bytes)),
    };
    assets
        .iter()
        .map(|asset| (asset.path.clone(), name(asset)))
        .collect()
}

pub fn is_style_sheet(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".css")
}

/// The text of a style sheet with the addresses in it as they are published; `target` finds them.
pub fn style_sheet(
    source: &Source,
    target: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Vec<Problem>> {
    let text = source.text().map_err(|problem| vec![problem])?;
    let folder = source
        .path
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let (mut written, mut done, mut problems) = (String::with_capacity(text.len()), 0, Vec::new());
    for (start, end) in addresses(text) {
        let Some(address) = Address::read(&text[start..end], folder) else {
            continue;
        };
        match target(&address.path) {
            Some(url) if !address.leads_out => {
                written.push_str(&text[done..start]);
                written.push_str(&relative(&format!("{folder}/"), &url));
                written.push_str(&address.rest);
                done = end;
            }
            _ => problems.push(Problem::new(
                &source.path,
                line_of(text, start),
                format!("`{}` is not there", &text[start..end]),
            )),
        }
    }
    written.push_str(&text[done..]);
    match problems.is_empty() {
        true => Ok(written),
        false => Err(problems),
    }
}

/// Where the addresses of `url(…)` and `@import "…"` are.
fn addresses(css: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = css.get(at..).filter(|rest| !rest.is_empty()) {
        let skip = |end: &str| {
            rest[1..]
                .find(end)
                .map_or(css.len(), |found| at + 1 + found + end.len())
        };
        if rest.starts_with("/*") {
            at = skip("*/");
        } else if let Some(inner) = rest.strip_prefix("url(") {
            let start = at + 4 + (inner.len() - inner.trim_start().len());
            match css[start..].chars().next().filter(|c| "\"'".contains(*c)) {
                Some(quote) => {
                    let end = css[start + 1..]
                        .find(quote)
                        .map_or(css.len(), |end| start + 1 + end);
                    found.push((start + 1, end));
                    at = (end + 1).min(css.len());
                }
                None => {
                    let end = css[start..].find(')').map_or(css.len(), |end| start + end);
                    found.push((start, start + css[start..end].trim_end().len()));
                    at = end;
                }
            }
        } else if let Some(quote) = rest.chars().next().filter(|c| "\"'".contains(*c)) {
            let end = rest[1..].find(quote).map_or(css.len(), |end| at + 1 + end);
            if css[..at].trim_end().ends_with("@import") {
                found.push((at + 1, end));
            }
            at = (end + 1).min(css.len());
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// `assets/site.css` is `assets/site.5f2a9c1b0d3e4f60.css`.
fn with_hash(path: &str, hash: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{folder}/{stem}.{hash}.{extension}"),
        None => format!("{folder}/{name}.{hash}"),
    }
}

/// Enough of the SHA-256 of some content to tell it from any other.
pub fn hash(bytes: &[u8]) -> String {
    short(&Sha256::digest(bytes))
}

fn short(digest: &[u8]) -> String {
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_style_sheets_are_found() {
        for (css, expected) in [
            ("a { background: url(a.png) }", "a.png"),
            (
                "a { background: url( 'a b.png' ) } b { c: url(\"d\") }",
                "a b.png|d",
            ),
            (
                "@import \"base.css\"; a { content: \"url(x)\" }",
                "base.css",
            ),
            ("/* url(x) */ a::after { content: 'ü' }", ""),
            ("a { b: url(", ""),
            ("a { b: url('x", "x"),
            ("\"", ""),
        ] {
            let found = addresses(css).into_iter();
            let found: Vec<_> = found
                .map(|(start, end)| &css[start..end])
                .filter(|address| !address.is_empty())
                .collect();
            assert_eq!(found.join("|"), expected, "{css}");
        }
    }
}
