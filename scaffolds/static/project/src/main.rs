//! Builds the site and serves it.

mod assets;
mod builder;
mod config;
mod feeds;
mod html;
mod links;
mod markdown;
mod output;
mod page;
mod problem;
mod server;
mod sources;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use lexopt::prelude::*;

use crate::builder::Options;
use crate::config::Config;
use crate::server::{Live, Site};

const USAGE: &str = "\
Usage: PROGRAM COMMAND

Commands:
  build [--base-url URL] [--drafts]
               Write the site to dist/
  serve [--base-url URL] [--no-drafts]
               Serve the site from its sources: an edit is seen at the next request (the default)
  serve --dir DIR
               Serve a site that was built before
  healthcheck  Ask the running site whether it is alive

`ADDRESS` says where it is served (127.0.0.1:8000), `BASE_URL` is the same as --base-url.";

/// What is to be done.
enum Command {
    Build(Options),
    Serve(Options),
    ServeBuilt(PathBuf),
    Healthcheck,
    Help,
}

fn main() -> ExitCode {
    let command = match command(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("Error: {error}\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    USAGE.replace("PROGRAM", env!("CARGO_PKG_NAME"))
}

fn command(arguments: impl Iterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut name = None;
    let mut folder = None;
    let mut drafts = None;
    let mut base_url = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("base-url") => base_url = Some(parser.value()?.parse()?),
            Long("drafts") => drafts = Some(true),
            Long("no-drafts") => drafts = Some(false),
            Long("dir") => folder = Some(PathBuf::from(parser.value()?)),
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(value) if name.is_none() => name = Some(value.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    if base_url.is_none()
        && let Ok(text) = std::env::var("BASE_URL")
        && !text.is_empty()
    {
        base_url = Some(text.parse().map_err(|error| format!("BASE_URL: {error}"))?);
    }
    let options = |drafts_by_default, hashed| Options {
        drafts: drafts.unwrap_or(drafts_by_default),
        hashed,
        base_url,
    };
    match (name.as_deref(), folder) {
        (Some("build"), None) => Ok(Command::Build(options(false, true))),
        (None | Some("serve"), None) => Ok(Command::Serve(options(true, false))),
        (None | Some("serve"), Some(folder)) => Ok(Command::ServeBuilt(folder)),
        (Some("healthcheck"), None) => Ok(Command::Healthcheck),
        (Some("help"), None) => Ok(Command::Help),
        (Some("build" | "healthcheck" | "help"), Some(_)) => Err("--dir is for `serve`".into()),
        (Some(other), _) => Err(format!("there is no command `{other}`").into()),
    }
}

fn run(command: Command) -> std::io::Result<()> {
    let root = PathBuf::from(".");
    match command {
        Command::Build(options) => build(&root, &options),
        Command::Serve(options) => {
            let mut live = Live::new(root, options);
            live.refresh();
            serve(Site::Live(Arc::new(Mutex::new(live))))
        }
        Command::ServeBuilt(folder) => {
            let files = output::read(&folder).map_err(|error| {
                std::io::Error::new(error.kind(), format!("{}: {error}", folder.display()))
            })?;
            serve(Site::Built(Arc::new(files)))
        }
        Command::Healthcheck => server::check_health(),
        Command::Help => {
            println!("{}", usage());
            Ok(())
        }
    }
}

#[tokio::main]
async fn serve(site: Site) -> std::io::Result<()> {
    server::serve(site).await
}

fn build(root: &Path, options: &Options) -> std::io::Result<()> {
    let files = builder::build(root, options).map_err(|problems| {
        for problem in &problems {
            eprintln!("{problem}");
        }
        let count = problems.len();
        let errors = if count == 1 { "error" } else { "errors" };
        std::io::Error::other(format!("{count} {errors}; {} is as it was", output::FOLDER))
    })?;
    output::write(root, &files)?;
    let pages = files.keys().filter(|path| path.ends_with(".html")).count();
    println!(
        "{pages} pages, {} files in {}/",
        files.len(),
        output::FOLDER
    );
    let config =
        Config::read(root).map_err(|problem| std::io::Error::other(problem.to_string()))?;
    if options.base_url.is_none() && config.base_url.is_none() {
        eprintln!(
            "Note: feed.xml and sitemap.xml say {}: set `base-url` in site.toml, or give --base-url, before you publish",
            config.published_at()
        );
    }
    Ok(())
}
