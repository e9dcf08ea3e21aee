//! Luthier: the Django experience for Rust backends.
//!
//! Data flows one way:
//!
//! ```text
//! argv → cli → commands → project (read) → Plan (pure) → --dry-run prints it | apply writes it → report → exit code
//! ```
//!
//! | Module | Subject | Touches the outside? |
//! |---|---|---|
//! | [`cli`] | global options, the list of commands | no |
//! | [`commands`] | one file per command: its arguments and `run` | through the modules below |
//! | [`context`] | what every command gets: project folder, output, whether to ask | terminal |
//! | [`output`], [`error`] | the only output; kind, hints, exit code | stdout, stderr |
//! | [`files`] | files as text | reads files |
//! | [`cargo`] | cargo's metadata, manifests, lock files, index, messages | starts cargo, reads files |
//! | [`git`] | a repository for a new project | starts git |
//! | [`program`] | commands of the project's own program | starts cargo |
//! | [`ask`] | the only questions | terminal |
//! | [`check`] | what checks find: ids, levels, places, hints | no |
//! | [`interrupt`] | Ctrl-C, put off while files are moved | signals |
//! | [`project`] | LOAD: `luthier.toml`, source files, migration files | reads files |
//! | [`models`] | entity source ⇄ schema, by syntax alone | no |
//! | [`schema`] | tables, columns, indexes, foreign keys: plain data | no |
//! | [`migrations`] | operations, diff, history, file text | no |
//! | [`names`] | names of projects, apps and models: which are refused, and why | no |
//! | [`operation`] | one change of a schema: what it does, its inverse, the rows it needs checked | no |
//! | [`sql`] | operations → statements, one file per dialect | no |
//! | [`database`] | connect, introspect, execute | databases |
//! | [`scaffold`] | packs, rendering, wiring into existing Rust and TOML | no |
//! | [`package`] | container images, where they run, what is in them: workspace → text | no |
//! | [`devserver`] | watch, build, run | processes, files |
//! | [`toml`] | typed TOML, errors with file and line | no |
//! | [`paths`] | paths as text | no |
//! | [`inflection`] | singular and plural of names | no |
//! | [`plan`] | ordered steps, nothing done yet | no |
//! | [`apply`] | the only writer of files | writes files |
//!
//! Arrows never point up: `commands → package → project → migrations, scaffold → models → sql → operation → schema`;
//! `tests/e2e/architecture.rs` has the layers and fails when one does.

mod apply;
mod ask;
mod cargo;
mod check;
mod cli;
mod commands;
mod context;
mod database;
mod devserver;
mod error;
mod files;
mod git;
mod inflection;
mod interrupt;
mod migrations;
mod models;
mod names;
mod operation;
mod output;
mod package;
mod paths;
mod plan;
mod program;
mod project;
mod scaffold;
mod schema;
mod sql;
mod toml;

pub use cli::run;
