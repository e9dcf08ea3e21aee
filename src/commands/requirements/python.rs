//! `luthier requirements` in a Python project.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::super::deployment::{self, OutputFolder, Writing};
use super::super::python_packages;
use super::Args;
use crate::cargo::index::Standing;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::package::File;
use crate::package::python::Locked;
use crate::package::python::lock::{self, LockSource};
use crate::package::requirements::{self, Finding, Format, Requirements, Scope};
use crate::project::Project;

pub(super) fn run(context: &Context, project: &Project, args: &Args) -> Result<ExitCode> {
    let cargos = [
        ("--target", args.target.is_some()),
        ("--bin", args.bin.is_some()),
    ];
    if let Some((flag, _)) = cargos.iter().find(|(_, given)| *given) {
        return Err(
            Error::bad_input(format_args!("{flag} is for Rust projects"))
                .hint("markers say where a Python package is wanted"),
        );
    }
    let locked = python_packages::locked(project)?;
    for note in &locked.notes {
        context.output.warning(note);
    }
    let findings = match args.check {
        true => check(context, project, &locked, args.dev)?,
        false => 0,
    };
    let output = args
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    if !args.check || output.is_some() {
        let format = format(context, args);
        let scope = Scope {
            // What pip installs is all of it.
            all: args.all || format == Format::Txt,
            dev: args.dev,
        };
        let mut list = list(project, &locked, scope);
        list.hashes = args.hashes;
        warn(context, &list, format);
        let text = list.text(format)?;
        let Some(output) = output else {
            context.output.data(text.trim_end());
            return Ok(ExitCode::SUCCESS);
        };
        let (place, name) = OutputFolder::file(context, &project.root, output)?;
        let writing = Writing {
            check: args.check,
            dry_run: args.dry_run,
        };
        let title = format!("requirements --output {}", output.display());
        let file = File { path: name, text };
        deployment::write(context, &title, &place, vec![file], writing)?;
    }
    super::verdict(findings)
}

/// What is said beside a list in `format`.
fn warn(context: &Context, list: &Requirements<'_>, format: Format) {
    let unknown = list
        .entries
        .iter()
        .filter(|entry| entry.package.license.is_none())
        .count();
    if format != Format::Txt && unknown > 0 {
        context.output.status(format_args!(
            "The licences of {unknown} of {} packages are not known: lock files do not hold them, installed packages do (`uv sync`).",
            list.entries.len()
        ));
    }
    if let Some(bare) = list
        .entries
        .iter()
        .find(|entry| list.hashes && entry.package.hashes.is_empty())
    {
        context.output.warning(format_args!(
            "no hash of {} is known: pip takes a list of hashes only where every package has some",
            bare.package.name
        ));
    }
}

fn list<'a>(project: &Project, locked: &'a Locked, scope: Scope) -> Requirements<'a> {
    let own = locked.graph.packages.iter().find(|package| package.member);
    let version = own
        .map(|package| package.version.clone())
        .unwrap_or_default();
    Requirements::from_graph(&locked.graph, &project.name, &version, scope)
}

/// `txt` on a pipe, for `luthier requirements > requirements.txt`.
fn format(context: &Context, args: &Args) -> Format {
    let default = match (
        context.json,
        args.hashes || !std::io::stdout().is_terminal(),
    ) {
        (true, _) => Format::Json,
        (false, true) => Format::Txt,
        (false, false) => Format::Table,
    };
    args.format.unwrap_or(default)
}

/// Reports what breaks the rules, and returns how much does.
fn check(context: &Context, project: &Project, locked: &Locked, dev: bool) -> Result<usize> {
    let all = list(project, locked, Scope { all: true, dev });
    let mut findings = requirements::check(&all, &project.policy, &|_| Standing::Good)?;
    if project.policy.licences.is_none() {
        // Lock files hold no licences, and metadata name them in many ways: they count where some are allowed alone.
        findings.retain(|finding| finding.rule != "licence");
    }
    if let (LockSource::Uv, Some(pyproject), Some(text)) = (
        locked.kind,
        project.read(lock::PYPROJECT)?,
        project.read(lock::UV)?,
    ) {
        findings.extend(
            lock::out_of_date(&pyproject, &text)?
                .into_iter()
                .map(|message| Finding {
                    rule: "lock",
                    package: lock::UV.to_owned(),
                    message,
                    hint: "bring it up to date: `uv lock`".to_owned(),
                }),
        );
    }
    super::report(context, &findings, all.entries.len(), 0)?;
    Ok(findings.len())
}
