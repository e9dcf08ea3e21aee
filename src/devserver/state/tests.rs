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

/// A build that came about without cargo.
fn done_in_short(fingerprint: u64) -> (Event, Program) {
    let program = Program {
        by_cargo: false,
        ..program(fingerprint)
    };
    (Ended(Built::Done(program.clone())), program)
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
fn an_unchanged_binary_is_not_restarted() {
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done(1), vec![Say(Unchanged)]),
        (REBUILD, vec![Build]),
        (done(2), vec![start(2, 2)]),
        // Also while it still starts.
        (REBUILD, vec![Build]),
        (done(2), vec![Say(Unchanged)]),
        (ready(2), vec![Send(To(2)), Say(ServingAgain(2)), Retire(1)]),
    ]);
    story("unchanged", steps);
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
fn the_lock_file_that_cargo_writes_while_it_builds_is_no_change() {
    let relock = || Changed(Change::Relock);
    story(
        "relock",
        vec![
            (relock(), vec![]),
            (done(1), vec![start(1, 1)]),
            (relock(), vec![Build]),
        ],
    );
}

#[test]
fn a_failed_build_leaves_the_site_alone() {
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (Ended(Built::Failed), vec![Say(BuildFailedStillServing)]),
        (REBUILD, vec![Build]),
        (done(2), vec![start(2, 2)]),
    ]);
    story("failed", steps);

    let steps = vec![
        (Ended(Built::Failed), vec![Send(Down), Say(WaitingForFix)]),
        (RESTART, vec![]),
        (REBUILD, vec![Send(Hold), Build]),
        (done(1), vec![start(1, 1)]),
        (ready(1), vec![Send(To(1)), Say(Serving)]),
    ];
    story("failed at first", steps);
}

#[test]
fn a_generation_that_does_not_start_leaves_the_site_alone() {
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done(2), vec![start(2, 2)]),
        (
            Exited(2, "exit status: 101".into()),
            vec![Say(NewSiteExited("exit status: 101".into()))],
        ),
        // What it missed may be there by now.
        (REBUILD, vec![Build]),
        (done(2), vec![start(3, 2)]),
        (ready(3), vec![Send(To(3)), Say(ServingAgain(3)), Retire(1)]),
    ]);
    story("panic", steps);
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
        (done(3), vec![start(2, 3)]),
        // A change while the new site still starts: what is built then overtakes it.
        (REBUILD, vec![Build]),
        (done(4), vec![Stop(2), start(3, 4)]),
        (ready(2), vec![]),
        (gone(2), vec![]),
        (ready(3), vec![Send(To(3)), Say(ServingAgain(3)), Retire(1)]),
    ]);
    story("latest", steps);
}

#[test]
fn a_site_that_crashes_is_started_again_a_few_times() {
    let crashed = |number| Exited(number, "exit status: 1".into());
    let restarting = || Say(Restarting("exit status: 1".into()));
    let down = || Say(SiteExited("exit status: 1".into()));
    let mut steps = up(1);
    for generation in 1..=3 {
        let next = generation + 1;
        steps.extend([
            (
                crashed(generation),
                vec![Send(Hold), restarting(), start(next, 1)],
            ),
            (ready(next), vec![Send(To(next)), Say(ServingAgain(next))]),
        ]);
    }
    steps.extend([
        (crashed(4), vec![Send(Down), down()]),
        (REBUILD, vec![Send(Hold), Build]),
        (done(1), vec![start(5, 1)]),
        // One that was never ready waits for a change.
        (crashed(5), vec![Send(Down), down()]),
        (RESTART, vec![Send(Hold), start(6, 1)]),
        (ready(6), vec![Send(To(6)), Say(ServingAgain(6))]),
        // A build may fail: until it is done the old program serves.
        (REBUILD, vec![Build]),
        (crashed(6), vec![Send(Hold), restarting(), start(7, 1)]),
        (done(2), vec![Stop(7), start(8, 2)]),
        (crashed(7), vec![]),
        (ready(8), vec![Send(To(8)), Say(ServingAgain(8))]),
    ]);
    story("crashed", steps);
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

#[test]
fn a_site_that_was_made_in_short_and_dies_is_made_again_by_cargo() {
    let (done_two, two) = done_in_short(2);
    let (done_three, three) = done_in_short(3);
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done_two, vec![Start(2, two)]),
        // At its start: the one before goes on.
        (
            gone(2),
            vec![
                Say(NewSiteExited("exit status: 0".into())),
                DisableFastRebuild,
                Build,
            ],
        ),
        (done(4), vec![start(3, 4)]),
        (ready(3), vec![Send(To(3)), Say(ServingAgain(3)), Retire(1)]),
        (gone(1), vec![]),
        // While it serves, and something is being built.
        (REBUILD, vec![Build]),
        (done_three, vec![Start(4, three)]),
        (ready(4), vec![Send(To(4)), Say(ServingAgain(4)), Retire(3)]),
        (gone(3), vec![]),
        (REBUILD, vec![Build]),
        (
            gone(4),
            vec![
                Send(Hold),
                Say(Restarting("exit status: 0".into())),
                DisableFastRebuild,
            ],
        ),
        // A program that cargo has built is started again as it is.
        (done(5), vec![start(5, 5)]),
        (ready(5), vec![Send(To(5)), Say(ServingAgain(5))]),
        (
            gone(5),
            vec![
                Send(Hold),
                Say(Restarting("exit status: 0".into())),
                start(6, 5),
            ],
        ),
    ]);
    story("made in short", steps);
}

#[test]
fn a_build_that_writes_sources_ends() {
    let stamp = || WrittenByBuild("src/stamp.rs".into());
    let mut steps = up(1);
    steps.push((REBUILD, vec![Build]));
    for build in 2..=4 {
        let generation = u32::try_from(build).expect("small");
        // Neither cancelled nor forgotten.
        steps.extend([
            (stamp(), vec![]),
            (done(build), vec![start(generation, build), Build]),
            (
                ready(generation),
                vec![
                    Send(To(generation)),
                    Say(ServingAgain(generation)),
                    Retire(generation - 1),
                ],
            ),
            (gone(generation - 1), vec![]),
        ]);
    }
    steps.extend([
        (done(5), vec![start(5, 5)]),
        (
            stamp(),
            vec![Say(BuildWritesSources("src/stamp.rs".into()))],
        ),
        (ready(5), vec![Send(To(5)), Say(ServingAgain(5)), Retire(4)]),
        (gone(4), vec![]),
        // From now on a save is one build.
        (REBUILD, vec![Build]),
        (stamp(), vec![]),
        (done(6), vec![start(6, 6)]),
        // Another edit during a build still cancels it.
        (REBUILD, vec![Build]),
        (REBUILD, vec![CancelBuild]),
    ]);
    story("build output", steps);
}
