//! How a program is linked, and how it is linked in two steps: once what seldom changes, and on each edit the rest.
//!
//! The first step makes a shared library of the dependencies as cargo has compiled them, the second a program of a few
//! crates that uses it. The parts are the same as in the program that cargo makes, so the two behave alike; only that
//! linking takes a quarter of the time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::symbols::is_allocator_shim;

/// The arguments that rustc gives the linker driver, those that name the output left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkLine {
    arguments: Vec<String>,
}

impl LinkLine {
    /// Takes the arguments of a C compiler that links an ELF program; `None` for programs that cannot use shared
    /// libraries, and for drivers of other kinds.
    pub(super) fn new(mut arguments: Vec<String>) -> Option<Self> {
        let odd = |it: &String| {
            it.starts_with('@')
                || matches!(it.as_str(), "-static" | "-static-pie" | "-nostartfiles")
        };
        if arguments.iter().any(odd) || !arguments.iter().any(|it| it.starts_with("-Wl,")) {
            return None;
        }
        let output = arguments.iter().position(|it| it == "-o")?;
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

    /// The objects that rustc makes for a program alone, and that all crates use.
    pub(super) fn shim(&self) -> Vec<PathBuf> {
        let objects = self.objects().filter(|it| is_allocator_shim(it));
        objects.map(Path::to_owned).collect()
    }

    /// Links the crates that `stays` holds, all of them whole, and the objects `more`, to the shared library `output`.
    pub(super) fn deps_dylib(
        &self,
        stays: impl Fn(&Path) -> bool,
        more: &[PathBuf],
        output: &Path,
    ) -> Vec<String> {
        let mut arguments = Vec::new();
        for argument in &self.arguments {
            let path = Path::new(argument);
            if is_library(&path) {
                if stays(path) {
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
        arguments.extend(more.iter().map(|it| text(it)));
        // What it defines it uses itself, whatever the program defines; what nobody calls may be missing.
        arguments.extend(["-shared", "-Wl,-Bsymbolic", "-Wl,-z,lazy", "-o"].map(str::to_owned));
        arguments.push(text(output));
        arguments
    }

    /// Links a crate that is edited to the shared library `output`, which the program finds by the name `name`.
    ///
    /// Of what it uses only the system's libraries are looked at: the loader will find the rest in the program and in
    /// the base, or else end the program at once.
    pub(super) fn part(&self, library: &Path, name: &str, output: &Path) -> Vec<String> {
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
                // What is not the system's is in the base, once.
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

    /// Links the rest to the program `output`: with crates taken from where `moved` says, and the shared libraries
    /// `parts` of edited crates, by the crates' own places, and `base`.
    pub(super) fn rest(
        &self,
        deps_dylib: &Path,
        in_deps_dylib: &[PathBuf],
        moved: &BTreeMap<PathBuf, PathBuf>,
        parts: &BTreeMap<PathBuf, PathBuf>,
        output: &Path,
    ) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut placed = false;
        for argument in &self.arguments {
            let path = Path::new(argument);
            if in_deps_dylib.iter().any(|it| it == path) {
                // Before the first crate that is in it, and so before libraries that it has taken in.
                if !std::mem::replace(&mut placed, true) {
                    arguments.extend(parts.values().map(|it| text(it)));
                    arguments.push(text(deps_dylib));
                }
            } else if let Some(place) = moved.get(path) {
                arguments.push(text(place));
            } else if argument != "-Wl,--gc-sections" && !parts.contains_key(path) {
                arguments.push(argument.clone());
            }
        }
        // The parts lie beside it, and use what it holds.
        arguments.extend(["-Wl,-rpath,$ORIGIN", "-rdynamic", "-o"].map(str::to_owned));
        arguments.push(text(output));
        arguments
    }
}

fn is_library(path: &&Path) -> bool {
    path.extension().is_some_and(|it| it == "rlib")
}

fn is_object(path: &&Path) -> bool {
    path.extension().is_some_and(|it| it == "o")
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "a")
}

/// Whether the argument has no sense for a shared library that holds everything.
fn is_for_programs(argument: &str) -> bool {
    matches!(
        argument,
        "-pie" | "-no-pie" | "-Wl,--gc-sections" | "-Wl,--as-needed" | "-Wl,-z,relro,-z,now"
    )
}

/// Paths of the linker line came as text; ours are made of such.
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
            |it| it != Path::new("/t/libbooks-1.rlib"),
            &paths(&["/k/shim.o"]),
            Path::new("/o/base.so"),
        );
        assert_eq!(
            deps_dylib.join(" "),
            "-m64 -Wl,-Bstatic -Wl,--whole-archive /t/libserde-2.rlib -Wl,--no-whole-archive \
             -Wl,--whole-archive /r/libstd-3.rlib -Wl,--no-whole-archive -Wl,-Bdynamic -lssl -lc -fuse-ld=lld \
             -nodefaultlibs /k/shim.o -shared -Wl,-Bsymbolic -Wl,-z,lazy -o /o/base.so"
        );
        let part = line.part(
            Path::new("/o/libbooks-1.rlib"),
            "libbooks-1.so",
            Path::new("/o/1/libbooks-1.so"),
        );
        assert_eq!(
            part.join(" "),
            "-Wl,--whole-archive /o/libbooks-1.rlib -Wl,--no-whole-archive -Wl,--as-needed -m64 -lssl -lc \
             -fuse-ld=lld -nodefaultlibs -shared -Wl,-Bsymbolic -Wl,-z,now -Wl,-soname,libbooks-1.so \
             -o /o/1/libbooks-1.so"
        );
        let in_deps_dylib = paths(&["/t/libserde-2.rlib", "/r/libstd-3.rlib", "/k/shim.o"]);
        let place = |from: &str, to: &str| BTreeMap::from([(from.into(), to.into())]);
        let rest = line.rest(
            Path::new("/o/base.so"),
            &in_deps_dylib,
            &BTreeMap::new(),
            &place("/t/libbooks-1.rlib", "/o/1/libbooks-1.so"),
            Path::new("/o/1/site"),
        );
        assert_eq!(
            rest.join(" "),
            "-m64 /k/symbols.o /k/site.1.rcgu.o /o/1/libbooks-1.so /o/base.so -Wl,--as-needed -Wl,-Bstatic \
             -Wl,-Bdynamic -lssl -lc -fuse-ld=lld -pie -Wl,-z,relro,-z,now -nodefaultlibs -Wl,-rpath,$ORIGIN \
             -rdynamic -o /o/1/site"
        );
        let kept = line.rest(
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
    fn a_part_takes_no_copy_of_what_the_base_holds() {
        let line = line("-Wl,-Bstatic -lsqlite3 /n/libring.a -Wl,-Bdynamic -lssl -o /t/site")
            .expect("an ELF program");
        let part = line
            .part(Path::new("/o/b.rlib"), "b.so", Path::new("/o/b.so"))
            .join(" ");
        assert!(
            part.contains("-lssl") && !part.contains("sqlite3") && !part.contains("ring"),
            "{part}"
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
