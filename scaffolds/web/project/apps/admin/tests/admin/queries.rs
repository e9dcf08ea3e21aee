//! What the database is asked: no more for long lists than for short ones, and nothing that takes longer as the log grows.

use std::sync::{Arc, Mutex};

use platform::testing::{Client, database};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::common::{SHELF, THING, add, as_superuser, nobody_on};

/// What the database was asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Statement>>>);

impl Asked {
    /// A superuser's client, and what it asks.
    async fn superuser() -> (Client, Self) {
        let (asked, mut db) = (Self::default(), database().await);
        let statements = Arc::clone(&asked.0);
        db.set_metric_callback(move |info| {
            let mut statements = statements.lock().expect("nobody panicked");
            statements.push(info.statement.clone());
        });
        let client = as_superuser(&nobody_on(db).await, "s@example.org").await;
        (client, asked)
    }

    /// What an address asks.
    async fn by(&self, client: &Client, path: &str) -> Vec<Statement> {
        self.0.lock().expect("nobody panicked").clear();
        let answer = client.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        self.0.lock().expect("nobody panicked").clone()
    }
}

/// Makes so many things, each on a shelf of its own.
async fn fill(client: &Client, from: usize, until: usize) {
    for number in from..until {
        let code = number.to_string();
        let shelf = [("code", &*code), ("room", "Hall")];
        let answer = client.submit(&format!("{SHELF}/add"), &shelf).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        add(client, &format!("Thing {number}"), &[("shelf_code", &code)]).await;
    }
}

#[tokio::test]
async fn a_list_asks_no_more_for_many_rows_than_for_few() {
    let (client, asked) = Asked::superuser().await;
    fill(&client, 0, 3).await;
    let few = asked.by(&client, THING).await;
    fill(&client, 3, 40).await;
    let many = asked.by(&client, THING).await;
    assert_eq!(few.len(), many.len(), "{few:#?}\n{many:#?}");
    // The session, the rows, and the names of their shelves.
    assert!(many.len() <= 3, "{many:#?}");
    // How many there are is asked for where more follow.
    let part = asked.by(&client, &format!("{THING}?page_size=10")).await;
    assert_eq!(part.len(), many.len() + 1, "{part:#?}");
}

#[tokio::test]
async fn a_file_of_all_rows_is_one_query_and_is_sent_in_parts() {
    let (client, asked) = Asked::superuser().await;
    fill(&client, 0, 1).await;
    let path = format!("{THING}/export.csv");
    let few = asked.by(&client, &path).await;
    client
        .db
        .execute_unprepared(
            "INSERT INTO things (name, count, loaned, note) SELECT 'Copy ' || id, 1, loaned, '' FROM things",
        )
        .await
        .expect("the rows are made");
    for copies in 0..12 {
        let copy = format!(
            "INSERT INTO things (name, count, loaned, note) \
             SELECT '{copies} of ' || id, 1, loaned, '' FROM things"
        );
        let copied = client.db.execute_unprepared(&copy).await;
        copied.expect("the rows are made");
    }
    let file = client.get(&path).await;
    assert_eq!(file.body.lines().count(), 1 + (2 << 12));
    assert!(!file.headers.contains_key("content-length"));
    let many = asked.by(&client, &path).await;
    assert_eq!(few.len(), many.len(), "{many:#?}");
}

#[tokio::test]
async fn the_log_is_read_by_its_indexes() {
    let (client, asked) = Asked::superuser().await;
    fill(&client, 0, 1).await;
    let mut read = asked.by(&client, &format!("{THING}/1/history")).await;
    read.extend(asked.by(&client, "/admin").await);
    read.retain(|statement| statement.sql.contains("FROM \"admin_log\""));
    assert_eq!(read.len(), 2, "{read:#?}");
    for mut statement in read {
        if statement.db_backend != DatabaseBackend::Sqlite {
            continue;
        }
        statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let plan = client.db.query_all_raw(statement).await;
        for step in plan.expect("SQLite explains") {
            let step: String = step.try_get("", "detail").expect("a text");
            assert!(step.starts_with("SEARCH admin_log USING INDEX"), "{step}");
        }
    }
}

#[tokio::test]
async fn a_query_that_fails_is_no_empty_list() {
    let (client, _) = Asked::superuser().await;
    let dropped = client.db.execute_unprepared("DROP TABLE things").await;
    dropped.expect("it is dropped");
    for path in [
        THING,
        &format!("{THING}/1/change"),
        &format!("{THING}?page=2"),
        &format!("{THING}/export.csv"),
    ] {
        let page = client.get(path).await;
        assert_eq!(page.status, 500, "{path}: {}", page.body);
        assert!(page.body.contains("<h1"), "{}", page.body);
        assert!(!page.body.contains("no such table"), "{}", page.body);
    }
}
