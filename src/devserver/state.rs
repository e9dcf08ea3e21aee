//! The decisions of the development server: an event comes in, actions come out, nothing is done here.
//!
//! One build runs at a time and the latest wins. A generation is one run of the site; it takes over from the one
//! before when it is ready, and only then is the old one told to finish what it is doing and end.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::change::Change;

/// A binary that cargo has built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    /// Tells two builds apart: equal for equal contents.
    pub(super) fingerprint: u64,
    /// Not in a shorter way, which is to be trusted less.
    pub(super) by_cargo: bool,
}

/// How a build ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Built {
    Done(Program),
    /// The errors have been shown.
    Failed,
    /// It was stopped because its sources changed, or because all is being stopped.
    Cancelled,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Changed(Change),
    Built(Built),
    /// The generation accepts connections at the address.
    Ready(u32, SocketAddr),
    /// The generation's process is gone; how, in words.
    Exited(u32, String),
    /// Ctrl-C or a termination signal.
    Interrupted,
}

/// Where requests go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Route {
    /// They wait: a build or a start is under way.
    #[default]
    Hold,
    /// To this generation.
    To(u32),
    /// Nowhere, until a file changes: they are told why.
    Down,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Build,
    CancelBuild,
    /// The next build is cargo's.
    Distrust,
    Start(u32, Program),
    Route(Route),
    /// Let the generation answer the requests it has, then end it.
    Retire(u32),
    /// Ask the generation to end now.
    Stop(u32),
    /// End every process at once.
    Kill,
    /// Bring open pages up to date, with `Styles` or `Reload`.
    Refresh(Change),
    Say(Notice),
    Quit,
}

/// What the person at the terminal should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// The site is up for the first time: its URLs.
    Serving,
    /// A new generation has taken over.
    ServingAgain(u32),
    /// The build made the same binary as before.
    Unchanged,
    /// The build failed and the site from before goes on.
    OldGoesOn,
    /// The build failed and there is no site to go on.
    WaitingForFix,
    /// A new generation ended before it was ready (how, in words), and the site from before goes on.
    NewDied(String),
    /// The site ended by itself (how, in words), and there is none.
    Died(String),
    Stopping,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Building {
    #[default]
    Idle,
    Running,
    /// Told to stop; its result is of no use any more.
    Cancelling,
}

/// One run of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Generation {
    number: u32,
    fingerprint: u64,
    by_cargo: bool,
}

/// Where things stand.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Two generations cannot run at the same time: the old one ends before the new one starts.
    stop_first: bool,
    building: Building,
    route: Route,
    /// The generation that answers.
    current: Option<Generation>,
    /// The generation that starts.
    next: Option<Generation>,
    /// The generations that were told to end and have not yet.
    ending: BTreeSet<u32>,
    /// With `stop_first`: the newest binary starts when nothing is ending any more.
    start_when_gone: bool,
    /// How many generations there have been.
    generations: u32,
    /// The newest binary built without errors.
    newest: Option<Program>,
    /// Settings changed since the site started: it restarts even when its binary is the same.
    restart: bool,
    /// The URLs have been shown.
    announced: bool,
    quitting: bool,
}

impl State {
    pub(super) fn new(stop_first: bool) -> Self {
        Self {
            stop_first,
            ..Self::default()
        }
    }

    pub(super) fn set_stop_first(&mut self, stop_first: bool) {
        self.stop_first = stop_first;
    }

    /// The first thing to do.
    pub(super) fn start(&mut self) -> Vec<Action> {
        self.build()
    }

    /// What follows from `event`.
    pub(super) fn on(&mut self, event: Event) -> Vec<Action> {
        let mut actions = match event {
            Event::Interrupted => self.interrupted(),
            Event::Changed(_) if self.quitting => Vec::new(),
            Event::Changed(change @ (Change::Styles | Change::Reload)) => {
                vec![Action::Refresh(change)]
            }
            Event::Changed(Change::Relock) if self.building != Building::Idle => Vec::new(),
            Event::Changed(Change::Rebuild | Change::Relock) => self.rebuild(),
            Event::Changed(Change::Restart) => {
                self.restart = true;
                match self.building {
                    Building::Idle => self.replace(),
                    Building::Running | Building::Cancelling => Vec::new(),
                }
            }
            Event::Built(built) => self.built(built),
            Event::Ready(number, _) => self.ready(number),
            Event::Exited(number, how) => self.exited(number, how),
        };
        let route = self.route_now();
        if route != self.route && !self.quitting {
            self.route = route;
            // Before the old generation is told to end, so that nothing new reaches it.
            actions.insert(0, Action::Route(route));
        }
        actions
    }

    fn route_now(&self) -> Route {
        match self.current {
            Some(current) => Route::To(current.number),
            None if self.next.is_some() || self.start_when_gone => Route::Hold,
            None if self.building != Building::Idle => Route::Hold,
            None => Route::Down,
        }
    }

    fn build(&mut self) -> Vec<Action> {
        self.building = Building::Running;
        vec![Action::Build]
    }

    fn rebuild(&mut self) -> Vec<Action> {
        match self.building {
            Building::Idle => self.build(),
            Building::Running => {
                self.building = Building::Cancelling;
                vec![Action::CancelBuild]
            }
            Building::Cancelling => Vec::new(),
        }
    }

    fn built(&mut self, built: Built) -> Vec<Action> {
        let stale = std::mem::take(&mut self.building) == Building::Cancelling;
        match built {
            _ if self.quitting => self.quit_when_down(),
            // A build may end before it hears that it should stop: its sources are old all the same.
            _ if stale => self.build(),
            Built::Cancelled => Vec::new(),
            Built::Failed => {
                let up = self.current.is_some();
                let notice = if up {
                    Notice::OldGoesOn
                } else {
                    Notice::WaitingForFix
                };
                let mut actions = vec![Action::Say(notice)];
                if self.restart && up {
                    actions.extend(self.replace());
                }
                actions
            }
            Built::Done(program) => {
                let newest = self.next.or(self.current);
                let same = newest.is_some_and(|newest| newest.fingerprint == program.fingerprint);
                self.newest = Some(program);
                if same && !self.restart {
                    vec![Action::Say(Notice::Unchanged)]
                } else {
                    self.replace()
                }
            }
        }
    }

    /// Starts the newest binary, to take the place of what runs now.
    fn replace(&mut self) -> Vec<Action> {
        if self.newest.is_none() {
            return Vec::new();
        }
        let mut actions = Vec::new();
        if let Some(overtaken) = self.next.take() {
            self.ending.insert(overtaken.number);
            actions.push(Action::Stop(overtaken.number));
        }
        if self.stop_first {
            if let Some(old) = self.current.take() {
                self.ending.insert(old.number);
                actions.push(Action::Retire(old.number));
            }
            if !self.ending.is_empty() {
                self.start_when_gone = true;
                return actions;
            }
        }
        actions.extend(self.start_newest());
        actions
    }

    fn start_newest(&mut self) -> Option<Action> {
        let program = self.newest.clone()?;
        self.start_when_gone = false;
        self.restart = false;
        self.generations += 1;
        self.next = Some(Generation {
            number: self.generations,
            fingerprint: program.fingerprint,
            by_cargo: program.by_cargo,
        });
        Some(Action::Start(self.generations, program))
    }

    fn ready(&mut self, number: u32) -> Vec<Action> {
        // It may have been told to end in the meantime.
        let Some(next) = self.next.take_if(|next| next.number == number) else {
            return Vec::new();
        };
        let again = std::mem::replace(&mut self.announced, true);
        let mut actions = vec![Action::Say(if again {
            Notice::ServingAgain(number)
        } else {
            Notice::Serving
        })];
        if let Some(old) = self.current.replace(next) {
            self.ending.insert(old.number);
            actions.push(Action::Retire(old.number));
        }
        actions
    }

    fn exited(&mut self, number: u32, how: String) -> Vec<Action> {
        let is_it = |generation: &mut Generation| generation.number == number;
        let mut lost = None;
        let notice = if self.ending.remove(&number) {
            None
        } else {
            lost = self.next.take_if(is_it);
            if lost.is_some() && self.current.is_some() {
                Some(Notice::NewDied(how))
            } else {
                lost = lost.or_else(|| self.current.take_if(is_it));
                Some(Notice::Died(how))
            }
        };
        if self.quitting {
            return self.quit_when_down();
        }
        let mut actions: Vec<Action> = notice.map(Action::Say).into_iter().collect();
        if lost.is_some_and(|lost| !lost.by_cargo) {
            // It may be the way it was made.
            actions.push(Action::Distrust);
            if self.building == Building::Idle {
                actions.extend(self.build());
            }
        }
        if self.start_when_gone && self.ending.is_empty() {
            actions.extend(self.start_newest());
        }
        actions
    }

    fn interrupted(&mut self) -> Vec<Action> {
        if std::mem::replace(&mut self.quitting, true) {
            return vec![Action::Kill];
        }
        let mut actions = vec![Action::Say(Notice::Stopping)];
        if self.building == Building::Running {
            self.building = Building::Cancelling;
            actions.push(Action::CancelBuild);
        }
        let up = [self.current.take(), self.next.take()];
        self.ending
            .extend(up.into_iter().flatten().map(|up| up.number));
        actions.extend(self.ending.iter().copied().map(Action::Stop));
        actions.extend(self.quit_when_down());
        actions
    }

    fn quit_when_down(&self) -> Vec<Action> {
        if self.building == Building::Idle && self.ending.is_empty() {
            vec![Action::Quit]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests;
