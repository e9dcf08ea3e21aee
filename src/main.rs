//! The `luthier` binary: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    luthier::run(std::env::args_os())
}
