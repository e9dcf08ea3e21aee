//! What a live database holds beside the entities, and a migration would take away without naming it.

/// One thing that a step would lose or break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    /// What `--accept-loss` takes: the object's own name, or `table.column` for a part without one.
    pub(crate) name: String,
    /// A sentence that names the thing and says what happens to it.
    pub(crate) message: String,
    /// What to do where the loss is not wanted.
    pub(crate) way_out: String,
    /// SQL that takes the thing out of the way where its loss is accepted; `None` where the migration itself does.
    pub(crate) removal: Option<String>,
}

impl Loss {
    pub(crate) fn new(
        name: impl Into<String>,
        message: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            message: message.into(),
            way_out: way_out.into(),
            removal: None,
        }
    }

    pub(crate) fn removed_by(self, sql: impl Into<String>) -> Self {
        Self {
            removal: Some(sql.into()),
            ..self
        }
    }

    /// Whether `--accept-loss` named it; databases compare names without regard to case here.
    pub(crate) fn is_accepted(&self, accepted: &[String]) -> bool {
        accepted
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&self.name))
    }
}
