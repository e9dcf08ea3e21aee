//! What each type of field takes and refuses.

use serde_json::{Value, json};

/// What one type takes, what it refuses, and what a list filters by.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) good: Vec<Value>,
    pub(super) bad: Vec<Value>,
}

fn field(name: &'static str, good: Value, bad: Value) -> Field {
    let values = |list| serde_json::from_value(list).expect("a list");
    Field {
        name,
        good: values(good),
        bad: values(bad),
    }
}

pub(super) fn fields() -> Vec<Field> {
    let long = "x".repeat(41);
    let text_but_nul = json!([null, 5, {}, "a\0"]);
    vec![
        field(
            "title",
            json!(["x", "é".repeat(40), " "]),
            json!(["", long, null, 5, "\0"]),
        ),
        field("body", json!(["x", "long ".repeat(10_000)]), text_but_nul),
        field(
            "count",
            json!([0, -1, i32::MAX, i32::MIN]),
            json!([
                i64::from(i32::MAX) + 1,
                i64::MIN,
                u64::MAX,
                1.5,
                1e300,
                "1",
                null,
                true,
                []
            ]),
        ),
        field(
            "big",
            json!([0, i64::MAX, i64::MIN]),
            json!([i64::MAX as u64 + 1, u64::MAX, 1e19, 0.1, "1", null]),
        ),
        field(
            "small",
            json!([0, i16::MAX, i16::MIN]),
            json!([32_768, -32_769, 0.5, "1", null]),
        ),
        field(
            "ratio",
            json!([0.0, 0.5, -1.25, 1e30, 7]),
            json!([1e39, -1e300, "NaN", "1", null, true]),
        ),
        field(
            "score",
            json!([0.0, 0.1, -1.25, 1e308, 5e-324, 7]),
            json!(["NaN", "inf", "1", null]),
        ),
        field(
            "price",
            json!(["0", "123456.78", "-999999.99", "0.01", 5, 0.25]),
            json!(["1234567", "0.001", "x", "", "1,5", "NaN", 1e9, null, true]),
        ),
        field(
            "active",
            json!([true, false]),
            json!([1, 0, "true", "", null]),
        ),
        field(
            "day",
            json!(["0001-01-01", "2024-02-29", "9999-12-31"]),
            json!([
                "2025-02-30",
                "0000-01-01",
                "-0001-01-01",
                "10000-01-01",
                "+12025-01-01",
                "",
                "now",
                5,
                null
            ]),
        ),
        field(
            "clock",
            json!(["00:00:00", "23:59:59", "12:30:15.123456"]),
            json!(["24:00:00", "12:60:00", "23:59:60", "noon", "", 12, null]),
        ),
        field(
            "moment",
            json!([
                "2025-01-01T00:00:00Z",
                "2024-02-29T12:00:00.123456Z",
                "2025-06-30T12:00:00+02:00",
                "0001-01-02T00:00:00Z",
                "9999-12-30T23:59:59Z"
            ]),
            json!([
                "2025-01-01",
                "2025-13-01T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "10000-01-01T00:00:00Z",
                "2025-01-01T25:00:00Z",
                "now",
                "",
                1,
                null
            ]),
        ),
        field(
            "code",
            json!([
                "00000000-0000-0000-0000-000000000000",
                "67e55044-10b1-426f-9247-bb680e5fe0c8"
            ]),
            json!([
                "67e55044",
                "zzzzzzzz-10b1-426f-9247-bb680e5fe0c8",
                "",
                5,
                null
            ]),
        ),
        field(
            "data",
            json!([{}, [], {"a": [1, 2.5, null, "é", {"b": true}]}, "text", 5, false]),
            json!([{"a": "\0"}, "\0", {"\0": 1}]),
        ),
        field(
            "blob",
            json!(["", "AA==", "AAEC/w==", "AAAA".repeat(1000)]),
            json!(["*", "AA", "A", "AA=", 5, [0], null]),
        ),
        field(
            "mail",
            json!(["a@example.com", "first.last+tag@sub.example.org"]),
            json!([
                "",
                "a",
                "a@",
                "@b.c",
                "a b@c.d",
                "a@b@c.d",
                format!("{}@example.com", "a".repeat(255)),
                5,
                null
            ]),
        ),
        field(
            "link",
            json!(["https://example.com", "http://example.com:8080/a/b?c=d#e"]),
            json!([
                "",
                "example.com",
                "javascript:alert(1)",
                "ftp://example.com",
                "https://",
                "https://a b",
                5,
                null
            ]),
        ),
        field(
            "handle",
            json!(["a", "a-b_C9"]),
            json!(["", "a b", "é", "a/b", "\0", 5, null]),
        ),
        field(
            "color",
            json!(["red", "light-blue"]),
            json!(["", "blue", "Red", "light_blue", 0, null]),
        ),
        field("type", json!([null, "x"]), json!(["12345678901", 5])),
        field("order", json!([null, 0, -5]), json!(["x", 0.5, u64::MAX])),
        field("nickname", json!([null, "Q"]), json!(["x".repeat(21), 5])),
        field("editor_id", json!([null]), json!(["x", 0.5, u64::MAX, {}])),
        field("ticket_id", json!([null]), json!(["x", 5, "67e55044"])),
    ]
}
