//! The sources that are edited at random, and the page that they make.

use std::collections::BTreeMap;

use super::Random;

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
pub(super) struct Sources {
    pub(super) values: BTreeMap<&'static str, u32>,
    /// Functions of `books` that the page calls.
    pub(super) functions: u32,
    /// Fields of a struct of `store`.
    pub(super) fields: u32,
    /// Fields of a struct that no other crate can have, and of one that another has without naming it.
    pub(super) hidden: u32,
    pub(super) padding: u32,
    /// Functions of `store` that nobody calls.
    pub(super) spare: u32,
    /// Whether `books` includes a file beside its sources, and one in a folder that is a link.
    pub(super) includes_note: bool,
    pub(super) includes_linked: bool,
    /// Whether the module `words` is at `words/mod.rs`.
    pub(super) module_in_folder: bool,
    /// What the build script of `store` adds to what it reads.
    pub(super) script: u32,
    /// A crate that does not compile.
    pub(super) broken: Option<&'static str>,
}

impl Sources {
    pub(super) fn new() -> Self {
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
    pub(super) fn page(&self) -> String {
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
    pub(super) fn files(&self) -> BTreeMap<&'static str, String> {
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

/// Changes the sources somewhere.
pub(super) fn change(sources: &mut Sources, random: &mut Random) {
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
