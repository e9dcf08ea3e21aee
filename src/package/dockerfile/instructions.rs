//! Parts of a Dockerfile's instructions.

use crate::cargo::workspace::Workspace;
use crate::package::binary::Chosen;
use crate::package::system::SystemPackage;

/// The version of the base image, where it comes from, and a toolchain to install over it.
pub(super) fn rust(workspace: &Workspace, local: &str) -> (String, String, Option<String>) {
    let said = "As rust-toolchain.toml says.".to_owned();
    match workspace.channel.as_deref() {
        Some(channel) if channel.starts_with(|c: char| c.is_ascii_digit()) => {
            (channel.to_owned(), said, None)
        }
        Some("stable") => ("1".to_owned(), said, None),
        Some(channel) => ("1".to_owned(), said, Some(channel.to_owned())),
        None => {
            let versions = workspace.members.iter();
            let versions = versions.filter_map(|member| member.rust_version.as_deref());
            match versions.max_by_key(|version| numbers(version)) {
                Some(version) => (
                    version.strip_suffix(".0").unwrap_or(version).to_owned(),
                    "The `rust-version` of the workspace; a newer one does as well.".to_owned(),
                    None,
                ),
                None => (
                    local.to_owned(),
                    "The one this file was made with: neither a rust-toolchain.toml nor a `rust-version` says."
                        .to_owned(),
                    None,
                ),
            }
        }
    }
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

pub(super) fn build(chosen: Chosen, is_static: bool) -> String {
    let mut command = format!(
        "cargo build --release --locked --package {} --bin {}",
        chosen.member.name, chosen.binary.name
    );
    if !chosen.binary.required_features.is_empty() {
        command += &format!(" --features {}", chosen.binary.required_features.join(","));
    }
    if is_static {
        // Given a target, cargo compiles macros and build scripts without the flags of the program.
        command += " --target \"$(uname -m)-unknown-linux-gnu\"";
    }
    command
}

/// Words as a shell takes them.
pub(super) fn shell(words: &[String]) -> String {
    let plain = |word: &String| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./:=".contains(c))
    };
    let quoted = words.iter().map(|word| match plain(word) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

pub(super) fn names(packages: &[SystemPackage]) -> String {
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    names.join(" ")
}

/// `openssl-sys needs libssl-dev and pkg-config.`
pub(super) fn reasons(packages: &[SystemPackage]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for package in packages {
        match reasons.iter_mut().find(|(why, _)| *why == package.why) {
            Some((_, names)) => names.push(package.name),
            None => reasons.push((&package.why, vec![package.name])),
        }
    }
    let sentence = |(why, names): (&str, Vec<&str>)| format!("{why} needs {}.", list(&names));
    reasons.into_iter().map(sentence).collect()
}

/// `a, b and c`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}
