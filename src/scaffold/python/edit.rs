//! Edits of a Python module, by the spans that its interpreter tells.

use serde::Deserialize;

mod text;

use text::{add_item, end_of_line, group, insert, key, newline};

/// The script that tells them: a module on standard input, JSON on standard output.
pub(crate) const SYNTAX: &str = include_str!("syntax.py");

/// What a module consists of.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Module {
    statements: Vec<Statement>,
    /// Why the module cannot be read.
    pub(crate) error: Option<String>,
    /// Where.
    pub(crate) line: Option<usize>,
}

/// A statement at the top level.
#[derive(Clone, Debug, Deserialize)]
struct Statement {
    /// In bytes; a definition begins with the line of its first decorator.
    span: [usize; 2],
    kind: Kind,
    /// What it binds, or calls.
    names: Vec<String>,
    /// The module that an import takes from.
    module: Option<String>,
    /// The text that is assigned.
    text: Option<String>,
    list: Option<List>,
    /// The texts among the arguments of a call.
    #[serde(default)]
    inside: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Import,
    Definition,
    Assignment,
    Addition,
    Call,
    Text,
    Other,
}

/// A list or a tuple that is written out.
#[derive(Clone, Debug, Deserialize)]
struct List {
    span: [usize; 2],
    items: Vec<Item>,
}

#[derive(Clone, Debug, Deserialize)]
struct Item {
    span: [usize; 2],
    text: Option<String>,
    inside: Vec<String>,
}

/// What is to be added to a module. Adding twice is adding once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit<'a> {
    /// An import that binds a name; `own` is the project's own package.
    Import {
        name: &'a str,
        line: &'a str,
        own: &'a str,
    },
    /// A class at the end.
    Class { name: &'a str, text: &'a str },
    /// An item of a list that is assigned or added to a name; there if an item holds this text.
    Item {
        list: &'a str,
        item: &'a str,
        marker: &'a str,
    },
    /// A call behind others of that function, or behind the assignment of what it is a method of; there if a call of
    /// it holds this text.
    Call {
        function: &'a str,
        line: &'a str,
        marker: &'a str,
    },
}

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The shape that it needs is not there.
    Shape(String),
    /// Something else has the name.
    Taken(String),
}

impl Module {
    /// The text that is assigned to a name.
    pub(crate) fn text_of<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let assigned = self.assigned(name).rev();
        assigned
            .filter_map(|statement| statement.text.as_deref())
            .next()
    }

    /// Whether a list is assigned or added to a name item by item, at the end of the day.
    pub(crate) fn has_list(&self, name: &str) -> bool {
        self.list(name).is_some()
    }

    /// The modules that everything is imported from: `.base`.
    pub(crate) fn stars(&self) -> impl DoubleEndedIterator<Item = &str> {
        let stars = self.statements.iter();
        let stars = stars.filter(|statement| statement.names == ["*"]);
        stars.filter_map(|statement| statement.module.as_deref())
    }

    /// The classes that the module defines.
    pub(crate) fn classes(&self) -> impl Iterator<Item = &str> {
        let definitions = self.statements.iter();
        let definitions = definitions.filter(|statement| statement.kind == Kind::Definition);
        definitions.filter_map(|statement| Some(statement.names.first()?.as_str()))
    }

    /// The texts that calls of a function are given.
    pub(crate) fn calls<'a>(&'a self, function: &'a str) -> impl Iterator<Item = &'a str> {
        self.calls_of(function)
            .flat_map(|call| &call.inside)
            .map(String::as_str)
    }

    fn calls_of<'a>(&'a self, function: &'a str) -> impl DoubleEndedIterator<Item = &'a Statement> {
        let is_call = move |statement: &&Statement| {
            statement.kind == Kind::Call && statement.names == [function]
        };
        self.statements.iter().filter(is_call)
    }

    fn assigned<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Statement> {
        let is_assigned = move |statement: &&Statement| {
            let assigns = matches!(statement.kind, Kind::Assignment | Kind::Addition);
            assigns && statement.names.iter().any(|bound| bound == name)
        };
        self.statements.iter().filter(is_assigned)
    }

    /// The list that a name is, or the last that is added to it; none where it is computed.
    fn list<'a>(&'a self, name: &'a str) -> Option<&'a List> {
        let assignments = self.assigned(name);
        let whole = assignments
            .rev()
            .find(|found| found.kind == Kind::Assignment);
        match whole {
            Some(whole) => whole.list.as_ref(),
            None => self
                .assigned(name)
                .rev()
                .find_map(|added| added.list.as_ref()),
        }
    }

    /// `source`, which this module is, with `edit` made.
    pub(crate) fn apply(&self, source: &str, edit: &Edit<'_>) -> Result<String, Refused> {
        let edited = match *edit {
            Edit::Import { name, line, own } => self.import(source, name, line, own),
            Edit::Class { name, text } => return self.class(source, name, text),
            Edit::Item { list, item, marker } => return self.item(source, list, item, marker),
            Edit::Call {
                function,
                line,
                marker,
            } => return self.call(source, function, line, marker),
        };
        Ok(edited)
    }

    fn import(&self, source: &str, name: &str, line: &str, own: &str) -> String {
        let binds = |statement: &Statement| {
            statement.kind != Kind::Call && statement.names.iter().any(|bound| bound == name)
        };
        if self.statements.iter().any(binds) {
            return source.to_owned();
        }
        let imports = || {
            self.statements
                .iter()
                .filter(|found| found.kind == Kind::Import)
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
            .filter(|first| first.kind == Kind::Text)
        {
            Some(text) => {
                let end = end_of_line(source, text.span[1]);
                insert(source, end, &format!("{newline}{newline}{line}"))
            }
            None if source.trim().is_empty() => format!("{line}{newline}"),
            None => format!("{line}{newline}{newline}{source}"),
        }
    }

    fn class(&self, source: &str, name: &str, text: &str) -> Result<String, Refused> {
        let newline = newline(source);
        let text = text.trim_end().replace('\n', newline);
        let there = self
            .statements
            .iter()
            .rev()
            .find(|statement| statement.names.iter().any(|bound| bound == name));
        if let Some(there) = there {
            return match source[there.span[0]..there.span[1]] == *text {
                true => Ok(source.to_owned()),
                false => Err(Refused::Taken(format!(
                    "`{name}` is there already, and differs"
                ))),
            };
        }
        let before = source.trim_end();
        Ok(match before.is_empty() {
            true => format!("{text}{newline}"),
            false => format!("{before}{newline}{newline}{newline}{text}{newline}"),
        })
    }

    fn item(&self, source: &str, name: &str, item: &str, marker: &str) -> Result<String, Refused> {
        let holds = |found: &Item| {
            let with_class = format!("{marker}.apps.");
            let is_marker = |text: &str| text == marker || text.starts_with(&with_class);
            found.text.as_deref().is_some_and(is_marker)
                || found.inside.iter().any(|text| text == marker)
        };
        let lists = self
            .assigned(name)
            .filter_map(|statement| statement.list.as_ref());
        if lists.flat_map(|list| &list.items).any(holds) {
            return Ok(source.to_owned());
        }
        let Some(list) = self.list(name) else {
            let why = match self.assigned(name).next() {
                Some(_) => format!("`{name}` is computed"),
                None => format!("there is no `{name}`"),
            };
            return Err(Refused::Shape(why));
        };
        Ok(add_item(source, list, item))
    }

    fn call(
        &self,
        source: &str,
        function: &str,
        line: &str,
        marker: &str,
    ) -> Result<String, Refused> {
        if self
            .calls_of(function)
            .any(|call| call.inside.iter().any(|text| text == marker))
        {
            return match self
                .calls_of(function)
                .any(|call| source[call.span[0]..call.span[1]] == *line)
            {
                true => Ok(source.to_owned()),
                false => Err(Refused::Taken(format!(
                    "{function}(\"{marker}\", …) is there already, and differs"
                ))),
            };
        }
        let newline = newline(source);
        if let Some(last) = self.calls_of(function).next_back() {
            let end = end_of_line(source, last.span[1]);
            return Ok(insert(source, end, &format!("{newline}{line}")));
        }
        let object = function.split('.').next().unwrap_or_default();
        match self.assigned(object).next_back() {
            Some(assigned) => {
                let end = end_of_line(source, assigned.span[1]);
                Ok(insert(source, end, &format!("{newline}{line}")))
            }
            None => Err(Refused::Shape(format!("there is no `{object} = …`"))),
        }
    }
}

#[cfg(test)]
mod tests;
