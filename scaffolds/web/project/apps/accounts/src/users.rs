//! Users, without a word about HTTP.

use platform::fields::now;
use platform::password::{self, PasswordHash, Verdict};
use platform::{Error, Result, Site};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ExprTrait, QuerySelect, QueryTrait, Set};

use crate::models::user::{ActiveModel, Column, Entity, Model};
use crate::models::{api_token, group_member, group_permission};

/// So many wrong passwords in a row lock an account, until its owner sets a new one by mail (NIST SP 800-63B-4 asks for
/// a limit of at most 100).
pub const MAX_FAILED_LOGINS: i32 = 100;

/// An address as it is kept: lower case, plain ASCII, and nothing in it that a mail program may take for two addresses,
/// such as a quoted part before the `@`.
///
/// # Errors
/// Why it is not accepted.
pub fn normal_email(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return Err("is required");
    }
    if text.len() > 254 {
        return Err("is too long: at most 254 characters");
    }
    let is_plain = |text: &str| {
        let domain = text.rsplit('@').next().unwrap_or_default();
        let in_domain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        text.is_ascii() && !text.starts_with('"') && domain.bytes().all(in_domain)
    };
    if !is_plain(text) || platform::fields::email(text, &()).is_err() {
        return Err("is not an email address");
    }
    Ok(text.to_ascii_lowercase())
}

/// The user with this address.
pub async fn find(db: &impl ConnectionTrait, email: &str) -> Result<Option<Model>> {
    let user = Entity::find().filter(Column::Email.eq(email));
    Ok(user.one(db).await?)
}

/// A new user, still to be inserted.
pub fn new(email: &str, password_hash: Option<PasswordHash>) -> ActiveModel {
    ActiveModel {
        email: Set(email.to_owned()),
        name: Set(String::new()),
        password_hash: Set(password_hash),
        is_active: Set(true),
        is_staff: Set(false),
        is_superuser: Set(false),
        failed_logins: Set(0),
        created_at: Set(now()),
        last_login_at: Set(None),
        ..Default::default()
    }
}

/// The user whose password this is. It takes equally long for addresses that are known, unknown, locked or inactive.
pub async fn authenticate(site: &Site, email: &str, password: &str) -> Result<Option<Model>> {
    let user = match normal_email(email) {
        Ok(email) => find(&site.db, &email).await?,
        Err(_) => None,
    };
    let id = user.as_ref().map_or(0, |user| user.id);
    let user = user.filter(|user| user.is_active && user.failed_logins < MAX_FAILED_LOGINS);
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let verdict = site.passwords.verify(password.to_owned(), hash).await?;
    let update = Entity::update_many().filter(Column::Id.eq(id));
    if verdict == Verdict::Wrong {
        // In one statement, so that none of many at once is forgotten.
        let one_more = Expr::col(Column::FailedLogins).add(1);
        let update = update.col_expr(Column::FailedLogins, one_more);
        update.exec(&site.db).await?;
        return Ok(None);
    }
    let mut update = update
        .col_expr(Column::FailedLogins, Expr::value(0))
        .col_expr(Column::LastLoginAt, Expr::value(now()));
    if verdict == Verdict::Outdated {
        let hash = site.passwords.hash(password.to_owned()).await?;
        update = update.col_expr(Column::PasswordHash, Expr::value(hash));
    }
    update.exec(&site.db).await?;
    Ok(user)
}

/// Checks and hashes a new password of the user with this address.
///
/// # Errors
/// `422` at the field `password`, with the rule that it breaks.
pub async fn new_password(site: &Site, email: &str, password: &str) -> Result<PasswordHash> {
    let name = email.split('@').next().unwrap_or_default();
    password::check(password, &[email, name, crate::SITE])
        .map_err(|rule| Error::invalid("password", rule))?;
    site.passwords.hash(password.to_owned()).await
}

/// Sets a password; what was opened with the old one ends, but for the session `keep`.
pub async fn set_password(
    db: &impl ConnectionTrait,
    user: &Model,
    hash: PasswordHash,
    keep: Option<i64>,
) -> Result<()> {
    Entity::update_many()
        .filter(Column::Id.eq(user.id))
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::FailedLogins, Expr::value(0))
        .exec(db)
        .await?;
    crate::sessions::end_others(db, user.id, keep).await?;
    crate::links::drop_all(db, user).await
}

/// As [`set_password`], for somebody who may have lost more than the password: API tokens end, too.
pub async fn reset_password(
    db: &impl ConnectionTrait,
    user: &Model,
    hash: PasswordHash,
) -> Result<()> {
    set_password(db, user, hash, None).await?;
    api_token::Entity::delete_many()
        .filter(api_token::Column::UserId.eq(user.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Whether one of the user's groups has this permission. Superusers have all, and who is inactive none.
pub async fn has_permission(
    db: &impl ConnectionTrait,
    user: &Model,
    permission: &str,
) -> Result<bool> {
    if user.is_superuser || !user.is_active {
        return Ok(user.is_active);
    }
    let groups = group_member::Entity::find()
        .select_only()
        .column(group_member::Column::GroupId)
        .filter(group_member::Column::UserId.eq(user.id))
        .into_query();
    let found = group_permission::Entity::find()
        .filter(group_permission::Column::Permission.eq(permission))
        .filter(group_permission::Column::GroupId.in_subquery(groups))
        .one(db)
        .await?;
    Ok(found.is_some())
}
