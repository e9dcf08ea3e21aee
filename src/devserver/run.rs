//! The loop of the development server: events to the state, its actions to the hands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, RwLock};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::address::Address;
use super::browser::Pages;
use super::change::Change;
use super::editor::Editor;
use super::hands::Hands;
use super::port;
use super::process::interrupted;
use super::proxy::{self, Shared, Switch};
use super::settings::{Reread, Settings};
use super::shortcut::Shortcut;
use super::state::{Action, Event, State};
use super::terminal::Terminal;
use super::watch::{Inputs, Watch};
use crate::error::Result;
use crate::interrupt;
use crate::output::Output;

/// A site to develop.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) root: &'a Path,
    /// The project's name, which its binary bears.
    pub(crate) name: &'a str,
    pub(crate) address: Address,
    /// Pages worth opening, as paths below the address with what they are.
    pub(crate) pages: &'a [(&'a str, &'a str)],
    /// Variables that the site sees besides those of this process.
    pub(crate) environment: &'a [(&'static str, &'static str)],
    /// The command that serves it; an address may follow.
    pub(crate) again: &'a str,
    pub(crate) options: Options,
    /// How address and options are read again when the settings have changed.
    pub(crate) reread: Option<Reread>,
    /// Its database's migrations, if it has any to speak of.
    pub(crate) migrations: Option<Migrations>,
}

/// What the development server does about migrations. Both functions take their time, on a thread of their own.
#[derive(Clone)]
pub(crate) struct Migrations {
    /// The names of those that the database has yet to see.
    pub(crate) pending: Arc<dyn Fn() -> Result<Vec<String>> + Send + Sync>,
    /// Applies them, as `luthier migrate` does.
    pub(crate) apply: Arc<dyn Fn() -> Result<()> + Send + Sync>,
}

impl std::fmt::Debug for Migrations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Migrations")
    }
}

/// How it is served.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Open the site in a browser when it is up.
    pub(crate) open: bool,
    /// Look at files instead of waiting to be told of changes.
    pub(crate) poll: bool,
    /// Build optimised.
    pub(crate) release: bool,
    /// End the old generation before the new one starts.
    pub(crate) stop_first: bool,
    /// Build every edit by cargo.
    pub(crate) cargo_only: bool,
    /// Have no compiler wait for the next edit.
    pub(crate) spare_memory: bool,
    /// Keep open pages current.
    pub(crate) reload: bool,
    /// Report what happens as JSON, a line each, on standard output.
    pub(crate) json: bool,
    pub(crate) editor: Editor,
    /// Names of this machine besides those that always are.
    pub(crate) hosts: Vec<String>,
    /// Where cargo puts what it builds, if not where it does by itself.
    pub(crate) target_dir: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            open: false,
            poll: false,
            release: false,
            stop_first: false,
            cargo_only: false,
            spare_memory: false,
            reload: true,
            json: false,
            editor: Editor::default(),
            hosts: Vec::new(),
            target_dir: None,
        }
    }
}

/// Serves `site` and keeps it current until interrupted.
///
/// # Errors
/// When the address cannot be listened on, the project cannot be watched, or cargo does not start. Errors of the
/// project's own code are shown and waited out.
pub(crate) fn serve(output: &Output, site: Site<'_>) -> Result<ExitCode> {
    let listener = port::listen(site.address, site.again)?;
    let asked = site.address;
    let address = Address(listener.local_addr()?);
    listener.set_nonblocking(true)?;
    interrupt::hand_over();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let terminal = Terminal::new(output, site.options.json);
    let site = Site { address, ..site };
    let ended = runtime.block_on(run(&terminal, site, asked, listener));
    terminal.end();
    // A file watcher that is closing must not delay the end.
    runtime.shutdown_background();
    ended
}

async fn run(
    terminal: &Terminal,
    site: Site<'_>,
    asked: Address,
    listener: std::net::TcpListener,
) -> Result<ExitCode> {
    let (events, mut happened) = unbounded_channel();
    tokio::spawn(listen_for_interrupts(events.clone()));
    let inputs = Inputs::default();
    let watch = Watch::start(site.root, site.options.poll, &inputs, terminal)?;
    let shortcut = Shortcut::default();
    let foreseen = shortcut.clone();
    let early = move || foreseen.foresee();
    tokio::spawn(watch.run(events.clone(), early, terminal.clone()));
    let switch = Switch::default();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let pages = Pages::default();
    let (wishes, mut wished) = unbounded_channel();
    let shared = Arc::new(Shared {
        switch: switch.clone(),
        pages: pages.clone(),
        reload: site.options.reload,
        token: token()?,
        hosts: RwLock::new(site.options.hosts.clone()),
        wishes,
    });
    let proxy = tokio::spawn(proxy::run(listener, Arc::clone(&shared)));
    let mut state = State::new(site.options.stop_first);
    let mut settings = site
        .reread
        .clone()
        .map(|reread| Settings::new(reread, asked, site.options.clone(), site.again));
    let mut hands = Hands::new(terminal, site, events, switch, pages, inputs, shortcut)?;
    let mut actions = state.start();
    loop {
        for action in actions {
            if action == Action::Quit {
                return Ok(ExitCode::SUCCESS);
            }
            hands.carry_out(action);
        }
        let event = tokio::select! {
            event = happened.recv() => event,
            Some(wish) = wished.recv() => {
                hands.migrate(wish);
                actions = Vec::new();
                continue;
            }
        };
        let Some(event) = event else {
            return Ok(ExitCode::SUCCESS);
        };
        match event {
            // Nobody new is let in.
            Event::Interrupted => proxy.abort(),
            ref event => hands.note(event),
        }
        if let (Event::Changed(Change::Restart), Some(settings)) = (&event, &mut settings) {
            settings.refresh(terminal, &shared, &mut state, &mut hands);
        }
        actions = state.on(event);
    }
}

async fn listen_for_interrupts(events: UnboundedSender<Event>) {
    while interrupted().await.is_ok() && events.send(Event::Interrupted).is_ok() {}
}

/// What pages of ours show to be ours.
fn token() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
