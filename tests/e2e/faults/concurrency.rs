//! Two generators at once.

use std::process::Stdio;

use crate::common::Sandbox;

use super::{GENERATORS, assert_state};

#[test]
fn of_two_at_once_each_does_its_work_or_says_why_not() {
    let prepared = GENERATORS[2].prepare();
    for _ in 0..10 {
        let sandbox = prepared.before.copy();
        let apps = ["authors", "books"];
        let both = apps.map(|app| {
            let mut command = sandbox.command(["startapp", app]);
            command
                .stderr(Stdio::piped())
                .spawn()
                .expect("luthier starts")
        });
        let because = [
            "is at work in this project",
            "changed while luthier was working",
        ];
        for output in both.map(|child| child.wait_with_output().expect("luthier ends")) {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success() || because.iter().any(|reason| said.contains(reason)),
                "{said}"
            );
        }
        for app in apps {
            sandbox.run(["startapp", app]).success();
        }
        let manifest = sandbox.read("luthier.toml");
        assert!(
            manifest.contains(r#""authors", "books"]"#)
                || manifest.contains(r#""books", "authors"]"#),
            "{manifest}"
        );
    }
}

#[test]
fn of_two_that_make_one_project_one_wins_whole() {
    let prepared = GENERATORS[0].prepare();
    for _ in 0..20 {
        let sandbox = Sandbox::in_memory();
        let both = [(); 2].map(|()| {
            let mut command = sandbox.command(prepared.generator.args);
            command
                .stderr(Stdio::null())
                .spawn()
                .expect("luthier starts")
        });
        let won = both.map(|mut child| child.wait().expect("luthier ends").success());
        assert!(won.contains(&true), "nobody won");
        assert_state(&prepared.states[1], &sandbox, "one of two");
    }
}
