//! The rules of the tag `deploy`: facts to findings. Pure.

use super::addresses::{is_origin, mail_without_tls, proxies_not_counted, unsafe_origin};
use super::checks::*;
use super::code::{MIDDLEWARE, PASSWORD};
use super::external_login;
use super::facts::Facts;
use super::scheme::has_scheme;
use crate::check::{Finding, Level};
use crate::error::Result;

/// OWASP's minimum for argon2id: memory in KiB, and passes.
const MEMORY: u64 = 19_456;
const PASSES: u64 = 2;

/// All that `facts` break.
pub(super) fn findings(facts: &Facts) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    if facts.accounts {
        settings(facts, &mut found)?;
        code(facts, &mut found);
        if facts.superuser == Some(false) {
            found.push(SUPERUSER.found("there is no active superuser"));
        }
    }
    if facts.external_login {
        found.extend(external_login::findings(&facts.settings)?);
    }
    if !facts.release_build {
        found
            .push(DEBUG_BUILD.found("there is no release build, and no Dockerfile that makes one"));
    }
    if let Some(middleware) = &facts.code.middleware {
        for word in &middleware.unsafe_words {
            let message = format!("the Content-Security-Policy allows `{}`", word.value);
            found.push(
                CONTENT_SECURITY_POLICY
                    .found(message)
                    .at(MIDDLEWARE, word.line),
            );
        }
    }
    if facts.open_dotenv {
        found.push(
            DOTENV
                .found("everybody on this machine may read it")
                .at(".env", 0),
        );
    }
    for public in &facts.public {
        let message = format!("everybody writes to `{}`", public.model);
        found.push(PUBLIC_MODEL.found(message).at(&public.path, public.line));
    }
    found.sort_by_key(|finding| finding.kind.id);
    Ok(found)
}

fn settings(facts: &Facts, found: &mut Vec<Finding>) -> Result<()> {
    let settings = &facts.settings;
    let url = settings.get("PUBLIC_URL")?;
    let is_https = url
        .as_deref()
        .is_some_and(|url| has_scheme(url, "https://"));
    match url {
        None => found.push(PUBLIC_URL.found("PUBLIC_URL is not set, and its default is not https")),
        Some(url) if !is_https => {
            found.push(PUBLIC_URL.found(format!("PUBLIC_URL is `{url}`, which is not https")));
        }
        Some(url) if !is_origin(&url) => found.push(PUBLIC_URL.found(format!(
            "PUBLIC_URL is `{url}`, which is not a scheme and a host alone: the program does not start"
        ))),
        Some(_) => {}
    }
    let email = settings.get("EMAIL_URL")?;
    match email.as_deref() {
        None => found.push(EMAIL_URL.found("EMAIL_URL is not set, so mails go to the log")),
        Some(url) if has_scheme(url, "log:") => {
            found.push(EMAIL_URL.found(format!("EMAIL_URL is `{url}`: mails go to the log")));
        }
        Some(url)
            if !["smtp://", "smtps://"]
                .iter()
                .any(|scheme| has_scheme(url, scheme)) =>
        {
            // What was meant may hold a password: it is not shown.
            let message = "EMAIL_URL is neither `log:` nor smtp://… nor smtps://…: the program does not start";
            found.push(EMAIL_URL.found(message));
        }
        Some(url) => found.extend(mail_without_tls(url).map(|why| EMAIL_TLS.found(why))),
    }
    let address = settings.get("ADDRESS")?;
    let proxies = settings.get("TRUSTED_PROXIES")?;
    found.extend(proxies_not_counted(
        address.as_deref(),
        proxies.as_deref(),
        is_https,
    ));
    let origins = settings.get("TRUSTED_ORIGINS")?.unwrap_or_default();
    let origins = origins
        .split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty());
    found.extend(origins.filter_map(|origin| {
        let why = unsafe_origin(origin)?;
        Some(TRUSTED_ORIGINS.found(format!("TRUSTED_ORIGINS: `{origin}` {why}")))
    }));
    match settings.get("REGISTRATION")?.as_deref() {
        Some("open") => {
            found.push(REGISTRATION.found("REGISTRATION is open: everybody can make an account"))
        }
        // By default that is so, too; it matters once the site has an address.
        None if is_https => {
            found
                .push(REGISTRATION.found("REGISTRATION is not set: everybody can make an account"));
        }
        Some("closed") | None => {}
        Some(other) => {
            let message = format!(
                "REGISTRATION is `{other}`, neither `open` nor `closed`: the program does not start"
            );
            found.push(REGISTRATION.found(message).level(Level::Warning));
        }
    }
    Ok(())
}

fn code(facts: &Facts, found: &mut Vec<Finding>) {
    match &facts.code.middleware {
        Some(middleware) => {
            if !middleware.csrf {
                found.push(
                    CSRF.found("no route is behind `CsrfLayer`")
                        .at(MIDDLEWARE, 0),
                );
            }
            if !middleware.strict_transport {
                found.push(
                    HSTS.found("Strict-Transport-Security is not sent")
                        .at(MIDDLEWARE, 0),
                );
            }
        }
        None => {
            let lost = "there is no such file that can be read, so nobody knows of a `CsrfLayer`";
            found.push(CSRF.found(lost).at(MIDDLEWARE, 0));
        }
    }
    let Some(password) = &facts.code.password else {
        return;
    };
    if let Some(minimum) = password
        .minimum
        .as_ref()
        .filter(|minimum| minimum.value < 15)
    {
        let message = format!("passwords of {} characters are accepted", minimum.value);
        let level = if minimum.value < 8 {
            Level::Error
        } else {
            Level::Info
        };
        found.push(
            PASSWORD_LENGTH
                .found(message)
                .level(level)
                .at(PASSWORD, minimum.line),
        );
    }
    let is_weak = |(memory, passes): (u64, u64)| memory < MEMORY || passes < PASSES;
    for costs in password.costs.iter().filter(|costs| is_weak(costs.value)) {
        let (memory, passes) = costs.value;
        let message = format!("argon2 works with {memory} KiB and {passes} passes");
        found.push(PASSWORD_HASH.found(message).at(PASSWORD, costs.line));
    }
}

#[cfg(test)]
mod tests {
    use super::super::code::{Code, Found, Middleware, Password};
    use super::super::models::Public;
    use super::*;
    use crate::project::settings::Settings;

    /// A site that is fit for the internet.
    fn good(settings: &[(&str, &str)]) -> Facts {
        let mut all = vec![
            ("PUBLIC_URL", "https://shop.example"),
            ("EMAIL_URL", "smtps://u:p@mail.example"),
            ("TRUSTED_PROXIES", "1"),
            ("REGISTRATION", "closed"),
        ];
        all.retain(|(name, _)| settings.iter().all(|(other, _)| other != name));
        all.extend(settings);
        Facts {
            settings: Settings::from_pairs(&all),
            accounts: true,
            external_login: false,
            code: Code {
                middleware: Some(Middleware {
                    csrf: true,
                    strict_transport: true,
                    unsafe_words: Vec::new(),
                }),
                password: Some(Password {
                    minimum: Some(Found { value: 15, line: 1 }),
                    costs: Vec::new(),
                }),
            },
            public: Vec::new(),
            release_build: true,
            open_dotenv: false,
            superuser: Some(true),
        }
    }

    fn ids(facts: &Facts) -> Vec<&'static str> {
        let found = findings(facts).unwrap();
        found.iter().map(|finding| finding.kind.id).collect()
    }

    #[test]
    fn a_fresh_project_lacks_an_address_a_mail_server_and_a_release() {
        let fresh = Facts {
            settings: Settings::from_pairs(&[("DATABASE_URL", "sqlite:db.sqlite3")]),
            release_build: false,
            superuser: None,
            ..good(&[])
        };
        assert_eq!(ids(&fresh), ["D001", "D002", "D003"]);
        assert!(ids(&good(&[])).is_empty());
    }

    #[test]
    fn settings_are_judged_one_by_one() {
        for (setting, expected) in [
            (("PUBLIC_URL", "http://shop.example"), Some("D001")),
            (("PUBLIC_URL", "HTTPS://shop.example"), None),
            (("PUBLIC_URL", ""), Some("D001")),
            (("EMAIL_URL", "log:"), Some("D002")),
            (
                ("EMAIL_URL", "smtp://u:p@mail.example:587?tls=required"),
                None,
            ),
            (
                ("EMAIL_URL", "smtp://u:p@mail.example:587?tls=opportunistic"),
                Some("D010"),
            ),
            (("EMAIL_URL", "smtp://mail.example"), Some("D010")),
            (("EMAIL_URL", "smtp://127.0.0.1:25"), None),
            (("EMAIL_URL", "mail.example"), Some("D002")),
            (("EMAIL_URL", ""), Some("D002")),
            (("TRUSTED_PROXIES", "0"), Some("D004")),
            (("TRUSTED_PROXIES", "many"), Some("D004")),
            (
                (
                    "TRUSTED_ORIGINS",
                    "https://a.example, https://b.example:8443",
                ),
                None,
            ),
            (("TRUSTED_ORIGINS", "http://a.example"), Some("D005")),
            (("TRUSTED_ORIGINS", "https://a.example/"), Some("D005")),
            (("TRUSTED_ORIGINS", "https://a.example:443"), Some("D005")),
            (("TRUSTED_ORIGINS", "a.example"), Some("D005")),
            (("TRUSTED_ORIGINS", "https://Ä.example"), Some("D005")),
            (("REGISTRATION", "open"), Some("D014")),
            (("REGISTRATION", "maybe"), Some("D014")),
            (("PUBLIC_URL", "https://"), Some("D001")),
            (("PUBLIC_URL", "https://shop.example/app"), Some("D001")),
        ] {
            let found = ids(&good(&[setting]));
            assert_eq!(found.first().copied(), expected, "{setting:?}");
            assert!(found.len() < 2, "{setting:?}: {found:?}");
        }
        for (address, expected) in [
            ("10.0.0.7:8000", 1),
            ("[::1]:8000", 1),
            ("0.0.0.0:8000", 0),
            ("203.0.113.7:80", 0),
        ] {
            let facts = good(&[("TRUSTED_PROXIES", "0"), ("ADDRESS", address)]);
            assert_eq!(ids(&facts).len(), expected, "{address}");
        }
    }

    #[test]
    fn no_message_tells_a_password() {
        let facts = good(&[(
            "EMAIL_URL",
            "smtp://me:secret@mail.example?tls=opportunistic",
        )]);
        let found = findings(&facts).unwrap();
        assert!(
            found[0].message.contains("mail.example"),
            "{}",
            found[0].message
        );
        assert!(!found[0].message.contains("secret"), "{}", found[0].message);
    }

    #[test]
    fn code_that_was_changed_is_judged() {
        let mut facts = good(&[]);
        let middleware = facts.code.middleware.as_mut().unwrap();
        middleware.csrf = false;
        middleware.strict_transport = false;
        middleware.unsafe_words.push(Found {
            value: "unsafe-inline",
            line: 7,
        });
        let password = facts.code.password.as_mut().unwrap();
        password.minimum = Some(Found { value: 7, line: 2 });
        password.costs = vec![
            Found {
                value: (19_456, 2),
                line: 3,
            },
            Found {
                value: (19_456, 1),
                line: 4,
            },
        ];
        facts.superuser = Some(false);
        facts.open_dotenv = true;
        facts.public.push(Public {
            model: "books.book".into(),
            path: "apps/books/src/api/book.rs".into(),
            line: 9,
        });
        assert_eq!(
            ids(&facts),
            [
                "D006", "D007", "D008", "D009", "D011", "D012", "D013", "D015"
            ]
        );
        facts.code.password.as_mut().unwrap().minimum = Some(Found { value: 12, line: 2 });
        let found = findings(&facts).unwrap();
        let short = found
            .iter()
            .find(|finding| finding.kind.id == "D008")
            .unwrap();
        assert_eq!(short.level, Level::Info);
        facts.code.middleware = None;
        assert!(ids(&facts).contains(&"D006"));
        // Without users there is less that can go wrong.
        facts.accounts = false;
        assert_eq!(ids(&facts), ["D012", "D013"]);
    }

    #[test]
    fn ids_are_given_in_order() {
        for (index, kind) in ALL.iter().enumerate() {
            assert_eq!(kind.id, format!("D{:03}", index + 1));
        }
    }
}
