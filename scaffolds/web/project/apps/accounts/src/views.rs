//! The pages of the accounts app.

mod account;
mod login;
mod page;

pub(crate) use account::{
    account, again, again_page, create_token, email, end_other_sessions, end_session, revoke_token,
};
pub(crate) use login::{
    confirm, confirm_page, forgot, forgot_page, link_page, login, login_page, logout, password,
    register, register_page,
};
