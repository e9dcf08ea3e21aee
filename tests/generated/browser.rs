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
    /// What the browser says against the pages: scripts that fail, what the Content-Security-Policy forbids.
    complaints: Vec<String>,
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
            complaints: Vec::new(),
            _folder: folder,
        };
        let target = browser.tell("Target.createTarget", json!({"url": url}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.tell("Target.attachToTarget", attached);
        browser.session = session["sessionId"].as_str().expect("a session").to_owned();
        browser.tell("Log.enable", json!({}));
        browser.tell("Runtime.enable", json!({}));
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
            self.note(&answer);
        }
    }

    fn note(&mut self, event: &Value) {
        let params = &event["params"];
        let complaint = match event["method"].as_str() {
            // A form that is shown again has a status that the browser takes for a failure of the network.
            Some("Log.entryAdded") if params["entry"]["source"] != "network" => &params["entry"],
            Some("Runtime.exceptionThrown") => &params["exceptionDetails"],
            _ => return,
        };
        self.complaints.push(complaint.to_string());
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

    /// Waits until the page at this path, with its query, is there: not the one that was there at the last click.
    #[track_caller]
    pub(crate) fn arrives(&mut self, path: &str) {
        self.until(&format!(
            "!window.left && location.pathname + location.search == {path:?} && document.readyState == 'complete'"
        ));
    }

    pub(crate) fn go(&mut self, url: &str) {
        self.tell("Page.navigate", json!({"url": url}));
        self.until("document.readyState == 'complete'");
    }

    /// Pages run no scripts from now on; what this asks of them is still answered.
    pub(crate) fn without_scripts(&mut self) {
        self.tell(
            "Emulation.setScriptExecutionDisabled",
            json!({"value": true}),
        );
    }

    /// Forgets all cookies.
    pub(crate) fn forget(&mut self) {
        self.tell("Network.clearBrowserCookies", json!({}));
    }

    /// Shows pages as who prefers a dark or a light screen sees them.
    pub(crate) fn scheme(&mut self, name: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": name});
        self.tell("Emulation.setEmulatedMedia", json!({"features": [feature]}));
    }

    /// What axe-core, which was loaded into the page, finds in it: rules of WCAG, and where they are broken.
    pub(crate) fn violations(&mut self) -> Value {
        let run = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})
            .then(found => found.violations.map(rule => rule.id + ': ' + rule.nodes.map(node => node.html).join(' ')))";
        let params = json!({"expression": run, "returnByValue": true, "awaitPromise": true});
        self.tell("Runtime.evaluate", params)["result"]["value"].clone()
    }

    pub(crate) fn resize(&mut self, width: u32) {
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size);
    }

    /// Clicks with the mouse on what a person sees there: something in front of it fails.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        let place = self.until(&format!(
            "(() => {{
                const found = document.querySelector({selector:?});
                found?.scrollIntoView({{block: 'center', behavior: 'instant'}});
                const box = found?.getClientRects()[0];
                const [x, y] = [box?.x + box?.width / 2, box?.y + box?.height / 2];
                return found?.contains(document.elementFromPoint(x, y)) && {{x, y}};
            }})()"
        ));
        // A page that is exchanged forgets it.
        self.value("window.left = true");
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({"type": kind, "x": place["x"], "y": place["y"], "button": "left", "clickCount": 1});
            self.tell("Input.dispatchMouseEvent", mouse);
        }
    }

    /// Types into a field, in place of what was there.
    #[track_caller]
    pub(crate) fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector);
        self.value(&format!("document.querySelector({selector:?}).select()"));
        self.tell("Input.insertText", json!({"text": text}));
    }

    /// The browser had nothing against what it has shown.
    #[track_caller]
    pub(crate) fn is_content(&self) {
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // One that has crashed needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
