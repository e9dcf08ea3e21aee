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

    /// What the interpreter says of a module, once.
    pub(super) fn parse(&self, path: &str, text: &str) -> Result<Rc<Module>> {
        if let Some(module) = self.parsed.borrow().get(text) {
            return Ok(Rc::clone(module));
        }
        let module = Rc::new(parse(self.project, path, text)?);
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
                Edit::Item { list, item, .. } => (format!("{list} += [{item}]"), "at the end"),
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
            Ok(edited) => self.set(path, edited),
            Err(Refused::Shape(why)) => Err(by_hand(why)),
            Err(Refused::Taken(why)) => Err(Error::bad_input(format_args!(
                "{path}: {why} from what this command makes"
            ))
            .hint("change it by hand, or give the new one another name")),
        }
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
    match &module.error {
        None => Ok(module),
        Some(error) => {
            let line = module
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            Err(Error::failed(format_args!(
                "{path}{line}: Python cannot read it: {error}"
            )))
        }
    }
}

impl Edits<'_> {
    /// Makes imports, each with the name that it binds; `own` is the project's own package.
    pub(super) fn import(&mut self, path: &str, own: &str, imports: &[(&str, &str)]) -> Result<()> {
        for (name, line) in imports {
            self.edit(path, &Edit::Import { name, line, own })?;
        }
        Ok(())
    }
}
