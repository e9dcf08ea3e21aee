//! Generators that are cut short: whatever happens, the folder holds what it held before or what the generator makes,
//! and the next command goes on from there.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may start programs, and says what it cannot test"
)]

mod concurrency;
mod disks;
mod interruptions;

use std::path::{Path, PathBuf};

use crate::common::Sandbox;

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
