//! From the text of a field to its parts.

use std::ops::Range;

use super::arguments::{self, Argument};
use super::definition::Field;
use super::error::FieldError;
use super::field_type::FieldType;
use super::nearest::nearest;
use super::{default, name};

const MODIFIERS: [&str; 2] = ["unique", "index"];

/// Parses one field. The error points at the part of `text` that is wrong.
pub(crate) fn parse(text: &str) -> Result<Field, FieldError> {
    let mut cursor = Cursor { text, at: 0 };
    let named = cursor.until(&[':', '=', '(', '?']);
    name::check(text, named.clone())?;
    let name = &text[named.clone()];
    if !cursor.skip(':') {
        return Err(
            FieldError::new(text, named, format!("`{name}` has no type")).hint(format!(
                "say one behind a colon: `{name}:string(200)`, `{name}:int`, …"
            )),
        );
    }
    let typed = cursor.until(&[':', '=', '(', '?']);
    let brackets = cursor.arguments()?;
    let kind = arguments::parse(text, typed.clone(), brackets)?;
    let nullable = cursor.skip('?');
    let mut modifiers = cursor.modifiers()?;
    let field = Field {
        name: name.to_owned(),
        nullable,
        unique: modifiers.remove("unique"),
        index: modifiers.remove("index"),
        default: None,
        kind,
    };
    check_modifiers(text, &field, &modifiers.seen, typed)?;
    let default = match cursor.skip('=') {
        true => Some(default::parse(text, cursor.at..text.len(), &field)?),
        false => None,
    };
    // Uniqueness brings an index of its own.
    let index = field.index && !field.unique;
    Ok(Field {
        default,
        index,
        ..field
    })
}

/// Refuses what makes no sense for a type.
fn check_modifiers(
    text: &str,
    field: &Field,
    seen: &[(&'static str, Range<usize>)],
    typed: Range<usize>,
) -> Result<(), FieldError> {
    let word = &text[typed.clone()];
    if field.nullable && matches!(field.kind, FieldType::Many { .. }) {
        let at = text.find('?').map_or(typed.clone(), |at| at..at + 1);
        return Err(FieldError::new(
            text,
            at,
            "a `many` cannot be null: it is empty or it is not",
        )
        .hint("leave the `?` out"));
    }
    let refusal = match field.kind {
        FieldType::Many { .. } => Some("the link between the two is unique and indexed already"),
        FieldType::Json | FieldType::Bytes => Some("databases cannot compare its values"),
        _ => None,
    };
    for (modifier, at) in seen {
        if let Some(why) = refusal {
            let message = format!("`{word}` cannot be `{modifier}`: {why}");
            return Err(FieldError::new(text, at.clone(), message));
        }
    }
    field.kind.check_nullable(text, field.nullable)
}

/// Modifiers seen so far, each where it is.
#[derive(Default)]
struct Modifiers {
    seen: Vec<(&'static str, Range<usize>)>,
}

impl Modifiers {
    fn remove(&mut self, name: &str) -> bool {
        self.seen.iter().any(|(seen, _)| *seen == name)
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    /// Goes on to the first of `stops`, or to the end.
    fn until(&mut self, stops: &[char]) -> Range<usize> {
        let start = self.at;
        self.at = self.text[start..]
            .find(stops)
            .map_or(self.text.len(), |at| start + at);
        start..self.at
    }

    fn skip(&mut self, wanted: char) -> bool {
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// `(a, b)`: each argument where it is, without the blanks around it.
    fn arguments(&mut self) -> Result<Option<Vec<Argument>>, FieldError> {
        let open = self.at;
        if !self.skip('(') {
            return Ok(None);
        }
        let inside = self.until(&[')']);
        if !self.skip(')') {
            return Err(FieldError::new(
                self.text,
                open..self.text.len(),
                "the bracket is not closed",
            )
            .hint(
                "end it with `)`, and quote the whole field for the shell: 'title:string(200)'",
            ));
        }
        let mut arguments = Vec::new();
        let mut start = inside.start;
        for part in self.text[inside.clone()].split(',') {
            let blanks = part.len() - part.trim_start().len();
            let from = start + blanks;
            arguments.push(Argument {
                at: from..from + part.trim().len(),
            });
            start += part.len() + 1;
        }
        if self.text[inside].trim().is_empty() {
            arguments.clear();
        }
        Ok(Some(arguments))
    }

    /// `:unique:index`, up to a default or the end.
    fn modifiers(&mut self) -> Result<Modifiers, FieldError> {
        let mut modifiers = Modifiers::default();
        loop {
            if self.skip(':') {
                let at = self.until(&[':', '=', '(', '?']);
                modifiers
                    .seen
                    .push((self.modifier(&modifiers, at.clone())?, at));
                continue;
            }
            let rest = self.at..self.text.len();
            return match self.text[rest.clone()].chars().next() {
                None | Some('=') => Ok(modifiers),
                Some('?') => Err(FieldError::new(
                    self.text,
                    self.at..self.at + 1,
                    "a `?` comes right behind the type",
                )
                .hint("as in `subtitle:string(100)?:unique`")),
                Some(_) => Err(FieldError::new(self.text, rest, "this is not understood")
                    .hint("a field is `name:type[(args)][?][:unique][:index][=default]`")),
            };
        }
    }

    fn modifier(&self, seen: &Modifiers, at: Range<usize>) -> Result<&'static str, FieldError> {
        let word = &self.text[at.clone()];
        let error = |message| FieldError::new(self.text, at.clone(), message);
        match MODIFIERS.into_iter().find(|modifier| *modifier == word) {
            Some(modifier) if seen.seen.iter().any(|(other, _)| *other == modifier) => {
                Err(error(format!("`{modifier}` is said twice")))
            }
            Some(modifier) => Ok(modifier),
            None => {
                let error = error(format!("`{word}` is not known behind a type"));
                Err(match (word, nearest(word, MODIFIERS)) {
                    ("null" | "nullable" | "optional", _) => {
                        error.hint("write `?` right behind the type")
                    }
                    (_, Some(near)) => error.hint(format!("did you mean `{near}`?")),
                    (_, None) => error.hint("`unique` and `index` may stand here"),
                })
            }
        }
    }
}
