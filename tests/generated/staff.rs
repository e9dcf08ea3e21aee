//! The admin of models with every type of field: CSV files there and back, lists and children that are edited, actions of
//! one's own, and values that make no sense.

use serde_json::{Value, json};

use crate::accessible;
use crate::admin::{PASSWORD, STAFF, hidden};
use crate::browser::Browser;
use crate::client::{Answer, Client};
use crate::fields;
use crate::project::Project;

const MAYBES: &str = "/admin/shop/maybe";
const THINGS: &str = "/admin/shop/thing";

/// What an owner writes into the files of the admin.
pub(crate) fn declare(project: &Project) {
    let file = |model: &str| format!("apps/shop/src/admin/{model}.rs");
    let declare = |model: &str, more: &str| {
        let text = project.sandbox.read(file(model));
        let end = "    ..Options::DEFAULT";
        assert!(text.contains(end), "{text}");
        let text = text.replace(end, &format!("{more}{end}"));
        project.sandbox.write(file(model), text);
    };
    declare(
        "thing",
        "    editable: &[Column::Count, Column::Big, Column::Ratio, Column::Score],\n",
    );
    declare(
        "leaf",
        "    inline: &[Column::ThingId],\n    actions: &[Action::run(\"Grow\", &grow)],\n",
    );
    let text = project.sandbox.read(file("leaf"));
    let text = text
        .replace("use admin::{Model, Options};\n", "use admin::{Action, Model, Options, Selection};\nuse platform::Result;\nuse sea_orm::{ActiveModelTrait, IntoActiveModel, Set};\n")
        .replace("const OPTIONS", GROW);
    project.sandbox.write(file("leaf"), text);
    let manifest = project.sandbox.read("apps/shop/Cargo.toml");
    assert!(manifest.contains("sea-orm"), "{manifest}");
}

const GROW: &str = "/// One more of each.
async fn grow(leaves: &Selection) -> Result<()> {
    for leaf in leaves.rows::<Entity>().await? {
        let many = leaf.many + 1;
        let mut leaf = leaf.into_active_model();
        leaf.many = Set(many);
        leaf.update(&leaves.db).await?;
    }
    Ok(())
}

const OPTIONS";

pub(crate) fn walk(project: &Project, site: &Client, database: &str) {
    let line = ["createsuperuser", STAFF, "--password-stdin"];
    project.program(&line, PASSWORD, database);
    let staff = site.signed_in(STAFF, PASSWORD);
    let maker = site
        .post("/api/makers", &json!({ "name": "<i>Selmer</i>" }))
        .status(201)
        .json();
    let thing = site
        .post("/api/things", &fields::thing(&maker["id"]))
        .status(201)
        .json();
    too_large(&staff);
    there_and_back(&staff);
    list_and_children(&staff, &thing);
    names(site, &thing);
    // SQLite takes much that PostgreSQL refuses, and browsers do not care which it is.
    match database.starts_with("postgres") {
        true => odd_values(&staff, &thing),
        false => in_a_browser(&staff, &thing),
    }
}

/// Pages show what a row refers to by its name, and offer it by that in forms.
fn names(site: &Client, thing: &Value) {
    let page = "/things";
    let row = format!("{page}/{}", thing["id"]);
    let text = site.get_as(&row, "text/html").status(200).text();
    let text = text.replace("&#x2f;", "/");
    let link = format!(
        "<a href=\"/api/makers/{}\">&lt;i&gt;Selmer&lt;/i&gt;</a>",
        thing["maker_id"]
    );
    assert!(text.contains(&link), "{link}: {text}");
    for address in [format!("{page}/new"), format!("{row}/edit")] {
        let text = site.get_as(&address, "text/html").status(200).text();
        let (_, select) = text
            .split_once("<select id=\"maker_id\"")
            .expect("a select");
        let (select, _) = select.split_once("</select>").expect("it ends");
        assert!(select.contains("&lt;i&gt;Selmer"), "{select}");
        assert_eq!(
            select.contains(" selected"),
            address.ends_with("edit"),
            "{select}"
        );
    }
    // What is no row stays what was typed.
    let refused = site.submit(&format!("{page}/new"), &[("maker_id", "<b>")]);
    let text = refused.status(422).text();
    assert!(text.contains("value=\"&lt;b&gt;\" selected"), "{text}");
}

/// A form with a file.
fn upload(staff: &Client, path: &str, content: &str) -> Answer {
    let body = format!(
        "--boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{content}\r\n--boundary--\r\n"
    );
    let kind = "multipart/form-data; boundary=boundary";
    staff.post_raw(path, Some(kind), body.as_bytes())
}

/// A file that is too large leaves the form as it was typed, and one that fits is stored byte for byte.
fn too_large(staff: &Client) {
    let part = |name: &str, content: &[u8]| {
        let head = format!("--boundary\r\nContent-Disposition: form-data; name={name}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    // Three bytes are four characters of base64: `AP8K`.
    let form = |path: &str, triples: usize| {
        let parts = [
            part("\"title\"", b"Kept <i>"),
            part(
                "\"blob\"; filename=\"blob\"",
                &b"\x00\xff\n".repeat(triples),
            ),
            part("\"handle\"", b"typed-after"),
            b"--boundary--\r\n".to_vec(),
        ];
        let kind = "multipart/form-data; boundary=boundary";
        staff.post_raw(path, Some(kind), &parts.concat())
    };
    let count = |staff: &Client| staff.get("/api/maybes").json()["count"].clone();
    for path in [format!("{MAYBES}/add"), "/maybes/new".to_owned()] {
        let before = count(staff);
        for triples in [1 << 20, 6 << 20] {
            let page = form(&path, triples).status(413).text();
            for part in [
                "<title>Error: ",
                "Blob is too large: at most 2 MiB",
                "value=\"Kept &lt;i&gt;\"",
                "value=\"typed-after\"",
            ] {
                assert!(page.contains(part), "{path}: {part}: {page}");
            }
        }
        assert_eq!(count(staff), before);
        form(&path, 349_525).status(303);
        let rows = staff.get("/api/maybes?ordering=-id").json()["results"].clone();
        assert!(rows[0]["blob"] == "AP8K".repeat(349_525), "{path}");
        staff
            .delete(&format!("/api/maybes/{}", rows[0]["id"]))
            .status(204);
    }
}

/// What was exported is found unchanged, and makes the same rows where they are not.
fn there_and_back(staff: &Client) {
    let mut maybe = fields::thing(&Value::Null);
    for (name, value) in [
        ("blob", "AP8x"),
        ("title", "=1+1"),
        ("body", "a\n'b';\"c\""),
    ] {
        maybe[name] = json!(value);
    }
    maybe["color"] = json!("green");
    maybe["data"] = json!("text");
    staff.post("/api/maybes", &json!({})).status(201);
    staff.post("/api/maybes", &maybe).status(201);
    maybe["data"] = json!({ "a": [1.5, null, "ä"] });
    maybe["active"] = json!(false);
    maybe["moment"] = json!("2024-02-29T13:30:05.000001Z");
    staff.post("/api/maybes", &maybe).status(201);
    for model in [MAYBES, THINGS, "/admin/shop/maker"] {
        let file = staff.get(&format!("{model}/export.csv")).status(200).text();
        let page = upload(staff, &format!("{model}/import"), &file);
        let text = page.text();
        assert!(text.contains("are there already"), "{file}\n{text}");
    }
    let file = staff.get(&format!("{MAYBES}/export.csv")).text();
    let without_id: String = file
        .split_inclusive("\r\n")
        .map(|line| match line.split_once(',') {
            Some((id, rest)) if id == "id" || id.parse::<u64>().is_ok() => rest,
            _ => line,
        })
        .collect();
    let page = upload(staff, &format!("{MAYBES}/import"), &without_id);
    let text = page.status(200).text();
    assert!(text.contains("<strong>3</strong> will be added"), "{text}");
    let sent = [
        ("text", hidden(&text, "text")),
        ("_token", hidden(&text, "_token")),
    ];
    let sent: Vec<_> = sent.iter().map(|(name, text)| (*name, &**text)).collect();
    staff.submit(&format!("{MAYBES}/import"), &sent).status(303);
    let rows = staff.get("/api/maybes?ordering=id").json()["results"].clone();
    let mut rows = rows.as_array().expect("rows").clone();
    for row in &mut rows {
        row["id"] = Value::Null;
    }
    assert_eq!(rows.len(), 6, "{rows:#?}");
    let (old, new) = rows.split_at(3);
    assert_eq!(old, new);
}

fn list_and_children(staff: &Client, thing: &Value) {
    let page = staff.get(THINGS).status(200).text();
    let (id, was) = (hidden(&page, "row-0-_id"), hidden(&page, "row-0-_was"));
    assert_eq!(id, thing["id"].to_string());
    let line = |count: &'static str| {
        let pairs = [
            ("row-0-_id", &*id),
            ("row-0-_was", &*was),
            ("row-0-count", count),
        ];
        pairs.map(|(name, value)| (name, value.to_owned()))
    };
    for (count, status) in [("x", 422), ("2147483648", 422), ("41", 303)] {
        let sent = line(count);
        let sent: Vec<_> = sent.iter().map(|(name, text)| (*name, &**text)).collect();
        staff.submit(THINGS, &sent).status(status);
    }
    let api = format!("/api/things/{id}");
    let mut wanted = thing.clone();
    wanted["count"] = json!(41);
    assert_eq!(staff.get(&api).json(), wanted, "and nothing else");

    let form = format!("{THINGS}/{id}/change");
    let page = staff.get(&form).status(200).text();
    let group = "shop.leaf.thing_id-1000-";
    assert!(page.contains(&format!("name=\"{group}word\"")), "{page}");
    let (word, many) = (format!("{group}word"), format!("{group}many"));
    let (color, was) = (format!("{group}color"), format!("{group}_was"));
    let before = hidden(&page, &was);
    let opened = hidden(&page, "_was");
    let opened: Value = serde_json::from_str(&opened).expect("it is JSON");
    let mut sent: Vec<(&str, &str)> = opened
        .as_object()
        .expect("fields")
        .iter()
        .filter(|(name, _)| *name != "tags" && *name != "blob")
        .map(|(name, text)| (name.as_str(), text.as_str().expect("text")))
        .collect();
    let leaf = [
        (&*word, "fresh"),
        (&*many, "4"),
        (&*color, "red"),
        (&*was, &*before),
    ];
    sent.extend(leaf);
    staff.submit(&form, &sent).status(303);
    assert_eq!(staff.get(&api).json(), wanted, "the thing is as it was");
    let leaves = staff.get("/api/leaves").json()["results"].clone();
    assert_eq!(leaves.as_array().map(Vec::len), Some(1), "{leaves}");
    assert_eq!(
        (&leaves[0]["word"], &leaves[0]["many"]),
        (&json!("fresh"), &json!(4))
    );
    let leaf = leaves[0]["id"].to_string();
    let grow = [("action", "own-0"), ("id", &leaf), ("_confirmed", "1")];
    staff.submit("/admin/shop/leaf/action", &grow).status(303);
    assert_eq!(staff.get("/api/leaves").json()["results"][0]["many"], 5);
}

/// Every field with everything, by the form, in the list, on the parent's page and by a file: never a failure.
fn odd_values(staff: &Client, thing: &Value) {
    let values = [
        "",
        " ",
        "0",
        "-1",
        "1e5",
        "1e400",
        "NaN",
        "99999999999999999999",
        "0.005",
        "true",
        "x\0y",
        "é\u{202e}",
        "{",
        "[]",
        "\"\u{fffd}\"",
        "2024-02-30",
        "2024-02-29",
        "9999-12-31T23:59:60",
        "24:00",
        "<script>evil()</script>",
        "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "javascript:alert(1)",
        "a@b",
        "AP8x",
        "=1+1",
    ];
    let whole = thing.as_object().expect("fields");
    for name in whole.keys() {
        for value in values {
            for path in [
                format!("{MAYBES}/add"),
                format!("{THINGS}/{}/change", thing["id"]),
            ] {
                let answer = staff.submit(&path, &[(name, value)]);
                assert!(
                    [303, 409, 422].contains(&answer.code),
                    "{name}={value}: {}",
                    answer.code
                );
                assert!(
                    answer.code == 303 || !answer.text().contains("<script>evil"),
                    "{name}"
                );
            }
        }
        let cells: Vec<String> = values
            .iter()
            .map(|value| format!("\"{}\"", value.replace('"', "\"\"")))
            .collect();
        let file = format!("{name}\n{}\n", cells.join("\n"));
        let answer = upload(staff, &format!("{MAYBES}/import"), &file);
        assert!([200, 422].contains(&answer.code), "{name}: {}", answer.code);
        assert!(!answer.text().contains("<script>evil"), "{name}");
    }
    for name in ["count", "big", "ratio", "score", "nonsense"] {
        for value in values {
            let field = format!("row-0-{name}");
            let id = thing["id"].to_string();
            let sent = [("row-0-_id", &*id), ("row-0-_was", "{}"), (&*field, value)];
            let answer = staff.submit(THINGS, &sent);
            assert!(
                [303, 422].contains(&answer.code),
                "{name}={value}: {}",
                answer.code
            );
        }
    }
}

/// Lookups, boxes that tick all, and nothing that the site's own security policy forbids.
fn in_a_browser(staff: &Client, thing: &Value) {
    let Some(mut browser) = Browser::open(&format!("{}/account/login", staff.base)) else {
        return;
    };
    for number in 0..120 {
        let maker = json!({ "name": format!("Maker {number}") });
        staff.post("/api/makers", &maker).status(201);
    }
    browser.fill("#email", STAFF);
    browser.fill("#password", PASSWORD);
    browser.click("main button");
    browser.until("location.pathname != '/account/login'");
    browser.go(&format!("{}{THINGS}/{}/change", staff.base, thing["id"]));
    browser.fill("#maker_id", "Maker 11");
    let found = browser.until("document.querySelectorAll('#maker_id-choices option').length == 11 && document.querySelector('#maker_id-choices').innerHTML");
    assert!(
        found
            .as_str()
            .is_some_and(|found| found.contains("Maker 119")),
        "{found}"
    );
    browser.go(&format!("{}{MAYBES}", staff.base));
    browser.click("thead .corner input");
    let said = browser.until("document.querySelector('.bar output').textContent");
    let said = said.as_str().expect("text");
    let (ticked, all) = said.split_once(" of ").expect("a count");
    assert!(all.starts_with(ticked), "{said}");
    let row = format!("{THINGS}/{}", thing["id"]);
    let addresses = [
        THINGS.to_owned(),
        format!("{MAYBES}?search=nothing"),
        format!("{THINGS}/add"),
        format!("{row}/change"),
        format!("{row}/delete"),
        format!("{row}/history"),
        format!("{MAYBES}/import"),
        "/things".to_owned(),
        format!("/things/{}", thing["id"]),
        format!("/things/{}/edit", thing["id"]),
        "/api/things".to_owned(),
    ];
    let addresses = addresses.map(|path| format!("{}{path}", staff.base));
    accessible::read(browser, &addresses).is_content();
    // Of more rows than a form lists the key is typed, and what it stands for is said.
    let edit = format!("/things/{}/edit", thing["id"]);
    let edit = staff.get_as(&edit, "text/html").status(200).text();
    assert!(!edit.contains("<select id=\"maker_id\""), "{edit}");
    assert!(edit.contains("This is &lt;i&gt;Selmer"), "{edit}");
}
