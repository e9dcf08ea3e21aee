//! What is noticed of a change, and what follows from it.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::process::Command;
use std::time::Duration;

use super::site::*;
use crate::common::running::Running;

#[test]
fn what_changes_nothing_restarts_nothing() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    let first = process(&address);

    sandbox
        .write("templates/page.html", "new")
        .write("static/site.css", "new");
    sandbox
        .write("apps/books/tests/book.rs", "")
        .write("README.md", "");
    // Saved as it was, which is no change, and then with a word that changes no code.
    sandbox.write("src/main.rs", site("one"));
    sandbox.write("src/main.rs", format!("{}// a word\n", site("one")));
    let heard = server.says("Unchanged", 1);
    assert_eq!(heard.matches("Built").count(), 2, "{heard}");
    assert_eq!(process(&address), first);

    sandbox.write(".env", "hello");
    server.says("generation 2 in ", 1);
    assert!(get(&address).expect("an answer").ends_with("hello"));
    assert_eq!(
        server.heard().matches("Built").count(),
        2,
        "settings need no build"
    );
}

#[test]
fn a_change_is_told_by_what_the_file_is_for() {
    let sandbox = sandbox();
    let uses = "const DATA: &str = include_str!(\"../templates/data.html\"); fn main() { println!(\"{DATA}{}\", side::two());";
    sandbox
        .write(
            "Cargo.toml",
            format!("{MANIFEST}[dependencies]\nside = {{ path = \"../side\" }}\n"),
        )
        .write(
            "../side/Cargo.toml",
            MANIFEST.replace("\"site\"", "\"side\""),
        )
        .write("../side/src/lib.rs", "pub fn two() -> u32 { 2 }\n")
        .write("templates/data.html", "data")
        .write("src/main.rs", site("one").replace("fn main() {", uses));
    let (server, _) = start_with(&sandbox, &["--json"]);
    // Each change, and the events that it must lead to, and no others.
    let mut expected = vec!["building", "serving"];
    let mut events = |path: &str, text: &str, more: &[&'static str]| {
        sandbox.write(path, text);
        expected.extend(more);
        server.until(&format!("{path} leads to {more:?}"), |server| {
            (server.heard().matches("\"event\":").count() >= expected.len()).then_some(())
        });
        let heard = server.heard();
        let told: Vec<&str> = heard
            .lines()
            .filter_map(|line| line.strip_prefix("{\"event\":\"")?.split('"').next())
            .collect();
        assert_eq!(told, expected, "after {path}: {heard}");
    };
    events("static/site.css", "a {}", &["styles"]);
    events("templates/page.html", "<p>", &["reload"]);
    events("templates/new/deep/page.html", "<p>", &["reload"]);
    events("templates/new/deep/page.html", "<b>", &["reload"]);
    events("templates/data.html", "new data", &["building", "serving"]);
    events(
        "../side/src/lib.rs",
        "pub fn two() -> u32 { 3 }\n",
        &["building", "serving"],
    );
    events(
        "src/main.rs",
        "fn main() { mistake }",
        &["building", "failed"],
    );
    let heard = server.heard();
    let failed = heard.lines().rfind(|line| line.contains("\"failed\""));
    let failed = failed.expect("an event");
    for part in [
        "\"file\":\"src/main.rs\"",
        "\"line\":1",
        "\"column\":13",
        "E0425",
    ] {
        assert!(failed.contains(part), "{part}: {failed}");
    }
}

#[test]
fn every_way_to_save_a_file_is_noticed() {
    let sandbox = sandbox();
    sandbox.write(".env", "first");
    let (server, address) = start(&sandbox);
    let at = |name: &str| sandbox.path(name);
    let write = |name: &str, text: &str| std::fs::write(at(name), text).expect("written");
    let rename = |from: &str, to: &str| std::fs::rename(at(from), at(to)).expect("renamed");
    let remove = |name: &str| std::fs::remove_file(at(name)).expect("removed");
    let saved = |text: &str| {
        server.until(&format!("{address} answers with {text}"), |_| {
            get(&address).filter(|answer| answer.ends_with(text))
        });
    };
    // Vim tries what it may do, and keeps what was there until the new file is written.
    write("4913", "");
    remove("4913");
    rename(".env", ".env~");
    write(".env", "vim");
    remove(".env~");
    saved("vim");
    // Helix does the same under another name.
    rename(".env", ".envAb12Cd.bck");
    write(".env", "helix");
    remove(".envAb12Cd.bck");
    saved("helix");
    // Emacs marks what it edits.
    std::os::unix::fs::symlink("me@here.1:2", at(".#.env")).expect("a link");
    write("#.env#", "ema");
    rename(".env", ".env~");
    write(".env", "emacs");
    remove("#.env#");
    remove(".#.env");
    saved("emacs");
    // VS Code empties a file and writes it then.
    write(".env", "");
    std::thread::sleep(Duration::from_millis(10));
    write(".env", "code");
    saved("code");
    // IntelliJ writes beside it and exchanges the two.
    write(".env___jb_tmp___", "idea");
    rename(".env", ".env___jb_old___");
    rename(".env___jb_tmp___", ".env");
    remove(".env___jb_old___");
    saved("idea");
    let sed = Command::new("sed")
        .args(["-i", "s/idea/sed/"])
        .arg(at(".env"))
        .status();
    assert!(sed.expect("sed starts").success());
    saved("sed");
    // Gone and there again, as at a change of branches.
    remove(".env");
    write(".env", "again");
    saved("again");
    assert_eq!(server.heard().matches("Built").count(), 1);
}

#[test]
fn branches_and_stashes_are_followed() {
    let sandbox = sandbox();
    sandbox.write(".gitignore", "/target\n");
    let git = |arguments: &str| {
        let done = Command::new("git")
            .args(["-c", "user.name=Me", "-c", "user.email=me@here.example"])
            .args(arguments.split(' '))
            .current_dir(sandbox.path(""))
            .output();
        let done = done.expect("git starts");
        assert!(done.status.success(), "git {arguments}: {done:?}");
    };
    git("init -q -b main");
    git("add .");
    git("commit -q -m one");
    git("checkout -q -b other");
    sandbox
        .write(
            "src/main.rs",
            format!(
                "{}mod deep;\n",
                site("two {}").replace("{} {settings}\",", "{} {settings}\", deep::er::NAME,")
            ),
        )
        .write("src/deep/mod.rs", "pub mod er;\n")
        .write("src/deep/er/mod.rs", "pub const NAME: &str = \"deep\";\n");
    git("add .");
    git("commit -q -m two");
    let (server, address) = start(&sandbox);
    answers(&server, &address, "two deep");
    git("checkout -q main");
    answers(&server, &address, "one");
    git("checkout -q other");
    answers(&server, &address, "two deep");
    sandbox.write("src/deep/er/mod.rs", "pub const NAME: &str = \"deeper\";\n");
    answers(&server, &address, "two deeper");
    git("stash -q");
    answers(&server, &address, "two deep ");
    git("stash pop -q");
    answers(&server, &address, "two deeper");
}

#[test]
fn crates_outside_of_the_project_are_watched_before_anything_is_built() {
    let sandbox = sandbox();
    let manifest = |name: &str, more: &str| {
        format!(
            "{}[dependencies]\n{more}",
            MANIFEST.replace("\"site\"", &format!("\"{name}\""))
        )
    };
    let uses_side = site("{}").replace("{} {settings}\",", "{} {settings}\", side::name(),");
    sandbox
        .write(
            "Cargo.toml",
            manifest("site", "side = { path = \"../side\" }\n"),
        )
        .write("src/main.rs", &uses_side)
        .write(
            "../side/Cargo.toml",
            manifest("side", "far = { path = \"../far\" }\n"),
        )
        .write(
            "../side/src/lib.rs",
            "pub fn name() -> &'static str { far::NAME }\n",
        )
        .write("../far/Cargo.toml", manifest("far", ""))
        .write("../far/src/lib.rs", "mistake");
    let mut command = command(&sandbox, &[]);
    let server = Running::start(&mut command);
    server.says("the site starts when it is fixed", 1);
    sandbox.write("../far/src/lib.rs", "pub const NAME: &str = \"far\";\n");
    let heard = server.says("Ctrl-C stops", 1);
    let (_, url) = heard.split_once("http://").expect("a URL");
    let (address, _) = url.split_once('/').expect("a path");
    answers(&server, address, "far");

    // One more, which was not there when the server started.
    sandbox
        .write("../more/Cargo.toml", manifest("more", ""))
        .write("../more/src/lib.rs", "mistake")
        .write(
            "Cargo.toml",
            manifest(
                "site",
                "side = { path = \"../side\" }\nmore = { path = \"../more\" }\n",
            ),
        );
    server.says("still serving the previous version", 1);
    sandbox.write(
        "src/main.rs",
        uses_side.replace("side::name()", "more::NAME"),
    );
    server.says("still serving the previous version", 2);
    sandbox.write("../more/src/lib.rs", "pub const NAME: &str = \"more\";\n");
    answers(&server, address, "more");
}

#[test]
fn what_is_ignored_is_told_by_the_files_that_say_so_now() {
    let sandbox = sandbox();
    sandbox
        .write(".gitignore", "/target\n/made\n")
        .write("made/data.txt", "made")
        .write("made/other.css", "")
        .write("static/.gitignore", "built\n")
        .write("static/built/site.css", "");
    let data = "println!(\"{}\", include_str!(\"../made/data.txt\"));";
    sandbox.write(
        "src/main.rs",
        site("one").replace("let settings", &format!("{data} let settings")),
    );
    let (server, _) = start_with(&sandbox, &["--json"]);
    // What the compiler reads counts wherever it lies.
    sandbox.write("made/data.txt", "made again");
    server.says("generation 2 in ", 1);
    sandbox.write("static/built/site.css", "a {}");
    sandbox.write("static/.gitignore", "\n");
    sandbox.write("static/site.css", "a {}");
    server.says("\"event\":\"styles\"", 1);
    sandbox.write("static/built/site.css", "b {}");
    server.says("\"event\":\"styles\"", 2);
}

#[test]
fn settings_that_cannot_change_now_are_told() {
    let sandbox = sandbox();
    let dev = |more: &str| format!("{LUTHIER}\n[dev]\n{more}\n");
    let mut command = sandbox.command(["runserver"]);
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    sandbox.write("luthier.toml", dev("address = \"0\""));
    let server = Running::start(&mut command);
    server.says("Ctrl-C stops", 1);
    sandbox.write(
        "luthier.toml",
        dev("address = \"127.0.0.1:0\"\nhosts = [\"shop.test\"]"),
    );
    server.says("generation 2 in ", 1);
    sandbox.write("luthier.toml", dev("address = \"9999\"\npoll = true"));
    server.says(
        "run `luthier runserver` again to listen on 127.0.0.1:9999 instead",
        1,
    );
    server.says("run `luthier runserver` again for `poll` to take effect", 1);
    sandbox.write("luthier.toml", dev("adress = \"9999\""));
    let heard = server.says("unknown field `adress`", 1);
    assert_eq!(heard.matches("again to listen").count(), 1, "{heard}");
}

#[test]
fn files_are_looked_at_where_nobody_tells_of_changes() {
    let sandbox = sandbox();
    let (server, _) = start_with(&sandbox, &["--json", "--poll"]);
    sandbox.write("static/site.css", "a {}");
    server.says("\"event\":\"styles\"", 1);
}

#[test]
fn a_build_script_that_writes_into_the_sources_does_not_loop() {
    let sandbox = sandbox();
    sandbox.write(
        "build.rs",
        "fn main() {\n    let now = std::time::UNIX_EPOCH.elapsed().expect(\"a time\").as_nanos();\n    \
         std::fs::write(\"src/stamp.rs\", format!(\"pub const STAMP: u128 = {now};\\n\")).expect(\"written\");\n}\n",
    );
    let main = format!("mod stamp;\n\n{}", site("one {}"))
        .replace("std::process::id()", "stamp::STAMP, std::process::id()");
    sandbox.write("src/main.rs", main);
    let (server, address) = start(&sandbox);
    server.says("each build writes src/stamp.rs", 1);
    answers(&server, &address, "one ");
    let built = || server.heard().matches("Built").count();
    let before = built();
    assert!(before <= 5, "{}", server.heard());
    let text = sandbox.read("src/main.rs").replace("one {}", "two {}");
    sandbox.write("src/main.rs", text);
    answers(&server, &address, "two ");
    assert_eq!(built(), before + 1, "{}", server.heard());
}
