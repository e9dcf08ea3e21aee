//! Socket activation as systemd does it: `LISTEN_FDS` tells the site that its listener is open as file descriptor 3,
//! and a site that writes `READY=1` to the socket at `NOTIFY_SOCKET` is ready. A site that just starts to accept
//! connections is ready, too.

pub(in crate::devserver) use system::SocketActivation;

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

    /// How often the listener's queue is checked.
    const CHECK_EVERY: Duration = Duration::from_millis(5);
    /// The first file descriptor that is passed.
    const FIRST: i32 = 3;

    pub(in crate::devserver) struct SocketActivation {
        /// `None` once only the site has it.
        listener: Option<TcpListener>,
        address: SocketAddr,
        notifications: UnixDatagram,
        /// The path of the notification socket; removed on drop.
        path: PathBuf,
    }

    impl SocketActivation {
        /// The notification socket is created in `folder`.
        pub(in crate::devserver) fn new(folder: &Path, number: u32) -> io::Result<Self> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            let path = folder.join(format!("ready-{number}"));
            Ok(Self {
                address: listener.local_addr()?,
                listener: Some(listener),
                notifications: UnixDatagram::bind(&path)?,
                path,
            })
        }

        /// Passes the listener to the program. The command keeps it open until it is dropped.
        pub(in crate::devserver) fn pass_to(&self, command: &mut Command) -> io::Result<()> {
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

        /// Resolves with the listener's address when the site accepts connections from it or notifies that it does.
        pub(in crate::devserver) async fn accepted(&self) -> SocketAddr {
            tokio::select! {
                () = ready_notification(&self.notifications) => {}
                () = queue_is_emptied(self.listener.as_ref(), self.address) => {}
            }
            self.address
        }

        /// Resolves with the listener's address when the site notifies that it is ready.
        pub(in crate::devserver) async fn notified(&self) -> SocketAddr {
            ready_notification(&self.notifications).await;
            self.address
        }

        /// The listener's address.
        pub(in crate::devserver) fn address(&self) -> Option<SocketAddr> {
            Some(self.address)
        }

        /// Closes our copy of the listener: connections to a site that exits must not wait in a queue that we keep open.
        pub(in crate::devserver) fn close_listener(&mut self) {
            self.listener = None;
        }

        /// Reads further notifications, forever: a full socket would block the site.
        pub(in crate::devserver) async fn drain_notifications(&self) -> std::convert::Infallible {
            loop {
                ready_notification(&self.notifications).await;
            }
        }
    }

    impl Drop for SocketActivation {
        fn drop(&mut self) {
            // Its folder is removed with the server.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    async fn ready_notification(notifications: &UnixDatagram) {
        let mut notification = [0; 1024];
        loop {
            match notifications.recv(&mut notification).await {
                Ok(length)
                    if notification[..length]
                        .split(|byte| *byte == b'\n')
                        .any(|line| line == b"READY=1") =>
                {
                    return;
                }
                Ok(_) => {}
                // Without notifications, the queue shows whether it is ready.
                Err(_) => std::future::pending().await,
            }
        }
    }

    /// Puts a connection into the listener's queue and waits until the site has accepted it.
    async fn queue_is_emptied(listener: Option<&TcpListener>, address: SocketAddr) {
        let (Some(listener), Ok(_probe)) = (listener, TcpStream::connect(address).await) else {
            return std::future::pending().await;
        };
        let is_waiting = || {
            let mut fds = [PollFd::new(listener, PollFlags::IN)];
            let at_once = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            poll(&mut fds, Some(&at_once)).map_or(true, |waiting| waiting > 0)
        };
        while is_waiting() {
            tokio::time::sleep(CHECK_EVERY).await;
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;
    use std::net::SocketAddr;
    use std::path::Path;

    use tokio::process::Command;

    /// There is no socket activation here: the site listens where it is told to.
    pub(in crate::devserver) struct SocketActivation;

    impl SocketActivation {
        pub(in crate::devserver) fn new(_: &Path, _: u32) -> io::Result<Self> {
            Ok(Self)
        }

        pub(in crate::devserver) fn pass_to(&self, _: &mut Command) -> io::Result<()> {
            Ok(())
        }

        pub(in crate::devserver) async fn accepted(&self) -> SocketAddr {
            std::future::pending().await
        }

        pub(in crate::devserver) async fn notified(&self) -> SocketAddr {
            std::future::pending().await
        }

        pub(in crate::devserver) fn address(&self) -> Option<SocketAddr> {
            None
        }

        pub(in crate::devserver) fn close_listener(&mut self) {}

        pub(in crate::devserver) async fn drain_notifications(&self) -> std::convert::Infallible {
            std::future::pending().await
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;
    use crate::devserver::process;

    /// The variables set for the program.
    fn environment(activation: &SocketActivation) -> Vec<(String, String)> {
        let mut command = process::command("true");
        activation.pass_to(&mut command).expect("passed");
        let text = |text: &std::ffi::OsStr| text.to_str().expect("text").to_owned();
        let set = command.as_std().get_envs();
        set.filter_map(|(name, value)| Some((text(name), text(value?))))
            .collect()
    }

    #[tokio::test]
    async fn a_site_that_notifies_is_ready() {
        let folder = tempfile::tempdir().expect("a folder");
        let activation = SocketActivation::new(folder.path(), 1).expect("a socket");
        let environment = environment(&activation);
        assert!(environment.contains(&("LISTEN_FDS".into(), "1".into())));
        let (_, path) = environment
            .iter()
            .find(|(name, _)| name == "NOTIFY_SOCKET")
            .expect("a path");
        let site = UnixDatagram::unbound().expect("a socket");
        site.send_to(b"STATUS=booting\n", path).expect("sent");
        site.send_to(b"STATUS=up\nREADY=1\n", path).expect("sent");
        assert!(activation.accepted().await.ip().is_loopback());
    }
}
