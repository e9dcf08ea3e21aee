//! What happens to the development server, and what it does.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::devserver::watch::change::Change;

/// A program that has been built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devserver) struct Program {
    pub(in crate::devserver) path: PathBuf,
    /// Equal for equal contents.
    pub(in crate::devserver) fingerprint: u64,
    /// Built by cargo, not by a fast rebuild.
    pub(in crate::devserver) by_cargo: bool,
}

/// How a build ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devserver) enum Built {
    Done(Program),
    /// The errors have been shown.
    Failed,
    /// It was stopped because its sources changed, or because the server is stopping.
    Cancelled,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devserver) enum Event {
    Changed(Change),
    /// A source file was written while a build script ran: most likely by the script.
    WrittenByBuild(PathBuf),
    Built(Built),
    /// The generation accepts connections at the address.
    Ready(u32, SocketAddr),
    /// The generation's process has exited; its status, and the last lines of its output.
    Exited(u32, String),
    /// Ctrl-C or a termination signal.
    Interrupted,
}

/// Where requests are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::devserver) enum Route {
    /// They wait: a build or a start is in progress.
    #[default]
    Hold,
    /// To this generation.
    To(u32),
    /// Nowhere, until a file changes: they are answered with the reason.
    Down,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devserver) enum Action {
    Build,
    CancelBuild,
    /// Build with cargo next time.
    DisableFastRebuild,
    Start(u32, Program),
    Route(Route),
    /// Let the generation answer the requests it has, then stop it.
    Retire(u32),
    /// Ask the generation to exit now.
    Stop(u32),
    /// Kill every process at once.
    Kill,
    /// Bring open pages up to date, with `Styles` or `Reload`.
    Refresh(Change),
    Say(Notice),
    Quit,
}

/// What the user at the terminal should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devserver) enum Notice {
    /// The site is up for the first time: its URLs.
    Serving,
    /// A new generation has taken over.
    ServingAgain(u32),
    /// The build produced the same program as before.
    Unchanged,
    /// The build failed; the previous generation still serves.
    BuildFailedStillServing,
    /// The build failed and no generation is up.
    WaitingForFix,
    /// Each build writes this source file.
    BuildWritesSources(PathBuf),
    /// A new generation exited before it was ready (its status and output); the previous one still serves.
    NewSiteExited(String),
    /// The site exited by itself (its status and output), and is started again.
    Restarting(String),
    /// The site exited by itself (its status and output), and no other generation is up.
    SiteExited(String),
    Stopping,
}
