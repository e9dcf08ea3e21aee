//! One option as it was kept, and where.

/// Words of a command line that were kept on one line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// The file and the line: `luthier.toml:12`.
    pub(super) place: String,
    pub(super) words: Vec<String>,
}
