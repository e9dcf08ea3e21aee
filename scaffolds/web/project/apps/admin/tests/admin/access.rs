//! Who gets to see and to do what.

use accounts::testing;
use admin::models::log_entry;
use axum::http::{HeaderName, header};
use sea_orm::EntityTrait;

use crate::common::*;

const PAGES: [&str; 7] = [
    "/admin",
    THING,
    "/admin/store/thing/add",
    "/admin/store/thing/1/change",
    "/admin/store/thing/1/delete",
    "/admin/store/thing/1/history",
    "/admin/store/thing/export.csv",
];

const POSTS: [&str; 4] = [
    "/admin/store/thing/add",
    "/admin/store/thing/1/change",
    "/admin/store/thing/1/delete",
    "/admin/store/thing/action",
];

#[tokio::test]
async fn who_is_not_logged_in_is_led_there_and_back() {
    let client = nobody().await;
    for page in PAGES {
        let answer = client.get(page).await;
        assert_eq!(answer.status, 303, "{page}");
        let next = format!("/account/login?next={}", platform::redirect::quoted(page));
        assert_eq!(answer.headers[header::LOCATION], next.as_str());
    }
    for page in POSTS {
        assert_eq!(client.submit(page, &[]).await.status, 401, "{page}");
    }
}

#[tokio::test]
async fn who_is_not_staff_gets_nothing() {
    let client = nobody().await;
    let user = testing::sign_in(&client, "u@example.org").await;
    for page in PAGES
        .iter()
        .chain(&["/admin/store/nothing", "/admin/no/thing"])
    {
        assert_eq!(user.get(page).await.status, 403, "{page}");
    }
    for page in POSTS {
        assert_eq!(user.submit(page, &[]).await.status, 403, "{page}");
    }
    let token = testing::token(&client, "s@example.org", false).await;
    assert_eq!(token.get("/admin").await.status, 403);
}

#[tokio::test]
async fn who_may_only_look_sees_no_inputs_and_changes_nothing() {
    let superuser = superuser().await;
    let id = add(&superuser, "Lamp", &[]).await;
    let client = staff(&superuser, "v@example.org", &["store.view_thing"]).await;
    let list = client.get(THING).await;
    assert!(list.body.contains("Lamp"), "{}", list.body);
    assert!(!list.body.contains("type=\"checkbox\""), "{}", list.body);
    assert!(!list.body.contains("/add"), "{}", list.body);
    let page = client.get(&format!("{THING}/{id}/change")).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("name=\"name\""), "{}", page.body);
    assert!(!page.body.contains("_save"), "{}", page.body);
    assert_eq!(
        client.get(&format!("{THING}/{id}/history")).await.status,
        200
    );
    for page in POSTS {
        let page = page.replace("/1/", &format!("/{id}/"));
        let fields = [("action", "delete"), ("id", "1"), ("name", "Other")];
        assert_eq!(client.submit(&page, &fields).await.status, 403, "{page}");
    }
    assert_eq!(client.get(&format!("{THING}/add")).await.status, 403);
    assert_eq!(
        client.get(&format!("{THING}/{id}/delete")).await.status,
        403
    );
    // Other models are not even named.
    assert_eq!(client.get(SHELF).await.status, 403);
    assert!(!client.get("/admin").await.body.contains("Shelves"));
    let log = log_entry::Entity::find()
        .all(&superuser.db)
        .await
        .expect("the log is read");
    assert_eq!(log.len(), 1, "{log:?}");
}

#[tokio::test]
async fn nobody_rises_above_themselves() {
    let superuser = superuser().await;
    let permissions = [
        "accounts.view_user",
        "accounts.change_user",
        "accounts.add_user",
        "accounts.delete_user",
        "accounts.view_group",
        "accounts.change_group",
    ];
    let client = staff(&superuser, "c@example.org", &permissions).await;
    // The superuser is the first user, the client the second.
    let fields = [("email", "x@example.org"), ("is_active", "on")];
    assert_eq!(
        client
            .submit("/admin/accounts/user/1/change", &fields)
            .await
            .status,
        403
    );
    assert_eq!(
        client
            .submit("/admin/accounts/user/1/delete", &[])
            .await
            .status,
        403
    );
    let fields = [
        ("email", "c@example.org"),
        ("is_active", "on"),
        ("is_staff", "on"),
        ("is_superuser", "on"),
        ("_many", "groups"),
        ("groups", "1"),
    ];
    assert_eq!(
        client
            .submit("/admin/accounts/user/2/change", &fields)
            .await
            .status,
        303
    );
    let user = accounts::users::find(&client.db, "c@example.org")
        .await
        .expect("it is read");
    assert!(!user.expect("there is one").is_superuser);
    let fields = [
        ("name", "c"),
        ("_many", "permissions"),
        ("permissions", "accounts.delete_group"),
    ];
    assert_eq!(
        client
            .submit("/admin/accounts/group/1/change", &fields)
            .await
            .status,
        403
    );
    assert_eq!(
        superuser
            .submit("/admin/accounts/user/1/delete", &[])
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn superusers_give_permissions_by_groups() {
    let superuser = superuser().await;
    let fields = [
        ("name", "Keepers"),
        ("_many", "permissions"),
        ("permissions", "store.view_thing"),
        ("permissions", "store.add_thing"),
    ];
    let added = superuser.submit("/admin/accounts/group/add", &fields).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let page = superuser.get("/admin/accounts/group/1/change").await;
    assert!(
        page.body.contains("value=\"store.view_thing\" checked"),
        "{}",
        page.body
    );
    let client = testing::sign_in_staff(&superuser, "k@example.org").await;
    assert_eq!(client.get(THING).await.status, 403);
    let fields = [
        ("email", "k@example.org"),
        ("is_active", "on"),
        ("is_staff", "on"),
        ("_many", "groups"),
        ("groups", "1"),
    ];
    let changed = superuser
        .submit("/admin/accounts/user/2/change", &fields)
        .await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_eq!(client.get(THING).await.status, 200);
    add(&client, "Lamp", &[]).await;
    let history = superuser.get("/admin/accounts/user/2/history").await;
    assert!(history.body.contains("Groups"), "{}", history.body);
    assert!(
        !history.body.to_lowercase().contains("password"),
        "{}",
        history.body
    );
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_and_links_do_not_either() {
    let client = superuser().await;
    let id = add(&client, "Lamp", &[]).await;
    let site = HeaderName::from_static("sec-fetch-site");
    let other = client.clone().with_header(site, "cross-site");
    for page in POSTS {
        assert_eq!(other.submit(page, &[]).await.status, 403, "{page}");
    }
    assert_eq!(
        client.get(&format!("{THING}/{id}/delete")).await.status,
        200
    );
    assert_eq!(client.get(&format!("{THING}/action")).await.status, 405);
    assert_eq!(
        ask(&client, "PUT", &format!("{THING}/{id}/change"))
            .await
            .status,
        405
    );
    let page = client.get(&format!("{THING}/{id}/change")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
}
