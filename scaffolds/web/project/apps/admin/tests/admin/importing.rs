//! Rows from CSV files.

use platform::testing::{Answer, Client};
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};

use crate::common::*;

const IMPORT: &str = "/admin/store/thing/import";

async fn look(client: &Client, text: &str) -> Answer {
    upload(client, IMPORT, "file", text.as_bytes()).await
}

/// Saves what a page shows.
async fn confirm(client: &Client, page: &Answer) -> Answer {
    assert_eq!(page.status, 200, "{}", page.body);
    let (text, token) = (hidden(page, "text"), hidden(page, "_token"));
    client
        .submit(IMPORT, &[("text", &text), ("_token", &token)])
        .await
}

async fn things(client: &Client) -> Vec<thing::Model> {
    let all = thing::Entity::find().order_by_asc(thing::Column::Id);
    all.all(&client.db).await.expect("they are read")
}

#[tokio::test]
async fn rows_are_shown_first_and_then_added_and_changed() {
    let client = superuser().await;
    add(&client, "Lamp", &[("note", "old")]).await;
    let text = "id;Name;count;loaned;note\n1;Lamp;2;yes;old\n;Chair;3;false;\"two\nlines; one \"\"quoted\"\"\"\n";
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
        format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
    ] {
        let page = upload(&client, IMPORT, "file", &bytes).await;
        assert!(
            page.body
                .contains("<strong>1</strong> will be added and <strong>1</strong> changed"),
            "{}",
            page.body
        );
        assert_eq!(things(&client).await.len(), 1, "nothing is saved yet");
    }
    let page = look(&client, text).await;
    let done = confirm(&client, &page).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let saved = things(&client).await;
    assert_eq!((saved[0].count, saved[0].loaned), (2, true));
    assert_eq!(
        (&*saved[1].name, &*saved[1].note),
        ("Chair", "two\nlines; one \"quoted\"")
    );
    let history = client.get(&format!("{THING}/1/history")).await;
    assert!(history.body.contains("<ins>2</ins>"), "{}", history.body);
    assert!(
        client
            .get("/admin")
            .await
            .body
            .contains("imported 1 added, 1 changed")
    );
    // The same form again adds nothing.
    assert_eq!(confirm(&client, &page).await.status, 303);
    assert_eq!(things(&client).await.len(), 2);
}

#[tokio::test]
async fn all_that_is_wrong_is_told_with_line_and_column_and_nothing_is_saved() {
    let client = superuser().await;
    add(&client, "Lamp", &[]).await;
    let text = "id,name,count,loaned,shelf_code,seen_at,note\n\
        ,Good,1,true,,,\n\
        ,\"\",many,perhaps,,yesterday,\n\
        ,Lamp,1,no,,,\n\
        ,Twice,1,no,,,\n\
        ,Twice,1,no,,,\n\
        ,Shelf,1,no,nowhere,,\n\
        77,Nobody,1,no,,,\n\
        ,Short,1\n";
    let refused = look(&client, text).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let rows: Vec<&str> = refused
        .body
        .split("<tr><td class=\"number\" data-label=\"Line\">")
        .skip(1)
        .collect();
    let told: Vec<String> = rows
        .iter()
        .map(|row| row.split("</td></tr>").next().unwrap_or_default())
        .map(|row| {
            row.replace("</td><td data-label=\"Column\">", " ")
                .replace("</td><td data-label=\"Problem\">", " ")
        })
        .collect();
    for expected in [
        "3 count is not a whole number",
        "3 loaned must be true or false",
        "3 name must not be empty",
        "3 seen_at is not a date and time such as 2024-02-29T13:30:00Z",
        "4 name is already taken",
        "6 name is already taken",
        "7 shelf_code does not exist: there is no row with the key nowhere",
        "8 id has no row: 77. Leave it empty to add one",
        "9 The line is not as long as the first line: 3 values for 7 columns",
    ] {
        assert!(
            told.iter().any(|row| row == expected),
            "{expected}: {told:#?}"
        );
    }
    assert!(
        !told
            .iter()
            .any(|row| row.starts_with("2 ") || row.starts_with("5 ")),
        "{told:#?}"
    );
    assert_eq!(things(&client).await.len(), 1);
    // Nor by a form that skips the look at it.
    let sent = client
        .submit(IMPORT, &[("text", text), ("_token", "t")])
        .await;
    assert_eq!(sent.status, 422);
    assert_eq!(things(&client).await.len(), 1);
}

#[tokio::test]
async fn files_that_are_no_tables_are_refused() {
    let client = superuser().await;
    let long = format!("name,count\n{}", "x,1\n".repeat(10_001));
    for (content, said) in [
        (&b""[..], "Choose a file first"),
        (b"\n\n", "The first line names no column"),
        (b"name,count\n", "no rows below"),
        (b"name,nothing\na,b\n", "There is no column"),
        (b"name,secret\na,b\n", "There is no column"),
        (b"name,Name\na,b\n", "is there twice"),
        (b"id\n1\n", "names no column that can be imported"),
        (b"name\ncaf\xe9\n", "not UTF-8"),
        (long.as_bytes(), "more than 10000 rows"),
    ] {
        let page = upload(&client, IMPORT, "file", content).await;
        assert_eq!(page.status, 422, "{said}: {}", page.body);
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let nul = look(&client, "name,count,note\na\0b,1,\n").await;
    assert_eq!(nul.status, 422, "{}", nul.body);
    let huge = upload(&client, IMPORT, "file", &vec![b'x'; 9 * 1024 * 1024]).await;
    assert_eq!(huge.status, 413);
    assert!(huge.body.contains("at most 8 MiB"), "{}", huge.body);
    assert!(things(&client).await.is_empty());
}

#[tokio::test]
async fn what_was_exported_comes_back_as_it_was() {
    let client = superuser().await;
    client
        .submit(
            &format!("{SHELF}/add"),
            &[("code", "a/b c%,ü"), ("room", "=1+1")],
        )
        .await;
    for (number, name) in [
        "=1+1",
        "'=1+1",
        "''@x",
        "-2.50",
        "'-2.50",
        "\"a\", b;c",
        "+49 30",
        "'q'",
        " x ",
    ]
    .iter()
    .enumerate()
    {
        let mark = format!("m{number}");
        let fields = [
            ("mark", &*mark),
            ("shelf_code", "a/b c%,ü"),
            ("note", "one\r\ntwo"),
            ("seen_at", "2024-02-29T10:00:00.000001"),
        ];
        add(&client, name, &fields).await;
    }
    let thing = thing::ActiveModel {
        name: Set("Old Mac".to_owned()),
        mark: Set(None),
        count: Set(1),
        loaned: Set(true),
        note: Set("one\rtwo\r\nthree".to_owned()),
        site: Set(Some(String::new())),
        ..Default::default()
    };
    thing.insert(&client.db).await.expect("it is added");
    let before = things(&client).await;
    let file = client.get(&format!("{THING}/export.csv")).await.body;
    assert!(!file.contains("secret") && file.contains("'=1+1"), "{file}");
    let page = look(&client, &file).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("All 10 rows are there already"),
        "{}",
        page.body
    );
    // One cell changed, and the file is one of new rows in an empty site.
    let page = look(&client, &file.replacen("+49 30", "+49 31", 1)).await;
    assert!(
        page.body
            .contains("<strong>0</strong> will be added and <strong>1</strong> changed"),
        "{}",
        page.body
    );
    assert_eq!(confirm(&client, &page).await.status, 303);
    let after = things(&client).await;
    let changed: Vec<&str> = before
        .iter()
        .zip(&after)
        .filter(|(old, new)| old != new)
        .map(|(_, new)| &*new.name)
        .collect();
    assert_eq!(changed, ["+49 31"]);
    let shelves = client.get(&format!("{SHELF}/export.csv")).await.body;
    let page = upload(
        &client,
        &format!("{SHELF}/import"),
        "file",
        shelves.as_bytes(),
    )
    .await;
    assert!(
        page.body.contains("All 1 rows are there already"),
        "{}",
        page.body
    );
    let other = superuser().await;
    let page = upload(
        &other,
        &format!("{SHELF}/import"),
        "file",
        shelves.as_bytes(),
    )
    .await;
    assert!(
        page.body.contains("<strong>1</strong> will be added"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn cells_are_inert_on_the_page_that_shows_them() {
    let client = superuser().await;
    let evil = "<img src=x onerror=alert(1)>";
    for text in [
        format!("name,count\n{evil},1\n"),
        format!("name,count\n{evil},{evil}\n"),
        format!("name,{evil}\nx,1\n"),
    ] {
        let page = look(&client, &text).await;
        assert!(!page.body.contains("<img src=x"), "{}", page.body);
    }
}
