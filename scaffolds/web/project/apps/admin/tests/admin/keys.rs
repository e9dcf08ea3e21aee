//! Keys of several columns, whatever they hold: every link leads to the row that is meant.

use sea_orm::{EntityTrait, PaginatorTrait};

use crate::common::*;

#[tokio::test]
async fn a_key_of_several_columns_leads_to_its_row_whatever_it_holds() {
    let client = superuser().await;
    let keys = [
        ("A", "1"),
        ("a,b", "c"),
        ("a", "b,c"),
        ("~1", "~0,~"),
        ("a/b c%2C", "ü\"<i>"),
        (".", ".."),
    ];
    for (aisle, place) in keys {
        let slot = [("aisle", aisle), ("place", place), ("note", "new")];
        let added = client.submit(&format!("{SLOT}/add"), &slot).await;
        assert_eq!(added.status, 303, "{aisle} {place}: {}", added.body);
    }
    let list = client.get(SLOT).await.body;
    let links: Vec<String> = list
        .split("<a href=\"")
        .filter_map(|rest| rest.split('"').next())
        .map(|link| link.replace("&#x2f;", "/"))
        .filter(|link| link.ends_with("/change"))
        .collect();
    assert_eq!(links.len(), keys.len(), "{links:?}");
    for (number, link) in links.iter().enumerate() {
        let form = client.get(link).await;
        assert_eq!(form.status, 200, "{link}: {}", form.body);
        let key = (typed(&form, "aisle"), typed(&form, "place"));
        let note = number.to_string();
        let sent = [
            ("aisle", &*key.0),
            ("place", &*key.1),
            ("note", &*note),
            ("_was", &*hidden(&form, "_was")),
        ];
        let saved = client.submit(link, &sent).await;
        assert_eq!(saved.status, 303, "{link}: {}", saved.body);
        let stored = slot::Entity::find_by_id(key).one(&client.db).await;
        let stored = stored.expect("the database answers");
        assert_eq!(stored.map(|slot| slot.note), Some(note), "{link}");
        let history = client.get(&link.replace("/change", "/history")).await;
        assert!(history.body.contains("changed"), "{link}: {}", history.body);
        let deleted = client
            .submit(&link.replace("/change", "/delete"), &[])
            .await;
        assert_eq!(deleted.status, 303, "{link}: {}", deleted.body);
        let left = slot::Entity::find().count(&client.db).await;
        let left = left.expect("the database counts");
        assert_eq!(left, (keys.len() - number - 1) as u64, "{link}");
    }
}
