//! What a build asks of an accelerator: its questions, its answers, and the accelerator that never applies.
//!
//! [`fast_rebuild`](super::super::fast_rebuild) is the accelerator. The rest of the development server knows the types
//! of this file and the methods that [`without`] spells out, and nothing else of it.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::devserver::browser::Problem;
use crate::devserver::process::watchdog::Watchdog;
use crate::devserver::state::Program;
use crate::devserver::terminal::Terminal;

/// What an accelerator works with.
#[derive(Clone, Debug)]
pub(in crate::devserver) struct Tools {
    /// The project's folder.
    pub(in crate::devserver) root: PathBuf,
    /// For the progress of a build alone: messages are shown by whoever asks.
    pub(in crate::devserver) terminal: Terminal,
    pub(in crate::devserver) watchdog: Arc<Watchdog>,
    /// Whether its processes let others have the processor first.
    pub(in crate::devserver) is_background: bool,
}

/// What is to be built.
#[derive(Clone, Debug)]
pub(in crate::devserver) struct Request {
    pub(in crate::devserver) tools: Tools,
    /// The name of the binary.
    pub(in crate::devserver) name: String,
    /// Keep a compiler started for the next edit.
    pub(in crate::devserver) prewarm_compiler: bool,
    /// Prepare the crates that have not been edited, too.
    pub(in crate::devserver) prepare_all_crates: bool,
    /// The files that changed since the last complete build.
    pub(in crate::devserver) changed: BTreeSet<PathBuf>,
}

/// What cargo reports while it builds.
#[derive(Clone, Copy, Debug)]
pub(in crate::devserver) enum CargoEvent<'a> {
    Started,
    /// A line of `cargo build -vv` that starts with `Running`.
    Running(&'a str),
    /// An artifact of the package with the manifest was built or is fresh: a library, if it is one.
    Artifact {
        manifest: &'a Path,
        library: Option<&'a str>,
    },
    /// The build succeeded with this program.
    Finished(&'a Path),
}

/// How an accelerated build ended.
#[derive(Debug)]
pub(in crate::devserver) enum Outcome {
    Built(Accelerated),
    /// Errors in the project's code.
    Failed(Vec<Problem>),
    Cancelled,
    /// Cargo has to build.
    NotApplicable(Reason),
}

/// An accelerated build.
#[derive(Debug)]
pub(in crate::devserver) struct Accelerated {
    pub(in crate::devserver) program: Program,
    /// The names of the crates that were compiled.
    pub(in crate::devserver) crates: String,
    pub(in crate::devserver) warnings: Vec<String>,
    /// Every file that these crates were compiled from.
    pub(in crate::devserver) sources: BTreeSet<PathBuf>,
    pub(in crate::devserver) started: SystemTime,
    pub(in crate::devserver) took: Duration,
    /// The part of it that the compiler took.
    pub(in crate::devserver) compiling: Duration,
    /// Whether the compiler had been started in advance.
    pub(in crate::devserver) prewarmed: bool,
}

/// How the preparation of the next accelerated build ended.
#[derive(Debug)]
pub(in crate::devserver) enum PreparationOutcome {
    Ready(Duration),
    /// It was ready already.
    Unchanged,
    Cancelled,
    Unavailable(Reason),
}

/// Why an accelerated build does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devserver) enum Reason {
    /// Nothing is prepared: no build, or only a failed one, came before.
    NotPrepared,
    /// A file that decides what cargo builds, but belongs to no crate that can be rebuilt alone.
    FileChanged(PathBuf),
    /// The file belongs to several crates.
    SharedFile(PathBuf),
    /// The crate is edited for the first time: it is prepared from the next build on.
    FirstEdit,
    /// The file differs in more than function bodies.
    MoreThanBodies(PathBuf),
    /// Other crates can have an item of this name, which has changed: name and crate.
    VisibleName(String, String),
    /// The edit is of two crates, and one uses the other, of which more than function bodies differ.
    DependencyChanged(String),
    /// Other crates contain copies of the function.
    CopiedFunction(String),
    /// Other crates depend on the size of what functions of the crate return.
    UsedLayout(String),
    /// Other parts of the program use a copy of a generic function that the crate has no longer: function and crate.
    NoLongerDefined(String, String),
    /// No file of a crate differs.
    NothingChanged,
    /// A library that cargo had built is missing.
    Missing(PathBuf),
    /// Something else, in words.
    Other(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPrepared => write!(f, "nothing is prepared"),
            Self::FileChanged(file) => write!(f, "{} has changed", file.display()),
            Self::SharedFile(file) => write!(f, "{} belongs to several crates", file.display()),
            Self::FirstEdit => write!(f, "a crate is edited for the first time"),
            Self::MoreThanBodies(file) => {
                write!(f, "{} differs in more than function bodies", file.display())
            }
            Self::VisibleName(name, crate_) => {
                write!(f, "other crates may use `{name}` of {crate_}")
            }
            Self::DependencyChanged(name) => {
                write!(f, "a crate that uses {name} has changed as well")
            }
            Self::CopiedFunction(name) => write!(f, "other crates contain copies of `{name}`"),
            Self::UsedLayout(name) => write!(
                f,
                "other crates depend on the return types of functions of {name}"
            ),
            Self::NoLongerDefined(function, name) => write!(
                f,
                "other crates use `{function}` of {name}, which is without it now"
            ),
            Self::NothingChanged => write!(f, "no file of a crate has changed"),
            Self::Missing(file) => write!(f, "{} is gone", file.display()),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

/// Takes the place of the accelerator when its room is deleted: see `devserver.rs`.
#[allow(dead_code, reason = "used when the accelerator's room is deleted")]
pub(in crate::devserver) mod without {
    pub(in crate::devserver) mod fast_rebuild {
        use tokio::sync::mpsc::UnboundedReceiver;

        use crate::devserver::cargo_build::accelerator::{
            CargoEvent, Outcome, PreparationOutcome, Reason, Request,
        };
        use crate::devserver::process::Order;

        /// Every build is cargo's.
        #[derive(Clone, Debug, Default)]
        pub(in crate::devserver) struct FastRebuild;

        impl FastRebuild {
            /// Takes in what cargo reports while it builds.
            pub(in crate::devserver) fn observe(&self, _: CargoEvent<'_>) {}

            /// A source file is being written; the build that it needs will be requested soon.
            pub(in crate::devserver) fn on_early_write(&self) {}

            /// Builds the program, if that can be done without cargo.
            pub(in crate::devserver) async fn try_build(
                &self,
                _: &Request,
                _: &mut UnboundedReceiver<Order>,
            ) -> Outcome {
                Outcome::NotApplicable(Reason::NotPrepared)
            }

            /// Records what has been observed of a successful build, for the next session.
            pub(in crate::devserver) fn record(&self) -> std::io::Result<()> {
                Ok(())
            }

            /// Whether [`FastRebuild::prepare`] has something to do.
            pub(in crate::devserver) fn needs_preparation(&self) -> bool {
                false
            }

            /// Prepares the next build in the background.
            pub(in crate::devserver) async fn prepare(
                &self,
                _: &Request,
                _: &mut UnboundedReceiver<Order>,
            ) -> PreparationOutcome {
                PreparationOutcome::Cancelled
            }

            /// Starts a compiler for the next edit.
            pub(in crate::devserver) fn prewarm(&self, _: &Request) -> Result<(), Reason> {
                Ok(())
            }

            /// Prepares the crates that have not been edited, unless an order comes.
            pub(in crate::devserver) async fn prepare_all(
                &self,
                _: &Request,
                _: &mut UnboundedReceiver<Order>,
            ) -> PreparationOutcome {
                PreparationOutcome::Cancelled
            }

            /// Keeps the compiler until an order comes, or for a while.
            pub(in crate::devserver) async fn keep_prewarmed(
                &self,
                _: &mut UnboundedReceiver<Order>,
            ) {
            }

            /// A program that was built this way has crashed: the next build is cargo's.
            pub(in crate::devserver) fn disable(&self) {}
        }
    }
}
