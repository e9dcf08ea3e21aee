//! Edits of several files, each building on the ones before.

use super::Unwirable;
use crate::error::{Error, Result};
use crate::plan::Plan;

/// Reads a file of the project by its path; `None` if there is none.
pub(crate) type Read<'a> = &'a dyn Fn(&str) -> Result<Option<String>>;

/// The files that were asked for, as they are and as they shall be.
pub(crate) struct Edits<'a> {
    read: Read<'a>,
    files: Vec<File>,
}

struct File {
    path: String,
    /// None of a file that is to be made.
    before: Option<String>,
    after: String,
}

impl<'a> Edits<'a> {
    pub(crate) fn new(read: Read<'a>) -> Self {
        Self {
            read,
            files: Vec::new(),
        }
    }

    /// Lets `edit` change the file at `path`; a module `x.rs` may also be at `x/mod.rs`.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be edited: with what to add where.
    pub(crate) fn edit(
        &mut self,
        path: &str,
        edit: impl Fn(&str) -> Result<String, Unwirable>,
    ) -> Result<()> {
        let elsewhere = path
            .strip_suffix(".rs")
            .map(|module| format!("{module}/mod.rs"));
        for path in [Some(path), elsewhere.as_deref()].into_iter().flatten() {
            if let Some(file) = self.open(path)? {
                file.after = edit(&file.after).map_err(|unwirable| unwirable.in_file(path))?;
                return Ok(());
            }
        }
        match edit("") {
            Ok(_) => Err(Error::failed(format_args!("there is no {path} to edit"))),
            Err(unwirable) => Err(Unwirable {
                why: "there is no such file".to_owned(),
                ..unwirable
            }
            .in_file(path)),
        }
    }

    /// Lets later edits change the file at `path`, which is made with `text` if it is not there.
    pub(crate) fn make(&mut self, path: &str, text: &str) -> Result<()> {
        if self.open(path)?.is_none() {
            self.files.push(File {
                path: path.to_owned(),
                before: None,
                after: text.to_owned(),
            });
        }
        Ok(())
    }

    fn open(&mut self, path: &str) -> Result<Option<&mut File>> {
        let known = self.files.iter().position(|file| file.path == path);
        let index = match known {
            Some(index) => index,
            None => {
                let Some(text) = (self.read)(path)? else {
                    return Ok(None);
                };
                self.files.push(File {
                    path: path.to_owned(),
                    before: Some(text.clone()),
                    after: text,
                });
                self.files.len() - 1
            }
        };
        Ok(self.files.get_mut(index))
    }

    /// The files as they shall be, by their paths.
    pub(crate) fn texts(self) -> Vec<(String, String)> {
        let files = self.files.into_iter();
        files.map(|file| (file.path, file.after)).collect()
    }

    /// As [`plan`](Self::plan), but for the file at `path`, whose text is answered.
    pub(crate) fn plan_but(mut self, plan: &mut Plan, path: &str) -> Option<String> {
        let at = self.files.iter().position(|file| file.path == path);
        let file = at.map(|at| self.files.remove(at));
        self.plan(plan);
        file.map(|file| file.after)
    }

    /// Adds every file to `plan`, unchanged ones too: those are reported as identical.
    pub(crate) fn plan(self, plan: &mut Plan) {
        for file in self.files {
            match file.before {
                Some(before) => plan.edit(file.path, before, file.after),
                None => plan.create(file.path, file.after),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::wire::rust::{Module, add_module};

    fn files(path: &str) -> Result<Option<String>> {
        let text = match path {
            "src/models/mod.rs" => "mod a;\n",
            "src/bad.rs" => "mod ;\n",
            _ => return Ok(None),
        };
        Ok(Some(text.to_owned()))
    }

    fn module(name: &str) -> Module<'_> {
        Module {
            name,
            public: false,
        }
    }

    #[test]
    fn edits_of_one_file_build_on_each_other_wherever_the_module_is() {
        let mut edits = Edits::new(&files);
        for name in ["c", "b"] {
            edits
                .edit("src/models.rs", |text| add_module(text, module(name)))
                .unwrap();
        }
        let mut plan = Plan::new("test", "");
        edits.plan(&mut plan);
        let mut expected = Plan::new("test", "");
        expected.edit("src/models/mod.rs", "mod a;\n", "mod a;\nmod b;\nmod c;\n");
        assert_eq!(plan.steps, expected.steps);
    }

    #[test]
    fn a_file_that_is_missing_or_broken_says_what_to_add() {
        let mut edits = Edits::new(&files);
        let error = edits
            .edit("src/bad.rs", |text| add_module(text, module("b")))
            .unwrap_err();
        insta::assert_snapshot!(format!("{error}\n{}", error.hints.join("\n")), @r"
        src/bad.rs cannot be edited: line 1 is not valid Rust: expected identifier
        correct that, then run the same command again
        ");
        let error = edits.edit("src/none.rs", |_| {
            Err(Unwirable {
                why: "it is empty".into(),
                add: ".merge(x())".into(),
                place: "to `router`".into(),
            })
        });
        let error = error.unwrap_err();
        insta::assert_snapshot!(format!("{error}\n{}", error.hints.join("\n")), @r"
        src/none.rs cannot be edited: there is no such file
        in src/none.rs, add this to `router`:

            .merge(x())

        then run the same command again
        ");
    }
}
