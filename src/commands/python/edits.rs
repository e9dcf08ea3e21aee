//! Edits of the Python files of a project, by what its interpreter says of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::project::Project;
use crate::project::python::Python;
use crate::scaffold::python::edit::Refused;
use crate::scaffold::python::{Edit, Module, SYNTAX};

/// The files of a project that are being changed, by what its interpreter says of them.
pub(super) struct Edits<'a> {
    pub(super) project: &'a Project,
    files: Vec<(String, String, String)>,
    /// What the interpreter has said, by text: starting it takes a moment.
    parsed: RefCell<HashMap<String, Rc<Module>>>,
}

impl<'a> Edits<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self {
            project,
            files: Vec::new(),
            parsed: RefCell::default(),
        }
    }

    /// What the interpreter says of the module at `path`, once.
    pub(super) fn parse(&self, path: &str, text: &str) -> Result<Rc<Module>> {
        let module = self.module(text)?;
        match refused(path, &module) {
            None => Ok(module),
            Some(error) => Err(error),
        }
    }

    fn module(&self, text: &str) -> Result<Rc<Module>> {
        if let Some(module) = self.parsed.borrow().get(text) {
            return Ok(Rc::clone(module));
        }
        let module: Rc<Module> = Rc::new(Python::ask(&self.project.root, SYNTAX, text)?);
        self.parsed
            .borrow_mut()
            .insert(text.to_owned(), Rc::clone(&module));
        Ok(module)
    }

    /// The text of a file, with the edits so far.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>> {
        match self.files.iter().find(|(known, ..)| known == path) {
            Some((_, _, after)) => Ok(Some(after.clone())),
            None => self.project.read(path),
        }
    }

    pub(super) fn set(&mut self, path: &str, text: String) -> Result<()> {
        if let Some(file) = self.files.iter_mut().find(|(known, ..)| known == path) {
            file.2 = text;
        } else {
            let before = self.project.read(path)?.unwrap_or_default();
            self.files.push((path.to_owned(), before, text));
        }
        Ok(())
    }

    /// Makes an edit; where its shape is not there, the error says what to write by hand.
    pub(super) fn edit(&mut self, path: &str, edit: &Edit<'_>) -> Result<()> {
        let by_hand = |why: String| {
            let (what, place) = match *edit {
                Edit::Import { line, .. } => (line.to_owned(), "among the imports"),
                Edit::Class { text, .. } => (text.to_owned(), "at the end"),
                Edit::Item(new) => (format!("{} += [{}]", new.list, new.item), "at the end"),
                Edit::Call { line, .. } => (line.to_owned(), "where the routes are"),
            };
            Error::failed(format_args!("{path} cannot be edited: {why}")).hint(format!(
                "write this {place} of {path}, then run the command again:\n{what}"
            ))
        };
        let Some(text) = self.text(path)? else {
            return Err(by_hand("there is no such file".to_owned()));
        };
        let module = self.parse(path, &text)?;
        match module.apply(&text, edit) {
            // What the interpreter makes of the edit counts.
            Ok(edited) => match self.is_made(edit, &edited)? {
                true => self.set(path, edited),
                false => Err(by_hand("its shape is not one that is known".to_owned())),
            },
            Err(Refused::Shape(why)) => Err(by_hand(why)),
            Err(Refused::Taken(why)) => Err(Error::bad_input(format_args!(
                "{path}: {why} from what this command makes"
            ))
            .hint("change it by hand, or give the new one another name")),
        }
    }

    /// Whether an edited module can be read, and has what was to be added.
    fn is_made(&self, edit: &Edit<'_>, edited: &str) -> Result<bool> {
        let module = self.module(edited)?;
        let again = module.apply(edited, edit);
        Ok(module.error.is_none() && again.as_deref() == Ok(edited))
    }

    pub(super) fn plan(self, plan: &mut Plan) {
        for (path, before, after) in self.files {
            plan.edit(path, before, after);
        }
    }
}

/// What the interpreter says of a module.
pub(super) fn parse(project: &Project, path: &str, text: &str) -> Result<Module> {
    let module: Module = Python::ask(&project.root, SYNTAX, text)?;
    match refused(path, &module) {
        None => Ok(module),
        Some(error) => Err(error),
    }
}

/// Why a module cannot be read, if it cannot.
fn refused(path: &str, module: &Module) -> Option<Error> {
    let error = module.error.as_ref()?;
    let line = module
        .line
        .map(|line| format!(":{line}"))
        .unwrap_or_default();
    Some(Error::failed(format_args!(
        "{path}{line}: Python cannot read it: {error}"
    )))
}

impl Edits<'_> {
    /// Makes imports, each with the first name that it binds; `own` is the project's own package.
    pub(super) fn import(&mut self, path: &str, own: &str, imports: &[(&str, &str)]) -> Result<()> {
        let package = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let package = package.replace('/', ".");
        for (name, line) in imports {
            let all = line.split_once(" import ");
            let (from, names) = all.unwrap_or(("", line));
            let names: Vec<&str> = names.split(", ").collect();
            let text = self.text(path)?.unwrap_or_default();
            let module = self.parse(path, &text)?;
            // One line for all of them, unless some are there.
            let lines = match names.len() > 1 && names.iter().any(|name| module.binds(name)) {
                true => names
                    .iter()
                    .map(|name| (*name, format!("{from} import {name}")))
                    .collect(),
                false => vec![(*name, (*line).to_owned())],
            };
            for (name, line) in &lines {
                let edit = Edit::Import {
                    name,
                    line,
                    own,
                    package: &package,
                };
                self.edit(path, &edit)?;
            }
        }
        Ok(())
    }
}
