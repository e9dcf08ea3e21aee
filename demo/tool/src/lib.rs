//! [`luthier`] under another name: `Cargo.toml` says why.

pub use luthier::run;
