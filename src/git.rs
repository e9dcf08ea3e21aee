//! The one thing Luthier asks of git: a repository for a new project.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is the one that starts git"
)]

use std::path::Path;
use std::process::{Command, Stdio};

use crate::output::Output;

/// Makes a repository in `root` unless it lies in one. That it cannot be made is no reason to fail: it is said, and
/// what to do.
pub(crate) fn init(output: &Output, root: &Path) {
    if let Some(work_tree) = root.ancestors().find(|folder| folder.join(".git").exists()) {
        let work_tree = work_tree.display();
        output.detail(format_args!(
            "No git repository was made: {work_tree} is one."
        ));
        return;
    }
    // Without a template there are no sample hooks to copy.
    let init = Command::new("git")
        .args(["init", "--quiet", "--template="])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output();
    match init {
        Ok(done) if done.status.success() => {}
        Ok(done) => output.warning(format_args!(
            "git made no repository: {}",
            String::from_utf8_lossy(&done.stderr).trim()
        )),
        Err(error) => output.warning(format_args!(
            "no git repository was made: git cannot be started ({error}); later: `git init`"
        )),
    }
}
