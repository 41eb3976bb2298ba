use std::{fs, path::PathBuf};

use polyfn::Error;

/// The file that holds what the last function was called with.
pub(crate) struct Output(PathBuf);

impl Output {
    /// A file of this name.
    pub(crate) fn new(file: impl Into<PathBuf>) -> Self {
        Self(file.into())
    }

    /// Replaces what is in the file. It is closed when this returns, and so before the caller has an answer.
    pub(crate) fn write(&self, text: &[u8]) -> Result<(), Error> {
        Ok(fs::write(&self.0, text)?)
    }
}
