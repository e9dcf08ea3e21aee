//! Findings as a person reads them, or as one JSON document.

use anstyle::{AnsiColor, Style};
use serde_json::json;

use crate::check::{Finding, Level};
use crate::context::Context;
use crate::error::Result;

/// Prints what was found under `tags`; what is only worth knowing is counted, and shown with `--verbose`.
pub(super) fn show(context: &Context, tags: &[&str], found: &[(&str, Finding)]) -> Result<()> {
    if context.json {
        let findings: Vec<_> = found
            .iter()
            .map(|(tag, finding)| {
                json!({
                    "id": finding.kind.id,
                    "name": finding.kind.name,
                    "level": finding.level,
                    "tag": tag,
                    "message": finding.message,
                    "hint": finding.hint,
                    "file": finding.place.as_ref().map(|place| &place.path),
                    "line": finding.place.as_ref().map(|place| place.line).filter(|line| *line > 0),
                })
            })
            .collect();
        let report = json!({"tags": tags, "findings": findings});
        context.output.data(serde_json::to_string_pretty(&report)?);
    } else {
        let shown = |finding: &&Finding| finding.level > Level::Info || context.output.is_verbose();
        for finding in found.iter().map(|(_, finding)| finding).filter(shown) {
            context.output.data(format_args!("{}\n", text(finding)));
        }
    }
    context.output.status(summary(context, tags, found));
    Ok(())
}

fn summary(context: &Context, tags: &[&str], found: &[(&str, Finding)]) -> String {
    let count = |level: Level| {
        let levels = found.iter().map(|(_, finding)| finding.level);
        levels.filter(|found| *found == level).count()
    };
    let mut parts = Vec::new();
    for (level, one, many) in [
        (Level::Error, "error", "errors"),
        (Level::Warning, "warning", "warnings"),
    ] {
        match count(level) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            number => parts.push(format!("{number} {many}")),
        }
    }
    let notes = count(Level::Info);
    let hidden = if context.json || context.output.is_verbose() {
        ""
    } else {
        ", which -v shows"
    };
    match notes {
        0 => {}
        1 => parts.push(format!("1 note{hidden}")),
        number => parts.push(format!("{number} notes{hidden}")),
    }
    let result = match parts.as_slice() {
        [] => "nothing to complain about".to_owned(),
        parts => parts.join(", "),
    };
    format!("Checked {}: {result}", tags.join(", "))
}

/// `path:3: warning[LUT012]: message`, the lines in question, and the hint.
fn text(finding: &Finding) -> String {
    let style = style(finding.level);
    let (bold, cyan) = (Style::new().bold(), AnsiColor::Cyan.on_default().bold());
    let place = match &finding.place {
        Some(place) if place.line > 0 => format!("{}:{}: ", place.path, place.line),
        Some(place) => format!("{}: ", place.path),
        None => String::new(),
    };
    let mut text = format!(
        "{bold}{place}{bold:#}{style}{}[{}]:{style:#} {}",
        finding.level.name(),
        finding.kind.id,
        finding.message
    );
    for line in finding.excerpt.lines() {
        text.push_str(&format!("\n  {line}"));
    }
    if !finding.hint.is_empty() {
        text.push_str(&format!("\n  {cyan}Hint:{cyan:#} {}", finding.hint));
    }
    text
}

fn style(level: Level) -> Style {
    match level {
        Level::Info => AnsiColor::Blue.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Error => AnsiColor::Red.on_default().bold(),
    }
}
