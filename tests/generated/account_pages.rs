//! A person with a browser: registers, follows the mailed link, logs in, makes an API token, leaves.

use serde_json::json;

use crate::browser::Browser;
use crate::project::Site;

const PASSWORD: &str = "four words of my own";

/// Once in a large window, and once on a telephone that runs no scripts.
pub(crate) fn walk(site: &Site) {
    let Some(mut page) = Browser::open(&site.client.base) else {
        return;
    };
    let mut visit = Visit {
        page: &mut page,
        site,
        width: 1200,
        email: "desk@example.org",
    };
    visit.all();
    page.forget();
    page.without_scripts();
    let mut visit = Visit {
        page: &mut page,
        site,
        width: 360,
        email: "telephone@example.org",
    };
    visit.all();
    page.is_content();
}

struct Visit<'a> {
    page: &'a mut Browser,
    site: &'a Site,
    width: u32,
    email: &'a str,
}

impl Visit<'_> {
    fn all(&mut self) {
        self.registers();
        self.logs_in();
        let secret = self.makes_a_token();
        self.revokes_the_token(&secret);
        self.changes_the_address();
        self.forgets_the_password();
        self.logs_out();
    }

    fn registers(&mut self) {
        self.page.resize(self.width);
        self.page.go(&self.site.client.base);
        self.page.click("a[href='/account/login']");
        self.arrives("/account/login");
        self.page.click("a[href='/account/register']");
        self.arrives("/account/register");
        self.page.fill("#email", "nobody");
        self.page.click("main button");
        self.is_told("#email", "is not an email address");
        self.page.fill("#email", self.email);
        self.page.click("main button");
        self.arrives("/account/login");
        self.is_noticed("a mail is on its way");
        let link = self.mailed_link("Finish your registration", self.email);
        self.page.go(&link);
        self.looks_right();
        self.page.fill("#password", "too short");
        self.page.click("main button");
        self.is_told("#password", "is too short: at least 15 characters");
        self.page.fill("#password", PASSWORD);
        self.page.click("main button");
        self.arrives("/account/login");
        self.is_noticed("Your password is set");
    }

    fn logs_in(&mut self) {
        self.page.fill("#email", self.email);
        self.page.fill("#password", "four words of another");
        self.page.click("main button");
        self.is_told("#password", "do not match");
        let kept = self.page.value("document.querySelector('#email').value");
        assert_eq!(kept, self.email);
        self.page.fill("#password", PASSWORD);
        self.page.click("#remember");
        self.page.click("main button");
        self.arrives("/");
        self.page.click("nav a[href='/account']");
        self.arrives("/account");
        let text = self.text();
        assert!(
            text.contains(self.email) && text.contains("this session"),
            "{text}"
        );
        // Where one is logged in is known on pages of errors, too.
        self.page.go(&format!("{}/nowhere", self.site.client.base));
        self.looks_right();
        self.page.click("nav a[href='/account']");
        self.arrives("/account");
    }

    fn makes_a_token(&mut self) -> String {
        self.page.fill("#name", "backup");
        self.page.click("#read_only");
        self.page.click("form[action='/account/tokens'] button");
        self.arrives("/account/tokens");
        let secret = self
            .page
            .value("document.querySelector('.notice code').innerText");
        let secret = secret.as_str().expect("it is shown").to_owned();
        let program = self
            .site
            .client
            .with("authorization", &format!("Bearer {secret}"));
        let me = program.get("/api/account/session").status(200).json();
        assert_eq!(me["email"], self.email);
        program
            .post("/api/account/register", &json!({}))
            .problem(422);
        program
            .post("/api/account/tokens", &json!({"name": "x"}))
            .problem(403);
        secret
    }

    fn revokes_the_token(&mut self, secret: &str) {
        self.page.click("nav a[href='/account']");
        self.arrives("/account");
        assert!(!self.text().contains(secret));
        self.page.click("form[action^='/account/tokens/'] button");
        self.arrives("/account");
        self.is_noticed("has ended");
        let program = self
            .site
            .client
            .with("authorization", &format!("Bearer {secret}"));
        program.get("/api/account/session").problem(401);
    }

    fn changes_the_address(&mut self) {
        let new = format!("new-{}", self.email);
        self.page.fill("#email", &new);
        self.page.click("form[action='/account/email'] button");
        self.arrives("/account");
        self.is_noticed("A mail is on its way to the new address");
        assert!(
            self.text()
                .contains(&format!("logged in as {}", self.email))
        );
        let link = self.mailed_link("Confirm your new address", &new);
        self.page.go(&link);
        self.looks_right();
        self.page.click("main button");
        self.arrives("/account");
        self.is_noticed("Your new address is confirmed");
        assert!(self.text().contains(&format!("logged in as {new}")));
        // A link works once; the page says so and is a way out.
        self.page.go(&link);
        self.looks_right();
        assert!(self.text().contains("no longer works"), "{}", self.text());
    }

    /// Sends no more mails: five an hour are the limit for one visitor.
    fn forgets_the_password(&mut self) {
        let page = "document.querySelector('#email')";
        self.page
            .go(&format!("{}/account/forgot", self.site.client.base));
        self.looks_right();
        self.page.fill("#email", "");
        self.page.click("main button");
        self.is_told("#email", "is required");
        let described = format!("{page}.getAttribute('aria-describedby')");
        assert_eq!(self.page.value(&described), "email-error");
    }

    fn logs_out(&mut self) {
        self.page.go(&format!("{}/account", self.site.client.base));
        self.looks_right();
        self.page.click("form[action='/account/logout'] button");
        self.arrives("/account/login");
        self.is_noticed("You are logged out");
        // Nothing personal comes back by the back button.
        self.page.value("history.back()");
        self.arrives("/account/login?next=%2Faccount");
    }

    #[track_caller]
    fn arrives(&mut self, path: &str) {
        self.page.arrives(path);
        self.looks_right();
    }

    #[track_caller]
    fn is_noticed(&mut self, text: &str) {
        let notice = self
            .page
            .value("document.querySelector('[role=status]')?.innerText");
        let notice = notice.as_str().unwrap_or_default();
        assert!(notice.contains(text), "{text:?} is not in {notice:?}");
    }

    /// The form is shown again, with what is wrong on top and at the field, which the sum leads to.
    #[track_caller]
    fn is_told(&mut self, field: &str, text: &str) {
        let sum = self
            .page
            .until("!window.left && document.querySelector('[role=alert]')?.innerText");
        assert!(sum.as_str().is_some_and(|sum| sum.contains(text)), "{sum}");
        self.looks_right();
        let error = self.page.value(&format!(
            "document.querySelector('{field}-error').innerText"
        ));
        assert!(
            error.as_str().is_some_and(|error| error.contains(text)),
            "{error}"
        );
        let title = self.page.value("document.title");
        assert!(
            title
                .as_str()
                .is_some_and(|title| title.starts_with("Error: ")),
            "{title}"
        );
        self.page.click("[role=alert] a");
        let focused = self.page.value(&format!(
            "document.querySelector(':target') == document.querySelector('{field}')"
        ));
        assert_eq!(focused, true);
    }

    fn text(&mut self) -> String {
        let text = self.page.value("document.body.innerText");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Nothing lies beyond the edge of a telephone or of a large window, and everybody finds out what a field is for.
    #[track_caller]
    fn looks_right(&mut self) {
        for width in [360, 1200] {
            self.page.resize(width);
            let beyond = self.page.value(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assert_eq!(beyond, 0, "{width} wide: {}", self.text());
        }
        self.page.resize(self.width);
        let unnamed = self.page.value(
            "[...document.querySelectorAll('input:not([type=hidden]):not([aria-hidden])')]
                .filter(field => !field.labels.length).map(field => field.outerHTML)",
        );
        assert_eq!(unnamed, json!([]));
        let ids = self.page.value(
            "[...document.querySelectorAll('[id]')].map(one => one.id).filter((id, at, all) => all.indexOf(id) != at)",
        );
        assert_eq!(ids, json!([]), "ids that are there twice");
        let headings = self.page.value("document.querySelectorAll('h1').length");
        assert_eq!(headings, 1);
    }

    /// The link in the mail that was last sent to an address, as the log shows it.
    fn mailed_link(&self, subject: &str, to: &str) -> String {
        let running = &self.site.running;
        running.until("a mail is in the log", |running| {
            link_in(&running.heard(), subject, to)
        })
    }
}

/// The address on a line of its own below the last line that names recipient and subject.
pub(crate) fn link_in(log: &str, subject: &str, to: &str) -> Option<String> {
    let (_, mail) = log.rsplit_once(&format!("mail to {to}: {subject}"))?;
    let link = mail.lines().find(|line| line.starts_with("http"))?;
    // The line has come whole.
    mail.contains(&format!("{link}\n")).then(|| link.to_owned())
}
