//! Disks that are full or cannot be written to.

use std::process::Command;

use crate::common::{Outcome, Sandbox};

use super::PACK;

/// Runs `script` where it may mount file systems that nobody else sees; `None`, and a loud word, where that is not
/// possible. `$LUTHIER` is the tool and `$DISK` a folder to mount on.
fn with_mounts(sandbox: &Sandbox, script: &str) -> Option<Outcome> {
    sandbox.make_folder("disk");
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-euc", script]);
        command.env("DISK", sandbox.path("disk")).env("PACK", PACK);
        command.env("LUTHIER", env!("CARGO_BIN_EXE_luthier"));
        command
    };
    let probe = unshare("mount -t tmpfs none $DISK").output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "NOT TESTED: this system lets us mount nothing, so no disk can be filled or locked"
        );
        return None;
    }
    Some(Outcome::of(&mut unshare(script)))
}

/// Makes a project on a disk with the given limit, prints how that ended and what is there.
const ON_A_SMALL_DISK: &str = r#"
    mount -t tmpfs -o $LIMIT none "$DISK"
    cd "$DISK"
    code=0
    "$LUTHIER" startproject shed $FOLDER --no-git --set color=red --scaffold "$PACK" 2>../err || code=$?
    echo "code $code"
    find . -type f | grep -v /lock$ | wc -l || :
"#;

#[test]
fn a_full_disk_leaves_nothing_or_everything() {
    for folder in ["", "."] {
        for limit in (1..40)
            .step_by(3)
            .map(|pages| format!("size={}k,nr_inodes=200", pages * 4))
            .chain(
                (3..60)
                    .step_by(4)
                    .map(|files| format!("size=4m,nr_inodes={files}")),
            )
        {
            let sandbox = Sandbox::in_memory();
            let script = ON_A_SMALL_DISK
                .replace("$LIMIT", &limit)
                .replace("$FOLDER", folder);
            let Some(outcome) = with_mounts(&sandbox, &script) else {
                return;
            };
            let report: Vec<&str> = outcome.stdout.split_whitespace().collect();
            let [_, code, files] = report[..] else {
                panic!("{limit}: {outcome:?}");
            };
            match code {
                "0" => assert_eq!(files, "12", "{limit}"),
                _ => assert_eq!((code, files), ("1", "0"), "{limit} in {folder:?}"),
            }
        }
    }
}

#[test]
fn a_read_only_folder_is_said_to_be_one() {
    let script = r#"
        mount -t tmpfs none "$DISK"
        cd "$DISK"
        mkdir empty
        mount -o remount,ro "$DISK"
        "$LUTHIER" startproject shed --scaffold "$PACK" --set color=red && exit 9
        "$LUTHIER" startproject shed empty --scaffold "$PACK" --set color=red && exit 9
        find . -type f
    "#;
    if let Some(outcome) = with_mounts(&Sandbox::in_memory(), script) {
        let outcome = outcome.success().stderr_has("Read-only file system");
        assert_eq!(outcome.stdout, "");
    }
}
