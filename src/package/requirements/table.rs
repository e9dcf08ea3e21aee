//! The list for people, and as lines.

use std::fmt::Write as _;

use super::identity::source;
use super::list::Requirements;

/// Columns as wide as what is in them; the last one is open.
fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

pub(super) fn table(requirements: &Requirements) -> String {
    let heading = ["NAME", "VERSION", "LICENCE", "SOURCE", "CHECKSUM", "WHY"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for entry in &requirements.entries {
        let package = entry.package;
        let license = match (&package.license, package.license_file) {
            (Some(license), _) => license.clone(),
            (None, true) => "(a file)".to_owned(),
            (None, false) => "-".to_owned(),
        };
        let checksum = package.checksum.as_deref().unwrap_or("-");
        rows.push(vec![
            package.name.clone(),
            package.version.clone(),
            license,
            source(package),
            checksum.chars().take(12).collect(),
            match entry.direct.is_empty() {
                true => format!("for {}", entry.path[..entry.path.len() - 1].join(" → ")),
                false => entry.direct.join(", "),
            },
        ]);
    }
    let mut text = columns(&rows);
    if !requirements.system.is_empty() {
        let heading = ["SYSTEM PACKAGE", "LICENCE", "STAGE", "WHY"];
        let mut rows = vec![heading.map(str::to_owned).to_vec()];
        for package in &requirements.system {
            rows.push(vec![
                package.name.clone(),
                package.license.clone(),
                package.stage.to_owned(),
                package.why.clone(),
            ]);
        }
        text.push('\n');
        text.push_str(&columns(&rows));
    }
    text
}

/// The form of Python's `requirements.txt`, which many tools read.
pub(super) fn txt(requirements: &Requirements) -> String {
    let mut text = String::new();
    for entry in &requirements.entries {
        let package = entry.package;
        let _ = write!(text, "{}=={}", package.name, package.version);
        if let Some(checksum) = &package.checksum {
            let _ = write!(text, " --hash=sha256:{checksum}");
        }
        let license = package.license.as_deref().unwrap_or("no licence said");
        let _ = writeln!(text, "  # {license}, {}", source(package));
    }
    for package in &requirements.system {
        let _ = writeln!(
            text,
            "# system, to {}: {} ({})",
            package.stage, package.name, package.license
        );
    }
    text
}
