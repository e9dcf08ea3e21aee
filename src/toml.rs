//! TOML files as typed values, with errors that name the file and the line.

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Reads `text`, the contents of `file`, as a `T`. Unknown keys are errors where `T` says so.
pub(crate) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    toml_edit::de::from_str(text).map_err(|error| {
        let place = match error.span() {
            Some(span) => format!("{file}:{}", line_of(text, span.start)),
            None => file.to_owned(),
        };
        Error::bad_input(format_args!("{place}: {}", error.message()))
    })
}

/// The line, counted from 1, on which the byte at `offset` stands.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[allow(dead_code)]
        name: String,
    }

    #[test]
    fn errors_name_the_file_and_the_line() {
        let cases = [
            ("\nname = ", "sample.toml:2: "),
            (
                "name = 'a'\n\nnom = 1",
                "sample.toml:3: unknown field `nom`",
            ),
            ("name = 7", "sample.toml:1: invalid type: integer `7`"),
            ("", "sample.toml:1: missing field `name`"),
        ];
        for (text, expected) in cases {
            let message = parse::<Sample>("sample.toml", text)
                .unwrap_err()
                .to_string();
            assert!(message.starts_with(expected), "{text:?}: {message}");
        }
    }
}
