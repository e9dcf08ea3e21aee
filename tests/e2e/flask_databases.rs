//! The `flask` pack on servers: every type of field keeps its value, and no value is an error of the server.

use super::flask::bookstore;
use crate::common::Outcome;
use crate::common::databases::Database;
use crate::common::servers::validators;

/// Asks the site for what databases differ in. Prints each answer that is not the expected one.
const PROBE: &str = r#"import os

from app import create_app, settings

variables = {"DEBUG": "true", "DATABASE_URL": os.environ["DATABASE_URL"]}
client = create_app(settings.load(variables)).test_client()


def expect(status, response):
    if response.status_code != status:
        print(status, response.request.path, response.status_code, response.text)
    return response.json


author = {"name": "Émile 🙂", "born": "0001-01-01", "code": "a"}
expect(200, client.get("/readyz"))
expect(201, client.post("/api/authors", json=author))
expect(409, client.post("/api/authors", json=author))
expect(422, client.post("/api/authors", json=author | {"name": "x" * 101, "code": "b"}))
assert expect(200, client.get("/api/authors?search=émile"))["count"] == 1
assert expect(200, client.get("/api/authors?search=%25"))["count"] == 0
sent = {
    "author_id": 1,
    "price": "12.30",
    "read": "2024-02-29T23:59:59.123456Z",
    "at": "23:59:59.5",
    "more": {"a": [1, None, "🙂"]},
    "uuid": "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    "score": 1.5e308,
    "big": 9223372036854775807,
    "ok": False,
}
made = expect(201, client.post("/api/books", json=sent))
kept = expect(200, client.get("/api/books/1"))
assert made == kept, (made, kept)
differs = {name: kept[name] for name in sent if kept[name] != sent[name]}
assert differs == {"at": "23:59:59.500000"}, differs
for field, value in sent.items():
    if field != "more":
        found = expect(200, client.get("/api/books", query_string={field: str(value)}))
        assert found["count"] == 1, (field, found)
for wrong in [
    {"author_id": 999},
    {"author_id": 99999999999},
    {"price": "123456789.00"},
    {"big": 9223372036854775808},
    {"more": ["\0"]},
    {"at": "24:00"},
]:
    expect(422, client.post("/api/books", json=sent | wrong))
expect(409, client.delete("/api/authors/1"))
for number in [2**31, 2**63 - 1, 2**63]:
    expect(404, client.get(f"/api/authors/{number}"))
expect(204, client.delete("/api/books/1"))
"#;

fn values_are_kept(database: &Database, driver: &str) {
    let Some(tools) = validators() else { return };
    let sandbox = bookstore(&["--database", &format!("sqlite,{driver}")]);
    let path = std::env::var("PATH").unwrap_or_default();
    let run = |args: &[&str]| {
        let mut command = sandbox.command(args);
        command
            .env("PATH", format!("{}:{path}", tools.display()))
            .env("DATABASE_URL", &database.url);
        Outcome::of(&mut command).success()
    };
    run(&["startapp", "books"]);
    let author = ["name:string(100)", "born:date", "code:string(20):unique"];
    run(&[&["startmodel", "books", "Author"][..], &author].concat());
    let book = [
        "author:ref(books.Author)",
        "price:decimal(10,2)",
        "read:datetime",
        "at:time",
        "more:json",
        "uuid:uuid",
        "score:double",
        "big:bigint",
        "ok:bool",
    ];
    run(&[&["startmodel", "books", "Book"][..], &book].concat());
    run(&["makemigrations", "-m", "books"]);
    run(&["migrate"]);
    run(&["makemigrations"]).stderr_has("No changes detected.");
    sandbox.write("probe.py", PROBE);
    let mut python = std::process::Command::new(tools.join("uv"));
    python
        .args(["run", "--quiet", "python", "probe.py"])
        .env("DATABASE_URL", &database.url)
        .current_dir(sandbox.path(""));
    let said = Outcome::of(&mut python).success();
    assert_eq!(said.stdout, "", "{}", said.stdout);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn postgres_keeps_every_value() {
    values_are_kept(&Database::postgres(), "postgres");
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn mysql_keeps_every_value() {
    values_are_kept(&Database::mysql(), "mysql");
}
