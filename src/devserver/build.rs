//! One run of `cargo build`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::sync::mpsc::UnboundedReceiver;

use super::browser::{Pages, Problem};
use super::cargo_output::{Line, Said, line, message};
use super::change;
use super::editor::Editor;
use super::process::{self, Order};
use super::shortcut::Shortcut;
use super::state::{Built, Program};
use super::terminal::{Progress, Terminal};
use super::watch::Inputs;
use super::watchdog::Watchdog;
use crate::error::{Error, Result};

/// What to build, and where to say how it goes.
#[derive(Clone, Debug)]
pub(super) struct Build {
    pub(super) root: PathBuf,
    /// The binary wanted when the package has several.
    pub(super) name: String,
    pub(super) release: bool,
    pub(super) target_dir: Option<PathBuf>,
    pub(super) terminal: Terminal,
    pub(super) watchdog: Arc<Watchdog>,
    pub(super) pages: Pages,
    pub(super) editor: Editor,
    /// Told what the compiler has read.
    pub(super) inputs: Inputs,
    pub(super) shortcut: Shortcut,
    /// Never take the short way.
    pub(super) cargo_only: bool,
    /// Have no compiler wait for the next edit.
    pub(super) spare_memory: bool,
}

/// What the compiler said, and what it made.
#[derive(Debug, Default)]
struct Compiled {
    errors: Vec<Problem>,
    warnings: Vec<String>,
    /// Names and paths of the package's binaries.
    binaries: Vec<(String, PathBuf)>,
}

impl Build {
    /// Builds, shows what the compiler says as it renders it, and tells how it ended; stops early when told to.
    pub(super) async fn run(self, mut orders: UnboundedReceiver<Order>) -> Result<Built> {
        if !self.cargo_only
            && let Some(built) = self.shortcut.take(&self, &mut orders).await
        {
            return Ok(built);
        }
        self.by_cargo(&mut orders).await
    }

    async fn by_cargo(&self, orders: &mut UnboundedReceiver<Order>) -> Result<Built> {
        let started = Instant::now();
        self.shortcut.cargo_starts();
        let mut child = process::cargo()
            // So wordy, it tells how it runs rustc.
            .args([
                "build",
                "-vv",
                "--message-format=json-diagnostic-rendered-ansi",
            ])
            .args(self.release.then_some("--release"))
            // The bar is how cargo tells how many crates there are; it is read here and drawn again.
            .envs([
                ("CARGO_TERM_PROGRESS_WHEN", "always"),
                ("CARGO_TERM_PROGRESS_WIDTH", "120"),
            ])
            .env("CARGO_TERM_COLOR", "never")
            .envs(self.target_dir.iter().map(|dir| ("CARGO_TARGET_DIR", dir)))
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| Error::failed(format_args!("cargo does not start: {e}")).hint(NO_CARGO))?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Error::failed("cargo was started without pipes"));
        };
        let _guarded = child.id().map(|group| self.watchdog.guard(group));
        let progress = self.terminal.progress(&self.name);
        let (ended, compiled, complaints) = tokio::join!(
            process::supervise(&mut child, orders),
            self.compiled(stdout),
            self.complaints(stderr, progress),
        );
        let (ended, compiled, complaints) = (ended?, compiled?, complaints?);
        if ended.asked {
            return Ok(Built::Cancelled);
        }
        if !ended.status.success() {
            self.failed(compiled.errors, &complaints);
            return Ok(Built::Failed);
        }
        self.pages.change(|page| page.problems.clear());
        self.show(&compiled.warnings);
        self.terminal.step(
            "Built",
            format_args!("in {:.1} s", started.elapsed().as_secs_f64()),
        );
        let path = self.choose(compiled.binaries)?;
        self.read_inputs(&path);
        self.shortcut.cargo_ended(&path);
        Ok(Built::Done(Program {
            fingerprint: fingerprint(&path)?,
            path,
            by_cargo: true,
        }))
    }

    async fn compiled(&self, stdout: impl AsyncRead + Unpin) -> std::io::Result<Compiled> {
        let mut compiled = Compiled::default();
        let mut lines = BufReader::new(stdout).lines();
        while let Some(json) = lines.next_line().await? {
            match message(&json) {
                Some(Said::Error(text)) => compiled.errors.push(text),
                Some(Said::Warning(text)) => compiled.warnings.push(text),
                Some(Said::Binary {
                    manifest,
                    name,
                    path,
                }) if self.is_ours(Path::new(&manifest)) => {
                    self.shortcut.found(Path::new(&manifest), None);
                    compiled.binaries.push((name, path.into()));
                }
                Some(Said::Made { manifest, library }) => {
                    self.shortcut.found(Path::new(&manifest), library);
                }
                _ => {}
            }
        }
        Ok(compiled)
    }

    /// Follows cargo's bar and returns what else it said.
    async fn complaints(
        &self,
        mut stderr: impl AsyncRead + Unpin,
        mut progress: Progress,
    ) -> std::io::Result<Vec<String>> {
        let mut texts = Vec::new();
        let mut pending = Vec::new();
        while stderr.read_buf(&mut pending).await? > 0 {
            // The bar is drawn over itself with carriage returns.
            while let Some(end) = pending
                .iter()
                .position(|byte| matches!(byte, b'\r' | b'\n'))
            {
                let text: Vec<u8> = pending.drain(..=end).collect();
                match line(&String::from_utf8_lossy(&text)) {
                    Line::Progress {
                        done,
                        total,
                        crates,
                    } => progress.at(done, total, crates),
                    Line::Blocked(why) => progress.waits(why),
                    Line::Running(run) => self.shortcut.hear(run),
                    Line::Status => {}
                    Line::Text(text) => texts.push(text.to_owned()),
                }
            }
        }
        Ok(texts)
    }

    fn is_ours(&self, manifest: &Path) -> bool {
        // Cargo speaks of real paths; ours may go through a link or `..`.
        let real = |path: &Path| path.canonicalize().ok();
        manifest.parent().and_then(real) == real(&self.root)
    }

    /// Shows what is wrong, in the terminal and over the pages.
    pub(super) fn failed(&self, mut errors: Vec<Problem>, complaints: &[String]) {
        // Cargo sums up what the compiler said; alone, it is all there is.
        if errors.is_empty() {
            errors.push(Problem {
                title: complaints.first().cloned().unwrap_or_default(),
                text: complaints.join("\n"),
                ..Problem::default()
            });
        }
        for error in &errors {
            self.terminal.log(&error.text);
        }
        for error in &mut errors {
            error.link = self.link(error);
        }
        self.pages.change(|page| page.problems = errors);
    }

    /// What opens the place of an error in an editor.
    fn link(&self, error: &Problem) -> Option<String> {
        let file = self.root.join(error.file.as_ref()?);
        Some(self.editor.link(&file, error.line, error.column))
    }

    pub(super) fn show(&self, texts: &[String]) {
        for text in texts {
            self.terminal.log(text);
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "what cargo wrote is no file of the project"
    )]
    fn read_inputs(&self, binary: &Path) {
        // Without it, names alone tell what a file is for.
        if let Ok(text) = std::fs::read_to_string(binary.with_extension("d")) {
            self.inputs.send_replace(change::inputs(&text));
        }
    }

    fn choose(&self, mut binaries: Vec<(String, PathBuf)>) -> Result<PathBuf> {
        let wanted = binaries
            .iter()
            .position(|(name, _)| *name == self.name)
            .unwrap_or(0);
        if binaries.is_empty() {
            return Err(Error::failed("the project has no binary to run")
                .hint("it needs a `src/main.rs` in the package at its root"));
        }
        Ok(binaries.swap_remove(wanted).1)
    }
}

const NO_CARGO: &str = "install Rust from https://rustup.rs, or set CARGO to the cargo to use";

/// A number that is equal for equal binaries. They are large: read piece by piece.
#[expect(
    clippy::disallowed_methods,
    reason = "what cargo built is no file of the project"
)]
pub(super) fn fingerprint(path: &Path) -> std::io::Result<u64> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = crc32fast::Hasher::new();
    let (mut piece, mut length) = (vec![0; 1 << 16], 0);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(u64::from(hash.finalize()) << 32 | (length & 0xffff_ffff)),
            count => {
                hash.update(&piece[..count]);
                length += count as u64;
            }
        }
    }
}
