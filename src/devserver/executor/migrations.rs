//! Migrations that are missing: looked for beside each new version, shown, and applied when a page asks for it.

use std::path::PathBuf;

use serde_json::json;
use tokio::io::AsyncReadExt;

use super::super::browser::Pages;
use super::super::helper::Helper;
use super::super::proxy::MigrateRequest;
use super::super::site::{LookForPending, Missing};
use super::super::terminal::Terminal;
use super::Executor;

/// How missing migrations are found.
#[derive(Clone)]
enum Look {
    Within(LookForPending),
    By(Box<Helper>, (PathBuf, Vec<String>)),
}

impl Executor<'_> {
    /// Shows which migrations are missing, as soon as that is known.
    pub(super) fn show_missing_migrations(&mut self) {
        let Some(look) = self.look() else {
            return;
        };
        let (pages, terminal) = (self.pages.clone(), self.terminal.clone());
        let looking = tokio::spawn(async move {
            match look.missing().await {
                Ok(missing) => {
                    tell(&missing, &terminal);
                    show(missing, &pages);
                }
                Err(reason) => {
                    terminal.detail(format_args!("missing migrations are unknown: {reason}"));
                }
            }
        });
        self.looking = Some(looking.abort_handle());
    }

    /// Applies pending migrations because a page asked for it.
    pub(in super::super) fn migrate(&self, request: MigrateRequest) {
        let (Some(migrations), Some(look)) = (self.site.migrations.clone(), self.look()) else {
            // A page that has been closed needs no answer.
            let _ = request.send(Err("this project has no migrations".to_owned()));
            return;
        };
        let (pages, terminal) = (self.pages.clone(), self.terminal.clone());
        tokio::spawn(async move {
            let applied = tokio::task::spawn_blocking(move || (migrations.apply)()).await;
            let missing = look.missing().await;
            let answer = match applied {
                Ok(Ok(())) => {
                    terminal.step("Migrated", "the database");
                    Ok("Applied.".to_owned())
                }
                Ok(Err(error)) => {
                    terminal.error(&error);
                    Err(error.to_string())
                }
                Err(error) => Err(error.to_string()),
            };
            let done = answer.is_ok();
            let _ = request.send(answer);
            show(missing.unwrap_or_default(), &pages);
            // A page that failed for want of a table may work now.
            pages.change(|page| page.version += u64::from(done));
        });
    }

    fn look(&self) -> Option<Look> {
        let words = self.site.options.command.as_ref();
        let words = words.and_then(|command| command.migrations.clone());
        match (words, self.helper()) {
            (Some(words), Some(helper)) => Some(Look::By(Box::new(helper), words)),
            _ => self.site.migrations.clone()?.pending.map(Look::Within),
        }
    }
}

impl Look {
    async fn missing(&self) -> Result<Missing, String> {
        match self {
            Self::Within(pending) => {
                let pending = pending.clone();
                let found = tokio::task::spawn_blocking(move || pending()).await;
                let found = found.map_err(|error| error.to_string())?;
                let pending = found.map_err(|error| error.to_string())?;
                Ok(Missing {
                    pending,
                    unmade: Vec::new(),
                })
            }
            Self::By(helper, words) => {
                let found = answer(helper, words).await;
                found.map_err(|error| error.to_string())
            }
        }
    }
}

/// What the helper says, at its end.
async fn answer(helper: &Helper, words: &(PathBuf, Vec<String>)) -> std::io::Result<Missing> {
    let mut started = helper.start(words)?;
    drop(started.child.stdin.take());
    let mut text = String::new();
    if let Some(mut stdout) = started.child.stdout.take() {
        stdout.read_to_string(&mut text).await?;
    }
    let mut answers = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    answers
        .next_back()
        .ok_or_else(|| std::io::Error::other("the framework does not say"))
}

fn tell(missing: &Missing, terminal: &Terminal) {
    let Missing { pending, unmade } = missing;
    if pending.is_empty() && unmade.is_empty() {
        return;
    }
    terminal.event(&json!({"event": "pending", "migrations": pending, "unmade": unmade}));
    if !unmade.is_empty() {
        let names = unmade.join(", ");
        terminal.step(
            "Pending",
            format_args!("models of {names} without a migration: `luthier makemigrations`, then `luthier migrate`"),
        );
    }
    if !pending.is_empty() {
        let names = pending.join(", ");
        terminal.step(
            "Pending",
            format_args!("{names}: `luthier migrate`, or the button in the page"),
        );
    }
}

fn show(missing: Missing, pages: &Pages) {
    pages.change(|page| {
        page.pending = missing.pending;
        page.unmade = missing.unmade;
    });
}
