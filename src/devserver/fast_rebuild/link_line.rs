//! The linker's arguments for a program, and for linking it in two steps: the dependencies once, the rest after each
//! edit. Pure, but for [`LinkLine::shim`].
//!
//! The first step links a shared library of the dependencies as cargo has compiled them, the second a program of a few
//! crates that uses it. The objects are those of the program that cargo links, so the two behave alike; linking takes a
//! quarter of the time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::symbols::is_allocator_shim;

/// The arguments that rustc passes to the linker driver, without those that name the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkLine {
    arguments: Vec<String>,
}

impl LinkLine {
    /// Takes the arguments of a C compiler that links an ELF program; `None` for programs that cannot use shared
    /// libraries, and for drivers of other kinds.
    pub(super) fn new(mut arguments: Vec<String>) -> Option<Self> {
        let is_unsupported = |argument: &String| {
            argument.starts_with('@')
                || matches!(
                    argument.as_str(),
                    "-static" | "-static-pie" | "-nostartfiles"
                )
        };
        if arguments.iter().any(is_unsupported)
            || !arguments
                .iter()
                .any(|argument| argument.starts_with("-Wl,"))
        {
            return None;
        }
        let output = arguments.iter().position(|argument| argument == "-o")?;
        arguments.drain(output..(output + 2).min(arguments.len()));
        Some(Self { arguments })
    }

    /// The compiled crates, in the linker's order.
    pub(super) fn libraries(&self) -> impl Iterator<Item = &Path> {
        self.arguments.iter().map(Path::new).filter(is_library)
    }

    /// The program's own object files.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Path> {
        self.arguments.iter().map(Path::new).filter(is_object)
    }

    /// The objects that rustc generates for a program, and that all crates use.
    pub(super) fn shim(&self) -> Vec<PathBuf> {
        let objects = self.objects().filter(|object| is_allocator_shim(object));
        objects.map(Path::to_owned).collect()
    }

    /// Links the crates that are `inside` as a whole, and the objects `more`, to the shared library `output`.
    pub(super) fn deps_dylib(
        &self,
        is_inside: impl Fn(&Path) -> bool,
        more: &[PathBuf],
        output: &Path,
    ) -> Vec<String> {
        let mut arguments = Vec::new();
        for argument in &self.arguments {
            let path = Path::new(argument);
            if is_library(&path) {
                if is_inside(path) {
                    arguments.extend([
                        "-Wl,--whole-archive".to_owned(),
                        argument.clone(),
                        "-Wl,--no-whole-archive".to_owned(),
                    ]);
                }
            } else if !is_object(&path) && !is_for_programs(argument) {
                arguments.push(argument.clone());
            }
        }
        arguments.extend(more.iter().map(|object| text(object)));
        // It uses its own definitions, whatever the program defines; symbols that nobody calls may be missing.
        arguments.extend(["-shared", "-Wl,-Bsymbolic", "-Wl,-z,lazy", "-o"].map(str::to_owned));
        arguments.push(text(output));
        arguments
    }

    /// Links an edited crate to the shared library `output`, which the program finds by the name `name`.
    ///
    /// Of the libraries that it uses only those of the system are passed: the loader finds everything else in the program
    /// and in the dependencies' shared library, or ends the program at once.
    pub(super) fn dylib(&self, library: &Path, name: &str, output: &Path) -> Vec<String> {
        let mut arguments: Vec<String> = [
            "-Wl,--whole-archive",
            &text(library),
            "-Wl,--no-whole-archive",
            "-Wl,--as-needed",
        ]
        .map(str::to_owned)
        .into();
        let mut is_static = false;
        for argument in &self.arguments {
            let path = Path::new(argument);
            match argument.as_str() {
                "-Wl,-Bstatic" => is_static = true,
                "-Wl,-Bdynamic" => is_static = false,
                // Libraries that are not the system's are in the dependencies' shared library, once.
                _ if is_static && argument.starts_with("-l") => {}
                _ if is_library(&path) || is_object(&path) || is_archive(path) => {}
                _ if is_for_programs(argument) => {}
                _ => arguments.push(argument.clone()),
            }
        }
        arguments.extend(["-shared", "-Wl,-Bsymbolic", "-Wl,-z,now"].map(str::to_owned));
        arguments.push(format!("-Wl,-soname,{name}"));
        arguments.extend(["-o".to_owned(), text(output)]);
        arguments
    }

    /// Links the program `output`, with `copies` of libraries, and the shared libraries `dylibs` of edited crates, by
    /// where cargo writes the libraries.
    pub(super) fn program(
        &self,
        deps_dylib: &Path,
        in_deps_dylib: &[PathBuf],
        moved: &BTreeMap<PathBuf, PathBuf>,
        dylibs: &BTreeMap<PathBuf, PathBuf>,
        output: &Path,
    ) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut placed = false;
        for argument in &self.arguments {
            let path = Path::new(argument);
            if in_deps_dylib.iter().any(|inside| inside == path) {
                // Before the first crate that is in it, and so before libraries that it contains.
                if !std::mem::replace(&mut placed, true) {
                    // An edited crate may be used by another shared library alone, which names none itself.
                    arguments.push("-Wl,--push-state,--no-as-needed".to_owned());
                    arguments.extend(dylibs.values().map(|dylib| text(dylib)));
                    arguments.push("-Wl,--pop-state".to_owned());
                    arguments.push(text(deps_dylib));
                }
            } else if let Some(place) = moved.get(path) {
                arguments.push(text(place));
            } else if argument != "-Wl,--gc-sections" && !dylibs.contains_key(path) {
                arguments.push(argument.clone());
            }
        }
        // The shared libraries lie beside it, and use its symbols.
        arguments.extend(["-Wl,-rpath,$ORIGIN", "-rdynamic", "-o"].map(str::to_owned));
        arguments.push(text(output));
        arguments
    }
}

fn is_library(path: &&Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "rlib")
}

fn is_object(path: &&Path) -> bool {
    path.extension().is_some_and(|extension| extension == "o")
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "a")
}

/// Whether the argument is meant for programs, not for shared libraries.
fn is_for_programs(argument: &str) -> bool {
    matches!(
        argument,
        "-pie" | "-no-pie" | "-Wl,--gc-sections" | "-Wl,--as-needed" | "-Wl,-z,relro,-z,now"
    )
}

/// Paths of the linker's arguments are text; ours are derived from them.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<LinkLine> {
        LinkLine::new(text.split(' ').map(str::to_owned).collect())
    }

    const LINE: &str = "-m64 /k/symbols.o /k/site.1.rcgu.o /k/shim.o -Wl,--as-needed -Wl,-Bstatic /t/libbooks-1.rlib \
                        /t/libserde-2.rlib /r/libstd-3.rlib -Wl,-Bdynamic -lssl -lc -fuse-ld=lld -o /t/site \
                        -Wl,--gc-sections -pie -Wl,-z,relro,-z,now -nodefaultlibs";

    #[test]
    fn a_program_is_linked_in_two_steps() {
        let line = line(LINE).expect("an ELF program");
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(
            line.libraries().collect::<Vec<_>>(),
            [
                "/t/libbooks-1.rlib",
                "/t/libserde-2.rlib",
                "/r/libstd-3.rlib"
            ]
            .map(Path::new)
        );
        let deps_dylib = line.deps_dylib(
            |library| library != Path::new("/t/libbooks-1.rlib"),
            &paths(&["/k/shim.o"]),
            Path::new("/o/base.so"),
        );
        assert_eq!(
            deps_dylib.join(" "),
            "-m64 -Wl,-Bstatic -Wl,--whole-archive /t/libserde-2.rlib -Wl,--no-whole-archive \
             -Wl,--whole-archive /r/libstd-3.rlib -Wl,--no-whole-archive -Wl,-Bdynamic -lssl -lc -fuse-ld=lld \
             -nodefaultlibs /k/shim.o -shared -Wl,-Bsymbolic -Wl,-z,lazy -o /o/base.so"
        );
        let dylib = line.dylib(
            Path::new("/o/libbooks-1.rlib"),
            "libbooks-1.so",
            Path::new("/o/1/libbooks-1.so"),
        );
        assert_eq!(
            dylib.join(" "),
            "-Wl,--whole-archive /o/libbooks-1.rlib -Wl,--no-whole-archive -Wl,--as-needed -m64 -lssl -lc \
             -fuse-ld=lld -nodefaultlibs -shared -Wl,-Bsymbolic -Wl,-z,now -Wl,-soname,libbooks-1.so \
             -o /o/1/libbooks-1.so"
        );
        let in_deps_dylib = paths(&["/t/libserde-2.rlib", "/r/libstd-3.rlib", "/k/shim.o"]);
        let place = |from: &str, to: &str| BTreeMap::from([(from.into(), to.into())]);
        let program = line.program(
            Path::new("/o/base.so"),
            &in_deps_dylib,
            &BTreeMap::new(),
            &place("/t/libbooks-1.rlib", "/o/1/libbooks-1.so"),
            Path::new("/o/1/site"),
        );
        assert_eq!(
            program.join(" "),
            "-m64 /k/symbols.o /k/site.1.rcgu.o -Wl,--push-state,--no-as-needed /o/1/libbooks-1.so -Wl,--pop-state \
             /o/base.so -Wl,--as-needed -Wl,-Bstatic -Wl,-Bdynamic -lssl -lc -fuse-ld=lld -pie -Wl,-z,relro,-z,now -nodefaultlibs -Wl,-rpath,$ORIGIN \
             -rdynamic -o /o/1/site"
        );
        let kept = line.program(
            Path::new("/o/base.so"),
            &in_deps_dylib,
            &place("/t/libbooks-1.rlib", "/o/kept/libbooks-1.rlib"),
            &BTreeMap::new(),
            Path::new("/o/1/site"),
        );
        assert!(
            kept.contains(&"/o/kept/libbooks-1.rlib".to_owned()),
            "{kept:?}"
        );
    }

    #[test]
    fn a_shared_library_contains_no_copy_of_dependencies() {
        let line = line("-Wl,-Bstatic -lsqlite3 /n/libring.a -Wl,-Bdynamic -lssl -o /t/site")
            .expect("an ELF program");
        let dylib = line
            .dylib(Path::new("/o/b.rlib"), "b.so", Path::new("/o/b.so"))
            .join(" ");
        assert!(
            dylib.contains("-lssl") && !dylib.contains("sqlite3") && !dylib.contains("ring"),
            "{dylib}"
        );
    }

    #[test]
    fn programs_that_are_static_or_not_elf_are_linked_by_cargo_alone() {
        for odd in [
            "@/tmp/arguments",
            "-static-pie -Wl,-Bstatic a.o -o b",
            "-static -Wl,-Bstatic a.o -o b",
            "a.o -o b",
            "/OUT:site.exe site.o",
            "-Wl,-Bstatic a.o",
        ] {
            assert_eq!(line(odd), None, "{odd}");
        }
    }
}
