//! `luthier dockerfile`: an image of one binary of the workspace, or of a project in Python.

mod python;

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, OutputFolder, Writing};
use super::python_packages;
use super::saved_options::{self, SavedOptions};
use crate::cargo::metadata::{Platform, local_rust};
use crate::cargo::workspace::Workspace;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::files;
use crate::package::binary::{self, Chosen};
use crate::package::dockerfile::{self, Base, Surroundings, Wanted};
use crate::package::embedded;
use crate::paths::slashed;
use crate::project::Project;
use crate::scaffold::Shipping;

/// Write a Dockerfile that fits this project, made by Luthier or not
///
/// Run it again when the workspace has changed: your own edits are kept, and so are the options.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier dockerfile                       Dockerfile and .dockerignore
  luthier dockerfile --bin api             Of several binaries, this one
  luthier dockerfile --base distroless     Linked against the base's C library
  luthier dockerfile --check               In CI: exit 1 when it is out of date
  luthier dockerfile --output -            Only print it")]
pub(crate) struct Args {
    /// The binary to run, where there are several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// What the image starts from [default: the smallest that has what the program needs]
    #[arg(long, value_enum)]
    base: Option<Base>,
    /// The port that the program listens on [default: 8000 for a site made by Luthier]
    #[arg(long)]
    port: Option<u16>,
    /// Where to write it; `-` prints it [default: Dockerfile]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

impl SavedOptions for Args {
    const COMMAND: &'static str = "dockerfile";
    const OUTPUT: &'static str = "Dockerfile";

    fn to_args(&self) -> Vec<String> {
        [
            saved_options::words("--bin", self.bin.as_ref()),
            saved_options::words("--base", self.base.as_ref().map(saved_options::name_of)),
            saved_options::words("--port", self.port),
        ]
        .concat()
    }

    fn merge(self, saved: Self) -> Self {
        Self {
            bin: self.bin.or(saved.bin),
            base: self.base.or(saved.base),
            port: self.port.or(saved.port),
            ..self
        }
    }
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if let Some(project) = python_packages::project(context)? {
        return python::run(context, &project, args);
    }
    let workspace = Workspace::find(&context.directory)?;
    let project = Project::at(&workspace.root)?;
    let to_stdout = args
        .output
        .as_deref()
        .is_some_and(|path| path.as_os_str() == "-");
    let output = args.output.clone().filter(|_| !to_stdout);
    let default = workspace.root.join("Dockerfile");
    let (mut place, name) = OutputFolder::file(
        context,
        &workspace.root,
        output.as_deref().unwrap_or(&default),
    )?;
    let file = slashed(&place.prefix.join(&name));
    let (args, store) = args.load(&place, &name, &file)?;
    let chosen = binary::choose(
        &workspace,
        project.as_ref().map(|project| project.name.as_str()),
        args.bin.as_deref(),
    )?;
    let is_inside = place.root == workspace.root;
    let wanted = Wanted {
        base: args.base,
        port: args.port,
        ignored: match is_inside && file == "Dockerfile" {
            true => ".dockerignore".to_owned(),
            false => format!("{file}.dockerignore"),
        },
        file,
    };
    let graph = workspace.graph(&Platform::Triple(IMAGE.to_owned()), false)?;
    let written = files::read(&place.root.join(&wanted.file))?;
    let around = surroundings(&workspace, project.as_ref(), chosen, written.as_deref())?;
    let image = dockerfile::image(&workspace, &graph, chosen, &around, &wanted)?;
    let generated = args.save(store, image.files)?;
    if to_stdout {
        for file in generated
            .files
            .iter()
            .filter(|file| file.path == wanted.file)
        {
            context.output.data(file.text.trim_end());
        }
        return Ok(ExitCode::SUCCESS);
    }
    place.prefix = PathBuf::new();
    let done = deployment::write(context, "dockerfile", &place, generated, args.writing)?;
    if !args.writing.check {
        for note in image.notes {
            context.output.warning(note);
        }
    }
    Ok(done)
}

/// The platform that images are made for. Which packages a program needs differs little from one Linux to another.
pub(crate) const IMAGE: &str = "x86_64-unknown-linux-gnu";

/// The compiler that a Dockerfile asks for.
fn compiler_of(text: &str) -> Option<&str> {
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix("ARG RUST_VERSION="))
}

/// What the binary `name` is told to do while its image is built: no other program is there that could do something.
fn arguments(shipping: &Shipping, name: &str) -> Result<Vec<Vec<String>>> {
    let commands = shipping.build.iter().flatten();
    commands
        .map(|command| match command.split_first() {
            Some((first, arguments)) if first == "{project}" || first == name => {
                Ok(arguments.to_vec())
            }
            _ => Err(Error::bad_input(format_args!(
                "package.build: `{}` is not the program of this image, `{name}`",
                command.join(" ")
            ))
            .hint(format!("start it with \"{{project}}\" or \"{name}\""))),
        })
        .collect()
}

/// Reads what lies around the binary, for which `written` was generated before.
fn surroundings<'a>(
    workspace: &Workspace,
    project: Option<&'a Project>,
    chosen: Chosen,
    written: Option<&str>,
) -> Result<Surroundings<'a>> {
    let sources = workspace.sources()?;
    // The main file may only call the package's library.
    let main = workspace.read(&chosen.binary.source)?;
    let own = workspace.sources_of(chosen.member)?;
    let healthcheck = main
        .iter()
        .chain(&own)
        .any(|text| text.contains("\"healthcheck\""));
    let mut asking_git = Vec::new();
    for member in &workspace.members {
        let script = member.build_script.as_ref();
        let script = script.map_or(Ok(None), |path| workspace.read(path))?;
        if script.is_some_and(|text| embedded::asks_git(&text)) {
            asking_git.push(member.name.clone());
        }
    }
    let member = &chosen.member.dir;
    let mut folders: Vec<String> = Vec::new();
    for name in embedded::FOLDERS {
        let places = [(*name).to_owned(), format!("{member}/{name}")];
        let found = places.iter().filter(|path| workspace.has_folder(path));
        folders.extend(found.filter(|path| !path.starts_with('/')).cloned());
    }
    let shipping = match project {
        Some(project) => project.shipping()?,
        None => Shipping::default(),
    };
    if let Some(named) = &shipping.folders {
        folders.clone_from(named);
    }
    let folders = folders.into_iter().map(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let embedded = embedded::is_embedded(name, &sources);
        (path, embedded)
    });
    Ok(Surroundings {
        project,
        healthcheck,
        folders: folders.collect(),
        asking_git,
        build: arguments(&shipping, &chosen.binary.name)?,
        serve: shipping.serve.unwrap_or_default(),
        sqlx_offline: workspace.has_folder(".sqlx"),
        // A newer compiler on this machine, or another one in CI, is no reason to change the image.
        local_rust: match written.and_then(compiler_of) {
            Some(version) => version.to_owned(),
            None => local_rust()?,
        },
    })
}
