//! What the tests of every edit ask: nothing lost, the same again, and rustfmt agrees.

use std::io::Write;
use std::process::{Command, Stdio};

/// Every byte of `before` is in `after`, in order.
pub(super) fn assert_kept(before: &str, after: &str) {
    let mut rest = after.bytes();
    let kept = before.bytes().all(|byte| rest.any(|other| other == byte));
    assert!(kept, "lost bytes\n--- before\n{before}\n--- after\n{after}");
}

/// Every line of `before` is in `after`, in order, whole.
pub(super) fn assert_lines_kept(before: &str, after: &str) {
    let mut rest = after.lines();
    for line in before.lines() {
        assert!(
            rest.any(|other| other == line),
            "lost the line {line:?}\n--- before\n{before}\n--- after\n{after}"
        );
    }
}

/// `rustfmt` leaves `text` alone.
#[expect(clippy::disallowed_methods, reason = "a test that runs rustfmt")]
pub(in crate::scaffold) fn assert_formatted(text: &str) {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is installed");
    let mut stdin = rustfmt.stdin.take().expect("stdin is piped");
    stdin.write_all(text.as_bytes()).expect("rustfmt reads");
    drop(stdin);
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt refused\n{text}");
    let formatted = String::from_utf8(output.stdout).expect("rustfmt writes UTF-8");
    if formatted != text {
        let diff = diffy::create_patch(text, &formatted);
        panic!("rustfmt would change it:\n{diff}");
    }
}

/// `rustfmt`, once for them all, leaves each of `texts` alone.
#[expect(clippy::disallowed_methods, reason = "a test that runs rustfmt")]
pub(in crate::scaffold) fn assert_all_formatted(texts: &[String]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |(index, text): (usize, &String)| {
        let path = folder.path().join(format!("{index}.rs"));
        std::fs::write(&path, text).expect("the file can be written");
        path
    };
    let output = Command::new("rustfmt")
        .args(["--edition", "2024", "--check", "--color", "never"])
        .args(texts.iter().enumerate().map(write))
        .output()
        .expect("rustfmt is installed");
    let shown = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "rustfmt would change:\n{shown}{said}"
    );
}
