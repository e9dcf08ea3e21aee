//! A line that asks for a package, as <https://peps.python.org/pep-0508/> has it: `django[argon2]>=5.2 ; python_version > "3.10"`.

/// What such a line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// Normalised: `drf-spectacular`.
    pub(crate) name: String,
    pub(crate) extras: Vec<String>,
    /// `>=5.2,<5.3`; empty where any version will do.
    pub(crate) specifier: String,
    /// Where it is to be had, if not from an index.
    pub(crate) url: Option<String>,
    pub(crate) marker: Option<String>,
}

impl Requirement {
    /// `None` where the line asks for no package by name.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (asked, marker) = split_marker(line);
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let end = asked.find(|c| !is_name(c)).unwrap_or(asked.len());
        let (name, rest) = asked.split_at(end);
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let (extras, rest) = match rest.trim_start().strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", rest),
        };
        let extras = extras
            .split(',')
            .map(normal)
            .filter(|extra| !extra.is_empty());
        let rest = rest.trim();
        let (specifier, url) = match rest.strip_prefix('@') {
            Some(url) => (String::new(), Some(url.trim().to_owned())),
            None => (specifier(rest)?, None),
        };
        Some(Self {
            name: normal(name),
            extras: extras.collect(),
            specifier,
            url,
            marker,
        })
    }

    /// The version that it is pinned to: that of `==1.2.3`.
    pub(crate) fn pinned(&self) -> Option<&str> {
        let version = self.specifier.strip_prefix("==")?;
        let version = version.strip_prefix('=').unwrap_or(version);
        (!version.contains([',', '*'])).then_some(version)
    }

    /// The parts of the specifier, in an order of their own.
    pub(crate) fn sorted_specifier(&self) -> Vec<String> {
        let mut parts: Vec<String> = self.specifier.split(',').map(str::to_owned).collect();
        parts.sort();
        parts
    }
}

/// What stands before a `;`, and what behind it. In a URL, a `;` counts only after a space.
fn split_marker(line: &str) -> (&str, Option<String>) {
    let split = match line.contains('@') {
        true => line.split_once(" ;"),
        false => line.split_once(';'),
    };
    match split {
        Some((asked, marker)) => (asked.trim(), Some(marker.trim().to_owned())),
        None => (line.trim(), None),
    }
}

/// The specifier without spaces and brackets; `None` where it is none.
fn specifier(text: &str) -> Option<String> {
    let text = text.trim_start_matches('(').trim_end_matches(')');
    let text: String = text.split_whitespace().collect();
    let is_part = |part: &str| {
        ["==", ">=", "<=", "~=", "!=", ">", "<"]
            .iter()
            .any(|op| part.starts_with(op))
    };
    let text = text.trim_end_matches(',').to_owned();
    (text.is_empty() || text.split(',').all(is_part)).then_some(text)
}

/// A name as every tool writes it: <https://packaging.python.org/en/latest/specifications/name-normalization/>.
pub(crate) fn normal(name: &str) -> String {
    let mut normal = String::new();
    for c in name.trim().chars() {
        match c {
            '.' | '_' | '-' if normal.ends_with('-') => {}
            '.' | '_' | '-' => normal.push('-'),
            _ => normal.push(c.to_ascii_lowercase()),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_installers_read_them() {
        let read = |line: &str| {
            let Requirement {
                name,
                extras,
                specifier,
                url,
                marker,
            } = Requirement::parse(line)?;
            Some(format!(
                "{name} [{}] {specifier} @{} ;{}",
                extras.join(" "),
                url.unwrap_or_default(),
                marker.unwrap_or_default()
            ))
        };
        for (line, expected) in [
            ("Django>=5.2, <5.3", Some("django [] >=5.2,<5.3 @ ;")),
            ("zope.interface", Some("zope-interface []  @ ;")),
            (
                "psycopg[binary,Pool]==3.2",
                Some("psycopg [binary pool] ==3.2 @ ;"),
            ),
            ("a (>=1)", Some("a [] >=1 @ ;")),
            (
                "tzdata==2025.2 ; sys_platform == 'win32'",
                Some("tzdata [] ==2025.2 @ ;sys_platform == 'win32'"),
            ),
            (
                "a @ git+https://example.com/a.git@v1 ; python_version > '3'",
                Some("a []  @git+https://example.com/a.git@v1 ;python_version > '3'"),
            ),
            ("https://example.com/a.whl", None),
            ("./vendor/a", None),
            ("-e .", None),
            ("a 1.0", None),
            ("", None),
        ] {
            assert_eq!(read(line).as_deref(), expected, "{line}");
        }
        assert_eq!(Requirement::parse("a==1.0").unwrap().pinned(), Some("1.0"));
        for loose in ["a", "a>=1", "a==1.*", "a==1,<2"] {
            assert_eq!(Requirement::parse(loose).unwrap().pinned(), None, "{loose}");
        }
    }
}
