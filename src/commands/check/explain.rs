//! `luthier check --explain ID`: what a finding means, why it matters, and what to do instead.

use std::process::ExitCode;

use serde_json::json;

use crate::check::Check;
use crate::context::Context;
use crate::error::{Error, Result};

/// Tells of the kind with this id or name, or of `all`.
pub(super) fn run(context: &Context, id: &str, all: &[&Check]) -> Result<ExitCode> {
    let chosen: Vec<&Check> = all
        .iter()
        .copied()
        .filter(|kind| id == "all" || kind.id.eq_ignore_ascii_case(id) || kind.name == id)
        .collect();
    if chosen.is_empty() {
        return Err(unknown(id, all));
    }
    if context.json {
        let kinds: Vec<_> = chosen
            .iter()
            .map(|kind| {
                json!({
                    "id": kind.id,
                    "name": kind.name,
                    "level": kind.level,
                    "why": kind.why,
                    "instead": kind.instead,
                })
            })
            .collect();
        let report = json!({ "kinds": kinds });
        context.output.data(serde_json::to_string_pretty(&report)?);
        return Ok(ExitCode::SUCCESS);
    }
    let texts: Vec<String> = chosen.into_iter().map(text).collect();
    context.output.data(texts.join("\n\n"));
    Ok(ExitCode::SUCCESS)
}

fn text(kind: &Check) -> String {
    format!(
        "{} {} ({})\n  {}\n  Instead: {}",
        kind.id,
        kind.name,
        kind.level.name(),
        kind.why,
        kind.instead
    )
}

fn unknown(id: &str, all: &[&Check]) -> Error {
    let nearest = all.iter().max_by(|a, b| {
        let likeness = |kind: &Check| {
            let id = id.to_lowercase();
            let by_id = strsim::jaro_winkler(&kind.id.to_lowercase(), &id);
            by_id.max(strsim::jaro_winkler(kind.name, &id))
        };
        likeness(a).total_cmp(&likeness(b))
    });
    let error = Error::bad_input(format_args!("no check has the id `{id}`"));
    match nearest {
        Some(kind) => error.hint(format!(
            "{} ({}) is near; `luthier check --explain all` lists them",
            kind.id, kind.name
        )),
        None => error,
    }
}
