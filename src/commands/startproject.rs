//! `luthier startproject NAME [DIR]`: a new project from a pack.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use crate::apply;
use crate::ask;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::git;
use crate::names;
use crate::paths;
use crate::plan::Plan;
use crate::project::{self, pack};
use crate::scaffold::{Choices, Language, Pack, PackQuestion, Rendered, app, new_project, values};
use crate::sql::Dialect;

/// Make a new project
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier startproject bookstore                Make ./bookstore
  luthier startproject bookstore .              Make it in this empty folder
  luthier startproject bookstore --dry-run      Only show what would be made
  luthier startproject shop --database postgres
  luthier startproject --list                   What can be made
  luthier startproject shop --scaffold api      A JSON API, without pages
  luthier startproject notes --scaffold minimal One file
  luthier startproject blog --scaffold static   A static site
  luthier startproject shop --scaffold django   A Django project
  luthier startproject shop --scaffold ../our-pack --set theme=dark")]
pub(crate) struct Args {
    /// The project's name: lower case letters, digits, `-` and `_`
    #[arg(
        required_unless_present = "list",
        default_value = "",
        hide_default_value = true
    )]
    name: String,
    /// The folder to make it in; if it exists, it must be empty [default: ./NAME]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// What to make it from: a pack of Luthier's (see --list) or a folder that holds one
    #[arg(long, value_name = "PACK", default_value = "web")]
    scaffold: String,
    /// Databases it can speak to, of `sqlite`, `postgres` and `mysql`; the first is for development
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        hide_possible_values = true,
        value_delimiter = ',',
        default_value = "sqlite,postgres"
    )]
    database: Vec<Dialect>,
    /// Answer a question of the pack, or leave a feature out (`accounts=false`); may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    answers: Vec<(String, String)>,
    /// List the packs that come with Luthier, and make nothing
    #[arg(long, conflicts_with_all = ["name", "answers", "dry_run"])]
    list: bool,
    /// Make no git repository
    #[arg(long)]
    no_git: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if args.list {
        return list(context);
    }
    let found = pack::find(&args.scaffold, &context.directory)?;
    let pack = &found.pack;
    match pack.manifest.language {
        Language::Rust => names::project(&args.name, &[])?,
        Language::Python => names::python::project(&args.name)?,
    }
    let root = target(context, &args)?;
    apply::recover(&context.output, &root)?;
    check_vacant(&root, &args.name)?;

    let given: BTreeMap<String, String> = args.answers.iter().cloned().collect();
    let choices = pack
        .manifest
        .choices(&given, &mut |key, question| answer(context, key, question))?;
    let dialects = distinct(&args.database);
    let values = values::of_project(&args.name, &dialects, pack, &choices);
    let mut files = new_project::files(pack, &values, &choices)?;
    if pack.manifest.language == Language::Rust {
        check_crates(&args.name, &files)?;
        check_outer_workspaces(&root, &files)?;
    }
    stamp(&mut files, found.source.as_deref(), &choices)?;

    let mut plan = Plan::new(format!("startproject {}", args.name), &root);
    for file in files {
        plan.create(file.path, file.contents);
    }
    apply::run(context, &plan, args.dry_run)?;
    if !args.dry_run {
        if !args.no_git {
            git::init(&context.output, &root);
        }
        let has_models = pack.has("model") && values.get("database") != Some(&false.into());
        say_what_next(context, &args.name, &root, pack, has_models);
    }
    Ok(ExitCode::SUCCESS)
}

/// What can be made, one pack a line.
fn list(context: &Context) -> Result<ExitCode> {
    let packs = pack::list()?;
    if context.json {
        context.output.data(serde_json::to_string_pretty(&packs)?);
        return Ok(ExitCode::SUCCESS);
    }
    for pack in &packs {
        let language = match pack.language {
            Language::Rust => "Rust",
            Language::Python => "Python",
        };
        context.output.data(format_args!(
            "{:<8}  {language:<6}  {}\n{:18}{} files, {} packages",
            pack.name, pack.description, "", pack.files, pack.packages
        ));
    }
    context.output.status(
        "\nMake one with `luthier startproject NAME --scaffold PACK`; a pack of your own is given as a path to its folder.",
    );
    Ok(ExitCode::SUCCESS)
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it is not KEY=VALUE".to_owned()),
    }
}

/// The folder to make the project in, absolute and without `..`.
fn target(context: &Context, args: &Args) -> Result<PathBuf> {
    let wanted = args.folder.as_deref().unwrap_or(Path::new(&args.name));
    let path: PathBuf = context.directory.join(wanted).components().collect();
    if !path.components().any(|part| part == Component::ParentDir) {
        return Ok(path);
    }
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        if let Ok(found) = existing.canonicalize() {
            return Ok(missing
                .iter()
                .rev()
                .fold(found, |path, name| path.join(name)));
        }
        let (Some(name), Some(above)) = (existing.file_name(), existing.parent()) else {
            let wanted = wanted.display();
            return Err(Error::bad_input(format_args!(
                "{wanted} leaves a folder that is not there"
            ))
            .hint("write the path without `..`"));
        };
        missing.push(name);
        existing = above;
    }
}

fn check_vacant(root: &Path, name: &str) -> Result<()> {
    match project::occupied(root)? {
        None => Ok(()),
        Some(reason) => Err(Error::bad_input(reason).hint(format!(
            "give another folder: `luthier startproject {name} DIR`"
        ))),
    }
}

fn distinct(dialects: &[Dialect]) -> Vec<Dialect> {
    let mut distinct = Vec::new();
    for dialect in dialects {
        if !distinct.contains(dialect) {
            distinct.push(*dialect);
        }
    }
    distinct
}

/// The project must not be called like a crate that it uses, or like something its own source files name.
fn check_crates(name: &str, files: &[Rendered]) -> Result<()> {
    let sources = files.iter().filter(|file| {
        let parts: Vec<_> = file.path.iter().collect();
        file.path
            .extension()
            .is_some_and(|extension| extension == "rs")
            && parts.len() == 2
            && (parts[0] == "src" || parts[0] == "tests")
    });
    for file in sources {
        let text = String::from_utf8_lossy(&file.contents);
        names::project(name, &app::names_in_use(&text))?;
    }
    for file in files
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml"))
    {
        let text = String::from_utf8_lossy(&file.contents);
        let path = file.path.display().to_string();
        names::project(name, &crate::cargo::manifest::dependencies(&path, &text)?)?;
    }
    Ok(())
}

/// The project must not become a part of a workspace around it.
fn check_outer_workspaces(root: &Path, files: &[Rendered]) -> Result<()> {
    let manifests = files
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml"));
    let folder = |file: &Rendered| file.path.parent().map(paths::slashed).unwrap_or_default();
    let folders: Vec<String> = manifests.clone().map(folder).collect();
    let main = manifests.clone().find(|file| folder(file).is_empty());
    let text = main.map(|file| String::from_utf8_lossy(&file.contents));
    let own = text.is_some_and(|text| crate::cargo::manifest::is_workspace(&text));
    crate::cargo::outer_workspace::check(root, &folders, own)
}

/// Writes into `luthier.toml` what only this run knows.
fn stamp(files: &mut [Rendered], source: Option<&str>, choices: &Choices) -> Result<()> {
    let file = files
        .iter_mut()
        .find(|file| file.path == Path::new(project::FILE));
    let file = file.ok_or_else(|| {
        Error::failed(format_args!("the pack's project has no {}", project::FILE))
    })?;
    let text = String::from_utf8(std::mem::take(&mut file.contents))?;
    file.contents = project::stamped(&text, source, choices)?.into_bytes();
    Ok(())
}

/// Asks what the pack wants to know and has no default for.
fn answer(context: &Context, key: &str, question: &PackQuestion) -> Result<String> {
    let prompt = &question.prompt;
    if !context.interactive {
        return Err(Error::needs_answer(format_args!("the pack asks: {prompt}"))
            .hint(format!("answer with --set {key}=VALUE")));
    }
    if question.choices.is_empty() {
        return ask::text(prompt);
    }
    let choice = ask::choose(prompt, &question.choices)?;
    Ok(question.choices[choice].clone())
}

fn say_what_next(context: &Context, name: &str, root: &Path, pack: &Pack, has_models: bool) {
    let output = &context.output;
    let made_from = format!("{} {}", pack.manifest.name, pack.manifest.version);
    output.status(format_args!(
        "\n{name} is ready (from {made_from}). What comes next:\n"
    ));
    if let Ok(inside) = root.strip_prefix(&context.directory)
        && !inside.as_os_str().is_empty()
    {
        output.status(format_args!("  cd {}", quoted(inside)));
    }
    match (has_models, pack.has("app")) {
        (true, _) => output.status(FIRST_STEPS),
        (false, true) => output.status("  luthier startapp books\n  luthier runserver"),
        (false, false) => output.status("  luthier runserver"),
    }
}

const FIRST_STEPS: &str = "  luthier startapp books
  luthier startmodel books Book 'title:string(200)' author:string
  luthier makemigrations && luthier migrate
  luthier runserver";

/// The path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    match path
        .chars()
        .all(|c| c.is_alphanumeric() || "/_-.\\".contains(c))
    {
        true => path,
        false => format!("'{path}'"),
    }
}
