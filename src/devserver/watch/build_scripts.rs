//! When build scripts ran: a source file that was written meanwhile is most likely their output, and no edit.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// How many times are remembered: changes are reported a moment after they happened.
const REMEMBERED: usize = 16;

/// How coarse modification times may be.
const CLOCK_TICK: Duration = Duration::from_millis(10);

/// The times in which build scripts ran. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(in crate::devserver) struct BuildScripts(Arc<Mutex<Runs>>);

#[derive(Debug, Default)]
struct Runs {
    /// The names of the packages whose scripts run now.
    running: BTreeSet<String>,
    /// Start and end, the last one open while a script runs.
    times: VecDeque<(SystemTime, Option<SystemTime>)>,
}

impl BuildScripts {
    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The build script of the package starts.
    pub(in crate::devserver) fn start(&self, package: &str, now: SystemTime) {
        let mut runs = self.runs();
        if runs.running.is_empty() {
            runs.times.push_back((now - CLOCK_TICK, None));
            if runs.times.len() > REMEMBERED {
                runs.times.pop_front();
            }
        }
        runs.running.insert(package.to_owned());
    }

    /// The build script of the package has ended, or had run in an earlier build.
    pub(in crate::devserver) fn end(&self, package: &str, now: SystemTime) {
        let mut runs = self.runs();
        runs.running.remove(package);
        runs.close(now);
    }

    /// The whole build has ended.
    pub(in crate::devserver) fn end_all(&self, now: SystemTime) {
        let mut runs = self.runs();
        runs.running.clear();
        runs.close(now);
    }

    /// Whether a script ran at the time.
    pub(in crate::devserver) fn ran_at(&self, time: SystemTime) -> bool {
        let runs = self.runs();
        let mut times = runs.times.iter();
        times.any(|(start, end)| *start <= time && end.is_none_or(|end| time <= end))
    }
}

impl Runs {
    fn close(&mut self, now: SystemTime) {
        if self.running.is_empty()
            && let Some((_, end @ None)) = self.times.back_mut()
        {
            *end = Some(now);
        }
    }
}

/// The package whose build script a file belongs to: `books` of `/target/debug/build/books-1f2e/build-script-build`.
pub(in crate::devserver) fn package_of(path: &str) -> Option<&str> {
    let (_, path) = path.rsplit_once("/build/")?;
    let (folder, _) = path.split_once('/')?;
    Some(folder.rsplit_once('-')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_within_a_run_or_not() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let scripts = BuildScripts::default();
        assert!(!scripts.ran_at(at(1)));
        scripts.end("fresh", at(1));
        scripts.start("a", at(10));
        scripts.start("b", at(11));
        scripts.end("a", at(12));
        assert!(scripts.ran_at(at(20)));
        scripts.end("b", at(15));
        assert!(scripts.ran_at(at(13)) && !scripts.ran_at(at(9)) && !scripts.ran_at(at(16)));
        scripts.start("a", at(30));
        scripts.end_all(at(31));
        assert!(scripts.ran_at(at(30)) && !scripts.ran_at(at(32)));
    }

    #[test]
    fn the_package_of_a_build_script_is_in_its_path() {
        for (path, expected) in [
            (
                "/t/debug/build/my-site-0a1b/build-script-build",
                Some("my-site"),
            ),
            ("/t/debug/build/books-1f2e/out", Some("books")),
            ("/usr/bin/rustc", None),
        ] {
            assert_eq!(package_of(path), expected, "{path}");
        }
    }
}
