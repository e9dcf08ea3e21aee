//! The public port.

use std::net::{SocketAddr, TcpListener};

use crate::devserver::options::Address;
use crate::error::{Error, Result};

/// Listens at `address`; port 0 becomes a free one.
///
/// # Errors
/// When it is taken, naming the process that has it, with `command` and the next free port as a hint; or when it cannot
/// be used.
pub(in crate::devserver) fn listen(address: Address, command: &str) -> Result<TcpListener> {
    let Address(socket) = address;
    match TcpListener::bind(socket) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let who = who_listens(socket.port());
            let taken = Error::failed(format_args!("{who} already listens on {address}"));
            Err(match next_free(socket) {
                Some(port) => taken.hint(format!(
                    "port {port} is free: `{command} {}`",
                    spelled(socket, port)
                )),
                None => taken,
            })
        }
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Err(Error::failed(
            format_args!("no permission to listen on {address}: {error}"),
        )
        .hint("ports below 1024 are privileged: use a higher one, for example 8000")),
        Err(error) => Err(Error::failed(format_args!(
            "cannot listen on {address}: {error}"
        ))),
    }
}

/// Fails as listening at `address` would.
pub(crate) fn check_free(address: Address, command: &str) -> Result<()> {
    listen(address, command).map(drop)
}

/// The process that has the port, if the system reveals it.
fn who_listens(port: u16) -> String {
    match listeners::get_process_by_port(port, listeners::Protocol::TCP) {
        Ok(process) => format!("`{}` (process {})", process.name, process.pid),
        Err(_) => "another process".to_owned(),
    }
}

fn next_free(socket: SocketAddr) -> Option<u16> {
    (1..=100)
        .filter_map(|step| socket.port().checked_add(step))
        .find(|port| TcpListener::bind(SocketAddr::new(socket.ip(), *port)).is_ok())
}

/// The argument for `port` on the same interface.
fn spelled(socket: SocketAddr, port: u16) -> String {
    if socket.ip() == Address::default().0.ip() {
        port.to_string()
    } else {
        SocketAddr::new(socket.ip(), port).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_an_error_that_names_the_process_and_a_free_port() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = Address(taken.local_addr().expect("an address"));
        let error = listen(address, "luthier runserver").expect_err("taken");
        let me = std::process::id().to_string();
        let message = error.to_string();
        assert!(
            message.ends_with(&format!("already listens on {address}")),
            "{message}"
        );
        if cfg!(target_os = "linux") {
            assert!(message.contains(&format!("(process {me})")), "{message}");
        }
        assert!(
            error.hints[0].contains("is free: `luthier runserver "),
            "{:?}",
            error.hints
        );
    }

    #[test]
    fn port_zero_becomes_a_free_one() {
        let listener = listen("0".parse().expect("an address"), "").expect("a free port");
        assert_ne!(listener.local_addr().expect("an address").port(), 0);
    }

    #[test]
    fn the_hint_repeats_the_interface_when_it_is_not_the_usual_one() {
        for (socket, typed) in [
            ("127.0.0.1:8000", "8001"),
            ("0.0.0.0:8000", "0.0.0.0:8001"),
            ("[::1]:8000", "[::1]:8001"),
        ] {
            assert_eq!(spelled(socket.parse().expect("an address"), 8001), typed);
        }
    }
}
