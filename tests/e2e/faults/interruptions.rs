//! Crashes, failures, kills and Ctrl-C at any moment.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Outcome, Sandbox};

use super::{GENERATORS, Prepared, State, assert_goes_on, assert_state, difference, shapes, state};

#[track_caller]
fn assert_one_of(states: &[State; 2], sandbox: &Sandbox, what: &str) {
    let found = &state(sandbox);
    assert!(
        states.contains(found),
        "{what}: neither before:\n{}\nnor after:\n{}",
        difference(&states[0], found),
        difference(&states[1], found),
    );
}

/// Makes the generator fail at its first change to the disk, its second, … until it gets through.
fn at_every_change(prepared: &Prepared, kind: &str, check: impl Fn(&Sandbox, &str)) {
    let generator = prepared.generator;
    for change in 1.. {
        let sandbox = prepared.before.copy();
        let fault = format!("{kind}:{change}");
        let mut command = sandbox.command(generator.args);
        let outcome = Outcome::of(command.env("LUTHIER_FAULT", &fault));
        if outcome.code == Some(0) {
            assert!(change > 5, "the faults do not reach {generator:?}");
            return;
        }
        if kind == "error" {
            let said = &outcome.stderr;
            let unchanged = ["no file was changed", "nothing was made"];
            assert!(
                unchanged.iter().any(|text| said.contains(text)),
                "{generator:?} {fault}: {said}"
            );
            let staged = said.contains("cannot write") && said.contains("luthier-new-");
            assert!(!staged, "{generator:?} {fault}: {said}");
        }
        check(&sandbox, &format!("{generator:?} {fault}"));
    }
}

#[test]
fn a_crash_at_any_change_leaves_the_old_state_or_the_new() {
    for generator in GENERATORS {
        let prepared = generator.prepare();
        at_every_change(&prepared, "crash", |sandbox, what| {
            // Any command recovers first.
            sandbox.run(["completions", "bash"]).success();
            assert_one_of(&prepared.states, sandbox, what);
            assert_goes_on(&prepared, sandbox);
        });
    }
}

#[test]
fn a_failure_at_any_change_is_undone_at_once() {
    for generator in shapes() {
        let prepared = generator.prepare();
        at_every_change(&prepared, "error", |sandbox, what| {
            assert_state(&prepared.states[0], sandbox, what);
            assert_goes_on(&prepared, sandbox);
        });
    }
}

#[test]
fn a_disk_that_stays_broken_is_put_right_by_the_next_command() {
    for generator in shapes() {
        let prepared = generator.prepare();
        at_every_change(&prepared, "broken", |sandbox, what| {
            sandbox.run(["completions", "bash"]).success();
            assert_one_of(&prepared.states, sandbox, what);
            assert_goes_on(&prepared, sandbox);
        });
    }
}

#[test]
fn recovery_can_itself_be_cut_short() {
    let prepared = GENERATORS[1].prepare();
    at_every_change(&prepared, "crash", |sandbox, what| {
        for change in 1..50 {
            let mut command = sandbox.command(["completions", "bash"]);
            if Outcome::of(command.env("LUTHIER_FAULT", format!("crash:{change}"))).code == Some(0)
            {
                break;
            }
        }
        assert_one_of(&prepared.states, sandbox, what);
    });
}

/// Ends a run at many moments of its life with `end`, and checks what it left.
fn at_many_moments(prepared: &Prepared, end: impl Fn(&mut Child), check: impl Fn(&Sandbox, &str)) {
    let generator = prepared.generator;
    let sandbox = prepared.before.copy();
    let start = Instant::now();
    sandbox.run(generator.args).success();
    let whole = start.elapsed();
    const MOMENTS: u32 = 30;
    for moment in 0..MOMENTS {
        let sandbox = prepared.before.copy();
        let mut command = sandbox.command(generator.args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("luthier starts");
        // Up to a little longer than a run takes.
        std::thread::sleep(whole * moment * 5 / (MOMENTS * 4) + Duration::from_micros(100));
        end(&mut child);
        child.wait().expect("luthier ends");
        check(
            &sandbox,
            &format!("{generator:?} at moment {moment} of {MOMENTS}"),
        );
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_state_or_the_new() {
    for generator in GENERATORS {
        let prepared = generator.prepare();
        let kill = |child: &mut Child| child.kill().expect("it can be killed");
        at_many_moments(&prepared, kill, |sandbox, what| {
            sandbox.run(["completions", "bash"]).success();
            assert_one_of(&prepared.states, sandbox, what);
            assert_goes_on(&prepared, sandbox);
        });
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_at_any_moment_needs_no_recovery() {
    use rustix::process::{Pid, Signal, kill_process};
    for generator in GENERATORS {
        let prepared = generator.prepare();
        let interrupt = |child: &mut Child| {
            let id = Pid::from_child(child);
            kill_process(id, Signal::INT).expect("it can be signalled");
        };
        at_many_moments(&prepared, interrupt, |sandbox, what| {
            assert!(!sandbox.exists(".luthier/journal.json"), "{what}");
            assert_one_of(&prepared.states, sandbox, what);
            assert_goes_on(&prepared, sandbox);
        });
    }
}
