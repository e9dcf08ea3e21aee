//! Several rows in one form: in the list, and on the page of the row they belong to.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use crate::common::*;

/// The things by their names: counts and whether they are lent.
async fn things(client: &platform::testing::Client) -> Vec<(String, i32, bool)> {
    let all = thing::Entity::find().all(&client.db).await;
    let all = all.expect("they are read").into_iter();
    let mut all: Vec<_> = all
        .map(|thing| (thing.name, thing.count, thing.loaned))
        .collect();
    all.sort();
    all
}

fn tuple(name: &str, count: i32, loaned: bool) -> (String, i32, bool) {
    (name.to_owned(), count, loaned)
}

#[tokio::test]
async fn what_is_changed_in_the_list_is_the_row_that_was_meant() {
    let client = superuser().await;
    for name in ["Lamp", "Chair"] {
        add(&client, name, &[]).await;
    }
    let page = client.get(THING).await;
    // The chair comes first, and the name, which leads to the row, is no field.
    assert_eq!(hidden(&page, "row-0-_id"), "2");
    assert!(page.body.contains("name=\"row-0-count\"") && !page.body.contains("row-0-name"));
    let was = hidden(&page, "row-0-_was");
    // Meanwhile another row comes before it, and somebody else lends it.
    add(&client, "Armchair", &[]).await;
    let row = thing::Entity::find_by_id(2).one(&client.db).await;
    let mut row = row
        .expect("it is read")
        .expect("it is there")
        .into_active_model();
    row.loaned = Set(true);
    row.update(&client.db).await.expect("it is changed");
    let fields = [
        ("row-0-_id", "2"),
        ("row-0-_was", &was),
        ("row-0-count", "7"),
        ("row-0-name", "Not in the list"),
    ];
    let saved = client.submit(&format!("{THING}?page=1"), &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let expected = [
        tuple("Armchair", 1, false),
        tuple("Chair", 7, true),
        tuple("Lamp", 1, false),
    ];
    assert_eq!(things(&client).await, expected);
    let history = client.get(&format!("{THING}/2/history")).await;
    assert!(history.body.contains("<ins>7</ins>"), "{}", history.body);
    // The same field, changed by another: nothing is saved, and what was typed is there.
    let fields = [&fields[..2], &[("row-0-count", "8")]].concat();
    let conflict = client.submit(THING, &fields).await;
    assert_eq!(conflict.status, 422);
    assert!(
        conflict.body.contains("changed this to “7”"),
        "{}",
        conflict.body
    );
    assert!(conflict.body.contains("value=\"8\""), "{}", conflict.body);
}

#[tokio::test]
async fn one_wrong_row_of_the_list_keeps_all_from_being_saved() {
    let client = superuser().await;
    for name in ["Lamp", "Chair"] {
        add(&client, name, &[]).await;
    }
    let was = r#"{"count":"1","loaned":""}"#;
    let fields = [
        ("row-0-_id", "2"),
        ("row-0-_was", was),
        ("row-0-count", "5"),
        ("row-1-_id", "1"),
        ("row-1-_was", was),
        ("row-1-count", "many"),
    ];
    let refused = client.submit(THING, &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        refused.body.contains("Count of Lamp is not a whole number"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("value=\"many\"") && refused.body.contains("value=\"5\""));
    assert_eq!(
        things(&client).await,
        [tuple("Chair", 1, false), tuple("Lamp", 1, false)]
    );
    // A row that is gone is told of, too.
    let fields = [
        ("row-0-_id", "99"),
        ("row-0-_was", was),
        ("row-0-count", "5"),
    ];
    let gone = client.submit(THING, &fields).await;
    assert_eq!(gone.status, 422);
    assert!(
        gone.body.contains("has deleted the row meanwhile"),
        "{}",
        gone.body
    );
}

#[tokio::test]
async fn children_are_added_and_changed_on_the_page_of_their_parent() {
    let client = superuser().await;
    let group = "store.thing.shelf_code";
    let named = |rest: &str| format!("{group}-{rest}");
    let child = [
        (named("1000-name"), "Lamp"),
        (named("1000-count"), "2"),
        (named("1000-note"), ""),
        (named("1001-name"), ""),
        (named("1001-_was"), "{}"),
    ];
    let mut fields = vec![("code", "s1"), ("room", "Attic")];
    fields.extend(child.iter().map(|(name, value)| (name.as_str(), *value)));
    let added = client.submit(&format!("{SHELF}/add"), &fields).await;
    assert_eq!(added.status, 303, "{}", added.body);
    assert_eq!(things(&client).await, [tuple("Lamp", 2, false)]);
    let page = client.get(&format!("{SHELF}/s1/change")).await;
    let (id, was) = (named("0-_id"), named("0-_was"));
    assert_eq!(hidden(&page, &id), "1");
    assert!(!page.body.contains(&named("0-shelf_code")), "{}", page.body);
    let was_text = hidden(&page, &was);
    let (name, count, new) = (named("0-name"), named("0-count"), named("1000-name"));
    let fields = |new_name: &'static str| {
        vec![
            ("code", "s1"),
            ("room", "Cellar"),
            (&*id, "1"),
            (&*was, &*was_text),
            (&*name, "Lantern"),
            (&*count, "3"),
            (&*new, new_name),
        ]
    };
    // The new one lacks its count: nothing is saved, neither the parent nor the other child.
    let refused = client
        .submit(&format!("{SHELF}/s1/change"), &fields("Chair"))
        .await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        refused.body.contains("Count of new thing is required"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("value=\"Chair\"") && refused.body.contains("value=\"Lantern\""));
    assert_eq!(things(&client).await, [tuple("Lamp", 2, false)]);
    let saved = client
        .submit(&format!("{SHELF}/s1/change"), &fields(""))
        .await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(things(&client).await, [tuple("Lantern", 3, false)]);
    let shelf = shelf::Entity::find_by_id("s1").one(&client.db).await;
    assert_eq!(
        shelf.expect("it is read").expect("it is there").room,
        "Cellar"
    );
    // A thing on another shelf is none of this page's.
    let other = add(&client, "Elsewhere", &[]).await.to_string();
    let mut stolen = fields("");
    stolen[2].1 = &other;
    let refused = client.submit(&format!("{SHELF}/s1/change"), &stolen).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
}

#[tokio::test]
async fn a_form_sent_twice_adds_its_children_once() {
    let client = superuser().await;
    let shelf = [("code", "s1"), ("room", "Attic")];
    client.submit(&format!("{SHELF}/add"), &shelf).await;
    let page = client.get(&format!("{SHELF}/s1/change")).await;
    let token = hidden(&page, "_token");
    let fields = [
        ("code", "s1"),
        ("room", "Attic"),
        ("_token", &token),
        ("store.thing.shelf_code-1000-name", "Lamp"),
        ("store.thing.shelf_code-1000-count", "2"),
        ("store.thing.shelf_code-1000-note", ""),
    ];
    for _ in 0..2 {
        let saved = client.submit(&format!("{SHELF}/s1/change"), &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
    }
    assert_eq!(things(&client).await, [tuple("Lamp", 2, false)]);
}

#[tokio::test]
async fn who_may_not_change_children_does_not_get_them() {
    let superuser = superuser().await;
    let shelf = [("code", "s1"), ("room", "Attic")];
    superuser.submit(&format!("{SHELF}/add"), &shelf).await;
    add(&superuser, "Lamp", &[("shelf_code", "s1")]).await;
    let permissions = ["store.change_shelf", "store.view_thing"];
    let client = staff(&superuser, "c@example.org", &permissions).await;
    let page = client.get(&format!("{SHELF}/s1/change")).await;
    assert!(
        page.body.contains("name=\"room\"") && !page.body.contains("-_was"),
        "{}",
        page.body
    );
    for fields in [
        [
            ("store.thing.shelf_code-0-_id", "1"),
            ("store.thing.shelf_code-0-count", "9"),
        ],
        [
            ("store.thing.shelf_code-0-name", "New"),
            ("store.thing.shelf_code-0-count", "9"),
        ],
    ] {
        let fields = [&shelf[..], &fields].concat();
        let refused = client.submit(&format!("{SHELF}/s1/change"), &fields).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
    }
    assert_eq!(things(&superuser).await, [tuple("Lamp", 1, false)]);
}

#[tokio::test]
async fn actions_of_ones_own_do_all_or_nothing_and_are_logged() {
    let client = superuser().await;
    add(&client, "Lamp", &[]).await;
    add(&client, "Chair", &[("count", "50")]).await;
    let confirmed = |ids: &[&'static str]| {
        let ids = ids.iter().map(|id| ("id", *id));
        let count = if ids.len() == 1 { "1" } else { "2" };
        let mut fields = vec![("action", "own-2"), ("_confirmed", count)];
        fields.extend(ids);
        fields
    };
    let page = client.get(THING).await;
    assert!(
        page.body.contains("value=\"own-2\">Count one more"),
        "{}",
        page.body
    );
    let done = client
        .submit(&format!("{THING}/action"), &confirmed(&["1", "2"]))
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(things(&client).await, [tuple("Lamp", 2, false)]);
    let lamp = client.get(&format!("{THING}/1/history")).await;
    assert!(lamp.body.contains("<ins>2</ins>"), "{}", lamp.body);
    let chair = client.get(&format!("{THING}/2/history")).await;
    assert!(chair.body.contains("deleted"), "{}", chair.body);
    add(&client, "Lent", &[("loaned", "on")]).await;
    let refused = client
        .submit(&format!("{THING}/action"), &confirmed(&["1", "3"]))
        .await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        refused.body.contains("one of them is lent"),
        "{}",
        refused.body
    );
    assert_eq!(things(&client).await[0], tuple("Lamp", 2, false));
}

#[tokio::test]
async fn rows_are_looked_up_by_a_part_of_their_name() {
    let client = superuser().await;
    for name in ["Lamp", "Lamp_shade", "<Chair>"] {
        add(&client, name, &[]).await;
    }
    for (text, expected) in [
        (
            "lamp",
            r#"[{"value":"1","label":"Lamp"},{"value":"2","label":"Lamp_shade"}]"#,
        ),
        ("p_s", r#"[{"value":"2","label":"Lamp_shade"}]"#),
        ("3", r#"[{"value":"3","label":"<Chair>"}]"#),
        ("nothing", "[]"),
    ] {
        let found = client.get(&format!("{THING}/lookup?q={text}")).await;
        assert_eq!((found.status.as_u16(), &*found.body), (200, expected));
        assert_eq!(found.headers["content-type"], "application/json");
    }
    // Without columns to search, by what a row is called.
    client
        .submit(
            &format!("{SHELF}/add"),
            &[("code", "s1"), ("room", "Attic")],
        )
        .await;
    let found = client.get(&format!("{SHELF}/lookup?q=att")).await;
    assert_eq!(found.body, r#"[{"value":"s1","label":"Attic"}]"#);
    let long = "x".repeat(201);
    assert_eq!(
        client.get(&format!("{THING}/lookup?q={long}")).await.status,
        400
    );
}
