//! One line that says how far a build is; on a terminal it moves, elsewhere it is said now and then.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;

/// How often a build says where it is when there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

pub(super) struct Progress {
    output: Output,
    bar: Option<ProgressBar>,
    said: Instant,
}

impl Progress {
    pub(super) fn start(output: &Output, name: &str) -> Self {
        let moves = std::io::stderr().is_terminal() && !output.is_quiet();
        let bar = moves.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(style("{spinner} {wide_msg:.dim}"));
            bar.set_prefix("Building");
            bar.set_message(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self {
            output: output.clone(),
            bar,
            said: Instant::now(),
        }
    }

    /// `done` of `total` crates are compiled; `crates` are being compiled now.
    pub(super) fn at(&mut self, done: u64, total: u64, crates: &str) {
        if let Some(bar) = &self.bar {
            if bar.length() != Some(total) {
                bar.set_style(style("[{bar:24}] {pos}/{len} {elapsed} {wide_msg:.dim}"));
                bar.set_length(total);
            }
            bar.set_position(done);
            bar.set_message(crates.to_owned());
        } else if self.said.elapsed() >= EVERY {
            self.said = Instant::now();
            self.output
                .step("Compiling", format_args!("{done} of {total} crates"));
        }
    }

    /// The build waits, for what it says itself.
    pub(super) fn waits(&self, why: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(why.to_owned()),
            None => self
                .output
                .step("Waiting", why.trim_start_matches("waiting ")),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A line in the columns of all others: a verb, then `what`.
fn style(what: &str) -> ProgressStyle {
    ProgressStyle::with_template(&format!("{{prefix:>12.green.bold}}  {what}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
