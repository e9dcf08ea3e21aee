//! The input of this app's forms and API.

use garde::Validate;
use platform::password::{self, MAX_LENGTH};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::users;

/// An address and a password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct Login {
    /// Any text: one that is no address has no account. Only its length is limited.
    #[garde(length(chars, max = 254))]
    #[schema(max_length = 254)]
    pub email: String,
    #[garde(length(chars, max = MAX_LENGTH))]
    #[schema(max_length = 256)]
    pub password: String,
    /// Stay logged in when the browser is closed.
    #[garde(skip)]
    #[serde(default)]
    pub remember: bool,
}

/// An address that a link is mailed to.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct Address {
    #[garde(custom(address))]
    #[schema(
        format = Email,
        max_length = 254,
        pattern = "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]+$"
    )]
    pub email: String,
}

fn address(text: &str, _: &()) -> garde::Result {
    users::normal_email(text)
        .map(drop)
        .map_err(garde::Error::new)
}

/// A password, to prove who one is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct Password {
    #[garde(length(chars, max = MAX_LENGTH))]
    #[schema(max_length = 256)]
    pub password: String,
}

/// A new password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct NewPassword {
    /// Passwords that are easy to guess are refused, too.
    #[garde(custom(password::length))]
    #[schema(min_length = 15, max_length = 256)]
    pub password: String,
}

/// A new password, by a link.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct LinkPassword {
    /// The `token` of the link.
    #[garde(skip)]
    pub token: String,
    /// Passwords that are easy to guess are refused, too.
    #[garde(custom(password::length))]
    #[schema(min_length = 15, max_length = 256)]
    pub password: String,
}
