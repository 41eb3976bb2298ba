use super::{File, Folder};
use crate::failure::Failure;

/// What a user changes in generated files.
#[derive(Debug, Default)]
pub(crate) struct Overlay {}

impl Overlay {
    /// Reads the overlays of a provider's folder; there may be none.
    pub(crate) fn read(_: &Folder) -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// The files with the user's edits in them, and what has to be told of the edits.
    pub(crate) fn apply(&self, files: Vec<File>) -> Result<(Vec<File>, Vec<String>), Failure> {
        Ok((files, Vec::new()))
    }
}
