//! One run of rustc, parsed from `cargo build -vv`. Pure.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// How cargo compiles a crate of the project; enough to do it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invocation {
    /// The variables that cargo sets, such as `CARGO_MANIFEST_DIR`.
    environment: Vec<(String, String)>,
    program: String,
    arguments: Vec<String>,
}

impl Invocation {
    /// Parses a status line of cargo: ``     Running `NAME=value … rustc --crate-name site … src/lib.rs …` ``, quoted for a
    /// shell. `None` for everything else: other lines, build scripts, and crates of registries.
    pub(super) fn read(line: &str) -> Option<Self> {
        let command = line.trim().strip_prefix("Running `")?.strip_suffix('`')?;
        let mut words = shlex::split(command)?.into_iter().peekable();
        let mut environment = Vec::new();
        while let Some((name, value)) = words.peek().and_then(|word| variable(word)) {
            environment.push((name.to_owned(), value.to_owned()));
            words.next();
        }
        let invocation = Self {
            environment,
            program: words.next()?,
            arguments: words.collect(),
        };
        // Cargo caps the lints of crates that are not the project's.
        let is_ours = !invocation
            .arguments
            .iter()
            .any(|argument| argument == "--cap-lints");
        (is_ours && invocation.option("--crate-name").is_some()).then_some(invocation)
    }

    /// The value of an option that is given as two words, or as one with `=`.
    fn option<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.options(name).next()
    }

    fn options<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let next = self.arguments.iter().skip(1);
        self.arguments
            .iter()
            .zip(next.map(Some).chain([None]))
            .filter_map(move |(word, next)| match word.strip_prefix(name)? {
                "" => next.map(String::as_str),
                rest => rest.strip_prefix('='),
            })
    }

    /// The value of `-C NAME=value`.
    fn codegen(&self, name: &str) -> Option<&str> {
        self.options("-C")
            .chain(
                self.arguments
                    .iter()
                    .filter_map(|argument| argument.strip_prefix("-C")),
            )
            .filter_map(|option| option.split_once('='))
            .filter_map(|(key, value)| (key == name).then_some(value))
            .last()
    }

    pub(super) fn crate_name(&self) -> &str {
        self.option("--crate-name").unwrap_or_default()
    }

    fn extra_filename(&self) -> &str {
        self.codegen("extra-filename").unwrap_or_default()
    }

    /// Unique, also among builds of the crate with different features: `books-5ddadc1ad2889879`.
    pub(super) fn id(&self) -> String {
        format!("{}{}", self.crate_name(), self.extra_filename())
    }

    /// Whether both compile the same target of the same package, if in different ways.
    pub(super) fn is_of_same_target(&self, other: &Self) -> bool {
        let target = |unit: &Self| {
            let package = unit.package().map(Path::to_owned);
            let kind = unit.option("--crate-type").map(str::to_owned);
            (package, kind, unit.crate_name().to_owned())
        };
        target(self) == target(other)
    }

    fn variable(&self, wanted: &str) -> Option<&str> {
        let mut variables = self.environment();
        variables.find_map(|(name, value)| (name == wanted).then_some(value))
    }

    /// The folder of the crate's package.
    pub(super) fn package(&self) -> Option<&Path> {
        self.variable("CARGO_MANIFEST_DIR").map(Path::new)
    }

    /// Whether it is used during builds: a procedural macro or a build script.
    pub(super) fn is_for_building(&self) -> bool {
        let script = self.is_binary() && self.crate_name() == "build_script_build";
        script || !(self.is_binary() || self.is_library())
    }

    pub(super) fn is_binary(&self) -> bool {
        self.option("--crate-type") == Some("bin")
    }

    /// Whether it is an ordinary library.
    pub(super) fn is_library(&self) -> bool {
        matches!(self.option("--crate-type"), Some("lib" | "rlib"))
    }

    /// Whether functions stay in their crates: nothing is optimised across crates.
    pub(super) fn is_plain(&self) -> bool {
        let unoptimised = matches!(self.codegen("opt-level"), None | Some("0"));
        let alone = self.codegen("lto").is_none() && self.codegen("prefer-dynamic").is_none();
        // A build script may read sources, too, and only cargo knows when it has to run again.
        let unscripted = !self.environment.iter().any(|(name, _)| name == "OUT_DIR");
        unoptimised && alone && unscripted && self.codegen("incremental").is_some()
    }

    /// The library that it writes for cargo.
    pub(super) fn library(&self) -> PathBuf {
        self.output(&format!("lib{}.rlib", self.id()))
    }

    /// The dep-info file that it writes for cargo.
    pub(super) fn dep_info(&self) -> PathBuf {
        self.output(&format!("{}.d", self.id()))
    }

    /// The program that it writes for cargo.
    pub(super) fn binary(&self) -> PathBuf {
        self.output(&self.id())
    }

    fn output(&self, name: &str) -> PathBuf {
        Path::new(self.option("--out-dir").unwrap_or_default()).join(name)
    }

    /// The files of the crates that it uses directly.
    pub(super) fn externs(&self) -> impl Iterator<Item = &Path> {
        self.options("--extern")
            .map(|value| value.split_once('=').map_or(value, |(_, path)| path))
            .map(Path::new)
    }

    /// Whether it uses the crate that `other` compiles.
    pub(super) fn uses(&self, other: &Self) -> bool {
        let library = other.library();
        self.externs()
            .any(|file| file.with_extension("") == library.with_extension(""))
    }

    /// The name by which it uses the crate that `other` compiles.
    pub(super) fn name_for(&self, other: &Self) -> Option<&str> {
        let library = other.library();
        let mut externs = self.options("--extern");
        externs.find_map(|value| {
            let (name, file) = value.split_once('=')?;
            let is_it = Path::new(file).with_extension("") == library.with_extension("");
            // Options may come before it, as in `priv:name`.
            is_it.then(|| name.rsplit(':').next().unwrap_or(name))
        })
    }

    /// The crate's root file, as rustc opens it.
    pub(super) fn source(&self) -> Option<PathBuf> {
        let source = self
            .arguments
            .iter()
            .find(|argument| argument.ends_with(".rs"))?;
        Some(source.into())
    }

    /// Its working directory: the root of the workspace, or the folder of a package outside it.
    pub(super) fn directory(&self, root: &Path) -> Option<PathBuf> {
        let source = self.source()?;
        let mut above = root.ancestors().chain(self.package());
        above
            .find(|folder| folder.join(&source).is_file())
            .map(Path::to_owned)
    }

    pub(super) fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn program(&self) -> &str {
        &self.program
    }

    /// The arguments that make it write to `folder`, the incremental state included.
    pub(super) fn arguments_for(&self, folder: &Path) -> Option<Vec<String>> {
        let out = folder.join("out").into_os_string().into_string().ok()?;
        let incremental = folder
            .join("incremental")
            .into_os_string()
            .into_string()
            .ok()?;
        let mut arguments = self.arguments.clone();
        let place = arguments
            .iter()
            .position(|argument| argument == "--out-dir")?;
        *arguments.get_mut(place + 1)? = out;
        let kept = arguments
            .iter_mut()
            .find(|argument| argument.starts_with("incremental="))?;
        *kept = format!("incremental={incremental}");
        Some(arguments)
    }

    /// The linker that the project configures; rustc's default is `cc`.
    pub(super) fn linker(&self) -> &OsStr {
        OsStr::new(self.codegen("linker").unwrap_or("cc"))
    }
}

/// `NAME=value` as a shell takes it before a command.
fn variable(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    is_name.then_some((name, value))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A run for a library crate, as cargo 1.95 prints it.
    pub(in super::super) fn library(name: &str, externs: &[&str]) -> Invocation {
        let externs: Vec<String> = externs
            .iter()
            .map(|name| format!("--extern {name}=/t/deps/lib{name}-1.rmeta"))
            .collect();
        let line = format!(
            "     Running `CARGO_CRATE_NAME={name} CARGO_MANIFEST_DIR=/site/apps/{name} CARGO_PKG_AUTHORS='' \
             CARGO_PKG_DESCRIPTION='Books'\\''s \"own\"' /r/bin/rustc --crate-name {name} --edition=2024 \
             apps/{name}/src/lib.rs --error-format=json --crate-type lib --emit=dep-info,metadata,link \
             --check-cfg 'cfg(docsrs,test)' -C embed-bitcode=no -C metadata=35a -C extra-filename=-1 \
             --out-dir /t/deps -C incremental=/t/incremental -L dependency=/t/deps {}`",
            externs.join(" ")
        );
        Invocation::read(&line).expect("a run of rustc")
    }

    /// A run for a crate of procedural macros.
    pub(in super::super) fn macros(name: &str, externs: &[&str]) -> Invocation {
        let mut invocation = library(name, externs);
        for argument in &mut invocation.arguments {
            if argument == "lib" {
                *argument = "proc-macro".to_owned();
            }
        }
        invocation
    }

    #[test]
    fn lines_of_cargo_are_parsed() {
        let books = library("books", &["platform", "sea_orm"]);
        assert_eq!(books.crate_name(), "books");
        assert_eq!(books.id(), "books-1");
        assert_eq!(books.library(), Path::new("/t/deps/libbooks-1.rlib"));
        assert_eq!(books.dep_info(), Path::new("/t/deps/books-1.d"));
        assert!(books.is_library() && books.is_plain() && !books.is_binary());
        assert!(
            books
                .environment()
                .any(|variable| variable == ("CARGO_PKG_DESCRIPTION", "Books's \"own\""))
        );
        assert!(books.uses(&library("platform", &[])));
        assert!(!books.uses(&library("users", &[])));
        assert_eq!(books.linker(), "cc");
    }

    #[test]
    fn it_can_be_run_for_another_place() {
        let books = library("books", &[]);
        let arguments = books
            .arguments_for(Path::new("/t/runserver/books"))
            .expect("arguments");
        let text = arguments.join(" ");
        assert!(text.contains("--out-dir /t/runserver/books/out "), "{text}");
        assert!(
            text.contains("-C incremental=/t/runserver/books/incremental"),
            "{text}"
        );
        assert_eq!(arguments.len(), books.arguments.len());
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "",
            "   Compiling books v0.1.0",
            "     Running `/t/build/site-1/build-script-build`",
            "     Running `A=b rustc --crate-name serde src/lib.rs --cap-lints allow`",
            "     Running `rustc 'unfinished",
            "     Running ``",
        ] {
            assert_eq!(Invocation::read(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_optimised_is_not_plain() {
        for more in [
            "-C opt-level=1",
            "-Clto=thin",
            "-C lto=fat",
            "-C prefer-dynamic=yes",
        ] {
            let line = format!(
                "Running `rustc --crate-name a a.rs --crate-type lib -C incremental=/i {more}`"
            );
            assert!(
                !Invocation::read(&line).expect("a run").is_plain(),
                "{more}"
            );
        }
        let scripted =
            "Running `OUT_DIR=/o rustc --crate-name a a.rs --crate-type lib -C incremental=/i`";
        assert!(!Invocation::read(scripted).expect("a run").is_plain());
        let unremembered = "Running `rustc --crate-name a a.rs --crate-type lib`";
        assert!(!Invocation::read(unremembered).expect("a run").is_plain());
    }
}
