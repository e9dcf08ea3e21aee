//! Follows a path to what it names: through modules, imports, globs and other crates of the workspace.

use syn::Path;

use super::index::{Index, ModuleId, plain};
use super::source::Diagnostic;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolution {
    Module(ModuleId),
    /// A type: its module, and its number among the module's items.
    Type(ModuleId, usize),
    /// The `Entity` of a module.
    Entity(ModuleId),
    /// A constant or a function, likewise.
    Value(ModuleId, usize),
    /// Something outside of the workspace, by its full path.
    External(Vec<String>),
}

/// The names being looked up, outermost first: imports and globs may run in cycles.
type Walk = Vec<(ModuleId, String)>;

impl Index<'_> {
    /// What `path` names when written in `module`; `None` when nothing is called that.
    ///
    /// # Errors
    /// A file on the way is not Rust.
    pub(super) fn resolve(
        &self,
        module: ModuleId,
        path: &Path,
    ) -> Result<Option<Resolution>, Diagnostic> {
        let names: Vec<String> = path.segments.iter().map(|s| plain(&s.ident)).collect();
        self.resolve_names(module, &names, &mut Walk::new())
    }

    fn resolve_names(
        &self,
        module: ModuleId,
        names: &[String],
        walk: &mut Walk,
    ) -> Result<Option<Resolution>, Diagnostic> {
        let Some((first, mut rest)) = names.split_first() else {
            return Ok(None);
        };
        let mut target = match first.as_str() {
            "crate" => Some(Resolution::Module(self.root(module))),
            "self" => Some(Resolution::Module(module)),
            "super" => self.parent(module).map(Resolution::Module),
            name => match self.lookup(module, name, walk)? {
                Some(target) => Some(target),
                None => self.outside(names, &mut rest),
            },
        };
        while let (Some(at), Some((name, more))) = (&target, rest.split_first()) {
            target = match at {
                Resolution::Module(at) if name == "super" => {
                    self.parent(*at).map(Resolution::Module)
                }
                Resolution::Module(at) => self.lookup(*at, name, walk)?,
                Resolution::External(path) => Some(Resolution::External(joined(path, name))),
                Resolution::Type(..) | Resolution::Value(..) | Resolution::Entity(_) => None,
            };
            rest = more;
        }
        Ok(target)
    }

    /// A crate of the workspace, or something outside of it.
    fn outside(&self, names: &[String], rest: &mut &[String]) -> Option<Resolution> {
        if let Some(root) = self.crate_root(&names[0]) {
            return Some(Resolution::Module(root));
        }
        *rest = &[];
        Some(Resolution::External(names.to_vec()))
    }

    /// What `name` means inside `module`, before the names of crates.
    fn lookup(
        &self,
        module: ModuleId,
        name: &str,
        walk: &mut Walk,
    ) -> Result<Option<Resolution>, Diagnostic> {
        if walk
            .iter()
            .any(|(at, known)| *at == module && known == name)
        {
            return Ok(None);
        }
        walk.push((module, name.to_owned()));
        let found = self.lookup_once(module, name, walk);
        walk.pop();
        found
    }

    fn lookup_once(
        &self,
        module: ModuleId,
        name: &str,
        walk: &mut Walk,
    ) -> Result<Option<Resolution>, Diagnostic> {
        let content = self.content(module)?;
        if let Some(why) = content.unsure.get(name) {
            return Err(why.clone());
        }
        if let Some(child) = content.children.get(name) {
            return Ok(Some(Resolution::Module(*child)));
        }
        // `Entity` is written by the derive, so the source has only the `Model`.
        if name == "Entity" && content.model.is_some() {
            return Ok(Some(Resolution::Entity(module)));
        }
        if let Some(item) = content.types.get(name) {
            return Ok(Some(Resolution::Type(module, *item)));
        }
        if let Some(item) = content.values.get(name) {
            return Ok(Some(Resolution::Value(module, *item)));
        }
        if let Some(path) = content.imports.get(name) {
            // `use books;` names the crate, not itself.
            if path.len() == 1 && path[0] == name {
                return Ok(self.outside(path, &mut [].as_slice()));
            }
            return self.resolve_names(module, path, walk);
        }
        for (number, glob) in content.globs.iter().enumerate() {
            let found = match self.resolve_names(module, glob, walk)? {
                Some(Resolution::Module(other)) => self.lookup(other, name, walk)?,
                Some(Resolution::External(path)) => {
                    let path = joined(&path, name);
                    super::types::is_known(&path).then_some(Resolution::External(path))
                }
                _ => None,
            };
            if let (Some(_), Some(why)) = (&found, content.unsure_globs.get(&number)) {
                return Err(why.clone());
            }
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

fn joined(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}
