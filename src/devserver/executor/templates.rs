//! Templates that changed: pages load again when they are known to compile, or show what is wrong with them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::super::browser::{Editor, Pages};
use super::super::helper::Helper;
use super::super::templates::{Fault, Verdict, problem};
use super::super::terminal::Terminal;
use super::Executor;
use crate::files;

/// What is told about templates, and where.
struct Teller {
    root: PathBuf,
    editor: Editor,
    pages: Pages,
    terminal: Terminal,
}

impl Executor<'_> {
    /// Pages load again, unless a template that has just changed is faulty.
    pub(super) fn reload(&mut self) {
        let changed = self.changed_files();
        let helper = self.helper();
        let verdict = helper.and_then(|helper| self.templates.check(changed.clone(), helper));
        let Some(mut verdict) = verdict else {
            return loads_again(&self.pages, self.terminal);
        };
        let teller = self.teller();
        tokio::spawn(async move {
            let soon = match verdict.is_soon {
                true => verdict.soon().await,
                false => None,
            };
            if let Some(faults) = soon {
                let is_faulty = faults.iter().any(|fault| changed.contains(&fault.path));
                teller.tell(&faults);
                if !is_faulty {
                    loads_again(&teller.pages, &teller.terminal);
                }
                return;
            }
            loads_again(&teller.pages, &teller.terminal);
            teller.tell(&verdict.late().await);
        });
    }

    /// The site restarts, perhaps because it keeps templates that it has read.
    pub(super) fn check_templates(&mut self) {
        let changed = self.changed_files();
        let helper = self.helper();
        let verdict = helper.and_then(|helper| self.templates.check(changed, helper));
        self.tell_later(verdict);
    }

    /// A new version serves.
    pub(super) fn renew_templates(&mut self) {
        let helper = self.helper();
        let verdict = helper.and_then(|helper| self.templates.renew(helper));
        self.tell_later(verdict);
    }

    fn tell_later(&self, verdict: Option<Verdict>) {
        if let Some(verdict) = verdict {
            let teller = self.teller();
            tokio::spawn(async move { teller.tell(&verdict.late().await) });
        }
    }

    /// What changed since this was last asked for; of a site that is built, the build asks.
    fn changed_files(&self) -> BTreeSet<PathBuf> {
        match self.site.options.command {
            Some(_) => self.changes.take(),
            None => BTreeSet::new(),
        }
    }

    pub(super) fn helper(&self) -> Option<Helper> {
        let command = self.site.options.command.as_ref();
        let command = command?;
        Some(Helper {
            root: self.site.root.to_owned(),
            command: command.clone(),
            environment: self.site.environment.to_vec(),
            watchdog: std::sync::Arc::clone(&self.watchdog),
            terminal: self.terminal.clone(),
        })
    }

    fn teller(&self) -> Teller {
        Teller {
            root: self.site.root.to_owned(),
            editor: self.site.options.editor.clone(),
            pages: self.pages.clone(),
            terminal: self.terminal.clone(),
        }
    }
}

fn loads_again(pages: &Pages, terminal: &Terminal) {
    terminal.event(&json!({"event": "reload"}));
    pages.change(|page| page.version += 1);
}

impl Teller {
    /// Shows what is wrong with templates now, and nothing where nothing is.
    fn tell(&self, faults: &[Fault]) {
        let read = |file: &Path| files::read(file).ok().flatten();
        let problems = faults
            .iter()
            .map(|fault| problem(fault, &self.root, &read, &self.editor));
        let problems: Vec<_> = problems.collect();
        let known = self.pages.now().templates;
        for cured in known
            .iter()
            .filter(|known| !problems.iter().any(|problem| problem.file == known.file))
        {
            self.terminal
                .step("Fixed", cured.file.as_deref().unwrap_or_default());
        }
        for problem in problems.iter().filter(|problem| !known.contains(problem)) {
            self.terminal.warning(format_args!(
                "{}:{}: {}; pages that use the template fail",
                problem.file.as_deref().unwrap_or_default(),
                problem.line,
                problem.title
            ));
        }
        if !problems.is_empty() && problems != known {
            self.terminal
                .event(&json!({"event": "failed", "problems": problems}));
        }
        self.pages.change(|page| page.templates = problems);
    }
}
