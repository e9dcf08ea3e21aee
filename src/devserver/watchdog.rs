//! What ends the site and the build, and clears away, when the development server itself is killed and cannot.
//!
//! A shell holds the other end of a pipe, is told which process groups run, and ends those that still do when the
//! pipe closes. It has a group of its own, so that it outlives whatever ends ours.

use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads `+ GROUP` and `- GROUP` line by line; what is left at the end is asked to end, and a second later killed. The
/// folder, its argument, goes at once: it holds nothing but sockets, and their other ends are gone.
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
pub(super) struct Watchdog {
    /// The shell that waits; without one, nobody does.
    shell: Option<Mutex<ChildStdin>>,
    folder: tempfile::TempDir,
}

/// A process group that is ended with us, until this is dropped.
#[derive(Debug)]
pub(super) struct Guarded {
    watchdog: Arc<Watchdog>,
    group: u32,
}

impl Watchdog {
    #[cfg(unix)]
    #[expect(
        clippy::disallowed_methods,
        reason = "the processes of the development server start here"
    )]
    pub(super) fn start() -> std::io::Result<Arc<Self>> {
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
    pub(super) fn start() -> std::io::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            shell: None,
            folder: folder()?,
        }))
    }

    /// A folder for sockets that goes with us, however we end.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the process group with us, should we be killed.
    pub(super) fn guard(self: &Arc<Self>, group: u32) -> Guarded {
        self.tell('+', group);
        Guarded {
            watchdog: Arc::clone(self),
            group,
        }
    }

    fn tell(&self, sign: char, group: u32) {
        if let Some(pipe) = &self.shell {
            let mut pipe = pipe.lock().unwrap_or_else(PoisonError::into_inner);
            // Somebody killed the shell: then nobody waits.
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
