//! How packages and their lists are named in standard formats.

use crate::cargo::graph::{Ecosystem, Package, Source};

/// Where a package comes from, in a word or as a URL.
pub(super) fn source(package: &Package) -> String {
    match &package.source {
        Source::CratesIo => "crates.io".to_owned(),
        Source::PyPi => "pypi.org".to_owned(),
        Source::Url(url) => url.clone(),
        Source::Registry(url) => url.clone(),
        Source::Git { url, commit } => format!("git+{url}#{commit}"),
        Source::Path => format!("path:{}", package.dir),
    }
}

/// <https://github.com/package-url/purl-spec/blob/main/types-doc/cargo-definition.md>, and pypi-definition.md.
pub(super) fn purl(package: &Package) -> String {
    let kind = match package.ecosystem {
        Ecosystem::Cargo => "cargo",
        Ecosystem::Python => "pypi",
    };
    let mut plain = format!("pkg:{kind}/{}", package.name);
    if !package.version.is_empty() {
        plain = format!("{plain}@{}", encoded(&package.version));
    }
    match &package.source {
        Source::CratesIo | Source::PyPi | Source::Path => plain,
        Source::Url(url) => format!("{plain}?download_url={}", encoded(url)),
        Source::Registry(url) => format!("{plain}?repository_url={}", encoded(url)),
        Source::Git { url, commit } => {
            let url = url.split('?').next().unwrap_or_default();
            format!(
                "{plain}?vcs_url={}",
                encoded(&format!("git+{url}@{commit}"))
            )
        }
    }
}

/// Percent-encoded, but for what a purl may hold as it is.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b':' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// An SPDX expression: `MIT/Apache-2.0`, as old crates have it, means a choice.
pub(super) fn expression(license: &str) -> Option<String> {
    let mode = ::spdx::ParseMode::LAX;
    let parsed = ::spdx::Expression::parse_mode(license, mode).ok()?;
    let canonical = ::spdx::Expression::canonicalize(license).ok().flatten();
    Some(canonical.unwrap_or_else(|| parsed.to_string()))
}

/// An identifier made from `seed`: the same for the same list, as a version 8 UUID (RFC 9562).
pub(super) fn uuid(seed: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(seed.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}
