//! Where a new model is made known: its app's modules, routes and dependencies.

use super::{ACCOUNTS, Junction, Model};
use crate::error::Result;
use crate::scaffold::wire::rust::{Call, Module, add_call, add_module};
use crate::scaffold::wire::toml::{Dependency, add_dependency};
use crate::scaffold::wire::{Edits, Read};

/// What is made known.
pub(crate) struct Wiring<'a> {
    pub(crate) model: &'a Model,
    pub(crate) junctions: &'a [Junction],
    /// The apps whose models it refers to.
    pub(crate) apps: &'a [String],
}

/// The edits of the app's files, and of the workspace's `Cargo.toml` where that lacks something.
pub(crate) fn wire<'a>(wiring: &Wiring<'_>, read: Read<'a>) -> Result<Edits<'a>> {
    let model = wiring.model;
    let app = format!("apps/{}", model.names.app);
    let mut edits = Edits::new(read);
    let mut known = vec![(&*model.names.module, &*model.names.route)];
    known.extend(
        wiring
            .junctions
            .iter()
            .map(|junction| (&*junction.module, &*junction.route)),
    );
    for (module, route) in known {
        let module = Module {
            name: module,
            public: true,
        };
        edits.edit(&format!("{app}/src/models.rs"), |text| {
            add_module(text, module)
        })?;
        if model.api {
            let api = format!("{app}/src/api.rs");
            edits.edit(&api, |text| add_module(text, module))?;
            edits.edit(&api, |text| {
                let call = Call {
                    function: "router",
                    after: &["merge", "nest", "route", "routes"],
                    call: &format!(".nest(\"/{route}\", {}::router())", module.name),
                    marker: &format!("{}::router", module.name),
                };
                add_call(text, call)
            })?;
        }
    }
    depend(&mut edits, wiring, &format!("{app}/Cargo.toml"))?;
    Ok(edits)
}

/// The crates that the new files use.
fn depend(edits: &mut Edits<'_>, wiring: &Wiring<'_>, manifest: &str) -> Result<()> {
    let model = wiring.model;
    let mut used = vec!["sea-orm"];
    let mut tests = Vec::new();
    if model.api {
        used.extend(["garde", "serde", "utoipa"]);
        tests.extend(["serde_json", "tokio"]);
    }
    if model.uuid {
        used.push("uuid");
        let line = "uuid = { version = \"1\", features = [\"v7\"] }";
        add(
            edits,
            "Cargo.toml",
            &["workspace", "dependencies"],
            "uuid",
            line,
        )?;
    }
    used.extend(wiring.apps.iter().map(String::as_str));
    for name in used {
        add(
            edits,
            manifest,
            &["dependencies"],
            name,
            &format!("{name}.workspace = true"),
        )?;
    }
    if model.api {
        let line = "platform = { workspace = true, features = [\"testing\"] }";
        add(edits, manifest, &["dev-dependencies"], "platform", line)?;
    }
    if model.api && model.signs_in() {
        let line = "accounts = { workspace = true, features = [\"testing\"] }";
        add(edits, manifest, &["dev-dependencies"], ACCOUNTS, line)?;
    }
    for name in tests {
        add(
            edits,
            manifest,
            &["dev-dependencies"],
            name,
            &format!("{name}.workspace = true"),
        )?;
    }
    Ok(())
}

fn add(edits: &mut Edits<'_>, file: &str, table: &[&str], name: &str, line: &str) -> Result<()> {
    edits.edit(file, |text| {
        let dependency = Dependency {
            table,
            name,
            line,
            path: None,
        };
        add_dependency(text, dependency)
    })
}
