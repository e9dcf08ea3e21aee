//! Who gets in where: the extractors, permissions, and requests from other sites.

use crate::common::{EMAIL, site, site_with};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use platform::testing::{self, Answer, Client};
use platform::{Result, Site};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use utoipa_axum::router::OpenApiRouter;

use accounts::models::{group, group_member, group_permission, user};
use accounts::{Staff, User};

const CHANGE_BOOK: &str = "books.change_book";

async fn shelf(user: User, State(site): State<Site>) -> Result<Json<i64>> {
    user.must(&site.db, CHANGE_BOOK).await?;
    Ok(Json(user.id))
}

async fn client() -> Client {
    let routes = OpenApiRouter::new()
        .route(
            "/api/anybody",
            get(async |user: Option<User>| Json(user.is_some())),
        )
        .route(
            "/api/user",
            get(async |_: User| ()).post(async |_: User| ()),
        )
        .route("/api/staff", get(async |_: Staff| ()))
        .route("/api/shelf", post(shelf))
        .route("/page", get(async |_: User| ()));
    testing::client(routes, accounts::testing::tables).await
}

async fn as_a_browser(client: &Client, path: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    let request = request.body(Body::empty()).expect("it is well-formed");
    client.request(request).await
}

#[tokio::test]
async fn strangers_users_and_staff_get_as_far_as_they_may() {
    let stranger = client().await;
    let user = accounts::testing::sign_in(&stranger, "ada@example.org").await;
    let staff = accounts::testing::sign_in_staff(&stranger, "eve@example.org").await;
    for (client, statuses) in [
        (&stranger, [200, 401, 401]),
        (&user, [200, 200, 403]),
        (&staff, [200, 200, 200]),
    ] {
        for (path, status) in ["/api/anybody", "/api/user", "/api/staff"]
            .into_iter()
            .zip(statuses)
        {
            assert_eq!(client.get(path).await.status, status, "{path}");
        }
    }
    let refused = stranger.get("/api/user").await;
    assert_eq!(refused.headers[header::WWW_AUTHENTICATE], "Bearer");
    let personal = user.get("/api/user").await;
    assert_eq!(personal.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_page_leads_to_the_login_page_and_back() {
    let client = client().await;
    let answer = as_a_browser(&client, "/page?a=b").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.headers[header::LOCATION],
        "/account/login?next=%2Fpage%3Fa%3Db"
    );
    assert_eq!(client.get("/page").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        as_a_browser(&client, "/api/user").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_token_that_may_only_read_only_reads() {
    let client = client().await;
    let program = accounts::testing::read_only_token(&client, EMAIL).await;
    assert_eq!(program.get("/api/user").await.status, StatusCode::OK);
    let refused = program.post("/api/user", ().into()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn permissions_come_by_groups() {
    let client = client().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    let shelf = async || inside.post("/api/shelf", ().into()).await.status;
    assert_eq!(shelf().await, StatusCode::FORBIDDEN);
    let user = accounts::users::find(&client.db, EMAIL)
        .await
        .expect("it is read");
    let user = user.expect("the user is there");
    let editors = group::ActiveModel {
        name: Set("editors".to_owned()),
        ..Default::default()
    };
    let editors = editors.insert(&client.db).await.expect("the group is made");
    let member = group_member::ActiveModel {
        user_id: Set(user.id),
        group_id: Set(editors.id),
    };
    member
        .insert(&client.db)
        .await
        .expect("the member is added");
    assert_eq!(shelf().await, StatusCode::FORBIDDEN);
    let permission = group_permission::ActiveModel {
        group_id: Set(editors.id),
        permission: Set(CHANGE_BOOK.to_owned()),
    };
    permission
        .insert(&client.db)
        .await
        .expect("the permission is given");
    assert_eq!(shelf().await, StatusCode::OK);
    let group = group::Entity::delete_by_id(editors.id)
        .exec(&client.db)
        .await;
    group.expect("the group is deleted");
    assert_eq!(shelf().await, StatusCode::FORBIDDEN);
    let mut superuser: user::ActiveModel = user.into_active_model();
    superuser.is_superuser = Set(true);
    superuser
        .update(&client.db)
        .await
        .expect("the user is changed");
    assert_eq!(shelf().await, StatusCode::OK);
}

/// Every route that takes a `POST` or `DELETE`, with ids filled in.
const WRITES: [(&str, &str); 21] = [
    ("POST", "/account/login"),
    ("POST", "/account/logout"),
    ("POST", "/account/register"),
    ("POST", "/account/forgot"),
    ("POST", "/account/password"),
    ("POST", "/account/confirm"),
    ("POST", "/account/again"),
    ("POST", "/account/email"),
    ("POST", "/account/sessions/end-others"),
    ("POST", "/account/sessions/1/end"),
    ("POST", "/account/tokens"),
    ("POST", "/account/tokens/1/revoke"),
    ("POST", "/api/account/session"),
    ("DELETE", "/api/account/session"),
    ("DELETE", "/api/account/sessions"),
    ("DELETE", "/api/account/sessions/1"),
    ("POST", "/api/account/register"),
    ("POST", "/api/account/forgot"),
    ("POST", "/api/account/password"),
    ("POST", "/api/account/tokens"),
    ("DELETE", "/api/account/tokens/1"),
];

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let (client, ..) = site().await;
    let inside = accounts::testing::sign_in(&client, EMAIL).await;
    for (method, path) in WRITES {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "null"),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(name, value);
            let refused = inside
                .request(request.body(Body::empty()).expect("it is well-formed"))
                .await;
            assert_eq!(
                refused.status,
                StatusCode::FORBIDDEN,
                "{method} {path} {value}"
            );
            assert!(!refused.headers.contains_key(header::SET_COOKIE));
        }
    }
}

#[tokio::test]
async fn a_login_is_accepted_from_the_site_itself_and_from_programs() {
    let (client, ..) = site_with(|site| {
        let mut config = (*site.config).clone();
        config.trusted_origins = "https://app.example".parse().expect("it is an origin");
        site.config = config.into();
    })
    .await;
    let client = client.with_header(header::HOST, "shop.example:8000");
    let status = async |name: &'static str, value: &str| {
        let client = client
            .clone()
            .with_header(name.parse().expect("it is a name"), value);
        client.submit("/account/login", &[]).await
    };
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("origin", "http://shop.example:8000"),
        ("origin", "https://app.example"),
        ("x-nothing", ""),
    ] {
        assert_eq!(
            status(name, value).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{value}"
        );
    }
    // A proxy that drops the port from `Host`.
    let refused = status("origin", "http://shop.example").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
