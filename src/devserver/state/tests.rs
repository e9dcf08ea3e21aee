//! Stories of the dev server: each event with the actions it must lead to.

mod builds;
mod failures;

use super::Action::{
    Build, CancelBuild, DisableFastRebuild, Kill, Quit, Refresh, Retire, Route as Send, Say, Start,
    Stop,
};
use super::Event::{Built as Ended, Changed, Exited, Interrupted, WrittenByBuild};
use super::Notice::{
    BuildFailedStillServing, BuildWritesSources, NewSiteExited, Restarting, Serving, ServingAgain,
    SiteExited, Stopping, Unchanged, WaitingForFix,
};
use super::Route::{Down, Hold, To};
use super::*;

fn program(fingerprint: u64) -> Program {
    Program {
        path: "site".into(),
        fingerprint,
        by_cargo: true,
    }
}

fn done(fingerprint: u64) -> Event {
    Ended(Built::Done(program(fingerprint)))
}

fn start(generation: u32, fingerprint: u64) -> Action {
    Start(generation, program(fingerprint))
}

fn ready(generation: u32) -> Event {
    Event::Ready(generation, ([127, 0, 0, 1], 8001).into())
}

fn gone(generation: u32) -> Event {
    Exited(generation, "exit status: 0".into())
}

type Steps = Vec<(Event, Vec<Action>)>;

/// Plays a story from the start: each event with the actions it must lead to.
fn story(name: &str, steps: Steps) {
    play(name, State::default(), steps);
}

fn play(name: &str, mut state: State, steps: Steps) {
    assert_eq!(state.start(), [Build], "{name}: start");
    for (number, (event, expected)) in steps.into_iter().enumerate() {
        let shown = format!("{name}: step {number}, {event:?}");
        assert_eq!(state.on(event), expected, "{shown}");
    }
}

const REBUILD: Event = Changed(Change::Rebuild);
const RESTART: Event = Changed(Change::Restart);

/// The first build succeeds and is served.
fn up(fingerprint: u64) -> Steps {
    vec![
        (done(fingerprint), vec![start(1, fingerprint)]),
        (ready(1), vec![Send(To(1)), Say(Serving)]),
    ]
}

#[test]
fn a_change_is_built_and_takes_over_when_it_is_ready() {
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done(2), vec![start(2, 2)]),
        (ready(2), vec![Send(To(2)), Say(ServingAgain(2)), Retire(1)]),
        (gone(1), vec![]),
        (REBUILD, vec![Build]),
        (done(3), vec![start(3, 3)]),
        (ready(3), vec![Send(To(3)), Say(ServingAgain(3)), Retire(2)]),
    ]);
    story("change", steps);
}

#[test]
fn an_old_generation_may_take_its_time() {
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done(2), vec![start(2, 2)]),
        (ready(2), vec![Send(To(2)), Say(ServingAgain(2)), Retire(1)]),
        (REBUILD, vec![Build]),
        (done(3), vec![start(3, 3)]),
        (ready(3), vec![Send(To(3)), Say(ServingAgain(3)), Retire(2)]),
        (gone(2), vec![]),
        (gone(1), vec![]),
    ]);
    story("slow", steps);
}

#[test]
fn changed_settings_restart_without_a_build() {
    let mut steps = up(1);
    steps.extend([
        (RESTART, vec![start(2, 1)]),
        (ready(2), vec![Send(To(2)), Say(ServingAgain(2)), Retire(1)]),
    ]);
    story("settings", steps);

    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (RESTART, vec![]),
        (done(1), vec![start(2, 1)]),
        (ready(2), vec![Send(To(2)), Say(ServingAgain(2)), Retire(1)]),
        (REBUILD, vec![Build]),
        (done(1), vec![Say(Unchanged)]),
    ]);
    story("settings during a build", steps);

    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (RESTART, vec![]),
        (
            Ended(Built::Failed),
            vec![Say(BuildFailedStillServing), start(2, 1)],
        ),
    ]);
    story("settings during a build that fails", steps);
}

#[test]
fn a_site_that_cannot_overlap_is_stopped_first() {
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done(2), vec![Send(Hold), Retire(1)]),
        // The newest binary is started when the old site is gone.
        (REBUILD, vec![Build]),
        (done(3), vec![]),
        (gone(1), vec![start(2, 3)]),
        (RESTART, vec![Stop(2)]),
        (gone(2), vec![start(3, 3)]),
        (ready(3), vec![Send(To(3)), Say(ServingAgain(3))]),
        (RESTART, vec![Send(Hold), Retire(3)]),
        (Interrupted, vec![Say(Stopping), Stop(3)]),
        (gone(3), vec![Quit]),
    ]);
    play("stop first", State::new(true), steps);
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
        (Interrupted, vec![Say(Stopping), Stop(1)]),
        (REBUILD, vec![]),
        (gone(1), vec![Quit]),
    ]);
    story("while serving", steps);

    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done(2), vec![start(2, 2)]),
        (REBUILD, vec![Build]),
        (
            Interrupted,
            vec![Say(Stopping), CancelBuild, Stop(1), Stop(2)],
        ),
        (gone(1), vec![]),
        (gone(2), vec![]),
        (Interrupted, vec![Kill]),
        (Ended(Built::Cancelled), vec![Quit]),
    ]);
    story("while all runs, impatiently", steps);

    let mut steps = up(1);
    steps.extend([
        (RESTART, vec![start(2, 1)]),
        (ready(2), vec![Send(To(2)), Say(ServingAgain(2)), Retire(1)]),
        (Interrupted, vec![Say(Stopping), Stop(1), Stop(2)]),
        (gone(2), vec![]),
        (gone(1), vec![Quit]),
    ]);
    story("while an old one finishes", steps);

    story(
        "with nothing running",
        vec![
            (Ended(Built::Failed), vec![Send(Down), Say(WaitingForFix)]),
            (Interrupted, vec![Say(Stopping), Quit]),
        ],
    );
}

#[test]
fn what_the_site_reads_itself_concerns_pages_alone() {
    let mut steps = up(1);
    steps.extend([
        (Changed(Change::Reload), vec![Refresh(Change::Reload)]),
        (REBUILD, vec![Build]),
        (Changed(Change::Styles), vec![Refresh(Change::Styles)]),
        (done(1), vec![Say(Unchanged)]),
    ]);
    story("pages", steps);
}
