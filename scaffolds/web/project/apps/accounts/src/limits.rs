//! How often somebody may try.

use std::time::Duration;

use platform::throttle::Limit;

/// Passwords, by one client: thirty a minute.
pub(crate) const PASSWORD: Limit = Limit {
    name: "password",
    burst: 10,
    every: Duration::from_secs(2),
};

/// Links from mails, by one client: twenty a minute.
pub(crate) const LINK: Limit = Limit {
    name: "link",
    burst: 20,
    every: Duration::from_secs(3),
};

/// Mails that one client asks for: five an hour.
pub(crate) const MAIL_BY_CLIENT: Limit = Limit {
    name: "mail by client",
    burst: 5,
    every: Duration::from_secs(12 * 60),
};

/// Mails to one address, from all clients together: three an hour.
pub(crate) const MAIL_BY_ADDRESS: Limit = Limit {
    name: "mail by address",
    burst: 3,
    every: Duration::from_secs(20 * 60),
};
