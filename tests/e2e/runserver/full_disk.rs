//! A disk that fills while sites are built.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::io::Write;
use std::process::Command;

use super::site::*;

/// Mounts a small disk that only this process and its children see.
const MOUNT: &str = r#"mount -t tmpfs -o size=200m none "$CARGO_TARGET_DIR""#;

/// In the site: fills the disk that it was built on, or makes room again.
const FILL: &str = r#"let file = std::env::current_exe().expect("a path").with_file_name("fill");
    if request.starts_with(b"GET /fill") {
        let mut file = std::fs::File::create(&file).expect("a file");
        while file.write_all(&[0; 4096]).is_ok() {}
    }
    if request.starts_with(b"GET /free") {
        std::fs::remove_file(&file).expect("removed");
    }
    if request[..length]"#;

fn in_namespace(command: &mut Command, script: &str) {
    command.args(["--map-root-user", "--mount", "sh", "-euc", script]);
}

#[test]
fn a_full_target_folder_leaves_the_old_site_up_until_there_is_room() {
    let sandbox = sandbox();
    sandbox.make_folder("target");
    let mut probe = Command::new("unshare");
    in_namespace(&mut probe, MOUNT);
    let probe = probe
        .env("CARGO_TARGET_DIR", sandbox.path("target"))
        .output();
    if !probe.is_ok_and(|output| output.status.success()) {
        let _ = writeln!(
            std::io::stderr(),
            "NOT TESTED: this system lets us mount nothing, so no disk can be filled"
        );
        return;
    }
    let text = |answer: &str| site(answer).replacen("if request[..length]", FILL, 1);
    sandbox.write("src/main.rs", text("one"));
    let plain = command(&sandbox, &[]);
    let mut command = Command::new("unshare");
    in_namespace(&mut command, &format!("{MOUNT}; exec \"$0\" runserver 0"));
    command.arg(plain.get_program());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(plain.get_current_dir().expect("a folder"));
    let (server, address) = start_command(&mut command);
    answers(&server, &address, "one");

    ask(&address, "/fill").expect("an answer");
    sandbox.write("src/main.rs", text("two"));
    let heard = server.says("still serving the previous version", 1);
    assert!(heard.contains("No space left on device"), "{heard}");
    answers(&server, &address, "one");

    ask(&address, "/free").expect("an answer");
    sandbox.write("src/main.rs", text("three"));
    answers(&server, &address, "three");
}
