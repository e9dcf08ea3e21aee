//! Options in a comment of the first file that a command has written.

use std::path::Path;

use super::kept::Kept;
use crate::package::File;

/// Writes the options into the first of `files`, under its first line.
pub(super) fn insert(files: &mut [File], command: &str, args: &[String]) {
    let Some(file) = files.first_mut().filter(|_| !args.is_empty()) else {
        return;
    };
    let (first, rest) = file.text.split_once('\n').unwrap_or((&file.text, ""));
    file.text = format!(
        "{first}\n# Options, which need not be given again: `luthier {command} {}`\n{rest}",
        args.join(" ")
    );
}

/// The options of `command` in `text`, the contents of the file at `path`.
pub(super) fn find(text: &str, command: &str, path: &Path) -> Vec<Kept> {
    let start = format!("`luthier {command} ");
    let found = text.lines().enumerate().find_map(|(number, line)| {
        let line = line.strip_prefix("# Options, ")?;
        let (_, rest) = line.split_once(&start)?;
        let (words, _) = rest.split_once('`')?;
        Some(Kept {
            place: format!("{}:{}", path.display(), number + 1),
            words: words.split_whitespace().map(str::to_owned).collect(),
        })
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_where_they_were_kept() {
        let cases = [
            (
                "a\n# Options, x: `luthier compose --redis`\nb\n",
                Some(("f:2", "--redis")),
            ),
            ("# Options, x: `luthier dockerfile --bin a`\n", None),
            ("# Run `luthier compose --redis`\n", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(place, word)| Kept {
                place: place.to_owned(),
                words: vec![word.to_owned()],
            });
            let found = find(text, "compose", Path::new("f"));
            assert_eq!(found, Vec::from_iter(expected), "{text}");
        }
    }
}
