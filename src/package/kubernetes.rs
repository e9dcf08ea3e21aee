//! A site in a Kubernetes cluster: a kustomize base, and an overlay for each place.

use serde::Serialize;

use super::site::{self, Site};
use super::{File, text};
use crate::error::{Error, Result};

#[derive(Serialize)]
struct Values<'a> {
    #[serde(flatten)]
    site: &'a Site,
    /// The image, without a tag.
    image: &'a str,
    database_url: String,
}

const BASE: &[&str] = &[
    "kustomization",
    "serviceaccount",
    "configmap",
    "migrate",
    "deployment",
    "service",
    "ingress",
    "autoscaler",
    "disruptions",
    "network",
];

/// The files for `site`, whose image is called `image`.
///
/// # Errors
/// `BadInput` if the site knows no database that several pods can share.
pub(crate) fn files(site: &Site, image: &str) -> Result<Vec<File>> {
    if !site.database {
        return Err(Error::bad_input(
            "this site knows SQLite alone, and the pods of a cluster share no file",
        )
        .hint("add `postgres` to the dialects in luthier.toml, or use `luthier compose` or `luthier systemd`"));
    }
    // Objects of a cluster have names without `_`.
    let site = Site {
        name: site::host(&site.name),
        ..site.clone()
    };
    let values = Values {
        image,
        database_url: site.database_url("HOST", "PASSWORD"),
        site: &site,
    };
    let base = BASE.iter().map(|name| {
        text::file(
            format!("base/{name}.yaml"),
            &format!("kubernetes/{name}.yaml"),
            &values,
        )
    });
    let overlays = ["staging", "production"].map(|name| {
        text::file(
            format!("overlays/{name}/kustomization.yaml"),
            &format!("kubernetes/overlays/{name}.yaml"),
            &values,
        )
    });
    base.chain(overlays).collect()
}
