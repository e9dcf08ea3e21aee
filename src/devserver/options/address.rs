//! The address that the site listens on: `[[ADDR:]PORT]`. Pure.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// An address and a port, by default `127.0.0.1:8000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) SocketAddr);

impl Address {
    const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// The URL for a browser: "all interfaces" are reached through the loopback interface.
    pub(crate) fn url(self) -> String {
        let Self(mut socket) = self;
        if socket.ip().is_unspecified() {
            socket.set_ip(Self::HOST);
        }
        format!("http://{socket}")
    }
}

impl Default for Address {
    fn default() -> Self {
        Self(SocketAddr::new(Self::HOST, 8000))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid =
            || format!("`{text}` is not an address: try `8001`, `0.0.0.0:8000` or `[::1]:8000`");
        if let Ok(socket) = text.parse() {
            return Ok(Self(socket));
        }
        let (host, port) = match text.rsplit_once(':') {
            None => (Self::HOST, text),
            Some(("localhost", port)) => (Self::HOST, port),
            Some(_) => return Err(invalid()),
        };
        let port = port.parse().map_err(|_| invalid())?;
        Ok(Self(SocketAddr::new(host, port)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_port_or_an_address_and_a_port() {
        for (text, expected) in [
            ("8001", "127.0.0.1:8001"),
            ("0", "127.0.0.1:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("localhost:9000", "127.0.0.1:9000"),
            ("[::1]:8000", "[::1]:8000"),
        ] {
            let address: Address = text.parse().unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(address.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_examples() {
        for text in [
            "", "65536", "-1", "http", "1.2.3.4", "1.2.3:80", "::1:80:", "a:b", "8000 ",
        ] {
            let error = text.parse::<Address>().expect_err(text);
            assert!(error.contains("0.0.0.0:8000"), "{error}");
        }
    }

    #[test]
    fn every_interface_is_opened_through_the_loopback_one() {
        for (text, url) in [
            ("8000", "http://127.0.0.1:8000"),
            ("0.0.0.0:8000", "http://127.0.0.1:8000"),
            ("[::]:8000", "http://127.0.0.1:8000"),
            ("[::1]:8000", "http://[::1]:8000"),
        ] {
            let address: Address = text.parse().unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(address.url(), url);
        }
    }
}
