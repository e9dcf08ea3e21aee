//! Logins at providers elsewhere: which user they are, and connecting them.

use axum::http::StatusCode;
use minijinja::context;
use platform::config::Registration;
use platform::fields::now;
use platform::provider::{Person, Provider};
use platform::{Error, Result, Site};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect, Set, TransactionTrait};

use crate::models::external_identity::{ActiveModel, Column, Entity, Model};
use crate::models::user;
use crate::{links, users};

/// The user that a person at a provider is: known by an earlier login there, by an address that the provider has
/// checked, or new.
///
/// # Errors
/// `403` if the address is not verified, registration is closed, or the user is not active.
pub async fn log_in(site: &Site, provider: &Provider, person: &Person) -> Result<user::Model> {
    let user = match find(&site.db, person).await? {
        Some((identity, user)) => {
            let mut identity = identity.into_active_model();
            identity.email = Set(shown_email(person));
            identity.update(&site.db).await?;
            active(user)?
        }
        None => first_login(site, provider, person).await?,
    };
    let mut logged_in = user.clone().into_active_model();
    logged_in.last_login_at = Set(Some(now()));
    Ok(logged_in.update(&site.db).await?)
}

/// Connects the user with the person's address, or a new one.
async fn first_login(site: &Site, provider: &Provider, person: &Person) -> Result<user::Model> {
    let email = checked_email(provider, person)?;
    let known = users::find(&site.db, &email).await?;
    let is_open = site.config.registration == Registration::Open;
    let transaction = site.db.begin().await?;
    let user = match known {
        Some(user) => active(user)?,
        None if is_open => {
            let name = person.name.chars().filter(|char| !char.is_control());
            let mut user = users::new(&email, None);
            user.name = Set(name.take(150).collect());
            user.insert(&transaction).await?
        }
        None => {
            let detail = "There is no account with your address, and nobody can make one.";
            return Err(Error::forbidden(detail));
        }
    };
    insert(&transaction, &user, provider, person).await?;
    transaction.commit().await?;
    tell(site, &user, provider)?;
    Ok(user)
}

fn active(user: user::Model) -> Result<user::Model> {
    match user.is_active {
        true => Ok(user),
        false => Err(Error::forbidden("This account is closed.")),
    }
}

/// Connects a person at a provider to the user who is logged in, and tells them by mail.
///
/// # Errors
/// `409` if that is another user's login.
pub async fn connect(
    site: &Site,
    user: &user::Model,
    provider: &Provider,
    person: &Person,
) -> Result<()> {
    match find(&site.db, person).await? {
        Some((_, owner)) if owner.id == user.id => Ok(()),
        Some(_) => Err(taken(provider)),
        None => {
            insert(&site.db, user, provider, person).await?;
            tell(site, user, provider)
        }
    }
}

/// Disconnects a login of a user.
///
/// # Errors
/// `409` if the user could not log in any more.
pub async fn disconnect(db: &DatabaseConnection, user_id: i64, id: i64) -> Result<()> {
    let transaction = db.begin().await?;
    let identity = Entity::delete_by_id(id).filter(Column::UserId.eq(user_id));
    if identity.exec(&transaction).await?.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    // Of two that are disconnected at once, the second waits here, and sees that the first is gone.
    let user = user::Entity::find_by_id(user_id).lock_exclusive();
    let user = user.one(&transaction).await?.ok_or(Error::NotFound)?;
    let others = Entity::find().filter(Column::UserId.eq(user_id));
    if user.password_hash.is_none() && others.count(&transaction).await? == 0 {
        let detail = "This is the only way for you to log in: set a password first.";
        return Err(Error::Refused(StatusCode::CONFLICT, detail.to_owned()));
    }
    transaction.commit().await?;
    Ok(())
}

/// Disconnects all logins of a user: somebody else may have connected theirs.
pub async fn disconnect_all(db: &impl ConnectionTrait, user_id: i64) -> Result<()> {
    let identities = Entity::delete_many().filter(Column::UserId.eq(user_id));
    identities.exec(db).await?;
    Ok(())
}

/// The logins of a user, as they were connected.
pub async fn all(db: &impl ConnectionTrait, user_id: i64) -> Result<Vec<Model>> {
    let identities = Entity::find().filter(Column::UserId.eq(user_id));
    Ok(identities.order_by_asc(Column::Id).all(db).await?)
}

async fn find(db: &impl ConnectionTrait, person: &Person) -> Result<Option<(Model, user::Model)>> {
    let identity = Entity::find()
        .find_also_related(user::Entity)
        .filter(Column::IdentityHash.eq(person.identity.clone()));
    let found = identity.one(db).await?;
    Ok(found.and_then(|(identity, user)| Some((identity, user?))))
}

/// The address, if it may decide who somebody is. The answer is the same whether or not there is such a user.
fn checked_email(provider: &Provider, person: &Person) -> Result<String> {
    let email = person.email.as_deref().filter(|_| person.is_verified);
    email.and_then(|email| users::normal_email(email).ok()).ok_or_else(|| {
        Error::forbidden(format!(
            "{} has not checked your email address, so it does not say who you are. If you have an account here, log in \
             with your password and connect {0} on the page of your account.",
            provider.label
        ))
    })
}

async fn insert(
    db: &impl ConnectionTrait,
    user: &user::Model,
    provider: &Provider,
    person: &Person,
) -> Result<()> {
    let identity = ActiveModel {
        user_id: Set(user.id),
        provider: Set(provider.name.to_owned()),
        identity_hash: Set(person.identity.clone()),
        email: Set(shown_email(person)),
        created_at: Set(now()),
        ..Default::default()
    };
    match identity.insert(db).await.map_err(Error::from) {
        Ok(_) => Ok(()),
        // The same login in another window was quicker.
        Err(Error::Conflict { .. }) => Err(taken(provider)),
        Err(error) => Err(error),
    }
}

fn taken(provider: &Provider) -> Error {
    let detail = format!(
        "This login at {} belongs to a user here already.",
        provider.label
    );
    Error::Refused(StatusCode::CONFLICT, detail)
}

fn shown_email(person: &Person) -> String {
    let email = person
        .email
        .as_deref()
        .and_then(|email| users::normal_email(email).ok());
    email.unwrap_or_default()
}

fn tell(site: &Site, user: &user::Model, provider: &Provider) -> Result<()> {
    let subject = format!("You can log in with {}", provider.label);
    let content = context! { provider => &provider.label };
    links::send(site, &user.email, &subject, "connected.txt", content)
}
