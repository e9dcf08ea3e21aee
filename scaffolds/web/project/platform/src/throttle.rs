//! Limits on how often somebody may try something, by the generic cell rate algorithm.

use std::collections::HashMap;
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

/// Past this many, those who could try again anyway are forgotten.
const REMEMBERED: usize = 50_000;

/// Who tried what, in the memory of this process.
#[derive(Clone, Debug, Default)]
pub struct Throttle(Arc<Mutex<HashMap<(&'static str, String), Instant>>>);

impl Throttle {
    /// Counts a try of `who`.
    ///
    /// # Errors
    /// `429` if it was one too many, which does not count.
    pub fn check(&self, limit: Limit, who: impl Into<String>) -> Result<()> {
        self.check_at(limit, who.into(), Instant::now())
    }

    fn check_at(&self, limit: Limit, who: String, now: Instant) -> Result<()> {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() >= REMEMBERED {
            free.retain(|_, at| *at > now);
        }
        // When all earlier tries are forgotten.
        let free = free.entry((limit.name, who)).or_insert(now);
        let next = (*free).max(now) + limit.every;
        match next
            .duration_since(now)
            .checked_sub(limit.every * limit.burst)
        {
            Some(wait) if !wait.is_zero() => Err(Error::TooMany(wait)),
            _ => {
                *free = next;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_burst_one_at_a_time() {
        let limit = Limit {
            name: "test",
            burst: 3,
            every: Duration::from_secs(2),
        };
        let throttle = Throttle::default();
        let start = Instant::now();
        let check = |who: &str, seconds| {
            let now = start + Duration::from_secs(seconds);
            throttle.check_at(limit, who.to_owned(), now)
        };
        assert!((0..3).all(|_| check("ada", 0).is_ok()));
        assert!(matches!(check("ada", 0), Err(Error::TooMany(wait)) if wait.as_secs() == 2));
        assert!(check("bob", 0).is_ok());
        assert!(check("ada", 2).is_ok());
        assert!(check("ada", 2).is_err());
        assert!((0..3).all(|_| check("ada", 60).is_ok()));
        assert!(check("ada", 60).is_err());
    }
}
