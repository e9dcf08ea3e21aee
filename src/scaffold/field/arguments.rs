//! The word behind a field's colon and its arguments: `decimal(10,2)`.

use std::ops::Range;

use heck::ToUpperCamelCase;

use super::error::FieldError;
use super::field_type::{FieldType, ModelPath, OnDelete, TYPES, Variant};
use super::nearest::nearest;

/// What `VARCHAR` can be at most everywhere: MySQL's rows hold 65,535 bytes, 4 a character.
/// <https://dev.mysql.com/doc/refman/8.4/en/char.html>
const LONGEST_STRING: u32 = 16_383;
/// As in Rails, whose users leave the length out.
const USUAL_STRING: u32 = 255;
/// What `rust_decimal` can hold of any value.
const MOST_DIGITS: u32 = 28;
/// Long enough for a word, short enough for a column.
const LONGEST_VALUE: usize = 50;

/// What people type who come from elsewhere, and what it is here.
const SYNONYMS: &[(&str, &str)] = &[
    ("belongs_to", "ref"),
    ("big_integer", "bigint"),
    ("binary", "bytes"),
    ("blob", "bytes"),
    ("boolean", "bool"),
    ("char", "string"),
    ("choice", "enum"),
    ("f32", "float"),
    ("f64", "double"),
    ("fk", "ref"),
    ("foreign_key", "ref"),
    ("foreignkey", "ref"),
    ("has_many", "many"),
    ("has_one", "one"),
    ("i16", "smallint"),
    ("i32", "int"),
    ("i64", "bigint"),
    ("integer", "int"),
    ("jsonb", "json"),
    ("long", "bigint"),
    ("many_to_many", "many"),
    ("manytomany", "many"),
    ("money", "decimal"),
    ("number", "int"),
    ("numeric", "decimal"),
    ("one_to_one", "one"),
    ("real", "float"),
    ("references", "ref"),
    ("short", "smallint"),
    ("str", "string"),
    ("timestamp", "datetime"),
    ("uri", "url"),
    ("varchar", "string"),
];

/// One of the comma-separated parts between a type's brackets.
#[derive(Clone, Debug)]
pub(super) struct Argument {
    pub(super) at: Range<usize>,
}

/// A type's name and its arguments, being understood.
struct Typed<'a> {
    text: &'a str,
    word: &'a str,
    /// The name and the brackets.
    at: Range<usize>,
    arguments: Vec<Argument>,
}

/// The type that the word at `typed` and the arguments behind it say.
pub(super) fn parse(
    text: &str,
    typed: Range<usize>,
    arguments: Option<Vec<Argument>>,
) -> Result<FieldType, FieldError> {
    let word = &text[typed.clone()];
    let close = |from: usize| {
        text[from..]
            .find(')')
            .map_or(text.len(), |at| from + at + 1)
    };
    let end = match arguments {
        Some(_) => close(typed.end),
        None => typed.end,
    };
    let typed = Typed {
        text,
        word,
        at: typed.start..end,
        arguments: arguments.unwrap_or_default(),
    };
    match word {
        "string" => Ok(FieldType::String {
            length: typed.length()?,
        }),
        "decimal" => typed.decimal(),
        "enum" => typed.variants().map(FieldType::Enum),
        "ref" | "one" => {
            let (target, on_delete) = typed.reference()?;
            Ok(match word {
                "ref" => FieldType::Ref { target, on_delete },
                _ => FieldType::One { target, on_delete },
            })
        }
        "many" => match typed.arguments.as_slice() {
            [target] => Ok(FieldType::Many {
                target: typed.target(target)?,
            }),
            _ => Err(typed
                .error("`many` takes one model")
                .hint("as in `tags:many(books.Tag)`")),
        },
        _ => match FieldType::plain(word) {
            Some(kind) if typed.arguments.is_empty() => Ok(kind),
            Some(_) => Err(typed.error(format!("`{word}` takes nothing in brackets"))),
            None => Err(typed.unknown()),
        },
    }
}

impl<'a> Typed<'a> {
    fn error(&self, message: impl Into<String>) -> FieldError {
        FieldError::new(self.text, self.at.clone(), message)
    }

    fn error_at(&self, argument: &Argument, message: impl Into<String>) -> FieldError {
        FieldError::new(self.text, argument.at.clone(), message)
    }

    fn str(&self, argument: &Argument) -> &'a str {
        &self.text[argument.at.clone()]
    }

    fn unknown(&self) -> FieldError {
        let word = self.word;
        let at = self.at.start..self.at.start + word.len();
        let message = match word {
            "" => "there is no type behind the colon".to_owned(),
            _ => format!("`{word}` is not a type of field"),
        };
        let names: Vec<&str> = TYPES.iter().map(|(form, _)| name_of(form)).collect();
        let lower = word.to_ascii_lowercase();
        let synonym = SYNONYMS
            .iter()
            .find(|(other, _)| *other == lower)
            .map(|(_, here)| *here);
        let near = synonym.or_else(|| nearest(word, names.iter().copied()));
        FieldError::new(self.text, at, message).hint(match near {
            Some(near) => {
                let form = TYPES
                    .iter()
                    .map(|(form, _)| *form)
                    .find(|form| name_of(form) == near);
                format!("did you mean `{}`?", form.unwrap_or(near))
            }
            None => format!("the types are {}", names.join(", ")),
        })
    }

    fn number(&self, argument: &Argument) -> Option<u32> {
        let digits = self.str(argument);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().unwrap_or(u32::MAX))
    }

    fn length(&self) -> Result<u32, FieldError> {
        let bare = self.at.len() == self.word.len();
        let [argument] = self.arguments.as_slice() else {
            if bare {
                return Ok(USUAL_STRING);
            }
            return Err(self
                .error("`string` takes its greatest length")
                .hint("as in `string(200)`; `text` is text of any length"));
        };
        match self.number(argument) {
            Some(length @ 1..=LONGEST_STRING) => Ok(length),
            Some(0) | None => Err(self
                .error_at(
                    argument,
                    format!("`{}` is not a length", self.str(argument)),
                )
                .hint(format!(
                    "a length is a whole number from 1 to {LONGEST_STRING}"
                ))),
            Some(_) => Err(self
                .error_at(
                    argument,
                    format!("a string can have {LONGEST_STRING} characters at most"),
                )
                .hint("use `text`, which has no limit")),
        }
    }

    fn decimal(&self) -> Result<FieldType, FieldError> {
        let example = "as in `decimal(10,2)`: 10 digits, 2 of them after the point";
        let [digits, after] = self.arguments.as_slice() else {
            return Err(self.error("`decimal` needs two numbers").hint(example));
        };
        let number = |argument| {
            self.number(argument).ok_or_else(|| {
                let message = format!("`{}` is not a number of digits", self.str(argument));
                self.error_at(argument, message).hint(example)
            })
        };
        let (precision, scale) = (number(digits)?, number(after)?);
        if !(1..=MOST_DIGITS).contains(&precision) {
            return Err(self
                .error_at(digits, format!("a decimal has 1 to {MOST_DIGITS} digits"))
                .hint(example));
        }
        if scale > precision {
            return Err(self
                .error_at(
                    after,
                    format!("{scale} digits after the point are more than {precision} in all"),
                )
                .hint(if scale <= MOST_DIGITS {
                    format!("did you mean `decimal({scale},{precision})`?")
                } else {
                    example.to_owned()
                }));
        }
        Ok(FieldType::Decimal { precision, scale })
    }

    fn variants(&self) -> Result<Vec<Variant>, FieldError> {
        if self.arguments.is_empty() {
            return Err(self
                .error("`enum` needs its values")
                .hint("as in `enum(draft,published)`"));
        }
        let mut variants: Vec<Variant> = Vec::new();
        for argument in &self.arguments {
            let variant = self.variant(argument)?;
            if let Some(other) = variants.iter().find(|other| other.name == variant.name) {
                return Err(self.error_at(
                    argument,
                    match other.value == variant.value {
                        true => format!("the value `{}` is there twice", variant.value),
                        false => format!(
                            "`{}` and `{}` would both be `{}` in Rust",
                            other.value, variant.value, variant.name
                        ),
                    },
                ));
            }
            variants.push(variant);
        }
        Ok(variants)
    }

    fn variant(&self, argument: &Argument) -> Result<Variant, FieldError> {
        let value = self.str(argument);
        let name = value.to_upper_camel_case();
        let odd = value
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
        let message = if value.is_empty() {
            "an empty value".to_owned()
        } else if value.len() > LONGEST_VALUE {
            format!("a value can have {LONGEST_VALUE} characters at most")
        } else if let Some(odd) = odd {
            format!("{odd:?} cannot be part of a value")
        } else if !value.starts_with(|c: char| c.is_ascii_alphabetic()) {
            "a value starts with a letter".to_owned()
        } else if name == "Self" {
            "`Self` is a Rust keyword that cannot name a value".to_owned()
        } else {
            return Ok(Variant {
                value: value.to_owned(),
                name,
            });
        };
        Err(self
            .error_at(argument, message)
            .hint("values are letters, digits, `-` and `_`, as in `enum(in-stock,sold-out)`"))
    }

    fn reference(&self) -> Result<(ModelPath, OnDelete), FieldError> {
        let word = self.word;
        let (target, on_delete) = match self.arguments.as_slice() {
            [target] => (target, OnDelete::default()),
            [target, on_delete] => (target, self.on_delete(on_delete)?),
            _ => {
                return Err(self
                    .error(format!("`{word}` needs the model it refers to"))
                    .hint(format!("as in `author:{word}(books.Author)` or `author:{word}(books.Author,on_delete=cascade)`")));
            }
        };
        Ok((self.target(target)?, on_delete))
    }

    fn on_delete(&self, argument: &Argument) -> Result<OnDelete, FieldError> {
        let choices = OnDelete::ALL.map(|(name, _)| name);
        let typed = self.str(argument);
        let Some(action) = typed.strip_prefix("on_delete=") else {
            return Err(self
                .error_at(argument, format!("`{typed}` is not understood here"))
                .hint(format!("write on_delete={}", choices.join(", on_delete="))));
        };
        let found = OnDelete::ALL.into_iter().find(|(name, _)| *name == action);
        found.map(|(_, action)| action).ok_or_else(|| {
            let error = self.error_at(
                argument,
                format!("`{action}` is not something to do on delete"),
            );
            error.hint(match nearest(action, choices) {
                Some(near) => format!("did you mean `on_delete={near}`?"),
                None => format!("it is one of {}", choices.join(", ")),
            })
        })
    }

    fn target(&self, argument: &Argument) -> Result<ModelPath, FieldError> {
        let typed = self.str(argument);
        let parts = typed.split_once('.').filter(|(app, model)| {
            let word = |text: &str| {
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            word(app) && word(model)
        });
        match parts {
            Some((app, model)) => Ok(ModelPath {
                app: app.to_owned(),
                model: model.to_owned(),
                at: argument.at.clone(),
            }),
            None => Err(self
                .error_at(argument, format!("`{typed}` does not name a model"))
                .hint("write the app, a point and the model, as in `books.Author`")),
        }
    }
}

/// `string` of `string(n)`.
fn name_of(form: &str) -> &str {
    form.split('(').next().unwrap_or(form)
}
