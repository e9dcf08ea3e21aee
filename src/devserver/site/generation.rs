//! One run of the site: started with a listener of its own, found ready, followed to its exit.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::readiness;
use super::socket_activation::SocketActivation;
use crate::devserver::command::{Ready, ServerCommand};
use crate::devserver::fork_server;
use crate::devserver::process::watchdog::Watchdog;
use crate::devserver::process::{self, Order};
use crate::devserver::state::{Event, Program};
use crate::devserver::terminal::Terminal;
use crate::devserver::traceback::says_schema_is_behind;

/// How often a connection to a starting site is tried.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// How many of its last lines are kept to explain its exit: tracebacks are long.
const LAST_LINES: usize = 200;
/// From here on an answer says that the site does not work.
const SERVER_ERROR: u16 = 500;
/// How long to wait for the rest of its output after its exit: a process that it left behind may hold the pipe.
const OUTPUT_GRACE: Duration = Duration::from_millis(200);

/// How the site is started.
#[derive(Clone, Debug)]
pub(in crate::devserver) struct Launch {
    pub(in crate::devserver) root: PathBuf,
    pub(in crate::devserver) environment: Vec<(&'static str, &'static str)>,
    /// What to start instead of the program.
    pub(in crate::devserver) command: Option<ServerCommand>,
    /// The address that browsers use, for the request that finds the site ready.
    pub(in crate::devserver) host: String,
    /// Whether a generation has answered well: one that fails to is not let take over from it.
    pub(in crate::devserver) has_worked: Arc<AtomicBool>,
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
        let mut command = self.process(&program, own)?;
        command
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
        self.pass_socket(&activation, &mut command)?;
        let mut child = command.spawn()?;
        // The command holds the listener too, which must close with the site.
        drop(command);
        let group = child.id();
        let _guarded = group.map(|group| self.watchdog.guard(group));
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(std::io::Error::other("it was started without pipes"));
        };
        let terminal = self.terminal.clone();
        let unused = Last::default();
        let logs = tokio::spawn(echo(stdout, move |line| terminal.data(line), unused));
        let terminal = self.terminal.clone();
        let last = Last::default();
        let output = tokio::spawn(echo(stderr, move |line| terminal.log(line), last.clone()));
        let (own_orders, mut all_orders) = unbounded_channel();
        let ended = process::supervise(&mut child, &mut all_orders);
        let mut ended = std::pin::pin!(ended);
        let mut refused = None;
        let at_boot = {
            let mut boot = std::pin::pin!(self.ready(&activation, own, &last));
            loop {
                tokio::select! {
                    biased;
                    ended = &mut ended => break Err(ended?),
                    // It has ended if nobody listens.
                    Some(order) = orders.recv() => drop(own_orders.send(order)),
                    found = &mut boot => break Ok(found),
                }
            }
        };
        activation.close_listener();
        match &at_boot {
            Ok(Ok(address)) => drop(events.send(Event::Ready(number, *address))),
            Ok(Err(reason)) => {
                refused = Some(reason.clone());
                let _ = own_orders.send(Order::Stop);
            }
            Err(_) => {}
        }
        let status = match at_boot {
            Err(ended) => ended.status,
            Ok(_) => loop {
                tokio::select! {
                    ended = &mut ended => break ended?.status,
                    Some(order) = orders.recv() => drop(own_orders.send(order)),
                    never = activation.drain_notifications() => match never {},
                }
            },
        };
        if let Some(group) = group {
            process::kill_rest(group);
        }
        let output = tokio::time::timeout(OUTPUT_GRACE, async {
            let _ = tokio::join!(logs, output);
        });
        // What was read until then is what there is.
        let _ = output.await;
        Ok(Exit {
            status: refused.unwrap_or_else(|| status.to_string()),
            output: last.lines(),
        })
    }
}

impl Launch {
    /// What starts the site.
    fn process(&self, program: &Program, own: SocketAddr) -> std::io::Result<Command> {
        let Some(server) = &self.command else {
            let mut command = process::command(runnable(program)?);
            command.arg("serve");
            return Ok(command);
        };
        let words = fork_server::words(server, own.port(), self.watchdog.folder());
        let mut words = words
            .unwrap_or_else(|| server.words(own.port()))
            .into_iter();
        let mut command = process::command(words.next().unwrap_or_default());
        command.args(words);
        let variables = server.environment.iter();
        command.envs(variables.map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// Hands the listener over, unless the site listens by itself.
    fn pass_socket(
        &self,
        activation: &SocketActivation,
        command: &mut Command,
    ) -> std::io::Result<()> {
        let Some(server) = &self.command else {
            return activation.pass_to(command);
        };
        if server.takes_socket() {
            activation.pass_to(command)?;
        }
        if server.ready != Ready::Notification {
            // Servers say that they are ready before they have imported the site.
            command.env_remove("NOTIFY_SOCKET");
        }
        Ok(())
    }

    /// Resolves with the address to use when the site is ready; the error is why it is not to be used.
    async fn ready(
        &self,
        activation: &SocketActivation,
        own: SocketAddr,
        last: &Last,
    ) -> Result<SocketAddr, String> {
        let Some(server) = &self.command else {
            return Ok(ready(activation, own).await);
        };
        let Ready::Answer(path) = &server.ready else {
            return Ok(activation.notified().await);
        };
        let address = match server.takes_socket() {
            true => activation.address().unwrap_or(own),
            false => own,
        };
        let status = readiness::status(address, &self.host, path).await;
        if status < SERVER_ERROR {
            self.has_worked.store(true, Ordering::SeqCst);
        } else if self.has_worked.load(Ordering::SeqCst) && !lacks_schema(last).await {
            return Err(format!("it answers GET {path} with {status}"));
        }
        // Where none has worked yet, the site's own page about the error is the best answer there is.
        Ok(address)
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

/// The last lines of an output. Clones are the same.
#[derive(Clone, Debug, Default)]
struct Last(Arc<Mutex<VecDeque<String>>>);

impl Last {
    fn lock(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: &str) {
        let mut last = self.lock();
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(line.to_owned());
    }

    fn lines(&self) -> Vec<String> {
        self.lock().iter().cloned().collect()
    }
}

/// Whether a site that answers with an error says that its database lacks a table or a column. No newer source cures
/// that, but a migration does.
async fn lacks_schema(last: &Last) -> bool {
    let deadline = tokio::time::Instant::now() + OUTPUT_GRACE;
    while tokio::time::Instant::now() < deadline {
        if last.lock().iter().any(|line| says_schema_is_behind(line)) {
            return true;
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    false
}

/// Passes on `pipe` line by line; keeps the last lines.
async fn echo(pipe: impl AsyncRead + Unpin, write: impl Fn(&str), last: Last) {
    let mut pipe = BufReader::new(pipe);
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
        last.add(text);
        line.clear();
    }
}

/// Runs a check of the site to its end; what it writes to standard error goes to the terminal.
pub(in crate::devserver) async fn check(
    mut command: Command,
    mut orders: UnboundedReceiver<Order>,
    terminal: &Terminal,
    watchdog: &Arc<Watchdog>,
) -> std::io::Result<()> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let _guarded = child.id().map(|group| watchdog.guard(group));
    let output = child.stderr.take();
    let write = async {
        if let Some(stderr) = output {
            echo(stderr, |line| terminal.log(line), Last::default()).await;
        }
    };
    let (ended, ()) = tokio::join!(process::supervise(&mut child, &mut orders), write);
    ended.map(drop)
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
