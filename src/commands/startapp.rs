//! `luthier startapp NAME`: a new app crate, registered everywhere it must be.

use std::path::Path;
use std::process::ExitCode;

use super::python;
use crate::apply;
use crate::cargo::lockfile;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::{Apps, Feature, Language, Pack, Rendered, app, values};

/// Add an app to the project
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier startapp books              The crate apps/books
  luthier startapp books --dry-run    Only show what would be made")]
pub(crate) struct Args {
    /// The app's name, also its crate's: lower case letters, digits and `_`
    name: String,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let name = &args.name;
    if project.language == Language::Python {
        return python::startapp(context, &project, name, args.dry_run);
    }
    let pack = project.pack()?;
    if !pack.has("app") {
        return Err(Error::bad_input(format_args!(
            "the pack `{}` has no apps: {}",
            project.scaffold.name, pack.manifest.description
        ))
        .hint("a project with apps: luthier startproject NAME --scaffold web (or minimal, api, django)"));
    }
    let apps = pack.manifest.apps;
    check_feature(&project, &pack, name)?;
    project.check_app_name(name)?;
    app::check_address(name)?;
    if project.app(name).is_none() {
        let file = match apps {
            Apps::Crates => app::URLS,
            Apps::Modules | Apps::Blueprints => app::PROGRAM,
        };
        app::check_imports(name, file, &project.read(file)?.unwrap_or_default())?;
    }
    let known = values::of_project(
        &project.name,
        &project.dialects,
        &pack,
        &project.scaffold.choices(),
    );
    let files = pack.render("app", &app::values(known, name))?;
    check_untouched(&project, apps, name, &files)?;

    let read = |path: &str| project.read(path);
    let edits = match apps {
        Apps::Crates => app::wire(
            app::Wired {
                name,
                router: None,
                templates: pack.has("app/templates"),
            },
            &read,
        )?,
        Apps::Modules | Apps::Blueprints => app::wire_module(name, &read)?,
    };
    let mut plan = Plan::new(format!("startapp {name}"), &project.root);
    for file in files {
        plan.create(folder(apps, name).join(file.path), file.contents);
    }
    edits.plan(&mut plan);
    lockfile::keep_up(&mut plan, &read)?;
    let applied = apply::run(context, &plan, args.dry_run)?;
    if applied.changed && !args.dry_run {
        context.output.status(match apps {
            Apps::Crates => format!(
                "\nThe app {name} is ready. What comes next:\n\n  \
                 luthier startmodel {name} Book 'title:string(200)' 'author:string(100)'"
            ),
            Apps::Modules | Apps::Blueprints => {
                format!("\nThe app {name} is ready: src/{name}/urls.rs has its addresses.")
            }
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// What the pack brings ready-made is not started empty.
fn check_feature(project: &Project, pack: &Pack, name: &str) -> Result<()> {
    let brought = |(_, feature): &(&String, &Feature)| feature.app.as_deref() == Some(name);
    let Some((feature, _)) = pack.manifest.features.iter().find(brought) else {
        return Ok(());
    };
    match (project.scaffold.choices().has(feature), project.app(name)) {
        (true, _) => Err(Error::bad_input(format_args!(
            "the app `{name}` is there already: it came with the feature `{feature}`"
        ))
        .hint(format!(
            "add to it with `luthier startmodel {name} MODEL FIELD…`"
        ))),
        (false, None) => Err(Error::bad_input(format_args!(
            "`{name}` is what the feature `{feature}` brings"
        ))
        .hint(format!(
            "add it with `luthier add {feature}`, or give the new app another name"
        ))),
        (false, Some(_)) => Ok(()),
    }
}

fn folder(apps: Apps, name: &str) -> std::path::PathBuf {
    match apps {
        Apps::Crates => Path::new("apps").join(name),
        Apps::Modules | Apps::Blueprints => Path::new("src").join(name),
    }
}

/// An app is never made over another one; only running the same command again is fine.
fn check_untouched(project: &Project, apps: Apps, name: &str, files: &[Rendered]) -> Result<()> {
    let listed = project.app(name).is_some();
    for file in files {
        let path = folder(apps, name).join(&file.path);
        let there = project.read(&path)?;
        let same = there.as_ref().map(|text| text.as_bytes() == file.contents);
        if same == Some(true) || same.is_none() && !listed {
            continue;
        }
        let path = path.display();
        return Err(match (listed, same) {
            (true, Some(_)) => Error::bad_input(format_args!(
                "the app `{name}` is there already, and {path} has changed since"
            )),
            (true, None) => Error::bad_input(format_args!(
                "the app `{name}` is there already, without {path}"
            )),
            (false, _) => Error::bad_input(format_args!(
                "{path} is there already, although luthier.toml lists no app `{name}`"
            )),
        }
        .hint(format!("add to it with `luthier startmodel {name} MODEL FIELD…`, or give the new app another name")));
    }
    Ok(())
}
