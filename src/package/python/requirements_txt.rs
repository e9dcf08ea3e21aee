//! `requirements.txt`, as pip reads it: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.

use std::collections::BTreeSet;

use super::locked::{Installed, LockSource, Locked, graph, member};
use super::requirement::Requirement;
use crate::cargo::graph::{Ecosystem, Package, Requirement as Asked, Source};
use crate::error::{Error, Result};

/// A line that asks for something, and where it stands.
struct Line {
    file: String,
    number: usize,
    text: String,
}

/// What `file` asks for, with the files that it includes.
pub(super) fn read(
    name: &str,
    file: &'static str,
    read: &dyn Fn(&str) -> Result<Option<String>>,
    installed: &[Installed],
) -> Result<Locked> {
    let mut lines = Vec::new();
    collect(file, read, &mut BTreeSet::new(), &mut lines)?;
    let mut packages = Vec::new();
    let mut notes = Vec::new();
    for line in &lines {
        match package(&line.text, installed) {
            Some(package) => {
                if package.version.is_empty() && package.source == Source::PyPi {
                    notes.push(format!(
                        "{}:{}: {} is not pinned, and not installed either: its version is not known",
                        line.file, line.number, package.name
                    ));
                }
                packages.push(package);
            }
            // The project itself is no dependency of its own.
            None if ["-e .", "--editable .", "."].contains(&line.text.as_str()) => {}
            None => notes.push(format!(
                "{}:{}: `{}` names no package, and is left out",
                line.file, line.number, line.text
            )),
        }
    }
    let mut seen = BTreeSet::new();
    packages
        .retain(|package: &Package| seen.insert((package.name.clone(), package.marker.clone())));
    let direct: Vec<usize> = (0..packages.len()).collect();
    let mut project = member(name);
    project.requirements = packages.iter().flat_map(loose).collect();
    Ok(Locked {
        kind: LockSource::Requirements(file),
        graph: graph(project, packages, &direct, &[]),
        notes,
    })
}

/// `file` and the files that it includes.
pub(crate) fn files(
    file: &str,
    read: &dyn Fn(&str) -> Result<Option<String>>,
) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    collect(file, read, &mut seen, &mut Vec::new())?;
    Ok(seen.into_iter().collect())
}

/// What asks for any version, for the rule that says so.
fn loose(package: &Package) -> impl Iterator<Item = Asked> {
    let asked = package.requirements.clone().into_iter();
    asked.filter_map(|asked| match asked.git {
        Some(_) => Some(asked),
        None if asked.version.starts_with("==") && !asked.version.contains(['*', ',']) => None,
        None => Some(Asked {
            version: "*".to_owned(),
            ..asked
        }),
    })
}

/// Adds the lines of `file`, and of those that it includes.
fn collect(
    file: &str,
    read: &dyn Fn(&str) -> Result<Option<String>>,
    seen: &mut BTreeSet<String>,
    lines: &mut Vec<Line>,
) -> Result<()> {
    if !seen.insert(file.to_owned()) {
        return Ok(());
    }
    let Some(text) = read(file)? else {
        return Err(Error::bad_input(format_args!(
            "there is no {file}, which another file includes"
        )));
    };
    for (number, text) in logical(&text) {
        let included = ["-r ", "--requirement "]
            .iter()
            .find_map(|option| text.strip_prefix(option));
        let included = included.or_else(|| text.strip_prefix("--requirement="));
        let included = included.or_else(|| text.strip_prefix("-r"));
        if let Some(other) = included {
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            collect(&joined(folder, other.trim()), read, seen, lines)?;
        } else if text.starts_with("-e") || text.starts_with("--editable") || !text.starts_with('-')
        {
            lines.push(Line {
                file: file.to_owned(),
                number,
                text,
            });
        }
    }
    Ok(())
}

/// `path` from `folder`, without `.` and `..` where they can be resolved.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if !parts.is_empty() => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// Lines without comments, those that `\` continues joined, with the number of the first.
fn logical(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = match line.trim_start().starts_with('#') {
            true => "",
            false => line.split(" #").next().unwrap_or_default(),
        };
        let (number, before) = open.take().unwrap_or((number + 1, String::new()));
        match line.trim_end().strip_suffix('\\') {
            Some(more) => open = Some((number, format!("{before}{more} "))),
            None => lines.push((number, format!("{before}{line}").trim().to_owned())),
        }
    }
    lines.extend(open);
    lines.retain(|(_, line)| !line.is_empty());
    lines
}

fn package(line: &str, installed: &[Installed]) -> Option<Package> {
    let mut hashes = Vec::new();
    let mut words = Vec::new();
    for word in line.split_whitespace() {
        match word.strip_prefix("--hash=") {
            Some(hash) => hashes.push(hash.to_owned()),
            None if word.starts_with("--") && word != "--editable" => {}
            None => words.push(word),
        }
    }
    let line = words.join(" ");
    let editable = ["-e ", "--editable "]
        .iter()
        .find_map(|option| line.strip_prefix(option));
    if let Some(place) = editable.filter(|place| !place.contains("://")) {
        let name = place
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(place);
        return (place != ".").then(|| Package {
            dir: place
                .trim_start_matches("./")
                .trim_end_matches('/')
                .to_owned(),
            ..of_path(name)
        });
    }
    let line = editable.unwrap_or(&line);
    let requirement = Requirement::parse(line).or_else(|| of_url(line))?;
    let installed = installed
        .iter()
        .find(|found| found.name == requirement.name);
    let version = requirement.pinned().map(str::to_owned);
    let version = version.or_else(|| installed.map(|found| found.version.clone()));
    let checksum = hashes
        .iter()
        .find_map(|hash| hash.strip_prefix("sha256:"))
        .map(str::to_owned);
    Some(Package {
        version: version.unwrap_or_default(),
        source: match requirement.url.as_deref() {
            None => Source::PyPi,
            Some(url) => source(url),
        },
        dir: requirement.url.clone().unwrap_or_default(),
        marker: requirement.marker,
        requirements: match &requirement.url {
            Some(_) => Vec::new(),
            None => vec![Asked {
                name: requirement.name.clone(),
                version: requirement.specifier,
                git: None,
            }],
        },
        checksum,
        hashes,
        ..of_path(&requirement.name)
    })
}

fn of_path(name: &str) -> Package {
    Package {
        name: super::requirement::normal(name),
        ecosystem: Ecosystem::Python,
        source: Source::Path,
        ..Package::default()
    }
}

/// `git+https://…/name.git@v1#egg=name`, and `https://…/name-1.0-py3-none-any.whl`.
fn of_url(line: &str) -> Option<Requirement> {
    line.contains("://").then_some(())?;
    let named = line.split_once("#egg=").map(|(_, name)| name);
    let name = named.or_else(|| {
        let file = line.split(['#', '?']).next()?.rsplit('/').next()?;
        file.split(['-', '@'])
            .next()
            .map(|name| name.trim_end_matches(".git"))
    })?;
    let name = name.split(['[', '&']).next().unwrap_or(name);
    (!name.is_empty()).then(|| Requirement {
        name: super::requirement::normal(name),
        url: Some(line.to_owned()),
        ..Requirement::default()
    })
}

fn source(url: &str) -> Source {
    let plain = url.split("#egg=").next().unwrap_or(url);
    if let Some(git) = plain.strip_prefix("git+") {
        let after_scheme = git.find("://").map_or(0, |place| place + 3);
        let at = git.rfind('@').filter(|place| {
            git[after_scheme..]
                .find('/')
                .is_some_and(|slash| *place > after_scheme + slash)
        });
        let (url, commit) = at.map_or((git, ""), |place| (&git[..place], &git[place + 1..]));
        return Source::Git {
            url: url.to_owned(),
            commit: commit.to_owned(),
        };
    }
    match plain.starts_with("file:") || !plain.contains("://") {
        true => Source::Path,
        false => Source::Url(plain.to_owned()),
    }
}
