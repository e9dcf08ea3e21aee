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

/// The longest path of a socket, in bytes, is 103 on macOS and 107 on Linux.
const MAX_SOCKET_PATH: usize = 103;

/// The longest name that a socket in the folder gets: that of a generation.
const SOCKET_NAME: &str = "/ready-4294967295";

/// A folder for sockets: where `TMPDIR` says, or else where the system has its temporary files.
fn folder() -> std::io::Result<tempfile::TempDir> {
    let configured = std::env::temp_dir();
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(std::path::PathBuf::from);
    let candidates = [Some(configured.clone()), Some("/tmp".into()), runtime];
    let mut first_error = None;
    for candidate in candidates.into_iter().flatten() {
        match folder_in(&candidate) {
            Ok(folder) => return Ok(folder),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    let reason = first_error.map_or_else(String::new, |error| format!(": {error}"));
    Err(std::io::Error::other(format!(
        "no folder for sockets, neither {} (see TMPDIR) nor /tmp{reason}",
        configured.display()
    )))
}

fn folder_in(parent: &Path) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("luthier-")
        .tempdir_in(parent)?;
    let length = folder.path().as_os_str().len() + SOCKET_NAME.len();
    if cfg!(unix) && length > MAX_SOCKET_PATH {
        return Err(std::io::Error::other("its path is too long for a socket"));
    }
    Ok(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_for_sockets_has_a_short_path() {
        let short = tempfile::tempdir().expect("a folder");
        assert!(folder_in(short.path()).is_ok());
        assert!(folder_in(&short.path().join("missing")).is_err());
        let long = short.path().join("l".repeat(100));
        std::fs::create_dir(&long).expect("a folder");
        assert!(folder_in(&long).is_err());
        let left = std::fs::read_dir(&long).expect("a folder").count();
        assert_eq!(left, 0);
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.watchdog.tell('-', self.group);
    }
}
