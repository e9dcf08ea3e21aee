//! A site in a Kubernetes cluster: a kustomize base, and an overlay for each place.

use std::fmt;
use std::str::FromStr;

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
    gateway: Option<&'a Gateway>,
    database_url: String,
}

/// A gateway of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Gateway {
    /// The site's own, where there is none.
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
}

impl fmt::Display for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

impl FromStr for Gateway {
    type Err = &'static str;

    /// `NAME` or `NAMESPACE/NAME`.
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (namespace, name) = match text.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, text),
        };
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let good = |part: &str| {
            !part.is_empty()
                && part.chars().all(allowed)
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        match good(name) && namespace.is_none_or(good) {
            true => Ok(Self {
                namespace: namespace.map(str::to_owned),
                name: name.to_owned(),
            }),
            false => Err("it is neither NAME nor NAMESPACE/NAME of a gateway"),
        }
    }
}

const BASE: &[&str] = &[
    "kustomization",
    "serviceaccount",
    "configmap",
    "migrate",
    "deployment",
    "service",
    "autoscaler",
    "disruptions",
    "network",
];

/// The files for `site`, whose image is called `image`; visitors come through `gateway`, or else through an Ingress.
///
/// # Errors
/// `BadInput` if the site knows no database that several pods can share.
pub(crate) fn files(site: &Site, image: &str, gateway: Option<&Gateway>) -> Result<Vec<File>> {
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
        gateway,
        database_url: site.database_url("HOST", "PASSWORD"),
        site: &site,
    };
    let entrance = if gateway.is_some() {
        "route"
    } else {
        "ingress"
    };
    let base = BASE.iter().copied().chain([entrance]).map(|name| {
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
