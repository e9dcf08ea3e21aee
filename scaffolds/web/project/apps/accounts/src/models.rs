//! The database tables of the accounts app, one module a model.

pub mod api_token;
pub mod email_link;
pub mod group;
pub mod group_member;
pub mod group_permission;
pub mod session;
pub mod user;
