//! Links in mails: random, kept as a hash, for one address and one purpose, an hour long, once.

use axum::http::StatusCode;
use chrono::TimeDelta;
use minijinja::{Value, context};
use platform::client::ClientAddress;
use platform::fields::now;
use platform::mail::Mail;
use platform::secret::{Digest, Secret};
use platform::{Error, Result, Site};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QuerySelect, Set, TransactionTrait};

use crate::models::email_link::{ActiveModel, Column, Entity, Model, Purpose};
use crate::models::user;
use crate::{limits, users};

/// How long a link works.
const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// Makes a link and gives its whole address; an older one for the same is dropped.
pub async fn create(
    site: &Site,
    purpose: Purpose,
    email: &str,
    user: Option<&user::Model>,
) -> Result<String> {
    // Within the transaction, MySQL would lock a gap in which others insert theirs.
    let older = Entity::delete_many()
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::Email.eq(email));
    older.exec(&site.db).await?;
    let transaction = site.db.begin().await?;
    if let Some(user) = user {
        users::must_be_unchanged(&transaction, user).await?;
    }
    let secret = Secret::random()?;
    let link = ActiveModel {
        token_hash: Set(Digest::new(secret.as_str())),
        purpose: Set(purpose),
        email: Set(email.to_owned()),
        user_id: Set(user.map(|user| user.id)),
        expires_at: Set(now() + LIFETIME),
        ..Default::default()
    };
    link.insert(&transaction).await?;
    transaction.commit().await?;
    let page = match purpose {
        Purpose::Register | Purpose::Password => "password",
        Purpose::Email => "confirm",
    };
    let path = format!("/account/{page}?token={}", secret.as_str());
    Ok(site.config.public_url.link(&path))
}

/// Asks for a mail with a link. It is made and sent in the background, so that an answer shows neither whether the
/// address is known nor whether a mail went out.
pub fn request(site: &Site, request: LinkRequest, email: &str, client: ClientAddress) {
    let email = email.to_ascii_lowercase();
    let throttle = &site.throttle;
    let allowed = throttle
        .check(limits::MAIL_BY_CLIENT, client.network())
        // Nobody makes the throttle remember more addresses than they may have mails sent to.
        .and_then(|()| throttle.check(limits::MAIL_BY_ADDRESS, &email));
    if allowed.is_err() {
        tracing::warn!("no mail to {email}: too many were asked for within an hour");
        return;
    }
    let site = site.clone();
    tokio::spawn(async move {
        if let Err(error) = send_link(&site, request, &email).await {
            tracing::error!("no mail to {email}: {error}");
        }
    });
}

/// What somebody asks a link for.
#[derive(Clone, Debug)]
pub enum LinkRequest {
    Register,
    NewPassword,
    NewAddress(user::Model),
}

async fn send_link(site: &Site, request: LinkRequest, email: &str) -> Result<()> {
    let user = users::find(&site.db, email).await?;
    let (purpose, user) = match (request, user) {
        (LinkRequest::NewAddress(user), _) => (Purpose::Email, Some(user)),
        // Who registers twice has forgotten that they did.
        (_, Some(user)) if user.is_active => (Purpose::Password, Some(user)),
        (LinkRequest::Register, None) => (Purpose::Register, None),
        _ => return Ok(()),
    };
    let link = create(site, purpose, email, user.as_ref()).await?;
    let (template, subject) = match purpose {
        Purpose::Register => ("register.txt", "Finish your registration"),
        Purpose::Password => ("password.txt", "Set a new password"),
        Purpose::Email => ("confirm.txt", "Confirm your new address"),
    };
    let account = user.map(|user| user.email);
    let content = context! { link, account };
    send(site, email, subject, template, content)
}

/// Mails a text of the app's templates.
pub fn send(site: &Site, to: &str, subject: &str, template: &str, content: Value) -> Result<()> {
    let template = format!("accounts/mail/{template}");
    let context = context! { site => crate::SITE, email => to, ..content };
    site.mailer.send(Mail {
        to: to.to_owned(),
        subject: format!("{subject} – {}", crate::SITE),
        text: site.templates.render(&template, context)?.0,
    });
    Ok(())
}

/// The link with this token. Looking at it changes nothing: mail programs look, too.
///
/// # Errors
/// `410` if it does not work, or no longer.
pub async fn find(db: &impl ConnectionTrait, token: &str, purposes: &[Purpose]) -> Result<Model> {
    let link = Entity::find()
        .filter(Column::TokenHash.eq(Digest::new(token)))
        .filter(Column::ExpiresAt.gt(now()))
        .one(db)
        .await?;
    link.filter(|link| purposes.contains(&link.purpose))
        .ok_or_else(gone)
}

/// Uses a link up, within the transaction of what it is used for. Of many at once, one succeeds.
pub async fn take(db: &impl ConnectionTrait, link: &Model) -> Result<()> {
    match Entity::delete_by_id(link.id).exec(db).await?.rows_affected {
        1 => Ok(()),
        _ => Err(gone()),
    }
}

fn gone() -> Error {
    let detail = "This link no longer works: it was used, a newer one was sent, or it is older than an hour.";
    Error::Refused(StatusCode::GONE, detail.to_owned())
}

/// Drops all links of a user, whatever address they went to. It is done by their ids: MySQL locks every row that a
/// `DELETE` looks at, those of others who use theirs at the same moment, too.
pub async fn drop_all(db: &impl ConnectionTrait, user: &user::Model) -> Result<(), DbErr> {
    let any = Condition::any()
        .add(Column::UserId.eq(user.id))
        .add(Column::Email.eq(&user.email));
    let ids = Entity::find().select_only().column(Column::Id).filter(any);
    let ids: Vec<i64> = ids.into_tuple().all(db).await?;
    let links = Entity::delete_many().filter(Column::Id.is_in(ids));
    links.exec(db).await?;
    Ok(())
}

/// The purposes of links that [`set_password`] takes.
pub const SET_PASSWORD: [Purpose; 2] = [Purpose::Register, Purpose::Password];

/// Sets the password that a link is for: of its user or, after registration, of a new one.
///
/// # Errors
/// `410` if the link no longer works; `422` if the password is not accepted, and then the link still works.
pub async fn set_password(site: &Site, link: Model, password: &str) -> Result<()> {
    let hash = users::new_password(site, &link.email, password).await?;
    let transaction = site.db.begin().await?;
    take(&transaction, &link).await?;
    match link.user_id {
        None => {
            let user = users::new(&link.email, Some(hash)).insert(&transaction);
            user.await.map_err(|error| match error.into() {
                // Somebody has made the same user by another way in the meantime.
                Error::Conflict { .. } => gone(),
                error => error,
            })?;
        }
        Some(_) => {
            let user = owner(&transaction, &link).await?;
            // Staff may have given the user another address since.
            let user = Some(user).filter(|user| user.email == link.email);
            let user = user.ok_or_else(gone)?;
            users::reset_password(&transaction, &user, hash).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Moves a user to the address that a link was sent to, and tells the old one.
///
/// # Errors
/// `410` if the link does not work, `409` if somebody else has that address by now.
pub async fn confirm_address(site: &Site, token: &str) -> Result<()> {
    let link = find(&site.db, token, &[Purpose::Email]).await?;
    let transaction = site.db.begin().await?;
    take(&transaction, &link).await?;
    let user = owner(&transaction, &link).await?;
    let mut moved = user.clone().into_active_model();
    moved.email = Set(link.email.clone());
    let moved = moved.update(&transaction).await?;
    drop_all(&transaction, &user).await?;
    drop_all(&transaction, &moved).await?;
    transaction.commit().await?;
    let content = context! { new => link.email };
    send(
        site,
        &user.email,
        "Your address was changed",
        "moved.txt",
        content,
    )
}

/// The user whom a link is for, as long as they are active.
///
/// # Errors
/// `410` if there is none.
pub async fn owner(db: &impl ConnectionTrait, link: &Model) -> Result<user::Model> {
    let user = user::Entity::find_by_id(link.user_id.unwrap_or_default());
    let user = user.filter(user::Column::IsActive.eq(true)).one(db).await?;
    user.ok_or_else(gone)
}
