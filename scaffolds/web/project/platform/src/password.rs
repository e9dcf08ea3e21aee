//! Passwords: which are accepted, and hashing them without letting anybody exhaust the machine.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;
use std::time::Duration;

use argon2::password_hash::phc;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use sea_orm::entity::prelude::{DeriveValueType, StringLen};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::{Error, Result};

/// NIST SP 800-63B-4: at least 15 characters where a password is all that is asked for.
pub const MIN_LENGTH: usize = 15;
/// Long enough for any passphrase; what is longer is refused before it is hashed.
pub const MAX_LENGTH: usize = 256;
/// How many may wait for their turn; who comes then is told to try again in a second.
const QUEUE: usize = 32;

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
    let lower = password.to_lowercase();
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

/// Hashes as many passwords at once as there are processors: each takes 19 MiB for a while.
#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self {
            places: Arc::new(Semaphore::new(processors + QUEUE)),
            turns: Arc::new(Semaphore::new(processors)),
        }
    }
}

impl Passwords {
    /// Hashes a password that has been [checked](check).
    pub async fn hash(&self, password: String) -> Result<PasswordHash> {
        self.in_turn(move || hash(&password)).await?
    }

    /// Compares a password with a hash. Without one it takes just as long, so that time does not tell who has an account.
    pub async fn verify(&self, password: String, hash: Option<PasswordHash>) -> Result<Verdict> {
        self.in_turn(move || verify(&password, hash.as_ref()))
            .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let full = |_| Error::TooMany(Duration::from_secs(1));
        let _place = self.places.try_acquire().map_err(full)?;
        let turn = self.turns.clone().acquire_owned().await;
        // The permit is held until the work ends, even if the request was cancelled.
        let work = spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        work.await.map_err(|error| Error::Server(error.to_string()))
    }
}

/// With OWASP's parameters, which are the default: 19 MiB, two passes, one lane.
fn hash(password: &str) -> Result<PasswordHash> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| PasswordHash(hash.to_string()))
        .map_err(|error| Error::Server(error.to_string()))
}

fn verify(password: &str, known: Option<&PasswordHash>) -> Result<Verdict> {
    static NOBODYS: OnceLock<Result<PasswordHash>> = OnceLock::new();
    let Some(PasswordHash(text)) = known.or(NOBODYS.get_or_init(|| hash("nobody's")).as_ref().ok())
    else {
        return Ok(Verdict::Wrong);
    };
    // Text that is no hash matches no password.
    let Ok(parsed) = phc::PasswordHash::new(text) else {
        return Ok(Verdict::Wrong);
    };
    let fits = Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok();
    Ok(match Params::try_from(&parsed) {
        _ if !fits || known.is_none() => Verdict::Wrong,
        Ok(params) if is_of_today(&params) => Verdict::Right,
        _ => Verdict::Outdated,
    })
}

fn is_of_today(params: &Params) -> bool {
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    costs(params) == costs(&Params::DEFAULT)
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
        let passwords = Passwords::default();
        let hash = passwords
            .hash("right".to_owned())
            .await
            .expect("it is hashed");
        let verify = async |password: &str, hash: Option<PasswordHash>| {
            let verdict = passwords.verify(password.to_owned(), hash).await;
            verdict.expect("there is a turn")
        };
        assert_eq!(verify("right", Some(hash.clone())).await, Verdict::Right);
        assert_eq!(verify("wrong", Some(hash.clone())).await, Verdict::Wrong);
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
        let old = Argon2::from(params)
            .hash_password(b"right")
            .expect("it is hashed");
        let old = PasswordHash(old.to_string());
        let verdict = Passwords::default()
            .verify("right".to_owned(), Some(old))
            .await;
        assert_eq!(verdict.expect("there is a turn"), Verdict::Outdated);
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_to_come_back() {
        let passwords = Passwords::default();
        let places = passwords.places.available_permits();
        let taken = passwords
            .places
            .try_acquire_many(u32::try_from(places).expect("they are few"));
        let refused = passwords.hash("any".to_owned()).await;
        assert!(matches!(refused, Err(Error::TooMany(_))), "{refused:?}");
        drop(taken);
        assert!(passwords.hash("any".to_owned()).await.is_ok());
    }
}
