//! No edit is missed, whatever is edited and however it is saved: edits at random, and what is served afterwards.
//!
//! `LUTHIER_EDITS=N` makes N edits instead of a few, `LUTHIER_EDITS_SEED=S` others.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use super::site::{LUTHIER, get, start_with};
use crate::common::Sandbox;
use crate::common::running::Running;

/// Edits without a wish for more.
const EDITS: usize = 24;
/// How long an edit may take, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(120);

const MAIN: &str = r#"use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::fd::FromRawFd;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("print") {
        print!("{}", greet(&shop::page()));
        return;
    }
    let listener = unsafe { TcpListener::from_raw_fd(3) };
    listener.set_nonblocking(false).expect("a blocking listener");
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        if stream.read(&mut [0; 1024]).is_ok_and(|length| length == 0) {
            continue;
        }
        let body = greet(&shop::page());
        let length = body.len();
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    }
}

fn greet(page: &str) -> String {
    format!("main GREETING; {page}")
}
"#;

/// Values that are each written at one place of the sources.
const VALUES: [&str; 13] = [
    "greeting", "page", "word", "list", "generic", "later", "constant", "macro", "field", "step",
    "note", "linked", "secret",
];

/// The sources, as far as they change.
#[derive(Clone, Debug)]
struct Sources {
    values: BTreeMap<&'static str, u32>,
    /// Functions of `books` that the page calls.
    functions: u32,
    /// Fields of a struct of `store`.
    fields: u32,
    /// Fields of a struct that no other crate can have, and of one that another has without naming it.
    hidden: u32,
    padding: u32,
    /// Functions of `store` that nobody calls.
    spare: u32,
    /// Whether `books` includes a file beside its sources, and one in a folder that is a link.
    includes_note: bool,
    includes_linked: bool,
    /// Whether the module `words` is at `words/mod.rs`.
    module_in_folder: bool,
    /// What the build script of `store` adds to what it reads.
    script: u32,
    /// A crate that does not compile.
    broken: Option<&'static str>,
}

impl Sources {
    fn new() -> Self {
        Self {
            values: VALUES.map(|name| (name, 0)).into(),
            functions: 1,
            fields: 1,
            hidden: 1,
            padding: 1,
            spare: 0,
            includes_note: false,
            includes_linked: false,
            module_in_folder: false,
            script: 0,
            broken: None,
        }
    }

    /// What the site answers.
    fn page(&self) -> String {
        let value = |name: &str| self.values[name];
        let mut page = format!(
            "main {}; page {}, word {}, list {}, generic {} of 1, later {}, constant {}, macro {}, step {}",
            value("greeting"),
            value("page"),
            value("word"),
            value("list"),
            value("generic"),
            value("later"),
            value("constant"),
            value("macro"),
            value("step") + self.script,
        );
        for at in 0..self.fields {
            page += &format!(", field {}", value("field") + at);
        }
        for at in 0..self.functions {
            page += &format!(", function {at}");
        }
        page += &format!(
            ", secret {}, hidden {}, wrapped {}",
            value("secret"),
            self.hidden,
            70 + self.padding
        );
        for (included, name) in [
            (self.includes_note, "note"),
            (self.includes_linked, "linked"),
        ] {
            if included {
                page += &format!(", {name} {}", value(name));
            }
        }
        page
    }

    /// The files, by their paths.
    fn files(&self) -> BTreeMap<&'static str, String> {
        let value = |name: &str| self.values[name].to_string();
        let broken = |name: &str| match self.broken == Some(name) {
            true => "pub fn broken( {\n",
            false => "",
        };
        let words = match self.module_in_folder {
            true => "src/words/mod.rs",
            false => "src/words.rs",
        };
        let mut calls = String::new();
        let mut functions = String::new();
        for at in 0..self.functions {
            calls += &format!("    page += &books::function_{at}();\n");
            functions += &format!(
                "\npub fn function_{at}() -> String {{\n    \", function {at}\".to_owned()\n}}\n"
            );
        }
        let spare: String = (0..self.spare)
            .map(|at| format!("\npub fn spare_{at}() {{}}\n"))
            .collect();
        let list = |count: u32, before: &str, after: &str| -> String {
            (0..count)
                .map(|at| format!("{before}{at}{after}"))
                .collect()
        };
        functions += &format!(
            "\nconst SECRET: u32 = {};\n\nstruct Hidden {{ {}}}\n\n\
             pub fn hidden() -> String {{\n    let all = Hidden {{ {}}};\n    \
             format!(\", secret {{SECRET}}, hidden {{}}\", 0{})\n}}\n\n\
             pub struct Wrap {{\n    pub inner: Inner,\n}}\n\n\
             #[repr(C)]\npub struct Inner {{ {}pub value: u32 }}\n\n\
             pub fn wrap() -> Wrap {{\n    Wrap {{ inner: Inner {{ {}value: 70 + {} }} }}\n}}\n",
            value("secret"),
            list(self.hidden, "a", ": u32, "),
            list(self.hidden, "a", ": 1, "),
            list(self.hidden, " + all.a", ""),
            list(self.padding, "pub b", ": u64, "),
            list(self.padding, "b", ": 9, "),
            self.padding,
        );
        let mut included = String::new();
        for (is_included, name, path) in [
            (self.includes_note, "note", "../note.txt"),
            (self.includes_linked, "linked", "../folder/linked.txt"),
        ] {
            if is_included {
                included +=
                    &format!("    page += \", {name} \";\n    page += include_str!(\"{path}\");\n");
            }
        }
        let mut fields = String::new();
        let mut made = String::new();
        let mut shown = String::new();
        for at in 0..self.fields {
            fields += &format!("    pub field_{at}: u32,\n");
            made += &format!("            field_{at}: {} + {at},\n", value("field"));
            shown += &format!("    page += &format!(\", field {{}}\", thing.field_{at});\n");
        }
        BTreeMap::from([
            (
                "src/main.rs",
                MAIN.replace("GREETING", &value("greeting")) + broken("main"),
            ),
            (
                "src/lib.rs",
                format!(
                    "mod words;\n\nuse std::pin::pin;\nuse std::task::{{Context, Poll, Waker}};\n\n\
                     pub fn page() -> String {{\n    \
                     let mut page = format!(\"page {}, word {{}}, {{}}, {{}}, {{}}\", words::word(), books::list(), \
                     books::generic(1), now(books::later()));\n    \
                     page += &format!(\", constant {{}}, macro {{}}, step {{}}\", store::CONSTANT, store::word!(), store::step());\n    \
                     let thing = store::Thing::new();\n{shown}{calls}    page += &books::hidden();\n    \
                     page += &format!(\", wrapped {{}}\", books::wrap().inner.value);\n    page += &books::included();\n    page\n}}\n\n\
                     fn now(later: impl Future<Output = String>) -> String {{\n    \
                     match pin!(later).poll(&mut Context::from_waker(Waker::noop())) {{\n        \
                     Poll::Ready(text) => text,\n        Poll::Pending => \"never\".to_owned(),\n    }}\n}}\n{}",
                    value("page"),
                    broken("shop"),
                ),
            ),
            (
                words,
                format!(
                    "pub(crate) fn word() -> u32 {{\n    {}\n}}\n",
                    value("word")
                ),
            ),
            (
                "books/src/lib.rs",
                format!(
                    "pub fn list() -> String {{\n    \"list {}\".to_owned()\n}}\n\n\
                     pub fn generic<T: std::fmt::Display>(shown: T) -> String {{\n    format!(\"generic {} of {{shown}}\")\n}}\n\n\
                     pub async fn later() -> String {{\n    \"later {}\".to_owned()\n}}\n{functions}\n\
                     pub fn included() -> String {{\n    #[allow(unused_mut)]\n    let mut page = String::new();\n{included}    page\n}}\n{}",
                    value("list"),
                    value("generic"),
                    value("later"),
                    broken("books"),
                ),
            ),
            (
                "store/src/lib.rs",
                format!(
                    "pub const CONSTANT: u32 = {};\n\n#[macro_export]\nmacro_rules! word {{\n    () => {{\n        {}\n    }};\n}}\n\n\
                     pub struct Thing {{\n{fields}}}\n\nimpl Thing {{\n    pub fn new() -> Self {{\n        Self {{\n{made}        }}\n    }}\n}}\n\n\
                     pub fn step() -> &'static str {{\n    env!(\"STEP\")\n}}\n{spare}{}",
                    value("constant"),
                    value("macro"),
                    broken("store"),
                ),
            ),
            (
                "store/build.rs",
                format!(
                    "fn main() {{\n    println!(\"cargo::rerun-if-changed=step.txt\");\n    \
                     let step = std::fs::read_to_string(\"step.txt\").expect(\"a file\");\n    \
                     let step: u32 = step.trim().parse().expect(\"a number\");\n    \
                     println!(\"cargo::rustc-env=STEP={{}}\", step + {});\n}}\n",
                    self.script
                ),
            ),
            ("store/step.txt", value("step")),
            ("books/note.txt", value("note")),
            ("../elsewhere/linked.txt", value("linked")),
        ])
    }
}

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

/// Changes the sources somewhere.
fn change(sources: &mut Sources, random: &mut Random) {
    match random.below(22) {
        0 => sources.functions += 1,
        1 => sources.functions = (sources.functions - 1).max(1),
        2 => sources.fields = sources.fields % 3 + 1,
        3 => sources.includes_note ^= true,
        4 => sources.includes_linked ^= true,
        5 => sources.module_in_folder ^= true,
        6 => sources.script += 100,
        7 | 8 => sources.hidden = sources.hidden % 4 + 1,
        9 | 10 => sources.padding = sources.padding % 4 + 1,
        11 => sources.spare += 1,
        _ => {
            let name = VALUES[random.below(VALUES.len())];
            *sources.values.get_mut(name).expect("a value") += 1;
        }
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

/// Waits until the first edit of any crate can be rebuilt fast, if cargo has built what is served.
fn all_are_prepared(server: &Running) {
    let heard = server.heard();
    let last = heard.rsplit("changed: ").next().unwrap_or_default();
    if last.contains("fast rebuild is prepared") {
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
