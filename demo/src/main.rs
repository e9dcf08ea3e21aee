//! `luthier`, as `cargo demo` compiles and runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    tool::run(std::env::args_os())
}
