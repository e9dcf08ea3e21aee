//! A fuzzer that knows an API's own description: no answer may differ from it, and none may be a 5xx.

use std::ffi::OsStr;
use std::process::Command;

use super::servers::schemathesis;

/// What may come of valid data: it may also name what is not there, what others hold, or a link that no longer works.
pub(crate) const SETTINGS: &str = r#"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "429"]
"#;

/// Runs it against the site at `base`, where it is installed.
pub(crate) fn fuzz(base: &str, settings: &str, arguments: &[impl AsRef<OsStr>]) {
    let Some(schemathesis) = schemathesis() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("schemathesis.toml"), settings).expect("it is written");
    let output = Command::new(schemathesis)
        .args(["run", &format!("{base}/api/openapi.json")])
        .args(["--checks", "all"])
        .args(arguments)
        // The same requests each time.
        .args(["--seed", "1", "--workers", "1"])
        .args(["--warnings", "off", "--no-color"])
        // It remembers failures in the folder it runs in.
        .current_dir(folder.path())
        .output()
        .expect("the fuzzer starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
