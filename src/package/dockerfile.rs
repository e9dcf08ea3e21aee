//! `Dockerfile` and `.dockerignore` for one binary of a workspace.

use clap::ValueEnum;
use serde::Serialize;

mod instructions;

use instructions::{build, list, names, reasons, rust, shell};

use super::binary::Chosen;
use super::system::{self, Needs};
use super::{File, text};
use crate::cargo::graph::{Graph, Source};
use crate::cargo::workspace::Workspace;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::scaffold::model::ACCOUNTS;
use crate::sql::Dialect;

/// What an image starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Base {
    /// Nothing: the program is linked statically
    Scratch,
    /// The C library and OpenSSL, without a shell
    Distroless,
    /// Debian, with packages of its own where the program needs them
    Debian,
}

/// What lies around the binary and decides how its image is made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings<'a> {
    /// What Luthier knows of the workspace, if it knows it.
    pub(crate) project: Option<&'a Project>,
    /// The program has a command `healthcheck`.
    pub(crate) healthcheck: bool,
    /// Folders of files that the program may want to read, relative to the root, with `/`; and whether they are
    /// compiled into it.
    pub(crate) folders: Vec<(String, bool)>,
    /// Members whose build script asks git, by name.
    pub(crate) asking_git: Vec<String>,
    /// Commands that are run while the image is built, once there is the binary: the first word is its name.
    pub(crate) build: Vec<Vec<String>>,
    /// What the program is started with.
    pub(crate) serve: Vec<String>,
    /// The queries are checked against files: there is a `.sqlx`.
    pub(crate) sqlx_offline: bool,
    /// The Rust compiler that this was made with before, or that is on this machine: where nothing else says which.
    pub(crate) local_rust: String,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) base: Option<Base>,
    pub(crate) port: Option<u16>,
    /// Where the file lies, and its `.dockerignore`: relative to the root, with `/`.
    pub(crate) file: String,
    pub(crate) ignored: String,
}

/// The files, and what their reader should know.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) files: Vec<File>,
    pub(crate) notes: Vec<String>,
}

/// The port that sites listen on.
pub(crate) const PORT: u16 = 8000;

#[derive(Serialize)]
struct Values {
    binary: String,
    build: String,
    /// Where cargo leaves what it makes.
    target: &'static str,
    rust_version: String,
    rust_why: String,
    /// A toolchain to be installed over that of the base image.
    channel: Option<String>,
    build_packages: String,
    build_why: Vec<String>,
    run_packages: String,
    run_why: Vec<String>,
    sqlx_offline: bool,
    is_static: bool,
    scratch: bool,
    distroless: bool,
    debian: bool,
    /// Folders of path dependencies that are no members.
    local: Vec<String>,
    data: bool,
    copied: Vec<Copied>,
    /// Commands that make what is copied.
    commands: Vec<String>,
    /// The arguments of the program, as JSON.
    arguments: Option<String>,
    embedded: String,
    luthier: bool,
    /// It has users, and so settings for cookies, links and mails.
    accounts: bool,
    port: Option<u16>,
    healthcheck: bool,
    labels: Vec<Label>,
}

#[derive(Serialize)]
struct Copied {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Label {
    key: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Ignored {
    dockerfile: String,
    dockerignore: String,
    luthier: bool,
}

/// The image of `chosen`.
///
/// # Errors
/// `BadInput` if what the program needs is out of reach: a dependency outside of the workspace, or a library that the
/// base does not have.
pub(crate) fn image(
    workspace: &Workspace,
    graph: &Graph,
    chosen: Chosen,
    around: &Surroundings<'_>,
    wanted: &Wanted,
) -> Result<Image> {
    let needs = needs(graph, chosen);
    let base = base(&needs, wanted.base)?;
    let mut local = outside_of_members(workspace, graph)?;
    local.extend(workspace.vendored.iter().cloned());
    // What a pack made keeps to its conventions; anything else has its own.
    let site = around.project.filter(|project| !project.is_adopted());
    let dialects = site.map(|project| &project.dialects);
    let (embedded, copied): (Vec<_>, Vec<_>) =
        around.folders.iter().partition(|(_, embedded)| *embedded);
    let (rust_version, rust_why, channel) = rust(workspace, &around.local_rust);
    let is_static = base == Base::Scratch;
    let values = Values {
        binary: chosen.binary.name.clone(),
        build: build(chosen, is_static),
        target: match is_static {
            true => "target/$(uname -m)-unknown-linux-gnu",
            false => "target",
        },
        rust_version,
        rust_why,
        channel,
        build_packages: names(&needs.build),
        build_why: reasons(&needs.build),
        run_packages: ["ca-certificates".to_owned(), names(&needs.run)]
            .join(" ")
            .trim_end()
            .to_owned(),
        run_why: reasons(&needs.run),
        sqlx_offline: around.sqlx_offline,
        is_static,
        scratch: is_static,
        distroless: base == Base::Distroless,
        debian: base == Base::Debian,
        local,
        data: dialects.is_some_and(|dialects| dialects.contains(&Dialect::Sqlite)),
        copied: copied.iter().map(|(folder, _)| copy_of(folder)).collect(),
        commands: around.build.iter().map(|words| shell(words)).collect(),
        arguments: match around.serve.as_slice() {
            [] => None,
            words => Some(serde_json::to_string(words)?),
        },
        embedded: list(
            &embedded
                .iter()
                .map(|(path, _)| path.as_str())
                .collect::<Vec<_>>(),
        ),
        luthier: dialects.is_some(),
        accounts: site.is_some_and(|project| project.scaffold.choices().has(ACCOUNTS)),
        port: wanted.port.or(dialects.map(|_| PORT)),
        healthcheck: around.healthcheck,
        labels: labels(chosen),
    };
    let files = vec![
        text::file(&wanted.file, "Dockerfile", &values)?,
        text::file(
            &wanted.ignored,
            "dockerignore",
            &Ignored {
                dockerfile: wanted.file.clone(),
                dockerignore: wanted.ignored.clone(),
                luthier: values.luthier,
            },
        )?,
    ];
    Ok(Image {
        files,
        notes: notes(&needs, around, &values),
    })
}

/// What the packages that the binary is made of need of the system.
pub(crate) fn needs(graph: &Graph, chosen: Chosen) -> Needs {
    let start = graph
        .packages
        .iter()
        .position(|package| package.member && package.name == chosen.member.name);
    let below = graph.below(start.as_slice(), false);
    system::needs(graph, &below.keys().copied().collect::<Vec<_>>())
}

/// The base asked for, or the smallest one that has what the program needs.
pub(crate) fn base(needs: &Needs, wanted: Option<Base>) -> Result<Base> {
    let lacks = |base: Base| {
        let mut packages = needs.run.iter();
        match base {
            Base::Scratch => packages.next(),
            Base::Distroless => packages.find(|package| package.name != "libssl3"),
            Base::Debian => None,
        }
    };
    let all = [
        (Base::Scratch, "scratch"),
        (Base::Distroless, "distroless"),
        (Base::Debian, "debian"),
    ];
    // A library nobody knows of may not come in a form that can be linked statically.
    let from = usize::from(!needs.unknown.is_empty());
    let mut fit = all[from..]
        .iter()
        .filter(|(base, _)| lacks(*base).is_none());
    let (smallest, name) = fit.next().unwrap_or(&all[2]);
    let wanted = wanted.unwrap_or(*smallest);
    match lacks(wanted) {
        None => Ok(wanted),
        Some(package) => Err(Error::bad_input(format_args!(
            "{} needs {}, which that base does not have",
            package.why, package.name
        ))
        .hint(format!(
            "--base {name} has it; or let the crate compile its own, if it has a feature `vendored` or `bundled`"
        ))),
    }
}

/// Folders of packages that the members depend on by path without being members themselves.
fn outside_of_members(workspace: &Workspace, graph: &Graph) -> Result<Vec<String>> {
    let local =
        |package: &&crate::cargo::graph::Package| package.source == Source::Path && !package.member;
    let mut folders = Vec::new();
    for package in graph.packages.iter().filter(local) {
        if package.dir.starts_with("..") || package.dir.contains(':') {
            return Err(Error::bad_input(format_args!(
                "the dependency {} lies outside of the workspace, at {}: no build of an image in {} can see it",
                package.name,
                package.dir,
                workspace.root.display()
            ))
            .hint("move it into the workspace, or depend on it by git or registry"));
        }
        folders.push(package.dir.clone());
    }
    folders.dedup();
    Ok(folders)
}

fn copy_of(folder: &str) -> Copied {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    Copied {
        from: folder.to_owned(),
        to: name.to_owned(),
    }
}

fn labels(chosen: Chosen) -> Vec<Label> {
    let member = chosen.member;
    let all = [
        ("title", Some(&chosen.binary.name)),
        ("description", member.description.as_ref()),
        ("licenses", member.license.as_ref()),
        ("source", member.repository.as_ref()),
    ];
    let labels = all.into_iter().filter_map(|(key, value)| {
        let value = value?.split_whitespace().collect::<Vec<_>>().join(" ");
        let value = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('$', "\\$");
        Some(Label { key, value })
    });
    labels.collect()
}

fn notes(needs: &Needs, around: &Surroundings<'_>, values: &Values) -> Vec<String> {
    let mut notes = Vec::new();
    if !values.healthcheck {
        notes.push(format!(
            "there is no HEALTHCHECK: give `{}` a command `healthcheck` that asks the running program whether it is \
             well, and run this again",
            values.binary
        ));
    }
    for (library, package) in &needs.unknown {
        notes.push(format!(
            "{package} links to `{library}`: if that is a library of the system, add its packages to the Dockerfile"
        ));
    }
    let scripts = around.asking_git.iter();
    let scripts = scripts.map(|name| format!("the build script of {name}"));
    for who in scripts.chain(needs.git.iter().cloned()) {
        notes.push(format!(
            "{who} asks git, and images are built without the repository: let it take the commit from a variable, or \
             take `**/.git` out of the .dockerignore and add `git` to the packages of the stage `rust`"
        ));
    }
    if values.port.is_none() {
        notes.push("no port is exposed: --port says which one the program listens on".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::system::SystemPackage;

    /// What a program needs that links to the libraries `run` and `unknown`.
    fn needing(run: &[&'static str], unknown: &[&str]) -> Needs {
        let package = |name: &&'static str| SystemPackage {
            name,
            license: "MIT",
            why: format!("{name}-sys"),
        };
        Needs {
            run: run.iter().map(package).collect(),
            unknown: unknown
                .iter()
                .map(|name| ((*name).to_owned(), format!("{name}-sys")))
                .collect(),
            ..Needs::default()
        }
    }

    #[test]
    fn the_base_is_the_smallest_that_has_what_is_needed() {
        let cases = [
            (needing(&[], &[]), Base::Scratch),
            (needing(&[], &["nettle"]), Base::Distroless),
            (needing(&["libssl3"], &[]), Base::Distroless),
            (needing(&["libpq5", "libssl3"], &[]), Base::Debian),
        ];
        for (needs, expected) in cases {
            assert_eq!(base(&needs, None).unwrap(), expected, "{needs:?}");
            assert_eq!(base(&needs, Some(Base::Debian)).unwrap(), Base::Debian);
        }
        let refused = |run: &[&'static str], wanted| {
            let error = base(&needing(run, &[]), Some(wanted)).unwrap_err();
            assert_eq!(error.kind, crate::error::ErrorKind::BadInput);
            format!("{error} {}", error.hints.join(" "))
        };
        let openssl = refused(&["libssl3"], Base::Scratch);
        assert!(openssl.contains("libssl3-sys needs libssl3"), "{openssl}");
        assert!(openssl.contains("--base distroless has it"), "{openssl}");
        let postgres = refused(&["libpq5"], Base::Distroless);
        assert!(postgres.contains("--base debian has it"), "{postgres}");
    }
}
