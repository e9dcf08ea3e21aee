//! One build: a fast rebuild if that applies, otherwise one run of `cargo build`.
#![expect(
    clippy::disallowed_methods,
    reason = "build output is not a project file"
)]

pub(super) mod accelerator;
pub(super) mod reuse;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::sync::mpsc::UnboundedReceiver;

use super::browser::Editor;
use super::browser::{Pages, Problem};
use super::fast_rebuild::FastRebuild;
use super::fingerprint;
use super::process::{self, Order};
use super::state::{Built, Program};
use super::terminal::Progress;
use super::watch::build_scripts::{BuildScripts, package_of};
use super::watch::{BuildInputs, Changes, Inputs};
use crate::error::{Error, Result};
use accelerator::{Accelerated, CargoEvent, Outcome, Reason, Request, Tools};

use crate::cargo::dep_info;
use crate::cargo::messages::{CargoMessage, Line, line, message};

/// What to build, and where to report progress.
#[derive(Clone, Debug)]
pub(super) struct Build {
    pub(super) tools: Tools,
    /// The binary to run if the package has several.
    pub(super) name: String,
    pub(super) release: bool,
    pub(super) target_dir: Option<PathBuf>,
    pub(super) pages: Pages,
    pub(super) editor: Editor,
    /// Receives the files that the compiler has read.
    pub(super) inputs: Inputs,
    /// The files that changed since the last complete build.
    pub(super) changes: Changes,
    /// Told when build scripts run.
    pub(super) build_scripts: BuildScripts,
    pub(super) fast_rebuild: FastRebuild,
    /// Whether fast rebuilds are enabled.
    pub(super) uses_fast_rebuild: bool,
    /// Keep a compiler started for the next edit.
    pub(super) prewarm_compiler: bool,
    /// Prepare the crates that have not been edited, too.
    pub(super) prepare_all_crates: bool,
}

/// The compiler's diagnostics and artifacts.
#[derive(Debug, Default)]
struct Compiled {
    errors: Vec<Problem>,
    warnings: Vec<String>,
    /// Names and paths of the package's binaries.
    binaries: Vec<(String, PathBuf)>,
    /// Packages whose build scripts name no inputs.
    packages: BTreeSet<PathBuf>,
}

impl Build {
    /// Builds, shows the diagnostics as the compiler renders them, and returns how it ended; stops early when told to.
    pub(super) async fn run(self, mut orders: UnboundedReceiver<Order>) -> Result<Built> {
        let changed = self.changes.take();
        let built = self.build(&changed, &mut orders).await;
        if !matches!(built, Ok(Built::Done(_))) {
            self.changes.add(changed);
        }
        built
    }

    async fn build(
        &self,
        changed: &BTreeSet<PathBuf>,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<Built> {
        if self.uses_fast_rebuild {
            let request = self.request(changed.clone());
            match self.fast_rebuild.try_build(&request, orders).await {
                Outcome::Built(accelerated) => return Ok(self.accelerated(accelerated)),
                Outcome::Failed(errors) => {
                    self.failed(errors, &[]);
                    return Ok(Built::Failed);
                }
                Outcome::Cancelled => return Ok(Built::Cancelled),
                Outcome::NotApplicable(Reason::NotPrepared) => {}
                Outcome::NotApplicable(reason) => self
                    .tools
                    .terminal
                    .detail(format_args!("falling back to cargo: {reason}")),
            }
        }
        self.with_cargo(orders).await
    }

    /// What an accelerator is asked.
    pub(super) fn request(&self, changed: BTreeSet<PathBuf>) -> Request {
        Request {
            tools: self.tools.clone(),
            name: self.name.clone(),
            prewarm_compiler: self.prewarm_compiler,
            prepare_all_crates: self.prepare_all_crates,
            changed,
        }
    }

    fn accelerated(&self, built: Accelerated) -> Built {
        self.succeeded(&built.warnings);
        let terminal = &self.tools.terminal;
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1000.0;
        terminal.step(
            "Built",
            format_args!("{} in {:.2} s", built.crates, built.took.as_secs_f64()),
        );
        terminal.detail(format_args!(
            "fast rebuild: rustc{} {:.1} ms, linker {:.1} ms",
            if built.prewarmed { " (prewarmed)" } else { "" },
            milliseconds(built.compiling),
            milliseconds(built.took - built.compiling)
        ));
        self.inputs.add(built.sources, built.started);
        Built::Done(built.program)
    }

    fn succeeded(&self, warnings: &[String]) {
        self.pages.change(|page| page.problems.clear());
        for text in warnings {
            self.tools.terminal.log(text);
        }
    }

    async fn with_cargo(&self, orders: &mut UnboundedReceiver<Order>) -> Result<Built> {
        let (started, since) = (Instant::now(), SystemTime::now() - CLOCK_TICK);
        self.fast_rebuild.observe(CargoEvent::Started);
        let mut child = process::cargo()
            .args(["build", "--message-format=json-diagnostic-rendered-ansi"])
            // Cargo prints build scripts that it runs, and with `-vv` how it runs rustc for fast rebuilds.
            .arg(if self.uses_fast_rebuild { "-vv" } else { "-v" })
            .args(self.release.then_some("--release"))
            // The progress bar is the only place where cargo says how many crates there are; it is parsed and redrawn.
            .envs([
                ("CARGO_TERM_PROGRESS_WHEN", "always"),
                ("CARGO_TERM_PROGRESS_WIDTH", "120"),
            ])
            .env("CARGO_TERM_COLOR", "never")
            .envs(self.target_dir.iter().map(|dir| ("CARGO_TARGET_DIR", dir)))
            .current_dir(&self.tools.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Error::failed(format_args!("cargo does not start: {error}")).hint(process::NO_CARGO)
            })?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Error::failed("cargo was started without pipes"));
        };
        let _guarded = child.id().map(|group| self.tools.watchdog.guard(group));
        let progress = self.tools.terminal.progress(&self.name);
        let (ended, compiled, messages) = tokio::join!(
            process::supervise(&mut child, orders),
            self.read_stdout(stdout),
            self.read_stderr(stderr, progress),
        );
        self.build_scripts.end_all(SystemTime::now());
        let (ended, compiled, messages) = (ended?, compiled?, messages?);
        if ended.by_order {
            return Ok(Built::Cancelled);
        }
        if !ended.status.success() {
            self.failed(compiled.errors, &messages);
            return Ok(Built::Failed);
        }
        self.succeeded(&compiled.warnings);
        self.tools.terminal.step(
            "Built",
            format_args!("in {:.1} s", started.elapsed().as_secs_f64()),
        );
        let path = self.choose(compiled.binaries)?;
        self.read_inputs(&path, compiled.packages, since);
        self.fast_rebuild.observe(CargoEvent::Finished(&path));
        Ok(Built::Done(Program {
            fingerprint: fingerprint::file(&path)?,
            path,
            by_cargo: true,
        }))
    }

    async fn read_stdout(&self, stdout: impl AsyncRead + Unpin) -> std::io::Result<Compiled> {
        let mut compiled = Compiled::default();
        let mut lines = BufReader::new(stdout).lines();
        while let Some(json) = lines.next_line().await? {
            match message(&json) {
                Some(CargoMessage::Error(error)) => compiled.errors.push(error.into()),
                Some(CargoMessage::Warning(text)) => compiled.warnings.push(text),
                Some(CargoMessage::Binary {
                    manifest,
                    name,
                    path,
                }) if self.is_ours(Path::new(&manifest)) => {
                    self.fast_rebuild.observe(CargoEvent::Artifact {
                        manifest: Path::new(&manifest),
                        library: None,
                    });
                    compiled.binaries.push((name, path.into()));
                }
                Some(CargoMessage::Artifact { manifest, library }) => {
                    self.fast_rebuild.observe(CargoEvent::Artifact {
                        manifest: Path::new(&manifest),
                        library: library.as_deref(),
                    });
                }
                Some(CargoMessage::BuildScript { package, out_dir }) => {
                    if let Some(name) = package_of(&out_dir) {
                        self.build_scripts.end(name, SystemTime::now());
                    }
                    let Some(package) = package else { continue };
                    let output = Path::new(&out_dir).with_file_name("output");
                    let output = std::fs::read_to_string(output).unwrap_or_default();
                    if !names_inputs(&output) {
                        compiled.packages.insert(package.into());
                    }
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
                    Line::Running(run) => {
                        let script = run.trim_end().trim_end_matches('`');
                        if script
                            .rsplit('/')
                            .next()
                            .is_some_and(|name| name.starts_with("build-script-"))
                            && let Some(package) = package_of(script)
                        {
                            self.build_scripts.start(package, SystemTime::now());
                        }
                        self.fast_rebuild.observe(CargoEvent::Running(run));
                    }
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
        manifest.parent().and_then(real) == real(&self.tools.root)
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
            self.tools.terminal.log(&error.text);
        }
        for error in &mut errors {
            error.link = self.link(error);
        }
        // A file that is missing starts a build when it appears.
        let missing = errors.iter().filter_map(|error| missing_file(&error.title));
        let missing = missing.map(|file| self.tools.root.join(file)).collect();
        self.inputs.add(missing, SystemTime::now());
        self.pages.change(|page| page.problems = errors);
    }

    /// The link that opens the error's location in an editor.
    fn link(&self, error: &Problem) -> Option<String> {
        let file = self.tools.root.join(error.file.as_ref()?);
        Some(self.editor.link(&file, error.line, error.column))
    }

    fn read_inputs(&self, binary: &Path, packages: BTreeSet<PathBuf>, since: SystemTime) {
        // Without it, files are classified by name alone.
        if let Ok(text) = std::fs::read_to_string(binary.with_extension("d")) {
            self.inputs.replace(BuildInputs {
                files: dep_info::inputs(&text),
                packages,
                since: Some(since),
            });
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

/// How coarse modification times may be.
const CLOCK_TICK: Duration = Duration::from_millis(10);

/// Whether a build script says on which files its output depends.
fn names_inputs(output: &str) -> bool {
    output
        .lines()
        .any(|line| line.starts_with("cargo:rerun-if-") || line.starts_with("cargo::rerun-if-"))
}

/// The file that the compiler did not find: ``couldn't read `src/note.txt`: …``.
fn missing_file(title: &str) -> Option<&str> {
    let (file, _) = title.strip_prefix("couldn't read `")?.split_once('`')?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named_by_the_compiler() {
        for (title, expected) in [
            (
                "couldn't read `src/../note.txt`: No such file or directory (os error 2)",
                Some("src/../note.txt"),
            ),
            ("couldn't read `unfinished", None),
            ("cannot find value `note.txt` in this scope [E0425]", None),
        ] {
            assert_eq!(missing_file(title), expected, "{title}");
        }
    }

    #[test]
    fn build_scripts_without_inputs_are_recognised() {
        for (output, expected) in [
            ("", false),
            ("cargo:rustc-cfg=x\n", false),
            ("note\ncargo:rerun-if-changed=a.txt\n", true),
            ("cargo::rerun-if-env-changed=A\n", true),
        ] {
            assert_eq!(names_inputs(output), expected, "{output}");
        }
    }
}
