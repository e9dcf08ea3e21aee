//! Which file `mod x;` means.

use super::super::source::{Role, Source};

/// Where the files of a module's children are.
pub(super) struct Folder {
    /// For `mod x;`: `dir/x.rs` or `dir/x/mod.rs`.
    dir: String,
    /// For `#[path = "…"]`.
    beside: String,
}

impl Folder {
    pub(super) fn from_source(source: &Source) -> Self {
        let (beside, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let dir = if source.role != Role::Module || file == "mod.rs" {
            beside.to_owned()
        } else {
            format!("{beside}/{}", file.strip_suffix(".rs").unwrap_or(file))
        };
        Self {
            dir,
            beside: beside.to_owned(),
        }
    }

    pub(super) fn inside(&self, name: &str) -> Self {
        Self {
            dir: format!("{}/{name}", self.dir),
            beside: format!("{}/{name}", self.dir),
        }
    }

    pub(super) fn candidates(&self, name: &str, attributes: &[syn::Attribute]) -> Vec<String> {
        let path = attributes.iter().find_map(|attribute| {
            let value = &attribute.meta.require_name_value().ok()?.value;
            match value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(path),
                    ..
                }) if attribute.path().is_ident("path") => Some(path.value()),
                _ => None,
            }
        });
        match path {
            Some(path) => vec![normalize(&format!("{}/{path}", self.beside))],
            None => vec![
                format!("{}/{name}.rs", self.dir),
                format!("{}/{name}/mod.rs", self.dir),
            ],
        }
    }
}

/// Takes `.` and `..` out of a path.
pub(super) fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
