//! A fuzzer that knows the API's own description: no answer may differ from it, and none may be a 5xx.

use std::process::Command;

use crate::client::Client;
use crate::common::servers::schemathesis;

/// What may come of valid data: it may also name what is not there, what others hold, or a link that no longer works.
const SETTINGS: &str = r#"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "429"]
"#;

pub(crate) fn run(site: &Client) {
    let Some(schemathesis) = schemathesis() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("schemathesis.toml"), SETTINGS).expect("it is written");
    let output = Command::new(schemathesis)
        .args(["run", &format!("{}/api/openapi.json", site.base)])
        .args([
            "--checks",
            "all",
            "--phases",
            "examples,coverage,fuzzing,stateful",
        ])
        // Bounded, and the same requests each time.
        .args(["--max-examples", "100", "--seed", "1", "--workers", "1"])
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
