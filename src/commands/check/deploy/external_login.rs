//! The settings of providers by which users log in. Pure.

use super::checks::EXTERNAL_LOGIN;
use super::scheme::has_scheme;
use crate::check::{Finding, Level};
use crate::error::Result;
use crate::project::settings::Settings;

/// The providers, as their settings begin.
const PROVIDERS: [&str; 3] = ["GOOGLE", "GITHUB", "OIDC"];

/// What is wrong with them; that none is set is worth knowing.
pub(super) fn findings(settings: &Settings) -> Result<Vec<Finding>> {
    let value = |name: &str| -> Result<String> { Ok(settings.get(name)?.unwrap_or_default()) };
    let issuer = value("OIDC_ISSUER")?;
    let mut found = Vec::new();
    let mut is_any_set = false;
    for provider in PROVIDERS {
        let id = format!("{provider}_CLIENT_ID");
        let secret = format!("{provider}_CLIENT_SECRET");
        let message = match (value(&id)?.is_empty(), value(&secret)?.is_empty()) {
            (true, true) if provider == "OIDC" && !issuer.is_empty() => {
                format!("OIDC_ISSUER is set, and {id} is not")
            }
            (true, true) => continue,
            (false, true) => format!("{id} is set, and {secret} is not"),
            (true, false) => format!("{secret} is set, and {id} is not"),
            (false, false) if provider == "OIDC" && issuer.is_empty() => {
                format!("{id} is set, and OIDC_ISSUER is not")
            }
            (false, false) => {
                is_any_set = true;
                continue;
            }
        };
        found.push(EXTERNAL_LOGIN.found(message));
    }
    if !issuer.is_empty() && !has_scheme(&issuer, "https://") {
        let message = format!("OIDC_ISSUER is `{issuer}`, which is not https");
        let hint = "set OIDC_ISSUER to the provider's address, as in https://login.example.com";
        found.push(EXTERNAL_LOGIN.found(message).hint(hint));
    }
    if found.is_empty() && !is_any_set {
        let message = "no provider is set, so the login page offers none";
        found.push(EXTERNAL_LOGIN.found(message).level(Level::Info));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_set_wholly_or_not_at_all() {
        let google = [("GOOGLE_CLIENT_ID", "a"), ("GOOGLE_CLIENT_SECRET", "b")];
        let oidc = [("OIDC_CLIENT_ID", "a"), ("OIDC_CLIENT_SECRET", "b")];
        let issuer = ("OIDC_ISSUER", "https://login.example");
        for (settings, expected) in [
            (
                vec![],
                Some("no provider is set, so the login page offers none"),
            ),
            (google.to_vec(), None),
            (
                vec![google[0]],
                Some("GOOGLE_CLIENT_ID is set, and GOOGLE_CLIENT_SECRET is not"),
            ),
            (
                vec![google[1]],
                Some("GOOGLE_CLIENT_SECRET is set, and GOOGLE_CLIENT_ID is not"),
            ),
            (
                vec![google[0], ("GOOGLE_CLIENT_SECRET", "")],
                Some("GOOGLE_CLIENT_ID is set, and GOOGLE_CLIENT_SECRET is not"),
            ),
            ([&oidc[..], &[issuer]].concat(), None),
            (
                oidc.to_vec(),
                Some("OIDC_CLIENT_ID is set, and OIDC_ISSUER is not"),
            ),
            (
                vec![issuer],
                Some("OIDC_ISSUER is set, and OIDC_CLIENT_ID is not"),
            ),
            (
                [&oidc[..], &[("OIDC_ISSUER", "http://login.example")]].concat(),
                Some("OIDC_ISSUER is `http://login.example`, which is not https"),
            ),
        ] {
            let found = findings(&Settings::from_pairs(&settings)).unwrap();
            let message = found.first().map(|finding| finding.message.as_str());
            assert_eq!(message, expected, "{settings:?}");
        }
    }
}
