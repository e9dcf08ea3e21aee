//! `luthier requirements`: lists that other tools read, and rules that hold.

use super::bookstore;
use super::{valid, validator};
use crate::common::{Outcome, Sandbox};

/// This repository, whose dependencies are on this machine.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_dependencies_are_listed_in_every_format() {
    let sandbox = Sandbox::new();
    let list = |args: &[&str]| {
        let args = [&["-C", HERE, "requirements"], args].concat();
        sandbox.run(args).success().stdout
    };
    let table = list(&[]);
    assert!(table.starts_with("NAME "), "{table}");
    assert!(table.contains("\nclap "), "{table}");
    assert!(!table.contains("\nclap_builder "), "{table}");
    let all = list(&["--all", "--format", "txt"]);
    assert!(all.contains("\nclap_builder=="), "{all}");
    assert!(!all.contains("\nproptest=="), "{all}");
    assert!(list(&["--dev", "--format", "txt"]).contains("\nproptest=="));
    let json: serde_json::Value = serde_json::from_str(&list(&["--all", "--json"])).unwrap();
    let entries = json["requirements"].as_array().unwrap();
    let builder = entries
        .iter()
        .find(|package| package["name"] == "clap_builder")
        .unwrap();
    assert_eq!(builder["direct"], false);
    assert_eq!(
        builder["why"],
        serde_json::json!(["luthier", "clap", "clap_builder"])
    );
    assert_eq!(builder["checksum"].as_str().unwrap().len(), 64);
}

#[test]
fn bills_of_materials_are_valid() {
    let sandbox = Sandbox::new();
    for (format, file) in [("cyclonedx", "bom.json"), ("spdx", "list.spdx.json")] {
        let args = [
            "requirements",
            "--all",
            "--dev",
            "--format",
            format,
            "--output",
        ];
        let path = sandbox.path(file);
        let mut command = sandbox.command(["-C", HERE]);
        Outcome::of(command.args(args).arg(&path)).success();
    }
    valid(&sandbox, "pyspdxtools", &["--infile", "list.spdx.json"]);
    let script = "import sys; from cyclonedx.schema import SchemaVersion; \
                  from cyclonedx.validation.json import JsonStrictValidator; \
                  error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open('bom.json').read()); \
                  sys.exit(str(error) if error else 0)";
    valid(&sandbox, "python", &["-c", script]);
    // The validators do refuse.
    let broken = sandbox.read("bom.json").replace("\"library\"", "\"book\"");
    sandbox.write("bom.json", broken);
    if let Some(mut command) = validator(&sandbox, "python", &["-c", script]) {
        Outcome::of(&mut command).code(1);
    }
}

#[test]
fn rules_of_the_project_are_held_to() {
    let sandbox = Sandbox::new();
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\nexclude = [\"tool\"]\n[dependencies]\ntool = { path = \"tool\" }\n";
    sandbox.write("Cargo.toml", manifest);
    sandbox.write("src/main.rs", "fn main() {}\n");
    sandbox.write(
        "tool/Cargo.toml",
        "[package]\nname = \"tool\"\nversion = \"0.1.0\"\nlicense = \"GPL-3.0-only\"\n",
    );
    sandbox.write("tool/src/lib.rs", "");
    let luthier = |more: &str| {
        let text = format!(
            "[project]\nname = \"shop\"\n[scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n[database]\ndialects = [\"sqlite\"]\n[requirements]\n{more}\n"
        );
        sandbox.write("luthier.toml", text);
    };
    luthier("");
    sandbox
        .run(["requirements"])
        .code(2)
        .stderr_has("has no Cargo.lock");
    sandbox.write(
        "Cargo.lock",
        "version = 4\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\ndependencies = [\"tool\"]\n[[package]]\nname = \"tool\"\nversion = \"0.1.0\"\n",
    );
    sandbox
        .run(["requirements", "--check"])
        .success()
        .stderr_has("no rule is broken");
    luthier("licences = [\"MIT\"]\nbanned = [\"tool\"]");
    sandbox
        .run(["requirements", "--check"])
        .code(1)
        .stdout_has("licence: tool 0.1.0: `GPL-3.0-only` is not allowed")
        .stdout_has("banned: tool 0.1.0")
        .stderr_has("break rules in 2 places");
    luthier("licences = [\"MIT\"]\nexceptions.tool = [\"GPL-3.0-only\"]");
    sandbox.run(["requirements", "--check"]).success();
    luthier("licences = [\"Nonsense\"]");
    sandbox
        .run(["requirements", "--check"])
        .code(2)
        .stderr_has("no SPDX licence");
    luthier("license = [\"MIT\"]");
    sandbox
        .run(["requirements", "--check"])
        .code(2)
        .stderr_has("luthier.toml:");
}

#[test]
fn a_list_that_is_kept_in_a_file_is_checked_and_brought_up_to_date() {
    let sandbox = bookstore();
    // No crate of it need be on this machine, or anything be downloaded, to say so.
    let mut command = sandbox.command(["requirements"]);
    let outcome = Outcome::of(command.env("CARGO_HOME", sandbox.path("nothing")));
    outcome
        .code(1)
        .stderr_has("`cargo fetch --locked` downloads them");
    assert!(!sandbox.exists("requirements.txt"));
}
