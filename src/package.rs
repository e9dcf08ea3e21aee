//! What it takes to ship a project: container images, where they run, and what is in them. Pure: workspace → text.

pub(crate) mod binary;
pub(crate) mod compose;
pub(crate) mod dockerfile;
pub(crate) mod embedded;
pub(crate) mod kubernetes;
pub(crate) mod python;
pub(crate) mod requirements;
pub(crate) mod server;
pub(crate) mod site;
pub(crate) mod system;
mod text;

/// A file that a generator of this module wants, relative to the folder it writes to, with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }
}
