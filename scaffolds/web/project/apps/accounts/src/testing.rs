//! For the tests of every app: the tables, and clients that are logged in.

use axum::http::{HeaderName, header};
use platform::fields::now;
use platform::secret::Digest;
use platform::testing::Client;
use sea_orm::schema::SchemaBuilder;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use crate::models::{api_token, email_link, group, group_member, group_permission, session, user};
use crate::tokens::{self, TokenInput};
use crate::users;

/// Registers the tables of this app.
pub fn tables(schema: SchemaBuilder) -> SchemaBuilder {
    schema
        .register(user::Entity)
        .register(session::Entity)
        .register(email_link::Entity)
        .register(api_token::Entity)
        .register(group::Entity)
        .register(group_member::Entity)
        .register(group_permission::Entity)
}

/// The client as this user, who is made if there is none. No password is hashed, so it is quick.
pub async fn sign_in(client: &Client, email: &str) -> Client {
    let user = find_or_create(client, email).await;
    let cookie = format!("of {email}");
    let session = session::ActiveModel {
        user_id: Set(user.id),
        token_hash: Set(Digest::of(&cookie)),
        created_at: Set(now()),
        seen_at: Set(now()),
        authenticated_at: Set(now()),
        expires_at: Set(now() + chrono::TimeDelta::days(1)),
        remembered: Set(false),
        address: Set("127.0.0.1".to_owned()),
        user_agent: Set(String::new()),
        ..Default::default()
    };
    session
        .insert(&client.db)
        .await
        .expect("the session begins");
    with(client, header::COOKIE, &format!("session={cookie}"))
}

/// The client as this user, who is staff.
pub async fn sign_in_staff(client: &Client, email: &str) -> Client {
    let mut user = find_or_create(client, email).await.into_active_model();
    user.is_staff = Set(true);
    user.update(&client.db).await.expect("the user is changed");
    sign_in(client, email).await
}

/// The client as a program of this user that may only read.
pub async fn read_only_token(client: &Client, email: &str) -> Client {
    token(client, email, true).await
}

/// The client as a program of this user.
pub async fn token(client: &Client, email: &str, read_only: bool) -> Client {
    let user = find_or_create(client, email).await;
    let input = TokenInput {
        name: "test".to_owned(),
        read_only,
        expires_at: None,
    };
    let (_, secret) = tokens::create(&client.db, &user, input)
        .await
        .expect("the token is made");
    with(client, header::AUTHORIZATION, &format!("Bearer {secret}"))
}

fn with(client: &Client, name: HeaderName, value: &str) -> Client {
    client.clone().with_header(name, value)
}

async fn find_or_create(client: &Client, email: &str) -> user::Model {
    let known = users::find(&client.db, email)
        .await
        .expect("the database answers");
    match known {
        Some(user) => user,
        None => users::new(email, None)
            .insert(&client.db)
            .await
            .expect("the user is made"),
    }
}
