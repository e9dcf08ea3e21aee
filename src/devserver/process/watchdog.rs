//! Ends the site and the build, and cleans up, when the development server itself is killed.
//!
//! A shell holds the other end of a pipe, is told which process groups run, and ends those that still do when the
//! pipe closes. It has a process group of its own, so that it survives whatever kills ours.

use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads `+ GROUP` and `- GROUP` line by line; the groups left at the end are asked to exit, and killed a second later.
/// The folder, its argument, is removed at once: it holds nothing but sockets whose other ends are gone.
#[cfg(unix)]
const SCRIPT: &str = r#"
groups=
while read -r sign group; do
  case $sign in
    +) groups="$groups $group" ;;
    -) rest=
       for other in $groups; do [ "$other" = "$group" ] || rest="$rest $other"; done
       groups=$rest ;;
  esac
done
rm -f -- "$1"/ready-*
rmdir -- "$1"
[ -n "$groups" ] || exit 0
for group in $groups; do kill -s TERM -- "-$group"; done
sleep 1
for group in $groups; do kill -s KILL -- "-$group"; done
"#;

#[derive(Debug)]
pub(in crate::devserver) struct Watchdog {
    /// Standard input of the shell; `None` if it could not be started.
    shell: Option<Mutex<ChildStdin>>,
    folder: tempfile::TempDir,
}

/// A process group that ends with us, until this is dropped.
#[derive(Debug)]
pub(in crate::devserver) struct Guarded {
    watchdog: Arc<Watchdog>,
    group: u32,
}

impl Watchdog {
    #[cfg(unix)]
    pub(in crate::devserver) fn start() -> std::io::Result<Arc<Self>> {
        use std::os::unix::process::CommandExt;

        let folder = folder()?;
        let shell = std::process::Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(folder.path())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let pipe = shell.ok().and_then(|mut shell| shell.stdin.take());
        Ok(Arc::new(Self {
            shell: pipe.map(Mutex::new),
            folder,
        }))
    }

    #[cfg(not(unix))]
    pub(in crate::devserver) fn start() -> std::io::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            shell: None,
            folder: folder()?,
        }))
    }

    /// A folder for sockets that is removed with us, however we exit.
    pub(in crate::devserver) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the process group with us, should we be killed.
    pub(in crate::devserver) fn guard(self: &Arc<Self>, group: u32) -> Guarded {
        self.tell('+', group);
        Guarded {
            watchdog: Arc::clone(self),
            group,
        }
    }

    fn tell(&self, sign: char, group: u32) {
        if let Some(pipe) = &self.shell {
            let mut pipe = pipe.lock().unwrap_or_else(PoisonError::into_inner);
            // The shell may have been killed: then there is no watchdog.
            let _ = writeln!(pipe, "{sign} {group}");
        }
    }
}

/// A socket's path has about a hundred bytes: the system's folder is shorter than most projects'.
fn folder() -> std::io::Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("luthier-").tempdir()
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.watchdog.tell('-', self.group);
    }
}
