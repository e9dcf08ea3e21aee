//! Deleting with what falls with it, and what is done to many rows.

use admin::models::log_entry;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::common::*;

async fn count(client: &platform::testing::Client) -> u64 {
    let count = thing::Entity::find().count(&client.db).await;
    count.expect("they are counted")
}

#[tokio::test]
async fn what_falls_with_a_row_is_said_and_needs_permission() {
    let client = superuser().await;
    client
        .submit(
            &format!("{SHELF}/add"),
            &[("code", "A"), ("room", "Cellar")],
        )
        .await;
    for name in ["Lamp", "Chair"] {
        add(&client, name, &[("shelf_code", "A")]).await;
    }
    let page = client.get(&format!("{SHELF}/A/delete")).await;
    assert!(page.body.contains("2 things"), "{}", page.body);
    assert!(page.body.contains("Lamp"), "{}", page.body);
    let other = staff(
        &client,
        "d@example.org",
        &["store.view_shelf", "store.delete_shelf"],
    )
    .await;
    let page = other.get(&format!("{SHELF}/A/delete")).await;
    assert!(page.body.contains("store.delete_thing"), "{}", page.body);
    assert!(!page.body.contains("Delete it"), "{}", page.body);
    assert_eq!(
        other.submit(&format!("{SHELF}/A/delete"), &[]).await.status,
        409
    );
    assert_eq!(count(&client).await, 2);
    assert_eq!(
        client
            .submit(&format!("{SHELF}/A/delete"), &[])
            .await
            .status,
        303
    );
    assert_eq!(count(&client).await, 0);
    let history = client.get(&format!("{SHELF}/A/history")).await;
    assert_eq!(history.status, 200);
    assert!(history.body.contains("deleted"), "{}", history.body);
    assert_eq!(
        client
            .submit(&format!("{SHELF}/A/delete"), &[])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_action_asks_with_a_count_and_is_done_to_all_or_none() {
    let client = superuser().await;
    let mut ids = Vec::new();
    for name in ["Lamp", "Chair", "Table"] {
        ids.push(add(&client, name, &[]).await.to_string());
    }
    let action = format!("{THING}/action");
    let two = [("action", "delete"), ("id", &*ids[0]), ("id", &*ids[1])];
    let asked = client.submit(&action, &two).await;
    assert_eq!(asked.status, 200);
    assert!(asked.body.contains("Delete: 2 things?"), "{}", asked.body);
    assert_eq!(count(&client).await, 3);
    let confirmed = [&two[..], &[("_confirmed", "2")]].concat();
    assert_eq!(client.submit(&action, &confirmed).await.status, 303);
    assert_eq!(count(&client).await, 1);
    // The rows are others than those that were confirmed.
    assert_eq!(
        client
            .submit(
                &action,
                &[("action", "delete"), ("all", "on"), ("_confirmed", "3")]
            )
            .await
            .status,
        409
    );
    let chair = add(&client, "Chair", &[]).await.to_string();
    let lend = [("action", "own-0"), ("all", "on"), ("_confirmed", "1")];
    assert_eq!(
        client
            .submit(&format!("{action}?search=chair"), &lend)
            .await
            .status,
        303
    );
    let lent = thing::Entity::find()
        .all(&client.db)
        .await
        .expect("they are read");
    let lent: Vec<String> = lent
        .into_iter()
        .filter(|thing| thing.loaned)
        .map(|thing| thing.name)
        .collect();
    assert_eq!(lent, ["Chair"]);
    let broken = [("action", "own-1"), ("id", &*chair), ("_confirmed", "1")];
    let refused = client.submit(&action, &broken).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .body
            .contains("because of Chair: Name must not be empty"),
        "{}",
        refused.body
    );
    assert_eq!(
        client
            .submit(&action, &[("action", "nope"), ("all", "on")])
            .await
            .status,
        400
    );
    assert_eq!(
        client.submit(&action, &[("action", "delete")]).await.status,
        303
    );
    assert_eq!(count(&client).await, 2);
    let many: Vec<String> = (0..2_000).map(|id| id.to_string()).collect();
    let many = many.iter().map(|id| ("id", id.as_str()));
    let many: Vec<_> = many.chain([("action", "delete")]).collect();
    assert_eq!(client.submit(&action, &many).await.status, 400);
    let log = log_entry::Entity::find()
        .count(&client.db)
        .await
        .expect("it is counted");
    assert_eq!(log, 4 + 2 + 1);
}
