//! Features: parts of a pack that a project has or has not. Pure.
//!
//! ```toml
//! [features.accounts]               # left out by `--set accounts=false`, added by `luthier add accounts`
//! description = "Users and sign-in"
//! default = true                    # whether a new project has it
//! app = "accounts"                  # the crate under `apps/` that it brings
//! router = "accounts::urls::router(ALL)" # its routes, if not `accounts::urls::router()`
//! next = ["luthier makemigrations"] # what to type once it is added
//!
//! [features.external-login]         # the variable `external_login` of templates and conditions
//! description = "Sign-in with an account elsewhere"
//! default = false
//! needs = ["accounts"]              # features that it cannot do without
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::app::Wired;
use crate::error::{Error, Result};

/// The feature by which users log in elsewhere: deployments and checks know its settings.
pub(crate) const EXTERNAL_LOGIN: &str = "external-login";

/// What `scaffold.toml` says of a feature.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feature {
    pub(crate) description: String,
    pub(crate) default: bool,
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    pub(crate) app: Option<String>,
    /// The call that gives the app's routes, where that is not `APP::urls::router()`.
    pub(crate) router: Option<String>,
    /// What to type once it is added, a command a line.
    #[serde(default)]
    pub(crate) next: Vec<String>,
}

pub(crate) type Features = BTreeMap<String, Feature>;

/// What a project's pack was told: the answers to its questions, and the names of the features that are in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choices {
    pub(crate) answers: Map<String, Value>,
    pub(crate) features: Vec<String>,
}

impl Choices {
    /// The same with one more feature.
    pub(crate) fn with(&self, feature: &str) -> Self {
        let mut choices = self.clone();
        if !choices.has(feature) {
            choices.features.push(feature.to_owned());
            choices.features.sort();
        }
        choices
    }

    /// The same with an answer.
    pub(crate) fn answered(&self, key: &str, answer: &str) -> Self {
        let mut choices = self.clone();
        choices.answers.insert(key.to_owned(), answer.into());
        choices
    }

    /// The same without a feature.
    pub(crate) fn without(&self, feature: &str) -> Self {
        let mut choices = self.clone();
        choices.features.retain(|name| name != feature);
        choices
    }

    pub(crate) fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|name| name == feature)
    }
}

impl Feature {
    /// What is wired of the app that it brings.
    pub(crate) fn wired(&self) -> Option<Wired<'_>> {
        let name = self.app.as_deref()?;
        let router = self.router.as_deref();
        Some(Wired {
            name,
            router,
            templates: true,
        })
    }
}

/// The variable that tells templates whether a feature is in.
pub(super) fn variable(feature: &str) -> String {
    feature.replace('-', "_")
}

/// Refuses names that no variable can have, and needs that cannot be met. The error is the reason alone.
pub(super) fn check(features: &Features, taken: &dyn Fn(&str) -> bool) -> Result<(), String> {
    for (name, feature) in features {
        let in_words = name
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()));
        if !in_words {
            return Err(format!(
                "features.{name}: a name is lower case words with `-` between"
            ));
        }
        if taken(&variable(name)) {
            return Err(format!(
                "features.{name}: every template has a variable by that name"
            ));
        }
        for needed in &feature.needs {
            let Some(other) = features.get(needed) else {
                return Err(format!(
                    "features.{name}: it needs `{needed}`, which is not a feature"
                ));
            };
            if needed == name || other.needs.contains(name) {
                return Err(format!("features.{name}: it needs itself"));
            }
        }
    }
    Ok(())
}

/// The features of a new project, sorted: the default ones and those set to true, without those set to false.
/// What needs a feature that is left out is left out as well, unless it was asked for.
pub(super) fn chosen(features: &Features, given: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut wanted = BTreeMap::new();
    for (name, feature) in features {
        let set = match given.get(name).map(String::as_str) {
            None => None,
            Some("true" | "yes") => Some(true),
            Some("false" | "no") => Some(false),
            Some(text) => {
                return Err(Error::bad_input(format_args!(
                    "`{text}` is not an answer to `{name}`: {}",
                    feature.description
                ))
                .hint(format!("--set {name}=true|false")));
            }
        };
        wanted.insert(name.as_str(), (set.unwrap_or(feature.default), set));
    }
    // A chain of needs is no longer than there are features.
    for _ in features {
        for (name, feature) in features {
            let missing = |needed: &&String| !wanted[needed.as_str()].0;
            let Some(missing) = feature.needs.iter().find(missing) else {
                continue;
            };
            if wanted[name.as_str()] == (true, Some(true)) {
                return Err(Error::bad_input(format_args!(
                    "`{name}` needs `{missing}`, which this project would be without"
                ))
                .hint(format!(
                    "leave out --set {name}=true, or --set {missing}=true"
                )));
            }
            wanted.insert(name, (false, None));
        }
    }
    let chosen = wanted.into_iter().filter(|(_, (wanted, _))| *wanted);
    Ok(chosen.map(|(name, _)| name.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features() -> Features {
        let feature = |default, needs: &[&str]| Feature {
            description: "Something more".to_owned(),
            default,
            needs: needs.iter().map(|name| (*name).to_owned()).collect(),
            app: None,
            router: None,
            next: Vec::new(),
        };
        [
            ("accounts", feature(true, &[])),
            ("admin", feature(true, &["accounts"])),
            ("audit", feature(true, &["admin"])),
            ("external-login", feature(false, &["accounts"])),
        ]
        .map(|(name, feature)| (name.to_owned(), feature))
        .into()
    }

    fn chosen(given: &[(&str, &str)]) -> Result<String> {
        let given = given
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect();
        super::chosen(&features(), &given).map(|names| names.join(" "))
    }

    #[test]
    fn what_needs_what_is_left_out_is_left_out_too() {
        for (given, expected) in [
            (&[][..], "accounts admin audit"),
            (&[("audit", "no")], "accounts admin"),
            (&[("accounts", "false")], ""),
            (&[("admin", "false")], "accounts"),
            (
                &[("external-login", "true")],
                "accounts admin audit external-login",
            ),
        ] {
            assert_eq!(chosen(given).unwrap(), expected, "{given:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_to_set() {
        for (given, message, hint) in [
            (
                &[("accounts", "perhaps")][..],
                "`perhaps` is not an answer to `accounts`: Something more",
                "--set accounts=true|false",
            ),
            (
                &[("accounts", "false"), ("external-login", "true")],
                "`external-login` needs `accounts`, which this project would be without",
                "leave out --set external-login=true, or --set accounts=true",
            ),
            (
                &[("accounts", "false"), ("audit", "true")],
                "`audit` needs `admin`, which this project would be without",
                "leave out --set audit=true, or --set admin=true",
            ),
        ] {
            let error = chosen(given).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert_eq!(error.hints, [hint]);
        }
    }

    #[test]
    fn a_feature_has_a_name_of_its_own_and_needs_that_can_be_met() {
        let taken = |name: &str| name == "sqlite";
        assert_eq!(check(&features(), &taken), Ok(()));
        let renamed = |from: &str, to: &str| {
            let mut all = features();
            let feature = all.remove(from).unwrap();
            all.insert(to.to_owned(), feature);
            check(&all, &taken).unwrap_err()
        };
        for (to, reason) in [
            ("sqlite", "every template has a variable by that name"),
            ("External", "a name is lower case words"),
            ("a--b", "a name is lower case words"),
        ] {
            assert!(renamed("external-login", to).contains(reason), "{to}");
        }
        assert!(
            renamed("accounts", "people").contains("it needs `accounts`, which is not a feature")
        );
        let mut all = features();
        all.get_mut("accounts").unwrap().needs = vec!["admin".to_owned()];
        assert!(check(&all, &taken).unwrap_err().contains("it needs itself"));
    }
}
