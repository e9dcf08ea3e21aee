//! Options that a command which writes files keeps in the first of them, so that later runs need not repeat them: in
//! CI, `--check` alone must mean the same as the run before.

use crate::error::{Error, Result};
use crate::files;
use crate::package::File;

use super::deployment::Place;

/// The arguments of a command whose options are kept.
pub(crate) trait SavedOptions: clap::Args {
    /// The command's name.
    const COMMAND: &'static str;

    /// The options that were given, as on a command line; where to write and how are none of them.
    fn to_args(&self) -> Vec<String>;

    /// These options, and those of `saved` that are not among them.
    fn merge(self, saved: Self) -> Self;

    /// These options, and those with which the file `name` of `place` was made.
    fn load(self, place: &Place, name: &str) -> Result<Self> {
        let path = place.root.join(&place.prefix).join(name);
        let text = files::read(&path)?.unwrap_or_default();
        let Some((line, words)) = find_saved(&text, Self::COMMAND) else {
            return Ok(self);
        };
        let parser = Self::augment_args(clap::Command::new(Self::COMMAND).no_binary_name(true));
        let parsed = parser
            .try_get_matches_from(words.split_whitespace())
            .and_then(|matches| Self::from_arg_matches(&matches));
        match parsed {
            Ok(saved) => Ok(self.merge(saved)),
            Err(error) => {
                let said = error.to_string();
                let said = said.lines().next().unwrap_or_default();
                Err(Error::bad_input(format_args!(
                    "{}:{line}: {}",
                    path.display(),
                    said.trim_start_matches("error: ")
                ))
                .hint("fix the options on that line, or delete it: then it is as if none had ever been given"))
            }
        }
    }

    /// Writes the options into the first of `files`, under its first line.
    fn keep(&self, files: &mut [File]) {
        let words = self.to_args().join(" ");
        let Some(file) = files.first_mut().filter(|_| !words.is_empty()) else {
            return;
        };
        let (first, rest) = file.text.split_once('\n').unwrap_or((&file.text, ""));
        file.text = format!(
            "{first}\n# Options, which need not be given again: `luthier {} {words}`\n{rest}",
            Self::COMMAND
        );
    }
}

/// The number of the line that holds the options of `command`, and they.
fn find_saved<'a>(text: &'a str, command: &str) -> Option<(usize, &'a str)> {
    let start = format!("`luthier {command} ");
    text.lines().enumerate().find_map(|(number, line)| {
        let line = line.strip_prefix("# Options, ")?;
        let (_, rest) = line.split_once(&start)?;
        let (words, _) = rest.split_once('`')?;
        Some((number + 1, words))
    })
}

/// `--name value` as words, if there is a value.
pub(crate) fn words(name: &str, value: Option<impl ToString>) -> Vec<String> {
    value.map_or_else(Vec::new, |value| vec![name.to_owned(), value.to_string()])
}

/// How an option of fixed values is called on the command line.
pub(crate) fn name_of(value: &impl clap::ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_where_they_were_kept() {
        let cases = [
            (
                "a\n# Options, x: `luthier compose --redis`\nb\n",
                Some((2, "--redis")),
            ),
            ("# Options, x: `luthier dockerfile --bin a`\n", None),
            ("# Run `luthier compose --redis`\n", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(find_saved(text, "compose"), expected, "{text}");
        }
    }
}
