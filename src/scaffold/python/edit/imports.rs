//! Imports of a module: what it binds already, and where a new line goes. Pure.

use super::module::{Module, Refused, Statement, StatementKind};
use super::text::{end_of_line, insert, newline};
use crate::names::python::is_standard;

impl Module {
    /// Whether a name means anything in the module.
    pub(crate) fn binds(&self, name: &str) -> bool {
        self.binding(name).is_some()
    }

    fn binding(&self, name: &str) -> Option<&Statement> {
        let binds = |statement: &&Statement| {
            statement.kind != StatementKind::Call
                && statement.names.iter().any(|bound| bound == name)
        };
        self.statements.iter().rfind(binds)
    }

    /// Whether the module binds `name` already, to what `line` imports.
    pub(super) fn is_imported(
        &self,
        name: &str,
        line: &str,
        package: &str,
    ) -> Result<bool, Refused> {
        let Some(bound) = self.binding(name) else {
            return Ok(false);
        };
        let wanted = line.strip_prefix("from ");
        let wanted = wanted.and_then(|rest| rest.split_whitespace().next());
        let is_same = |module: &str| {
            let absolute = match wanted {
                Some(".") => package,
                Some(module) => module,
                None => return false,
            };
            // GeoDjango's have what Django's have.
            module == absolute
                || Some(module) == wanted
                || module.replace("contrib.gis.", "") == absolute
                || module == "django.contrib.gis" && absolute == "django.contrib"
        };
        let is_import = bound.kind == StatementKind::Import;
        match (&bound.module, wanted) {
            (Some(module), _) if is_import && is_same(module) => Ok(true),
            (None, None) if is_import => Ok(true),
            _ => Err(Refused::Taken(format!(
                "`{name}` is something else than `{line}`"
            ))),
        }
    }

    pub(super) fn import(&self, source: &str, line: &str, own: &str) -> String {
        let imports = || {
            self.statements
                .iter()
                .filter(|found| found.kind == StatementKind::Import)
        };
        let group = group(line, own);
        let group_of = |found: &Statement| self::group(&source[found.span[0]..found.span[1]], own);
        let newline = newline(source);
        let key_of = |found: &Statement| key(&source[found.span[0]..found.span[1]]);
        let after = |found: &&Statement| group_of(found) == group && key_of(found) > key(line);
        let same: Vec<&Statement> = imports().filter(|found| group_of(found) == group).collect();
        let is_sorted = same.is_sorted_by_key(|found| key_of(found));
        if let Some(next) = same.into_iter().find(after).filter(|_| is_sorted) {
            return insert(source, next.span[0], &format!("{line}{newline}"));
        }
        if let Some(last) = imports().rfind(|found| group_of(found) <= group) {
            let end = end_of_line(source, last.span[1]);
            let gap = if group_of(last) < group { newline } else { "" };
            return insert(source, end, &format!("{newline}{gap}{line}"));
        }
        if let Some(first) = imports().next() {
            return insert(source, first.span[0], &format!("{line}{newline}{newline}"));
        }
        match self
            .statements
            .first()
            .filter(|first| first.kind == StatementKind::Text)
        {
            Some(text) => {
                let end = end_of_line(source, text.span[1]);
                insert(source, end, &format!("{newline}{newline}{line}"))
            }
            None if source.trim().is_empty() => format!("{source}{line}{newline}"),
            None => insert(source, head(source), &format!("{line}{newline}{newline}")),
        }
    }
}

/// The group of an import: what comes first of all, the standard library, libraries, the project's `own` package, the app's own modules.
fn group(line: &str, own: &str) -> u8 {
    let module = line.split_whitespace().nth(1).unwrap_or_default();
    match module.split('.').next() {
        Some("") => 4,
        Some(package) if package == own => 3,
        Some("__future__") => 0,
        Some(package) if is_standard(package) => 1,
        _ => 2,
    }
}

/// What imports of a group are ordered by: `import x` comes before `from x import y`, then modules by name.
fn key(line: &str) -> (bool, &str) {
    let module = line.split_whitespace().nth(1).unwrap_or_default();
    (line.starts_with("from"), module)
}

/// Where the first import of a module without any goes: behind the mark of its encoding, and behind the comment about
/// all of it.
fn head(source: &str) -> usize {
    let start = source.len() - source.trim_start_matches('\u{feff}').len();
    let comments = source[start..]
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'));
    let end = start + comments.map(str::len).sum::<usize>();
    let mut behind = source[end..].split_inclusive('\n');
    match behind.next() {
        // One that no blank line follows is about what comes next.
        Some(blank) if end > start && blank.trim().is_empty() => end + blank.len(),
        _ if source[start..end].starts_with("#!") => end,
        _ => start,
    }
}
