//! Projects in Python: what their lock files say of their dependencies, and the images that they become. Pure.

pub(crate) mod image;
pub(crate) mod instance;
pub(crate) mod lock;
mod locked;
mod marker;
pub(crate) mod metadata;
mod native;
mod pylock;
pub(crate) mod requirement;
mod requirements_txt;
mod uv_lock;

pub(crate) use lock::Locked;
pub(crate) use requirements_txt::files as requirements_files;
