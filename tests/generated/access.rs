//! Who may use an API: models of all five kinds in one site, asked by nobody, a user, another, and staff.

use serde_json::{Value, json};

use crate::client::Client;
use crate::project::Project;
use crate::views;

/// One model for each value of `--access`, with pages.
pub(crate) const MODELS: [&str; 8] = [
    "startmodel books Notice title:string(50) --access public --pages",
    "startmodel books Tag name:slug:unique",
    "startmodel books Book title:string(200) tags:many(books.Tag) --access authenticated --pages",
    "startmodel books Report body:text tag:ref(books.Tag) --access staff --pk uuid --pages",
    "startmodel books Note title:string(200):unique tags:many(books.Tag) related:many(books.Note) --access owner --pages",
    "startmodel accounts Profile bio:text user:one(accounts.User)",
    "startviews books Tag",
    "startviews accounts Profile",
];

const PASSWORD: &str = "correct horse battery staple";

/// Asks everything of everybody.
pub(crate) fn walk(project: &Project, site: &Client, database: &str) {
    for (email, command) in [
        ("ada@example.org", "createsuperuser"),
        ("bob@example.org", "createsuperuser"),
    ] {
        project.program(&[command, email, "--password-stdin"], PASSWORD, database);
    }
    let ada = site.signed_in("ada@example.org", PASSWORD);
    let bob = site.signed_in("bob@example.org", PASSWORD);
    nobody(site);
    staff(site, &ada);
    owners(site, &ada, &bob);
    documented(site);
    views::walk(site, &ada, &bob);
}

/// Without a name: some read, and only the public model is written to; access is judged before the body.
fn nobody(site: &Client) {
    let note = json!({ "title": "a" });
    site.post("/api/notices", &note).status(201);
    for (path, reads) in [
        ("/api/tags", 200),
        ("/api/books", 401),
        ("/api/reports", 401),
        ("/api/notes", 401),
        ("/api/profiles", 200),
    ] {
        site.get(path).status(reads);
        for body in [note.clone(), json!({ "no": 1 }), Value::Null] {
            site.post(path, &body).problem(401);
        }
        site.post_raw(path, Some("text/plain"), b"no JSON")
            .problem(401);
        site.put(&format!("{path}/1"), &note).problem(401);
        site.delete(&format!("{path}/none")).problem(401);
    }
    site.put("/api/books/1/tags/1", &note).problem(401);
    site.get("/api/notes/1/related").problem(401);
}

fn staff(site: &Client, ada: &Client) {
    let tag = ada
        .post("/api/tags", &json!({ "name": "a" }))
        .status(201)
        .json();
    let report = json!({ "body": "b", "tag_id": tag["id"] });
    let made = ada.post("/api/reports", &report).status(201).json();
    let path = format!("/api/reports/{}", made["id"].as_str().expect("a UUID"));
    ada.get(&path).status(200);
    site.get(&path).problem(401);
    ada.post("/api/reports", &json!({})).problem(422);
    // Pages show what it refers to by name.
    let page = ada.get_as("/reports", "text/html").status(200).text();
    let link = format!("<a href=\"/api/tags/{}\">a</a>", tag["id"]);
    assert!(
        page.replace("&#x2f;", "/").contains(&link),
        "{link}: {page}"
    );
}

/// What is somebody else's is not found, and cannot be linked to.
fn owners(site: &Client, ada: &Client, bob: &Client) {
    let note = json!({ "title": "mine", "owner_id": 2 });
    let made = ada.post("/api/notes", &note).status(201).json();
    // Whose it is, is who made it.
    assert_ne!(made["owner_id"], 2);
    let path = format!("/api/notes/{}", made["id"]);
    let theirs = bob
        .post("/api/notes", &json!({ "title": "theirs" }))
        .status(201)
        .json();
    bob.get(&path).problem(404);
    bob.put(&path, &note).problem(404);
    bob.patch(&path, &json!({})).problem(404);
    bob.delete(&path).problem(404);
    bob.get(&format!("{path}/tags")).problem(404);
    bob.put(&format!("{path}/tags/1"), &json!({})).problem(404);
    ada.put(&format!("{path}/tags/1"), &json!({})).status(204);
    ada.put(&format!("{path}/related/{}", theirs["id"]), &json!({}))
        .problem(404);
    ada.put(&format!("{path}/related/{}", made["id"]), &json!({}))
        .status(204);
    assert_eq!(bob.get("/api/notes").status(200).json()["count"], 1);
    assert_eq!(
        bob.get("/api/notes?search=mine").status(200).json()["count"],
        0
    );
    ada.get(&path).status(200);
    site.get(&path).problem(401);
}

/// The document says where a login is needed, and what happens without one.
fn documented(site: &Client) {
    let document = site.get("/api/openapi.json").status(200).json();
    for (path, method, secured) in [
        ("/api/notices", "post", false),
        ("/api/tags", "get", false),
        ("/api/tags", "post", true),
        ("/api/books", "get", true),
        ("/api/reports/{id}", "get", true),
        ("/api/notes/{id}", "delete", true),
        ("/api/notes/{id}/tags", "get", true),
    ] {
        let operation = &document["paths"][path][method];
        assert!(operation.is_object(), "{path} {method}");
        assert_eq!(operation["security"].is_array(), secured, "{path} {method}");
        assert_eq!(
            operation["responses"]["401"].is_object(),
            secured,
            "{path} {method}"
        );
    }
    let staff = &document["paths"]["/api/reports"]["get"]["responses"];
    assert!(staff["403"].is_object(), "{staff}");
}
