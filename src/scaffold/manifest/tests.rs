//! What `scaffold.toml` may hold, and what is said of what it may not.

use super::*;

const GOOD: &str = r#"
name = "sample"
version = "1.0.0"
description = "For tests"
[questions.theme]
prompt = "Which theme?"
choices = ["light", "dark"]
default = "light"
[questions.docs]
prompt = "With docs?"
default = true
[questions.port]
prompt = "Which port?"
default = 8000
[questions.owner]
prompt = "Whose is it?"
[[only]]
files = "project/dark.css"
when = "theme=dark"
"#;

fn answers(given: &[(&str, &str)]) -> Result<Map<String, Value>> {
    let given = given
        .iter()
        .map(|(k, v)| ((*k).into(), (*v).into()))
        .collect();
    let manifest = PackManifest::parse("scaffold.toml", GOOD).unwrap();
    let choices = manifest.choices(&given, &mut |key, _| Ok(format!("asked for {key}")));
    choices.map(|choices| choices.answers)
}

#[test]
fn what_has_a_default_is_not_asked() {
    let answers = answers(&[]).unwrap();
    insta::assert_snapshot!(
        Value::Object(answers),
        @r#"{"docs":true,"owner":"asked for owner","port":8000,"theme":"light"}"#
    );
}

#[test]
fn given_answers_have_the_type_of_the_default() {
    let given = [
        ("docs", "no"),
        ("owner", "me"),
        ("port", "80"),
        ("theme", "dark"),
    ];
    insta::assert_snapshot!(
        Value::Object(answers(&given).unwrap()),
        @r#"{"docs":false,"owner":"me","port":80,"theme":"dark"}"#
    );
    let cases = [
        ("theme", "red", "--set theme=light|dark"),
        ("docs", "perhaps", "--set docs=true|false"),
        ("port", "http", "--set port=NUMBER"),
        ("tehme", "dark", "it asks for docs, owner, port, theme"),
    ];
    for (key, text, hint) in cases {
        assert_eq!(answers(&[(key, text)]).unwrap_err().hints, [hint]);
    }
}

#[test]
fn conditions_look_at_one_variable() {
    let values = serde_json::json!({"mysql": true, "sqlite": false, "theme": "dark"});
    let holds = |text: &str| {
        let condition: Condition = text.parse().unwrap();
        condition.holds(values.as_object().unwrap())
    };
    for (text, expected) in [
        ("mysql", true),
        ("sqlite", false),
        ("!sqlite", true),
        ("!mysql", false),
        ("theme=dark", true),
        ("theme=light", false),
    ] {
        assert_eq!(holds(text).unwrap(), expected, "{text}");
    }
    assert!(holds("oracle").is_err());
    for text in ["", "!", "a b", "=x", "!a=b"] {
        assert!(text.parse::<Condition>().is_err(), "{text:?}");
    }
}

#[test]
fn a_bad_manifest_is_refused_with_the_place_and_the_reason() {
    let cases = [
        (
            "version = \"1.0.0\"",
            "",
            "p/scaffold.toml:1: missing field `version`",
        ),
        (
            "[[only]]",
            "[[olny]]",
            "p/scaffold.toml:17: unknown field `olny`",
        ),
        (
            "prompt = \"With",
            "promt = \"With",
            "p/scaffold.toml:10: unknown field `promt`",
        ),
        (
            "theme=dark",
            "theme dark",
            "p/scaffold.toml:19: `theme dark` is not a condition",
        ),
        (
            "default = \"light\"",
            "default = \"red\"",
            "p/scaffold.toml: questions.theme: the default `red`",
        ),
        (
            "default = \"light\"",
            "default = true",
            "p/scaffold.toml: questions.theme: choices are text",
        ),
        (
            "default = 8000",
            "default = [1]",
            "p/scaffold.toml: questions.port: the default is neither",
        ),
    ];
    for (from, to, expected) in cases {
        let error =
            PackManifest::parse("p/scaffold.toml", &GOOD.replacen(from, to, 1)).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
