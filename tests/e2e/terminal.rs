//! Questions, answered on a terminal.
#![cfg(unix)]

use std::process::Stdio;

use crate::common::Sandbox;
use rexpect::session::{PtySession, spawn_command};

const MINE: &str = "# My own.\n";
const FILES: [&str; 2] = ["Dockerfile", ".dockerignore"];

/// A project that holds files of the user's where `dockerfile` makes its own.
fn project_in_the_way() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox
        .run(["startproject", "bookstore", "--no-git"])
        .success();
    sandbox.cd("bookstore");
    sandbox.run(["startapp", "books"]).success();
    sandbox
        .run(["startmodel", "books", "Tag", "name:text"])
        .success();
    for file in FILES {
        sandbox.write(file, MINE);
    }
    sandbox
}

/// Starts `luthier` on a terminal.
fn luthier(sandbox: &Sandbox, args: &[&str]) -> PtySession {
    let mut command = sandbox.command(["--color", "never"].iter().chain(args));
    command.env("TERM", "xterm").stdin(Stdio::inherit());
    spawn_command(command, Some(30_000)).expect("a terminal")
}

/// Waits for the question about a file, and answers it.
fn answer(terminal: &mut PtySession, with: &str) {
    terminal
        .exp_string("h for help]")
        .expect("a question about the file");
    terminal.send_line(with).expect("an answer");
}

/// Waits for the end; its exit code.
fn code(terminal: &mut PtySession) -> i32 {
    terminal.exp_eof().expect("it ends");
    let ended = terminal.process().wait().expect("it has ended");
    // `Exited(Pid(1), 0)`; its type is of a crate that this one does not name.
    let ended = format!("{ended:?}");
    let code = ended.trim_end_matches(')').rsplit(", ").next();
    code.and_then(|code| code.parse().ok()).expect(&ended)
}

#[test]
fn a_conflict_is_explained_and_settled_as_answered() {
    let sandbox = project_in_the_way();
    let mut terminal = luthier(&sandbox, &["dockerfile"]);
    answer(&mut terminal, "h");
    terminal.exp_string("overwrite this file").expect("help");
    answer(&mut terminal, "d");
    terminal.exp_string("-# My own.").expect("a diff");
    answer(&mut terminal, "n");
    answer(&mut terminal, "y");
    assert_eq!(code(&mut terminal), 0);
    let kept = FILES.iter().filter(|file| sandbox.read(file) == MINE);
    assert_eq!(kept.count(), 1);
}

#[test]
fn quitting_a_conflict_writes_nothing() {
    let sandbox = project_in_the_way();
    let before = sandbox.snapshot("");
    let mut terminal = luthier(&sandbox, &["dockerfile"]);
    answer(&mut terminal, "q");
    terminal
        .exp_string("nothing was written")
        .expect("it says so");
    assert_eq!(code(&mut terminal), 1);
    assert_eq!(sandbox.snapshot(""), before);

    // Without a terminal there is nobody to ask.
    sandbox.run(["dockerfile"]).code(3).stderr_has(FILES[0]);
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn all_conflicts_can_be_overwritten_or_merged_at_once() {
    let sandbox = project_in_the_way();
    let mut terminal = luthier(&sandbox, &["dockerfile"]);
    answer(&mut terminal, "a");
    assert_eq!(code(&mut terminal), 0);
    assert!(FILES.iter().all(|file| sandbox.read(file) != MINE));

    let sandbox = project_in_the_way();
    let mut terminal = luthier(&sandbox, &["dockerfile"]);
    answer(&mut terminal, "m");
    answer(&mut terminal, "n");
    code(&mut terminal);
    let merged = |file: &&str| {
        let text = sandbox.read(file);
        text.contains("<<<<<<<") && text.contains(MINE) && text.contains("FROM")
    };
    assert_eq!(FILES.iter().filter(|file| merged(file)).count(), 1);
}

#[test]
fn ctrl_c_at_a_question_writes_nothing() {
    let sandbox = project_in_the_way();
    let before = sandbox.snapshot("");
    let mut terminal = luthier(&sandbox, &["dockerfile"]);
    terminal.exp_string("h for help]").expect("a question");
    terminal.send_control('c').expect("Ctrl-C");
    assert_ne!(code(&mut terminal), 0);
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn a_rename_can_be_chosen() {
    let sandbox = project_in_the_way();
    sandbox.run(["makemigrations"]).success();
    let model = "apps/books/src/models/tag.rs";
    sandbox.write(
        model,
        sandbox.read(model).replace("pub name:", "pub label:"),
    );
    let mut terminal = luthier(&sandbox, &["makemigrations"]);
    terminal.exp_string("name").expect("a question");
    terminal.send_line("").expect("the first choice");
    assert_eq!(code(&mut terminal), 0);
    let files = sandbox.files("migrations/sqlite");
    assert!(
        files
            .iter()
            .any(|file| file.ends_with("_rename_name_to_label_in_tags.up.sql")),
        "{files:?}"
    );
}
