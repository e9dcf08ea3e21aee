//! Random secrets: the client gets the text, the database only its SHA-256.
//!
//! A fast hash is enough, as nobody can guess 32 random bytes; and since the database is asked for the hash, it takes
//! no longer to refuse a secret that is almost right.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::DeriveValueType;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// A new secret: 32 random bytes as 43 characters that fit into cookies, headers and addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// # Errors
    /// The operating system has no random bytes to give.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Server(error.to_string()))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never in a log.
impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The SHA-256 of a secret.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
#[sea_orm(column_type = "Binary(32)")]
pub struct Digest(Vec<u8>);

impl Digest {
    pub fn new(secret: &str) -> Self {
        Self(Sha256::digest(secret).to_vec())
    }
}

/// Never in a log either.
impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest")
    }
}
