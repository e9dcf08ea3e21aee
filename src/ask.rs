//! The only module that asks on the terminal. Callers have made sure that there is one: `Context::interactive`.

use std::fmt;

use dialoguer::{Confirm, Input, Password, Select};

use crate::error::{Error, Result};
use crate::interrupt;

/// The index of the item that is chosen; the first is marked to begin with.
pub(crate) fn choose(prompt: impl Into<String>, items: &[impl fmt::Display]) -> Result<usize> {
    interrupt::watch();
    let choice = Select::new().with_prompt(prompt).items(items).default(0);
    choice.interact().map_err(unanswered)
}

/// A line of text, not empty.
pub(crate) fn text(prompt: impl Into<String>) -> Result<String> {
    interrupt::watch();
    let input = Input::new().with_prompt(prompt);
    input.interact_text().map_err(unanswered)
}

/// A secret, typed twice without showing.
pub(crate) fn password(prompt: impl Into<String>) -> Result<String> {
    interrupt::watch();
    let question = Password::new()
        .with_prompt(prompt)
        .with_confirmation("Again", "The two differ: once more");
    question.interact().map_err(unanswered)
}

/// Yes or no; no unless said otherwise.
pub(crate) fn confirm(prompt: impl Into<String>) -> Result<bool> {
    interrupt::watch();
    let question = Confirm::new().with_prompt(prompt).default(false);
    question.interact().map_err(unanswered)
}

fn unanswered(error: dialoguer::Error) -> Error {
    Error::failed(format_args!("the question got no answer: {error}"))
}
