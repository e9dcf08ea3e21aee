//! Where a new model is made known: its app's modules, routes and dependencies.

use super::access::crates_of;
use super::{ACCOUNTS, Junction, Model};
use crate::error::Result;
use crate::scaffold::crates;
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
    if model.admin {
        let modules: Vec<&str> = [&*model.names.module]
            .into_iter()
            .chain(wiring.junctions.iter().map(|junction| &*junction.module))
            .collect();
        register(&mut edits, &model.names.app, &modules)?;
    }
    Ok(edits)
}

/// Registers models of an app in the admin, and the app with its first.
pub(crate) fn register(edits: &mut Edits<'_>, app: &str, modules: &[&str]) -> Result<()> {
    let folder = format!("apps/{app}");
    let file = format!("{folder}/src/admin.rs");
    edits.make(&file, &admin_file(app))?;
    for name in modules {
        let module = Module { name, public: true };
        edits.edit(&file, |text| add_module(text, module))?;
        edits.edit(&file, |text| {
            let call = Call {
                function: "app",
                after: &["model"],
                call: &format!(".model({name}::model())"),
                marker: &format!("{name}::model"),
            };
            add_call(text, call)
        })?;
    }
    let module = Module {
        name: "admin",
        public: true,
    };
    edits.edit(&format!("{folder}/src/lib.rs"), |text| {
        add_module(text, module)
    })?;
    let manifest = format!("{folder}/Cargo.toml");
    let line = "admin.workspace = true";
    add(edits, &manifest, &["dependencies"], "admin", line)?;
    edits.edit("src/admin.rs", |text| {
        let call = Call {
            function: "site",
            after: &["app"],
            call: &format!(".app({app}::admin::app())"),
            marker: &format!("{app}::admin::app"),
        };
        add_call(text, call)
    })
}

/// `apps/<app>/src/admin.rs` without any model.
fn admin_file(app: &str) -> String {
    format!(
        "//! What staff see of the {app} app, one module a model.\n\nuse ::admin::App;\n\n\
         /// The models of the app.\npub fn app() -> App {{\n    App::new(\"{app}\")\n}}\n"
    )
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
    let registers = wiring.junctions.iter().map(|junction| &junction.register);
    for register in registers.chain([&model.register]) {
        for name in crates_of(register) {
            if name != model.names.app && name != ACCOUNTS {
                depend_for_tests(edits, manifest, &name)?;
            }
        }
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

/// A crate whose tables the tests make, because tables of others refer to them.
pub(in crate::scaffold) fn depend_for_tests(
    edits: &mut Edits<'_>,
    manifest: &str,
    name: &str,
) -> Result<()> {
    edits.edit(manifest, |text| {
        if !crates::dependencies(text, &[name.to_owned()]).is_empty() {
            return Ok(text.to_owned());
        }
        let dependency = Dependency {
            table: &["dev-dependencies"],
            name,
            line: &format!("{name}.workspace = true"),
            path: None,
        };
        add_dependency(text, dependency)
    })
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
