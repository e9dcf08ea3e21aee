//! The loop of the development server: events go to the state, its actions to the executor.

use std::process::ExitCode;
use std::sync::{Arc, RwLock};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::browser::Pages;
use super::executor::{Channels, Executor};
use super::fast_rebuild::FastRebuild;
use super::options::{Address, ReloadableOptions, show_notes};
use super::process::{self, interrupted, reader_is_gone};
use super::proxy::{self, Shared, Switch, port};
use super::site::Site;
use super::state::{Action, Event, State};
use super::terminal::Terminal;
use super::watch::change::Change;
use super::watch::{Changes, Inputs, Watch};
use crate::error::Result;
use crate::interrupt;
use crate::output::Output;

/// Serves `site` and keeps it current until interrupted.
///
/// # Errors
/// When the address cannot be listened on, the project cannot be watched, or cargo does not start. Errors of the
/// project's own code are shown; the server waits for the fix.
pub(crate) fn serve(output: &Output, site: Site<'_>) -> Result<ExitCode> {
    if site.options.command.is_none() {
        process::check_cargo()?;
    }
    let listener = port::listen(site.address, site.command)?;
    let requested = site.address;
    let address = Address(listener.local_addr()?);
    listener.set_nonblocking(true)?;
    interrupt::hand_over();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let terminal = Terminal::new(output, site.options.json);
    let mut environment = site.environment.to_vec();
    if let Some(name) = site.url_variable {
        // Once in the life of this process. The port may have been free until now.
        environment.push((name, address.url().leak()));
    }
    let site = Site {
        address,
        environment: &environment,
        ..site
    };
    let ended = runtime.block_on(run(&terminal, site, requested, listener));
    terminal.end();
    // A file watcher that is closing must not delay the end.
    runtime.shutdown_background();
    ended
}

async fn run(
    terminal: &Terminal,
    site: Site<'_>,
    requested: Address,
    listener: std::net::TcpListener,
) -> Result<ExitCode> {
    let (events, mut received) = unbounded_channel();
    tokio::spawn(listen_for_interrupts(events.clone()));
    let reader = events.clone();
    std::thread::spawn(move || {
        reader_is_gone();
        // As by a signal: the end of `luthier runserver | head`.
        let _ = reader.send(Event::Interrupted);
    });
    show_notes(&site.options, terminal);
    let (inputs, changes) = (Inputs::default(), Changes::default());
    let rules = site.options.command.as_ref();
    let rules = rules.map(|command| command.inputs.clone());
    let watch = Watch::start(
        site.root,
        site.options.poll,
        rules,
        &inputs,
        &changes,
        terminal,
    )?;
    let build_scripts = watch.build_scripts();
    let fast_rebuild = FastRebuild::default();
    let early_writes = fast_rebuild.clone();
    let on_early_write = move || early_writes.on_early_write();
    tokio::spawn(watch.run(events.clone(), on_early_write, terminal.clone()));
    let switch = Switch::default();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let pages = Pages::default();
    let (migrate_requests, mut requested_migrations) = unbounded_channel();
    let shared = Arc::new(Shared {
        switch: switch.clone(),
        pages: pages.clone(),
        reload: site.options.reload,
        token: token()?,
        hosts: RwLock::new(site.options.hosts.clone()),
        migrate_requests,
    });
    let proxy = tokio::spawn(proxy::run(listener, Arc::clone(&shared)));
    let mut state = State::new(site.options.stop_first);
    let mut reloadable = site.reload_options.clone().map(|reload| {
        ReloadableOptions::new(reload, requested, site.options.clone(), site.command)
    });
    let channels = Channels {
        events,
        switch,
        pages,
        inputs,
        changes,
        build_scripts,
        fast_rebuild,
    };
    let mut executor = Executor::new(terminal, site, channels)?;
    let mut actions = state.start();
    loop {
        for action in actions {
            if action == Action::Quit {
                return Ok(ExitCode::SUCCESS);
            }
            executor.execute(action);
        }
        let event = tokio::select! {
            event = received.recv() => event,
            Some(request) = requested_migrations.recv() => {
                executor.migrate(request);
                actions = Vec::new();
                continue;
            }
        };
        let Some(event) = event else {
            return Ok(ExitCode::SUCCESS);
        };
        match event {
            // No new connection is accepted.
            Event::Interrupted => proxy.abort(),
            ref event => executor.note(event),
        }
        if event == Event::Changed(Change::Restart)
            && let Some(options) = reloadable
                .as_mut()
                .and_then(|reloadable| reloadable.refresh(terminal))
        {
            shared.set_hosts(options.hosts.clone());
            state.set_stop_first(options.stop_first);
            executor.adopt(options);
        }
        actions = state.on(event);
    }
}

async fn listen_for_interrupts(events: UnboundedSender<Event>) {
    while interrupted().await.is_ok() && events.send(Event::Interrupted).is_ok() {}
}

/// The secret by which requests of our own pages are recognised.
fn token() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
