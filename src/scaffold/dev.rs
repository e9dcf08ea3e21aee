//! `[dev]`: how `runserver` works, as a pack has it and as `luthier.toml` says otherwise. Pure.
//!
//! ```toml
//! [dev]                                   # for what is not a cargo binary:
//! command = ["gunicorn", "shop.wsgi"]     # what serves the site; `{port}`, `{host}` and `{fd}` are filled in
//! listen = "fds"                          # how it gets its socket: fds (LISTEN_FDS), fd (`{fd}`) or port (`{port}`)
//! ready = "/healthz"                      # the path that is asked for until it answers, or `notify` (READY=1)
//! check = ["python", "manage.py", "check"] # run beside the site after each start
//! restart = ["**/*.py", ".env"]           # files that the site reads when it starts
//! reload = ["static/**"]                  # files that it reads at each request
//! fork = true                             # of Python: fork each version from a process that has imported the libraries
//! ```

use serde::Deserialize;

/// How `runserver` works on this project, where no flag says otherwise.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Dev {
    /// `[ADDR:]PORT`.
    pub(crate) address: Option<String>,
    /// What links in error messages open.
    pub(crate) editor: Option<String>,
    /// Names of this machine, besides `localhost` and addresses, under which pages are kept current.
    pub(crate) hosts: Vec<String>,
    /// Look at files instead of waiting to be told of changes.
    pub(crate) poll: bool,
    /// Stop the running version before the new one starts.
    pub(crate) stop_first: bool,
    /// Where `runserver` has cargo build, relative to the project: away from other cargos, which would wait for it.
    pub(crate) target_dir: Option<String>,
    /// Rebuild an edited crate without cargo where that is possible; on by default.
    pub(crate) fast_rebuild: Option<bool>,
    /// Keep a compiler started for the next edit; on by default.
    pub(crate) prewarm_compiler: Option<bool>,
    /// Prepare fast rebuilds of all crates while nothing is edited; on by default.
    pub(crate) prepare_all_crates: Option<bool>,
    /// What serves the site, where that is not the project's cargo binary.
    pub(crate) command: Option<Vec<String>>,
    /// How the command gets the socket that it is to listen on.
    pub(crate) listen: Option<Listen>,
    /// The path that is asked for until the site answers, or `notify`.
    pub(crate) ready: Option<String>,
    /// What is run beside the site after each start; what it says goes to the terminal.
    pub(crate) check: Option<Vec<String>>,
    /// Files that the site reads when it starts, as globs.
    pub(crate) restart: Option<Vec<String>>,
    /// Files that it reads at each request, as globs.
    pub(crate) reload: Option<Vec<String>>,
    /// Fork each version of a site of Python from a process that has its libraries imported.
    pub(crate) fork: Option<bool>,
    /// The old name of `fast-rebuild = false`.
    pub(crate) cargo_only: Option<bool>,
    /// The old name of `prewarm-compiler = false`.
    pub(crate) spare_memory: Option<bool>,
}

/// How a command gets the socket that it is to listen on.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Listen {
    /// As systemd passes it: `LISTEN_FDS` and `LISTEN_PID`.
    Fds,
    /// As an open file descriptor, whose number stands for `{fd}` in the command.
    Fd,
    /// By itself, at the port that stands for `{port}` in the command.
    #[default]
    Port,
}

impl Dev {
    /// What a pack says of the command, where this says nothing.
    pub(crate) fn or(mut self, pack: &Self) -> Self {
        if self.command.is_none() {
            self.command = pack.command.clone();
            self.listen = self.listen.or(pack.listen);
            self.fork = self.fork.or(pack.fork);
        }
        self.ready = self.ready.or_else(|| pack.ready.clone());
        self.check = self.check.or_else(|| pack.check.clone());
        self.restart = self.restart.or_else(|| pack.restart.clone());
        self.reload = self.reload.or_else(|| pack.reload.clone());
        self
    }

    /// Refuses a command that cannot be. The error begins with the key.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let holds = |command: &[String], what: &str| command.iter().any(|word| word.contains(what));
        match (self.command.as_deref(), self.listen.unwrap_or_default()) {
            (Some([]), _) => Err("command is empty: name the program that serves the site".into()),
            (Some(command), Listen::Fd) if !holds(command, "{fd}") => {
                Err("command has no {fd}, which stands for the socket where listen = \"fd\"".into())
            }
            (Some(command), Listen::Fds | Listen::Port) if holds(command, "{fd}") => {
                Err("command has {fd}, which needs listen = \"fd\"".into())
            }
            _ => self.check_ready(),
        }
    }

    fn check_ready(&self) -> Result<(), String> {
        match self.ready.as_deref() {
            Some(path) if path != "notify" && !is_path(path) => Err(format!(
                "ready: `{path}` is neither a path, like \"/healthz\", nor \"notify\""
            )),
            Some("notify") if self.listen == Some(Listen::Port) => {
                Err("ready: \"notify\" needs listen = \"fds\" or \"fd\"".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether an edited crate may be rebuilt without cargo.
    pub(crate) fn fast_rebuild(&self) -> bool {
        let by_old_name = self.cargo_only.map(|only| !only);
        self.fast_rebuild.or(by_old_name).unwrap_or(true)
    }

    /// Whether a compiler is kept started for the next edit.
    pub(crate) fn prewarm_compiler(&self) -> bool {
        let by_old_name = self.spare_memory.map(|spare| !spare);
        self.prewarm_compiler.or(by_old_name).unwrap_or(true)
    }

    /// A note for each key that is still read but has a new name.
    pub(crate) fn renamed_keys(&self) -> Vec<String> {
        let renamed = [
            ("cargo-only", "fast-rebuild", self.cargo_only),
            ("spare-memory", "prewarm-compiler", self.spare_memory),
        ];
        let used = renamed
            .into_iter()
            .filter_map(|(old, new, value)| Some((old, new, value?)));
        used.map(|(old, new, value)| {
            format!(
                "luthier.toml: dev.{old} has a new name: write `{new} = {}` instead",
                !value
            )
        })
        .collect()
    }
}

pub(super) fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dev(text: &str) -> Dev {
        crate::toml::parse("luthier.toml", text).unwrap()
    }

    #[test]
    fn a_command_gets_its_socket_in_a_way_that_it_names() {
        let cases = [
            ("", Ok(())),
            ("command = ['flask', 'run', '-p', '{port}']", Ok(())),
            ("command = ['gunicorn', 'a.wsgi']\nlisten = 'fds'", Ok(())),
            (
                "command = ['uvicorn', '--fd', '{fd}']\nlisten = 'fd'\nready = 'notify'",
                Ok(()),
            ),
            ("command = []", Err("command is empty")),
            (
                "command = ['uvicorn']\nlisten = 'fd'",
                Err("command has no {fd}"),
            ),
            ("command = ['uvicorn', '{fd}']", Err("command has {fd}")),
            ("ready = 'healthz'", Err("ready: `healthz` is neither")),
            ("ready = '/a b'", Err("ready: `/a b` is neither")),
            (
                "ready = 'notify'\nlisten = 'port'",
                Err("ready: \"notify\" needs"),
            ),
        ];
        for (text, expected) in cases {
            let checked = dev(text).validate();
            match expected {
                Ok(()) => assert_eq!(checked, Ok(()), "{text}"),
                Err(start) => assert!(checked.unwrap_err().starts_with(start), "{text}"),
            }
        }
    }

    #[test]
    fn what_the_project_says_comes_before_what_its_pack_does() {
        let pack = dev(
            "command = ['gunicorn']\nlisten = 'fds'\nready = '/healthz'\nreload = ['static/**']",
        );
        let own = dev("address = '9000'\nready = '/'");
        let both = own.or(&pack);
        assert_eq!(both.ready.as_deref(), Some("/"));
        assert_eq!(both.listen, Some(Listen::Fds));
        assert_eq!(both.reload.as_deref(), Some(&["static/**".to_owned()][..]));
        let other = dev("command = ['python', 'server.py', '{port}']").or(&pack);
        assert_eq!(
            other.listen, None,
            "the pack's way to listen is for the pack's command"
        );
    }
}
