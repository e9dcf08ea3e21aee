//! Lists: what they show, find and refuse.

use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, Set};

use crate::common::*;

async fn names(client: &platform::testing::Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("{THING}{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let rows = answer.body.split("aria-label=\"Select ").skip(1);
    rows.map(|row| row.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn rows_are_found_filtered_and_ordered() {
    let client = superuser().await;
    let shelf = [("code", "a/b c%,ü"), ("room", "Cellar")];
    assert_eq!(
        client.submit(&format!("{SHELF}/add"), &shelf).await.status,
        303
    );
    add(
        &client,
        "Lamp",
        &[
            ("mark", "0140"),
            ("loaned", "on"),
            ("seen_at", "2024-02-29T10:00"),
        ],
    )
    .await;
    add(
        &client,
        "Lamp_shade",
        &[("count", "3"), ("shelf_code", "a/b c%,ü")],
    )
    .await;
    let chair = add(&client, "Chair", &[("seen_at", "2024-03-01T00:00")]).await;
    for (query, expected) in [
        ("", vec!["Chair", "Lamp", "Lamp_shade"]),
        ("?ordering=-name", vec!["Lamp_shade", "Lamp", "Chair"]),
        (
            "?ordering=-count,-name",
            vec!["Lamp_shade", "Lamp", "Chair"],
        ),
        ("?search=LAMP", vec!["Lamp", "Lamp_shade"]),
        ("?search=p_s", vec!["Lamp_shade"]),
        ("?search=0140", vec!["Lamp"]),
        ("?search=140", vec![]),
        (&format!("?search={chair}"), vec!["Chair"]),
        ("?loaned=true", vec!["Lamp"]),
        ("?loaned=false&search=lamp", vec!["Lamp_shade"]),
        ("?null=mark", vec!["Chair", "Lamp_shade"]),
        ("?seen_at=2024", vec!["Chair", "Lamp"]),
        ("?seen_at=2024-02", vec!["Lamp"]),
        ("?seen_at=2024-03-01", vec!["Chair"]),
        ("?shelf_code=a%2Fb%20c%25%2C%C3%BC", vec!["Lamp_shade"]),
        (
            "?unknown=1&secret=x&shelf__room__startswith=C",
            vec!["Chair", "Lamp", "Lamp_shade"],
        ),
        ("?page_size=2&page=2", vec!["Lamp_shade"]),
    ] {
        assert_eq!(names(&client, query).await, expected, "{query}");
    }
    let list = client.get(THING).await.body;
    assert!(list.contains("3 things"), "{list}");
    assert!(list.contains("aria-sort=\"ascending\""), "{list}");
    // A reference leads to the row that it names, whatever is in its key.
    let link = "&#x2f;admin&#x2f;store&#x2f;shelf&#x2f;a%2Fb%20c%25%2C%C3%BC&#x2f;change\">Cellar";
    assert!(list.contains(link), "{list}");
    let page = client
        .get(&format!("{SHELF}/a%2Fb%20c%25%2C%C3%BC/change"))
        .await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("1 thing"), "{}", page.body);
    // So are keys that browsers would leave out of an address.
    let rows = "INSERT INTO shelves (code, room) \
                VALUES ('', 'Odd'), ('.', 'Odd'), ('..', 'Odd'), ('~', 'Odd'), ('add', 'Odd')";
    let made = client.db.execute_unprepared(rows).await;
    made.expect("the rows are made");
    let list = client.get(SHELF).await.body;
    for part in ["~", "~.", "~..", "~~", "add"] {
        let row = format!("{SHELF}/{part}");
        let link = format!("\"{row}/change\"").replace('/', "&#x2f;");
        assert!(list.contains(&link), "{part}: {list}");
        for page in ["change", "delete", "history"] {
            let page = client.get(&format!("{row}/{page}")).await;
            assert_eq!(page.status, 200, "{part}: {}", page.body);
        }
        let gone = client.submit(&format!("{row}/delete"), &[]).await;
        assert_eq!(gone.status, 303, "{part}: {}", gone.body);
    }
    let left = client.get(SHELF).await.body;
    assert!(left.contains("1 shelf"), "{left}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_a_page_too_far_is_the_last() {
    let client = superuser().await;
    for number in 0..5 {
        add(&client, &format!("Thing {number}"), &[]).await;
    }
    for query in [
        "?ordering=nope",
        "?ordering=secret",
        "?ordering=id;DROP%20TABLE%20things",
        "?page=0",
        "?page=-1",
        "?page=x",
        "?page=100000000000000000000",
        "?page_size=0",
        "?page_size=201",
        "?loaned=perhaps",
        "?seen_at=2026-02-30",
        "?seen_at=x",
        "?id=x",
        "?search=%00",
    ] {
        let answer = client.get(&format!("{THING}{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body.contains("<h1>"), "{query}");
    }
    let many = format!("{THING}?{}", "loaned=true&".repeat(2_000));
    assert_eq!(client.get(&many).await.status, 400);
    let answer = client
        .get(&format!("{THING}?page=999&page_size=2&loaned=false"))
        .await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.headers["location"],
        "/admin/store/thing?page_size=2&loaned=false&page=3"
    );
    for path in [
        "/admin/store/nothing",
        "/admin/store/thing/x/change",
        "/admin/store/thing/99/change",
    ] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_that_is_stored_becomes_code() {
    let client = superuser().await;
    let evil = "<img src=x onerror=alert(1)>\"'";
    let id = add(&client, evil, &[("note", evil), ("mark", "\"><script>1")]).await;
    let mut row: thing::ActiveModel = thing::Entity::find_by_id(id)
        .one(&client.db)
        .await
        .expect("it is read")
        .expect("it is there")
        .into();
    row.site = Set(Some("javascript:alert(1)".to_owned()));
    row.update(&client.db).await.expect("it is changed");
    for path in [
        "",
        "/add",
        &format!("/{id}/change"),
        &format!("/{id}/delete"),
        &format!("/{id}/history"),
    ] {
        let page = client.get(&format!("{THING}{path}")).await.body;
        assert!(!page.contains("<img src=x"), "{page}");
        assert!(!page.contains("<script>"), "{page}");
        assert!(!page.contains("href=\"javascript"), "{page}");
        assert!(!page.contains("style="), "{page}");
    }
    // And saving it again changes nothing.
    let page = client.get(&format!("{THING}/{id}/change")).await;
    let was = hidden(&page, "_was");
    let fields = [
        ("name", evil),
        ("note", evil),
        ("mark", "\"><script>1"),
        ("count", "1"),
        ("site", "javascript:alert(1)"),
        ("_was", &was),
    ];
    assert_eq!(
        client
            .submit(&format!("{THING}/{id}/change"), &fields)
            .await
            .status,
        303
    );
    let history = client.get(&format!("{THING}/{id}/history")).await.body;
    assert!(!history.contains(" changed "), "{history}");
}

#[tokio::test]
async fn all_that_match_are_exported_and_no_secrets() {
    let client = superuser().await;
    add(&client, "=1+1", &[("mark", "a,\"b")]).await;
    add(&client, "Chair", &[("loaned", "on")]).await;
    let file = client
        .get(&format!(
            "{THING}/export.csv?ordering=-id&export_fields=secret"
        ))
        .await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let expected = "id,name,mark,count,loaned,seen_at,note,site,shelf_code\r\n\
        2,Chair,,1,true,,,,\r\n1,'=1+1,\"a,\"\"b\",1,false,,,,\r\n";
    assert_eq!(file.body, expected);
    let some = client.get(&format!("{THING}/export.csv?loaned=true")).await;
    assert_eq!(some.body.lines().count(), 2);
}

#[tokio::test]
async fn long_lists_are_counted_no_further_than_need_be() {
    let client = superuser().await;
    client
        .db
        .execute_unprepared(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) \
             INSERT INTO things (name, count, loaned, note) SELECT 'Thing ' || i, 1, i % 2 = 1, '' FROM n",
        )
        .await
        .expect("the rows are made");
    let list = client.get(THING).await.body;
    assert!(list.contains("10,000+ things"), "{list}");
    let last = client.get(&format!("{THING}?page=201")).await;
    assert_eq!(last.status, 200);
    assert!(last.body.contains("10,000+ things"), "{}", last.body);
    // The names are ordered as text; far behind, and backwards, they are still the right ones.
    let far = names(&client, "?ordering=-id&page_size=25&page=401").await;
    assert_eq!(far.len(), 25);
    assert_eq!((&*far[0], &*far[24]), ("Thing 50", "Thing 26"));
    let beyond = client.get(&format!("{THING}?page=203")).await;
    assert_eq!(beyond.headers["location"], "/admin/store/thing?page=201");
    assert!(
        client
            .get(&format!("{THING}?loaned=true"))
            .await
            .body
            .contains("5,025 things")
    );
    let file = client.get(&format!("{THING}/export.csv")).await;
    assert_eq!(file.body.lines().count(), 10_051);
}
