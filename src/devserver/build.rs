//! One build: the fast rebuild if it applies, otherwise one run of `cargo build`.

pub(super) mod cargo_output;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::sync::mpsc::UnboundedReceiver;

use super::browser::Editor;
use super::browser::{Pages, Problem};
use super::fast_rebuild::FastRebuild;
use super::process::watchdog::Watchdog;
use super::process::{self, Order};
use super::state::{Built, Program};
use super::terminal::{Progress, Terminal};
use super::watch::Inputs;
use super::watch::change;
use crate::error::{Error, Result};
use cargo_output::{CargoMessage, Line, line, message};

/// What to build, and where to report progress.
#[derive(Clone, Debug)]
pub(super) struct Build {
    pub(super) root: PathBuf,
    /// The binary to run if the package has several.
    pub(super) name: String,
    pub(super) release: bool,
    pub(super) target_dir: Option<PathBuf>,
    pub(super) terminal: Terminal,
    pub(super) watchdog: Arc<Watchdog>,
    pub(super) pages: Pages,
    pub(super) editor: Editor,
    /// Receives the files that the compiler has read.
    pub(super) inputs: Inputs,
    pub(super) fast_rebuild: FastRebuild,
    /// Whether fast rebuilds are enabled.
    pub(super) uses_fast_rebuild: bool,
    /// Keep a compiler started for the next edit.
    pub(super) prewarm_compiler: bool,
}

/// The compiler's diagnostics and artifacts.
#[derive(Debug, Default)]
struct Compiled {
    errors: Vec<Problem>,
    warnings: Vec<String>,
    /// Names and paths of the package's binaries.
    binaries: Vec<(String, PathBuf)>,
}

impl Build {
    /// Builds, shows the diagnostics as the compiler renders them, and returns how it ended; stops early when told to.
    pub(super) async fn run(self, mut orders: UnboundedReceiver<Order>) -> Result<Built> {
        if self.uses_fast_rebuild
            && let Some(built) = self.fast_rebuild.try_build(&self, &mut orders).await
        {
            return Ok(built);
        }
        self.with_cargo(&mut orders).await
    }

    async fn with_cargo(&self, orders: &mut UnboundedReceiver<Order>) -> Result<Built> {
        let started = Instant::now();
        self.fast_rebuild.cargo_starts();
        let mut child = process::cargo()
            // `-vv` makes cargo print how it runs rustc.
            .args([
                "build",
                "-vv",
                "--message-format=json-diagnostic-rendered-ansi",
            ])
            .args(self.release.then_some("--release"))
            // The progress bar is the only place where cargo says how many crates there are; it is parsed and redrawn.
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
            .map_err(|error| {
                Error::failed(format_args!("cargo does not start: {error}")).hint(NO_CARGO)
            })?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Error::failed("cargo was started without pipes"));
        };
        let _guarded = child.id().map(|group| self.watchdog.guard(group));
        let progress = self.terminal.progress(&self.name);
        let (ended, compiled, messages) = tokio::join!(
            process::supervise(&mut child, orders),
            self.read_stdout(stdout),
            self.read_stderr(stderr, progress),
        );
        let (ended, compiled, messages) = (ended?, compiled?, messages?);
        if ended.by_order {
            return Ok(Built::Cancelled);
        }
        if !ended.status.success() {
            self.failed(compiled.errors, &messages);
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
        self.fast_rebuild.cargo_ended(&path);
        Ok(Built::Done(Program {
            fingerprint: fingerprint(&path)?,
            path,
            by_cargo: true,
        }))
    }

    async fn read_stdout(&self, stdout: impl AsyncRead + Unpin) -> std::io::Result<Compiled> {
        let mut compiled = Compiled::default();
        let mut lines = BufReader::new(stdout).lines();
        while let Some(json) = lines.next_line().await? {
            match message(&json) {
                Some(CargoMessage::Error(text)) => compiled.errors.push(text),
                Some(CargoMessage::Warning(text)) => compiled.warnings.push(text),
                Some(CargoMessage::Binary {
                    manifest,
                    name,
                    path,
                }) if self.is_ours(Path::new(&manifest)) => {
                    self.fast_rebuild.on_artifact(Path::new(&manifest), None);
                    compiled.binaries.push((name, path.into()));
                }
                Some(CargoMessage::Artifact { manifest, library }) => {
                    self.fast_rebuild.on_artifact(Path::new(&manifest), library);
                }
                _ => {}
            }
        }
        Ok(compiled)
    }

    /// Follows cargo's progress bar and returns its other messages.
    async fn read_stderr(
        &self,
        mut stderr: impl AsyncRead + Unpin,
        mut progress: Progress,
    ) -> std::io::Result<Vec<String>> {
        let mut texts = Vec::new();
        let mut pending = Vec::new();
        while stderr.read_buf(&mut pending).await? > 0 {
            // The bar is redrawn with carriage returns.
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
                    } => progress.update(done, total, crates),
                    Line::Blocked(reason) => progress.blocked(reason),
                    Line::Running(run) => self.fast_rebuild.on_rustc(run),
                    Line::Status => {}
                    Line::Text(text) => texts.push(text.to_owned()),
                }
            }
        }
        Ok(texts)
    }

    fn is_ours(&self, manifest: &Path) -> bool {
        // Cargo prints canonical paths; ours may contain a symlink or `..`.
        let real = |path: &Path| path.canonicalize().ok();
        manifest.parent().and_then(real) == real(&self.root)
    }

    /// Shows the errors in the terminal and over the pages.
    pub(super) fn failed(&self, mut errors: Vec<Problem>, messages: &[String]) {
        // Without compiler errors, cargo's own messages are all there is.
        if errors.is_empty() {
            errors.push(Problem {
                title: messages.first().cloned().unwrap_or_default(),
                text: messages.join("\n"),
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

    /// The link that opens the error's location in an editor.
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
        reason = "cargo's output is not a project file"
    )]
    fn read_inputs(&self, binary: &Path) {
        // Without it, files are classified by name alone.
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

/// A number that is equal for equal files. Binaries are large, so they are read in chunks.
#[expect(
    clippy::disallowed_methods,
    reason = "build output is not a project file"
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
