//! Generators that are cut short: whatever happens, the folder holds what it held before or what the generator makes,
//! and the next command goes on from there.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may start programs, and says what it cannot test"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Outcome, Sandbox};

/// A folder's files with their contents.
type State = Vec<(PathBuf, Vec<u8>)>;

/// A command that writes files, and the folder it is run in.
#[derive(Clone, Copy, Debug)]
struct Generator {
    /// Prepares the folder.
    setup: &'static [&'static [&'static str]],
    /// The folder of the sandbox to work in.
    folder: &'static str,
    args: &'static [&'static str],
}

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/packs/tiny");

const GENERATORS: &[Generator] = &[
    // Into a folder that does not exist.
    Generator {
        setup: &[],
        folder: "",
        args: &[
            "startproject",
            "shed",
            "--no-git",
            "--set",
            "color=red",
            "--scaffold",
            PACK,
        ],
    },
    // Into an empty folder.
    Generator {
        setup: &[],
        folder: "",
        args: &[
            "startproject",
            "shed",
            ".",
            "--no-git",
            "--set",
            "color=red",
            "--scaffold",
            PACK,
        ],
    },
    // New files and edits of files that are there.
    Generator {
        setup: &[&["startproject", "shop", "--no-git"]],
        folder: "shop",
        args: &["startapp", "books"],
    },
    Generator {
        setup: &[
            &["startproject", "shop", "--no-git"],
            &["startapp", "books"],
        ],
        folder: "shop",
        args: &[
            "startmodel",
            "books",
            "Book",
            "title:string(200)",
            "isbn:string(20):unique",
        ],
    },
    Generator {
        setup: &[
            &["startproject", "shop", "--no-git"],
            &["startapp", "books"],
            &["startmodel", "books", "Book", "title:string(200)"],
        ],
        folder: "shop",
        args: &["makemigrations"],
    },
    // Files that go away.
    Generator {
        setup: &[
            &["startproject", "shop", "--no-git"],
            &["startapp", "books"],
            &["startmodel", "books", "Book", "title:string(200)"],
            &["makemigrations"],
            &["makemigrations", "--empty", "-m", "more"],
        ],
        folder: "shop",
        args: &["squashmigrations", "more"],
    },
];

/// A generator with the folder it starts from and what it makes of it.
struct Prepared<'a> {
    generator: &'a Generator,
    before: Sandbox,
    /// The states before and after the command.
    states: [State; 2],
}

/// A new folder, an empty one, one with files: for what depends on the kind of change and not on the generator.
fn shapes() -> &'static [Generator] {
    &GENERATORS[..3]
}

impl Generator {
    fn prepare(&self) -> Prepared<'_> {
        let mut before = Sandbox::in_memory();
        for args in self.setup {
            before.run(*args).success();
            before.cd(self.folder);
        }
        let after = before.copy();
        after.run(self.args).success();
        Prepared {
            generator: self,
            states: [state(&before), state(&after)],
            before,
        }
    }
}

/// What must be all or nothing: all but the scraps that no one commits, the times in records, and the folder that a
/// new project is built in.
fn state(sandbox: &Sandbox) -> State {
    let mut state = sandbox.snapshot("");
    let named = |path: &Path, part: &str| path.to_string_lossy().contains(part);
    state.retain(|(path, _)| {
        !named(path, ".luthier/lock")
            && !named(path, ".luthier/stage/")
            && !named(path, ".luthier-new-")
    });
    for (path, contents) in &mut state {
        if named(path, ".luthier/records/") {
            *path = PathBuf::from("a record");
            contents.clear();
        } else if named(path, "migrations/") {
            *path = PathBuf::from(without_times(&path.to_string_lossy()));
            let text = without_times(&String::from_utf8_lossy(contents));
            // The checksums of files that name the time.
            let text = text.split("\"files\"").next().unwrap_or_default();
            *contents = text.as_bytes().to_vec();
        }
    }
    state.sort();
    state
}

/// The text with the times in the names of migrations, `20261121104045_initial`, replaced.
fn without_times(text: &str) -> String {
    let mut result = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        result += if digits.len() == 14 { "TIME" } else { &digits };
        digits.clear();
        result.push(c);
    }
    result.pop();
    result
}

/// What tells two states apart, short enough to be read.
fn difference(expected: &State, found: &State) -> String {
    let mut shown = String::new();
    for (title, left, right) in [
        ("missing", expected, found),
        ("unexpected", found, expected),
    ] {
        for (path, contents) in left.iter().filter(|file| !right.contains(file)) {
            let path = path.display();
            let text = String::from_utf8_lossy(contents);
            shown += &format!(
                "{title}: {path}\n{}\n",
                text.chars().take(400).collect::<String>()
            );
        }
    }
    shown
}

#[track_caller]
fn assert_state(expected: &State, sandbox: &Sandbox, what: &str) {
    let found = state(sandbox);
    assert!(
        *expected == found,
        "{what}:\n{}",
        difference(expected, &found)
    );
}

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

/// Runs the generator again where it did nothing, which must work whatever the first run left behind.
#[track_caller]
fn assert_goes_on(prepared: &Prepared, sandbox: &Sandbox) {
    if state(sandbox) == prepared.states[0] {
        sandbox.run(prepared.generator.args).success();
    }
    assert_state(&prepared.states[1], sandbox, "going on");
    let scrap = |file: &&String| file.contains("/stage/") || file.contains(".luthier-new");
    assert_eq!(sandbox.files("").iter().find(scrap), None);
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

#[test]
fn of_two_at_once_each_does_its_work_or_says_why_not() {
    let prepared = GENERATORS[2].prepare();
    for _ in 0..10 {
        let sandbox = prepared.before.copy();
        let apps = ["authors", "books"];
        let both = apps.map(|app| {
            let mut command = sandbox.command(["startapp", app]);
            command
                .stderr(Stdio::piped())
                .spawn()
                .expect("luthier starts")
        });
        let because = [
            "is at work in this project",
            "changed while luthier was working",
        ];
        for output in both.map(|child| child.wait_with_output().expect("luthier ends")) {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success() || because.iter().any(|reason| said.contains(reason)),
                "{said}"
            );
        }
        for app in apps {
            sandbox.run(["startapp", app]).success();
        }
        let manifest = sandbox.read("luthier.toml");
        assert!(
            manifest.contains(r#""authors", "books"]"#)
                || manifest.contains(r#""books", "authors"]"#),
            "{manifest}"
        );
    }
}

#[test]
fn of_two_that_make_one_project_one_wins_whole() {
    let prepared = GENERATORS[0].prepare();
    for _ in 0..20 {
        let sandbox = Sandbox::in_memory();
        let both = [(); 2].map(|()| {
            let mut command = sandbox.command(prepared.generator.args);
            command
                .stderr(Stdio::null())
                .spawn()
                .expect("luthier starts")
        });
        let won = both.map(|mut child| child.wait().expect("luthier ends").success());
        assert!(won.contains(&true), "nobody won");
        assert_state(&prepared.states[1], &sandbox, "one of two");
    }
}

/// Runs `script` where it may mount file systems that nobody else sees; `None`, and a loud word, where that is not
/// possible. `$LUTHIER` is the tool and `$DISK` a folder to mount on.
fn with_mounts(sandbox: &Sandbox, script: &str) -> Option<Outcome> {
    sandbox.make_folder("disk");
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-euc", script]);
        command.env("DISK", sandbox.path("disk")).env("PACK", PACK);
        command.env("LUTHIER", env!("CARGO_BIN_EXE_luthier"));
        command
    };
    let probe = unshare("mount -t tmpfs none $DISK").output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "NOT TESTED: this system lets us mount nothing, so no disk can be filled or locked"
        );
        return None;
    }
    Some(Outcome::of(&mut unshare(script)))
}

/// Makes a project on a disk with the given limit, prints how that ended and what is there.
const ON_A_SMALL_DISK: &str = r#"
    mount -t tmpfs -o $LIMIT none "$DISK"
    cd "$DISK"
    code=0
    "$LUTHIER" startproject shed $FOLDER --no-git --set color=red --scaffold "$PACK" 2>../err || code=$?
    echo "code $code"
    find . -type f | grep -v /lock$ | wc -l || :
"#;

#[test]
fn a_full_disk_leaves_nothing_or_everything() {
    for folder in ["", "."] {
        for limit in (1..40)
            .step_by(3)
            .map(|pages| format!("size={}k,nr_inodes=200", pages * 4))
            .chain(
                (3..60)
                    .step_by(4)
                    .map(|files| format!("size=4m,nr_inodes={files}")),
            )
        {
            let sandbox = Sandbox::in_memory();
            let script = ON_A_SMALL_DISK
                .replace("$LIMIT", &limit)
                .replace("$FOLDER", folder);
            let Some(outcome) = with_mounts(&sandbox, &script) else {
                return;
            };
            let report: Vec<&str> = outcome.stdout.split_whitespace().collect();
            let [_, code, files] = report[..] else {
                panic!("{limit}: {outcome:?}");
            };
            match code {
                "0" => assert_eq!(files, "12", "{limit}"),
                _ => assert_eq!((code, files), ("1", "0"), "{limit} in {folder:?}"),
            }
        }
    }
}

#[test]
fn a_read_only_folder_is_said_to_be_one() {
    let script = r#"
        mount -t tmpfs none "$DISK"
        cd "$DISK"
        mkdir empty
        mount -o remount,ro "$DISK"
        "$LUTHIER" startproject shed --scaffold "$PACK" --set color=red && exit 9
        "$LUTHIER" startproject shed empty --scaffold "$PACK" --set color=red && exit 9
        find . -type f
    "#;
    if let Some(outcome) = with_mounts(&Sandbox::in_memory(), script) {
        let outcome = outcome.success().stderr_has("Read-only file system");
        assert_eq!(outcome.stdout, "");
    }
}
