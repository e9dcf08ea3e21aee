//! Every address of the admin.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Extension};
use axum::middleware::map_response;
use axum::routing::{get, post};
use platform::form::Limit;
use platform::middleware::never_stored;
use platform::{Site, assets};
use utoipa_axum::router::OpenApiRouter;

use crate::registry::Admin;
use crate::{action, change, delete, export, history, import, list, lookup};

/// The pages. They are not part of the API's documentation.
pub fn router(admin: Admin) -> OpenApiRouter<Site> {
    let pages = OpenApiRouter::new()
        .route("/admin", get(history::dashboard))
        .route("/admin/{app}/{model}", get(list::page).post(list::save))
        .route("/admin/{app}/{model}/action", post(action::run))
        .route("/admin/{app}/{model}/export.csv", get(export::csv))
        .route("/admin/{app}/{model}/lookup", get(lookup::rows))
        .route(
            "/admin/{app}/{model}/import",
            get(import::page).post(import::run).layer((
                DefaultBodyLimit::max(import::MOST_BYTES),
                Extension(Limit(import::MOST_BYTES)),
            )),
        )
        .route(
            "/admin/{app}/{model}/add",
            get(change::add_page).post(change::add),
        )
        .route(
            "/admin/{app}/{model}/{id}/change",
            get(change::change_page).post(change::change),
        )
        .route(
            "/admin/{app}/{model}/{id}/delete",
            get(delete::page).post(delete::delete),
        )
        .route("/admin/{app}/{model}/{id}/history", get(history::page))
        .layer(Extension(Arc::new(admin)))
        .layer(map_response(never_stored));
    OpenApiRouter::new()
        .merge(pages)
        .nest("/admin/static", assets::router(crate::Static::get))
}
