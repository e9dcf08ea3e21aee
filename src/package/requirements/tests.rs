use super::*;
use crate::cargo::graph::{Dependency, Graph, Package, Requirement, Source};
use crate::cargo::index::Standing;
use crate::package::dockerfile::Base;
use crate::package::system::Needs;
use crate::project::{Duplicates, Policy};

/// `shop` → `axum` → `hyper 1` and `hyper 2`; tests of `shop` → `insta`; a fork by git.
fn graph() -> Graph {
    let need = |package: usize, dev: bool| Dependency {
        package,
        normal: !dev,
        build: false,
        dev,
    };
    let package =
        |name: &str, version: &str, license: Option<&str>, needs: Vec<Dependency>| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            license: license.map(str::to_owned),
            checksum: Some("ab".repeat(32)),
            dependencies: needs,
            ..Package::default()
        };
    Graph {
        packages: vec![
            package(
                "axum",
                "0.8.6",
                Some("MIT"),
                vec![need(1, false), need(2, false)],
            ),
            package("hyper", "1.0.0", Some("MIT/Apache-2.0"), vec![]),
            package("hyper", "2.0.0", Some("GPL-3.0-only"), vec![]),
            package("insta", "1.0.0", None, vec![]),
            Package {
                source: Source::Git {
                    url: "https://example.org/fork?branch=main".to_owned(),
                    commit: "0123abc".to_owned(),
                },
                checksum: None,
                ..package("fork", "0.1.0", Some("Apache-2.0 OR MIT"), vec![])
            },
            Package {
                source: Source::Path,
                checksum: None,
                member: true,
                requirements: vec![
                    Requirement {
                        name: "axum".to_owned(),
                        version: "*".to_owned(),
                        git: None,
                    },
                    Requirement {
                        name: "fork".to_owned(),
                        version: "*".to_owned(),
                        git: Some("https://example.org/fork?branch=main".to_owned()),
                    },
                ],
                ..package(
                    "shop",
                    "0.1.0",
                    None,
                    vec![need(0, false), need(3, true), need(4, false)],
                )
            },
        ],
    }
}

fn list(graph: &Graph, all: bool, dev: bool) -> Requirements<'_> {
    Requirements::from_graph(graph, "shop", "0.1.0", Scope { all, dev })
}

#[test]
fn the_scope_says_what_is_listed() {
    let graph = graph();
    let names = |all, dev| -> Vec<String> {
        let list = list(&graph, all, dev);
        let entries = list.entries.iter();
        entries
            .map(|entry| format!("{} {}", entry.package.name, entry.package.version))
            .collect()
    };
    assert_eq!(names(false, false), ["axum 0.8.6", "fork 0.1.0"]);
    assert_eq!(
        names(false, true),
        ["axum 0.8.6", "insta 1.0.0", "fork 0.1.0"]
    );
    assert_eq!(
        names(true, false),
        ["axum 0.8.6", "hyper 1.0.0", "hyper 2.0.0", "fork 0.1.0"]
    );
}

#[test]
fn the_list_for_people_says_why() {
    let graph = graph();
    let mut list = list(&graph, true, false);
    list.system = system(&Needs::default(), Base::Scratch);
    insta::assert_snapshot!(list.text(Format::Table).unwrap());
    insta::assert_snapshot!(list.text(Format::Txt).unwrap());
}

#[test]
fn the_same_list_is_the_same_document() {
    let graph = graph();
    for format in [Format::Json, Format::Cyclonedx, Format::Spdx] {
        let text = || list(&graph, true, true).text(format).unwrap();
        assert_eq!(text(), text());
        assert!(text().contains("0.8.6"));
    }
    insta::assert_snapshot!(
        list(&graph, false, false)
            .text(Format::Cyclonedx)
            .unwrap()
            .replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
}

/// What breaks a policy, as `rule: package`.
fn broken(policy: &Policy) -> Vec<String> {
    let graph = graph();
    let yanked = |package: &Package| match package.name.as_str() {
        "axum" => Standing::Yanked,
        _ => Standing::Good,
    };
    let findings = check(&list(&graph, true, false), policy, &yanked).unwrap();
    let findings = findings.iter();
    findings
        .map(|finding| format!("{}: {}", finding.rule, finding.package))
        .collect()
}

#[test]
fn each_rule_finds_what_breaks_it_and_nothing_else() {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let loose = words(&["unpinned", "source", "yanked"]);
    let policy = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy {
            ignore: loose.clone(),
            ..Policy::default()
        };
        change(&mut policy);
        broken(&policy)
    };
    let none: [&str; 0] = [];
    assert_eq!(policy(&|_| {}), none);
    assert_eq!(
        broken(&Policy::default()),
        [
            "source: fork 0.1.0",
            "unpinned: shop 0.1.0",
            "unpinned: shop 0.1.0",
            "yanked: axum 0.8.6",
        ]
    );
    assert_eq!(
        policy(&|policy| policy.licences = Some(words(&["MIT"]))),
        ["licence: hyper 2.0.0"]
    );
    assert_eq!(
        policy(&|policy| {
            policy.licences = Some(words(&["MIT"]));
            policy
                .exceptions
                .insert("hyper".into(), words(&["GPL-3.0-only"]));
        }),
        none
    );
    // Which licence it is must be clear even where every licence will do.
    let mut unclear = graph();
    unclear.packages[0].license = Some("Ask me".to_owned());
    unclear.packages[1].license = None;
    let loose_policy = Policy {
        ignore: loose.clone(),
        ..Policy::default()
    };
    let good = |_: &Package| Standing::Good;
    let found = check(&list(&unclear, true, false), &loose_policy, &good).unwrap();
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "licence: axum 0.8.6: `Ask me` is no SPDX expression",
            "licence: hyper 1.0.0: it declares no licence"
        ]
    );
    assert_eq!(
        policy(&|policy| policy.banned = words(&["hyper@2", "axum@0.9", "fork"])),
        ["banned: hyper 2.0.0", "banned: fork 0.1.0"]
    );
    assert_eq!(
        policy(&|policy| policy.duplicates = Duplicates::Deny),
        ["duplicate: hyper 1.0.0"]
    );
    assert_eq!(
        policy(&|policy| {
            policy.duplicates = Duplicates::Deny;
            policy.duplicates_allowed = words(&["hyper"]);
        }),
        none
    );
    assert_eq!(
        policy(&|policy| {
            policy.ignore = words(&["unpinned", "yanked"]);
            policy.sources = words(&["https://example.org"]);
        }),
        none
    );
}

#[test]
fn a_policy_that_names_what_is_not_there_is_refused() {
    let graph = graph();
    let refused = |policy: &Policy| {
        let good = |_: &Package| Standing::Good;
        let error = check(&list(&graph, true, false), policy, &good).unwrap_err();
        assert_eq!(error.kind, crate::error::ErrorKind::BadInput);
        error.to_string()
    };
    let licences = Policy {
        licences: Some(vec!["Beerware!".to_owned()]),
        ..Policy::default()
    };
    assert!(refused(&licences).contains("`Beerware!` is no SPDX licence"));
    let ignore = Policy {
        ignore: vec!["license".to_owned()],
        ..Policy::default()
    };
    assert!(refused(&ignore).contains("no rule `license`"));
}
