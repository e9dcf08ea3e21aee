//! Structured logs, on standard error.

use std::env;
use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, Settings};

/// Logs from here on, as the settings ask.
pub fn start(settings: &Settings) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&settings.log))
        .with_ansi(wants_colors())
        .with_writer(io::stderr);
    match settings.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Whether a person reads along, be it through `luthier runserver`.
fn wants_colors() -> bool {
    let shown = io::stderr().is_terminal() || env::var_os("CLICOLOR_FORCE").is_some();
    shown && env::var_os("NO_COLOR").is_none()
}
