use std::collections::VecDeque;

use super::*;
use crate::migrations::{Renames, autodetect};
use crate::operation::Operation;
use crate::schema::{Column, ColumnType, Schema, Table};

/// Answers in order; a question without an answer fails the test.
struct Script(VecDeque<&'static str>);

impl Script {
    fn next(&mut self, question: &str) -> &'static str {
        self.0
            .pop_front()
            .unwrap_or_else(|| panic!("no answer to: {question}"))
    }
}

impl Prompt for Script {
    fn choose(&mut self, prompt: &str, items: &[String]) -> Result<usize> {
        let answer = self.next(prompt);
        let place = items.iter().position(|item| item.contains(answer));
        Ok(place.unwrap_or_else(|| panic!("{answer} is not among {items:?}")))
    }

    fn text(&mut self, prompt: &str) -> Result<String> {
        Ok(self.next(prompt).to_owned())
    }

    fn confirm(&mut self, prompt: &str) -> Result<bool> {
        Ok(self.next(prompt) == "yes")
    }
}

/// `books: id title; tags: id`, each column a required integer.
fn schema(text: &str) -> Schema {
    let mut schema = Schema::default();
    for table in text.split(';').filter(|table| !table.trim().is_empty()) {
        let (name, columns) = table.split_once(':').expect("a table and its columns");
        let columns = columns.split_whitespace();
        let name = name.trim().to_owned();
        let table = Table {
            columns: columns
                .map(|column| Column::new(column, ColumnType::Integer))
                .collect(),
            primary_key: vec!["id".into()],
            name: name.clone(),
            ..Table::default()
        };
        schema.tables.insert(name, table);
    }
    schema
}

fn lines(before: &Schema, operations: &[Operation]) -> Vec<String> {
    let mut state = before.clone();
    let lines = operations.iter().map(|operation| {
        let line = operation.describe(&state);
        operation.apply(&mut state).expect("it fits");
        line
    });
    lines.collect()
}

fn detected(before: &str, after: &str, questioner: &mut dyn Questioner) -> Result<Vec<String>> {
    let (before, after) = (schema(before), schema(after));
    let operations = autodetect(
        &before,
        &after,
        Renames::default(),
        Fills::new(),
        questioner,
    )?;
    Ok(lines(&before, &operations))
}

fn refusal(error: &Error) -> String {
    let hints: Vec<String> = error
        .hints
        .iter()
        .map(|hint| format!("\n    hint: {hint}"))
        .collect();
    format!("{:?}: {error}{}", error.kind, hints.concat())
}

/// The schemas before and after.
const CASES: &[(&str, &str)] = &[
    ("books: id", "books: id"),
    ("books: id name", "books: id title"),
    ("books: id", "books: id pages"),
    ("books: id; tags: id", "books: id"),
    ("books: id name", "works: id title"),
];

#[test]
fn flags_answer_or_name_the_flag_that_answers() {
    let mut report = String::new();
    for (before, after) in CASES {
        for allow_drop in [false, true] {
            let mut flags = Flags {
                allow_drop,
                locations: &BTreeMap::new(),
            };
            let flag = if allow_drop { " --allow-drop" } else { "" };
            let answer = match detected(before, after, &mut flags) {
                Ok(lines) => lines.join("\n  "),
                Err(error) => refusal(&error),
            };
            report += &format!("{before} → {after}{flag}\n  {answer}\n");
        }
    }
    insta::assert_snapshot!(report);
}

#[test]
fn a_person_answers_one_question_after_the_other() {
    let cases: [(&str, &str, &[&str]); 7] = [
        ("books: id name", "books: id title", &["renamed"]),
        ("books: id name", "books: id title", &["new", "7", "yes"]),
        ("books: id name", "books: id title", &["new", "7", "no"]),
        ("books: id", "books: id pages", &["0"]),
        ("books: id name", "works: id name", &["renamed"]),
        ("books: id name", "works: id title", &["renamed", "renamed"]),
        (
            "books: id name; tags: id a",
            "works: id; tags: id b",
            &["new", "renamed", "yes"],
        ),
    ];
    let mut report = String::new();
    for (before, after, answers) in cases {
        let mut person = Person {
            prompt: Script(answers.iter().copied().collect()),
            allow_drop: false,
        };
        let answer = match detected(before, after, &mut person) {
            Ok(lines) => lines.join("\n  "),
            Err(error) => refusal(&error),
        };
        assert!(
            person.prompt.0.is_empty(),
            "{answers:?} were not all asked for"
        );
        report += &format!("{before} → {after}, {answers:?}\n  {answer}\n");
    }
    insta::assert_snapshot!(report);
}
