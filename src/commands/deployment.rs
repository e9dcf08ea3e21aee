//! What the commands that write deployment files have in common.

use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::package::File;
use crate::plan::Plan;
use crate::project::{self, Project};
use crate::scaffold::Language;

/// How the files are written.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Writing {
    /// Only say whether what was generated is up to date: exit 1 if not
    #[arg(long)]
    pub(crate) check: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Where files go: a plan is made for `root`, with paths that begin with `prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputFolder {
    pub(crate) root: PathBuf,
    /// Relative to the root, with `/`; empty for the root itself.
    pub(crate) prefix: PathBuf,
    /// Whether the root is the project's.
    pub(crate) in_project: bool,
}

/// What a generator has made, and the options with which it did.
pub(crate) struct Generated {
    pub(crate) files: Vec<File>,
    /// The change of `luthier.toml` that keeps them.
    pub(crate) options: Option<ManifestEdit>,
}

impl From<Vec<File>> for Generated {
    /// Files whose options nobody keeps.
    fn from(files: Vec<File>) -> Self {
        Self {
            files,
            options: None,
        }
    }
}

/// What `luthier.toml` held, and what it shall hold.
pub(crate) struct ManifestEdit {
    pub(crate) before: String,
    pub(crate) after: String,
}

impl OutputFolder {
    /// The folder `output`, relative to where the command was started; what is generated is kept with the project at
    /// `root` if it lies there, or else in the folder itself. Without `output`, `default` in the project.
    pub(crate) fn folder(
        context: &Context,
        root: &Path,
        output: Option<&Path>,
        default: &str,
    ) -> Result<Self> {
        let Some(output) = output else {
            return Ok(Self {
                root: root.to_owned(),
                prefix: default.into(),
                in_project: true,
            });
        };
        let path: PathBuf = context.directory.join(output).components().collect();
        if path.components().any(|part| part == Component::ParentDir) {
            let output = output.display();
            return Err(
                Error::bad_input(format_args!("--output {output} holds `..`"))
                    .hint("write the path without"),
            );
        }
        Ok(match path.strip_prefix(root) {
            Ok(prefix) => Self {
                root: root.to_owned(),
                prefix: prefix.to_owned(),
                in_project: true,
            },
            Err(_) => Self {
                root: path,
                prefix: PathBuf::new(),
                in_project: false,
            },
        })
    }

    /// The folder of the file `output`, and its name.
    pub(crate) fn file(context: &Context, root: &Path, output: &Path) -> Result<(Self, String)> {
        let name = output.file_name().and_then(|name| name.to_str());
        let name = name.filter(|_| !output.as_os_str().to_string_lossy().ends_with('/'));
        let Some(name) = name else {
            let output = output.display();
            return Err(Error::bad_input(format_args!(
                "--output {output} is not the name of a file"
            )));
        };
        if context.directory.join(output).is_dir() {
            let output = output.display();
            return Err(
                Error::bad_input(format_args!("--output {output} is a folder"))
                    .hint("name a file in it"),
            );
        }
        let folder = output.parent().unwrap_or(Path::new(""));
        Ok((
            Self::folder(context, root, Some(folder), "")?,
            name.to_owned(),
        ))
    }

    /// From the folder back to the root: `.`, `..`, `../..`.
    pub(crate) fn way_back(&self) -> String {
        match self.prefix.components().count() {
            0 => ".".to_owned(),
            depth => vec![".."; depth].join("/"),
        }
    }
}

/// Writes the files, keeping what their owner changed since they were generated last.
pub(crate) fn write(
    context: &Context,
    title: &str,
    place: &OutputFolder,
    generated: impl Into<Generated>,
    writing: Writing,
) -> Result<ExitCode> {
    let generated = generated.into();
    let mut plan = Plan::new(title, &place.root);
    for file in generated.files {
        plan.refresh(place.prefix.join(file.path), file.text);
    }
    if let Some(ManifestEdit { before, after }) = generated.options {
        plan.edit(project::FILE, before, after);
    }
    let applied = apply::run(context, &plan, writing.dry_run || writing.check)?;
    if writing.check && applied.changed {
        return Err(
            Error::failed("what was generated is out of date").hint(format!(
                "`luthier {title}` brings it up to date and keeps what you changed"
            )),
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The project whose site is deployed: one that keeps to the conventions of a pack.
pub(crate) fn project(context: &Context) -> Result<Project> {
    let project = Project::find(context)?;
    match project.is_adopted() {
        false if project.language == Language::Rust && project.dialects.is_empty() => {
            Err(Error::bad_input("this site has no database, and these files are about sites that have one")
                .hint("`luthier dockerfile` makes its image, which is all that it needs to run"))
        }
        false => Ok(project),
        true => Err(Error::bad_input(
            "only a site that `luthier startproject` made keeps to what this knows: its settings, `migrate`, `/readyz`",
        )
        .hint("`luthier dockerfile` makes an image of any program")),
    }
}

/// A host's name as it may stand in configuration files.
pub(crate) fn domain(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let label =
        |label: &str| !label.is_empty() && label.chars().all(allowed) && !label.starts_with('-');
    match text.split('.').all(label) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err("it is not the name of a host, like shop.example.org".to_owned()),
    }
}
