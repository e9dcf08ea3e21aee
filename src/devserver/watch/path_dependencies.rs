//! The crates outside a project that it depends on by path, from `cargo metadata`: known before anything is built.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata};

use crate::cargo::metadata::members_offline;

/// The folders of the crates outside `root` that the crates in it depend on by path, directly or through others.
///
/// Manifests that cargo cannot read are left out: it reports them itself when it builds.
pub(in crate::devserver) fn outside(root: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut visited = BTreeSet::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        if !visited.insert(folder.clone()) {
            continue;
        }
        let Some(metadata) = members_offline(&folder) else {
            continue;
        };
        for (crate_, dependencies) in crates(&metadata) {
            // Of another workspace, only the crates that are depended on.
            if folder != root && crate_ != folder {
                continue;
            }
            visited.insert(crate_);
            for dependency in dependencies {
                if !dependency.starts_with(root) {
                    found.insert(dependency.clone());
                }
                waiting.push(dependency);
            }
        }
    }
    found
}

/// The folders of a workspace's crates, with the folders of the crates that each depends on.
fn crates(metadata: &Metadata) -> impl Iterator<Item = (PathBuf, Vec<PathBuf>)> {
    metadata.packages.iter().filter_map(|package| {
        let folder = package.manifest_path.parent()?.canonicalize().ok()?;
        let built_from = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .filter_map(|dependency| dependency.path.as_ref()?.canonicalize().ok());
        Some((folder, built_from.collect()))
    })
}
