//! The terminal while a site is served: one live status line at the bottom, messages and logs above it.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::Error;
use crate::output::Output;

/// How often a build reports its progress when there is no live line.
const EVERY: Duration = Duration::from_secs(10);

/// The output of the development server. Clones share the live line.
#[derive(Clone, Debug)]
pub(super) struct Terminal {
    output: Output,
    /// The live line, if standard error is a terminal.
    live: Option<ProgressBar>,
    /// Standard output is for events: the output of the site goes to standard error.
    events: bool,
    /// The hint about a separate target directory has been shown.
    advised: Arc<AtomicBool>,
}

/// A build on the live line; gone when dropped.
#[derive(Debug)]
pub(super) struct Progress {
    terminal: Terminal,
    reported: Instant,
    /// The last reason for waiting that was reported.
    waits_for: String,
}

impl Terminal {
    pub(super) fn new(output: &Output, events: bool) -> Self {
        let is_live = std::io::stderr().is_terminal() && !output.is_quiet();
        let live = is_live.then(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_style(style("{wide_msg}"))
        });
        Self {
            output: output.clone(),
            live,
            events,
            advised: Arc::default(),
        }
    }

    /// Whether messages may be coloured.
    pub(super) fn has_colors(&self) -> bool {
        self.output.has_colors()
    }

    /// Shows the current status, on the live line alone.
    pub(super) fn status(&self, verb: &'static str, what: impl Into<String>) {
        if let Some(live) = &self.live {
            live.disable_steady_tick();
            live.set_style(style("{wide_msg}"));
            live.set_prefix(verb);
            live.set_message(what.into());
            live.tick();
        }
    }

    /// A line of the site's standard output.
    pub(super) fn data(&self, line: &str) {
        if self.events {
            self.log(line);
        } else {
            self.above(|output| output.data(line));
        }
    }

    /// A line of standard error, the site's or the compiler's.
    pub(super) fn log(&self, line: &str) {
        self.above(|output| output.diagnostic(line));
    }

    pub(super) fn step(&self, verb: &str, what: impl std::fmt::Display) {
        self.above(|output| output.step(verb, what));
    }

    pub(super) fn detail(&self, what: impl std::fmt::Display) {
        self.above(|output| output.detail(what));
    }

    pub(super) fn warning(&self, what: impl std::fmt::Display) {
        self.above(|output| output.warning(what));
    }

    pub(super) fn error(&self, error: &Error) {
        self.above(|output| output.error(error));
    }

    /// An event of `--json`.
    pub(super) fn event(&self, event: &serde_json::Value) {
        if self.events {
            self.above(|output| output.data(event));
        }
    }

    /// Removes the live line.
    pub(super) fn end(&self) {
        if let Some(live) = &self.live {
            live.finish_and_clear();
        }
    }

    fn above(&self, write: impl FnOnce(&Output)) {
        match &self.live {
            Some(live) => live.suspend(|| write(&self.output)),
            None => write(&self.output),
        }
    }

    /// Shows that `name` is being built, and the progress of that.
    pub(super) fn progress(&self, name: &str) -> Progress {
        if let Some(live) = &self.live {
            live.reset();
            live.set_style(style("{spinner} {wide_msg:.dim}"));
            live.set_prefix("Building");
            live.set_message(name.to_owned());
            live.enable_steady_tick(Duration::from_millis(100));
        }
        Progress {
            terminal: self.clone(),
            reported: Instant::now(),
            waits_for: String::new(),
        }
    }
}

impl Progress {
    /// `done` of `total` crates are compiled; `crates` are being compiled now.
    pub(super) fn update(&mut self, done: u64, total: u64, crates: &str) {
        if let Some(live) = &self.terminal.live {
            if live.length() != Some(total) {
                live.set_style(style("[{bar:24}] {pos}/{len} {elapsed} {wide_msg:.dim}"));
                live.set_length(total);
            }
            live.set_position(done);
            live.set_message(crates.to_owned());
        } else if self.reported.elapsed() >= EVERY {
            self.reported = Instant::now();
            self.terminal
                .step("Compiling", format_args!("{done} of {total} crates"));
        }
    }

    /// The build waits for something, as cargo reports it.
    pub(super) fn blocked(&mut self, reason: &str) {
        if let Some(live) = &self.terminal.live {
            live.set_message(reason.to_owned());
        } else if self.waits_for != reason {
            reason.clone_into(&mut self.waits_for);
            self.terminal
                .step("Waiting", reason.trim_start_matches("waiting "));
        }
        let of_build = reason.contains("directory");
        if of_build && !self.terminal.advised.swap(true, Ordering::Relaxed) {
            self.terminal.step(
                "",
                "Another cargo process, such as rust-analyzer's, is building in the same target directory. Set \
                 `target-dir` under [dev] in luthier.toml to build in a separate one.",
            );
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(live) = &self.terminal.live {
            live.unset_length();
        }
        self.terminal.status("Building", "");
    }
}

/// A line in the same columns as all others: a verb, then `rest`.
fn style(rest: &str) -> ProgressStyle {
    ProgressStyle::with_template(&format!("{{prefix:>12.green.bold}}  {rest}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
