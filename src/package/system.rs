//! Packages of the operating system that crates need: to be compiled, and to run.
//!
//! Names are those of Debian 12, which the official Rust images are made of. Licences are those of the libraries, by
//! their `debian/copyright`.

use std::collections::BTreeSet;

use crate::cargo::graph::{Graph, Package};

/// Why an image holds a package of the system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SystemPackage {
    /// As `apt-get install` takes it.
    pub(crate) name: &'static str,
    /// An SPDX expression.
    pub(crate) license: &'static str,
    /// The crate that needs it.
    pub(crate) why: String,
}

/// What a program needs of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// To compile, besides a C compiler.
    pub(crate) build: Vec<SystemPackage>,
    /// To run, besides the C library.
    pub(crate) run: Vec<SystemPackage>,
    /// Crates that link to a library Luthier knows nothing about: its name, and the crate's.
    pub(crate) unknown: Vec<(String, String)>,
    /// Crates that look for the repository while they, or those who use them, are compiled.
    pub(crate) git: Vec<String>,
}

type Known = (&'static str, &'static str);

/// A crate that links to a library of the system.
struct Rule {
    krate: &'static str,
    /// It brings the library's source with it if this crate is among its dependencies or this feature is on.
    unless: &'static [&'static str],
    build: &'static [Known],
    run: &'static [Known],
}

const PKG_CONFIG: Known = ("pkg-config", "GPL-2.0-or-later");
const CMAKE: &[Known] = &[
    ("cmake", "BSD-3-Clause"),
    ("g++", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("make", "GPL-3.0-or-later"),
];

/// Crates from which libraries of the system are known to follow. Those that always compile what they need with the C
/// compiler (`ring`, `aws-lc-sys`, `libz-sys`, `zstd-sys`, `bzip2-sys`, …) need no rule: see [`SELF_CONTAINED`].
const RULES: &[Rule] = &[
    Rule {
        krate: "openssl-sys",
        unless: &["openssl-src"],
        build: &[("libssl-dev", "Apache-2.0"), PKG_CONFIG],
        run: &[("libssl3", "Apache-2.0")],
    },
    Rule {
        krate: "pq-sys",
        unless: &["pq-src"],
        build: &[("libpq-dev", "PostgreSQL"), PKG_CONFIG],
        run: &[("libpq5", "PostgreSQL")],
    },
    Rule {
        krate: "libpq-sys",
        unless: &["pq-src"],
        build: &[("libpq-dev", "PostgreSQL"), PKG_CONFIG],
        run: &[("libpq5", "PostgreSQL")],
    },
    Rule {
        krate: "mysqlclient-sys",
        unless: &["mysqlclient-src"],
        build: &[("libmariadb-dev-compat", "LGPL-2.1-or-later"), PKG_CONFIG],
        run: &[("libmariadb3", "LGPL-2.1-or-later")],
    },
    Rule {
        krate: "libsqlite3-sys",
        unless: &["bundled", "bundled-windows", "bundled-sqlcipher", "cc"],
        build: &[("libsqlite3-dev", "blessing"), PKG_CONFIG],
        run: &[("libsqlite3-0", "blessing")],
    },
    Rule {
        krate: "libdbus-sys",
        unless: &["vendored"],
        build: &[("libdbus-1-dev", "AFL-2.1 OR GPL-2.0-or-later"), PKG_CONFIG],
        run: &[("libdbus-1-3", "AFL-2.1 OR GPL-2.0-or-later")],
    },
    Rule {
        krate: "libudev-sys",
        unless: &[],
        build: &[("libudev-dev", "LGPL-2.1-or-later"), PKG_CONFIG],
        run: &[("libudev1", "LGPL-2.1-or-later")],
    },
    Rule {
        krate: "alsa-sys",
        unless: &[],
        build: &[("libasound2-dev", "LGPL-2.1-or-later"), PKG_CONFIG],
        run: &[("libasound2", "LGPL-2.1-or-later")],
    },
    Rule {
        krate: "libgssapi-sys",
        unless: &[],
        build: &[
            ("libkrb5-dev", "MIT"),
            ("libclang-dev", "Apache-2.0 WITH LLVM-exception"),
        ],
        run: &[("libgssapi-krb5-2", "MIT")],
    },
    Rule {
        krate: "ldap3_sys",
        unless: &[],
        build: &[("libldap-dev", "OLDAP-2.8")],
        run: &[("libldap-2.5-0", "OLDAP-2.8")],
    },
    Rule {
        krate: "odbc-sys",
        unless: &[],
        build: &[("unixodbc-dev", "LGPL-2.1-or-later")],
        run: &[("libodbc2", "LGPL-2.1-or-later")],
    },
    Rule {
        krate: "yeslogic-fontconfig-sys",
        unless: &[],
        build: &[("libfontconfig-dev", "HPND"), PKG_CONFIG],
        run: &[("libfontconfig1", "HPND")],
    },
    Rule {
        krate: "rdkafka-sys",
        unless: &[],
        build: CMAKE,
        run: &[],
    },
    Rule {
        krate: "cmake",
        unless: &[],
        build: CMAKE,
        run: &[],
    },
    Rule {
        krate: "openssl-src",
        unless: &[],
        build: &[
            ("make", "GPL-3.0-or-later"),
            ("perl", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        ],
        run: &[],
    },
    Rule {
        krate: "tikv-jemalloc-sys",
        unless: &[],
        build: &[("make", "GPL-3.0-or-later")],
        run: &[],
    },
    Rule {
        krate: "bindgen",
        unless: &[],
        build: &[("libclang-dev", "Apache-2.0 WITH LLVM-exception")],
        run: &[],
    },
    Rule {
        krate: "prost-build",
        unless: &["protobuf-src", "protoc-bin-vendored"],
        build: &[("protobuf-compiler", "BSD-3-Clause")],
        run: &[],
    },
];

/// What crates link to that the C compiler makes from their own source, that is part of the C library, or that is no
/// library at all: many crates use `links` only to be there once.
const SELF_CONTAINED: &[&str] = &[
    "bzip2",
    "clang",
    "curl",
    "git2",
    "jemalloc",
    "lzma",
    "openssl",
    "prettyplease",
    "rayon-core",
    "rdkafka",
    "sqlite3",
    "ssh2",
    "wasm_bindgen",
    "z",
    "zstd",
    "rustix",
    "objc_exception",
];

/// Crates that exist to compile what git says into a program.
const READS_GIT: &[&str] = &[
    "git-testament",
    "git-version",
    "shadow-rs",
    "vergen-git2",
    "vergen-gitcl",
    "vergen-gix",
];

/// What the packages at `places` of `graph` need.
pub(crate) fn needs(graph: &Graph, places: &[usize]) -> Needs {
    let mut build = BTreeSet::new();
    let mut run = BTreeSet::new();
    let mut unknown = Vec::new();
    for package in places.iter().map(|place| &graph.packages[*place]) {
        let rule = RULES.iter().find(|rule| rule.krate == package.name);
        match rule {
            Some(rule) if !brings_its_own(rule, package, graph, places) => {
                build.extend(because(rule.build, package));
                run.extend(because(rule.run, package));
            }
            Some(_) => {}
            None => unknown.extend(foreign(package)),
        }
    }
    let names = places
        .iter()
        .map(|place| graph.packages[*place].name.as_str());
    Needs {
        build: distinct(build),
        run: distinct(run),
        unknown,
        git: names
            .filter(|name| READS_GIT.contains(name))
            .map(str::to_owned)
            .collect(),
    }
}

fn brings_its_own(rule: &Rule, package: &Package, graph: &Graph, places: &[usize]) -> bool {
    let needs = package.dependencies.iter();
    let below = needs.map(|need| graph.packages[need.package].name.as_str());
    let features = package.features.iter().map(String::as_str);
    let all = places
        .iter()
        .map(|place| graph.packages[*place].name.as_str());
    let own = below
        .chain(features)
        .any(|name| rule.unless.contains(&name));
    // Whoever compiles protocol buffers hands the compiler over in a build script of his own.
    own || rule.krate == "prost-build" && all.into_iter().any(|name| rule.unless.contains(&name))
}

fn because<'a>(
    known: &'a [Known],
    package: &'a Package,
) -> impl Iterator<Item = SystemPackage> + 'a {
    known.iter().map(|(name, license)| SystemPackage {
        name,
        license,
        why: package.name.clone(),
    })
}

/// A library that the crate links to, unless it is known to come with the crate.
fn foreign(package: &Package) -> Option<(String, String)> {
    let links = package.links.as_deref()?;
    let compiles = package.name.starts_with("ring") || package.name.starts_with("aws-lc");
    let known = SELF_CONTAINED.contains(&links) || compiles || package.member;
    (!known && package.name.ends_with("-sys")).then(|| (links.to_owned(), package.name.clone()))
}

/// Each package once, for the first crate that needs it.
fn distinct(packages: BTreeSet<SystemPackage>) -> Vec<SystemPackage> {
    let mut packages: Vec<_> = packages.into_iter().collect();
    packages.dedup_by(|a, b| a.name == b.name);
    packages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::graph::Dependency;

    fn package(name: &str, features: &[&str], needs: &[usize]) -> Package {
        Package {
            name: name.to_owned(),
            features: features
                .iter()
                .map(|feature| (*feature).to_owned())
                .collect(),
            links: name.strip_suffix("-sys").map(str::to_owned),
            dependencies: needs
                .iter()
                .map(|package| Dependency {
                    package: *package,
                    normal: true,
                    build: false,
                    dev: false,
                })
                .collect(),
            ..Package::default()
        }
    }

    fn names(packages: Vec<Package>) -> (Vec<&'static str>, Vec<&'static str>, usize) {
        let places: Vec<usize> = (0..packages.len()).collect();
        let needs = needs(&Graph { packages }, &places);
        let names =
            |packages: Vec<SystemPackage>| packages.iter().map(|package| package.name).collect();
        (names(needs.build), names(needs.run), needs.unknown.len())
    }

    #[test]
    fn libraries_follow_from_crates_unless_those_bring_them() {
        let cases = [
            (vec![package("serde", &[], &[])], vec![], vec![], 0),
            (
                vec![package("openssl-sys", &[], &[])],
                vec!["libssl-dev", "pkg-config"],
                vec!["libssl3"],
                0,
            ),
            (
                vec![
                    package("openssl-src", &[], &[]),
                    package("openssl-sys", &[], &[0]),
                ],
                vec!["make", "perl"],
                vec![],
                0,
            ),
            (
                vec![package("libsqlite3-sys", &["bundled"], &[])],
                vec![],
                vec![],
                0,
            ),
            (
                vec![
                    package("libsqlite3-sys", &[], &[]),
                    package("openssl-sys", &[], &[]),
                ],
                vec!["libsqlite3-dev", "libssl-dev", "pkg-config"],
                vec!["libsqlite3-0", "libssl3"],
                0,
            ),
            (vec![package("nettle-sys", &[], &[])], vec![], vec![], 1),
        ];
        for (packages, build, run, unknown) in cases {
            let shown = format!("{packages:?}");
            assert_eq!(names(packages), (build, run, unknown), "{shown}");
        }
    }
}
