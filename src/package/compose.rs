//! A site on one machine, in containers: `compose.yaml`, what development adds, and the proxy in front.

use clap::ValueEnum;
use serde::Serialize;

use super::site::Site;
use super::{File, text};
use crate::error::Result;

/// The web server in front of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Proxy {
    /// Gets its certificates by itself
    #[default]
    Caddy,
    /// With certificates of yours
    Nginx,
    /// None: something else ends TLS
    None,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) proxy: Proxy,
    pub(crate) redis: bool,
    /// From the folder of `compose.yaml` to the workspace: `.` or `../..`.
    pub(crate) context: String,
}

#[derive(Serialize)]
struct Values<'a> {
    #[serde(flatten)]
    site: &'a Site,
    url: String,
    redis: bool,
    caddy: bool,
    nginx: bool,
    proxy: bool,
    secrets: bool,
    /// Whether the site itself reads any.
    site_secrets: bool,
    context: &'a str,
    /// Folders as Compose wants them: with `./`.
    deploy: &'static str,
    secrets_folder: &'static str,
    // What the nginx site goes by.
    server: bool,
    upstream: String,
    certificate: &'static str,
    key: &'static str,
}

/// The files for `site`.
pub(crate) fn files(site: &Site, wanted: &Wanted) -> Result<Vec<File>> {
    let nginx = wanted.proxy == Proxy::Nginx;
    let caddy = wanted.proxy == Proxy::Caddy;
    let values = Values {
        url: site.database_url("database", "%s"),
        redis: wanted.redis,
        caddy,
        nginx,
        proxy: caddy || nginx,
        secrets: site.database || nginx || site.accounts || site.python,
        site_secrets: site.database || site.accounts || site.python,
        context: &wanted.context,
        deploy: "./deploy",
        secrets_folder: "./secrets",
        server: false,
        upstream: format!("site:{}", site.port),
        certificate: "/run/secrets/tls_certificate",
        key: "/run/secrets/tls_key",
        site,
    };
    let mut files = vec![
        text::file("compose.yaml", "compose/compose.yaml", &values)?,
        text::file("compose.override.yaml", "compose/override.yaml", &values)?,
    ];
    if caddy {
        files.push(text::file(
            "deploy/Caddyfile",
            "compose/Caddyfile",
            &values,
        )?);
    }
    if nginx {
        files.push(text::file("deploy/nginx.conf", "server/nginx", &values)?);
    }
    Ok(files)
}
