//! One run of the site: started with a listener of its own, found ready, followed to its exit.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::socket_activation::SocketActivation;
use crate::devserver::process::watchdog::Watchdog;
use crate::devserver::process::{self, Order};
use crate::devserver::state::{Event, Program};
use crate::devserver::terminal::Terminal;

/// How often a connection to a starting site is tried.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// How many of its last lines are kept to explain its exit.
const LAST_LINES: usize = 40;
/// How long to wait for the rest of its output after its exit: a process that it left behind may hold the pipe.
const OUTPUT_GRACE: Duration = Duration::from_millis(200);

/// How the site is started.
#[derive(Clone, Debug)]
pub(in crate::devserver) struct Launch {
    pub(in crate::devserver) root: PathBuf,
    pub(in crate::devserver) environment: Vec<(&'static str, &'static str)>,
    pub(in crate::devserver) terminal: Terminal,
    pub(in crate::devserver) watchdog: Arc<Watchdog>,
}

/// How a site exited.
#[derive(Debug)]
struct Exit {
    status: String,
    /// The last lines it wrote to its standard error.
    output: Vec<String>,
}

impl Launch {
    /// Runs `program` as the generation `number` until it exits; sends `events` when it accepts requests and when it
    /// exited.
    pub(in crate::devserver) async fn run(
        self,
        number: u32,
        program: Program,
        orders: UnboundedReceiver<Order>,
        events: UnboundedSender<Event>,
    ) {
        let exit = match self.follow(number, program, orders, &events).await {
            Ok(exit) => exit,
            Err(error) => Exit {
                status: format!("it does not start: {error}"),
                output: Vec::new(),
            },
        };
        let mut text = exit.status;
        for line in &exit.output {
            text.push('\n');
            text.push_str(line);
        }
        // The receiver is gone when the whole server is stopping.
        let _ = events.send(Event::Exited(number, text));
    }

    async fn follow(
        &self,
        number: u32,
        program: Program,
        mut orders: UnboundedReceiver<Order>,
        events: &UnboundedSender<Event>,
    ) -> std::io::Result<Exit> {
        let mut activation = SocketActivation::new(self.watchdog.folder(), number)?;
        // Where a site that does not use socket activation is to listen.
        let own = free_address()?;
        let mut command = process::command(runnable(&program)?);
        command
            .arg("serve")
            .envs(self.environment.iter().copied())
            .env("ADDRESS", own.to_string())
            .env("HOST", own.ip().to_string())
            .env("PORT", own.port().to_string())
            .current_dir(&self.root)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.terminal.has_colors() {
            command.env("CLICOLOR_FORCE", "1");
        }
        activation.pass_to(&mut command)?;
        let mut child = command.spawn()?;
        // The command holds the listener too, which must close with the site.
        drop(command);
        let group = child.id();
        let _guarded = group.map(|group| self.watchdog.guard(group));
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(std::io::Error::other("it was started without pipes"));
        };
        let terminal = self.terminal.clone();
        let logs = tokio::spawn(echo(stdout, move |line| terminal.data(line)));
        let terminal = self.terminal.clone();
        let output = tokio::spawn(echo(stderr, move |line| terminal.log(line)));
        let ended = process::supervise(&mut child, &mut orders);
        let mut ended = std::pin::pin!(ended);
        let at_boot = tokio::select! {
            ended = &mut ended => Some(ended?),
            address = ready(&activation, own) => {
                let _ = events.send(Event::Ready(number, address));
                None
            }
        };
        activation.close_listener();
        let status = match at_boot {
            Some(ended) => ended.status,
            None => tokio::select! {
                ended = ended => ended?.status,
                never = activation.drain_notifications() => match never {},
            },
        };
        if let Some(group) = group {
            process::kill_rest(group);
        }
        let output = tokio::time::timeout(OUTPUT_GRACE, async {
            let (_, output) = tokio::join!(logs, output);
            output.unwrap_or_default()
        });
        Ok(Exit {
            status: status.to_string(),
            output: output.await.unwrap_or_default(),
        })
    }
}

/// Resolves, with the address to use, when the site listens by itself, accepts connections from the listener that was
/// passed to it, or notifies that it is ready.
async fn ready(activation: &SocketActivation, own: SocketAddr) -> SocketAddr {
    let listens = async {
        while TcpStream::connect(own).await.is_err() {
            tokio::time::sleep(ASK_EVERY).await;
        }
    };
    tokio::select! {
        biased;
        () = listens => own,
        address = activation.accepted() => address,
    }
}

/// Passes on `pipe` line by line; returns the last lines.
async fn echo(pipe: impl AsyncRead + Unpin, write: impl Fn(&str)) -> Vec<String> {
    let mut pipe = BufReader::new(pipe);
    let mut last = VecDeque::new();
    let mut line = Vec::new();
    // A broken pipe has ended.
    while pipe
        .read_until(b'\n', &mut line)
        .await
        .is_ok_and(|count| count > 0)
    {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        write(text);
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(text.to_owned());
        line.clear();
    }
    last.into()
}

/// An address that no process listens on.
fn free_address() -> std::io::Result<SocketAddr> {
    std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// The file to run: the program itself, or a copy where the system locks running programs.
fn runnable(program: &Program) -> std::io::Result<PathBuf> {
    if !cfg!(windows) {
        return Ok(program.path.clone());
    }
    let folder = program.path.with_file_name("runserver");
    std::fs::create_dir_all(&folder)?;
    let name = program.path.file_stem().unwrap_or_default();
    let mut copy = folder.join(name).into_os_string();
    copy.push(format!("-{:016x}.exe", program.fingerprint));
    let copy = PathBuf::from(copy);
    if !copy.exists() {
        std::fs::copy(&program.path, &copy)?;
    }
    Ok(copy)
}
