//! Routers as people write them, and what becomes of them.

use proptest::prelude::*;

use super::{Call, add_call};
use crate::scaffold::wire::testing::{assert_formatted, assert_kept, assert_lines_kept};

const BOOKS: Call<'_> = Call {
    function: "router",
    after: &["merge", "nest", "route"],
    call: ".merge(books::urls::router())",
    marker: "books::urls::router",
};

/// What `before` becomes, after checking what holds for every edit.
fn added(before: &str) -> String {
    let after = add_call(before, BOOKS).expect("a place is found");
    assert_kept(before, &after);
    assert_eq!(
        add_call(&after, BOOKS).as_ref(),
        Ok(&after),
        "a second run changes it"
    );
    after
}

/// A function `router` with this body.
fn router(body: &str) -> String {
    format!("pub fn router() -> Router {{\n{body}\n}}\n")
}

#[test]
fn a_call_joins_the_chain_as_rustfmt_would_write_it() {
    let cases = [
        (
            "    Router::new()",
            "    Router::new().merge(books::urls::router())",
        ),
        (
            "    Router::new().merge(a::b())",
            "    Router::new().merge(a::b()).merge(books::urls::router())",
        ),
        (
            "    Router::new().merge(authors::urls::router())",
            "    Router::new()\n        .merge(authors::urls::router())\n        .merge(books::urls::router())",
        ),
        (
            "    Router::new()\n        .merge(authors::urls::router())\n        .fallback(platform::pages::not_found)",
            "    Router::new()\n        .merge(authors::urls::router())\n        .merge(books::urls::router())\n        .fallback(platform::pages::not_found)",
        ),
        (
            "    Router::new().fallback(platform::pages::not_found).layer(x)",
            "    Router::new()\n        .merge(books::urls::router())\n        .fallback(platform::pages::not_found)\n        .layer(x)",
        ),
        (
            "    Ok(Router::new().route(\"/\", get(platform::home::page)))",
            "    Ok(Router::new()\n        .route(\"/\", get(platform::home::page))\n        .merge(books::urls::router()))",
        ),
        (
            "    let app = Router::new().nest(\"/site\", home());\n    app",
            "    let app = Router::new()\n        .nest(\"/site\", home())\n        .merge(books::urls::router());\n    app",
        ),
        (
            "    let app: Router = Router::new();\n    app.layer(x)",
            "    let app: Router = Router::new().merge(books::urls::router());\n    app.layer(x)",
        ),
        (
            "    return Router::new();",
            "    return Router::new().merge(books::urls::router());",
        ),
    ];
    for (before, expected) in cases {
        let (before, expected) = (router(before), router(expected));
        assert_eq!(added(&before), expected);
        assert_formatted(&expected);
    }
}

#[test]
fn odd_formatting_and_comments_stay_as_they_are() {
    let cases = [
        (
            "a comment that trails",
            "    Router::new()\n        .merge(a()) // people\n        .layer(x)",
            "    Router::new()\n        .merge(a()) // people\n        .merge(books::urls::router())\n        .layer(x)",
        ),
        (
            "a comment of its own",
            "    Router::new()\n        .merge(a())\n        // Nothing below this line.\n        .layer(x)",
            "    Router::new()\n        .merge(a())\n        .merge(books::urls::router())\n        // Nothing below this line.\n        .layer(x)",
        ),
        (
            "the marker in a comment and in a string",
            "    // .merge(books::urls::router())\n    Router::new().layer(\"books::urls::router()\")",
            "    // .merge(books::urls::router())\n    Router::new()\n        .merge(books::urls::router())\n        .layer(\"books::urls::router()\")",
        ),
        (
            "several calls a line",
            "    Router::new()\n      .merge(a()).merge(b())\n      .layer(x).layer(y)",
            "    Router::new()\n      .merge(a()).merge(b())\n      .merge(books::urls::router())\n      .layer(x).layer(y)",
        ),
        (
            "tabs",
            "\tRouter::new().merge(authors::urls::router())",
            "\tRouter::new()\n\t\t.merge(authors::urls::router())\n\t\t.merge(books::urls::router())",
        ),
        (
            "a short name takes the first call",
            "    app.merge(authors::urls::router()).merge(tags::urls::router())",
            "    app.merge(authors::urls::router())\n        .merge(tags::urls::router())\n        .merge(books::urls::router())",
        ),
        (
            "arguments over several lines",
            "    Router::new()\n        .route(\n            \"/\",\n            get(home),\n        )\n        .layer(x)",
            "    Router::new()\n        .route(\n            \"/\",\n            get(home),\n        )\n        .merge(books::urls::router())\n        .layer(x)",
        ),
        (
            "raw strings and wide characters",
            "    Router::new()\n        .route(r#\"/\"ü\"#, get(home)) // 📚\n        .with_state(\"fn router() { .merge( }\")",
            "    Router::new()\n        .route(r#\"/\"ü\"#, get(home)) // 📚\n        .merge(books::urls::router())\n        .with_state(\"fn router() { .merge( }\")",
        ),
    ];
    for (name, before, expected) in cases {
        assert_eq!(added(&router(before)), router(expected), "{name}");
        let crlf = |text| router(text).replace('\n', "\r\n");
        assert_eq!(added(&crlf(before)), crlf(expected), "{name}, CRLF");
        let marked = |text| format!("\u{feff}{}", router(text).trim_end());
        assert_eq!(
            added(&marked(before)),
            marked(expected),
            "{name}, byte order mark"
        );
    }
}

#[test]
fn a_call_that_is_there_is_left_alone() {
    for body in [
        "    Router::new().merge(books::urls::router())",
        "    Router::new().nest(\"/shop\", books::urls::router())",
        "    Router::new().merge(\n        books :: urls :: router ( /* all */ ) ,\n    )",
        "    let books = books::urls::router();\n    if x { books } else { Router::new() }",
        "    all![books::urls::router(), tags::urls::router()]",
    ] {
        let before = router(body);
        assert_eq!(added(&before), before);
    }
}

#[test]
fn a_call_in_a_function_of_another_name_counts_once_the_shape_is_gone() {
    let elsewhere = "fn site() -> Router {\n    Router::new().merge(books::urls::router())\n}\n";
    assert_eq!(added(elsewhere), elsewhere);
}

#[test]
fn a_lost_shape_says_what_to_add() {
    let cases = [
        ("a branch", router("    if x { a() } else { b() }")),
        ("no value", router("    todo!();")),
        ("an empty body", "fn router() {}".to_owned()),
        ("a call of something else", router("    finish(routes)")),
        ("a name from outside", router("    routes")),
        ("a chain on something else", router("    site().serve()")),
        (
            "rebound by a branch",
            router(
                "    let app = Router::new();\n    let app = if x { app } else { y() };\n    app",
            ),
        ),
        (
            "a name bound to itself",
            router("    let app = app.layer(x);\n    app"),
        ),
        (
            "no function",
            "fn routes() -> Router { Router::new() }".to_owned(),
        ),
        (
            "two functions",
            "#[cfg(a)]\nfn router() {}\n#[cfg(b)]\nfn router() {}\n".to_owned(),
        ),
    ];
    let mut seen = String::new();
    for (name, text) in cases {
        let error = add_call(&text, BOOKS).expect_err(name);
        assert_eq!(error.add, ".merge(books::urls::router())", "{name}");
        seen.push_str(&format!("{name}: {}\n", error.why));
    }
    insta::assert_snapshot!(seen, @r"
    a branch: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    no value: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    an empty body: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    a call of something else: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    a name from outside: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    a chain on something else: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    rebound by a branch: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    a name bound to itself: what the function `router` answers is not a chain of calls such as `Router::new().merge(books::urls::router())`
    no function: there is no function `router`
    two functions: there are several functions called `router`
    ");
}

proptest! {
    #[test]
    fn whatever_surrounds_the_chain_survives(file in any_file()) {
        let after = add_call(&file, BOOKS).expect("a place is found");
        assert_lines_kept(&file, &after);
        prop_assert!(syn::parse_file(&after).is_ok(), "{}", after);
        prop_assert_eq!(after.matches(".merge(books::urls::router())").count(), 1);
        prop_assert_eq!(add_call(&after, BOOKS), Ok(after));
    }
}

/// A chain with one call a line, with comments, blanks and other items around, in either line ending.
fn any_file() -> impl Strategy<Value = String> {
    let noise = "(// [a-zäü(){}.;\"]{0,9}\n|/\\* [a-z\n.(){}]{0,9} \\*/\n|[ \t]{0,3}\n){0,3}";
    let link = "[ ]{0,9}\\.(merge|route|layer|nest)\\([a-z]{1,4}_\\((x[a-z0-9]{0,3})?\\)\\)( // [a-z.()]{0,5})?\n";
    let item = "(fn [a-z]{1,3}_\\(\\) \\{\\}\n|const A: &str = \"\nfn router\\(\\) \\{ \\}\n\";\n|use a::b;\n)?";
    let chain = proptest::collection::vec((noise, link), 1..5);
    (noise, item, chain, noise, item, any::<bool>()).prop_map(|(above, first, chain, below, last, crlf)| {
        let calls: String = chain.into_iter().map(|(noise, link)| noise + &link).collect();
        let text = format!(
            "{above}{first}pub fn router() -> Router {{\n    Router::new()\n{calls}{below}}}\n{last}"
        );
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

#[test]
fn arguments_that_are_too_long_for_a_line_get_one_each() {
    let module = "the_longest_name_of_a_model_that_anybody_ever_typed";
    let call = format!(".nest(\"/books/{{id}}/tags\", {module}::router())");
    let call = Call {
        function: "router",
        after: &["nest"],
        call: &call,
        marker: &format!("{module}::router"),
    };
    let before =
        router("    Router::new()\n        .nest(\"/x\", x::router())\n        .with_state(1)");
    let after = add_call(&before, call).expect("it can be added");
    assert_formatted(&after);
    assert_eq!(add_call(&after, call).expect("it is there"), after);
}
