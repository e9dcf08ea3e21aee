//! Edits of a Python module, by the spans that its interpreter tells.

mod imports;
mod list;
mod module;
mod text;

use list::add_item;
use module::{Item, List, Statement, StatementKind};
pub(crate) use module::{Module, Refused};
use text::{end_of_line, insert, newline};

/// The script that tells them: a module on standard input, JSON on standard output.
pub(crate) const SYNTAX: &str = include_str!("syntax.py");

/// What is to be added to a module. Adding twice is adding once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit<'a> {
    /// An import that binds a name; `own` is the project's own package, and `package` the one that the module is in.
    Import {
        name: &'a str,
        line: &'a str,
        own: &'a str,
        package: &'a str,
    },
    /// A class at the end.
    Class { name: &'a str, text: &'a str },
    /// An item of a list that is assigned or added to a name.
    Item(NewItem<'a>),
    /// A call behind others of that function, or behind the assignment of what it is a method of; there if a call of
    /// it holds this text.
    Call {
        function: &'a str,
        line: &'a str,
        marker: &'a str,
    },
}

/// An item that a list is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewItem<'a> {
    /// The name of the list.
    pub(crate) list: &'a str,
    pub(crate) item: &'a str,
    /// It is there already if an item holds this text.
    pub(crate) marker: &'a str,
    /// The list may be a part of what is assigned, as in `urlpatterns = […] + static(…)`.
    pub(crate) in_sum: bool,
}

impl Module {
    /// The text that is assigned to a name.
    pub(crate) fn text_of<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let assigned = self.assigned(name).rev();
        assigned
            .filter_map(|statement| statement.text.as_deref())
            .next()
    }

    /// Whether the module says what a name is, not only what is added to it.
    pub(crate) fn assigns(&self, name: &str) -> bool {
        self.assigned(name)
            .any(|statement| statement.kind == StatementKind::Assignment)
    }

    /// Whether a list is added to a name.
    pub(crate) fn adds_list(&self, name: &str) -> bool {
        self.assigned(name)
            .any(|statement| statement.list.is_some())
    }

    /// The modules that everything or this name is imported from: `.base`.
    pub(crate) fn sources<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a str> {
        let imports = self.statements.iter();
        let imports = imports.filter(move |statement| {
            let takes = |bound: &String| bound == "*" || bound == name;
            statement.kind == StatementKind::Import && statement.names.iter().any(takes)
        });
        imports.filter_map(|statement| statement.module.as_deref())
    }

    /// The classes that the module defines, each with what its body assigns to.
    pub(crate) fn classes(&self) -> impl Iterator<Item = (&str, &[String])> {
        let definitions = self.statements.iter();
        let definitions =
            definitions.filter(|statement| statement.kind == StatementKind::Definition);
        definitions.filter_map(|statement| {
            Some((
                statement.names.first()?.as_str(),
                statement.attributes.as_slice(),
            ))
        })
    }

    /// The texts that calls of a function are given.
    pub(crate) fn calls<'a>(&'a self, function: &'a str) -> impl Iterator<Item = &'a str> {
        self.calls_of(function)
            .flat_map(|call| &call.inside)
            .map(String::as_str)
    }

    fn calls_of<'a>(&'a self, function: &'a str) -> impl DoubleEndedIterator<Item = &'a Statement> {
        let is_call = move |statement: &&Statement| {
            statement.kind == StatementKind::Call && statement.names == [function]
        };
        self.statements.iter().filter(is_call)
    }

    fn assigned<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Statement> {
        let is_assigned = move |statement: &&Statement| {
            let assigns = matches!(
                statement.kind,
                StatementKind::Assignment | StatementKind::Addition
            );
            assigns && statement.names.iter().any(|bound| bound == name)
        };
        self.statements.iter().filter(is_assigned)
    }

    /// The list that a name is, or the last that is added to it; none where it is computed, other than `in_sum`.
    fn list<'a>(&'a self, name: &'a str, in_sum: bool) -> Option<&'a List> {
        let assignments = self.assigned(name);
        let whole = assignments
            .rev()
            .find(|found| found.kind == StatementKind::Assignment);
        match whole {
            Some(whole) => whole.list.as_ref().filter(|_| in_sum || !whole.computed),
            None => self
                .assigned(name)
                .rev()
                .find_map(|added| added.list.as_ref()),
        }
    }

    /// `source`, which this module is, with `edit` made.
    pub(crate) fn apply(&self, source: &str, edit: &Edit<'_>) -> Result<String, Refused> {
        match *edit {
            Edit::Import {
                name,
                line,
                own,
                package,
            } => self
                .is_imported(name, line, package)
                .map(|is_there| match is_there {
                    true => source.to_owned(),
                    false => self.import(source, line, own),
                }),
            Edit::Class { name, text } => self.class(source, name, text),
            Edit::Item(ref new) => self.item(source, new),
            Edit::Call {
                function,
                line,
                marker,
            } => self.call(source, function, line, marker),
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

    fn item(&self, source: &str, new: &NewItem<'_>) -> Result<String, Refused> {
        let (name, marker) = (new.list, new.marker);
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
        let Some(list) = self.list(name, new.in_sum) else {
            let why = match self.assigned(name).next() {
                Some(_) => format!("`{name}` is computed"),
                None => format!("there is no `{name}`"),
            };
            return Err(Refused::Shape(why));
        };
        Ok(add_item(source, list, new.item))
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
