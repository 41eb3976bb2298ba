use std::{error::Error, fmt, path::Path, sync::Arc};

use super::Id;
use crate::BoxError;

/// The store could not be opened, or not do what it was asked.
#[derive(Clone, Debug)]
pub struct StoreError {
    kind: Kind,
    message: String,
    source: Option<Arc<BoxError>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Locked,
    Damaged,
    TooLarge,
    NotLeased,
    Unknown,
    Failed,
}

impl StoreError {
    /// Whether another process has the store open.
    pub fn is_locked(&self) -> bool {
        self.kind == Kind::Locked
    }

    /// Whether the file is damaged, or no store of this version of polyfn.
    pub fn is_damaged(&self) -> bool {
        self.kind == Kind::Damaged
    }

    /// Whether a message or a name is larger than the store takes.
    pub fn is_too_large(&self) -> bool {
        self.kind == Kind::TooLarge
    }

    /// Whether an item was settled that is leased no more: it was settled before, or the store was opened anew.
    pub fn is_not_leased(&self) -> bool {
        self.kind == Kind::NotLeased
    }

    /// Whether there is no dead letter of that id.
    pub fn is_unknown(&self) -> bool {
        self.kind == Kind::Unknown
    }

    pub(super) fn locked(folder: &Path, process: Option<u32>) -> Self {
        let process = process.map_or_else(|| "another process".to_owned(), |process| format!("process {process}"));
        let message = format!("{process} has the messages in `{}` open: stop it, or start in another folder", folder.display());
        Self { kind: Kind::Locked, message, source: None }
    }

    pub(super) fn damaged(file: &Path, reason: impl fmt::Display) -> Self {
        let file = file.display();
        let message = format!("`{file}` is damaged or not this version's: {reason}; move it away to start without its messages");
        Self { kind: Kind::Damaged, message, source: None }
    }

    pub(super) fn damaged_record() -> Self {
        Self { kind: Kind::Damaged, message: "a stored message is damaged or not this version's".into(), source: None }
    }

    pub(super) fn too_large(what: &str, size: usize, most: usize) -> Self {
        Self { kind: Kind::TooLarge, message: format!("a {what} has {size} bytes, of at most {most}"), source: None }
    }

    pub(super) fn not_leased(id: Id) -> Self {
        Self { kind: Kind::NotLeased, message: format!("message {id} is leased no more, so it cannot be settled"), source: None }
    }

    pub(super) fn unknown(id: Id) -> Self {
        Self { kind: Kind::Unknown, message: format!("there is no dead letter {id}"), source: None }
    }

    pub(super) fn failed(message: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self { kind: Kind::Failed, message: message.into(), source: Some(Arc::new(source.into())) }
    }

    /// What the database said of an open store.
    pub(super) fn database(error: impl Into<redb::Error>) -> Self {
        match error.into() {
            redb::Error::Corrupted(_) => Self::damaged_record(),
            error => Self::failed("the store of messages cannot be read or written", error),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| -> &(dyn Error + 'static) { &***source })
    }
}
