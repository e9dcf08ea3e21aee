//! The decisions of the development server: an event comes in, actions come out, nothing is done here.
//!
//! One build runs at a time and the latest wins; one site runs at a time and is replaced only by a newer binary that
//! was built without errors, or when its settings changed.

use std::path::PathBuf;

use super::change::Change;

/// A binary that cargo has built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    /// Tells two builds apart: equal for equal contents.
    pub(super) fingerprint: u64,
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
    /// The site accepts connections.
    Ready,
    /// The site's process is gone; how, in words.
    Exited(String),
    /// Ctrl-C or a termination signal.
    Interrupted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Build,
    CancelBuild,
    Start(Program),
    /// Ask the site to finish what it is doing and end.
    Stop,
    /// End every process at once.
    Kill,
    Say(Notice),
    Quit,
}

/// What the person at the terminal should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// The site is up for the first time: its URLs.
    Serving,
    /// The site is up again.
    ServingAgain,
    /// The build made the same binary as before.
    Unchanged,
    /// The build failed and the site from before goes on.
    OldGoesOn,
    /// The build failed and there is no site to go on.
    WaitingForFix,
    /// The site ended by itself; how, in words.
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

#[derive(Debug, Default, PartialEq, Eq)]
enum Serving {
    #[default]
    Down,
    Up(u64),
    Stopping,
}

/// Where things stand.
#[derive(Debug, Default)]
pub(super) struct State {
    building: Building,
    serving: Serving,
    /// The newest binary built without errors.
    newest: Option<Program>,
    /// Settings changed since the site started: it restarts even when its binary is the same.
    restart: bool,
    /// The URLs have been shown.
    announced: bool,
    quitting: bool,
}

impl State {
    /// The first thing to do.
    pub(super) fn start(&mut self) -> Vec<Action> {
        self.build()
    }

    /// What follows from `event`.
    pub(super) fn on(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Interrupted => self.interrupted(),
            Event::Changed(_) if self.quitting => Vec::new(),
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
            Event::Ready => {
                let again = std::mem::replace(&mut self.announced, true);
                vec![Action::Say(if again {
                    Notice::ServingAgain
                } else {
                    Notice::Serving
                })]
            }
            Event::Exited(how) => self.exited(how),
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
                let up = matches!(self.serving, Serving::Up(_));
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
                let same = self.serving == Serving::Up(program.fingerprint);
                self.newest = Some(program);
                if same && !self.restart {
                    vec![Action::Say(Notice::Unchanged)]
                } else {
                    self.replace()
                }
            }
        }
    }

    /// Puts the newest binary in the place of what runs now.
    fn replace(&mut self) -> Vec<Action> {
        let Some(program) = self.newest.clone() else {
            return Vec::new();
        };
        match self.serving {
            Serving::Down => {
                self.serving = Serving::Up(program.fingerprint);
                self.restart = false;
                vec![Action::Start(program)]
            }
            Serving::Up(_) => {
                self.serving = Serving::Stopping;
                vec![Action::Stop]
            }
            Serving::Stopping => Vec::new(),
        }
    }

    fn exited(&mut self, how: String) -> Vec<Action> {
        let asked = std::mem::take(&mut self.serving) == Serving::Stopping;
        if self.quitting {
            self.quit_when_down()
        } else if asked {
            self.replace()
        } else {
            vec![Action::Say(Notice::Died(how))]
        }
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
        if matches!(self.serving, Serving::Up(_)) {
            self.serving = Serving::Stopping;
            actions.push(Action::Stop);
        }
        actions.extend(self.quit_when_down());
        actions
    }

    fn quit_when_down(&self) -> Vec<Action> {
        if self.building == Building::Idle && self.serving == Serving::Down {
            vec![Action::Quit]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Action::{Build, CancelBuild, Kill, Quit, Say, Start, Stop};
    use super::Event::{Built as Ended, Changed, Exited, Interrupted, Ready};
    use super::Notice::{
        Died, OldGoesOn, Serving, ServingAgain, Stopping, Unchanged, WaitingForFix,
    };
    use super::*;

    fn program(fingerprint: u64) -> Program {
        Program {
            path: "site".into(),
            fingerprint,
        }
    }

    fn done(fingerprint: u64) -> Event {
        Ended(Built::Done(program(fingerprint)))
    }

    fn gone() -> Event {
        Exited("exit status: 0".into())
    }

    /// Plays a story from the start: each event with the actions it must lead to.
    fn story(name: &str, steps: Vec<(Event, Vec<Action>)>) {
        let mut state = State::default();
        assert_eq!(state.start(), [Build], "{name}: start");
        for (number, (event, expected)) in steps.into_iter().enumerate() {
            let shown = format!("{name}: step {number}, {event:?}");
            assert_eq!(state.on(event), expected, "{shown}");
        }
    }

    const REBUILD: Event = Changed(Change::Rebuild);
    const RESTART: Event = Changed(Change::Restart);

    fn up(fingerprint: u64) -> Vec<(Event, Vec<Action>)> {
        vec![
            (done(fingerprint), vec![Start(program(fingerprint))]),
            (Ready, vec![Say(Serving)]),
        ]
    }

    #[test]
    fn a_change_builds_first_and_then_replaces_the_site() {
        let mut steps = up(1);
        steps.extend([
            (REBUILD, vec![Build]),
            (done(2), vec![Stop]),
            (gone(), vec![Start(program(2))]),
            (Ready, vec![Say(ServingAgain)]),
        ]);
        story("change", steps);
    }

    #[test]
    fn an_unchanged_binary_is_not_restarted() {
        let mut steps = up(1);
        steps.extend([(REBUILD, vec![Build]), (done(1), vec![Say(Unchanged)])]);
        story("unchanged", steps);
    }

    #[test]
    fn changed_settings_restart_without_a_build() {
        let mut steps = up(1);
        steps.extend([(RESTART, vec![Stop]), (gone(), vec![Start(program(1))])]);
        story("settings", steps);

        let mut steps = up(1);
        steps.extend([
            (REBUILD, vec![Build]),
            (RESTART, vec![]),
            (done(1), vec![Stop]),
            (gone(), vec![Start(program(1))]),
            (REBUILD, vec![Build]),
            (done(1), vec![Say(Unchanged)]),
        ]);
        story("settings during a build", steps);
    }

    #[test]
    fn the_lock_file_that_cargo_writes_while_it_builds_is_no_change() {
        let relock = || Changed(Change::Relock);
        story(
            "relock",
            vec![
                (relock(), vec![]),
                (done(1), vec![Start(program(1))]),
                (relock(), vec![Build]),
            ],
        );
    }

    #[test]
    fn a_failed_build_leaves_the_site_alone() {
        let mut steps = up(1);
        steps.extend([
            (REBUILD, vec![Build]),
            (Ended(Built::Failed), vec![Say(OldGoesOn)]),
            (REBUILD, vec![Build]),
            (done(2), vec![Stop]),
            (gone(), vec![Start(program(2))]),
        ]);
        story("failed", steps);

        let steps = vec![
            (Ended(Built::Failed), vec![Say(WaitingForFix)]),
            (RESTART, vec![]),
            (REBUILD, vec![Build]),
            (done(1), vec![Start(program(1))]),
        ];
        story("failed at first", steps);
    }

    #[test]
    fn the_latest_change_wins() {
        let mut steps = up(1);
        steps.extend([
            (REBUILD, vec![Build]),
            (REBUILD, vec![CancelBuild]),
            (REBUILD, vec![]),
            (Ended(Built::Cancelled), vec![Build]),
            (REBUILD, vec![CancelBuild]),
            // It ended before it could be cancelled, but from old sources.
            (done(2), vec![Build]),
            (done(3), vec![Stop]),
            // A change while the old site still stops: the newest binary is started when it is gone.
            (REBUILD, vec![Build]),
            (done(4), vec![]),
            (gone(), vec![Start(program(4))]),
        ]);
        story("latest", steps);
    }

    #[test]
    fn a_site_that_dies_waits_for_a_change() {
        let mut steps = up(1);
        steps.extend([
            (
                Exited("exit status: 101".into()),
                vec![Say(Died("exit status: 101".into()))],
            ),
            (REBUILD, vec![Build]),
            (done(1), vec![Start(program(1))]),
            (
                Exited("exit status: 1".into()),
                vec![Say(Died("exit status: 1".into()))],
            ),
            (RESTART, vec![Start(program(1))]),
        ]);
        story("died", steps);
    }

    #[test]
    fn an_interrupt_stops_what_runs_and_then_quits() {
        story(
            "during the first build",
            vec![
                (Interrupted, vec![Say(Stopping), CancelBuild]),
                (Ended(Built::Cancelled), vec![Quit]),
            ],
        );
        let mut steps = up(1);
        steps.extend([
            (Interrupted, vec![Say(Stopping), Stop]),
            (REBUILD, vec![]),
            (gone(), vec![Quit]),
        ]);
        story("while serving", steps);

        let mut steps = up(1);
        steps.extend([
            (REBUILD, vec![Build]),
            (Interrupted, vec![Say(Stopping), CancelBuild, Stop]),
            (gone(), vec![]),
            (Interrupted, vec![Kill]),
            (Ended(Built::Cancelled), vec![Quit]),
        ]);
        story("while both run, impatiently", steps);

        story(
            "with nothing running",
            vec![
                (Ended(Built::Failed), vec![Say(WaitingForFix)]),
                (Interrupted, vec![Say(Stopping), Quit]),
            ],
        );
    }
}
