//! Passwords: which are accepted, and hashing them without letting anybody exhaust the machine.

use std::fmt;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, available_parallelism};
use std::time::Duration;

use argon2::password_hash::phc;
use argon2::{ARGON2ID_IDENT, Argon2, Block, Params, Version};
use sea_orm::entity::prelude::{DeriveValueType, StringLen};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// NIST SP 800-63B-4: at least 15 characters where a password is all that is asked for.
pub const MIN_LENGTH: usize = 15;
/// Long enough for any passphrase; what is longer is refused before it is hashed.
pub const MAX_LENGTH: usize = 256;
/// How many may wait for their turn; who comes then is told to try again in a second.
const QUEUE: usize = 32;
/// The most threads that hash, on however large a machine: each keeps 19 MiB.
const MAX_THREADS: usize = 8;

/// Neither too short nor too long: `#[garde(custom(password::length))]`.
pub fn length(password: &str, _: &()) -> garde::Result {
    let message = match password.chars().count() {
        ..MIN_LENGTH => format!("is too short: at least {MIN_LENGTH} characters"),
        MIN_LENGTH..=MAX_LENGTH => return Ok(()),
        _ => format!("is too long: at most {MAX_LENGTH} characters"),
    };
    Err(garde::Error::new(message))
}

/// Why `password` is not accepted, if it is not. `personal` are words that an attacker would try first, such as the
/// user's address. There is no list of common passwords: hardly any is this long.
pub fn check(password: &str, personal: &[&str]) -> std::result::Result<(), String> {
    length(password, &()).map_err(|rule| rule.to_string())?;
    let lower = normal(password).to_lowercase();
    let says_little = |word: &&str| {
        let rest = lower.replace(&word.to_lowercase(), "");
        word.len() > 2 && rest.chars().filter(|char| char.is_alphabetic()).count() < 4
    };
    if personal.iter().any(says_little) {
        return Err("is too easy to guess: it is your address or this site's name".to_owned());
    }
    if is_monotonous(&lower) {
        return Err("is too easy to guess: it repeats or counts".to_owned());
    }
    Ok(())
}

/// Fewer than four different characters, or one step from each to the next: `aaaa…`, `1212…`, `abcd…`, `9876…`.
fn is_monotonous(password: &str) -> bool {
    let codes: Vec<u32> = password.chars().map(u32::from).collect();
    let mut different = codes.clone();
    different.sort_unstable();
    different.dedup();
    let steps = |step: i64| {
        let pairs = codes.windows(2);
        pairs
            .filter(|pair| i64::from(pair[1]) - i64::from(pair[0]) == step)
            .count()
    };
    // `123456789012345` starts over once.
    different.len() < 4
        || [1, -1]
            .into_iter()
            .any(|step| steps(step) + 2 >= codes.len() - 1)
}

/// An argon2id hash with its salt and parameters, as PHC text.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
#[sea_orm(column_type = "String(StringLen::N(255))")]
pub struct PasswordHash(String);

/// Never in a log.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash")
    }
}

/// What comes of comparing a password with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed with other parameters than today's: hash it again.
    Outdated,
}

/// Threads that hash passwords, as many as there are processors. A hash takes 19 MiB, so each thread has its own and
/// keeps it: allocated for each hash, it would add up in the allocator.
#[derive(Clone, Debug)]
pub struct Passwords {
    queue: Arc<Semaphore>,
    threads: Sender<Job>,
}

type Memory = Vec<Block>;
type Job = Box<dyn FnOnce(&mut Memory) + Send>;

impl Default for Passwords {
    fn default() -> Self {
        let (threads, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        let count = available_parallelism().map_or(1, |count| count.get().min(MAX_THREADS));
        for _ in 0..count {
            let jobs = Arc::clone(&jobs);
            thread::spawn(move || {
                let mut memory = Memory::new();
                while let Some(job) = next(&jobs) {
                    job(&mut memory);
                }
            });
        }
        Self {
            queue: Arc::new(Semaphore::new(count + QUEUE)),
            threads,
        }
    }
}

/// Waits for more to do; there is none once nobody can ask for it any more.
fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.recv().ok()
}

impl Passwords {
    /// A permit of the queue. It is acquired before anything else is done, so that whoever gets none costs nothing.
    ///
    /// # Errors
    /// `429` if all are taken.
    pub fn acquire(&self) -> Result<Permit> {
        let permit = self.queue.clone().try_acquire_owned();
        Ok(Permit {
            _permit: permit.map_err(|_| Error::TooMany(Duration::from_secs(1)))?,
            threads: self.threads.clone(),
        })
    }
}

/// The right to have passwords hashed, one after the other.
#[derive(Debug)]
pub struct Permit {
    _permit: OwnedSemaphorePermit,
    threads: Sender<Job>,
}

impl Permit {
    /// Hashes a password that has been [checked](check).
    pub async fn hash(&self, password: String) -> Result<PasswordHash> {
        self.run(move |memory| hash(&password, memory)).await?
    }

    /// Compares a password with a hash. Without one it takes just as long, so that time does not tell who has an account.
    pub async fn verify(&self, password: String, hash: Option<PasswordHash>) -> Result<Verdict> {
        self.run(move |memory| verify(&password, hash.as_ref(), memory))
            .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T> {
        let (done, result) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            // The request may have been cancelled.
            if !done.is_closed() {
                let _ = done.send(work(memory));
            }
        };
        // The threads end when nobody can ask them any more; should they have ended before, there is no result.
        let _ = self.threads.send(Box::new(job));
        result
            .await
            .map_err(|error| Error::Server(error.to_string()))
    }
}

/// With OWASP's parameters, which are the default: 19 MiB, two passes, one lane.
fn hash(password: &str, memory: &mut Memory) -> Result<PasswordHash> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(failed)?;
    let argon2 = Argon2::default();
    let output = output(&argon2, password, &salt, memory)?;
    let hash = phc::PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::default().into()),
        params: argon2.params().try_into().map_err(failed)?,
        salt: Some(phc::Salt::new(&salt).map_err(failed)?),
        hash: Some(output),
    };
    Ok(PasswordHash(hash.to_string()))
}

fn failed(error: impl fmt::Display) -> Error {
    Error::Server(format!("a password was not hashed: {error}"))
}

/// One text for all ways in which keyboards compose the same letters, as NIST SP 800-63B-4 asks for.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

fn output(
    argon2: &Argon2,
    password: &str,
    salt: &[u8],
    memory: &mut Memory,
) -> Result<phc::Output> {
    let size = argon2.params().block_count();
    memory.resize(memory.len().max(size), Block::default());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2
        .hash_password_into_with_memory(normal(password).as_bytes(), salt, &mut output, memory)
        .map_err(failed)?;
    phc::Output::new(&output).map_err(failed)
}

fn verify(password: &str, known: Option<&PasswordHash>, memory: &mut Memory) -> Result<Verdict> {
    let Some(PasswordHash(text)) = known else {
        hash(password, memory)?;
        return Ok(Verdict::Wrong);
    };
    Ok(compare(password, text, memory).unwrap_or(Verdict::Wrong))
}

/// Text that is no hash matches no password.
fn compare(password: &str, hash: &str, memory: &mut Memory) -> Option<Verdict> {
    let hash = phc::PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let is_current = costs(&params) == costs(&Params::DEFAULT);
    let rest = rest_of_work(&params);
    let argon2 = Argon2::from(params);
    let fits = output(&argon2, password, &hash.salt?, memory).ok()? == hash.hash?;
    if let (false, Some(rest)) = (fits, rest) {
        output(&Argon2::from(rest), password, &[0; 16], memory).ok()?;
    }
    Some(match is_current {
        _ if !fits => Verdict::Wrong,
        true => Verdict::Right,
        false => Verdict::Outdated,
    })
}

fn costs(params: &Params) -> (u32, u32, u32) {
    (params.m_cost(), params.t_cost(), params.p_cost())
}

/// What a cheaper hash of earlier days lacks of the work for one of today, so that time does not tell who has not logged
/// in since. Memory times passes is the measure.
fn rest_of_work(params: &Params) -> Option<Params> {
    let work = |params: &Params| params.m_cost().saturating_mul(params.t_cost());
    let passes = Params::DEFAULT_T_COST;
    let memory = work(&Params::DEFAULT).checked_sub(work(params))? / passes;
    Params::new(memory, passes, 1, None).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_are_easy_to_guess_are_refused() {
        let personal = ["ada.lovelace@example.org", "ada.lovelace", "Bookstore"];
        for good in [
            "correct horse battery",
            "ada.lovelace likes trains",
            "ÅÅÅÅ öre öre öre öre",
        ] {
            assert_eq!(check(good, &personal), Ok(()), "{good}");
        }
        for bad in [
            "fourteen chars",
            "ada.lovelace@example.org",
            "Ada.LovelaceAda.Lovelace",
            "bookstorebookstore1",
            "\u{ff42}ookstorebookstore",
            "aaaaaaaaaaaaaaa",
            "abababababababab",
            "abcdefghijklmnop",
            "123456789012345",
            "987654321098765",
            &"long ".repeat(60),
        ] {
            assert!(check(bad, &personal).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let permit = Passwords::default().acquire().expect("the queue is empty");
        let hash = permit.hash("right".to_owned()).await.expect("it is hashed");
        let verify = async |password: &str, hash: Option<PasswordHash>| {
            let verdict = permit.verify(password.to_owned(), hash).await;
            verdict.expect("it is compared")
        };
        assert_eq!(verify("right", Some(hash.clone())).await, Verdict::Right);
        assert_eq!(verify("wrong", Some(hash.clone())).await, Verdict::Wrong);
        // One keyboard has a key for the letter, the other one for the ring above it.
        let composed = permit.hash("\u{c5}".to_owned()).await;
        let composed = composed.expect("it is hashed");
        assert_eq!(verify("A\u{30a}", Some(composed)).await, Verdict::Right);
        assert_eq!(verify("nobody's", None).await, Verdict::Wrong);
        assert_eq!(
            verify("", Some(PasswordHash("broken".to_owned()))).await,
            Verdict::Wrong
        );
        assert_eq!(format!("{hash:?}"), "PasswordHash");
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_outdated() {
        let params = Params::new(8192, 1, 1, None).expect("they are allowed");
        let old = argon2::PasswordHasher::hash_password(&Argon2::from(params), b"right");
        let old = old.expect("it is hashed");
        let old = PasswordHash(old.to_string());
        let permit = Passwords::default().acquire().expect("the queue is empty");
        for (password, expected) in [("right", Verdict::Outdated), ("wrong", Verdict::Wrong)] {
            let verdict = permit.verify(password.to_owned(), Some(old.clone())).await;
            assert_eq!(verdict.expect("it is compared"), expected);
        }
    }

    #[test]
    fn a_cheaper_hash_is_no_quicker() {
        let rest = |memory, passes| {
            let params = Params::new(memory, passes, 1, None);
            rest_of_work(&params.expect("they are allowed")).map(|rest| costs(&rest))
        };
        assert_eq!(rest(8_192, 1), Some((15_360, 2, 1)));
        assert_eq!(rest(19_456, 2), None);
        assert_eq!(rest(102_400, 2), None);
    }

    #[test]
    fn who_finds_the_queue_full_is_told_to_come_back() {
        let passwords = Passwords::default();
        let many = 0..10_000;
        let mut permits: Vec<_> = many.map_while(|_| passwords.acquire().ok()).collect();
        assert!(permits.len() < 10_000);
        assert!(matches!(passwords.acquire(), Err(Error::TooMany(_))));
        permits.pop();
        assert!(passwords.acquire().is_ok());
    }
}
