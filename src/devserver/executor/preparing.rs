//! Prepares fast rebuilds while nothing is built, and reports what is prepared.

use tokio::sync::mpsc::UnboundedReceiver;

use super::super::cargo_build::accelerator::{PreparationOutcome, Request};
use super::super::fast_rebuild::FastRebuild;
use super::super::process::Order;
use super::super::terminal::Terminal;

pub(super) struct Preparing {
    pub(super) fast_rebuild: FastRebuild,
    pub(super) request: Request,
    pub(super) terminal: Terminal,
}

impl Preparing {
    /// Prepares the next edit, a compiler for it, and then the first edit of every other crate, until it is told to stop.
    pub(super) async fn run(self, mut orders: UnboundedReceiver<Order>) {
        let edited = self.fast_rebuild.prepare(&self.request, &mut orders).await;
        self.report(
            &edited,
            "fast rebuild is prepared",
            "fast rebuild is not available",
        );
        if matches!(
            edited,
            PreparationOutcome::Cancelled | PreparationOutcome::Unavailable(_)
        ) {
            return;
        }
        if let Err(reason) = self.fast_rebuild.prewarm(&self.request) {
            self.terminal
                .detail(format_args!("no compiler is prewarmed: {reason}"));
        }
        let all = self
            .fast_rebuild
            .prepare_all(&self.request, &mut orders)
            .await;
        self.report(
            &all,
            "all crates are prepared",
            "only edited crates are prepared",
        );
        if !matches!(all, PreparationOutcome::Cancelled) {
            self.fast_rebuild.keep_prewarmed(&mut orders).await;
        }
    }

    /// Reports how a preparation ended, where it has something to tell.
    fn report(&self, preparation: &PreparationOutcome, done: &str, unavailable: &str) {
        match preparation {
            PreparationOutcome::Ready(took) => self
                .terminal
                .detail(format_args!("{done}, after {:.1} s", took.as_secs_f64())),
            PreparationOutcome::Unavailable(reason) => self
                .terminal
                .detail(format_args!("{unavailable}: {reason}")),
            PreparationOutcome::Unchanged | PreparationOutcome::Cancelled => {}
        }
    }
}
