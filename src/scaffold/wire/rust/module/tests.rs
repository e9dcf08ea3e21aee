//! Module lists as people keep them, and what becomes of them.

use proptest::prelude::*;

use super::{Module, add_module};
use crate::scaffold::wire::testing::{assert_formatted, assert_kept, assert_lines_kept};

const BOOK: Module<'_> = Module {
    name: "book",
    public: true,
};

/// What `before` becomes, after checking what holds for every edit.
fn added(before: &str, module: Module<'_>) -> String {
    let after = add_module(before, module).expect("a place is found");
    assert_kept(before, &after);
    assert_eq!(
        add_module(&after, module).as_ref(),
        Ok(&after),
        "a second run changes it"
    );
    after
}

#[test]
fn a_module_goes_to_its_sorted_place() {
    let cases = [
        ("an empty file", "", "pub mod book;\n"),
        (
            "no modules yet",
            "//! Models.\n",
            "//! Models.\n\npub mod book;\n",
        ),
        (
            "no final newline",
            "//! Models.",
            "//! Models.\n\npub mod book;\n",
        ),
        (
            "in the middle",
            "pub mod author;\npub mod tag;\n",
            "pub mod author;\npub mod book;\npub mod tag;\n",
        ),
        (
            "last",
            "pub mod author;\n",
            "pub mod author;\npub mod book;\n",
        ),
        (
            "last, no final newline",
            "pub mod author;",
            "pub mod author;\npub mod book;",
        ),
        (
            "first",
            "//! Models.\n\npub mod tag;\n",
            "//! Models.\n\npub mod book;\npub mod tag;\n",
        ),
        (
            "bytes decide",
            "pub mod boo;\npub mod book2;\n",
            "pub mod boo;\npub mod book;\npub mod book2;\n",
        ),
        (
            "in front of a raw name",
            "pub mod r#type;\n",
            "pub mod book;\npub mod r#type;\n",
        ),
        (
            "in front of the other items",
            "//! Models.\n\nuse sea_orm::Entity;\n",
            "//! Models.\n\npub mod book;\n\nuse sea_orm::Entity;\n",
        ),
        (
            "into the public list",
            "mod helpers;\n\npub mod author;\n\nuse x::y;\n",
            "mod helpers;\n\npub mod author;\npub mod book;\n\nuse x::y;\n",
        ),
        (
            "not among the tests",
            "use x::y;\n\n#[cfg(test)]\nmod tests;\n",
            "pub mod book;\n\nuse x::y;\n\n#[cfg(test)]\nmod tests;\n",
        ),
    ];
    for (name, before, expected) in cases {
        let after = added(before, BOOK);
        assert_eq!(after, expected, "{name}");
        assert_lines_kept(before, &after);
        if before.is_empty() || before.ends_with('\n') {
            assert_formatted(&after);
        }
    }
}

#[test]
fn comments_stay_with_the_module_they_are_about() {
    let cases = [
        (
            "behind a comment that trails",
            "pub mod author; // people\npub mod tag;\n",
            "pub mod author; // people\npub mod book;\npub mod tag;\n",
        ),
        (
            "behind a block comment that trails",
            "pub mod author; /* people */\n",
            "pub mod author; /* people */\npub mod book;\n",
        ),
        (
            "in front of a comment and a doc comment",
            "// Words.\n// More of them.\n/// Tags.\n#[allow(dead_code)]\npub mod tag;\n",
            "pub mod book;\n// Words.\n// More of them.\n/// Tags.\n#[allow(dead_code)]\npub mod tag;\n",
        ),
        (
            "in front of a block comment of several lines",
            "//! Models.\n\n/* Words,\n   many of them. */\npub mod tag;\n",
            "//! Models.\n\npub mod book;\n/* Words,\n   many of them. */\npub mod tag;\n",
        ),
        (
            "behind a heading",
            "// The models.\n\npub mod tag;\n",
            "// The models.\n\npub mod book;\npub mod tag;\n",
        ),
        (
            "across a comment in the list",
            "pub mod author;\n// Words.\npub mod tag;\n",
            "pub mod author;\npub mod book;\n// Words.\npub mod tag;\n",
        ),
        (
            "an attribute keeps its module",
            "pub mod author;\n#[cfg(feature = \"tags\")]\npub mod tag;\n",
            "pub mod author;\npub mod book;\n#[cfg(feature = \"tags\")]\npub mod tag;\n",
        ),
    ];
    for (name, before, expected) in cases {
        assert_eq!(added(before, BOOK), expected, "{name}");
    }
}

#[test]
fn odd_formatting_stays_as_it_is() {
    let cases = [
        (
            "CRLF",
            "pub mod author;\r\npub mod tag;\r\n",
            "pub mod author;\r\npub mod book;\r\npub mod tag;\r\n",
        ),
        (
            "CRLF, no modules",
            "//! Models.\r\n",
            "//! Models.\r\n\r\npub mod book;\r\n",
        ),
        (
            "a byte order mark",
            "\u{feff}pub mod tag;\n",
            "\u{feff}pub mod book;\npub mod tag;\n",
        ),
        (
            "a byte order mark and CRLF",
            "\u{feff}pub mod a;\r\n",
            "\u{feff}pub mod a;\r\npub mod book;\r\n",
        ),
        (
            "not sorted",
            "pub mod tag;\npub mod author;\n",
            "pub mod tag;\npub mod author;\npub mod book;\n",
        ),
        (
            "on one line",
            "pub mod a; pub mod z;\n",
            "pub mod a;\npub mod book; pub mod z;\n",
        ),
        (
            "indented",
            "  pub mod a;\n  pub mod z;\n",
            "  pub mod a;\n  pub mod book;\n  pub mod z;\n",
        ),
        (
            "a module in a string",
            "const A: &str = r#\"\n// pub mod book;\npub mod book;\n\"#;\n",
            "pub mod book;\n\nconst A: &str = r#\"\n// pub mod book;\npub mod book;\n\"#;\n",
        ),
        (
            "what looks like a comment ends a string",
            "const A: &str = \"\n// x\";\npub mod tag;\n",
            "const A: &str = \"\n// x\";\npub mod book;\npub mod tag;\n",
        ),
        (
            "wide characters",
            "//! Bücher 📚\npub mod a; // ü\n",
            "//! Bücher 📚\npub mod a; // ü\npub mod book;\n",
        ),
        (
            "rustfmt::skip",
            "#[rustfmt::skip]\npub   mod  author ;\n",
            "#[rustfmt::skip]\npub   mod  author ;\npub mod book;\n",
        ),
        (
            "only private ones",
            "mod author;\n",
            "mod author;\npub mod book;\n",
        ),
    ];
    for (name, before, expected) in cases {
        assert_eq!(added(before, BOOK), expected, "{name}");
    }
}

#[test]
fn a_declared_module_is_left_alone() {
    for before in [
        "pub mod book;\n",
        "mod book;\n",
        "pub(crate) mod book;",
        "mod  book { fn f() {} }\n",
        "#[cfg(feature = \"books\")]\npub mod book;\n",
        "pub mod r#book;\n",
    ] {
        assert_eq!(added(before, BOOK), before);
    }
}

#[test]
fn a_keyword_is_written_raw() {
    let module = Module {
        name: "match",
        public: false,
    };
    assert_eq!(
        added("mod r#type;\n", module),
        "mod r#match;\nmod r#type;\n"
    );
}

#[test]
fn a_file_that_is_not_rust_names_the_line() {
    let error = add_module("//! Models.\npub mod ;\n", BOOK).expect_err("it does not parse");
    insta::assert_debug_snapshot!(error, @r#"
    Unwirable {
        why: "line 2 is not valid Rust: expected identifier",
        add: "",
        place: "",
    }
    "#);
}

proptest! {
    #[test]
    fn whatever_surrounds_the_modules_survives(file in any_file(), name in "[a-z]{1,4}") {
        let name = format!("{name}0");
        let module = Module { name: &name, public: true };
        let after = add_module(&file, module).expect("a place is found");
        assert_lines_kept(&file, &after);
        prop_assert_eq!(add_module(&after, module), Ok(after.clone()));
        let declared = after.lines().filter(|line| line.contains(&format!("mod {name};"))).count();
        prop_assert_eq!(declared, 1);
    }
}

/// Files of modules, other items, comments and blanks in any order, in either line ending.
fn any_file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[ ]{0,2}(pub )?mod [a-z]{1,5}_;( // [a-z]{0,5})?",
        "// [a-z ]{0,8}",
        "/\\* [a-z\n]{0,8} \\*/",
        "#\\[cfg\\(x\\)\\]\nmod [a-z]{1,4}y;",
        "/// [a-zäü ]{0,8}\npub mod [a-z]{1,4}z;",
        "",
        "use [a-z]{1,4}_::[a-z]{1,4}_;",
        "fn [a-z]{1,4}_\\(\\) \\{\n    // inner\n\\}",
        "const [A-Z]{1,4}: &str = \"\n// not a comment\n\";",
    ];
    let file = (
        proptest::collection::vec(line, 0..12),
        any::<bool>(),
        any::<bool>(),
    );
    file.prop_map(|(lines, crlf, ended)| {
        let mut text = lines.join("\n");
        if ended && !text.is_empty() {
            text.push('\n');
        }
        if crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    })
}
