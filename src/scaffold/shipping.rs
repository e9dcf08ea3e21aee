//! `[package]`: how a project that is not a cargo binary is shipped, as a pack has it and as `luthier.toml` says
//! otherwise. Pure.
//!
//! ```toml
//! [package]
//! serve = ["gunicorn", "--bind", "0.0.0.0:{port}", "shop.wsgi"]   # what serves the site; `{port}` is filled in
//! build = [["python", "manage.py", "collectstatic", "--no-input"]] # run once, while its image is built
//! build-environment = { SECRET_KEY = "build-only" }                # variables for that: no secrets
//! migrate = ["python", "manage.py", "migrate", "--no-input"]       # brings its database up to date
//! health = "/healthz"                                              # the path that answers while it is well
//! folders = ["dist"]                                               # a cargo binary's: what goes into its image beside it
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

/// How a project that is not a cargo binary is shipped.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Shipping {
    /// What serves the site.
    pub(crate) serve: Option<Vec<String>>,
    /// Commands that are run while the image is built, behind the installation of what the project needs.
    pub(crate) build: Option<Vec<Vec<String>>>,
    /// Variables for those commands.
    pub(crate) build_environment: Option<BTreeMap<String, String>>,
    /// What brings the database up to date.
    pub(crate) migrate: Option<Vec<String>>,
    /// The path that answers while the site is well.
    pub(crate) health: Option<String>,
    /// The folders that a cargo binary reads where it runs; without this, those are taken that programs commonly read.
    pub(crate) folders: Option<Vec<String>>,
}

impl Shipping {
    /// What a pack says, where this says nothing.
    pub(crate) fn or(self, pack: &Self) -> Self {
        Self {
            serve: self.serve.or_else(|| pack.serve.clone()),
            build: self.build.or_else(|| pack.build.clone()),
            build_environment: self
                .build_environment
                .or_else(|| pack.build_environment.clone()),
            migrate: self.migrate.or_else(|| pack.migrate.clone()),
            health: self.health.or_else(|| pack.health.clone()),
            folders: self.folders.or_else(|| pack.folders.clone()),
        }
    }

    /// Refuses commands that cannot be. The error begins with the key.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let empty = |command: Option<&Vec<String>>| command.is_some_and(Vec::is_empty);
        if empty(self.serve.as_ref()) {
            return Err("serve is empty: name the program that serves the site".to_owned());
        }
        if empty(self.migrate.as_ref()) {
            return Err(
                "migrate is empty: name the program that does it, or leave the key out".to_owned(),
            );
        }
        if self.build.iter().flatten().any(Vec::is_empty) {
            return Err("build holds an empty command".to_owned());
        }
        let mut variables = self.build_environment.iter().flatten();
        let plain = |text: &str| !text.contains(['\n', '\'']);
        let name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if let Some((wrong, _)) = variables.find(|(key, value)| !name(key) || !plain(value)) {
            return Err(format!(
                "build-environment: `{wrong}` cannot be set in a Dockerfile"
            ));
        }
        let inside = |folder: &String| {
            let path = std::path::Path::new(folder);
            let normal = |part| matches!(part, std::path::Component::Normal(_));
            !folder.is_empty()
                && !folder.contains(['"', '\\', '\n', '$'])
                && path.components().all(normal)
        };
        if let Some(wrong) = self.folders.iter().flatten().find(|folder| !inside(folder)) {
            return Err(format!("folders: `{wrong}` is not a folder of the project"));
        }
        match self.health.as_deref() {
            Some(path) if !super::dev::is_path(path) => {
                Err(format!("health: `{path}` is not a path, like \"/healthz\""))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_variables_are_checked() {
        let cases = [
            ("", Ok(())),
            (
                "serve = ['gunicorn', 'a.wsgi']\nhealth = '/healthz'",
                Ok(()),
            ),
            ("serve = []", Err("serve is empty")),
            ("migrate = []", Err("migrate is empty")),
            ("build = [['a'], []]", Err("build holds")),
            ("health = 'healthz'", Err("health: `healthz`")),
            ("folders = ['dist', 'a/b']", Ok(())),
            ("folders = ['../dist']", Err("folders: `../dist`")),
            ("folders = ['']", Err("folders: ``")),
            (
                "build-environment = { '1A' = 'b' }",
                Err("build-environment: `1A`"),
            ),
            (
                "build-environment = { A = \"b'c\" }",
                Err("build-environment: `A`"),
            ),
        ];
        for (text, expected) in cases {
            let shipping: Shipping = crate::toml::parse("luthier.toml", text).unwrap();
            match expected {
                Ok(()) => assert_eq!(shipping.validate(), Ok(()), "{text}"),
                Err(start) => assert!(
                    shipping.validate().unwrap_err().starts_with(start),
                    "{text}"
                ),
            }
        }
    }
}
