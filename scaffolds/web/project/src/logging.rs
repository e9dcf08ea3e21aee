//! Structured logs, on standard error.

use std::env;
use std::io::{self, IsTerminal};

use tracing_subscriber::prelude::*;

use crate::settings::{LogFormat, Settings};

/// Logs from here on, as the settings ask.
pub fn start(settings: &Settings) {
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(wants_colors())
        .with_writer(io::stderr);
    let lines = match settings.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(settings.log.clone()))
        .init();
}

/// Whether a person reads along, be it through `luthier runserver`.
fn wants_colors() -> bool {
    let shown = io::stderr().is_terminal() || env::var_os("CLICOLOR_FORCE").is_some();
    shown && env::var_os("NO_COLOR").is_none()
}
