//! No edit is missed, whatever is edited and however it is saved: edits at random, and what is served afterwards.
//!
//! `LUTHIER_EDITS=N` makes N edits instead of a few, `LUTHIER_EDITS_SEED=S` others.

mod sources;

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::common::Sandbox;
use crate::common::running::Running;

use super::site::{LUTHIER, get, start_with};
use sources::{Sources, change};

/// How many edits are made where `LUTHIER_EDITS` does not say.
const EDITS: usize = 24;
/// How long an edit may take, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(120);

/// Numbers that look random and are the same for the same seed (SplitMix64, Steele and others 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("small")
    }
}

/// A folder of sources, as they were written last.
struct Folder {
    sandbox: Sandbox,
    written: BTreeMap<&'static str, String>,
}

impl Folder {
    fn new(sources: &Sources) -> Self {
        let mut sandbox = Sandbox::new();
        sandbox
            .cd("shop")
            .make_folder("")
            .make_folder("../elsewhere");
        for (name, manifest) in [
            ("books", "[dependencies]\nstore = { path = \"../store\" }\n"),
            ("store", ""),
        ] {
            let head = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n"
            );
            sandbox.write(format!("{name}/Cargo.toml"), head + manifest);
        }
        sandbox
            .write("luthier.toml", LUTHIER.replace("site", "shop"))
            .write(
                "Cargo.toml",
                "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\nmembers = \
                 [\"books\", \"store\"]\n\n[dependencies]\nbooks = { path = \"books\" }\nstore = { path = \"store\" }\n",
            );
        let root = sandbox.root();
        symlink(root.join("../elsewhere"), root.join("books/folder")).expect("a link");
        let mut folder = Self {
            sandbox,
            written: BTreeMap::new(),
        };
        folder.write(sources, &mut Random(0));
        folder
    }

    /// Writes what differs from what was written last, each file in the way of some editor.
    fn write(&mut self, sources: &Sources, random: &mut Random) -> Vec<String> {
        let wanted = sources.files();
        let mut said = Vec::new();
        for (path, text) in &wanted {
            if self.written.get(path) == Some(text) {
                continue;
            }
            let place = self.sandbox.path(path);
            let way = random.below(3);
            match way {
                0 => {}
                1 => {
                    let _ = std::fs::remove_file(&place);
                }
                _ => {
                    let beside = format!("{path}.new~");
                    self.sandbox.write(&beside, text);
                    std::fs::rename(self.sandbox.path(&beside), &place).expect("renamed");
                }
            }
            if way < 2 {
                self.sandbox.write(path, text);
            }
            said.push(format!(
                "{path} {}",
                ["overwritten", "replaced", "renamed"][way]
            ));
        }
        for path in self.written.keys() {
            if !wanted.contains_key(path) {
                std::fs::remove_file(self.sandbox.path(path)).expect("removed");
                said.push(format!("{path} removed"));
            }
        }
        self.written = wanted;
        said
    }
}

/// Waits until the site answers with the page.
fn serves(address: &str, wanted: &str, history: &[String]) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let page = get(address);
        if page.as_deref() == Some(wanted) {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "an edit was missed\nwanted {wanted}\nserved {page:?}\nedits\n{}\n",
            history.join("\n")
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until the first edit of any crate can be rebuilt fast, as far as it can.
fn all_are_prepared(server: &Running) {
    let heard = server.heard();
    let last = heard.rsplit("changed: ").next().unwrap_or_default();
    let said = ["fast rebuild is prepared", "fast rebuild: rustc"];
    if said.iter().any(|text| last.contains(text)) {
        server.until("all crates are prepared", |server| {
            let heard = server.heard();
            let last = heard.rsplit("changed: ").next()?;
            last.contains("crates are prepared").then_some(())
        });
    }
}

/// Waits until the next edit can be rebuilt fast, as far as it can.
fn is_prepared(server: &Running) {
    let said = [
        "fast rebuild is prepared",
        "fast rebuild is not available",
        "fast rebuild: rustc",
    ];
    server.until("a fast rebuild is prepared or refused", |server| {
        let heard = server.heard();
        let (_, last) = heard.rsplit_once("changed: ")?;
        said.iter().any(|text| last.contains(text)).then_some(())
    });
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().expect("a number"))
}

#[test]
fn every_random_edit_is_served_as_cargo_would_build_it() {
    let edits =
        number("LUTHIER_EDITS").map_or(EDITS, |edits| usize::try_from(edits).expect("small"));
    let mut random = Random(number("LUTHIER_EDITS_SEED").unwrap_or(17));
    let mut sources = Sources::new();
    let mut folder = Folder::new(&sources);
    let (server, address) = start_with(&folder.sandbox, &["-v"]);
    let mut history = Vec::new();
    serves(&address, &sources.page(), &history);
    for at in 0..edits {
        let before = sources.page();
        // Some edits are several at once, as after a change of the branch.
        for _ in 0..=random.below(6) / 4 {
            change(&mut sources, &mut random);
        }
        if random.below(6) == 0 {
            serves(&address, &before, &history);
            sources.broken = Some(["main", "shop", "books", "store"][random.below(4)]);
            let failures = server
                .heard()
                .matches("still serving the previous version")
                .count();
            history.push(format!(
                "{at}: broken: {}",
                folder.write(&sources, &mut random).join(", ")
            ));
            server.says("still serving the previous version", failures + 1);
            assert_eq!(get(&address), Some(before), "{}", history.join("\n"));
            sources.broken = None;
        }
        history.push(format!(
            "{at}: {}",
            folder.write(&sources, &mut random).join(", ")
        ));
        // Some are made while the one before is being built.
        if random.below(5) > 0 {
            serves(&address, &sources.page(), &history);
            if random.below(3) > 0 {
                is_prepared(&server);
                if random.below(4) == 0 {
                    all_are_prepared(&server);
                }
            }
        }
    }
    serves(&address, &sources.page(), &history);
    let heard = server.heard();
    assert!(!heard.contains("the new version exited"), "{heard}");
    assert!(heard.contains("fast rebuild: rustc"), "{heard}");
    server.stop("-INT");

    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo
        .args(["run", "--quiet", "--", "print"])
        .current_dir(folder.sandbox.root());
    cargo.env("CARGO_TARGET_DIR", folder.sandbox.path("../another-target"));
    let output = cargo.output().expect("cargo runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), sources.page());
}
