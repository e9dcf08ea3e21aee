//! One run of the site: started on a listener of its own, found ready, followed to its end.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::door::Door;
use super::process::{self, Order};
use super::state::{Event, Program};
use super::terminal::Terminal;
use super::watchdog::Watchdog;

/// How often a starting site is asked whether it listens.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// How many of its last lines are kept, to explain its end.
const LAST_WORDS: usize = 40;
/// How long what it wrote is waited for after its end: a process that it left behind may hold the pipe.
const ECHO: Duration = Duration::from_millis(200);

/// How the site is started.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    pub(super) root: PathBuf,
    pub(super) environment: Vec<(&'static str, &'static str)>,
    pub(super) terminal: Terminal,
    pub(super) watchdog: Arc<Watchdog>,
}

/// How a site ended.
#[derive(Debug)]
struct End {
    how: String,
    /// The last lines it wrote to its standard error.
    words: Vec<String>,
}

impl Launch {
    /// Runs `program` as the generation `number` until it ends; tells `events` when it takes requests, and when and
    /// how it ended.
    pub(super) async fn run(
        self,
        number: u32,
        program: Program,
        orders: UnboundedReceiver<Order>,
        events: UnboundedSender<Event>,
    ) {
        let end = match self.follow(number, program, orders, &events).await {
            Ok(end) => end,
            Err(error) => End {
                how: format!("it does not start: {error}"),
                words: Vec::new(),
            },
        };
        let mut how = end.how;
        for line in &end.words {
            how.push('\n');
            how.push_str(line);
        }
        // Nobody listens any more when the whole server is going down.
        let _ = events.send(Event::Exited(number, how));
    }

    async fn follow(
        &self,
        number: u32,
        program: Program,
        mut orders: UnboundedReceiver<Order>,
        events: &UnboundedSender<Event>,
    ) -> std::io::Result<End> {
        let mut door = Door::open(self.watchdog.folder(), number)?;
        // Where a site that takes no listener from us is to listen.
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
        door.hand_to(&mut command)?;
        let mut child = command.spawn()?;
        // It holds the listener too, which must close with the site.
        drop(command);
        let group = child.id();
        let _guarded = group.map(|group| self.watchdog.guard(group));
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(std::io::Error::other("it was started without pipes"));
        };
        let terminal = self.terminal.clone();
        let logs = tokio::spawn(echo(stdout, move |line| terminal.data(line)));
        let terminal = self.terminal.clone();
        let words = tokio::spawn(echo(stderr, move |line| terminal.log(line)));
        let ended = process::supervise(&mut child, &mut orders);
        let mut ended = std::pin::pin!(ended);
        let at_boot = tokio::select! {
            ended = &mut ended => Some(ended?),
            address = ready(&door, own) => {
                let _ = events.send(Event::Ready(number, address));
                None
            }
        };
        door.close();
        let status = match at_boot {
            Some(ended) => ended.status,
            None => tokio::select! {
                ended = ended => ended?.status,
                never = door.attend() => match never {},
            },
        };
        if let Some(group) = group {
            process::kill_rest(group);
        }
        let words = tokio::time::timeout(ECHO, async {
            let (_, words) = tokio::join!(logs, words);
            words.unwrap_or_default()
        });
        Ok(End {
            how: status.to_string(),
            words: words.await.unwrap_or_default(),
        })
    }
}

/// Resolves, with the address to use, when the site listens on its own, takes connections from the listener that it
/// was handed, or says that it is ready.
async fn ready(door: &Door, own: SocketAddr) -> SocketAddr {
    let listens = async {
        while TcpStream::connect(own).await.is_err() {
            tokio::time::sleep(ASK_EVERY).await;
        }
    };
    tokio::select! {
        biased;
        () = listens => own,
        address = door.taken() => address,
    }
}

/// Passes on what `pipe` says line by line; the last lines come back.
async fn echo(pipe: impl AsyncRead + Unpin, say: impl Fn(&str)) -> Vec<String> {
    let mut pipe = BufReader::new(pipe);
    let mut last = VecDeque::new();
    let mut line = Vec::new();
    // A pipe that breaks has said all it will.
    while pipe
        .read_until(b'\n', &mut line)
        .await
        .is_ok_and(|count| count > 0)
    {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        say(text);
        if last.len() == LAST_WORDS {
            last.pop_front();
        }
        last.push_back(text.to_owned());
        line.clear();
    }
    last.into()
}

/// An address that nobody listens on.
fn free_address() -> std::io::Result<SocketAddr> {
    std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
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
    let name = program.path.file_stem().unwrap_or_default();
    let mut copy = folder.join(name).into_os_string();
    copy.push(format!("-{:016x}.exe", program.fingerprint));
    let copy = PathBuf::from(copy);
    if !copy.exists() {
        std::fs::copy(&program.path, &copy)?;
    }
    Ok(copy)
}
