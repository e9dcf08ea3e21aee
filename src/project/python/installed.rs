//! The packages of an environment, by the metadata that installers leave: `NAME-VERSION.dist-info/METADATA`.

use std::path::{Path, PathBuf};

use super::{ENVIRONMENTS, PROGRAMS};
use crate::error::Result;
use crate::files::{names_in, read};

/// What the metadata of a package say, and whether it lies in a folder of this machine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) text: String,
    /// The contents of `direct_url.json`, for what came from elsewhere than an index.
    pub(crate) origin: Option<String>,
}

/// The metadata of every package in the environment of the project in `root`: none if there is no environment.
pub(crate) fn packages(root: &Path) -> Result<Vec<Metadata>> {
    let mut packages = Vec::new();
    for folder in site_packages(root)? {
        for name in names_in(&folder)? {
            if !name.to_string_lossy().ends_with(".dist-info") {
                continue;
            }
            let folder = folder.join(name);
            // What is not UTF-8 is of no use, and no reason to stop.
            if let Some(text) = read(&folder.join("METADATA")).unwrap_or_default() {
                let origin = read(&folder.join("direct_url.json")).unwrap_or_default();
                packages.push(Metadata { text, origin });
            }
        }
    }
    Ok(packages)
}

/// `.venv/lib/python3.13/site-packages`, of the project's environment or else the active one.
fn site_packages(root: &Path) -> Result<Vec<PathBuf>> {
    let own = ENVIRONMENTS.iter().map(|name| root.join(name));
    let active = std::env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    let environment = own
        .chain(active)
        .find(|folder| folder.join("pyvenv.cfg").is_file());
    let Some(environment) = environment else {
        return Ok(Vec::new());
    };
    if PROGRAMS == "Scripts" {
        return Ok(vec![environment.join("Lib/site-packages")]);
    }
    let lib = environment.join("lib");
    let versions = names_in(&lib)?.into_iter().map(|name| lib.join(name));
    Ok(versions
        .map(|version| version.join("site-packages"))
        .filter(|folder| folder.is_dir())
        .collect())
}
