//! Why migrations cannot be planned, merged or squashed.

/// Why the steps cannot be planned: a sentence and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) message: String,
    pub(crate) hint: String,
}

pub(super) fn blocked(message: impl Into<String>, hint: impl Into<String>) -> Blocked {
    Blocked {
        message: message.into(),
        hint: hint.into(),
    }
}
