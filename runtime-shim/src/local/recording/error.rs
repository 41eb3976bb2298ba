use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{BoxError, DecodeError};

/// A recording could not be written or read.
///
/// Its text names the file first, and the place in it if there is one:
/// `recordings/0001-queue-fulfil.json: events[0].queue.title: unknown member; there are name, group, sequence`.
#[derive(Debug)]
pub struct RecordingError {
    file: PathBuf,
    reason: String,
    source: Option<BoxError>,
}

impl RecordingError {
    /// The file or folder.
    pub fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn new(file: &Path, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), reason: reason.into(), source: None }
    }

    pub(super) fn io(file: &Path, reason: &str, source: io::Error) -> Self {
        Self { file: file.to_owned(), reason: format!("{reason}: {source}"), source: Some(source.into()) }
    }

    pub(super) fn decode(file: &Path, source: DecodeError) -> Self {
        Self { file: file.to_owned(), reason: source.to_string(), source: Some(source.into()) }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.reason)
    }
}

impl Error for RecordingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The text says already what the source does; further down may be more.
        self.source.as_deref().and_then(Error::source)
    }
}
