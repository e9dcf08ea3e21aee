//! Who gets to see and to do what.

use accounts::testing;
use admin::models::log_entry;
use axum::http::{HeaderName, header};
use sea_orm::EntityTrait;

use crate::common::*;

const PAGES: [&str; 9] = [
    "/admin",
    THING,
    "/admin/store/thing/add",
    "/admin/store/thing/1/change",
    "/admin/store/thing/1/delete",
    "/admin/store/thing/1/history",
    "/admin/store/thing/export.csv",
    "/admin/store/thing/lookup",
    "/admin/store/thing/import",
];

const POSTS: [&str; 6] = [
    THING,
    "/admin/store/thing/import",
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

/// What a kind of user gets from each address: `GET` and `POST`; the row is the third of them.
const ADDRESSES: [(&str, &str); 11] = [
    ("GET", ""),
    ("GET", "/export.csv"),
    ("GET", "/lookup"),
    ("GET", "/3/history"),
    ("GET", "/3/change"),
    ("GET", "/add"),
    ("GET", "/import"),
    ("GET", "/3/delete"),
    ("POST", "/add"),
    ("POST", ""),
    ("POST", "/3/change"),
];

#[tokio::test]
async fn every_permission_opens_what_it_is_for_and_nothing_else() {
    let superuser = superuser().await;
    for name in ["A", "B", "C"] {
        add(&superuser, name, &[]).await;
    }
    let plain = testing::sign_in(&superuser, "plain@example.org").await;
    let mut clients = vec![("plain", plain)];
    for (name, permissions) in [
        ("none", &[][..]),
        (
            "others",
            &[
                "store.view_shelf",
                "accounts.change_user",
                "thing.view_thing",
                "view_thing",
            ],
        ),
        ("view", &["store.view_thing"]),
        ("add", &["store.add_thing"]),
        ("change", &["store.change_thing"]),
        ("delete", &["store.delete_thing"]),
    ] {
        let email = format!("{name}@example.org");
        clients.push((name, staff(&superuser, &email, permissions).await));
    }
    clients.push(("superuser", superuser.clone()));
    let mut told = Vec::new();
    for (name, client) in &clients {
        let mut statuses = Vec::new();
        for (method, path) in ADDRESSES {
            let path = format!("{THING}{path}");
            let answer = match method {
                "GET" => client.get(&path).await,
                _ => client.submit(&path, &[("name", "A")]).await,
            };
            statuses.push(answer.status.as_u16());
        }
        for (action, id) in [("delete", "3"), ("own-0", "3"), ("own-2", "3")] {
            let fields = [("action", action), ("id", id)];
            let answer = client.submit(&format!("{THING}/action"), &fields).await;
            statuses.push(answer.status.as_u16());
        }
        let file = upload(
            client,
            &format!("{THING}/import"),
            "file",
            b"id,name\n1,A\n",
        )
        .await;
        statuses.push(file.status.as_u16());
        told.push(format!("{name} {statuses:?}"));
    }
    let no = "403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403";
    let expected = [
        format!("plain [{no}]"),
        format!("none [{no}]"),
        format!("others [{no}]"),
        "view [200, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]"
            .to_owned(),
        // What is named in the file is there already, so that it takes the right to change.
        "add [403, 403, 403, 403, 403, 200, 200, 403, 422, 403, 403, 403, 403, 403, 422]"
            .to_owned(),
        "change [200, 200, 200, 200, 200, 403, 200, 403, 403, 303, 422, 403, 200, 200, 200]"
            .to_owned(),
        "delete [403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 200, 403, 403, 403]"
            .to_owned(),
        "superuser [200, 200, 200, 200, 200, 200, 200, 200, 422, 303, 422, 200, 200, 200, 200]"
            .to_owned(),
    ];
    assert_eq!(told, expected);
    for (name, client) in clients
        .iter()
        .filter(|(name, _)| !["delete", "superuser"].contains(name))
    {
        let deleted = client.submit(&format!("{THING}/1/delete"), &[]).await;
        assert_eq!(deleted.status, 403, "{name}");
    }
    let left = thing::Entity::find().all(&superuser.db).await;
    assert_eq!(left.expect("they are read").len(), 3);
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
