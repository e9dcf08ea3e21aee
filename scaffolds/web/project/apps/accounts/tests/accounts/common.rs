//! A site with accounts and its pages, for the tests beside.

use axum::http::header;
use platform::Site;
use platform::mail::Mail;
use platform::site::Service;
use platform::templates::Templates;
use platform::testing::{self, Answer, Client, Outbox};
use sea_orm::ActiveModelTrait;

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "correct horse battery";

/// The project's own pages, which those of the app extend.
#[derive(rust_embed::Embed)]
#[folder = "../../templates"]
struct Pages;

/// A site without users, what it mails, and the site itself to look into.
pub async fn site() -> (Client, Outbox, Site) {
    site_with(|_| {}).await
}

/// The same with other settings.
pub async fn site_with(change: impl FnOnce(&mut Site)) -> (Client, Outbox, Site) {
    let db = testing::database().await;
    let tables = accounts::testing::tables(db.get_schema_builder());
    tables.apply(&db).await.expect("the tables are made");
    let (mut site, mails) = testing::site(db.clone());
    site.templates = Templates::default()
        .with::<Pages>()
        .with::<accounts::Templates>();
    change(&mut site);
    let service: Service = site
        .clone()
        .service(accounts::urls::router(), |_| None)
        .expect("the site is put together");
    (Client::new(service, db), mails, site)
}

/// Makes the user with [`EMAIL`] and [`PASSWORD`].
pub async fn add_user(site: &Site) -> accounts::models::user::Model {
    let hash = accounts::users::new_password(site, EMAIL, PASSWORD).await;
    let user = accounts::users::new(EMAIL, Some(hash.expect("it is accepted")));
    user.insert(&site.db).await.expect("the user is made")
}

/// Logs in by the page.
pub async fn log_in(client: &Client, password: &str) -> Answer {
    let fields = [("email", EMAIL), ("password", password)];
    client.submit("/account/login", &fields).await
}

/// The client with the session that an answer has begun.
pub fn with_session_of(client: &Client, answer: &Answer) -> Client {
    client
        .clone()
        .with_header(header::COOKIE, &cookie_of(answer))
}

/// The session's cookie in an answer, as `name=value`.
pub fn cookie_of(answer: &Answer) -> String {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    cookies
        .find_map(|cookie| {
            cookie
                .to_str()
                .ok()
                .filter(|text| text.contains("session="))
        })
        .and_then(|text| text.split(';').next())
        .unwrap_or_else(|| panic!("no session begins: {} {}", answer.status, answer.body))
        .to_owned()
}

/// Where the link in a mail leads, without the site's address.
pub fn path_in(mail: &Mail) -> String {
    let link = mail.text.lines().find(|line| line.starts_with("http"));
    let link = link.unwrap_or_else(|| panic!("there is no link in {}", mail.text));
    link.strip_prefix("http://127.0.0.1:8000")
        .expect("it leads to the site")
        .to_owned()
}
