//! Parses cargo's output line by line. Pure.

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Message, TargetKind};

/// A line of cargo's standard error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Its progress bar: units done, units in all, and those being compiled.
    Progress {
        done: u64,
        total: u64,
        crates: &'a str,
    },
    /// It waits for a lock that another cargo process holds.
    Blocked(&'a str),
    /// It runs rustc or a build script.
    Running(&'a str),
    /// A status such as `Compiling serde v1.0.0`.
    Status,
    /// Anything else: errors about the manifest, the registry, the network.
    Text(&'a str),
}

/// Reads a line written without colours.
///
/// Cargo right-aligns the verbs of its status lines in twelve columns; its bar reads
/// `    Building [===>   ] 34/313: syn, serde`.
pub(crate) fn line(text: &str) -> Line<'_> {
    let text = text.trim_end();
    let Some((verb, rest)) = status(text) else {
        // Output of a build script, which cargo repeats if the script fails.
        let is_echo = text.starts_with('[') && text.contains("] ");
        return if is_echo {
            Line::Status
        } else {
            Line::Text(text)
        };
    };
    match verb {
        "Building" => progress(rest).unwrap_or(Line::Status),
        "Blocking" => Line::Blocked(rest),
        "Running" => Line::Running(text),
        _ => Line::Status,
    }
}

fn status(text: &str) -> Option<(&str, &str)> {
    let (verb, rest) = text.split_at_checked(12)?;
    let verb = verb.trim_start();
    let is_verb = verb.starts_with(|c: char| c.is_ascii_uppercase())
        && verb.chars().all(|c| c.is_ascii_alphabetic());
    Some((verb, rest.strip_prefix(' ')?)).filter(|_| is_verb)
}

fn progress(bar: &str) -> Option<Line<'_>> {
    let (_, counts) = bar.split_once("] ")?;
    let (counts, crates) = counts.split_once(':').unwrap_or((counts, ""));
    let (done, total) = counts.split_once('/')?;
    Some(Line::Progress {
        done: done.trim().parse().ok()?,
        total: total.trim().parse().ok()?,
        crates: crates.trim(),
    })
}

/// An error of the compiler.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CompilerError {
    pub(crate) title: String,
    /// The whole message, with ANSI colours.
    pub(crate) text: String,
    /// The file as rustc was given it.
    pub(crate) file: Option<String>,
    /// From 1; 0 where there is no file.
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A message on cargo's standard output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CargoMessage {
    Error(CompilerError),
    /// As the compiler shows it.
    Warning(String),
    /// An artifact of the package with this manifest was built or is fresh: a library, if it is one.
    Artifact {
        manifest: String,
        library: Option<String>,
    },
    /// The build script of a package was run or is fresh; `out_dir` is its `OUT_DIR`. The package's folder, if it is one of
    /// the project.
    BuildScript {
        package: Option<String>,
        out_dir: String,
    },
    /// A binary of the package with this manifest.
    Binary {
        manifest: String,
        name: String,
        path: String,
    },
}

/// Reads a line of `--message-format=json-…`.
pub(crate) fn message(json: &str) -> Option<CargoMessage> {
    match serde_json::from_str(json).ok()? {
        Message::CompilerMessage(message) => {
            // Warnings in dependencies are not the user's to fix.
            let is_ours = message.package_id.repr.starts_with("path+");
            to_message(message.message)
                .filter(|message| is_ours || matches!(message, CargoMessage::Error(_)))
        }
        Message::CompilerArtifact(artifact) if artifact.target.kind.contains(&TargetKind::Bin) => {
            Some(CargoMessage::Binary {
                manifest: artifact.manifest_path.into_string(),
                name: artifact.target.name,
                path: artifact.executable?.into_string(),
            })
        }
        Message::CompilerArtifact(artifact) => {
            let mut files = artifact.filenames.into_iter();
            let library = files.find(|file| file.extension() == Some("rlib"));
            Some(CargoMessage::Artifact {
                manifest: artifact.manifest_path.into_string(),
                library: library.map(|file| file.into_string()),
            })
        }
        Message::BuildScriptExecuted(script) => Some(CargoMessage::BuildScript {
            package: folder_of(&script.package_id.repr).map(str::to_owned),
            out_dir: script.out_dir.into_string(),
        }),
        _ => None,
    }
}

/// The folder of a package of the project, by its id: `path+file:///shop/books#0.1.0`. An id that is escaped for a URL
/// has none.
fn folder_of(package_id: &str) -> Option<&str> {
    let url = package_id.strip_prefix("path+file://")?;
    let (folder, _) = url.split_once('#')?;
    (!folder.contains('%')).then_some(folder)
}

/// Reads a line of rustc's own JSON, which cargo embeds in its messages.
pub(crate) fn diagnostic(json: &str) -> Option<CargoMessage> {
    to_message(serde_json::from_str(json).ok()?)
}

/// Whether a line of rustc's own JSON says that the library has been written.
pub(crate) fn is_library_written(json: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Artifact {
        emit: String,
    }
    json.starts_with(r#"{"$message_type":"artifact""#)
        && serde_json::from_str(json).is_ok_and(|artifact: Artifact| artifact.emit == "link")
}

fn to_message(message: Diagnostic) -> Option<CargoMessage> {
    match message.level {
        DiagnosticLevel::Error | DiagnosticLevel::Ice => {
            Some(CargoMessage::Error(compiler_error(message)?))
        }
        DiagnosticLevel::Warning => Some(CargoMessage::Warning(
            message.rendered?.trim_end().to_owned(),
        )),
        _ => None,
    }
}

fn compiler_error(message: Diagnostic) -> Option<CompilerError> {
    let text = message.rendered?.trim_end().to_owned();
    let place = message.spans.into_iter().find(|span| span.is_primary);
    let (file, line, column) = match place {
        Some(span) => (Some(span.file_name), span.line_start, span.column_start),
        None => (None, 0, 0),
    };
    let title = match message.code {
        Some(code) => format!("{} [{}]", message.message, code.code),
        None => message.message,
    };
    Some(CompilerError {
        title,
        text,
        file,
        line,
        column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_classified() {
        let progress = |done, total, crates| Line::Progress {
            done,
            total,
            crates,
        };
        for (text, expected) in [
            (
                "    Building [========>       ] 34/313: syn, site(bin)      ",
                progress(34, 313, "syn, site(bin)"),
            ),
            ("    Building [                ] 0/3", progress(0, 3, "")),
            ("    Building something else", Line::Status),
            ("   Compiling serde v1.0.0", Line::Status),
            (
                "     Running `rustc --crate-name site`",
                Line::Running("     Running `rustc --crate-name site`"),
            ),
            ("[site 0.1.0] cargo:rerun-if-changed=a", Line::Status),
            ("[site is no package", Line::Text("[site is no package")),
            (
                "    Finished `dev` profile [unoptimized] target(s) in 0.40s",
                Line::Status,
            ),
            (
                "    Blocking waiting for file lock on build directory",
                Line::Blocked("waiting for file lock on build directory"),
            ),
            (
                "error: failed to parse manifest at `Cargo.toml`",
                Line::Text("error: failed to parse manifest at `Cargo.toml`"),
            ),
            ("Caused by:", Line::Text("Caused by:")),
            (
                "  unexpected key or value",
                Line::Text("  unexpected key or value"),
            ),
            ("            ", Line::Text("")),
            ("", Line::Text("")),
            ("ééééééé", Line::Text("ééééééé")),
        ] {
            assert_eq!(line(text), expected, "{text}");
        }
    }

    #[test]
    fn messages_are_parsed() {
        let target = r#"{"kind":["bin"],"crate_types":["bin"],"name":"site","src_path":"/p/src/main.rs","edition":"2024","doc":true,"doctest":false,"test":true}"#;
        let line = |rest: &str| {
            format!(
                r#"{{"package_id":"path+file:///p#0.1.0","manifest_path":"/p/Cargo.toml","target":{target},{rest}}}"#
            )
        };
        let diagnostic = |level: &str| {
            let span = r#"{"file_name":"src/main.rs","byte_start":0,"byte_end":1,"line_start":3,"line_end":3,"column_start":5,"column_end":6,"is_primary":true,"text":[],"label":null,"suggested_replacement":null,"suggestion_applicability":null,"expansion":null}"#;
            let message = format!(
                r#"{{"message":"m","code":{{"code":"E0425","explanation":null}},"level":"{level}","spans":[{span}],"children":[],"rendered":"text\n"}}"#
            );
            line(&format!(
                r#""reason":"compiler-message","message":{message}"#
            ))
        };
        let artifact = |executable: &str| {
            let profile = r#"{"opt_level":"0","debuginfo":1,"debug_assertions":true,"overflow_checks":true,"test":false}"#;
            line(&format!(
                r#""reason":"compiler-artifact","profile":{profile},"features":[],"filenames":[],"executable":{executable},"fresh":false"#
            ))
        };
        let binary = CargoMessage::Binary {
            manifest: "/p/Cargo.toml".into(),
            name: "site".into(),
            path: "/t/site".into(),
        };
        let error = CompilerError {
            title: "m [E0425]".into(),
            text: "text".into(),
            file: Some("src/main.rs".into()),
            line: 3,
            column: 5,
        };
        for (json, expected) in [
            (diagnostic("error"), Some(CargoMessage::Error(error))),
            (
                diagnostic("warning"),
                Some(CargoMessage::Warning("text".into())),
            ),
            (diagnostic("failure-note"), None),
            (artifact(r#""/t/site""#), Some(binary)),
            (artifact("null"), None),
            (
                artifact("null")
                    .replace(r#"["bin"]"#, r#"["lib"]"#)
                    .replace(r#""filenames":[]"#, r#""filenames":["/t/libsite.rlib"]"#),
                Some(CargoMessage::Artifact {
                    manifest: "/p/Cargo.toml".into(),
                    library: Some("/t/libsite.rlib".into()),
                }),
            ),
            (
                diagnostic("warning").replace("path+file:///p", "registry+https://r"),
                None,
            ),
            (
                r#"{"reason":"build-script-executed","package_id":"path+file:///p/books#0.1.0","linked_libs":[],"linked_paths":[],"cfgs":[],"env":[],"out_dir":"/t/build/books-1/out"}"#.into(),
                Some(CargoMessage::BuildScript {
                    package: Some("/p/books".into()),
                    out_dir: "/t/build/books-1/out".into(),
                }),
            ),
            (
                r#"{"reason":"build-script-executed","package_id":"registry+https://r#a@0.1.0","linked_libs":[],"linked_paths":[],"cfgs":[],"env":[],"out_dir":"/t/build/a-1/out"}"#.into(),
                Some(CargoMessage::BuildScript {
                    package: None,
                    out_dir: "/t/build/a-1/out".into(),
                }),
            ),
            (r#"{"reason":"build-finished","success":true}"#.into(), None),
            ("not json".into(), None),
        ] {
            assert_eq!(message(&json), expected, "{json}");
        }
    }
}
