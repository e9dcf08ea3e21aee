//! Wiring into TOML: a workspace member, a dependency, an app of `luthier.toml`.

use toml_edit::{Document, Item, Value};

use super::Unwirable;
use crate::cargo::outer_workspace::{covers, segments};

mod array;
mod carry;
mod entry;
mod text;

pub(crate) use carry::carry_over;
use text::parse;

/// A line to add to a table of dependencies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dependency<'a> {
    /// The table: `["workspace", "dependencies"]`.
    pub(crate) table: &'a [&'a str],
    /// The crate's name.
    pub(crate) name: &'a str,
    /// The whole line: `books = { path = "apps/books" }`.
    pub(crate) line: &'a str,
    /// The folder it must come from; another crate of the same name is refused.
    pub(crate) path: Option<&'a str>,
}

/// Adds `path` to `workspace.members`, unless a member or a pattern (`apps/*`) covers it.
pub(crate) fn add_member(text: &str, path: &str) -> Result<String, Unwirable> {
    let quoted = format!("\"{path}\"");
    let unwirable = |why| Unwirable {
        why,
        add: quoted.clone(),
        place: "to the array `members` of `[workspace]`".into(),
    };
    let document = parse(text).map_err(Unwirable::broken)?;
    let workspace = document.get("workspace").and_then(Item::as_table_like);
    let workspace = workspace.ok_or_else(|| unwirable("there is no `[workspace]`".into()))?;
    let listed = |key| {
        let list = workspace.get(key).and_then(Item::as_array);
        let patterns = list.into_iter().flatten().filter_map(Value::as_str);
        patterns.into_iter().any(|pattern| covers(pattern, path))
    };
    if listed("exclude") {
        return Err(unwirable(format!(
            "`exclude` of `[workspace]` covers {path}"
        )));
    }
    if listed("members") {
        return Ok(text.to_owned());
    }
    add_to_array(text, &document, ["workspace", "members"], &quoted).map_err(unwirable)
}

/// Adds `name` to the list of apps of `luthier.toml`.
pub(crate) fn add_app(text: &str, name: &str) -> Result<String, Unwirable> {
    let quoted = format!("\"{name}\"");
    let unwirable = |why| Unwirable {
        why,
        add: quoted.clone(),
        place: "to the array `apps` of `[project]`".into(),
    };
    let document = parse(text).map_err(Unwirable::broken)?;
    let apps = document
        .get("project")
        .and_then(|project| project.get("apps"));
    let mut listed = apps.and_then(Item::as_array).into_iter().flatten();
    if listed.any(|app| app.as_str() == Some(name)) {
        return Ok(text.to_owned());
    }
    add_to_array(text, &document, ["project", "apps"], &quoted).map_err(unwirable)
}

/// Adds `name` to the list of features of `luthier.toml`.
pub(crate) fn add_feature(text: &str, name: &str) -> Result<String, Unwirable> {
    let quoted = format!("\"{name}\"");
    let unwirable = |why| Unwirable {
        why,
        add: quoted.clone(),
        place: "to the array `features` of `[scaffold]`".into(),
    };
    let document = parse(text).map_err(Unwirable::broken)?;
    let features = entry::item_at(&document, &["scaffold", "features"]);
    let mut listed = features.and_then(Item::as_array).into_iter().flatten();
    if listed.any(|feature| feature.as_str() == Some(name)) {
        return Ok(text.to_owned());
    }
    add_to_array(text, &document, ["scaffold", "features"], &quoted).map_err(unwirable)
}

/// Adds an answer to those in `luthier.toml`, unless that question is answered there.
pub(crate) fn add_answer(text: &str, question: &str, answer: &str) -> Result<String, Unwirable> {
    let line = format!("{question} = \"{answer}\"");
    let unwirable = |why| Unwirable {
        why,
        add: line.clone(),
        place: "to `[scaffold.answers]`".into(),
    };
    let document = parse(text).map_err(Unwirable::broken)?;
    let table = ["scaffold", "answers"];
    match entry::item_at(&document, &table).and_then(|table| table.get(question)) {
        Some(_) => Ok(text.to_owned()),
        None => entry::add(text, &document, &table, question, &line).map_err(unwirable),
    }
}

/// Adds a dependency to its table, in its sorted place among those it resembles. One of that name
/// stays as it is, unless it is another crate.
pub(crate) fn add_dependency(text: &str, dependency: Dependency<'_>) -> Result<String, Unwirable> {
    let Dependency {
        table,
        name,
        line,
        path,
    } = dependency;
    let unwirable = |why| Unwirable {
        why,
        add: line.to_owned(),
        place: format!("to `[{}]`", table.join(".")),
    };
    let document = parse(text).map_err(Unwirable::broken)?;
    let present = entry::item_at(&document, table).and_then(|table| table.get(name));
    match (present, path) {
        (Some(present), Some(path)) if !comes_from(present, path) => Err(unwirable(format!(
            "`{name}` is already a dependency that is not the crate in {path}"
        ))),
        (Some(_), _) => Ok(text.to_owned()),
        (None, _) => entry::add(text, &document, table, name, line).map_err(unwirable),
    }
}

/// Adds `value` to the array at `table.key`, which is made when there is none.
fn add_to_array(
    text: &str,
    document: &Document<&str>,
    [table, key]: [&str; 2],
    value: &str,
) -> Result<String, String> {
    match document.get(table).and_then(|table| table.get(key)) {
        None => entry::add(text, document, &[table], "", &format!("{key} = [{value}]")),
        Some(item) => {
            let array = item
                .as_array()
                .ok_or_else(|| format!("`{key}` is not an array"))?;
            array::push(text, array, value)
                .ok_or_else(|| format!("`{key}` has no place in the text"))
        }
    }
}

/// Whether a dependency is the crate in the folder `path`, be it named here or by the workspace.
fn comes_from(dependency: &Item, path: &str) -> bool {
    let Some(table) = dependency.as_table_like() else {
        return false;
    };
    let inherited = table.get("workspace").and_then(Item::as_bool) == Some(true);
    let from = table.get("path").and_then(Item::as_str);
    inherited || from.is_some_and(|from| segments(from).eq(segments(path)))
}

#[cfg(test)]
mod tests;
