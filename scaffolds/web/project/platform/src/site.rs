//! The site: what every handler may use, and the router around all apps.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use sea_orm::DatabaseConnection;
use sqlx::migrate::Migrator;
use tower::Layer;
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::assets::{self, Find};
use crate::templates::Templates;
use crate::{docs, health, middleware};

/// What every handler may use, as `State(site): State<Site>`.
#[derive(Clone, Debug)]
pub struct Site {
    pub db: DatabaseConnection,
    pub templates: Templates,
    pub migrations: Arc<Migrator>,
}

/// A whole site, ready to be served; a trailing slash in an address makes no difference.
pub type Service = NormalizePath<Router>;

impl Site {
    /// Puts health checks, documentation, static files and middleware around the routes of the apps.
    pub fn service(self, routes: OpenApiRouter<Self>, files: Find) -> Result<Service> {
        let (routes, api) = routes
            .merge(health::router())
            .nest("/static", assets::router(files))
            .split_for_parts();
        let routes = routes.merge(docs::router(api)?);
        let routes = middleware::around(routes, &self).with_state(self);
        Ok(NormalizePathLayer::trim_trailing_slash().layer(routes))
    }
}
