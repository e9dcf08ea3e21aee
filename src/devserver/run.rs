//! The loop of the development server: events to the state, its actions to the hands.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::address::Address;
use super::build::Build;
use super::process::{Order, interrupted};
use super::server::Server;
use super::state::{Action, Built, Event, Notice, Program, State};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::interrupt;
use crate::output::Output;

/// A site to develop.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) root: &'a Path,
    /// The project's name, which its binary bears.
    pub(crate) name: &'a str,
    pub(crate) address: Address,
    /// Pages worth opening, as paths below the address with what they are.
    pub(crate) pages: &'a [(&'a str, &'a str)],
    /// Variables that the site sees besides those of this process.
    pub(crate) environment: &'a [(&'static str, &'static str)],
    /// The command that serves it; an address may follow.
    pub(crate) again: &'a str,
}

/// Serves `site` and keeps it current until interrupted.
///
/// # Errors
/// When the address cannot be listened on, the project cannot be watched, or cargo does not start. Errors of the
/// project's own code are shown and waited out.
pub(crate) fn serve(output: &Output, site: Site<'_>) -> Result<ExitCode> {
    let address = check_free(site.address, site.again)?;
    interrupt::hand_over();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(output, Site { address, ..site }));
    // A file watcher that is closing must not delay the end.
    runtime.shutdown_background();
    ended
}

/// The address itself when nobody listens on it; port 0 becomes a free one.
///
/// # Errors
/// When it is taken, with `again` and the next free port as a hint, or cannot be used at all.
pub(crate) fn check_free(address: Address, again: &str) -> Result<Address> {
    let Address(socket) = address;
    match TcpListener::bind(socket) {
        Ok(listener) => Ok(Address(listener.local_addr()?)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let taken = Error::failed(format_args!("something already listens on {address}"));
            Err(match next_free(socket) {
                Some(port) => taken.hint(format!(
                    "port {port} is free: `{again} {}`",
                    spelled(socket, port)
                )),
                None => taken,
            })
        }
        Err(error) => Err(Error::failed(format_args!(
            "{address} cannot be listened on: {error}"
        ))),
    }
}

fn next_free(socket: SocketAddr) -> Option<u16> {
    (1..=100)
        .filter_map(|step| socket.port().checked_add(step))
        .find(|port| TcpListener::bind(SocketAddr::new(socket.ip(), *port)).is_ok())
}

/// What to type to get `port` on the same interface.
fn spelled(socket: SocketAddr, port: u16) -> String {
    if socket.ip() == Address::default().0.ip() {
        port.to_string()
    } else {
        SocketAddr::new(socket.ip(), port).to_string()
    }
}

async fn run(output: &Output, site: Site<'_>) -> Result<ExitCode> {
    let (events, mut happened) = unbounded_channel();
    tokio::spawn(listen_for_interrupts(events.clone()));
    let watch = Watch::start(site.root, output)?;
    tokio::spawn(watch.run(events.clone(), output.clone()));
    let mut hands = Hands {
        output,
        site,
        events,
        build: None,
        server: None,
    };
    let mut state = State::default();
    let mut actions = state.start();
    loop {
        for action in actions {
            if action == Action::Quit {
                return Ok(ExitCode::SUCCESS);
            }
            hands.carry_out(action);
        }
        let Some(event) = happened.recv().await else {
            return Ok(ExitCode::SUCCESS);
        };
        actions = state.on(event);
    }
}

async fn listen_for_interrupts(events: UnboundedSender<Event>) {
    while interrupted().await.is_ok() && events.send(Event::Interrupted).is_ok() {}
}

/// What carries out actions: the build and the site that run now, and how to tell them to stop.
struct Hands<'a> {
    output: &'a Output,
    site: Site<'a>,
    events: UnboundedSender<Event>,
    build: Option<UnboundedSender<Order>>,
    server: Option<UnboundedSender<Order>>,
}

impl Hands<'_> {
    fn carry_out(&mut self, action: Action) {
        match action {
            Action::Build => self.start_build(),
            Action::Start(program) => self.start_server(program),
            Action::CancelBuild => tell(self.build.as_ref(), Order::Stop),
            Action::Stop => tell(self.server.as_ref(), Order::Stop),
            Action::Kill => {
                tell(self.build.as_ref(), Order::Kill);
                tell(self.server.as_ref(), Order::Kill);
            }
            Action::Say(notice) => self.say(notice),
            Action::Quit => {}
        }
    }

    fn start_build(&mut self) {
        let (orders, followed) = unbounded_channel();
        self.build = Some(orders);
        let build = Build {
            root: self.site.root.to_owned(),
            name: self.site.name.to_owned(),
            output: self.output.clone(),
        };
        let (output, events) = (self.output.clone(), self.events.clone());
        tokio::spawn(async move {
            let built = build.run(followed).await.unwrap_or_else(|error| {
                output.error(&error);
                Built::Failed
            });
            // Nobody listens any more when the whole server is going down.
            let _ = events.send(Event::Built(built));
        });
    }

    fn start_server(&mut self, program: Program) {
        let (orders, followed) = unbounded_channel();
        self.server = Some(orders);
        let server = Server {
            root: self.site.root.to_owned(),
            address: self.site.address.0,
            environment: self.site.environment.to_vec(),
        };
        tokio::spawn(server.run(program, followed, self.events.clone()));
    }

    fn say(&self, notice: Notice) {
        let url = self.site.address.url();
        match notice {
            Notice::Serving => {
                self.output.step("Serving", format_args!("{url}/"));
                for (path, what) in self.site.pages {
                    self.output.step("", format_args!("{url}{path}  {what}"));
                }
                self.output.step("", "Changes are picked up; Ctrl-C stops.");
            }
            Notice::ServingAgain => self.output.step("Serving", format_args!("{url}/ again")),
            Notice::Unchanged => self.output.step("Unchanged", "the site goes on"),
            Notice::OldGoesOn => {
                self.output
                    .warning("the build failed: the site from before goes on");
            }
            Notice::WaitingForFix => {
                self.output
                    .warning("the build failed: fix it and save, and the site starts");
            }
            Notice::Died(how) => self.output.warning(format_args!(
                "the site ended ({how}): it starts again when a file changes"
            )),
            Notice::Stopping => self.output.step("Stopping", "the site"),
        }
    }
}

fn tell(orders: Option<&UnboundedSender<Order>>, order: Order) {
    if let Some(orders) = orders {
        // What has ended by itself needs no order.
        let _ = orders.send(order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_an_error_that_names_a_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = Address(taken.local_addr().expect("an address"));
        let error = check_free(address, "luthier runserver").expect_err("taken");
        assert_eq!(
            error.to_string(),
            format!("something already listens on {address}")
        );
        assert!(
            error.hints[0].contains("is free: `luthier runserver "),
            "{:?}",
            error.hints
        );
    }

    #[test]
    fn port_zero_becomes_a_free_one() {
        let Address(socket) =
            check_free("0".parse().expect("an address"), "").expect("a free port");
        assert_ne!(socket.port(), 0);
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
