//! A browser without a window, told what to do through the pipes that it has for that.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::servers::chromium;

/// An open page. Closed when dropped.
pub(crate) struct Browser {
    process: Child,
    orders: File,
    answers: BufReader<File>,
    count: u64,
    session: String,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// `None` when there is no browser: the caller goes on without.
    pub(crate) fn open(url: &str) -> Option<Self> {
        let chromium = chromium()?;
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = |name: &str| {
            let path = folder.path().join(name);
            let made = Command::new("mkfifo").arg(&path).status();
            assert!(made.expect("mkfifo starts").success());
            path
        };
        let (orders, answers) = (pipe("orders"), pipe("answers"));
        // A pipe opens when both of its ends do: the shell opens them in the order that we do.
        let process = Command::new("sh")
            .args([
                "-c",
                "browser=$1; shift; exec \"$browser\" \"$@\" 3<\"$ORDERS\" 4>\"$ANSWERS\"",
                "sh",
            ])
            .arg(chromium)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-pipe",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .env("ORDERS", &orders)
            .env("ANSWERS", &answers)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let write = |path: &Path| File::options().write(true).open(path).expect("a pipe");
        let mut browser = Self {
            process,
            orders: write(&orders),
            answers: BufReader::new(File::open(&answers).expect("a pipe")),
            count: 0,
            session: String::new(),
            _folder: folder,
        };
        let target = browser.tell("Target.createTarget", json!({"url": url}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.tell("Target.attachToTarget", attached);
        browser.session = session["sessionId"].as_str().expect("a session").to_owned();
        Some(browser)
    }

    fn tell(&mut self, method: &str, params: Value) -> Value {
        self.count += 1;
        let mut order = json!({"id": self.count, "method": method, "params": params});
        if !self.session.is_empty() {
            order["sessionId"] = json!(self.session);
        }
        write!(self.orders, "{order}\0").expect("the browser listens");
        loop {
            let mut answer = Vec::new();
            self.answers
                .read_until(0, &mut answer)
                .expect("the browser answers");
            let answer = answer.strip_suffix(b"\0").expect("the browser is there");
            let answer: Value = serde_json::from_slice(answer).expect("JSON");
            if answer["id"] == self.count {
                return answer["result"].clone();
            }
        }
    }

    /// What the expression is in the page now; null when it throws, or when the page is just being exchanged.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true});
        self.tell("Runtime.evaluate", params)["result"]["value"].clone()
    }

    /// Waits until the expression is something, and returns it.
    #[track_caller]
    pub(crate) fn until(&mut self, expression: &str) -> Value {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let value = self.value(expression);
            if ![json!(null), json!(false), json!(""), json!(0)].contains(&value) {
                return value;
            }
            assert!(Instant::now() < deadline, "never so: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // One that has crashed needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
