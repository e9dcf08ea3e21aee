//! A site on a plain server: a systemd service with its socket, and an nginx site in front of it.

use serde::Serialize;

use super::site::Site;
use super::{File, text};
use crate::error::Result;

#[derive(Serialize)]
struct Values<'a> {
    #[serde(flatten)]
    site: &'a Site,
    server: bool,
    upstream: String,
    certificate: String,
    key: String,
}

/// `NAME.service`, `NAME.socket`, and `NAME.nginx.conf`.
pub(crate) fn files(site: &Site) -> Result<Vec<File>> {
    let domain = &site.domain;
    let values = Values {
        server: true,
        upstream: format!("127.0.0.1:{}", site.port),
        certificate: format!("/etc/letsencrypt/live/{domain}/fullchain.pem"),
        key: format!("/etc/letsencrypt/live/{domain}/privkey.pem"),
        site,
    };
    let name = &site.name;
    let unit = match site.python {
        true => "server/python_unit",
        false => "server/unit",
    };
    Ok(vec![
        text::file(format!("{name}.service"), unit, &values)?,
        text::file(format!("{name}.socket"), "server/socket", &values)?,
        text::file(format!("{name}.nginx.conf"), "server/nginx", &values)?,
    ])
}
