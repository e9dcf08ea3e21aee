//! One build, for a command that runs the program: the development server then finds it built, and knows how.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::unbounded_channel;

use super::browser::{Editor, Pages};
use super::cargo_build::Build;
use super::cargo_build::accelerator::Tools;
use super::fast_rebuild::FastRebuild;
use super::process::check_cargo;
use super::process::watchdog::Watchdog;
use super::state::Built;
use super::terminal::Terminal;
use super::watch::build_scripts::BuildScripts;
use super::watch::{Changes, Inputs};
use crate::error::Result;
use crate::output::Output;

/// Builds the binary `name` of the package at `root` as the development server does, and shows progress and errors.
/// Whether that succeeded.
///
/// # Errors
/// When cargo does not start, or the package has no binary.
pub(crate) fn build(
    output: &Output,
    root: &Path,
    name: &str,
    target_dir: Option<PathBuf>,
    fast_rebuild: bool,
) -> Result<bool> {
    check_cargo()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let terminal = Terminal::new(output, false);
    let observer = FastRebuild::default();
    let built = runtime.block_on(async {
        // Nobody orders it to stop: it ends with this process.
        let (_orders, received) = unbounded_channel();
        let build = Build {
            tools: Tools {
                root: root.to_owned(),
                terminal: terminal.clone(),
                watchdog: Watchdog::start()?,
                is_background: false,
            },
            name: name.to_owned(),
            release: false,
            target_dir,
            pages: Pages::default(),
            editor: Editor::default(),
            inputs: Inputs::default(),
            changes: Changes::default(),
            build_scripts: BuildScripts::default(),
            fast_rebuild: observer.clone(),
            uses_fast_rebuild: fast_rebuild,
            prewarm_compiler: false,
            prepare_all_crates: false,
        };
        build.run(received).await
    });
    terminal.end();
    let is_built = matches!(built?, Built::Done(_));
    if is_built && fast_rebuild {
        // Without the record, the first edits are cargo's.
        observer.record().unwrap_or_else(|error| {
            output.detail(format_args!("the build is not recorded: {error}"));
        });
    }
    Ok(is_built)
}
