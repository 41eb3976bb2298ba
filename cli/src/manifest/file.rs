use std::path::PathBuf;

/// A file that a command writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Where, below the folder of the provider's files.
    pub(crate) path: PathBuf,
    /// What is in it.
    pub(crate) text: String,
    /// Whether it is a program.
    pub(crate) executable: bool,
}

impl File {
    /// A file that is no program.
    pub(crate) fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), executable: false }
    }
}
