//! Limits on how often somebody may try something, by the generic cell rate algorithm.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// So many at once, then one each `every`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The thing that is limited.
    pub name: &'static str,
    pub burst: u32,
    pub every: Duration,
}

/// Who tried what, in the memory of this process.
#[derive(Clone, Debug, Default)]
pub struct Throttle(Arc<Mutex<HashMap<&'static str, Attempts>>>);

impl Throttle {
    /// Counts a try of `who`.
    ///
    /// # Errors
    /// `429` if it was one too many, which does not count.
    pub fn check(&self, limit: Limit, who: impl Into<String>) -> Result<()> {
        self.check_at(limit, who.into(), Instant::now())
    }

    fn check_at(&self, limit: Limit, who: String, now: Instant) -> Result<()> {
        let mut limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let attempts = limits.entry(limit.name).or_default();
        let clear = attempts.clear_at(&who).unwrap_or(now);
        let next = clear.max(now) + limit.every;
        let wait = next - now;
        match wait.checked_sub(limit.every * limit.burst) {
            Some(wait) if !wait.is_zero() => {
                attempts.note(who, clear);
                Err(Error::TooMany(wait))
            }
            _ => {
                attempts.note(who, next);
                Ok(())
            }
        }
    }
}

/// The most clients in a generation.
const GENERATION: usize = 20_000;

/// When the earlier tries of each client no longer count. There are two generations, and when the younger one is full
/// the older one is dropped: however many clients try, memory and the time for each try stay the same.
#[derive(Debug, Default)]
struct Attempts {
    recent: HashMap<String, Instant>,
    older: HashMap<String, Instant>,
}

impl Attempts {
    fn clear_at(&self, who: &str) -> Option<Instant> {
        let known = self.recent.get(who).or_else(|| self.older.get(who));
        known.copied()
    }

    fn note(&mut self, who: String, clear: Instant) {
        if self.recent.len() >= GENERATION {
            self.older = mem::take(&mut self.recent);
        }
        self.recent.insert(who, clear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit {
        name: "test",
        burst: 3,
        every: Duration::from_secs(2),
    };

    #[test]
    fn after_the_burst_one_at_a_time() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let check = |who: &str, seconds| {
            let now = start + Duration::from_secs(seconds);
            throttle.check_at(LIMIT, who.to_owned(), now)
        };
        assert!((0..3).all(|_| check("ada", 0).is_ok()));
        assert!(matches!(check("ada", 0), Err(Error::TooMany(wait)) if wait.as_secs() == 2));
        assert!(check("bob", 0).is_ok());
        assert!(check("ada", 2).is_ok());
        assert!(check("ada", 2).is_err());
        assert!((0..3).all(|_| check("ada", 60).is_ok()));
        assert!(check("ada", 60).is_err());
    }
    #[test]
    fn however_many_try_who_goes_on_trying_is_remembered() {
        let throttle = Throttle::default();
        let now = Instant::now();
        let check = |who: &str| throttle.check_at(LIMIT, who.to_owned(), now);
        assert!((0..3).all(|_| check("ada").is_ok()));
        for number in 0..3 * GENERATION {
            assert!(check(&number.to_string()).is_ok());
            if number % (GENERATION / 2) == 0 {
                assert!(check("ada").is_err(), "after {number}");
            }
        }
        let limits = throttle.0.lock().expect("nobody has panicked");
        let attempts = &limits[LIMIT.name];
        assert!(attempts.recent.len() <= GENERATION && attempts.older.len() <= GENERATION);
    }
}
