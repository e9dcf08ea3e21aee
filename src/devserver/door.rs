//! The listener that a site is handed, in the way of systemd: `LISTEN_FDS` says that it is open as file 3, and a site
//! that writes `READY=1` to the socket at `NOTIFY_SOCKET` is ready. A site that only starts to take connections is
//! ready, too.

pub(super) use system::Door;

#[cfg(unix)]
mod system {
    use std::io;
    use std::net::{Ipv4Addr, SocketAddr, TcpListener};
    use std::os::fd::OwnedFd;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use command_fds::{CommandFdExt, FdMapping};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use tokio::net::{TcpStream, UnixDatagram};
    use tokio::process::Command;

    /// How often it is looked whether the site takes connections.
    const LOOK_EVERY: Duration = Duration::from_millis(5);
    /// The first file of those that are handed over.
    const FIRST: i32 = 3;

    pub(in super::super) struct Door {
        /// `None` when the site has it alone.
        listener: Option<TcpListener>,
        address: SocketAddr,
        notices: UnixDatagram,
        /// Where the socket for notices lies; gone with this.
        path: PathBuf,
    }

    impl Door {
        /// The socket for notices lies in `folder`, under a name of its own.
        pub(in super::super) fn open(folder: &Path, number: u32) -> io::Result<Self> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            let path = folder.join(format!("ready-{number}"));
            Ok(Self {
                address: listener.local_addr()?,
                listener: Some(listener),
                notices: UnixDatagram::bind(&path)?,
                path,
            })
        }

        /// Gives the program the listener, and tells it so. The command keeps it open until it is dropped.
        pub(in super::super) fn hand_to(&self, command: &mut Command) -> io::Result<()> {
            let Some(listener) = &self.listener else {
                return Err(io::Error::other("the listener is closed"));
            };
            let listener = OwnedFd::from(listener.try_clone()?);
            command
                .env("LISTEN_FDS", "1")
                .env_remove("LISTEN_PID")
                .env_remove("LISTEN_FDNAMES")
                .env("NOTIFY_SOCKET", &self.path)
                .as_std_mut()
                .fd_mappings(vec![FdMapping {
                    parent_fd: listener,
                    child_fd: FIRST,
                }])
                .map_err(io::Error::other)?;
            Ok(())
        }

        /// Resolves with the listener's address when the site takes connections from it or says that it does.
        pub(in super::super) async fn taken(&self) -> SocketAddr {
            tokio::select! {
                () = says_so(&self.notices) => {}
                () = accepts(self.listener.as_ref(), self.address) => {}
            }
            self.address
        }

        /// Leaves the listener to the site: one that ends must leave nobody waiting in a queue that we keep.
        pub(in super::super) fn close(&mut self) {
            self.listener = None;
        }

        /// Listens to what else the site has to say, for ever: a full socket would hold it up.
        pub(in super::super) async fn attend(&self) -> std::convert::Infallible {
            loop {
                says_so(&self.notices).await;
            }
        }
    }

    impl Drop for Door {
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket is no file of the project"
        )]
        fn drop(&mut self) {
            // Its folder goes with the server.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    async fn says_so(notices: &UnixDatagram) {
        let mut notice = [0; 1024];
        loop {
            match notices.recv(&mut notice).await {
                Ok(length)
                    if notice[..length]
                        .split(|byte| *byte == b'\n')
                        .any(|line| line == b"READY=1") =>
                {
                    return;
                }
                Ok(_) => {}
                // Without notices, what it does tells.
                Err(_) => std::future::pending().await,
            }
        }
    }

    /// Puts a connection into the listener's queue and waits until it is not there any more.
    async fn accepts(listener: Option<&TcpListener>, address: SocketAddr) {
        let (Some(listener), Ok(_knock)) = (listener, TcpStream::connect(address).await) else {
            return std::future::pending().await;
        };
        let waits = || {
            let mut fds = [PollFd::new(listener, PollFlags::IN)];
            let at_once = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            poll(&mut fds, Some(&at_once)).map_or(true, |waiting| waiting > 0)
        };
        while waits() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;
    use std::net::SocketAddr;
    use std::path::Path;

    use tokio::process::Command;

    /// No listener is handed over here: the site listens where it is told to.
    pub(in super::super) struct Door;

    impl Door {
        pub(in super::super) fn open(_: &Path, _: u32) -> io::Result<Self> {
            Ok(Self)
        }

        pub(in super::super) fn hand_to(&self, _: &mut Command) -> io::Result<()> {
            Ok(())
        }

        pub(in super::super) async fn taken(&self) -> SocketAddr {
            std::future::pending().await
        }

        pub(in super::super) fn close(&mut self) {}

        pub(in super::super) async fn attend(&self) -> std::convert::Infallible {
            std::future::pending().await
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;
    use crate::devserver::process;

    /// What the door sets in a program's environment.
    fn environment(door: &Door) -> Vec<(String, String)> {
        let mut command = process::command("true");
        door.hand_to(&mut command).expect("handed over");
        let text = |text: &std::ffi::OsStr| text.to_str().expect("text").to_owned();
        let set = command.as_std().get_envs();
        set.filter_map(|(name, value)| Some((text(name), text(value?))))
            .collect()
    }

    #[tokio::test]
    async fn a_site_that_says_ready_is_ready() {
        let folder = tempfile::tempdir().expect("a folder");
        let door = Door::open(folder.path(), 1).expect("a door");
        let environment = environment(&door);
        assert!(environment.contains(&("LISTEN_FDS".into(), "1".into())));
        let (_, path) = environment
            .iter()
            .find(|(name, _)| name == "NOTIFY_SOCKET")
            .expect("a path");
        let site = UnixDatagram::unbound().expect("a socket");
        site.send_to(b"STATUS=booting\n", path).expect("sent");
        site.send_to(b"STATUS=up\nREADY=1\n", path).expect("sent");
        assert!(door.taken().await.ip().is_loopback());
    }
}
