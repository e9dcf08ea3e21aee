//! What is asked of the modules: types that the settings name, and which modules hold entities.

use super::super::constants::Scope;
use super::super::source::Diagnostic;
use super::super::types::Known;
use super::{Index, ModuleId, plain};

impl Index<'_> {
    /// What the `column_type` written as `text` in `module` means, which `read` finds out the first time.
    pub(in super::super) fn column_type(
        &self,
        module: ModuleId,
        text: &str,
        read: impl FnOnce(&Scope) -> Result<Known, Diagnostic>,
    ) -> Result<Known, Diagnostic> {
        if let Some(known) = self.column_types.borrow().get(text) {
            return Ok(known.clone());
        }
        let scope = Scope::new(self, module);
        let known = read(&scope)?;
        if !scope.is_used() {
            let text = text.to_owned();
            self.column_types.borrow_mut().insert(text, known.clone());
        }
        Ok(known)
    }

    /// What `[types]` of the settings says about the type that `path` names.
    pub(in super::super) fn said(&self, path: &syn::Path) -> Option<Result<Known, Diagnostic>> {
        let types = &self.settings.types;
        if types.is_empty() {
            return None;
        }
        let last = path.segments.last()?;
        let whole: String = quote::quote!(#path)
            .to_string()
            .split_whitespace()
            .collect();
        let names: Vec<String> = path.segments.iter().map(|s| plain(&s.ident)).collect();
        let keys = [whole, names.join("::"), plain(&last.ident)];
        let text = keys.iter().find_map(|key| types.get(key))?;
        Some(self.settings.column_type(self, text))
    }

    /// What `[types]` of the settings says about a `column_type` that needs more than its text.
    pub(in super::super) fn said_of_text(
        &self,
        column_type: &str,
    ) -> Option<Result<Known, Diagnostic>> {
        let text = self.settings.types.get(column_type)?;
        Some(self.settings.column_type(self, text))
    }

    /// The modules whose files have a text like that, loaded; looked for once.
    pub(in super::super) fn modules_with_text(&self, like: impl Fn(&str) -> bool) -> &[ModuleId] {
        self.implementations.get_or_init(|| {
            let mut found: Vec<usize> = (0..self.sources.len())
                .filter(|number| like(&self.sources[*number].text))
                .collect();
            found.extend(self.macros.invoking(&found));
            let mut modules = Vec::new();
            for source in found {
                let known = self.by_source.borrow().get(&source).copied();
                modules.extend(known.filter(|module| self.content(*module).is_ok()));
            }
            let all = self.modules.borrow();
            let inline = (0..all.len()).filter(|id| {
                let inside = modules
                    .iter()
                    .any(|module| all[*module].source == all[*id].source);
                inside && all[*id].content.is_some() && !modules.contains(id)
            });
            let inline: Vec<ModuleId> = inline.collect();
            drop(all);
            modules.extend(inline);
            modules
        })
    }

    /// What could not be read on the way, and may have held entities.
    pub(in super::super) fn problems(&self) -> Vec<Diagnostic> {
        self.problems.borrow().clone()
    }

    /// Whether `module` is part of migrations, whose entities are those of another time: it or a module around it
    /// implements one, or the crate is nothing else.
    pub(in super::super) fn is_in_migrations(&self, module: ModuleId) -> bool {
        let mut at = Some(module);
        while let Some(id) = at {
            let parent = self.parent(id);
            let Ok(content) = self.content(id) else {
                return false;
            };
            let is_history = content.implements("MigratorTrait");
            let inside = match parent {
                Some(_) => is_history || content.implements("MigrationTrait"),
                None => is_history && self.source(id).crate_name.contains("migrat"),
            };
            if inside {
                return true;
            }
            at = parent;
        }
        false
    }

    /// The modules that hold an entity, in the order of their files.
    pub(in super::super) fn modules_with_entities(&self) -> Vec<ModuleId> {
        let modules = self.modules.borrow();
        let mut found: Vec<ModuleId> = (0..modules.len())
            .filter(|id| {
                let content = modules[*id].content.as_ref();
                content.is_some_and(|content| content.model.is_some())
            })
            .collect();
        found.sort_by_key(|id| (&self.sources[modules[*id].source].path, *id));
        found
    }
}
