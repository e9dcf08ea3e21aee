//! The HTTP contract of every type of field, walked on a model that has them all.

mod types;

use serde_json::{Value, json};

use crate::chapters;
use crate::client::Client;
use crate::views;
use types::{Field, fields};

/// The models: `luthier startmodel` lines.
pub(crate) const MODELS: &[&str] = &[
    "startmodel shop Maker name:string(50):unique",
    "startmodel shop Tag word:slug:unique",
    "startmodel shop Ticket code:string(8) note:text? --pk uuid",
    "startmodel shop Thing title:string(40) body:text count:int big:bigint small:smallint ratio:float score:double \
     price:decimal(8,2) active:bool day:date clock:time moment:datetime code:uuid data:json blob:bytes mail:email \
     link:url handle:slug:index color:enum(red,green,light-blue) maker:ref(shop.Maker) ticket:one(shop.Ticket)? \
     editor:ref(shop.Maker,on_delete=set_null)? tags:many(shop.Tag) type:string(10)? order:int? \
     nickname:string(20)?:unique --pages",
    "startmodel shop Leaf thing:ref(shop.Thing,on_delete=cascade) word:string(9)=green many:int=3 sure:bool=true \
     color:enum(red,green)=green",
    "startmodel shop Maybe title:string(40)? body:text? count:int? big:bigint? small:smallint? ratio:float? \
     score:double? price:decimal(8,2)? active:bool? day:date? clock:time? moment:datetime? code:uuid? data:json? \
     blob:bytes? mail:email? link:url? handle:slug? color:enum(red,green)? --pages",
];

const THINGS: &str = "/api/things";

pub(crate) fn walk(site: &Client) {
    let maker = id(site, "/api/makers", &json!({ "name": "Reinhardt" }));
    let whole = thing(&maker);
    let made = site.post(THINGS, &whole).status(201);
    let location = made.header("location").to_owned();
    chapters::walk(fields().into_iter().map(|field| {
        let (whole, location) = (&whole, &location);
        (field.name, move || one_field(site, &field, whole, location))
    }));
    for field in ["title", "body"] {
        views::shows_text_as_text(site, &location, &whole, field);
    }
    numbers_beyond_all(site, &whole);
    site.delete(&location).status(204);

    chapters::walk(OTHERS.iter().map(|(name, chapter)| {
        let maker = &maker;
        (*name, move || chapter(site, maker))
    }));
    clear(site);
}

type Chapter = (&'static str, fn(&Client, &Value));

const OTHERS: &[Chapter] = &[
    ("filters", filters),
    ("nulls", nulls),
    ("defaults", defaults),
    ("references", references),
    ("uuid keys", uuid_keys),
];

/// Makes a row; its `id`.
#[track_caller]
fn id(site: &Client, list: &str, body: &Value) -> Value {
    site.post(list, body).status(201).json()["id"].clone()
}

pub(crate) fn thing(maker: &Value) -> Value {
    let mut thing = json!({ "maker_id": maker });
    for field in fields() {
        thing[field.name] = field.good[0].clone();
    }
    thing
}

/// Equal but for how numbers and moments are spelled.
fn same(sent: &Value, got: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_f64(),
    };
    let moment = |value: &Value| chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok();
    sent == got
        || number(sent).is_some_and(|sent| {
            number(got).is_some_and(|got| (sent - got).abs() <= sent.abs() * 1e-7)
        })
        || moment(sent).is_some_and(|sent| moment(got) == Some(sent))
}

fn one_field(site: &Client, field: &Field, whole: &Value, location: &str) {
    let name = field.name;
    for good in &field.good {
        let patched = site
            .patch(location, &json!({ name: good }))
            .status(200)
            .json();
        assert!(
            same(good, &patched[name]),
            "sent {good}, got {}",
            patched[name]
        );
        assert_eq!(site.get(location).status(200).json(), patched, "{good}");
        // What was answered is accepted back, and changes nothing.
        assert_eq!(
            site.put(location, &patched).status(200).json(),
            patched,
            "{good}"
        );
        views::saved_as_it_is(site, location.trim_start_matches("/api"));
    }
    let before = site.get(location).json();
    let mut accepted = Vec::new();
    for bad in &field.bad {
        let mut body = whole.clone();
        body[name] = bad.clone();
        for answer in [
            site.post(THINGS, &body),
            site.put(location, &body),
            site.patch(location, &json!({ name: bad })),
        ] {
            if answer.code < 300 {
                accepted.push(bad);
            } else {
                answer.invalid(name);
            }
        }
    }
    assert!(accepted.is_empty(), "accepted: {accepted:?}");
    assert_eq!(
        site.get(location).json(),
        before,
        "a refused value changed something"
    );
}

/// A number no float can hold is no number for anybody.
fn numbers_beyond_all(site: &Client, whole: &Value) {
    let huge = whole
        .to_string()
        .replace("\"score\":0.0", "\"score\":1e400");
    assert!(huge.contains("1e400"));
    site.post_raw(THINGS, Some("application/json"), huge.as_bytes())
        .problem_of(&[400, 422]);
}

fn filters(site: &Client, maker: &Value) {
    let location = site
        .post(THINGS, &thing(maker))
        .status(201)
        .header("location")
        .to_owned();
    let made = site.get(&location).json();
    for name in [
        "title", "count", "big", "small", "active", "day", "code", "mail", "link", "handle",
        "color", "maker_id",
    ] {
        let value = made[name]
            .as_str()
            .map_or(made[name].to_string(), str::to_owned);
        let list = site
            .get(&format!("{THINGS}?{name}={value}"))
            .status(200)
            .json();
        assert_eq!(list["count"], 1, "{name}={value}");
        for order in [name.to_owned(), format!("-{name}")] {
            site.get(&format!("{THINGS}?ordering={order}")).status(200);
        }
    }
    for bad in [
        "count=x",
        "count=2147483648",
        "big=9223372036854775808",
        "small=99999",
        "active=maybe",
        "day=2025-02-30",
        "code=x",
        "color=blue",
        "maker_id=x",
        "moment=x",
        "clock=25:00",
        "price=x",
        "ordering=data",
        "ordering=tags",
    ] {
        site.get(&format!("{THINGS}?{bad}")).problem(400);
    }
    site.delete(&location).status(204);
}

/// Absent and null are one thing when a row is made, and two when it is changed.
fn nulls(site: &Client, _: &Value) {
    let made = site.post("/api/maybes", &json!({})).status(201);
    let location = made.header("location").to_owned();
    let mut expected = made.json();
    let names: Vec<String> = expected
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    assert_eq!(names.len(), 20);
    for field in fields()
        .into_iter()
        .filter(|field| names.iter().any(|name| name == field.name))
    {
        assert_eq!(expected[field.name], Value::Null);
        let filled = site
            .patch(&location, &json!({ field.name: field.good[0] }))
            .status(200)
            .json();
        assert!(
            same(&field.good[0], &filled[field.name]),
            "{}: {filled}",
            field.name
        );
        let kept = site.patch(&location, &json!({})).status(200).json();
        assert_eq!(kept, filled, "an absent {} was changed", field.name);
        views::saved_as_it_is(site, location.trim_start_matches("/api"));
        let emptied = site
            .patch(&location, &json!({ field.name: null }))
            .status(200)
            .json();
        assert_eq!(emptied, expected, "{}", field.name);
        site.patch(&location, &json!({ field.name: field.good[0] }))
            .status(200);
        expected = site.put(&location, &json!({})).status(200).json();
        assert_eq!(expected[field.name], Value::Null, "PUT replaces");
    }
    site.delete(&location).status(204);
}

fn defaults(site: &Client, maker: &Value) {
    let thing = id(site, THINGS, &thing(maker));
    let leaf = site
        .post("/api/leaves", &json!({ "thing_id": thing }))
        .status(201)
        .json();
    let expected = json!({ "id": leaf["id"], "thing_id": thing, "word": "green", "many": 3, "sure": true, "color": "green" });
    assert_eq!(leaf, expected);
    let other =
        json!({ "thing_id": thing, "word": "red", "many": 0, "sure": false, "color": "red" });
    let other = site.post("/api/leaves", &other).status(201).json();
    assert_eq!((&other["many"], &other["sure"]), (&json!(0), &json!(false)));
    site.delete(&format!("{THINGS}/{thing}")).status(204);
}

fn references(site: &Client, maker: &Value) {
    let ticket = id(site, "/api/tickets", &json!({ "code": "A" }));
    let mut first = thing(maker);
    first["ticket_id"] = ticket.clone();
    first["editor_id"] = id(site, "/api/makers", &json!({ "name": "Gone soon" }));
    let thing_id = id(site, THINGS, &first);
    let location = format!("{THINGS}/{thing_id}");

    // Nobody there to refer to.
    let mut lost = thing(maker);
    lost["maker_id"] = 999_999.into();
    site.post(THINGS, &lost).problem(409);
    site.patch(&location, &json!({ "maker_id": 999_999 }))
        .problem(409);
    // `one` is given once.
    let problem = site.post(THINGS, &first).problem(409);
    assert!(problem["errors"]["ticket_id"][0].is_string(), "{problem}");

    // What becomes of references: restrict, set_null, cascade.
    site.delete(&format!("/api/makers/{maker}")).problem(409);
    site.delete(&format!("/api/makers/{}", first["editor_id"]))
        .status(204);
    assert_eq!(site.get(&location).json()["editor_id"], Value::Null);
    let leaf = id(site, "/api/leaves", &json!({ "thing_id": thing_id }));
    site.delete(&location).status(204);
    site.get(&format!("/api/leaves/{leaf}")).problem(404);
    let ticket = ticket.as_str().expect("a UUID");
    site.delete(&format!("/api/tickets/{ticket}")).status(204);
}

fn uuid_keys(site: &Client, _: &Value) {
    let made = site
        .post("/api/tickets", &json!({ "code": "B" }))
        .status(201);
    let location = made.header("location").to_owned();
    let ticket = made.json();
    let id = ticket["id"].as_str().expect("a UUID");
    assert_eq!(id.len(), 36);
    assert!(location.ends_with(id), "{location}");
    assert_eq!(site.get(&location).status(200).json(), ticket);
    site.get("/api/tickets/00000000-0000-0000-0000-000000000000")
        .problem(404);
    for bad in ["1", "x", "67e55044", "%00"] {
        site.get(&format!("/api/tickets/{bad}"))
            .problem_of(&[400, 404]);
    }
    site.delete(&location).status(204);
}

fn clear(site: &Client) {
    for list in ["leaves", "things", "maybes", "tickets", "tags", "makers"] {
        let rows = site
            .get(&format!("/api/{list}?page_size=100"))
            .status(200)
            .json();
        for row in rows["results"].as_array().expect("results") {
            let id = row["id"]
                .as_str()
                .map_or(row["id"].to_string(), str::to_owned);
            site.delete(&format!("/api/{list}/{id}")).status(204);
        }
    }
}
