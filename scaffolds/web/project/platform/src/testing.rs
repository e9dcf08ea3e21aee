//! For tests: a site on an in-memory database, and a client that talks to it without a network.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use sea_orm::DatabaseConnection;
use sea_orm::schema::SchemaBuilder;
use serde_json::Value;
use sqlx::migrate::Migrator;
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::database;
use crate::site::{Service, Site};
use crate::templates::Templates;

/// Speaks to one site.
#[derive(Clone, Debug)]
pub struct Client {
    service: Service,
    pub db: DatabaseConnection,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}

/// A new in-memory database without tables.
pub async fn database() -> DatabaseConnection {
    database::connect("sqlite::memory:")
        .await
        .expect("SQLite opens")
}

/// No migrations: the tables are made by the test.
pub fn no_migrations() -> Arc<Migrator> {
    Arc::new(Migrator::with_migrations(Vec::new()))
}

/// Serves `routes` over a new in-memory database that has the tables `tables` registers.
pub async fn client(
    routes: OpenApiRouter<Site>,
    tables: impl FnOnce(SchemaBuilder) -> SchemaBuilder,
) -> Client {
    let db = database().await;
    tables(db.get_schema_builder())
        .apply(&db)
        .await
        .expect("the tables are made");
    let site = Site {
        db: db.clone(),
        templates: Templates::default(),
        migrations: no_migrations(),
    };
    let service = site
        .service(routes, |_| None)
        .expect("the site is put together");
    Client::new(service, db)
}

impl Client {
    /// Speaks to `service`, which works on `db`.
    pub fn new(service: Service, db: DatabaseConnection) -> Self {
        Self { service, db }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.request(request.expect("the request is well-formed"))
            .await
    }

    /// Sends any request.
    pub async fn request(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.service.clone().oneshot(request).await;
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the body arrives");
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
