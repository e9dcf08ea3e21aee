//! Management commands of the program, which also work where nothing else is installed, as in a container.

use std::fmt;
use std::io;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use platform::fields::now;
use platform::mail::{Mail, Transport};
use platform::{Error, Site};
use sea_orm::entity::prelude::*;
use sea_orm::{Set, TransactionTrait};

use crate::models::email_link::{self, Purpose};
use crate::models::{api_token, session};
use crate::{links, users};

/// The names of the commands.
pub const NAMES: [&str; 4] = [
    "createsuperuser",
    "changepassword",
    "clearsessions",
    "sendtestemail",
];

/// The command was called in a way that makes no sense.
#[derive(Debug)]
pub struct Usage(String);

impl fmt::Display for Usage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Usage {}

/// Runs a command with what follows its name.
///
/// # Errors
/// [`Usage`] if it was called wrongly, others if it failed.
pub async fn run(site: &Site, name: &str, arguments: &[String]) -> Result<()> {
    let mut arguments = arguments.iter().map(String::as_str);
    let (mut email, mut from_stdin) = (None, false);
    let has_email = name != "clearsessions";
    let has_password = ["createsuperuser", "changepassword"].contains(&name);
    for argument in &mut arguments {
        match argument {
            "--password-stdin" if has_password => from_stdin = true,
            text if has_email && email.is_none() && !text.starts_with('-') => email = Some(text),
            other => return Err(usage(name, format_args!("does not take `{other}`"))),
        }
    }
    if !has_email {
        return clear(site).await;
    }
    let email = email.ok_or_else(|| usage(name, "takes the address of a user"))?;
    let email = users::normal_email(email).map_err(|error| Usage(format!("`{email}` {error}")))?;
    match name {
        "createsuperuser" => create_superuser(site, &email, from_stdin).await,
        "changepassword" => change_password(site, &email, from_stdin).await,
        _ => send_test_email(site, email).await,
    }
}

fn usage(name: &str, message: impl fmt::Display) -> anyhow::Error {
    Usage(format!("`{name}` {message}; `help` lists the commands")).into()
}

async fn create_superuser(site: &Site, email: &str, from_stdin: bool) -> Result<()> {
    let hash = match from_stdin {
        true => Some(
            users::new_password(site, email, &password_line()?)
                .await
                .map_err(told)?,
        ),
        false => None,
    };
    if users::find(&site.db, email).await?.is_some() {
        bail!("there is a user {email} already; `changepassword` sets their password");
    }
    let mut user = users::new(email, hash);
    user.is_staff = Set(true);
    user.is_superuser = Set(true);
    let user = user.insert(&site.db).await?;
    println!("{email} may do everything.");
    if user.password_hash.is_none() {
        print_link(site, &user).await?;
    }
    Ok(())
}

async fn change_password(site: &Site, email: &str, from_stdin: bool) -> Result<()> {
    let user = users::find(&site.db, email).await?;
    let user = user.with_context(|| format!("there is no user {email}"))?;
    if !from_stdin {
        return print_link(site, &user).await;
    }
    let hash = users::new_password(site, email, &password_line()?)
        .await
        .map_err(told)?;
    let transaction = site.db.begin().await?;
    users::reset_password(&transaction, &user, hash).await?;
    transaction.commit().await?;
    println!("The password of {email} is changed; their sessions and API tokens have ended.");
    Ok(())
}

/// A password without its line end.
fn password_line() -> Result<String> {
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .context("the password cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The rule that a password breaks, as a sentence.
fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(errors) => {
            let rules: Vec<_> = errors.into_values().flatten().collect();
            anyhow::anyhow!("the password {}", rules.join(", and "))
        }
        error => error.into(),
    }
}

async fn print_link(site: &Site, user: &crate::models::user::Model) -> Result<()> {
    let link = links::create(site, Purpose::Password, &user.email, Some(user)).await?;
    println!("Set the password within an hour at\n{link}");
    Ok(())
}

async fn send_test_email(site: &Site, to: String) -> Result<()> {
    site.mailer
        .deliver(Mail {
            to: to.clone(),
            subject: format!("A test of {}", crate::SITE),
            text: "If you can read this, the site can send mail.\n".to_owned(),
        })
        .await?;
    if matches!(site.mailer.transport, Transport::Log) {
        bail!("there is no mail server, so the mail was only logged: set EMAIL_URL");
    }
    println!("The mail server has taken a mail to {to}.");
    Ok(())
}

async fn clear(site: &Site) -> Result<()> {
    let [sessions, links, tokens] = delete_expired(&site.db).await?;
    println!(
        "Deleted {sessions} sessions, {links} links and {tokens} API tokens that had expired."
    );
    Ok(())
}

/// Deletes sessions, links and API tokens that have expired; says how many of each.
pub async fn delete_expired(db: &impl ConnectionTrait) -> Result<[u64; 3], DbErr> {
    Ok([
        delete_older::<session::Entity>(db, session::Column::ExpiresAt).await?,
        delete_older::<email_link::Entity>(db, email_link::Column::ExpiresAt).await?,
        delete_older::<api_token::Entity>(db, api_token::Column::ExpiresAt).await?,
    ])
}

async fn delete_older<E: EntityTrait>(
    db: &impl ConnectionTrait,
    expires_at: E::Column,
) -> Result<u64, DbErr> {
    let expired = E::delete_many().filter(expires_at.lte(now()));
    Ok(expired.exec(db).await?.rows_affected)
}

/// Deletes every hour what has expired, for as long as the site is served.
pub async fn clear_hourly(site: Site) {
    let mut hours = tokio::time::interval(Duration::from_secs(3_600));
    loop {
        hours.tick().await;
        if let Err(error) = delete_expired(&site.db).await {
            tracing::warn!("what has expired was not deleted: {error}");
        }
    }
}
