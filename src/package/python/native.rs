//! What Python packages need of Debian.

use crate::cargo::graph::{Graph, Package};

/// Packages whose source needs libraries of Debian: to be built, and to run.
const NATIVE: &[(&str, &[&str], &[&str])] = &[
    (
        "mysqlclient",
        &["default-libmysqlclient-dev", "pkg-config"],
        &["libmariadb3"],
    ),
    ("psycopg2", &["libpq-dev"], &["libpq5"]),
    ("psycopg-c", &["libpq-dev"], &["libpq5"]),
    (
        "python-ldap",
        &["libldap-dev", "libsasl2-dev"],
        &["libldap-2.5-0", "libsasl2-2"],
    ),
    ("pycairo", &["libcairo2-dev", "pkg-config"], &["libcairo2"]),
    (
        "xmlsec",
        &["libxmlsec1-dev", "pkg-config"],
        &["libxmlsec1-openssl"],
    ),
    (
        "pygraphviz",
        &["libgraphviz-dev", "pkg-config"],
        &["graphviz"],
    ),
];

/// What the packages need of Debian.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub(super) build: Vec<&'static str>,
    pub(super) build_why: Vec<String>,
    pub(super) run: Vec<&'static str>,
    pub(super) run_why: Vec<String>,
}

impl Needs {
    pub(super) fn from_graph(graph: &Graph) -> Self {
        let members: Vec<usize> = (0..graph.packages.len())
            .filter(|place| graph.packages[*place].member)
            .collect();
        let used = graph.below(&members, false);
        let mut needs = Self::default();
        let names: Vec<&str> = used
            .keys()
            .map(|place| graph.packages[*place].name.as_str())
            .collect();
        for place in used.keys() {
            needs.add(&graph.packages[*place]);
        }
        let has = |name: &str| names.contains(&name);
        if has("psycopg") && !has("psycopg-binary") && !has("psycopg-c") {
            needs.run("psycopg", &["libpq5"]);
        }
        if !needs.build.is_empty() {
            needs.build.extend(["gcc", "libc6-dev"]);
        }
        needs.build.sort_unstable();
        needs.build.dedup();
        needs.run.sort_unstable();
        needs.run.dedup();
        needs
    }

    fn add(&mut self, package: &Package) {
        let native = NATIVE.iter().find(|(name, ..)| *name == package.name);
        if let Some((name, build, run)) = native {
            self.build.extend(*build);
            self.build_why
                .push(format!("{name} is compiled, with {}.", build.join(" and ")));
            self.run(name, run);
        } else if package.source_only {
            self.build.push("gcc");
            self.build_why.push(format!(
                "{} comes as source, which may have to be compiled.",
                package.name
            ));
        }
    }

    fn run(&mut self, name: &str, packages: &[&'static str]) {
        self.run.extend(packages);
        self.run_why
            .push(format!("{name} needs {}.", packages.join(" and ")));
    }
}
