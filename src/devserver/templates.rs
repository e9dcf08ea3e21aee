//! Templates that changed, compiled before pages load again: a mistake in one is shown at once, with file and line.
//!
//! A site of Python compiles a template when a page first needs it. A helper, a process of the site's own framework,
//! does so as soon as the file is saved. Its standard input takes a line of JSON a request, a list of paths; it answers
//! each with a line `{"faults": [{"path": …, "line": 1, "title": …}]}`, and says `{"ready": true}` before the first.
//! One serves as long as a generation of the site does, since tags are code of the project. It is started by the first
//! change of a template: a site that has none pays nothing.

mod conversation;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::browser::{Editor, Problem};
use super::helper::Helper;
use super::traceback::excerpt;
use super::watch::change::is_template;

/// How long pages wait for a helper that is ready.
const HOLD: Duration = Duration::from_millis(100);

/// What is wrong with a template.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) path: PathBuf,
    pub(super) line: usize,
    /// `TemplateSyntaxError: …`
    pub(super) title: String,
}

/// Templates to compile, and where the answer goes.
#[derive(Debug)]
struct Request {
    files: BTreeSet<PathBuf>,
    answer: oneshot::Sender<Vec<Fault>>,
}

/// What is known of the templates of the site.
#[derive(Debug, Default)]
pub(super) struct Templates {
    helper: Option<Asked>,
    /// Those that are faulty, or not known to be sound.
    suspects: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// Whether one has changed yet.
    is_used: bool,
}

/// The helper that is asked now.
#[derive(Debug)]
struct Asked {
    requests: UnboundedSender<Request>,
    is_ready: Arc<AtomicBool>,
    task: tokio::task::AbortHandle,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The answer about some templates, which may be on its way.
#[derive(Debug)]
pub(super) struct Verdict {
    files: BTreeSet<PathBuf>,
    answer: oneshot::Receiver<Vec<Fault>>,
    suspects: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// Whether pages may wait for it.
    pub(super) is_soon: bool,
}

impl Templates {
    /// Asks about those of `files` that are templates, and about all that were faulty; `None` where there are none.
    pub(super) fn check(&mut self, files: BTreeSet<PathBuf>, helper: Helper) -> Option<Verdict> {
        let changed: BTreeSet<PathBuf> =
            files.into_iter().filter(|file| is_template(file)).collect();
        if changed.is_empty() {
            return None;
        }
        self.is_used = true;
        self.ask(changed, helper)
    }

    /// A new version of the site serves: its tags may be others. Asks again about those that were faulty.
    pub(super) fn renew(&mut self, helper: Helper) -> Option<Verdict> {
        self.helper = None;
        if !self.is_used {
            return None;
        }
        if lock(&self.suspects).is_empty() {
            self.start(helper);
            return None;
        }
        self.ask(BTreeSet::new(), helper)
    }

    /// Ends the helper.
    pub(super) fn stop(&mut self) {
        self.helper = None;
    }

    fn ask(&mut self, mut files: BTreeSet<PathBuf>, helper: Helper) -> Option<Verdict> {
        if self.helper.is_none() {
            self.start(helper);
        }
        {
            let mut suspects = lock(&self.suspects);
            suspects.extend(files.iter().cloned());
            files.clone_from(&suspects);
        }
        let helper = self.helper.as_ref()?;
        let (answer, received) = oneshot::channel();
        let request = Request {
            files: files.clone(),
            answer,
        };
        // One that could not be started has said so.
        helper.requests.send(request).ok()?;
        Some(Verdict {
            files,
            answer: received,
            suspects: Arc::clone(&self.suspects),
            is_soon: helper.is_ready.load(Ordering::SeqCst),
        })
    }

    fn start(&mut self, helper: Helper) {
        let (requests, received) = unbounded_channel();
        let is_ready = Arc::<AtomicBool>::default();
        let Some(words) = helper.command.templates.clone() else {
            return;
        };
        let conversation = conversation::run(helper, words, received, Arc::clone(&is_ready));
        let task = tokio::spawn(conversation);
        self.helper = Some(Asked {
            requests,
            is_ready,
            task: task.abort_handle(),
        });
    }
}

impl Verdict {
    /// Waits for it for as long as pages may; `None` if it takes longer.
    pub(super) async fn soon(&mut self) -> Option<Vec<Fault>> {
        let answer = tokio::time::timeout(HOLD, &mut self.answer).await;
        answer.ok().map(|answer| self.settle(answer.ok()))
    }

    /// Waits for it. Without an answer nothing is faulty as far as is known.
    pub(super) async fn late(mut self) -> Vec<Fault> {
        let answer = (&mut self.answer).await;
        self.settle(answer.ok())
    }

    fn settle(&self, answer: Option<Vec<Fault>>) -> Vec<Fault> {
        let mut suspects = lock(&self.suspects);
        let Some(faults) = answer else {
            return Vec::new();
        };
        suspects.retain(|file| !self.files.contains(file));
        suspects.extend(faults.iter().map(|fault| fault.path.clone()));
        faults
    }
}

fn lock(suspects: &Mutex<BTreeSet<PathBuf>>) -> std::sync::MutexGuard<'_, BTreeSet<PathBuf>> {
    suspects.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A fault as a page shows it. `read` reads a file of the project.
pub(super) fn problem(
    fault: &Fault,
    root: &Path,
    read: &dyn Fn(&Path) -> Option<String>,
    editor: &Editor,
) -> Problem {
    let inside = fault.path.strip_prefix(root).unwrap_or(&fault.path);
    let source = read(&fault.path).map(|text| excerpt(&text, fault.line) + "\n\n");
    Problem {
        title: short(&fault.title).to_owned(),
        text: format!("{}{}", source.unwrap_or_default(), fault.title),
        file: Some(crate::paths::slashed(inside)),
        line: fault.line,
        column: 1,
        link: Some(editor.link(&fault.path, fault.line, 1)),
    }
}

/// The first line of what is wrong, without the start of a list that goes on below it.
fn short(title: &str) -> &str {
    let line = title.lines().next().unwrap_or_default().trim_end();
    match (line.ends_with(':'), line.rsplit_once(". ")) {
        (true, Some((sentence, _))) => sentence,
        _ => line,
    }
}
