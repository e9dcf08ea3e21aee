//! What is new between two generated TOML texts, added by key to a third that its owner has edited since.

use toml_edit::{Document, Item, TableLike, Value};

use super::text::{insert_in_place_of, parse};
use super::{array, entry};
use crate::scaffold::wire::{Unwirable, line_start, newline};

/// Something that the newer text has.
#[derive(Debug)]
struct News {
    /// The table it is in.
    table: Vec<String>,
    key: String,
    /// What the older text has in its place, as written there.
    old: Option<String>,
    /// The value as the newer text has it.
    new: String,
    /// The whole line.
    line: String,
    /// The header of its table, with the comment above that.
    header: Option<String>,
}

/// `text` with every key and every element of an array that `after` has and `before` has not.
///
/// # Errors
/// Every key whose value differs from both; nothing is changed then.
pub(crate) fn carry_over(before: &str, after: &str, text: &str) -> Result<String, Vec<Unwirable>> {
    let merged = diffy::merge(before, text, after).ok();
    // Lines may go together where keys do not.
    if let Some(merged) = merged.filter(|merged| parse(merged).is_ok()) {
        return Ok(merged);
    }
    let broken = |why| vec![Unwirable::broken(why)];
    let mut news = Vec::new();
    {
        let (before, parsed) = (
            parse(before).map_err(broken)?,
            parse(after).map_err(broken)?,
        );
        collect(
            &mut Vec::new(),
            before.as_table(),
            parsed.as_table(),
            (before.raw(), after),
            &mut news,
        );
    }
    let mut lost = Vec::new();
    let mut current = text.to_owned();
    for news in news {
        match news.added_to(&current) {
            Ok(added) => current = added,
            Err(unwirable) => lost.push(unwirable),
        }
    }
    match lost.is_empty() {
        true => Ok(current),
        false => Err(lost),
    }
}

/// Walks both tables at `path`; `texts` are what they were read from.
fn collect(
    path: &mut Vec<String>,
    before: &dyn TableLike,
    after: &dyn TableLike,
    texts: (&str, &str),
    news: &mut Vec<News>,
) {
    for (key, item) in after.iter() {
        let old = before.get(key);
        if let Some(table) = item.as_table() {
            let empty = toml_edit::Table::new();
            let old = old.and_then(Item::as_table).unwrap_or(&empty);
            path.push(key.to_owned());
            collect(path, old, table, texts, news);
            path.pop();
            continue;
        }
        let Some(new) = item.span().map(|span| texts.1[span].to_owned()) else {
            continue;
        };
        let old = old
            .and_then(Item::span)
            .map(|span| texts.0[span].to_owned());
        if old.as_ref() == Some(&new) {
            continue;
        }
        news.push(News {
            line: format!("{key} = {new}"),
            header: header(after, texts.1),
            table: path.clone(),
            key: key.to_owned(),
            old,
            new,
        });
    }
}

/// The header of a table and the comment right above it; `None` where its keys are written otherwise.
fn header(table: &dyn TableLike, text: &str) -> Option<String> {
    let first = table.iter().next()?.0;
    let keys = table.key(first)?.span()?.start;
    let start = text[..keys].rfind("\n[")? + 1;
    let end = start + text[start..].find('\n')?;
    let mut first = start;
    while first > 0 {
        let above = line_start(text, first - 1);
        if !text[above..first].starts_with('#') {
            break;
        }
        first = above;
    }
    Some(text[first..end].to_owned())
}

impl News {
    fn added_to(&self, text: &str) -> Result<String, Unwirable> {
        let document = parse(text).map_err(Unwirable::broken)?;
        let path: Vec<&str> = self.table.iter().map(String::as_str).collect();
        let there = entry::item_at(&document, &path).and_then(|table| table.get(&self.key));
        match (there, &self.old) {
            (None, None) if entry::item_at(&document, &path).is_none() => {
                Ok(self.in_a_table_of_its_own(text))
            }
            (None, None) => entry::add(text, &document, &path, &self.key, &self.line)
                .map_err(|why| self.unwirable(why)),
            (None, Some(_)) => Err(self.unwirable(format!("there is no `{}`", self.key))),
            // Its owner has said what they want of it.
            (Some(_), None) => Ok(text.to_owned()),
            (Some(item), Some(old)) => self.changed(text, item, old),
        }
    }

    fn in_a_table_of_its_own(&self, text: &str) -> String {
        let header = || format!("[{}]", self.table.join("."));
        let header = self.header.clone().unwrap_or_else(header);
        let added = format!("\n{header}\n{}\n", self.line);
        let ended = if text.ends_with('\n') { "" } else { "\n" };
        let newline = newline(text);
        format!("{text}{}", format!("{ended}{added}").replace('\n', newline))
    }

    fn changed(&self, text: &str, item: &Item, old: &str) -> Result<String, Unwirable> {
        let lost = || self.unwirable(format!("`{}` is not as it was generated", self.key));
        let range = item.span().ok_or_else(lost)?;
        let written = &text[range.clone()];
        if written == self.new {
            return Ok(text.to_owned());
        }
        if written == old {
            return Ok(insert_in_place_of(text, range, &self.new));
        }
        let values = (value(old), value(&self.new));
        let (Some(old), Some(new)) = values else {
            return Err(lost());
        };
        let wanted = missing(item.as_value(), &old, &new).ok_or_else(lost)?;
        let mut text = text.to_owned();
        for element in wanted {
            text = self.pushed(&text, &element).ok_or_else(lost)?;
        }
        Ok(text)
    }

    /// `text` with one more element in this key's array, or in the `features` of its dependency.
    fn pushed(&self, text: &str, element: &str) -> Option<String> {
        let document: Document<&str> = parse(text).ok()?;
        let path: Vec<&str> = self.table.iter().map(String::as_str).collect();
        let item = entry::item_at(&document, &path)?.get(&self.key)?;
        let list = item.as_array().or_else(|| item.get("features")?.as_array());
        match list {
            Some(list) => array::push(text, list, element),
            None => {
                let path = [&path[..], &[&self.key]].concat();
                let line = format!("features = [{element}]");
                entry::add(text, &document, &path, "", &line).ok()
            }
        }
    }

    fn unwirable(&self, why: String) -> Unwirable {
        Unwirable {
            why,
            add: self.line.clone(),
            place: format!("to `[{}]`", self.table.join(".")),
        }
    }
}

/// A value on its own.
fn value(text: &str) -> Option<Value> {
    text.parse().ok()
}

/// The elements that `there` lacks of those that `new` has and `old` has not; of two dependencies, those of their
/// `features`. `None` where something else is new, too.
fn missing(there: Option<&Value>, old: &Value, new: &Value) -> Option<Vec<String>> {
    let there = there?;
    let list = |value: &Value| -> Option<Vec<String>> {
        let list = match value {
            Value::Array(list) => Some(list),
            Value::InlineTable(table) => table.get("features").and_then(Value::as_array),
            Value::String(_) => None,
            _ => return None,
        };
        let elements = list.into_iter().flatten().filter_map(Value::as_str);
        Some(elements.map(|element| format!("\"{element}\"")).collect())
    };
    let rest = |value: &Value| -> Vec<String> {
        let keys = value.as_inline_table().into_iter().flatten();
        let keys = keys.filter(|(key, _)| *key != "features" && *key != "version");
        keys.map(|(key, value)| format!("{key}={}", value.to_string().trim()))
            .collect()
    };
    if rest(old) != rest(new) || there.is_str() {
        return None;
    }
    let (old, there) = (list(old)?, list(there)?);
    let is_missing = |element: &String| !old.contains(element) && !there.contains(element);
    Some(list(new)?.into_iter().filter(is_missing).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"[workspace]
members = ["platform"]

[workspace.dependencies]
# Members
platform = { path = "platform" }

# The web
axum = { version = "0.8", features = ["macros"] }
tower-http = { version = "0.7", features = [
    "catch-panic",
    "trace",
] }

[dev-dependencies]
platform = { workspace = true, features = ["testing"] }

[profile.dev.package."*"]
debug = false
"#;

    const AFTER: &str = r#"[workspace]
members = ["platform"]

[workspace.dependencies]
# Members
platform = { path = "platform" }

# The web
axum = { version = "0.8", features = ["macros"] }
tower-http = { version = "0.7", features = [
    "catch-panic",
    "csrf",
    "trace",
] }

# Secrets
argon2 = "0.6"

[dev-dependencies]
platform = { workspace = true, features = ["testing"] }

[profile.dev.package."*"]
debug = false

# Hashing takes seconds otherwise.
[profile.dev.package.argon2]
opt-level = 3
"#;

    #[test]
    fn an_untouched_text_becomes_the_new_one() {
        assert_eq!(carry_over(BEFORE, AFTER, BEFORE).unwrap(), AFTER);
        assert_eq!(carry_over(BEFORE, AFTER, AFTER).unwrap(), AFTER);
    }

    #[test]
    fn edits_stay_and_keys_come_once() {
        for (from, to) in [
            (
                "    \"trace\",\n",
                "    \"compression-gzip\",\n    \"trace\",\n",
            ),
            (
                "features = [\n    \"catch-panic\",\n    \"trace\",\n]",
                "default-features = false, features = [\"catch-panic\", \"cors\"]",
            ),
            (
                "] }\n\n[dev",
                "] }\nargon2 = \"0.6.1\"\nblake2 = \"0.11\"\n\n[dev",
            ),
            (
                "debug = false\n",
                "debug = false\n\n[profile.dev.package.argon2]\nopt-level = 2\n",
            ),
            ("\"0.8\"", "\"0.8.4\""),
        ] {
            let edited = BEFORE.replace(from, to);
            assert_ne!(edited, BEFORE);
            let carried = carry_over(BEFORE, AFTER, &edited).unwrap();
            assert!(parse(&carried).is_ok(), "{carried}");
            for new in [
                "\"csrf\"",
                "argon2 = \"0.6",
                "[profile.dev.package.argon2]\nopt-level =",
            ] {
                assert_eq!(carried.matches(new).count(), 1, "{new}: {carried}");
            }
            let is_there = |word: &str| carried.contains(word.trim_end_matches([',', ']']));
            assert!(to.split_whitespace().all(is_there), "{to}: {carried}");
            assert_eq!(carry_over(BEFORE, AFTER, &carried).unwrap(), carried);
        }
    }

    #[test]
    fn what_is_not_as_it_was_says_what_to_write() {
        let edited = BEFORE.replace("[workspace]\n", "[workspace]\n#\n").replace(
            "tower-http = { version = \"0.7\", features = [\n    \"catch-panic\",\n    \"trace\",\n] }\n",
            "tower-http = \"0.7\"\n",
        );
        let lost = carry_over(BEFORE, AFTER, &edited).unwrap_err();
        let said: Vec<String> = lost
            .iter()
            .map(|lost| format!("{} / add {} / {}", lost.why, lost.add, lost.place))
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r#"
        `tower-http` is not as it was generated / add tower-http = { version = "0.7", features = [
            "catch-panic",
            "csrf",
            "trace",
        ] } / to `[workspace.dependencies]`
        "#);
    }
}
