//! A pairwise cover of what `startmodel` takes: every two of the choices below meet in some model.
//!
//! What goes wrong in a generator mostly takes two choices (D. R. Kuhn, D. R. Wallace, A. M. Gallo: "Software Fault
//! Interactions and Implications for Software Testing", 2004). The models are chosen greedily: each field is the one
//! that brings most new pairs together.

use crate::admin::PASSWORD;
use crate::client::Client;
use crate::project::Project;

/// A type, and a value that can be its default.
const TYPES: [(&str, Option<&str>); 22] = [
    ("string(60)", Some("it's")),
    ("string", Some("none")),
    ("text", None),
    ("int", Some("-7")),
    ("bigint", Some("3000000000")),
    ("smallint", Some("-32768")),
    ("float", Some("1.5")),
    ("double", Some("1e300")),
    ("decimal(10,2)", Some("-9.90")),
    ("bool", Some("true")),
    ("date", Some("2024-02-29")),
    ("time", Some("13:30")),
    ("datetime", Some("2020-02-29T12:00:00Z")),
    ("uuid", Some("67e55044-10b1-426f-9247-bb680e5fe0c8")),
    ("json", None),
    ("bytes", None),
    ("email", Some("info@example.com")),
    ("url", Some("https://example.com/")),
    ("slug", Some("a-b_c")),
    ("enum(draft,in-stock)", Some("in-stock")),
    ("ref(shop.Tag)", None),
    ("one(shop.Tag)", None),
];

/// What follows the type; `=` stands for its default.
const OPTIONS: [&str; 6] = ["", "?", ":unique", ":index", "=", "?="];

/// Words of Rust, SeaORM, axum, SQL and each database, plurals, short names and long ones.
const NAMES: [&str; 26] = [
    "type",
    "where",
    "await",
    "entity",
    "column",
    "relation",
    "active_model",
    "state",
    "json",
    "body",
    "select",
    "order",
    "group",
    "user",
    "rank",
    "rows",
    "rowid",
    "series",
    "news",
    "x",
    "a_b_c",
    "part_2",
    "r_where",
    "self_made",
    "the_first_of_all_names_longer_than_lines_allow",
    "quite_ordinary",
];

const MODELS: [&str; 12] = [
    "Order",
    "Series",
    "X",
    "TheLongestNameOfAModelThatAnybodyEverTyped",
    "Group",
    "Select",
    "Key",
    "Value",
    "Index",
    "View",
    "Person",
    "News",
];

const KEYS: [&str; 2] = ["i64", "uuid"];
/// The last is that of a model without an API, which has no pages either.
const ACCESSES: [&str; 6] = [
    "public",
    "read-only",
    "authenticated",
    "staff",
    "owner",
    "none",
];
const EXTRAS: [&str; 3] = ["", "--pages", "--no-admin"];

/// Fields of one model.
const WIDTH: usize = 8;

/// A choice: which of the lists above, and which of its entries.
type Choice = (usize, usize);

/// The pairs of choices that have not met.
struct Missing {
    pairs: Vec<bool>,
    count: usize,
}

impl Missing {
    /// More than the entries of any list, and the number of lists.
    const ENTRIES: usize = 32;
    const CHOICES: usize = 6 * Self::ENTRIES;

    fn new(all: impl Iterator<Item = (Choice, Choice)>) -> Self {
        let mut pairs = vec![false; Self::CHOICES * Self::CHOICES];
        for pair in all {
            pairs[Self::index(pair)] = true;
        }
        let count = pairs.iter().filter(|pair| **pair).count();
        Self { pairs, count }
    }

    fn index((one, other): (Choice, Choice)) -> usize {
        let number = |(list, entry): Choice| list * Self::ENTRIES + entry;
        number(one) * Self::CHOICES + number(other)
    }

    /// How many pairs of these have not met.
    fn gain(&self, choices: &[Choice]) -> usize {
        let is_missing = |pair: &(Choice, Choice)| self.pairs[Self::index(*pair)];
        pairs(choices).filter(is_missing).count()
    }

    fn remove(&mut self, pair: (Choice, Choice)) {
        if std::mem::take(&mut self.pairs[Self::index(pair)]) {
            self.count -= 1;
        }
    }
}

fn pairs(choices: &[Choice]) -> impl Iterator<Item = (Choice, Choice)> {
    choices.iter().enumerate().flat_map(|(index, one)| {
        let others = choices[index + 1..].iter();
        others.map(|other| (*one, *other))
    })
}

/// Whether a field of this type and name can have this option; what cannot be is refused, as other tests show.
fn fits(kind: usize, option: usize, name: usize) -> bool {
    let (kind, default) = TYPES[kind];
    let is_keyword = ["type", "where", "await"].contains(&NAMES[name]);
    if is_keyword && (OPTIONS[option] == ":unique" || kind.starts_with("one(")) {
        return false;
    }
    match OPTIONS[option] {
        "=" | "?=" => default.is_some(),
        // MySQL cannot index a whole URL.
        ":unique" | ":index" => {
            !["text", "json", "bytes", "url"].contains(&kind) && !kind.contains("shop.")
        }
        _ => true,
    }
}

fn fields() -> Vec<[Choice; 3]> {
    let mut fields = Vec::new();
    for kind in 0..TYPES.len() {
        for option in 0..OPTIONS.len() {
            let names = (0..NAMES.len()).filter(|name| fits(kind, option, *name));
            fields.extend(names.map(|name| [(0, kind), (1, option), (2, name)]));
        }
    }
    fields
}

fn shapes() -> Vec<[Choice; 3]> {
    let mut shapes = Vec::new();
    for key in 0..KEYS.len() {
        for (access, name) in ACCESSES.iter().enumerate() {
            let extras = if *name == "none" { 1 } else { EXTRAS.len() };
            shapes.extend((0..extras).map(|extra| [(3, key), (4, access), (5, extra)]));
        }
    }
    shapes
}

/// The lines of `luthier startmodel shop …`, at most `most` beside the model that others refer to, and how many pairs
/// they leave out.
pub(crate) fn models(most: usize) -> (Vec<String>, usize) {
    let (fields, shapes) = (fields(), shapes());
    let whole = |field: &[Choice; 3], shape: &[Choice; 3]| [field.as_slice(), shape].concat();
    let all = fields
        .iter()
        .flat_map(|field| shapes.iter().map(|shape| whole(field, shape)));
    let mut missing = Missing::new(all.flat_map(|all| pairs(&all).collect::<Vec<_>>()));
    let mut lines = vec!["Tag word:slug:unique --access public".to_owned()];
    while missing.count > 0 && lines.len() <= most {
        let best = |shape: &&[Choice; 3]| {
            let gain = |field: &[Choice; 3]| missing.gain(&whole(field, shape));
            fields.iter().map(gain).max()
        };
        let shape = shapes.iter().max_by_key(best).expect("there are shapes");
        let mut chosen: Vec<&[Choice; 3]> = Vec::new();
        for _ in 0..WIDTH {
            let free = fields
                .iter()
                .filter(|field| chosen.iter().all(|other| other[2] != field[2]));
            let field = free
                .max_by_key(|field| missing.gain(&whole(field, shape)))
                .expect("there are more names than fields");
            for pair in pairs(&whole(field, shape)) {
                missing.remove(pair);
            }
            chosen.push(field);
        }
        lines.push(line(lines.len() - 1, &chosen, shape));
    }
    (lines, missing.count)
}

fn line(index: usize, fields: &[&[Choice; 3]], shape: &[Choice; 3]) -> String {
    let mut name = MODELS[index % MODELS.len()].to_owned();
    if index >= MODELS.len() {
        name += &(index / MODELS.len() + 1).to_string();
    }
    let [(_, key), (_, access), (_, extra)] = *shape;
    let access = ACCESSES[access];
    let mut words = vec![name];
    for [(_, kind), (_, option), (_, field)] in fields {
        let (kind, default) = TYPES[*kind];
        let option = OPTIONS[*option].replace('=', &format!("={}", default.unwrap_or_default()));
        words.push(format!("{}:{kind}{option}", NAMES[*field]));
    }
    if access == "owner" {
        words.push("owner:ref(accounts.User)".to_owned());
    }
    words.push(format!("--pk {} {}", KEYS[key], EXTRAS[extra]));
    words.push(match access {
        "none" => "--no-api".to_owned(),
        access => format!("--access {access}"),
    });
    words.join(" ")
}

/// Every list answers, in the API and for staff, on the site of a project with some of the models.
pub(crate) fn walk(project: &Project, site: &Client, database: &str) {
    let superuser = ["createsuperuser", "cover@example.org", "--password-stdin"];
    project.program(&superuser, PASSWORD, database);
    let client = site.signed_in("cover@example.org", PASSWORD);
    let document = site.get("/api/openapi.json").json();
    let paths = document["paths"].as_object().expect("paths");
    let lists = paths.iter().filter(|(path, item)| {
        let is_list = item["get"]["operationId"].as_str();
        is_list.is_some_and(|id| id.starts_with("list_")) && !path.contains('{')
    });
    let lists: Vec<&String> = lists.map(|(path, _)| path).collect();
    assert!(lists.len() > 3, "{lists:?}");
    for path in lists {
        client.get(path).status(200);
        client
            .get(&format!("{path}?search=x&page_size=2"))
            .status(200);
    }
    let index = client.get_as("/admin", "text/html").status(200).text();
    let index = index.replace("&#x2f;", "/");
    let models: Vec<&str> = index
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .filter(|path| path.starts_with("/admin/shop/") && !path.ends_with("/add"))
        .collect();
    assert!(models.len() > 3, "{index}");
    for path in models {
        client.get_as(path, "text/html").status(200);
        client
            .get_as(&format!("{path}/add"), "text/html")
            .status(200);
    }
}

#[test]
fn every_two_choices_meet() {
    let (lines, missing) = models(usize::MAX);
    assert_eq!(missing, 0);
    // The most frequent two choices set a lower bound: types × names over the fields of a model.
    let least = TYPES.len() * NAMES.len() / WIDTH;
    assert!(
        (least..2 * least).contains(&lines.len()),
        "{} models",
        lines.len()
    );
    let (few, missing) = models(4);
    assert_eq!(few, lines[..5]);
    assert!(missing > 0);
}
