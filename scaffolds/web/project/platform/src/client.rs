//! The address a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::site::Site;

/// The peer's address or, behind `TRUSTED_PROXIES`, the one that the outermost of them saw. Proxies add to the right of
/// `X-Forwarded-For`; whatever stands further left was made up by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Whom to throttle: an IPv6 client has a whole /64 to choose addresses from.
    pub fn network(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                format!("{}/64", Ipv6Addr::from(network))
            }
        }
    }
}

impl FromRequestParts<Site> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Only tests have no peer.
        let peer = peer.map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0.ip());
        let forwarded = forwarded(&parts.headers, site.config.trusted_proxies);
        Ok(Self(forwarded.unwrap_or(peer)))
    }
}

/// The `proxies`-th address from the right.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let addresses = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let address = addresses.into_iter().nth(proxies.checked_sub(1)?)?;
    str::from_utf8(address).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_say_counts() {
        let mut headers = HeaderMap::new();
        headers.append(
            "x-forwarded-for",
            "6.6.6.6, 1.1.1.1".parse().expect("it is text"),
        );
        headers.append("x-forwarded-for", "2.2.2.2".parse().expect("it is text"));
        let from = |proxies| forwarded(&headers, proxies).map(|address| address.to_string());
        assert_eq!(from(0), None);
        assert_eq!(from(1).as_deref(), Some("2.2.2.2"));
        assert_eq!(from(2).as_deref(), Some("1.1.1.1"));
        assert_eq!(from(4), None);
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let network = |text: &str| ClientAddress(text.parse().expect("it is an address")).network();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
