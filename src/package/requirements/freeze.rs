//! The list as pip reads it: `requirements.txt`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::list::{Entry, Requirements};
use crate::cargo::graph::Source;

/// A line for each package, sorted: what `pip freeze` says, without paths that only this machine has, and with the markers
/// of packages that are not wanted everywhere.
pub(super) fn text(requirements: &Requirements) -> String {
    let mut text = String::new();
    let indexes: BTreeSet<&str> = requirements
        .entries
        .iter()
        .filter_map(|entry| match &entry.package.source {
            Source::Registry(url) => Some(url.as_str()),
            _ => None,
        })
        .collect();
    for index in indexes {
        let _ = writeln!(text, "--extra-index-url {index}");
    }
    for entry in &requirements.entries {
        let _ = writeln!(text, "{}", line(entry, requirements.hashes));
    }
    text
}

fn line(entry: &Entry<'_>, with_hashes: bool) -> String {
    let package = entry.package;
    let name = &package.name;
    let mut line = match &package.source {
        Source::Git { url, commit } if commit.is_empty() => format!("{name} @ git+{url}"),
        Source::Git { url, commit } => {
            let url = url.split('?').next().unwrap_or_default();
            format!("{name} @ git+{url}@{commit}")
        }
        Source::Url(url) => format!("{name} @ {url}"),
        Source::Path if package.dir.starts_with(['.', '/']) || package.dir.contains(':') => {
            return format!(
                "# {name} lies in a folder outside of this project, which nobody else has"
            );
        }
        Source::Path => return format!("./{}", package.dir),
        Source::CratesIo | Source::PyPi | Source::Registry(_) if package.version.is_empty() => {
            name.clone()
        }
        Source::CratesIo | Source::PyPi | Source::Registry(_) => {
            format!("{name}=={}", package.version)
        }
    };
    if let Some(marker) = &package.marker {
        let _ = write!(line, " ; {marker}");
    }
    if with_hashes {
        for hash in &package.hashes {
            let _ = write!(line, " \\\n    --hash={hash}");
        }
    }
    line
}
