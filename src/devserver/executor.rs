//! Executes the actions that the state decides on: builds, generations, and what is reported about them.

mod migrations;
mod preparing;
mod report;
mod templates;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::browser::Pages;
use super::cargo_build::Build;
use super::cargo_build::accelerator::Tools;
use super::fast_rebuild::FastRebuild;
use super::fork_server::ForkServer;
use super::options::Options;
use super::process::watchdog::Watchdog;
use super::process::{self, Order};
use super::proxy::upstream::Upstream;
use super::proxy::{Destination, Switch};
use super::site::{self, Launch, Site};
use super::state::{Action, Built, Event, Program, Route};
use super::templates::Templates;
use super::terminal::Terminal;
use super::timing::Timing;
use super::watch::build_scripts::BuildScripts;
use super::watch::change::Change;
use super::watch::{Changes, Inputs};
use preparing::Preparing;

/// How long an old generation may take to answer the requests it still has.
const DRAIN: Duration = Duration::from_secs(30);

/// The build and the generations that run now, and where their events go.
pub(super) struct Executor<'a> {
    terminal: &'a Terminal,
    site: Site<'a>,
    events: UnboundedSender<Event>,
    watchdog: Arc<Watchdog>,
    switch: Switch,
    pages: Pages,
    inputs: Inputs,
    changes: Changes,
    build_scripts: BuildScripts,
    build: Option<UnboundedSender<Order>>,
    fast_rebuild: FastRebuild,
    /// Orders for the preparation of fast rebuilds, which runs while nothing is built.
    preparing: Option<UnboundedSender<Order>>,
    /// Orders for the site's own checks.
    checking: Option<UnboundedSender<Order>>,
    fork_server: ForkServer,
    templates: Templates,
    /// The look at migrations that is under way.
    looking: Option<tokio::task::AbortHandle>,
    generations: BTreeMap<u32, Running>,
    timing: Timing,
    /// How many programs there were, where none is built.
    programs: u64,
    has_worked: Arc<AtomicBool>,
    /// The answer to requests while no generation is up.
    why_down: Arc<str>,
}

/// What the executor shares with the watcher and the proxy.
#[derive(Clone, Debug)]
pub(super) struct Channels {
    pub(super) events: UnboundedSender<Event>,
    pub(super) switch: Switch,
    pub(super) pages: Pages,
    pub(super) inputs: Inputs,
    pub(super) changes: Changes,
    pub(super) build_scripts: BuildScripts,
    pub(super) fast_rebuild: FastRebuild,
}

/// A generation's process.
struct Running {
    orders: UnboundedSender<Order>,
    /// As soon as it is ready.
    upstream: Option<Arc<Upstream>>,
}

impl<'a> Executor<'a> {
    pub(super) fn new(
        terminal: &'a Terminal,
        site: Site<'a>,
        channels: Channels,
    ) -> std::io::Result<Self> {
        Ok(Self {
            terminal,
            site,
            events: channels.events,
            watchdog: Watchdog::start()?,
            switch: channels.switch,
            pages: channels.pages,
            inputs: channels.inputs,
            changes: channels.changes,
            build_scripts: channels.build_scripts,
            build: None,
            fast_rebuild: channels.fast_rebuild,
            preparing: None,
            checking: None,
            fork_server: ForkServer::default(),
            templates: Templates::default(),
            looking: None,
            generations: BTreeMap::new(),
            timing: Timing::default(),
            programs: 0,
            has_worked: Arc::default(),
            why_down: "".into(),
        })
    }

    /// Uses other options from the next build on.
    pub(super) fn adopt(&mut self, options: &Options) {
        self.site.options.editor = options.editor.clone();
        self.site.options.command = options.command.clone();
        self.site.options.target_dir = options.target_dir.clone();
        self.site.options.fast_rebuild = options.fast_rebuild;
        self.site.options.prewarm_compiler = options.prewarm_compiler;
        self.site.options.prepare_all_crates = options.prepare_all_crates;
    }

    /// Remembers what later actions need of an event.
    pub(super) fn note(&mut self, event: &Event) {
        self.timing.note(event);
        match event {
            Event::Ready(number, address) => {
                if let Some(running) = self.generations.get_mut(number) {
                    running.upstream = Some(Upstream::new(*number, *address));
                }
            }
            Event::Exited(number, exit) => {
                if let Some(running) = self.generations.remove(number)
                    && let Some(upstream) = running.upstream
                {
                    upstream.close();
                }
                self.why_down = format!("the site exited: {exit}").into();
            }
            Event::Built(Built::Failed) => {
                let problems = self.pages.now().problems;
                let titles = problems.iter().map(|problem| problem.title.as_str());
                let titles: Vec<&str> = titles.collect();
                self.why_down = format!("the build failed:\n{}", titles.join("\n")).into();
            }
            Event::Changed(Change::Restart) => self.check_templates(),
            Event::Changed(_) | Event::WrittenByBuild(_) | Event::Built(_) | Event::Interrupted => {
            }
        }
    }

    pub(super) fn execute(&mut self, action: Action) {
        match action {
            Action::Build => self.start_build(),
            Action::Start(number, program) => self.start_site(number, program),
            Action::DisableFastRebuild => self.fast_rebuild.disable(),
            Action::CancelBuild => tell(self.build.as_ref(), Order::Stop),
            Action::Route(route) => self.route(route),
            Action::Retire(number) => self.retire(number),
            Action::Stop(number) => {
                if let Some(running) = self.generations.get(&number) {
                    running.stop();
                }
            }
            Action::Kill => {
                tell(self.build.as_ref(), Order::Kill);
                tell(self.preparing.as_ref(), Order::Kill);
                tell(self.checking.as_ref(), Order::Kill);
                for running in self.generations.values() {
                    tell(Some(&running.orders), Order::Kill);
                }
            }
            Action::Refresh(change) => self.refresh(change),
            Action::Say(notice) => self.say(notice),
            Action::Quit => {}
        }
    }

    fn refresh(&mut self, change: Change) {
        if change != Change::Styles {
            return self.reload();
        }
        self.terminal.event(&json!({"event": "styles"}));
        self.pages.change(|page| page.styles += 1);
    }

    fn start_build(&mut self) {
        tell(self.preparing.take().as_ref(), Order::Kill);
        let (orders, received) = unbounded_channel();
        self.build = Some(orders);
        self.timing.build_starts();
        if let Some(command) = &self.site.options.command {
            // There is nothing to build.
            self.programs += 1;
            let program = Program {
                path: command.program.clone(),
                fingerprint: self.programs,
                by_cargo: true,
            };
            let _ = self.events.send(Event::Built(Built::Done(program)));
            return;
        }
        self.terminal.event(&json!({"event": "building"}));
        self.pages.change(|page| page.building = true);
        let build = self.new_build();
        let (terminal, events) = (self.terminal.clone(), self.events.clone());
        tokio::spawn(async move {
            let built = build.run(received).await.unwrap_or_else(|error| {
                terminal.error(&error);
                Built::Failed
            });
            // The receiver is gone when the whole server is stopping.
            let _ = events.send(Event::Built(built));
        });
    }

    /// Prepares the fast rebuild of the next edit while nothing is built.
    fn prepare(&mut self) {
        if self.site.options.command.is_some()
            || !self.site.options.fast_rebuild
            || !self.fast_rebuild.needs_preparation()
        {
            return;
        }
        let (orders, received) = unbounded_channel();
        self.preparing = Some(orders);
        let preparing = Preparing {
            fast_rebuild: self.fast_rebuild.clone(),
            request: self.new_build().request(BTreeSet::new()),
            terminal: self.terminal.clone(),
        };
        tokio::spawn(preparing.run(received));
    }

    fn new_build(&self) -> Build {
        Build {
            tools: Tools {
                root: self.site.root.to_owned(),
                terminal: self.terminal.clone(),
                watchdog: Arc::clone(&self.watchdog),
                is_background: false,
            },
            name: self.site.name.to_owned(),
            release: self.site.options.release,
            target_dir: self.site.options.target_dir.clone(),
            uses_fast_rebuild: self.site.options.fast_rebuild,
            prewarm_compiler: self.site.options.prewarm_compiler,
            prepare_all_crates: self.site.options.prepare_all_crates,
            pages: self.pages.clone(),
            editor: self.site.options.editor.clone(),
            inputs: self.inputs.clone(),
            changes: self.changes.clone(),
            build_scripts: self.build_scripts.clone(),
            fast_rebuild: self.fast_rebuild.clone(),
        }
    }

    /// Ends what still asks about a version that is about to be replaced: it would take time from the next one.
    fn stop_asking(&mut self) {
        tell(self.checking.take().as_ref(), Order::Kill);
        if let Some(looking) = self.looking.take() {
            looking.abort();
        }
    }

    fn start_site(&mut self, number: u32, program: Program) {
        self.stop_asking();
        self.timing.site_starts();
        self.terminal
            .status("Starting", format!("generation {number}"));
        self.pages.change(|page| page.building = true);
        let (orders, received) = unbounded_channel();
        let running = Running {
            orders,
            upstream: None,
        };
        self.generations.insert(number, running);
        let launch = Launch {
            root: self.site.root.to_owned(),
            environment: self.site.environment.to_vec(),
            command: self.site.options.command.clone(),
            host: self.site.address.to_string(),
            has_worked: Arc::clone(&self.has_worked),
            terminal: self.terminal.clone(),
            watchdog: Arc::clone(&self.watchdog),
        };
        tokio::spawn(launch.run(number, program, received, self.events.clone()));
    }

    fn route(&self, route: Route) {
        let upstream = |number| self.generations.get(&number)?.upstream.clone();
        self.switch.set(match route {
            Route::Hold => Destination::Hold,
            Route::To(number) => upstream(number).map_or(Destination::Hold, Destination::To),
            Route::Down => Destination::Down(Arc::clone(&self.why_down)),
        });
    }

    /// Lets a generation answer the requests it has, then stops it.
    fn retire(&self, number: u32) {
        let Some(running) = self.generations.get(&number) else {
            return;
        };
        let Some(upstream) = running.upstream.clone() else {
            return running.stop();
        };
        let orders = running.orders.clone();
        tokio::spawn(async move {
            // Requests that take longer are cut off.
            let _ = tokio::time::timeout(DRAIN, upstream.idle()).await;
            upstream.close();
            tell(Some(&orders), Order::Stop);
        });
    }

    /// Runs the site's own checks beside it; what they say on standard error goes to the terminal.
    fn start_check(&mut self) {
        let command = self.site.options.command.as_ref();
        let Some((command, (program, arguments))) =
            command.and_then(|command| Some((command, command.check.as_ref()?)))
        else {
            return;
        };
        let mut process = process::command(program);
        process
            .args(arguments)
            .envs(self.site.environment.iter().copied())
            .envs(
                command
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .current_dir(self.site.root);
        let (orders, received) = unbounded_channel();
        self.checking = Some(orders);
        let terminal = self.terminal.clone();
        let watchdog = Arc::clone(&self.watchdog);
        tokio::spawn(async move {
            if let Err(error) = site::check(process, received, &terminal, &watchdog).await {
                terminal.detail(format_args!("the site is not checked: {error}"));
            }
        });
    }
}

impl Running {
    /// Cuts its endless streams, which it would wait for, and asks it to stop.
    fn stop(&self) {
        if let Some(upstream) = &self.upstream {
            upstream.close();
        }
        tell(Some(&self.orders), Order::Stop);
    }
}

fn tell(orders: Option<&UnboundedSender<Order>>, order: Order) {
    if let Some(orders) = orders {
        // A process that has exited needs no order.
        let _ = orders.send(order);
    }
}
