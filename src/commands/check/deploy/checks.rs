//! What can be wrong with a site on the internet: ids, levels, reasons, advice.

use crate::check::{Check, Level};

pub(super) static ALL: [&Check; 16] = [
    &PUBLIC_URL,
    &EMAIL_URL,
    &DEBUG_BUILD,
    &TRUSTED_PROXIES,
    &TRUSTED_ORIGINS,
    &CSRF,
    &CONTENT_SECURITY_POLICY,
    &PASSWORD_LENGTH,
    &PASSWORD_HASH,
    &EMAIL_TLS,
    &SUPERUSER,
    &DOTENV,
    &PUBLIC_MODEL,
    &REGISTRATION,
    &HSTS,
    &EXTERNAL_LOGIN,
];

pub(super) static PUBLIC_URL: Check = Check {
    id: "D001",
    name: "public-url-not-https",
    level: Level::Warning,
    why: "The scheme of PUBLIC_URL decides whether session cookies are for https alone and whether browsers are told to \
          stay there. Over http, whoever is on the way reads the cookie and is the user. Links in mails start with it.",
    instead: "set PUBLIC_URL to where visitors find the site, as in PUBLIC_URL=https://shop.example",
};

pub(super) static EMAIL_URL: Check = Check {
    id: "D002",
    name: "email-to-the-log",
    level: Level::Warning,
    why: "EMAIL_URL is `log:`: mails are written to the log and reach nobody. No one can register or set a new password, \
          and who reads the log can do so in their name.",
    instead: "set EMAIL_URL to a mail server, as in EMAIL_URL=smtps://user:password@mail.example, and EMAIL_FROM",
};

pub(super) static DEBUG_BUILD: Check = Check {
    id: "D003",
    name: "debug-build",
    level: Level::Warning,
    why: "There is no release build of the program and no image that makes one. A debug build is many times slower, and \
          reads its templates from the folder that it was built in.",
    instead: "`cargo build --release`, or `luthier dockerfile`",
};

pub(super) static TRUSTED_PROXIES: Check = Check {
    id: "D004",
    name: "proxy-not-counted",
    level: Level::Warning,
    why: "ADDRESS is not reached from outside, so a proxy is in front of the site, and TRUSTED_PROXIES does not count it. \
          All visitors then have the proxy's address: the limits on logging in count them together, and one who guesses \
          passwords locks all of them out.",
    instead: "set TRUSTED_PROXIES to the number of your proxies, as in TRUSTED_PROXIES=1",
};

pub(super) static TRUSTED_ORIGINS: Check = Check {
    id: "D005",
    name: "trusted-origin-unsafe",
    level: Level::Warning,
    why: "TRUSTED_ORIGINS names sites whose pages may change data here. Over http anybody on the way can be that site; \
          and browsers send an origin without a slash at the end and without the scheme's own port, so that others never \
          match.",
    instead: "write each as browsers send it, as in https://app.example or https://app.example:8443",
};

pub(super) static CSRF: Check = Check {
    id: "D006",
    name: "csrf-layer-missing",
    level: Level::Error,
    why: "Without `CsrfLayer` around the routes, a page of any other site can post here in the name of a visitor who is \
          logged in.",
    instead: "put `CsrfLayer` of tower-http back in `around` of platform/src/middleware.rs",
};

pub(super) static CONTENT_SECURITY_POLICY: Check = Check {
    id: "D007",
    name: "content-security-policy-unsafe",
    level: Level::Warning,
    why: "With `unsafe-inline` or `unsafe-eval` in the Content-Security-Policy, text that gets into a page unescaped runs \
          as a script in the name of whoever looks at it.",
    instead: "move scripts and styles into files under static/, and take the word out",
};

pub(super) static PASSWORD_LENGTH: Check = Check {
    id: "D008",
    name: "password-minimum-short",
    level: Level::Error,
    why: "NIST SP 800-63B-4 asks for at least 15 characters where a password is all that is asked for, and for at least 8 \
          beside a second factor.",
    instead: "set MIN_LENGTH in platform/src/password.rs to 15",
};

pub(super) static PASSWORD_HASH: Check = Check {
    id: "D009",
    name: "password-hash-weak",
    level: Level::Error,
    why: "Argon2 with less than 19 MiB of memory (m_cost 19456) or fewer than 2 passes is below OWASP's minimum: whoever \
          gets hold of the table tries passwords that much faster.",
    instead: "use `Params::DEFAULT`, or at least `Params::new(19_456, 2, 1, None)`; hashes are renewed as users log in",
};

pub(super) static EMAIL_TLS: Check = Check {
    id: "D010",
    name: "email-without-tls",
    level: Level::Warning,
    why: "Mails hold links that set passwords. Without TLS, or with TLS only where the other side offers it, whoever is on \
          the way reads them, and the password of the mail server.",
    instead: "use smtps://…, or smtp://…?tls=required",
};

pub(super) static SUPERUSER: Check = Check {
    id: "D011",
    name: "no-superuser",
    level: Level::Warning,
    why: "No active user is a superuser: nobody can give rights to others.",
    instead: "`luthier createsuperuser you@example.org`, or the same command of the program in its container",
};

pub(super) static DOTENV: Check = Check {
    id: "D012",
    name: "dotenv-readable",
    level: Level::Warning,
    why: "Every user of this machine may read `.env`, which holds the passwords of the database and of the mail server.",
    instead: "`chmod 600 .env`",
};

pub(super) static PUBLIC_MODEL: Check = Check {
    id: "D013",
    name: "public-model",
    level: Level::Info,
    why: "Everybody on the internet creates, changes and deletes the rows of this model: its API asks for nobody.",
    instead: "let its writing handlers take `_: User` first, if that is not what you want",
};

pub(super) static REGISTRATION: Check = Check {
    id: "D014",
    name: "registration-open",
    level: Level::Info,
    why: "Everybody who has a mail address can make an account. That is right for a site for everybody, and wrong for one \
          where users may read or write what strangers may not.",
    instead: "set REGISTRATION=closed, and make users with `createsuperuser` or by hand",
};

pub(super) static HSTS: Check = Check {
    id: "D015",
    name: "hsts-missing",
    level: Level::Warning,
    why: "Without Strict-Transport-Security, a browser that is told `shop.example` tries http first, where whoever is on \
          the way can answer.",
    instead: "let platform/src/middleware.rs send `strict-transport-security: max-age=31536000; includeSubDomains` again",
};

pub(super) static EXTERNAL_LOGIN: Check = Check {
    id: "D016",
    name: "external-login-settings",
    level: Level::Warning,
    why: "A provider by which users log in has an id and a secret for the site, and speaks OpenID Connect over https. With \
          one of them missing the program does not start; over http, whoever is on the way can be any user.",
    instead: "set both, as in GOOGLE_CLIENT_ID=… and GOOGLE_CLIENT_SECRET=… (or GOOGLE_CLIENT_SECRET_FILE), or neither",
};
