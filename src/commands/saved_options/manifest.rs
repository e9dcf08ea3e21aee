//! Options in `luthier.toml`: a table for each command, as `[options.compose]`, in which `--redis` is `redis = true`.

use toml_edit::{Document, DocumentMut, Item, Table, TableLike, Value};

use super::kept::Kept;
use crate::error::{Error, Result};
use crate::project::FILE;
use crate::toml::line_of;

/// The table that holds the tables of the commands.
const OPTIONS: &str = "options";

/// The options of the table `section`, each with its line in `text`.
pub(super) fn find(text: &str, section: &str) -> Result<Vec<Kept>> {
    let document = Document::parse(text).map_err(|error| Error::bad_input(error.to_string()))?;
    let Some(table) = document.get(OPTIONS).and_then(|item| item.get(section)) else {
        return Ok(Vec::new());
    };
    let Some(table) = table.as_table_like() else {
        let place = place(text, table);
        return Err(
            Error::bad_input(format_args!("{place}: `{section}` is not a table")).hint(
                r#"write its options as in `[options.compose]`: `domain = "shop.example.org"`"#,
            ),
        );
    };
    let options = table.iter().map(|(name, item)| {
        let place = place(text, item);
        match item.as_value().and_then(|value| argument(name, value)) {
            Some(words) => Ok(Kept { place, words }),
            None => Err(Error::bad_input(format_args!(
                "{place}: `{name}` is not a text, a number, or true or false"
            ))),
        }
    });
    options.collect()
}

fn place(text: &str, item: &Item) -> String {
    match item.span() {
        Some(span) => format!("{FILE}:{}", line_of(text, span.start)),
        None => FILE.to_owned(),
    }
}

/// An option as on the command line; nothing for one that is off.
fn argument(name: &str, value: &Value) -> Option<Vec<String>> {
    let value = match value {
        Value::Boolean(value) if !value.value() => return Some(Vec::new()),
        Value::Boolean(_) => return Some(vec![format!("--{name}")]),
        Value::String(value) => value.value().clone(),
        Value::Integer(value) => value.value().to_string(),
        _ => return None,
    };
    Some(vec![format!("--{name}={value}")])
}

/// `text` with `args`, as on a command line, in the table `section`. What says the same already stays as it is written.
pub(super) fn with_options(text: &str, section: &str, args: &[String]) -> Result<String> {
    if args.is_empty() {
        return Ok(text.to_owned());
    }
    let mut document: DocumentMut = text.parse()?;
    let options = document.entry(OPTIONS).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let is_first = options.as_table_like().is_some_and(TableLike::is_empty);
    let table = options.as_table_like_mut().map(|options| {
        options.entry(section).or_insert_with(|| {
            let mut table = Table::new();
            let comment = match is_first {
                true => {
                    "# Options that commands were run with, and that need not be given again.\n"
                }
                false => "",
            };
            table.decor_mut().set_prefix(format!("\n{comment}"));
            Item::Table(table)
        })
    });
    let Some(table) = table.and_then(Item::as_table_like_mut) else {
        return Err(Error::bad_input(format_args!(
            "{FILE}: `{OPTIONS}` is not a table of tables"
        )));
    };
    for (name, value) in pairs(args) {
        let mut new = match value {
            None => Value::from(true),
            Some(value) => match value.parse::<u16>() {
                Ok(number) => Value::from(i64::from(number)),
                Err(_) => Value::from(value),
            },
        };
        let old = table.get(name).and_then(Item::as_value);
        if old.and_then(|old| argument(name, old)) == argument(name, &new) {
            continue;
        }
        if let Some(old) = old {
            *new.decor_mut() = old.decor().clone();
        }
        table.insert(name, Item::Value(new));
    }
    Ok(document.to_string())
}

/// The names of options, and the values of those that have one.
fn pairs(args: &[String]) -> Vec<(&str, Option<&str>)> {
    let mut pairs: Vec<(&str, Option<&str>)> = Vec::new();
    for word in args {
        match (word.strip_prefix("--"), pairs.last_mut()) {
            (Some(name), _) => pairs.push((name, None)),
            (None, Some((_, value))) => *value = Some(word),
            (None, None) => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_kept_and_found() {
        let text = "[project]\nname = 'shop' # mine\n";
        let one = with_options(text, "compose", &args("--redis --domain a.example.org")).unwrap();
        let two = with_options(&one, "dockerfile --output api", &args("--port 3000")).unwrap();
        insta::assert_snapshot!(two, @r#"
        [project]
        name = 'shop' # mine

        # Options that commands were run with, and that need not be given again.
        [options.compose]
        redis = true
        domain = "a.example.org"

        [options."dockerfile --output api"]
        port = 3000
        "#);
        let found = find(&two, "compose").unwrap();
        let shown: Vec<String> = found
            .iter()
            .map(|kept| format!("{} {}", kept.place, kept.words.join(" ")))
            .collect();
        assert_eq!(
            shown,
            [
                "luthier.toml:6 --redis",
                "luthier.toml:7 --domain=a.example.org"
            ]
        );
        assert_eq!(find(&two, "kubernetes").unwrap(), []);
        assert_eq!(find(text, "compose").unwrap(), []);
    }

    #[test]
    fn what_is_said_already_stays_as_its_owner_wrote_it() {
        for (text, given, expected) in [
            ("[options.compose]\nredis=true # yes\n", "--redis", None),
            ("[options.compose]\nredis = false\n", "", None),
            (
                "[options.compose]\nredis = false\n",
                "--redis",
                Some("[options.compose]\nredis = true\n"),
            ),
            ("options = { compose = { port = 80 } }\n", "--port 80", None),
            (
                "options = { compose = { port = 80 } }\n",
                "--port 81",
                Some("options = { compose = { port = 81 } }\n"),
            ),
            (
                "[options.compose]\ndomain = 'a' # old\nredis = true\n",
                "--domain b",
                Some("[options.compose]\ndomain = \"b\" # old\nredis = true\n"),
            ),
        ] {
            let after = with_options(text, "compose", &args(given)).unwrap();
            assert_eq!(after, expected.unwrap_or(text), "{given}");
        }
    }

    #[test]
    fn what_is_no_option_is_refused_with_its_line() {
        for (text, expected) in [
            (
                "a = 1\n[options]\ncompose = 7\n",
                "luthier.toml:3: `compose` is not a table",
            ),
            (
                "[options.compose]\nredis = true\ndomain = ['a']\n",
                "luthier.toml:3: `domain` is not a text",
            ),
        ] {
            let error = find(text, "compose").unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
        assert!(with_options("options = 1\n", "compose", &args("--redis")).is_err());
    }
}
