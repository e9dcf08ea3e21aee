//! The site's process: started, found ready, waited for.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::process::{self, Order};
use super::state::{Event, Program};

/// How often a starting site is asked whether it listens.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// How the site is started.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) root: PathBuf,
    pub(super) address: SocketAddr,
    pub(super) environment: Vec<(&'static str, &'static str)>,
}

impl Server {
    /// Runs `program` until it ends; tells `events` when it listens, and when and how it ended.
    pub(super) async fn run(
        self,
        program: Program,
        orders: UnboundedReceiver<Order>,
        events: UnboundedSender<Event>,
    ) {
        let how = match self.follow(program, orders, &events).await {
            Ok(how) => how,
            Err(error) => format!("it does not start: {error}"),
        };
        // Nobody listens any more when the whole server is going down.
        let _ = events.send(Event::Exited(how));
    }

    async fn follow(
        &self,
        program: Program,
        orders: UnboundedReceiver<Order>,
        events: &UnboundedSender<Event>,
    ) -> std::io::Result<String> {
        let mut child = process::command(runnable(&program)?)
            .arg("serve")
            .envs(self.environment.iter().cloned())
            .env("ADDRESS", self.address.to_string())
            .current_dir(&self.root)
            .spawn()?;
        let ended = process::supervise(&mut child, orders);
        let mut ended = std::pin::pin!(ended);
        tokio::select! {
            ended = &mut ended => return Ok(ended?.status.to_string()),
            () = self.listens() => {
                let _ = events.send(Event::Ready);
            }
        }
        Ok(ended.await?.status.to_string())
    }

    async fn listens(&self) {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        while TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(ASK_EVERY).await;
        }
    }
}

/// The file to run: the program itself, or a copy where the system lets nobody write to a program that runs.
#[expect(
    clippy::disallowed_methods,
    reason = "what cargo built is no file of the project"
)]
fn runnable(program: &Program) -> std::io::Result<PathBuf> {
    if !cfg!(windows) {
        return Ok(program.path.clone());
    }
    let folder = program.path.with_file_name("runserver");
    std::fs::create_dir_all(&folder)?;
    let copy = folder.join(program.path.file_name().unwrap_or_default());
    std::fs::copy(&program.path, &copy)?;
    Ok(copy)
}
