//! A fuzzer that knows the API's own description: no answer may differ from it, and none may be a 5xx.

use crate::client::Client;
use crate::common::fuzz::{SETTINGS, fuzz};

/// Whether a time lies in the future is nothing that a schema can say.
const TOKENS: &str = r#"
[[operations]]
include-operation-id = "create_token"
[operations.checks.positive_data_acceptance]
expected-statuses = ["201", "422"]
"#;

/// As somebody without a session.
pub(crate) fn run(site: &Client) {
    let phases = "examples,coverage,fuzzing,stateful";
    fuzz(
        &site.base,
        SETTINGS,
        &["--phases", phases, "--max-examples", "100"],
    );
}

/// With a session, as pages of the site send it. What ends the session is left out, so that the rest is asked with it.
pub(crate) fn run_logged_in(member: &Client) {
    let mut arguments = vec![
        "--phases".to_owned(),
        "examples,coverage,fuzzing".to_owned(),
    ];
    arguments.extend(["--max-examples".to_owned(), "20".to_owned()]);
    for operation in ["log_out", "end_session"] {
        arguments.extend(["--exclude-operation-id".to_owned(), operation.to_owned()]);
    }
    let headers = [
        ("origin", &*member.base),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", "192.0.2.1"),
    ];
    for (name, value) in headers {
        arguments.extend(["--header".to_owned(), format!("{name}: {value}")]);
    }
    let (_, session) = member.header("cookie").split_once('=').expect("a cookie");
    let settings = format!("{SETTINGS}{TOKENS}[auth.openapi.session]\napi_key = \"{session}\"\n");
    fuzz(&member.base, &settings, &arguments);
    // It was a session to the end.
    member.get("/api/account/session").status(200);
}
