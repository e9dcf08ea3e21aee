//! What serves a project in Python that somebody else made: found in the text of its files, nothing is imported. Pure.

mod application;
mod kinds;

use application::{ASGI, FLASK, mentions, place};
pub(crate) use kinds::{Application, Django, Framework, Sources};

/// What the files show, if they show it.
pub(crate) fn find(sources: &Sources) -> Option<Framework> {
    if let Some(django) = django(sources) {
        return Some(Framework::Django(django));
    }
    let is_asgi = sources.values().any(|text| mentions(text, ASGI))
        && !sources.values().any(|text| mentions(text, FLASK));
    let migrates = sources.values().any(|text| text.contains("flask_migrate"));
    let mut found: Vec<(usize, Framework)> = sources
        .iter()
        .filter_map(|(path, text)| {
            let (rank, framework) = application::find(path, text, is_asgi, sources)?;
            Some((rank + place(path), framework))
        })
        .collect();
    let is_called = |framework: &Framework| match framework {
        Framework::Flask(found) | Framework::Asgi(found) => found.needs.is_empty(),
        Framework::Django(_) => true,
    };
    found.sort_by_key(|(rank, framework)| (!is_called(framework), *rank));
    let (_, mut framework) = found.into_iter().next()?;
    if let Framework::Flask(application) = &mut framework {
        application.migrates = migrates;
    }
    Some(framework)
}

fn django(sources: &Sources) -> Option<Django> {
    const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";
    let is_manage = |path: &&String| path.rsplit('/').next() == Some("manage.py");
    let mut all: Vec<&String> = sources.keys().filter(is_manage).collect();
    all.sort_by_key(|path| path.matches('/').count());
    let manage = all
        .into_iter()
        .find(|path| sources[*path].contains(VARIABLE))?;
    let folder = manage
        .strip_suffix("manage.py")
        .unwrap_or_default()
        .to_owned();
    let settings = quoted_behind(&sources[manage], VARIABLE).unwrap_or_default();
    let package = settings.split('.').next().unwrap_or_default();
    // Settings may be a file, or a package of several.
    let base = format!("{folder}{}", settings.replace('.', "/"));
    let above = base.rsplit_once('/').map_or("", |(above, _)| above);
    let is_settings = |path: &str| {
        path == format!("{base}.py")
            || path.starts_with(&format!("{base}/"))
            || path.starts_with(&format!("{above}/")) && above.ends_with("settings")
    };
    let settings: Vec<&String> = sources
        .iter()
        .filter(|(path, _)| is_settings(path))
        .map(|(_, text)| text)
        .collect();
    let named = settings
        .iter()
        .find_map(|text| quoted_behind(text, "WSGI_APPLICATION"));
    let named = named.and_then(|name| {
        let (module, object) = name.rsplit_once('.')?;
        Some(match object {
            "application" => module.to_owned(),
            other => format!("{module}:{other}"),
        })
    });
    let beside = || {
        let path = format!("{folder}{package}/wsgi.py");
        sources
            .contains_key(&path)
            .then(|| format!("{package}.wsgi"))
    };
    let mut secret_keys: Vec<String> = settings.iter().flat_map(|text| secret_keys(text)).collect();
    secret_keys.sort();
    secret_keys.dedup();
    Some(Django {
        wsgi: named.or_else(beside),
        collects_static: settings.iter().any(|text| assigns(text, "STATIC_ROOT")),
        secret_keys,
        folder,
    })
}

fn assigns(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.trim_start().strip_prefix(name).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(['=', ':']))
    })
}

/// The first text in quotes behind `word`, on the line of that or the next, but not `word` itself.
pub(crate) fn quoted_behind(text: &str, word: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut behind = lines.iter().enumerate().filter_map(|(number, line)| {
        let (before, rest) = line.split_once(word)?;
        let next = lines.get(number + 1).copied().unwrap_or_default();
        (!before.contains('#')).then(|| format!("{rest} {next}"))
    });
    behind.find_map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'']);
        let start = rest.find(['"', '\''])?;
        let quote = rest[start..].chars().next()?;
        let inside = &rest[start + 1..];
        let module = &inside[..inside.find(quote)?];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        (!module.is_empty() && module.chars().all(is_name)).then(|| module.to_owned())
    })
}

/// Names in quotes that hold SECRET_KEY: those of variables.
fn secret_keys(text: &str) -> Vec<String> {
    let words = text.split(['"', '\'']);
    let is_variable = |word: &&str| {
        word.contains("SECRET_KEY")
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    words.filter(is_variable).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
