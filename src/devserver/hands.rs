//! What carries out the actions that the state decides on: builds, generations, and what is said of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::browser::{Pages, Problem};
use super::build::Build;
use super::change::Change;
use super::generation::Launch;
use super::process::Order;
use super::proxy::{Switch, Target, Wish};
use super::run::{Options, Site};
use super::shortcut::Shortcut;
use super::state::{Action, Built, Event, Notice, Program, Route};
use super::terminal::Terminal;
use super::timing::Timing;
use super::upstream::Upstream;
use super::watch::Inputs;
use super::watchdog::Watchdog;

/// How long the requests under way may take that an old generation is still to answer.
const DRAIN: Duration = Duration::from_secs(30);

/// The build and the generations that run now, and whom to tell of them.
pub(super) struct Hands<'a> {
    terminal: &'a Terminal,
    site: Site<'a>,
    events: UnboundedSender<Event>,
    watchdog: Arc<Watchdog>,
    switch: Switch,
    pages: Pages,
    inputs: Inputs,
    build: Option<UnboundedSender<Order>>,
    shortcut: Shortcut,
    /// Makes the shortcut ready, while nothing is built.
    preparing: Option<UnboundedSender<Order>>,
    generations: BTreeMap<u32, Running>,
    timing: Timing,
    /// What to tell requests that nobody can answer.
    why_down: Arc<str>,
}

/// A generation's process.
struct Running {
    orders: UnboundedSender<Order>,
    /// As soon as it is ready.
    upstream: Option<Arc<Upstream>>,
}

impl<'a> Hands<'a> {
    pub(super) fn new(
        terminal: &'a Terminal,
        site: Site<'a>,
        events: UnboundedSender<Event>,
        switch: Switch,
        pages: Pages,
        inputs: Inputs,
        shortcut: Shortcut,
    ) -> std::io::Result<Self> {
        Ok(Self {
            terminal,
            site,
            events,
            watchdog: Watchdog::start()?,
            switch,
            pages,
            inputs,
            build: None,
            shortcut,
            preparing: None,
            generations: BTreeMap::new(),
            timing: Timing::default(),
            why_down: "".into(),
        })
    }

    /// Goes by other settings from the next build on.
    pub(super) fn adopt(&mut self, options: &Options) {
        self.site.options.editor = options.editor.clone();
        self.site.options.target_dir = options.target_dir.clone();
        self.site.options.cargo_only = options.cargo_only;
        self.site.options.spare_memory = options.spare_memory;
    }

    /// Takes from an event what actions will need.
    pub(super) fn note(&mut self, event: &Event) {
        self.timing.note(event);
        match event {
            Event::Ready(number, address) => {
                if let Some(running) = self.generations.get_mut(number) {
                    running.upstream = Some(Upstream::new(*number, *address));
                }
            }
            Event::Exited(number, how) => {
                if let Some(running) = self.generations.remove(number)
                    && let Some(upstream) = running.upstream
                {
                    upstream.close();
                }
                self.why_down = format!("the site ended: {how}").into();
            }
            Event::Built(Built::Failed) => {
                let problems = self.pages.now().problems;
                let titles = problems.iter().map(|problem| problem.title.as_str());
                let titles: Vec<&str> = titles.collect();
                self.why_down = format!("the build failed:\n{}", titles.join("\n")).into();
            }
            Event::Changed(_) | Event::Built(_) | Event::Interrupted => {}
        }
    }

    pub(super) fn carry_out(&mut self, action: Action) {
        match action {
            Action::Build => self.start_build(),
            Action::Start(number, program) => self.start_site(number, program),
            Action::Distrust => self.shortcut.distrust(),
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
                for running in self.generations.values() {
                    tell(Some(&running.orders), Order::Kill);
                }
            }
            Action::Refresh(change) => self.refresh(change),
            Action::Say(notice) => self.say(notice),
            Action::Quit => {}
        }
    }

    fn refresh(&self, change: Change) {
        let what = match change {
            Change::Styles => "styles",
            _ => "reload",
        };
        self.terminal.event(&json!({"event": what}));
        self.pages.change(|page| match change {
            Change::Styles => page.styles += 1,
            _ => page.version += 1,
        });
    }

    fn start_build(&mut self) {
        tell(self.preparing.take().as_ref(), Order::Kill);
        let (orders, followed) = unbounded_channel();
        self.build = Some(orders);
        self.timing.build_starts();
        self.terminal.event(&json!({"event": "building"}));
        self.pages.change(|page| page.building = true);
        let build = self.a_build();
        let (terminal, events) = (self.terminal.clone(), self.events.clone());
        tokio::spawn(async move {
            let built = build.run(followed).await.unwrap_or_else(|error| {
                terminal.error(&error);
                Built::Failed
            });
            // Nobody listens any more when the whole server is going down.
            let _ = events.send(Event::Built(built));
        });
    }

    /// Makes ready for the next edit, while nothing else is to be done.
    fn prepare(&mut self) {
        if self.site.options.cargo_only || !self.shortcut.is_to_be_prepared() {
            return;
        }
        let (orders, mut followed) = unbounded_channel();
        self.preparing = Some(orders);
        let (build, shortcut) = (self.a_build(), self.shortcut.clone());
        tokio::spawn(async move { shortcut.prepare(&build, &mut followed).await });
    }

    fn a_build(&self) -> Build {
        Build {
            root: self.site.root.to_owned(),
            name: self.site.name.to_owned(),
            release: self.site.options.release,
            target_dir: self.site.options.target_dir.clone(),
            cargo_only: self.site.options.cargo_only,
            spare_memory: self.site.options.spare_memory,
            terminal: self.terminal.clone(),
            watchdog: Arc::clone(&self.watchdog),
            pages: self.pages.clone(),
            editor: self.site.options.editor.clone(),
            inputs: self.inputs.clone(),
            shortcut: self.shortcut.clone(),
        }
    }

    fn start_site(&mut self, number: u32, program: Program) {
        self.timing.site_starts();
        self.terminal
            .status("Starting", format!("generation {number}"));
        self.pages.change(|page| page.building = true);
        let (orders, followed) = unbounded_channel();
        let running = Running {
            orders,
            upstream: None,
        };
        self.generations.insert(number, running);
        let launch = Launch {
            root: self.site.root.to_owned(),
            environment: self.site.environment.to_vec(),
            terminal: self.terminal.clone(),
            watchdog: Arc::clone(&self.watchdog),
        };
        tokio::spawn(launch.run(number, program, followed, self.events.clone()));
    }

    fn route(&self, route: Route) {
        let up = |number| self.generations.get(&number)?.upstream.clone();
        self.switch.set(match route {
            Route::Hold => Target::Hold,
            Route::To(number) => up(number).map_or(Target::Hold, Target::To),
            Route::Down => Target::Down(Arc::clone(&self.why_down)),
        });
    }

    /// Lets a generation answer what it was asked, then ends it.
    fn retire(&self, number: u32) {
        let Some(running) = self.generations.get(&number) else {
            return;
        };
        let Some(upstream) = running.upstream.clone() else {
            return running.stop();
        };
        let orders = running.orders.clone();
        tokio::spawn(async move {
            // What takes longer than that has had its time.
            let _ = tokio::time::timeout(DRAIN, upstream.idle()).await;
            upstream.close();
            tell(Some(&orders), Order::Stop);
        });
    }

    fn say(&mut self, notice: Notice) {
        let url = self.site.address.url();
        let terminal = self.terminal;
        self.pages.change(|page| page.building = false);
        match notice {
            Notice::Serving => {
                terminal.step("Serving", format_args!("{url}/"));
                for (path, what) in self.site.pages {
                    terminal.step("", format_args!("{url}{path}  {what}"));
                }
                terminal.step("", "Changes are picked up; Ctrl-C stops.");
                if self.site.options.open
                    && let Err(error) = open::that_detached(&url)
                {
                    terminal.warning(format_args!("no browser opens: {error}"));
                }
                self.serving(1);
                self.prepare();
            }
            Notice::ServingAgain(number) => {
                self.serving(number);
                self.prepare();
            }
            Notice::Unchanged => {
                self.prepare();
                self.timing.reset();
                terminal.step("Unchanged", "the site goes on");
                terminal.event(&json!({"event": "unchanged"}));
            }
            Notice::OldGoesOn => {
                terminal.warning("the build failed: the site from before goes on");
                self.failed();
            }
            Notice::WaitingForFix => {
                terminal.warning("the build failed: fix it and save, and the site starts");
                self.failed();
            }
            Notice::NewDied(how) => {
                let (status, words) = split(&how);
                terminal.warning(format_args!(
                    "the new site ended before it was ready ({status}): the one from before goes on"
                ));
                self.died(
                    format!("The new site ended before it was ready ({status})"),
                    words,
                );
            }
            Notice::Died(how) => {
                let (status, words) = split(&how);
                terminal.warning(format_args!(
                    "the site ended ({status}): it starts again when a file changes"
                ));
                self.died(format!("The site ended ({status})"), words);
            }
            Notice::Stopping => {
                tell(self.preparing.take().as_ref(), Order::Kill);
                terminal.step("Stopping", "the site");
            }
        }
        terminal.status("Watching", url);
    }

    fn serving(&mut self, number: u32) {
        let took = self.timing.served();
        if number > 1 {
            let seconds = took
                .total
                .map(|took| format!(" in {:.2} s", took.as_secs_f64()));
            let seconds = seconds.unwrap_or_default();
            self.terminal
                .step("Serving", format_args!("generation {number}{seconds}"));
        }
        self.terminal.detail(&took);
        self.terminal.event(&json!({
            "event": "serving",
            "generation": number,
            "url": self.site.address.url(),
            "seconds": took.total.map(|took| took.as_secs_f64()),
        }));
        self.pages.change(|page| {
            page.version += 1;
            page.problems.clear();
        });
        self.look_for_migrations();
    }

    fn failed(&mut self) {
        self.timing.reset();
        let problems = self.pages.now().problems;
        self.terminal
            .event(&json!({"event": "failed", "problems": problems}));
    }

    fn died(&mut self, title: String, words: &str) {
        self.timing.reset();
        let problem = Problem {
            title,
            text: words.to_owned(),
            ..Problem::default()
        };
        self.pages.change(|page| page.problems = vec![problem]);
        self.failed();
    }

    /// Shows which migrations are pending, as soon as that is known.
    fn look_for_migrations(&self) {
        let Some(migrations) = self.site.migrations.clone() else {
            return;
        };
        let (pages, terminal) = (self.pages.clone(), self.terminal.clone());
        tokio::task::spawn_blocking(move || match (migrations.pending)() {
            Ok(pending) => {
                if !pending.is_empty() {
                    let names = pending.join(", ");
                    terminal.event(&json!({"event": "pending", "migrations": pending}));
                    terminal.step(
                        "Pending",
                        format_args!("{names}: `luthier migrate`, or the button in the page"),
                    );
                }
                pages.change(|page| page.pending = pending);
            }
            Err(error) => terminal.detail(format_args!(
                "no telling which migrations are pending: {error}"
            )),
        });
    }

    /// Applies pending migrations because a page asked for it.
    pub(super) fn migrate(&self, wish: Wish) {
        let Some(migrations) = self.site.migrations.clone() else {
            // A page that has gone needs no answer.
            let _ = wish.send(Err("this project has no migrations".to_owned()));
            return;
        };
        let (pages, terminal) = (self.pages.clone(), self.terminal.clone());
        tokio::task::spawn_blocking(move || {
            let applied = (migrations.apply)();
            let pending = (migrations.pending)();
            let answer = match applied {
                Ok(()) => {
                    terminal.step("Migrated", "the database");
                    Ok("Applied.".to_owned())
                }
                Err(error) => {
                    terminal.error(&error);
                    Err(error.to_string())
                }
            };
            let done = answer.is_ok();
            let _ = wish.send(answer);
            pages.change(|page| {
                page.pending = pending.unwrap_or_default();
                // What was an error may be a page now.
                page.version += u64::from(done);
            });
        });
    }
}

impl Running {
    /// Cuts its endless streams, which it would wait for, and asks it to end.
    fn stop(&self) {
        if let Some(upstream) = &self.upstream {
            upstream.close();
        }
        tell(Some(&self.orders), Order::Stop);
    }
}

/// How it ended, and what it said before.
fn split(how: &str) -> (&str, &str) {
    how.split_once('\n').unwrap_or((how, ""))
}

fn tell(orders: Option<&UnboundedSender<Order>>, order: Order) {
    if let Some(orders) = orders {
        // What has ended by itself needs no order.
        let _ = orders.send(order);
    }
}
