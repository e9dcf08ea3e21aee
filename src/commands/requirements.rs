//! `luthier requirements`: what the project depends on, and whether that may be.

mod python;

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, OutputFolder, Writing};
use super::dockerfile::IMAGE;
use super::python_packages;
use crate::cargo::graph::{Graph, Package, Source};
use crate::cargo::index::{Index, Standing};
use crate::cargo::metadata::Platform;
use crate::cargo::workspace::Workspace;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::package::requirements::{self, Finding, Format, Requirements, Scope};
use crate::package::{File, binary, dockerfile};
use crate::project::Policy;
use crate::project::Project;

/// List what this project depends on: versions, licences, sources, checksums
///
/// Nothing is asked of the network: it is all in Cargo.lock and in the crates that cargo has downloaded, or in uv.lock,
/// pylock.toml or requirements.txt and in the environment of a Python project.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier requirements                          What the manifests name
  luthier requirements --all                    And all that those need, and why
  luthier requirements --format txt --output requirements.txt
  luthier requirements > requirements.txt       In a Python project: what pip installs
  luthier requirements --all --format cyclonedx > bom.json
  luthier requirements --check                  In CI: exit 1 when a rule is broken

What --check holds the dependencies to stands in luthier.toml:
  [requirements]
  licences = [\"MIT\", \"Apache-2.0\", \"BSD-3-Clause\"]   # one of them must do for each crate
  exceptions.ring = [\"ISC\"]                            # may have these besides
  banned = [\"openssl-sys\", \"time@0.1\"]
  duplicates = \"deny\"                                  # one version of each crate
  duplicates-allowed = [\"hashbrown\"]
  sources = [\"https://github.com/our-team\"]            # besides crates.io
  ignore = [\"unpinned\"]                                # rules that do not count")]
pub(crate) struct Args {
    /// Include what only dependencies depend on
    #[arg(long)]
    all: bool,
    /// Include what only tests need
    #[arg(long)]
    dev: bool,
    /// How to write the list [default: table, or json with --json; on a pipe, txt in Python projects]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// With --format txt in Python projects: the hashes that pip checks
    #[arg(long)]
    hashes: bool,
    /// The platform: a triple, or `all` [default: this one]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// The binary in the image, whose system packages are listed too, where there are several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// Check all dependencies against the rules, and FILE against the list: exit 1 if one fails
    #[arg(long)]
    check: bool,
    /// Write it to FILE [default: print it]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show what would be written to FILE, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if let Some(project) = python_packages::project(context)? {
        return python::run(context, &project, &args);
    }
    let workspace = Workspace::find(&context.directory)?;
    let project = Project::at(&workspace.root)?;
    let project = project.as_ref();
    if args.bin.is_some() {
        binary::choose(&workspace, name_of(project), args.bin.as_deref())?;
    }
    let platform = match args.target.as_deref() {
        None => Platform::Host,
        Some("all") => Platform::All,
        Some(triple) => Platform::Triple(triple.to_owned()),
    };
    let graph = workspace.graph(&platform, true)?;
    let findings = match args.check {
        true => check(context, &workspace, project, &graph, args.dev)?,
        false => 0,
    };
    let output = args
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    if !args.check || output.is_some() {
        let list = list(&workspace, project, &graph, &args)?;
        let text = list.text(format(context, &args))?;
        let Some(output) = output else {
            context.output.data(text.trim_end());
            return Ok(ExitCode::SUCCESS);
        };
        let (place, name) = OutputFolder::file(context, &workspace.root, output)?;
        let writing = Writing {
            check: args.check,
            dry_run: args.dry_run,
        };
        let title = format!("requirements --output {}", output.display());
        let file = File { path: name, text };
        deployment::write(context, &title, &place, vec![file], writing)?;
    }
    verdict(findings)
}

fn verdict(findings: usize) -> Result<ExitCode> {
    match findings {
        0 => Ok(ExitCode::SUCCESS),
        count => Err(Error::failed(format_args!(
            "the dependencies break {}",
            match count {
                1 => "a rule".to_owned(),
                _ => format!("rules in {count} places"),
            }
        ))),
    }
}

fn name_of(project: Option<&Project>) -> Option<&str> {
    project.map(|project| project.name.as_str())
}

fn format(context: &Context, args: &Args) -> Format {
    let default = match context.json {
        true => Format::Json,
        false => Format::Table,
    };
    args.format.unwrap_or(default)
}

fn list<'a>(
    workspace: &Workspace,
    project: Option<&Project>,
    graph: &'a Graph,
    args: &Args,
) -> Result<Requirements<'a>> {
    let scope = Scope {
        all: args.all,
        dev: args.dev,
    };
    let (name, version) = called(workspace, project);
    let mut list = Requirements::from_graph(graph, &name, &version, scope);
    // A workspace without a program, or with several, has no image to speak of.
    if let Ok(chosen) = binary::choose(workspace, name_of(project), args.bin.as_deref()) {
        let is_linux = args
            .target
            .as_deref()
            .is_none_or(|triple| triple.contains("linux"));
        let own;
        let graph = match is_linux && cfg!(target_os = "linux") {
            true => graph,
            false => {
                own = workspace.graph(&Platform::Triple(IMAGE.to_owned()), true);
                own.as_ref().unwrap_or(graph)
            }
        };
        let needs = dockerfile::needs(graph, chosen);
        list.system = requirements::system(&needs, dockerfile::base(&needs, None)?);
    }
    Ok(list)
}

/// What the whole is called, and its version: the project, the root package, or the folder.
fn called(workspace: &Workspace, project: Option<&Project>) -> (String, String) {
    let name = name_of(project);
    let root = workspace
        .members
        .iter()
        .find(|member| name.map_or(member.dir.is_empty(), |name| name == member.name));
    let folder = workspace.root.file_name().unwrap_or_default();
    let version = root.or(workspace.members.first());
    (
        root.map_or_else(
            || folder.to_string_lossy().into_owned(),
            |package| package.name.clone(),
        ),
        version.map_or_else(String::new, |member| member.version.clone()),
    )
}

/// Reports what breaks the rules, and returns how much does.
fn check(
    context: &Context,
    workspace: &Workspace,
    project: Option<&Project>,
    graph: &Graph,
    dev: bool,
) -> Result<usize> {
    let none = Policy::default();
    let policy = project.map_or(&none, |project| &project.policy);
    let (name, version) = called(workspace, project);
    let all = Requirements::from_graph(graph, &name, &version, Scope { all: true, dev });
    let index = Index::local();
    let standings = |package: &Package| index.standing(&package.name, &package.version);
    let findings = requirements::check(&all, policy, &standings)?;
    let public = all
        .entries
        .iter()
        .filter(|entry| entry.package.source == Source::CratesIo);
    let unknown = public.filter(|entry| standings(entry.package) == Standing::Unknown);
    report(context, &findings, all.entries.len(), unknown.count())?;
    Ok(findings.len())
}

fn report(context: &Context, findings: &[Finding], count: usize, unknown: usize) -> Result<()> {
    let output = &context.output;
    if context.json {
        output.data(serde_json::to_string_pretty(findings)?);
    } else {
        for finding in findings {
            output.data(finding);
            output.data(format_args!("    {}", finding.hint));
        }
    }
    if unknown > 0 {
        output.warning(format_args!(
            "whether {unknown} of {count} crates were withdrawn is not known: cargo has no copy of the registry's \
             index for them; `cargo update --dry-run` gets it"
        ));
    }
    if findings.is_empty() {
        output.status(format_args!("{count} dependencies, and no rule is broken."));
    }
    Ok(())
}
