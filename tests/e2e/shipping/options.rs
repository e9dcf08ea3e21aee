//! Options that `compose`, `kubernetes` and `systemd` remember.

use std::path::PathBuf;

use super::bookstore;
use crate::common::Sandbox;

#[test]
fn options_need_not_be_given_again() {
    let sandbox = bookstore();
    let without = sandbox.read("luthier.toml");
    let runs: [(&str, &[&str], &str); 3] = [
        (
            "compose",
            &["--proxy", "nginx", "--redis", "--domain", "a.example.org"],
            "proxy = \"nginx\"\nredis = true\ndomain = \"a.example.org\"\n",
        ),
        (
            "kubernetes",
            &["--domain", "a.example.org", "--gateway", "infra/public"],
            "domain = \"a.example.org\"\ngateway = \"infra/public\"\n",
        ),
        (
            "systemd --output server",
            &["--domain", "a.example.org"],
            "domain = \"a.example.org\"\n",
        ),
    ];
    for (line, options, kept) in runs {
        let command: Vec<&str> = line.split(' ').collect();
        sandbox.run([&command, options].concat()).success();
        let text = sandbox.read("luthier.toml");
        let section = match command[..] {
            [_] => format!("[options.{line}]\n{kept}"),
            _ => format!("[options.\"{line}\"]\n{kept}"),
        };
        assert!(text.ends_with(&section), "{text}");
        let before = written(&sandbox);
        sandbox.run([&command[..], &["--check"]].concat()).success();
        sandbox.run(&command).success().stderr_lacks("edit");
        assert_eq!(written(&sandbox), before);

        // One is changed, the others stay.
        sandbox
            .run([&command[..], &["--domain", "b.example.org", "--dry-run"]].concat())
            .success();
        assert_eq!(written(&sandbox), before);
        sandbox
            .run([&command[..], &["--domain", "b.example.org"]].concat())
            .success();
        let changed = section.replace("a.example.org", "b.example.org");
        assert_eq!(
            sandbox.read("luthier.toml"),
            text.replace(&section, &changed)
        );
        // They are its owner's to edit.
        sandbox.write("luthier.toml", &text);
        sandbox
            .run([&command[..], &["--check"]].concat())
            .code(1)
            .stderr_has("out of date");
        sandbox.run(&command).success();
        assert_eq!(written(&sandbox), before);
        sandbox.write(
            "luthier.toml",
            text.replace(&section, &section.replace("domain", "domian")),
        );
        let number = text.replace(&section, "").lines().count();
        let row = section.lines().position(|row| row.starts_with("domain"));
        sandbox
            .run(&command)
            .code(2)
            .stderr_has(&format!(
                "luthier.toml:{}: unexpected argument '--domian' found",
                number + row.expect("it was given") + 1
            ))
            .stderr_has("Hint: fix the options");
        sandbox.write("luthier.toml", text);
    }
    let text = sandbox.read("luthier.toml");
    assert!(text.starts_with(&without), "{text}");
}

/// All files but the records of what was done.
fn written(sandbox: &Sandbox) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = sandbox.snapshot("");
    files.retain(|(path, _)| !path.starts_with(".luthier"));
    files
}

/// As earlier versions kept them.
#[test]
fn options_move_from_comments_to_the_manifest() {
    let sandbox = bookstore();
    sandbox.run(["compose", "--redis"]).success();
    let (with, manifest) = (sandbox.read("compose.yaml"), sandbox.read("luthier.toml"));
    sandbox.write(
        "luthier.toml",
        manifest.replace("[options.compose]\nredis = true\n", ""),
    );
    let (first, rest) = with.split_once('\n').expect("more than a line");
    let old = "# Options, which need not be given again: `luthier compose --redis`";
    sandbox.write("compose.yaml", format!("{first}\n{old}\n{rest}"));
    sandbox.run(["compose", "--check"]).code(1);
    sandbox.run(["compose"]).success();
    assert!(
        sandbox
            .read("luthier.toml")
            .contains("[options.compose]\nredis = true\n")
    );
    sandbox.run(["compose", "--check"]).success();
}
