//! The metadata of an installed package:
//! <https://packaging.python.org/en/latest/specifications/core-metadata/>.

use super::locked::Installed;
use super::requirement::normal;

/// Licences as classifiers call them, and as SPDX does. Those that leave the version open are not among them.
const CLASSIFIERS: &[(&str, &str)] = &[
    ("Academic Free License (AFL)", "AFL-3.0"),
    ("Apache Software License", "Apache-2.0"),
    ("BSD License", "BSD-3-Clause"),
    (
        "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication",
        "CC0-1.0",
    ),
    ("European Union Public Licence 1.2 (EUPL 1.2)", "EUPL-1.2"),
    ("GNU Affero General Public License v3", "AGPL-3.0-only"),
    (
        "GNU Affero General Public License v3 or later (AGPLv3+)",
        "AGPL-3.0-or-later",
    ),
    ("GNU General Public License v2 (GPLv2)", "GPL-2.0-only"),
    (
        "GNU General Public License v2 or later (GPLv2+)",
        "GPL-2.0-or-later",
    ),
    ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"),
    (
        "GNU General Public License v3 or later (GPLv3+)",
        "GPL-3.0-or-later",
    ),
    (
        "GNU Lesser General Public License v2 (LGPLv2)",
        "LGPL-2.0-only",
    ),
    (
        "GNU Lesser General Public License v2 or later (LGPLv2+)",
        "LGPL-2.0-or-later",
    ),
    (
        "GNU Lesser General Public License v3 (LGPLv3)",
        "LGPL-3.0-only",
    ),
    (
        "GNU Lesser General Public License v3 or later (LGPLv3+)",
        "LGPL-3.0-or-later",
    ),
    ("ISC License (ISCL)", "ISC"),
    ("MIT License", "MIT"),
    ("MIT No Attribution License (MIT-0)", "MIT-0"),
    ("Mozilla Public License 1.1 (MPL 1.1)", "MPL-1.1"),
    ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    ("PostgreSQL License", "PostgreSQL"),
    ("Python Software Foundation License", "PSF-2.0"),
    ("The Unlicense (Unlicense)", "Unlicense"),
    ("zlib/libpng License", "Zlib"),
];

/// What the text of `METADATA` says, and `direct_url.json`, if the package came from elsewhere than an index.
pub(crate) fn read(text: &str, origin: Option<&str>) -> Option<Installed> {
    let mut found = Installed::default();
    let (mut expression, mut field) = (None, None);
    let mut classified: Vec<&str> = Vec::new();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        let Some((key, value)) = line.split_once(": ") else {
            continue;
        };
        match key {
            "Name" => found.name = normal(value),
            "Version" => found.version = value.trim().to_owned(),
            "Summary" => found.summary = Some(value.trim().to_owned()),
            "License-Expression" => expression = Some(value.trim()),
            "License" => field = Some(value.trim()),
            "Classifier" => classified.extend(
                value
                    .strip_prefix("License :: OSI Approved :: ")
                    .and_then(spdx_of),
            ),
            "Requires-Dist" => found.requires.push(value.to_owned()),
            "Project-URL" => {
                let (label, url) = value.split_once(", ").unwrap_or_default();
                let label = label.to_lowercase();
                if ["source", "repository", "github", "code"]
                    .iter()
                    .any(|word| label.contains(word))
                {
                    found.repository = Some(url.to_owned());
                }
            }
            _ => {}
        }
    }
    classified.sort_unstable();
    classified.dedup();
    // A field may hold the whole text of a licence, or a name that only people understand.
    let field = field.filter(|text| !text.is_empty() && text.len() < 60 && *text != "UNKNOWN");
    let classified = (!classified.is_empty()).then(|| classified.join(" OR "));
    found.license = match (expression, field) {
        (Some(expression), _) => Some(expression.to_owned()),
        (None, Some(field)) if ::spdx::Expression::parse(field).is_ok() => Some(field.to_owned()),
        (None, field) => classified.or_else(|| field.map(str::to_owned)),
    };
    found.local = origin.is_some_and(|origin| origin.contains("\"file:"));
    (!found.name.is_empty() && !found.version.is_empty()).then_some(found)
}

fn spdx_of(classifier: &str) -> Option<&'static str> {
    let known = CLASSIFIERS
        .iter()
        .find(|(name, _)| *name == classifier.trim());
    known.map(|(_, id)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_found_wherever_authors_wrote_them() {
        let license = |lines: &str| {
            let text = format!(
                "Metadata-Version: 2.4\nName: Zope.Interface\nVersion: 7.2\n{lines}\n\nLicense: body\n"
            );
            let found = read(&text, None).unwrap();
            assert_eq!(
                (found.name.as_str(), found.version.as_str()),
                ("zope-interface", "7.2")
            );
            found.license
        };
        for (lines, expected) in [
            (
                "License-Expression: MIT OR Apache-2.0\nLicense: nonsense",
                Some("MIT OR Apache-2.0"),
            ),
            ("License: MIT", Some("MIT")),
            (
                "License: BSD\nClassifier: License :: OSI Approved :: BSD License",
                Some("BSD-3-Clause"),
            ),
            ("License: Our own terms", Some("Our own terms")),
            (
                "Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: OSI Approved :: Apache Software License",
                Some("Apache-2.0 OR MIT"),
            ),
            ("License: UNKNOWN", None),
            ("", None),
        ] {
            assert_eq!(license(lines).as_deref(), expected, "{lines}");
        }
        assert_eq!(read("Name: a\n", None), None);
        let local = "{\"url\": \"file:///home/me/a\", \"dir_info\": {\"editable\": true}}";
        assert!(read("Name: a\nVersion: 1\n", Some(local)).unwrap().local);
    }
}
