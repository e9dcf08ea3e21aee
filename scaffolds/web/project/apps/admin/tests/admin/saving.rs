//! Forms: what is saved, what is refused, and what others have changed meanwhile.

use admin::models::log_entry;
use sea_orm::EntityTrait;

use crate::common::*;

async fn read(client: &platform::testing::Client, id: i64) -> thing::Model {
    let found = thing::Entity::find_by_id(id).one(&client.db).await;
    found.expect("it is read").expect("it is there")
}

#[tokio::test]
async fn a_row_is_added_changed_and_its_history_kept() {
    let client = superuser().await;
    let id = add(
        &client,
        "Lamp",
        &[("seen_at", "2024-02-29T10:00:00.123456"), ("mark", "")],
    )
    .await;
    let row = read(&client, id).await;
    assert_eq!(row.mark, None);
    let page = client.get(&format!("{THING}/{id}/change")).await;
    assert!(
        page.body.contains("value=\"2024-02-29T10:00:00.123456\""),
        "{}",
        page.body
    );
    let was = hidden(&page, "_was");
    let fields = [
        ("name", "Lantern"),
        ("count", "2"),
        ("note", "one\r\ntwo"),
        ("mark", ""),
        ("seen_at", "2024-02-29T10:00:00.123456"),
        ("_was", &was),
        ("_save", "continue"),
    ];
    let saved = client
        .submit(&format!("{THING}/{id}/change"), &fields)
        .await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(
        saved.headers["location"],
        format!("{THING}/{id}/change").as_str()
    );
    let changed = read(&client, id).await;
    assert_eq!(
        (&*changed.name, changed.count, &*changed.note),
        ("Lantern", 2, "one\ntwo")
    );
    assert_eq!(changed.seen_at, row.seen_at);
    let history = client.get(&format!("{THING}/{id}/history")).await.body;
    for part in [
        "s@example.org",
        "<del>Lamp</del>",
        "<ins>Lantern</ins>",
        "<del>1</del>",
    ] {
        assert!(history.contains(part), "{part}: {history}");
    }
    assert!(client.get("/admin").await.body.contains("Lantern"));
    let fields = [
        ("name", "Other"),
        ("count", "2"),
        ("note", ""),
        ("_save", "new"),
    ];
    let copied = client
        .submit(&format!("{THING}/{id}/change"), &fields)
        .await;
    assert_eq!(
        copied.headers["location"],
        format!("{THING}/{}/change", id + 1).as_str()
    );
    let fields = [
        ("name", "Third"),
        ("count", "2"),
        ("note", ""),
        ("_save", "another"),
    ];
    let another = client.submit(&format!("{THING}/add"), &fields).await;
    assert_eq!(another.headers["location"], format!("{THING}/add").as_str());
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_its_field_and_the_text_is_kept() {
    let client = superuser().await;
    add(&client, "Lamp", &[("mark", "A1")]).await;
    let wrong = [
        ("name", ""),
        ("mark", "123456789012345678901"),
        ("count", "many"),
        ("note", "kept <b>"),
        ("seen_at", "2024-02-30T10:00"),
    ];
    let answer = client.submit(&format!("{THING}/add"), &wrong).await;
    assert_eq!(answer.status, 422);
    for part in [
        "<title>Error: ",
        "<a href=\"#name\">Name must not be empty",
        "<a href=\"#mark\">Mark is too long: at most 20 characters",
        "<a href=\"#count\">Count is not a whole number",
        "<a href=\"#seen_at\">Seen at (UTC) is not a date and time",
        "value=\"2024-02-30T10:00\"",
        "value=\"many\"",
        "kept &lt;b&gt;",
        "aria-invalid=\"true\"",
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    let taken = [
        ("name", "Other"),
        ("mark", "A1"),
        ("count", "1"),
        ("note", ""),
    ];
    let answer = client.submit(&format!("{THING}/add"), &taken).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("Mark is already taken"),
        "{}",
        answer.body
    );
    let dangling = [
        ("name", "Other"),
        ("count", "1"),
        ("note", ""),
        ("shelf_code", "none"),
    ];
    let answer = client.submit(&format!("{THING}/add"), &dangling).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(
        answer.body.contains("href=\"#shelf_code\""),
        "{}",
        answer.body
    );
    assert_eq!(
        client
            .submit(&format!("{THING}/add"), &[("count", "1e99")])
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn two_who_change_other_fields_do_not_undo_each_other() {
    let client = superuser().await;
    let id = add(&client, "Lamp", &[]).await;
    let page = format!("{THING}/{id}/change");
    let was = hidden(&client.get(&page).await, "_was");
    let form = |name: &'static str, count: &'static str| {
        vec![
            ("name", name),
            ("count", count),
            ("note", ""),
            ("mark", ""),
            ("seen_at", ""),
            ("site", ""),
            ("shelf_code", ""),
        ]
    };
    let submit = async |fields: Vec<(&str, &str)>, was: &str| {
        let fields = [fields, vec![("_was", was)]].concat();
        client.submit(&page, &fields).await
    };
    assert_eq!(submit(form("Lantern", "1"), &was).await.status, 303);
    assert_eq!(submit(form("Lamp", "7"), &was).await.status, 303);
    let row = read(&client, id).await;
    assert_eq!((&*row.name, row.count), ("Lantern", 7));
    let conflict = submit(form("Torch", "7"), &was).await;
    assert_eq!(conflict.status, 409, "{}", conflict.body);
    for part in ["s@example.org changed this to “Lantern”", "value=\"Torch\""] {
        assert!(conflict.body.contains(part), "{part}: {}", conflict.body);
    }
    assert_eq!(read(&client, id).await.name, "Lantern");
    let renewed = hidden(&conflict, "_was");
    assert_eq!(submit(form("Torch", "7"), &renewed).await.status, 303);
    assert_eq!(read(&client, id).await.name, "Torch");
    client.submit(&format!("{THING}/{id}/delete"), &[]).await;
    let gone = submit(form("Mine", "7"), &renewed).await;
    assert_eq!(gone.status, 404);
    assert!(gone.body.contains("Mine"), "{}", gone.body);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once() {
    let client = superuser().await;
    let token = hidden(&client.get(&format!("{THING}/add")).await, "_token");
    let fields = [
        ("name", "Lamp"),
        ("count", "1"),
        ("note", ""),
        ("_token", &token),
    ];
    // What was refused may be sent again.
    let wrong = [
        ("name", ""),
        ("count", "1"),
        ("note", ""),
        ("_token", &token),
    ];
    assert_eq!(
        client.submit(&format!("{THING}/add"), &wrong).await.status,
        422
    );
    let path = format!("{THING}/add");
    let both = tokio::join!(client.submit(&path, &fields), client.submit(&path, &fields));
    for answer in [both.0, both.1] {
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    let things = thing::Entity::find()
        .all(&client.db)
        .await
        .expect("they are read");
    assert_eq!(things.len(), 1);
    let log = log_entry::Entity::find()
        .all(&client.db)
        .await
        .expect("the log is read");
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn a_form_that_was_refused_still_undoes_nothing_of_others() {
    let client = superuser().await;
    let id = add(&client, "Lamp", &[("mark", "m1"), ("note", "old")]).await;
    let address = format!("{THING}/{id}/change");
    let opened = hidden(&client.get(&address).await, "_was");
    let fields = |note: &'static str, count: &'static str| {
        vec![
            ("name", "Lamp"),
            ("mark", "m1"),
            ("note", note),
            ("count", count),
        ]
    };
    // Somebody else changes the note while the form is open; its own note is as it was.
    let other = client.submit(&address, &fields("theirs", "1")).await;
    assert_eq!(other.status, 303, "{}", other.body);
    let with_was = |was: &str, count: &'static str| {
        let mut fields = fields("old", count);
        fields.push(("_was", was.to_owned().leak()));
        fields
    };
    // Refused for its count, then corrected and sent again.
    let refused = client.submit(&address, &with_was(&opened, "many")).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let again = hidden(&refused, "_was");
    let saved = client.submit(&address, &with_was(&again, "2")).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let row = thing::Entity::find_by_id(id).one(&client.db).await;
    let row = row.expect("it is read").expect("it is there");
    assert_eq!((&*row.note, row.count), ("theirs", 2));
}
