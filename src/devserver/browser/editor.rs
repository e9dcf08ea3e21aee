//! Links that open a file at a location in an editor. Pure.

use std::path::Path;
use std::str::FromStr;

/// The link that opens a file in an editor, with `{file}`, `{line}` and `{column}` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Editor(String);

/// Editors that open links, by their names in `luthier.toml`.
const KNOWN: [(&str, &str); 6] = [
    ("vscode", "vscode://file{file}:{line}:{column}"),
    ("vscodium", "vscodium://file{file}:{line}:{column}"),
    ("cursor", "cursor://file{file}:{line}:{column}"),
    ("zed", "zed://file{file}:{line}:{column}"),
    (
        "idea",
        "idea://open?file={file}&line={line}&column={column}",
    ),
    (
        "rustrover",
        "rustrover://open?file={file}&line={line}&column={column}",
    ),
];

impl Default for Editor {
    fn default() -> Self {
        Self(KNOWN[0].1.to_owned())
    }
}

impl FromStr for Editor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, link)) = KNOWN.iter().find(|(name, _)| *name == text) {
            return Ok(Self((*link).to_owned()));
        }
        if text.contains("{file}") && text.contains("://") {
            return Ok(Self(text.to_owned()));
        }
        let names: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
        Err(format!(
            "`{text}` is neither one of {} nor a link such as `myeditor://open?file={{file}}&line={{line}}`",
            names.join(", ")
        ))
    }
}

impl Editor {
    /// The link to a location in a file. Lines and columns count from 1.
    pub(in crate::devserver) fn link(&self, file: &Path, line: usize, column: usize) -> String {
        self.0
            .replace("{file}", &escape(&file.to_string_lossy()))
            .replace("{line}", &line.to_string())
            .replace("{column}", &column.to_string())
    }
}

/// A path escaped for a link; separators stay.
fn escape(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte);
    path.bytes()
        .map(|byte| match byte {
            byte if is_plain(byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_location() {
        let file = Path::new("/my shop/src/main.rs");
        for (editor, expected) in [
            ("vscode", "vscode://file/my%20shop/src/main.rs:3:5"),
            (
                "idea",
                "idea://open?file=/my%20shop/src/main.rs&line=3&column=5",
            ),
            (
                "mine://{file}?l={line}",
                "mine:///my%20shop/src/main.rs?l=3",
            ),
        ] {
            let editor: Editor = editor.parse().expect(editor);
            assert_eq!(editor.link(file, 3, 5), expected);
        }
    }

    #[test]
    fn an_unknown_editor_is_refused_with_the_known_ones() {
        for text in ["", "vi", "mine://open", "{file}"] {
            let error = text.parse::<Editor>().expect_err(text);
            assert!(error.contains("vscode, "), "{error}");
        }
    }
}
