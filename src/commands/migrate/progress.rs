//! A line that moves while a migration takes long: on a terminal, and nowhere else.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::migrations::Step;
use crate::output::Output;

/// Most migrations are done before anybody looks.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Progress {
    /// `None` where nothing moves.
    bar: Option<ProgressBar>,
    title: String,
    statements: usize,
}

impl Progress {
    /// For `step`, which is being applied or reverted, as `doing` says.
    pub(super) fn start(output: &Output, doing: &str, step: &Step) -> Self {
        let moves = std::io::stderr().is_terminal() && !output.is_quiet();
        let bar = moves.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            let style = ProgressStyle::with_template("{wide_msg} {elapsed:.dim} {spinner}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        let progress = Self {
            bar,
            title: format!("{doing} {}…", step.name),
            statements: statements(&step.sql),
        };
        progress.done(step.resume.unwrap_or(0));
        progress
    }

    /// So many statements are done.
    pub(super) fn done(&self, number: usize) {
        if let Some(bar) = &self.bar {
            let (title, all) = (&self.title, self.statements);
            bar.set_message(match number + 1 {
                now if now <= all => format!("{title} statement {now} of {all}"),
                _ => title.clone(),
            });
        }
    }

    /// Waits for `work`, and shows the line if that takes long.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let Some(bar) = &self.bar else {
            return work.await;
        };
        let mut work = std::pin::pin!(work);
        match tokio::time::timeout(PATIENCE, &mut work).await {
            Ok(result) => result,
            Err(_) => {
                bar.set_draw_target(ProgressDrawTarget::stderr());
                bar.enable_steady_tick(Duration::from_millis(100));
                work.await
            }
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

/// About how many statements a script has: those that end a line, but for the transaction around a rebuild.
fn statements(sql: &str) -> usize {
    let sql = crate::sql::rebuild_body(sql).unwrap_or(sql);
    let ends = |line: &&str| line.trim_end().ends_with(';') && !line.starts_with("--");
    sql.lines().filter(ends).count()
}
