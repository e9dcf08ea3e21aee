//! Every address of the accounts app.

use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use platform::Site;
use utoipa_axum::router::OpenApiRouter;

use crate::{api, views};

/// The pages, and the API.
pub fn router() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .route("/account", get(views::account))
        .nest("/account", pages())
        .layer(map_response(never_kept))
        .nest("/api", api::router())
}

fn pages() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .route("/login", get(views::login_page).post(views::login))
        .route("/logout", post(views::logout))
        .route("/register", get(views::register_page).post(views::register))
        .route("/forgot", get(views::forgot_page).post(views::forgot))
        .route("/password", get(views::link_page).post(views::password))
        .route("/confirm", get(views::confirm_page).post(views::confirm))
        .route("/again", get(views::again_page).post(views::again))
        .route("/email", post(views::email))
        .route("/sessions/end-others", post(views::end_other_sessions))
        .route("/sessions/{id}/end", post(views::end_session))
        .route("/tokens", post(views::create_token))
        .route("/tokens/{id}/revoke", post(views::revoke_token))
}

/// No cache keeps these pages, not even that of the browser's back button.
async fn never_kept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
