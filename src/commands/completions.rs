//! `luthier completions SHELL`: a completion script on stdout.

use std::process::ExitCode;

use clap_complete::Shell;

use crate::context::Context;
use crate::error::Result;

/// Print the completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier completions bash > ~/.local/share/bash-completion/completions/luthier
  luthier completions zsh > ~/.zfunc/_luthier
  luthier completions fish > ~/.config/fish/completions/luthier.fish
  luthier completions powershell >> $PROFILE
  luthier completions elvish > ~/.config/elvish/lib/luthier.elv")]
pub(crate) struct Args {
    shell: Shell,
}

/// Prints the script for `command`, the whole command line.
pub(crate) fn run(context: &Context, args: Args, mut command: clap::Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "luthier", &mut script);
    context.output.data(String::from_utf8(script)?.trim_end());
    Ok(ExitCode::SUCCESS)
}
