//! Builds that fail and sites that do not start or crash.

use super::*;

/// A build without cargo.
fn done_by_fast_rebuild(fingerprint: u64) -> (Event, Program) {
    let program = Program {
        by_cargo: false,
        ..program(fingerprint)
    };
    (Ended(Built::Done(program.clone())), program)
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
fn a_site_of_a_fast_rebuild_that_dies_is_built_again_by_cargo() {
    let (done_two, two) = done_by_fast_rebuild(2);
    let (done_three, three) = done_by_fast_rebuild(3);
    let mut steps = up(1);
    steps.extend([
        (REBUILD, vec![Build]),
        (done_two, vec![Start(2, two)]),
        // At its start: the previous one still serves.
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
    story("fast rebuild", steps);
}
