//! What the executor reports, on the terminal and to open pages, and what a report starts.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::super::browser::Problem;
use super::super::process::Order;
use super::super::state::Notice;
use super::super::traceback;
use super::{Executor, tell};
use crate::files;

impl Executor<'_> {
    /// Tells what has happened, and does what follows from it.
    pub(super) fn say(&mut self, notice: Notice) {
        let url = self.site.address.url();
        let terminal = self.terminal;
        self.pages.change(|page| page.building = false);
        match notice {
            Notice::Serving => {
                self.greet(&url);
                self.serving(1);
                self.prepare();
            }
            Notice::ServingAgain(number) => {
                self.serving(number);
                self.prepare();
            }
            Notice::Unchanged => {
                self.prepare();
                self.timing.reset();
                terminal.step("Unchanged", "the build produced the same program");
                terminal.event(&json!({"event": "unchanged"}));
            }
            Notice::BuildWritesSources(file) => {
                let file = file.display();
                terminal.warning(format_args!(
                    "each build writes {file}, a source file; no further build before the next save. A build script should \
                     write to OUT_DIR"
                ));
                self.timing.reset();
            }
            Notice::BuildFailedStillServing => {
                terminal.warning("build failed; still serving the previous version");
                self.build_failed();
            }
            Notice::WaitingForFix => {
                terminal.warning("build failed; the site starts when it is fixed");
                self.build_failed();
            }
            Notice::NewSiteExited(exit) => {
                let (status, output) = split(&exit);
                terminal.warning(format_args!(
                    "the new version exited before it was ready ({status}); still serving the previous version"
                ));
                self.site_exited(
                    format!("The new version exited before it was ready ({status})"),
                    output,
                );
            }
            Notice::Restarting(exit) => {
                let (status, output) = split(&exit);
                terminal.warning(format_args!(
                    "the site exited ({status}); starting it again"
                ));
                self.site_exited(format!("The site exited ({status})"), output);
                self.pages.change(|page| page.building = true);
            }
            Notice::SiteExited(exit) => {
                let (status, output) = split(&exit);
                terminal.warning(format_args!(
                    "the site exited ({status}); it starts again when a file changes"
                ));
                self.site_exited(format!("The site exited ({status})"), output);
            }
            Notice::Stopping => {
                tell(self.preparing.take().as_ref(), Order::Kill);
                self.templates.stop();
                self.stop_asking();
                terminal.step("Stopping", "the site");
            }
        }
        terminal.status("Watching", url);
    }

    /// What is there to look at, before the first edit.
    fn greet(&self, url: &str) {
        let terminal = self.terminal;
        terminal.step("Serving", format_args!("{url}/"));
        for (path, description) in self.site.pages {
            terminal.step("", format_args!("{url}{path}  {description}"));
        }
        terminal.step("", "Watching for changes; Ctrl-C stops.");
        if self.site.options.open
            && let Err(error) = open::that_detached(url)
        {
            terminal.warning(format_args!("the browser did not open: {error}"));
        }
    }

    fn serving(&mut self, number: u32) {
        let took = self.timing.served();
        if number > 1 {
            let seconds = took
                .total
                .map(|took| format!(" in {:.2} s", took.as_secs_f64()));
            let seconds = seconds.unwrap_or_default();
            self.terminal
                .step("Serving", format_args!("generation {number}{seconds}"));
        }
        self.terminal.detail(&took);
        self.terminal.event(&json!({
            "event": "serving",
            "generation": number,
            "url": self.site.address.url(),
            "seconds": took.total.map(|took| took.as_secs_f64()),
        }));
        self.pages.change(|page| {
            page.version += 1;
            page.problems.clear();
        });
        self.show_missing_migrations();
        self.start_check();
        self.renew_templates();
        if let Some(command) = &self.site.options.command {
            let watchdog = Arc::clone(&self.watchdog);
            self.fork_server
                .ensure(command, self.site.root, watchdog, self.terminal);
        }
    }

    fn build_failed(&mut self) {
        self.timing.reset();
        let problems = self.pages.now().problems;
        self.terminal
            .event(&json!({"event": "failed", "problems": problems}));
    }

    fn site_exited(&mut self, title: String, output: &str) {
        self.timing.reset();
        let root = self.site.root;
        let read = |file: &Path| files::read(file).ok().flatten();
        let editor = &self.site.options.editor;
        let traceback = traceback::problem(&title, output, root, &read, editor);
        let problem = traceback.unwrap_or_else(|| Problem {
            title,
            text: output.to_owned(),
            ..Problem::default()
        });
        self.pages.change(|page| page.problems = vec![problem]);
        self.build_failed();
    }
}

/// The exit status, and the last lines of output before it.
fn split(exit: &str) -> (&str, &str) {
    exit.split_once('\n').unwrap_or((exit, ""))
}
