//! The command line: global options, the list of commands, and the way from arguments to an exit code.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::apply;
use crate::commands::*;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Output;

/// The Django experience for Rust backends, without a framework in the binary.
#[derive(Debug, Parser)]
#[command(
    name = "luthier",
    version,
    arg_required_else_help = true,
    after_help = "\
From nothing to a site:
  luthier startproject bookstore && cd bookstore
  luthier startapp books
  luthier startmodel books Book 'title:string(200)' author:string
  luthier makemigrations && luthier migrate
  luthier runserver

`luthier help COMMAND` has examples of each."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Work as if started in DIR
    #[arg(short = 'C', long, value_name = "DIR", global = true)]
    directory: Option<PathBuf>,
    /// Work on the database NAME of `[databases]` in luthier.toml
    #[arg(long, value_name = "NAME", global = true)]
    db: Option<String>,
    /// Say only what matters
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more; repeat for even more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// When to colour the output (`NO_COLOR` is respected)
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", global = true)]
    color: ColorChoice,
    /// Never ask: a question that matters becomes an error
    #[arg(long, global = true)]
    no_input: bool,
    /// Report as JSON where the command lists or reports
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Startproject(startproject::Args),
    Startapp(startapp::Args),
    Startmodel(startmodel::Args),
    Startviews(startviews::Args),
    Add(add::Args),
    Makemigrations(makemigrations::Args),
    Migrate(migrate::Args),
    Showmigrations(showmigrations::Args),
    Sqlmigrate(sqlmigrate::Args),
    Squashmigrations(squashmigrations::Args),
    Inspectdb(inspectdb::Args),
    Init(init::Args),
    Check(check::Args),
    Createsuperuser(createsuperuser::Args),
    Changepassword(changepassword::Args),
    Clearsessions(clearsessions::Args),
    Sendtestemail(sendtestemail::Args),
    Runserver(runserver::Args),
    Demo(demo::Args),
    Dockerfile(dockerfile::Args),
    Compose(compose::Args),
    Kubernetes(kubernetes::Args),
    Systemd(systemd::Args),
    Requirements(requirements::Args),
    Completions(completions::Args),
}

/// Runs the tool on `args` (the program's name first) and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(ended) = verbs::run(&args, &is_command) {
        return ended.unwrap_or_else(|error| {
            Output::new(anstream::ColorChoice::Auto, false, 0).error(&error);
            error.exit_code()
        });
    }
    let cli = match parse(&args) {
        Ok(cli) => cli,
        Err(error) => {
            // A reader that closed the pipe wants no more: not an error.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let color = match cli.global.color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    let output = Output::new(color, cli.global.quiet, cli.global.verbose);
    match dispatch(cli, output.clone()) {
        Ok(code) => code,
        Err(error) => {
            output.error(&error);
            error.exit_code()
        }
    }
}

/// Whether a command is called so.
fn is_command(name: &str) -> bool {
    Cli::command().find_subcommand(name).is_some()
}

/// Help and usage errors are printed before the options are known, so `--color` is looked for beforehand.
fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let mut wanted = args
        .iter()
        .skip_while(|arg| !arg.as_encoded_bytes().starts_with(b"--color"));
    let wanted = match wanted.next().and_then(|arg| arg.to_str()) {
        Some("--color") => wanted.next().and_then(|arg| arg.to_str()),
        Some(arg) => arg.strip_prefix("--color="),
        None => None,
    };
    let color = wanted.and_then(|when| ColorChoice::from_str(when, true).ok());
    let matches = Cli::command()
        .color(color.unwrap_or_default())
        .try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

fn dispatch(cli: Cli, output: Output) -> Result<ExitCode> {
    let directory = working_folder(cli.global.directory.as_deref())?;
    apply::recover(&output, &directory)?;
    let mut context = Context::new(directory, output, cli.global.json, cli.global.no_input);
    context.database = cli.global.db;
    match cli.command {
        Command::Startproject(args) => startproject::run(&context, args),
        Command::Startapp(args) => startapp::run(&context, args),
        Command::Startmodel(args) => startmodel::run(&context, args),
        Command::Startviews(args) => startviews::run(&context, args),
        Command::Add(args) => add::run(&context, args),
        Command::Makemigrations(args) => makemigrations::run(&context, args),
        Command::Migrate(args) => migrate::run(&context, args),
        Command::Showmigrations(args) => showmigrations::run(&context, args),
        Command::Sqlmigrate(args) => sqlmigrate::run(&context, args),
        Command::Squashmigrations(args) => squashmigrations::run(&context, args),
        Command::Inspectdb(args) => inspectdb::run(&context, args),
        Command::Init(args) => init::run(&context, args),
        Command::Check(args) => check::run(&context, args),
        Command::Createsuperuser(args) => createsuperuser::run(&context, args),
        Command::Changepassword(args) => changepassword::run(&context, args),
        Command::Clearsessions(args) => clearsessions::run(&context, args),
        Command::Sendtestemail(args) => sendtestemail::run(&context, args),
        Command::Runserver(args) => runserver::run(&context, args),
        Command::Demo(args) => demo::run(&context, args),
        Command::Dockerfile(args) => dockerfile::run(&context, args),
        Command::Compose(args) => compose::run(&context, args),
        Command::Kubernetes(args) => kubernetes::run(&context, args),
        Command::Systemd(args) => systemd::run(&context, args),
        Command::Requirements(args) => requirements::run(&context, args),
        Command::Completions(args) => completions::run(&context, args, Cli::command()),
    }
}

/// Moves to `--directory`, as `git -C` and `make -C` do, so that relative paths and child processes start there too.
fn working_folder(directory: Option<&Path>) -> Result<PathBuf> {
    if let Some(directory) = directory {
        std::env::set_current_dir(directory).map_err(|error| {
            let directory = directory.display();
            Error::bad_input(format_args!("--directory {directory}: {error}"))
        })?;
    }
    std::env::current_dir()
        .map_err(|error| Error::failed(format_args!("the current folder is unreadable: {error}")))
}
