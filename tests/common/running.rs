//! A server under test: started, waited for, listened to, stopped.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A process that runs in the background. Stopped when dropped.
pub(crate) struct Running {
    child: Child,
    heard: Arc<Mutex<String>>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let heard = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().expect("a pipe"), &heard);
        listen(child.stderr.take().expect("a pipe"), &heard);
        Self { child, heard }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// All it has said so far.
    pub(crate) fn heard(&self) -> String {
        self.heard.lock().expect("no listener panicked").clone()
    }

    /// Waits until it has said `text` at least `times` times; panics with all it said when it does not.
    #[track_caller]
    pub(crate) fn says(&self, text: &str, times: usize) -> String {
        self.until(&format!("it says {text:?} {times} times"), |running| {
            let heard = running.heard();
            (heard.matches(text).count() >= times).then_some(heard)
        })
    }

    /// Waits until `get` gives something; panics with all that was said after ten minutes.
    #[track_caller]
    pub(crate) fn until<T>(&self, what: &str, get: impl Fn(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(600);
        loop {
            if let Some(got) = get(self) {
                return got;
            }
            assert!(
                Instant::now() < deadline,
                "not so: {what}; heard: {}",
                self.heard()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends it the signal `ask` and waits for its end.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn stop(self, ask: &str) -> ExitStatus {
        assert!(
            signal(ask, self.id()),
            "it is gone; heard: {}",
            self.heard()
        );
        self.ended()
    }

    /// Waits for its end; panics when that takes longer than ten seconds.
    #[track_caller]
    pub(crate) fn ended(mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                return status;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not stop; heard: {}", self.heard());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "it said: {}", self.heard());
        }
        #[cfg(unix)]
        {
            // A supervisor gets the time to stop what it supervises.
            let ended = |child: &mut Child| child.try_wait().is_ok_and(|status| status.is_some());
            if !ended(&mut self.child) {
                signal("-TERM", self.id());
            }
            let deadline = Instant::now() + Duration::from_secs(8);
            while !ended(&mut self.child) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal as the shell would; `false` when there is no such process.
#[cfg(unix)]
pub(crate) fn signal(name: &str, id: u32) -> bool {
    let mut kill = Command::new("kill");
    kill.args([name, &id.to_string()]).stderr(Stdio::null());
    kill.status().is_ok_and(|status| status.success())
}

#[cfg(unix)]
pub(crate) fn alive(id: u32) -> bool {
    signal("-0", id)
}

fn listen(pipe: impl Read + Send + 'static, heard: &Arc<Mutex<String>>) {
    let heard = Arc::clone(heard);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut heard = heard.lock().expect("no listener panicked");
            heard.push_str(&line);
            heard.push('\n');
        }
    });
}
