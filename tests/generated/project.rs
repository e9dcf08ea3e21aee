//! A project made by the commands under test, checked with cargo, and served.

use std::collections::BTreeSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::client::Client;
use crate::common::running::Running;
use crate::common::{Outcome, Sandbox, forget_cargo};
use crate::freshness::Freshness;

/// One cargo at a time: the generated projects share a target folder, so that what they all depend on is compiled
/// once, and each alone uses every core.
struct Turn {
    target: PathBuf,
    freshness: Freshness,
    /// The time of the lock, which others change who wait for it.
    since: SystemTime,
    /// Held against the other tests of this process, and against other processes.
    _locks: (MutexGuard<'static, ()>, File),
}

impl Turn {
    fn take() -> Self {
        static HERE: Mutex<()> = Mutex::new(());
        let here = HERE.lock().unwrap_or_else(PoisonError::into_inner);
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("generated");
        std::fs::create_dir_all(&target).expect("a target folder");
        let everywhere = File::options()
            .create(true)
            .append(true)
            .open(target.join(".tests"))
            .expect("a lock file");
        everywhere.lock().expect("a lock");
        let time = |file: &File| file.metadata().and_then(|metadata| metadata.modified());
        let last = time(&everywhere).expect("this system keeps times");
        everywhere.set_modified(SystemTime::now()).expect("ours");
        // The folder may be a link that other checkouts use, too.
        let target = target.canonicalize().expect("it was just made");
        Self {
            freshness: Freshness::take(&target.join(".freshness"), last),
            since: time(&everywhere).expect("this system keeps times"),
            target,
            _locks: (here, everywhere),
        }
    }

    /// Lets cargo, or what starts it, share what is built.
    fn set_up(&self, command: &mut Command) {
        forget_cargo(command);
        self.share(command);
        // What incremental compilation keeps is larger than what is built, and few crates are compiled twice.
        command.env("CARGO_INCREMENTAL", "0");
    }

    /// The target folder, and what all must agree on to share the dependencies in it.
    fn share(&self, command: &mut Command) {
        command
            .env("CARGO_TARGET_DIR", &self.target)
            // Half of a test program is symbols.
            .env("CARGO_PROFILE_DEV_STRIP", "symbols");
    }

    /// Removes the programs of the project before, if it was another: dozens of test programs are gigabytes.
    fn make_room(&self, name: &str) {
        let record = self.target.join(".project");
        if std::fs::read_to_string(&record).is_ok_and(|last| last == name) {
            return;
        }
        std::fs::write(record, name).expect("the target folder can be written to");
        let Ok(entries) = std::fs::read_dir(self.target.join("debug/deps")) else {
            return;
        };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if path.extension().is_none() {
                std::fs::remove_file(path).expect("a program of this folder");
            }
        }
    }
}

/// A generated project, in a folder of its own.
pub(crate) struct Project {
    pub(crate) sandbox: Sandbox,
    name: String,
    /// The dependencies as `startproject` locked them.
    shipped: Vec<String>,
    turn: Turn,
}

impl Drop for Project {
    fn drop(&mut self) {
        // Commands may have started cargo themselves, or written files since.
        let turn = &self.turn;
        turn.freshness.observe(&self.sandbox.root());
        turn.freshness
            .save(&turn.target.join(".freshness"), turn.since);
    }
}

/// The folder of all generated projects, outside this repository, whose lint settings are not the project's. It is the
/// same for all, because programs know the folder that they were built in.
fn folder(turn: &Turn) -> Sandbox {
    let mut hasher = DefaultHasher::new();
    turn.target.hash(&mut hasher);
    Sandbox::named(&format!("luthier-generated-{:016x}", hasher.finish()))
}

impl Project {
    /// `luthier startproject NAME` with more options.
    pub(crate) fn start(name: &str, options: &[&str]) -> Self {
        let turn = Turn::take();
        turn.make_room(name);
        let mut sandbox = folder(&turn);
        sandbox
            .run([&["startproject", name, "project", "--no-git"], options].concat())
            .success();
        sandbox.cd("project");
        Self {
            shipped: checksums(&sandbox),
            sandbox,
            name: name.to_owned(),
            turn,
        }
    }

    pub(crate) fn luthier(&self, line: &str) -> Outcome {
        self.sandbox.run(line.split_whitespace()).success()
    }

    /// What its owner would run before a commit finds nothing.
    pub(crate) fn check(&self) {
        self.check_versions_apart();
        assert_eq!(
            checksums(&self.sandbox),
            self.shipped,
            "the shipped versions were not used"
        );
    }

    /// The same where more came in than it was shipped with.
    pub(crate) fn check_versions_apart(&self) {
        self.cargo("fmt --all --check");
        self.cargo("clippy --workspace --all-targets -- -D warnings");
        self.cargo("test --workspace");
    }

    /// The fresh project builds with just the versions it was shipped with.
    pub(crate) fn builds_as_shipped(&self) {
        self.cargo("build --locked");
    }

    /// The tests of its accounts, each in a schema of its own on the server of `database`.
    pub(crate) fn tests_on(&self, database: &str) {
        self.tests_of("accounts", database);
    }

    /// The same for another of its crates.
    pub(crate) fn tests_of(&self, package: &str, database: &str) {
        let mut command = self.cargo_command(&format!("test --package {package}"));
        Outcome::of(command.env("TEST_DATABASE_URL", database)).success();
    }

    fn cargo(&self, line: &str) -> Outcome {
        Outcome::of(&mut self.cargo_command(line)).success()
    }

    fn cargo_command(&self, line: &str) -> Command {
        self.turn.freshness.observe(&self.sandbox.root());
        let mut command = cargo();
        command
            .args(line.split_whitespace())
            .current_dir(self.sandbox.root());
        self.turn.set_up(&mut command);
        for variable in ["DATABASE_URL", "ADDRESS", "RUSTFLAGS"] {
            command.env_remove(variable);
        }
        command
    }

    /// `luthier` on `database`, with arguments of its own.
    pub(crate) fn luthier_on(&self, line: &str, database: &str) -> Command {
        self.turn.freshness.observe(&self.sandbox.root());
        let mut command = self.sandbox.command(line.split_whitespace());
        self.turn.set_up(command.env("DATABASE_URL", database));
        command
    }

    /// Runs a command of the program, which was built before, on `database`, with a line to read.
    pub(crate) fn program(&self, arguments: &[&str], line: &str, database: &str) -> Outcome {
        self.attempt(arguments, line, database).success()
    }

    /// The same, however it ends.
    pub(crate) fn attempt(&self, arguments: &[&str], line: &str, database: &str) -> Outcome {
        let input = self.sandbox.path("line.txt");
        std::fs::write(&input, format!("{line}\n")).expect("it is written");
        let mut command = Command::new(self.turn.target.join("debug").join(&self.name));
        command
            .args(arguments)
            .current_dir(self.sandbox.root())
            .stdin(File::open(&input).expect("it was just written"))
            .env("DATABASE_URL", database);
        Outcome::of(&mut command)
    }

    /// A SQLite database of its own, in the project.
    pub(crate) fn sqlite(&self) -> String {
        format!(
            "sqlite://{}?mode=rwc",
            self.sandbox.path("contract.sqlite3").display()
        )
    }

    /// Migrates `database` and serves the site on it.
    pub(crate) fn serve(&self, database: &str) -> Site {
        self.luthier(&format!("migrate --database-url {database}"));
        self.boot(database)
    }

    /// The program that was built last, as it serves on `database`.
    fn serving(&self, mut command: Command, database: &str) -> Running {
        command
            .current_dir(self.sandbox.root())
            .env("DATABASE_URL", database)
            // Clients of a test come from as many addresses as it takes.
            .env("TRUSTED_PROXIES", "1")
            .env("LOG", "warn,platform::mail=info");
        Running::start(&mut command)
    }

    /// Serves the site, which was built before and is visited at `public_url`, on a socket that somebody else holds, as
    /// systemd does.
    pub(crate) fn boot_on(
        &self,
        socket: &TcpListener,
        database: &str,
        public_url: &str,
    ) -> Running {
        let socket = socket.try_clone().expect("one more handle");
        // The socket is to be the program's fourth file.
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec \"$0\" serve 3<&0 </dev/null"])
            .arg(self.turn.target.join("debug").join(&self.name))
            .stdin(OwnedFd::from(socket))
            .env("LISTEN_FDS", "1")
            .env("PUBLIC_URL", public_url);
        self.serving(command, database)
    }

    /// Serves the site on `database` as it is.
    pub(crate) fn boot(&self, database: &str) -> Site {
        self.cargo("build");
        // Taken for a moment: nobody else asks for ports by number here.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr());
        let address = address.expect("a free port").to_string();
        let mut command = Command::new(self.turn.target.join("debug").join(&self.name));
        command.arg("serve").env("ADDRESS", &address);
        let running = self.serving(command, database);
        let client = Client::new(format!("http://{address}"));
        running.until("it answers", |_| {
            std::net::TcpStream::connect(&address).ok()
        });
        Site { running, client }
    }
}

/// The name, version and features of each package that `programs` of the workspace in `folder` are built from.
fn units(folder: &Path, programs: &[&str]) -> BTreeSet<String> {
    let mut command = cargo();
    forget_cargo(&mut command);
    command.current_dir(folder).args([
        "tree",
        "--locked",
        "--edges=normal,build",
        "--prefix=none",
        "--no-dedupe",
        "--format={p} {f}",
    ]);
    let outcome = Outcome::of(command.args(programs)).success();
    let lines = outcome.stdout.lines();
    lines
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect()
}

/// The cargo that runs these tests, if one does.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
}

/// The checksums in `Cargo.lock`: one for each version of a dependency.
fn checksums(sandbox: &Sandbox) -> Vec<String> {
    let lock = sandbox.read("Cargo.lock");
    let checksums = lock.lines().filter(|line| line.starts_with("checksum"));
    checksums.map(str::to_owned).collect()
}

/// A site that is being served. Stopped when dropped.
pub(crate) struct Site {
    pub(crate) running: Running,
    pub(crate) client: Client,
}

/// `luthier demo`, as it is served.
pub(crate) struct Demo {
    pub(crate) running: Running,
    pub(crate) client: Client,
    sandbox: Sandbox,
    _turn: Turn,
}

impl Demo {
    pub(crate) fn start() -> Self {
        let turn = Turn::take();
        turn.make_room("demo");
        // In another folder: what it builds counts for no other project, so the turn's record is not saved.
        let mut sandbox = Sandbox::new();
        let mut command = sandbox.command(["demo", "--port", "0", "--verbose"]);
        turn.share(&mut command);
        let running = Running::start(&mut command);
        let heard = running.says("Ctrl-C stops", 1);
        let (_, url) = heard.rsplit_once("Serving  ").expect("a URL");
        let (url, _) = url.split_once("/\n").expect("a line");
        let client = Client::new(url.to_owned());
        sandbox.cd("bookstore");
        Self {
            running,
            client,
            sandbox,
            _turn: turn,
        }
    }

    /// Runs another command in the project, on the demo's database.
    pub(crate) fn luthier(&self, args: &[&str]) -> Outcome {
        let mut command = self.sandbox.command(args);
        command.env("DATABASE_URL", "sqlite:db.sqlite3");
        Outcome::of(&mut command).success()
    }

    /// What most of a site waits for is compiled once by `cargo demo`, and what it compiles beside Luthier is for the site:
    /// both ask for the same versions and features.
    pub(crate) fn shares_crates_with_luthier(&self) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let luthier = units(here, &["--package=demo"]);
        let site = units(&self.sandbox.root(), &["--workspace"]);
        for name in [
            "proc-macro2",
            "quote",
            "serde_derive",
            "syn",
            "tokio-macros",
        ] {
            let mut of_site = site
                .iter()
                .filter(|unit| unit.starts_with(&format!("{name} ")));
            assert!(of_site.clone().next().is_some(), "{name}: {site:?}");
            let other = of_site.find(|unit| !luthier.contains(*unit));
            assert_eq!(other, None, "Luthier has {luthier:?}");
        }
        let beside = units(here, &["--package=demo", "--prune=tool"]);
        assert!(beside.len() > 20, "{beside:?}");
        let other = beside
            .difference(&site)
            .find(|unit| !unit.starts_with("demo "));
        assert_eq!(other, None, "the site has {site:?}");
    }

    /// Changes a file as an editor would.
    pub(crate) fn edit(&self, path: &str, before: &str, after: &str) {
        let text = self.sandbox.read(path);
        assert!(text.contains(before), "{path} has no {before:?}: {text}");
        self.sandbox.write(path, text.replace(before, after));
    }
}
