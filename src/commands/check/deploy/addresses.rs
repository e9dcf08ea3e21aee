//! Addresses in settings: of mail servers, proxies and origins. Pure.

use std::net::{IpAddr, SocketAddr};

use super::checks::TRUSTED_PROXIES;
use super::scheme::has_scheme;
use crate::check::Finding;

/// Whether an `https` address is that of a site, without a path.
pub(super) fn is_origin(url: &str) -> bool {
    let host = &url["https://".len()..];
    let host = host.strip_suffix('/').unwrap_or(host);
    !host.is_empty() && !host.contains(['/', '?', '#', '@'])
}

/// Why a mail server's URL is not safe; none where the server is this very machine.
pub(super) fn mail_without_tls(url: &str) -> Option<String> {
    if !has_scheme(url, "smtp://") {
        return None;
    }
    let (rest, query) = url.split_once('?').unwrap_or((url, ""));
    let tls = query.split('&').find_map(|pair| pair.strip_prefix("tls="));
    let host = rest[7..].rsplit('@').next().unwrap_or_default();
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let is_here =
        host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
    match tls {
        Some("required" | "wrapper") => None,
        // The password may be in it: only the host is shown.
        Some("opportunistic") => Some(format!(
            "EMAIL_URL sends to {host} with `tls=opportunistic`: without TLS where somebody on the way says so"
        )),
        _ if is_here => None,
        _ => Some(format!("EMAIL_URL sends to {host} without TLS")),
    }
}

pub(super) fn proxies_not_counted(
    address: Option<&str>,
    proxies: Option<&str>,
    is_https: bool,
) -> Option<Finding> {
    let count = match proxies.unwrap_or("0").trim().parse::<usize>() {
        Ok(count) => count,
        Err(_) => {
            let proxies = proxies.unwrap_or_default();
            return Some(TRUSTED_PROXIES.found(format!(
                "TRUSTED_PROXIES is `{proxies}`, which is not a number"
            )));
        }
    };
    // The default is for development; it says something only of a site that has an address.
    let address = match address {
        Some(address) => address,
        None if is_https => "127.0.0.1:8000",
        None => return None,
    };
    let is_reached = address
        .parse::<SocketAddr>()
        .map_or(true, |address| !is_private(address.ip()));
    (count == 0 && !is_reached).then(|| {
        TRUSTED_PROXIES.found(format!(
            "ADDRESS is {address}, which only a proxy reaches, and TRUSTED_PROXIES is 0"
        ))
    })
}

/// Whether nobody reaches the address from the internet.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// What is wrong with an origin.
pub(super) fn unsafe_origin(origin: &str) -> Option<&'static str> {
    if has_scheme(origin, "http://") {
        return Some("is not https: anybody on the way can be that site");
    }
    if !has_scheme(origin, "https://") {
        return Some("does not begin with https://");
    }
    let host = &origin["https://".len()..];
    if host.contains(['/', '?', '#', '@']) {
        return Some("has more than scheme, host and port: browsers send no slash");
    }
    if host.ends_with(":443") {
        return Some("names the port that https has anyway: browsers leave it out");
    }
    if !host.is_ascii() || host.chars().any(|c| c.is_ascii_uppercase()) {
        return Some(
            "is not written as browsers send it: lower case, and `xn--…` for other letters",
        );
    }
    None
}
