//! The state machine of the development server: an event comes in, actions come out. Pure.
//!
//! One build runs at a time and the latest edit wins. A generation is one run of the site; it takes over from the
//! previous one when it is ready, and only then is the old one told to finish its requests and exit.

use std::collections::BTreeSet;
use std::path::PathBuf;

pub(super) mod events;

pub(super) use events::{Action, Built, Event, Notice, Program, Route};

use super::watch::change::Change;

/// After this many builds in a row that no edit caused, the next edit is waited for.
const MAX_FOLLOW_UPS: u32 = 3;

/// A site that exits by itself more often than this between two changes is not started again before the next.
const MAX_RESTARTS: u32 = 3;

#[derive(Debug, Default, PartialEq, Eq)]
enum Building {
    #[default]
    Idle,
    Running,
    /// Told to stop; its result is outdated.
    Cancelling,
}

/// One run of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Generation {
    number: u32,
    fingerprint: u64,
    by_cargo: bool,
}

/// The builds and generations there are.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Two generations cannot run at the same time: the old one exits before the new one starts.
    stop_first: bool,
    building: Building,
    route: Route,
    /// The generation that serves.
    current: Option<Generation>,
    /// The generation that is starting.
    next: Option<Generation>,
    /// The generations that were told to exit and have not yet.
    exiting: BTreeSet<u32>,
    /// With `stop_first`: the newest program starts when no generation is left.
    start_after_exit: bool,
    /// The number of generations so far.
    generations: u32,
    /// The newest program built without errors.
    newest: Option<Program>,
    /// Settings changed since the site started: it restarts even if its program is the same.
    restart: bool,
    /// A file that was written by the build that runs: another build follows.
    follow_up: Option<PathBuf>,
    /// How many builds in a row were started for files that builds had written.
    follow_ups: u32,
    /// Files that each build writes: they start none.
    build_output: BTreeSet<PathBuf>,
    /// How often the site has exited by itself since a file changed.
    crashes: u32,
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
        if let Event::Changed(change) = &event
            && !change.is_for_pages()
        {
            self.crashes = 0;
            self.follow_ups = 0;
        }
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
            Event::WrittenByBuild(file) => self.written_by_build(file),
            Event::Built(built) => {
                let mut actions = self.built(built);
                if self.building == Building::Idle
                    && !self.quitting
                    && let Some(file) = self.follow_up.take()
                {
                    actions.extend(self.written_by_build(file));
                }
                actions
            }
            Event::Ready(number, _) => self.ready(number),
            Event::Exited(number, exit) => self.exited(number, exit),
        };
        let route = self.route_now();
        if route != self.route && !self.quitting {
            self.route = route;
            // Before the old generation is told to exit, so that no new request reaches it.
            actions.insert(0, Action::Route(route));
        }
        actions
    }

    fn route_now(&self) -> Route {
        match self.current {
            Some(current) => Route::To(current.number),
            None if self.next.is_some() || self.start_after_exit => Route::Hold,
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

    /// A build is not cancelled by what it writes itself, but another one follows, in case that it was an edit. After a
    /// few of those the file is known to be output.
    fn written_by_build(&mut self, file: PathBuf) -> Vec<Action> {
        if self.quitting || self.build_output.contains(&file) {
            return Vec::new();
        }
        if self.building != Building::Idle {
            self.follow_up = Some(file);
            return Vec::new();
        }
        if self.follow_ups < MAX_FOLLOW_UPS {
            self.follow_ups += 1;
            return self.build();
        }
        self.build_output.insert(file.clone());
        vec![Action::Say(Notice::BuildWritesSources(file))]
    }

    fn built(&mut self, built: Built) -> Vec<Action> {
        let stale = std::mem::take(&mut self.building) == Building::Cancelling;
        match built {
            _ if self.quitting => self.quit_when_down(),
            // A build may end before its order to stop arrives: its sources are outdated all the same.
            _ if stale => self.build(),
            Built::Cancelled => Vec::new(),
            Built::Failed => {
                let up = self.current.is_some();
                let notice = if up {
                    Notice::BuildFailedStillServing
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

    /// Starts the newest program, to replace what runs now.
    fn replace(&mut self) -> Vec<Action> {
        if self.newest.is_none() {
            return Vec::new();
        }
        let mut actions = Vec::new();
        if let Some(overtaken) = self.next.take() {
            self.exiting.insert(overtaken.number);
            actions.push(Action::Stop(overtaken.number));
        }
        if self.stop_first {
            if let Some(old) = self.current.take() {
                self.exiting.insert(old.number);
                actions.push(Action::Retire(old.number));
            }
            if !self.exiting.is_empty() {
                self.start_after_exit = true;
                return actions;
            }
        }
        actions.extend(self.start_newest());
        actions
    }

    fn start_newest(&mut self) -> Option<Action> {
        let program = self.newest.clone()?;
        self.start_after_exit = false;
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
        // It may have been told to exit in the meantime.
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
            self.exiting.insert(old.number);
            actions.push(Action::Retire(old.number));
        }
        actions
    }

    fn exited(&mut self, number: u32, exit: String) -> Vec<Action> {
        let has_number = |generation: &mut Generation| generation.number == number;
        let mut lost = None;
        let mut restarts = false;
        let notice = if self.exiting.remove(&number) {
            None
        } else {
            lost = self.next.take_if(has_number);
            if lost.is_some() && self.current.is_some() {
                Some(Notice::NewSiteExited(exit))
            } else if lost.is_some() {
                Some(Notice::SiteExited(exit))
            } else {
                lost = self.current.take_if(has_number);
                restarts = lost.is_some() && self.next.is_none() && self.crashes < MAX_RESTARTS;
                self.crashes += 1;
                match restarts {
                    true => Some(Notice::Restarting(exit)),
                    false => Some(Notice::SiteExited(exit)),
                }
            }
        };
        if self.quitting {
            return self.quit_when_down();
        }
        let mut actions: Vec<Action> = notice.map(Action::Say).into_iter().collect();
        if lost.is_some_and(|lost| !lost.by_cargo) {
            // The cause may be how it was built.
            actions.push(Action::DisableFastRebuild);
            if self.building == Building::Idle {
                actions.extend(self.build());
            }
        } else if restarts && !self.stop_first {
            actions.extend(self.start_newest());
        } else if restarts {
            self.start_after_exit = true;
        }
        if self.start_after_exit && self.exiting.is_empty() {
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
        self.exiting
            .extend(up.into_iter().flatten().map(|up| up.number));
        actions.extend(self.exiting.iter().copied().map(Action::Stop));
        actions.extend(self.quit_when_down());
        actions
    }

    fn quit_when_down(&self) -> Vec<Action> {
        if self.building == Building::Idle && self.exiting.is_empty() {
            vec![Action::Quit]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests;
