//! The time from a change to the generation that serves it, step by step.

use std::fmt;
use std::time::{Duration, Instant};

use super::state::Event;

/// When the steps of the current change happened; a repeated step counts from its last time.
#[derive(Debug, Default)]
pub(super) struct Timing {
    noticed: Option<Instant>,
    build_started: Option<Instant>,
    built: Option<Instant>,
    site_started: Option<Instant>,
    ready: Option<Instant>,
}

/// How long each step took; steps that did not happen are left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Took {
    /// From the change on.
    pub(super) total: Option<Duration>,
    steps: Vec<(&'static str, Duration)>,
}

impl Timing {
    pub(super) fn note(&mut self, event: &Event) {
        let now = Instant::now();
        match event {
            // The first of several changes: the user waits since then.
            Event::Changed(change) if change.is_for_pages() => {}
            Event::Changed(_) => self.noticed = self.noticed.or(Some(now)),
            Event::Built(_) => self.built = Some(now),
            Event::Ready(..) => self.ready = Some(now),
            Event::Exited(..) | Event::Interrupted | Event::WrittenByBuild(_) => {}
        }
    }

    pub(super) fn build_starts(&mut self) {
        self.build_started = Some(Instant::now());
    }

    pub(super) fn site_starts(&mut self) {
        self.site_started = Some(Instant::now());
    }

    /// The change needs no new generation.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// The change is served.
    pub(super) fn served(&mut self) -> Took {
        let now = Instant::now();
        let took = Took {
            total: self.noticed.map(|noticed| now - noticed),
            steps: steps(&[
                ("until the build", self.noticed, self.build_started),
                ("build", self.build_started, self.built),
                ("until the start", self.built, self.site_started),
                ("start", self.site_started, self.ready),
                ("swap", self.ready, Some(now)),
            ]),
        };
        self.reset();
        took
    }
}

fn steps(
    steps: &[(&'static str, Option<Instant>, Option<Instant>)],
) -> Vec<(&'static str, Duration)> {
    let took = |from: Option<Instant>, to: Option<Instant>| to?.checked_duration_since(from?);
    steps
        .iter()
        .filter_map(|(name, from, to)| Some((*name, took(*from, *to)?)))
        .collect()
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "took:")?;
        for (number, (name, time)) in self.steps.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            write!(f, "{comma} {name} {:.1} ms", time.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_shown_in_order_without_those_that_did_not_happen() {
        let start = Instant::now();
        let at = |milliseconds| Some(start + Duration::from_millis(milliseconds));
        let took = Took {
            total: None,
            steps: steps(&[
                ("cargo", at(0), at(500)),
                ("nothing", None, at(3)),
                ("start", at(510), at(535)),
            ]),
        };
        assert_eq!(took.to_string(), "took: cargo 500.0 ms, start 25.0 ms");
    }

    #[test]
    fn time_counts_from_the_first_change() {
        let mut timing = Timing::default();
        assert_eq!(timing.served().total, None);
        timing.note(&Event::Changed(
            super::super::watch::change::Change::Rebuild,
        ));
        assert!(timing.served().total.is_some());
        assert_eq!(timing.served().total, None);
    }
}
