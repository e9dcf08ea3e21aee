//! The conversation with the helper that compiles templates.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{Fault, Request};
use crate::devserver::helper::Helper;

/// How long a new version serves before its helper is started, unless that is needed earlier.
const QUIET: Duration = Duration::from_secs(1);

/// A line that the helper writes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Ready(#[expect(dead_code, reason = "it is always true")] bool),
    Faults(Vec<Fault>),
}

/// Answers requests until nobody can ask any more, with the helper that `words` start.
pub(super) async fn run(
    helper: Helper,
    words: (PathBuf, Vec<String>),
    mut requests: UnboundedReceiver<Request>,
    is_ready: Arc<AtomicBool>,
) {
    let first = tokio::time::timeout(QUIET, requests.recv()).await;
    if matches!(first, Ok(None)) {
        return;
    }
    let first = first.ok().flatten();
    if let Err(error) = talk(&helper, &words, first, &mut requests, &is_ready).await {
        helper
            .terminal
            .detail(format_args!("templates are not compiled early: {error}"));
    }
}

async fn talk(
    helper: &Helper,
    words: &(PathBuf, Vec<String>),
    first: Option<Request>,
    requests: &mut UnboundedReceiver<Request>,
    is_ready: &AtomicBool,
) -> std::io::Result<()> {
    let mut started = helper.start(words)?;
    let pipes = (started.child.stdin.take(), started.child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = pipes else {
        return Err(std::io::Error::other("it was started without pipes"));
    };
    let mut lines = BufReader::new(stdout).lines();
    while !matches!(next(&mut lines).await?, Line::Ready(_)) {}
    is_ready.store(true, Ordering::SeqCst);
    helper
        .terminal
        .detail("templates are compiled as they change");
    let mut waiting = first;
    loop {
        let request = match waiting.take() {
            Some(request) => request,
            None => match requests.recv().await {
                Some(request) => request,
                None => return Ok(()),
            },
        };
        let faults = ask(&request, &mut stdin, &mut lines).await?;
        // Who asked may not care any more.
        let _ = request.answer.send(faults);
    }
}

async fn ask(
    request: &Request,
    stdin: &mut ChildStdin,
    lines: &mut Lines<BufReader<ChildStdout>>,
) -> std::io::Result<Vec<Fault>> {
    let mut line = serde_json::to_vec(&request.files)?;
    line.push(b'\n');
    stdin.write_all(&line).await?;
    loop {
        if let Line::Faults(faults) = next(lines).await? {
            return Ok(faults);
        }
    }
}

/// The next line that is an answer.
async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> std::io::Result<Line> {
    loop {
        let Some(line) = lines.next_line().await? else {
            return Err(std::io::Error::other("the helper has ended"));
        };
        if let Ok(answer) = serde_json::from_str(&line) {
            return Ok(answer);
        }
    }
}
