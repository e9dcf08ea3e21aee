//! What the program will be told when it starts: the environment before `.env`, a variable's file before the variable.
#![allow(
    clippy::disallowed_methods,
    reason = "this module is part of the one that reads the outside"
)]

use std::path::Path;

use anyhow::Context as _;

use super::Project;
use crate::error::Result;

/// The variables that are set, as the program will see them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    environment: Vec<(String, String)>,
    dotenv: Vec<(String, String)>,
    /// The folder that relative paths of files are meant from.
    root: std::path::PathBuf,
}

impl Project {
    /// The environment of this very process, and the root's `.env`.
    pub(crate) fn settings(&self) -> Result<Settings> {
        let text = self.read(".env")?.unwrap_or_default();
        let pairs: Result<Vec<_>, _> = dotenvy::from_read_iter(text.as_bytes()).collect();
        Ok(Settings {
            environment: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            dotenv: pairs.context("`.env` cannot be understood")?,
            root: self.root.clone(),
        })
    }

    /// Whether everybody on this machine may read `.env`; no where there is none.
    pub(crate) fn is_dotenv_open(&self) -> bool {
        is_open(&self.root.join(".env"))
    }

    /// Whether there is a program that was built with optimisations.
    pub(crate) fn has_release_build(&self) -> bool {
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
        let release = self.root.join(target).join("release");
        let program = format!("{}{}", self.name, std::env::consts::EXE_SUFFIX);
        release.join(program).is_file()
    }
}

impl Settings {
    /// The value of a variable, if it is set; an empty one counts, as it does for the program.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>> {
        if let Some(file) = self.variable(&format!("{name}_FILE")) {
            let text = super::read(&self.root.join(file))?;
            return Ok(text.map(|text| text.trim_end().to_owned()));
        }
        Ok(self.variable(name).map(str::to_owned))
    }

    fn variable(&self, name: &str) -> Option<&str> {
        let all = self.environment.iter().chain(&self.dotenv);
        let mut found = all.filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    #[cfg(test)]
    pub(crate) fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            environment: pairs.iter().map(pair).collect(),
            ..Self::default()
        }
    }
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata();
    metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
