//! Builds that have nothing new, are cancelled, or write what they read.

use super::*;

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
