//! No source makes the reader panic.

use super::*;

/// What entities are made of.
const WORDS: &[&str] = &[
    "#",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "<",
    ">",
    ",",
    ";",
    ":",
    "::",
    "=",
    "=>",
    "!",
    "'a",
    "-1",
    "1.5",
    "\"Text\"",
    "\"String(StringLen::N(20))\"",
    "\"\"",
    "r#type",
    "r#\"x\"#",
    "b'x'",
    "sea_orm",
    "derive",
    "cfg",
    "cfg_attr",
    "test",
    "feature",
    "DeriveEntityModel",
    "DeriveActiveEnum",
    "DeriveRelation",
    "DeriveValueType",
    "DeriveColumn",
    "table_name",
    "column_type",
    "primary_key",
    "default_value",
    "default_expr",
    "belongs_to",
    "from",
    "to",
    "unique",
    "indexed",
    "rename_all",
    "enum_name",
    "db_type",
    "string_value",
    "pub",
    "mod",
    "use",
    "struct",
    "enum",
    "impl",
    "for",
    "fn",
    "type",
    "Model",
    "Column",
    "Relation",
    "Entity",
    "ColumnTrait",
    "RelationTrait",
    "def",
    "self",
    "Self",
    "super",
    "crate",
    "match",
    "Option",
    "Vec",
    "i32",
    "i64",
    "String",
    "BelongsTo",
    "HasMany",
    "id",
    "x",
    "*",
    "&",
    "|",
];

/// A field with any attributes, of any type.
fn field() -> impl Strategy<Value = String> {
    let attribute = (
        prop::sample::select(WORDS),
        prop::option::of(prop_oneof![
            prop::sample::select(WORDS).prop_map(|word| format!("{word:?}")),
            "\\PC{0,12}".prop_map(|text| format!("{text:?}")),
            Just("-7".to_owned()),
            Just("true".to_owned()),
        ]),
    );
    let attribute = attribute.prop_map(|(name, value)| match value {
        Some(value) => format!("{name} = {value}"),
        None => name.to_owned(),
    });
    let kinds = vec![
        "i32",
        "String",
        "Option<i64>",
        "Vec<u8>",
        "Vec<Option<String>>",
        "HasMany<Entity>",
        "BelongsTo<Option<Entity>>",
        "super::Model",
        "crate::Model",
        "self::Other",
        "(i32, i32)",
        "[u8; 4]",
        "&'static str",
        "std::option::Option<i8>",
        "Option",
        "fn() -> i32",
        "<i32 as Into<i64>>::X",
        "dyn Send",
        "!",
        "Box<Model>",
    ];
    (
        prop::collection::vec(attribute, 0..4),
        prop::sample::select(kinds),
        "[a-z]{1,3}",
    )
        .prop_map(|(attributes, kind, name)| {
            format!("#[sea_orm({})] pub {name}: {kind},", attributes.join(", "))
        })
}

fn flatten(stream: proc_macro2::TokenStream, into: &mut Vec<String>) {
    for token in stream {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                let text = group.to_string();
                let ends = text.chars().next().zip(text.chars().last());
                into.extend(ends.map(|(open, _)| open.to_string()));
                flatten(group.stream(), into);
                into.extend(ends.map(|(_, close)| close.to_string()));
            }
            other => into.push(other.to_string()),
        }
    }
}

proptest::proptest! {
    /// Any text is read or refused, never a panic.
    #[test]
    fn no_text_panics(text in "(\\PC|[ \\n#\\[\\]{}()<>=\",:]|DeriveEntityModel|sea_orm|struct Model|pub id: i32){0,60}") {
        let _ = read(&sources("x", &[("lib.rs", &text)]));
    }

    /// Tokens in any order, most of which entities are made of.
    #[test]
    fn no_tokens_panic(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..60),
        fields in prop::collection::vec(field(), 0..6),
    ) {
        let _ = read(&sources("x", &[("lib.rs", &words.join(" "))]));
        let _ = read(&one(&fields.join("\n")));
    }

    /// Real entities with tokens taken out, doubled and swapped.
    #[test]
    fn no_mutation_panics(
        file in 0usize..4,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..4), 1..6),
    ) {
        let every_format = include_str!("../../../tests/e2e/oracle/entities.rs");
        let file = [BOOK, AUTHOR, SHOP, every_format][file];
        let mut tokens = Vec::new();
        flatten(file.parse().expect("Rust"), &mut tokens);
        for (at, other, kind) in edits {
            let (at, other) = (at.index(tokens.len()), other.index(tokens.len()));
            match kind {
                0 => { tokens.remove(at); }
                1 => tokens.insert(at, tokens[other].clone()),
                2 => tokens.swap(at, other),
                _ => tokens[at] = WORDS[other % WORDS.len()].to_owned(),
            }
            if tokens.is_empty() {
                break;
            }
        }
        let mut all = library();
        all.files[4].text = tokens.join(" ");
        let _ = read(&all);
    }

    /// So is every broken form of a good entity.
    #[test]
    fn no_cut_panics(from in 0usize..BOOK.len(), to in 0usize..BOOK.len(), text in "\\PC{0,6}") {
        let mut broken = BOOK.to_owned();
        broken.replace_range(from.min(to)..from.max(to), &text);
        let mut all = library();
        all.files[4].text = broken;
        let _ = read(&all);
    }
}
