//! `luthier runserver [[ADDR:]PORT]`: the site, current after every save.

mod helpers;
mod server_command;

use std::process::ExitCode;
use std::sync::Arc;

use super::{migrate, verbs};
use crate::context::Context;
use crate::devserver::{self, Address, Migrations, Options, ReloadOptions, Site};
use crate::error::{Error, Result};
use crate::project::{FILE, Project};
use crate::scaffold::Language;

/// Serve the project and keep it current while you work on it
///
/// The site answers on while its next version is built and started, and no request fails when that takes over. What
/// the compiler has to say is shown in the terminal and over the open pages.
///
/// Any program that listens where PORT and HOST (or ADDRESS) say, or that takes over a listener as systemd hands it
/// (LISTEN_FDS), can be served: one that cargo builds, or any `command` that luthier.toml names, in any language.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Settings of the project, under [dev] in luthier.toml:
  address = \"9000\"                   Where to listen
  editor = \"zed\"                     What links to source open: vscode, vscodium, cursor, zed,
                                     idea, rustrover, or a link with {file}, {line} and {column}
  fast-rebuild = false               Build every edit with cargo, even where a faster way is possible
  hosts = [\"shop.test\"]              More names under which pages are kept current
  poll = true                        As --poll
  prepare-all-crates = false         Prepare fast rebuilds of crates that were edited, not of the others:
                                     spares the processor while nothing is edited
  prewarm-compiler = false           Do not keep a compiler started for the next edit: it makes that edit
                                     faster, and uses 240 MB for up to 15 minutes
  stop-first = true                  As --stop-first
  target-dir = \"target/runserver\"    Where to build: not where rust-analyzer does, which keeps
                                     the folder to itself while it checks. It takes as much
                                     room again, and all that is there is built once more

For a site that is not a cargo binary:
  command = [\"gunicorn\", \"shop.wsgi\"]   What serves it; {port}, {host} and {fd} are filled in
  listen = \"fds\"                      How it gets its socket: fds (LISTEN_FDS), fd ({fd}) or port ({port})
  ready = \"/healthz\"                  The path that it answers when it is ready, or \"notify\"
  check = [\"python\", \"manage.py\", \"check\"]   Run beside it after each start
  restart = [\"**/*.py\", \".env\"]       Files that it reads when it starts
  reload = [\"static/**\"]              Files that it reads at each request
  fork = true                        Of Python, on Linux: fork each version from a process that has
                                     the libraries imported

Events, with --json, are a line each on standard output; what the site writes there goes to
standard error:
  {\"event\":\"building\"}             A build starts
  {\"event\":\"serving\",\"generation\":2,\"url\":\"http://127.0.0.1:8000\",\"seconds\":0.9}
  {\"event\":\"unchanged\"}            The build came to what is served
  {\"event\":\"failed\",\"problems\":[{\"title\":…,\"text\":…,\"file\":…,\"line\":1,\"column\":1,\"link\":…}]}
  {\"event\":\"reload\"}               Open pages load again
  {\"event\":\"styles\"}               Open pages exchange their style sheets
  {\"event\":\"pending\",\"migrations\":[…],\"unmade\":[…]}

Examples:
  luthier runserver                On http://127.0.0.1:8000
  luthier runserver 9000           On another port
  luthier runserver 0.0.0.0:8000   For other machines too")]
pub(crate) struct Args {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:8000]
    #[arg(value_name = "[ADDR:]PORT")]
    address: Option<Address>,
    /// Open the site in a browser when it is up
    #[arg(long)]
    open: bool,
    /// Poll files for changes: for file systems that do not report them, such as network folders
    #[arg(long)]
    poll: bool,
    /// Build with optimisations
    #[arg(long)]
    release: bool,
    /// Stop the running version before the new one starts: for sites that cannot run twice at once. Requests wait meanwhile
    #[arg(long)]
    stop_first: bool,
    /// Leave pages as the site sends them: they do not reload themselves
    #[arg(long)]
    no_reload: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let (address, options) = settings(context, &args, &project)?;
    let pages: &[_] = match project.is_adopted() {
        true => &[],
        false if project.language == Language::Rust && project.dialects.is_empty() => &[],
        false => &[("/api/docs", "the API")],
    };
    let migrations = match options.command {
        None if project.dialects.is_empty() => None,
        None => Some(migrations(context, None)),
        Some(_) => verbs::migrations(&project)?,
    };
    let site = Site {
        root: &project.root,
        name: &project.name,
        address,
        pages,
        environment: &[],
        url_variable: url_variable(&project),
        command: "luthier runserver",
        options,
        reload_options: Some(reload_options(context, args)),
        migrations,
    };
    devserver::serve(&context.output, site)
}

/// The variable for the address that links in the site's mails lead to, where nothing else says it. The site itself
/// knows only the private one that it listens at. A `.env` that cannot be understood sets nothing; the site says so.
pub(super) fn url_variable(project: &Project) -> Option<&'static str> {
    const PUBLIC_URL: &str = "PUBLIC_URL";
    let is_set = project.is_set(PUBLIC_URL).unwrap_or_default();
    (!is_set).then_some(PUBLIC_URL)
}

/// Where and how to serve: as flags say, and `luthier.toml` where they do not.
fn settings(context: &Context, args: &Args, project: &Project) -> Result<(Address, Options)> {
    let dev = &project.dev;
    let address = match args.address {
        Some(address) => address,
        None => setting("address", dev.address.as_deref())?,
    };
    let options = Options {
        open: args.open,
        poll: args.poll || dev.poll,
        release: args.release,
        stop_first: args.stop_first || dev.stop_first,
        reload: !args.no_reload,
        json: context.json,
        ..options(project)?
    };
    Ok((address, options))
}

fn reload_options(context: &Context, args: Args) -> ReloadOptions {
    let context = unattended(context);
    ReloadOptions(Arc::new(move || {
        settings(&context, &args, &Project::find(&context)?)
    }))
}

/// What `luthier.toml` says of the development server that no flag does.
pub(super) fn options(project: &Project) -> Result<Options> {
    Ok(Options {
        command: server_command::find(project)?,
        editor: setting("editor", project.dev.editor.as_deref())?,
        hosts: project.dev.hosts.clone(),
        target_dir: project
            .dev
            .target_dir
            .as_ref()
            .map(|dir| project.root.join(dir)),
        fast_rebuild: project.dev.fast_rebuild(),
        prewarm_compiler: project.dev.prewarm_compiler(),
        prepare_all_crates: project.dev.prepare_all_crates.unwrap_or(true),
        notes: project.dev.renamed_keys(),
        ..Options::default()
    })
}

fn setting<T>(key: &str, value: Option<&str>) -> Result<T>
where
    T: std::str::FromStr<Err = String> + Default,
{
    let parsed = value.map(str::parse).transpose();
    let parsed =
        parsed.map_err(|error| Error::bad_input(format_args!("{FILE}: dev.{key}: {error}")))?;
    Ok(parsed.unwrap_or_default())
}

/// The context for what nobody sits in front of.
fn unattended(context: &Context) -> Context {
    Context {
        interactive: false,
        ..context.clone()
    }
}

/// How migrations are looked for and applied while the site is served: as by `luthier migrate`, without its output.
pub(super) fn migrations(context: &Context, database_url: Option<&'static str>) -> Migrations {
    let context = Arc::new(Context {
        output: context.output.quieter(),
        json: false,
        ..unattended(context)
    });
    let looks = Arc::clone(&context);
    Migrations {
        pending: Some(Arc::new(move || migrate::pending(&looks, database_url))),
        apply: Arc::new(move || {
            let latest = migrate::Args::latest(database_url.map(str::to_owned));
            migrate::run(&context, latest).map(drop)
        }),
    }
}
