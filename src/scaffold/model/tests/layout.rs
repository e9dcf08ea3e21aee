//! What is emitted is laid out as rustfmt does it, and imports what it uses.

use super::*;

#[test]
fn only_what_is_used_is_imported() {
    let texts = Asked::new("Note", &["body:text"]).shown();
    for absent in [
        "fields::",
        "fields}",
        "equal",
        "Query}",
        "IntoParams",
        "JsonValue",
        "Deserialize, Serialize",
    ] {
        assert!(!texts.contains(absent), "{absent}\n{texts}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn whatever_the_names_rustfmt_agrees(
        model in any_model(),
        fields in any_fields(),
        uuid in any::<bool>(),
        access in any_access(),
    ) {
        let mut fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if access == Access::Owner {
            fields.push("owner:ref(accounts.User)");
        }
        let key = if uuid { Key::Uuid } else { Key::I64 };
        let asked = Asked { key, access, ..Asked::new(&model, &fields) };
        let users = access != Access::Public || uuid;
        let pages = asked.pages(users).into_iter();
        let pages = pages.filter(|(path, _)| path.ends_with(".rs"));
        let refused = |field: &&str| field.contains(":many(") || field.contains(":bytes");
        let small: Vec<&str> = fields.iter().copied().filter(|field| !refused(field)).collect();
        let modules = Asked {
            key,
            namespace: Namespace::Modules,
            ..Asked::new(&model, &small)
        };
        let modules = if small.is_empty() { Vec::new() } else { modules.files() };
        for (path, text) in asked.files().into_iter().chain(pages).chain(modules) {
            prop_assert!(syn::parse_file(&text).is_ok(), "{path}\n{text}");
            assert_formatted(&text);
        }
    }
}

fn any_access() -> impl Strategy<Value = Access> {
    proptest::sample::select(Access::value_variants())
}

fn any_model() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{2,9}([A-Z][a-z]{2,9}){0,2}x"
}

/// Fields of any type, with names of any length; the last letter keeps them apart.
fn any_fields() -> impl Strategy<Value = Vec<String>> {
    let kinds = REQUIRED.iter().chain(&OPTIONAL).chain(&DEFAULTS);
    let kinds: Vec<&str> = kinds
        .filter_map(|field| Some(field.split_once(':')?.1))
        .collect();
    let more = [
        "ref(books.Tag)",
        "many(books.Tag)",
        "many(people.Person)",
        "ref(people.Person)?",
    ];
    let kinds: Vec<&str> = kinds.into_iter().chain(more).collect();
    let field = (
        "[a-z]{1,14}(_[a-z]{1,9}){0,2}",
        proptest::sample::select(kinds),
    );
    proptest::collection::vec(field, 0..9).prop_map(|fields| {
        let fields = fields.into_iter().enumerate();
        let fields = fields.map(|(index, (name, kind))| format!("{name}{index}z:{kind}"));
        ["own:text".to_owned()].into_iter().chain(fields).collect()
    })
}

/// A name of `length` letters, in words of eight.
fn name_of(length: usize) -> String {
    let letters = (0..length).map(|index| match index % 9 == 8 && index + 1 < length {
        true => '_',
        false => 'q',
    });
    letters.collect()
}

/// Every type with a field's name of some length, and every access with a model's. `LUTHIER_NAMES=1` tries every third
/// length, which takes a quarter of an hour.
#[test]
fn names_of_any_length_are_laid_out_as_rustfmt_does() {
    let every = std::env::var_os("LUTHIER_NAMES").is_some();
    let kinds = REQUIRED.iter().chain(&OPTIONAL).chain(&DEFAULTS);
    let kinds = kinds.filter_map(|field| Some(field.split_once(':')?.1));
    let more = ["ref(books.Tag)", "many(books.Tag)", "many(people.Person)"];
    let kinds: BTreeSet<&str> = kinds.chain(more).collect();
    let mut texts = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        for length in lengths(every, index) {
            let field = format!("{}:{kind}", name_of(length));
            texts.extend(texts_of("Book", &[&field, "own:text"], index));
        }
    }
    for index in 0..2 * Access::value_variants().len() {
        let fields: &[&str] = match index % 2 == 0 {
            true => &[
                "title:text",
                "rank:int:index",
                "tags:many(books.Tag)",
                "status:enum(a,b)",
            ],
            false => &[
                "status:enum(a,b)?=a",
                "author:ref(books.Author)?",
                "cover:bytes",
            ],
        };
        for length in lengths(every, index) {
            texts.extend(texts_of(
                &name_of(length).to_upper_camel_case(),
                fields,
                index,
            ));
        }
    }
    assert!(texts.len() > 200, "only {} texts", texts.len());
    assert_all_formatted(&texts);
}

/// The lengths that are tried for the kind at `index`.
fn lengths(every: bool, index: usize) -> Vec<usize> {
    match every {
        true => (1..=61).step_by(3).collect(),
        false => vec![28 + index * 7 % 34],
    }
}

/// The files and pages of a model, by an access and a key that follow from `index`; none where its names are too long.
fn texts_of(model: &str, fields: &[&str], index: usize) -> Vec<String> {
    let accesses = Access::value_variants();
    let access = accesses[index % accesses.len()];
    let mut fields = fields.to_vec();
    if access == Access::Owner {
        fields.push("owner:ref(accounts.User)");
    }
    let uuid = index.is_multiple_of(3);
    let key = if uuid { Key::Uuid } else { Key::I64 };
    let asked = Asked {
        key,
        access,
        admin: true,
        ..Asked::new(model, &fields)
    };
    if asked.build().is_err() {
        return Vec::new();
    }
    let pages = asked.pages(uuid || access != Access::Public).into_iter();
    let pages = pages.filter(|(path, _)| path.ends_with(".rs"));
    let files = asked.files().into_iter().chain(pages);
    files.map(|(_, text)| text).collect()
}
