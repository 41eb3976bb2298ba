use std::path::PathBuf;

use polyfn_shim::manifest::Entry;

use super::lint::{Level, Lint};
use crate::target::Target;

/// Something that a lint found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) lint: Lint,
    pub(crate) target: Target,
    /// The function that it is about, if it is about one.
    pub(crate) function: Option<String>,
    /// Where it is written.
    pub(crate) place: Option<(PathBuf, u32)>,
    /// What is wrong, and what to write.
    pub(crate) message: String,
}

impl Finding {
    /// One about this function.
    pub(crate) fn of(lint: Lint, target: Target, function: &Entry, message: impl Into<String>) -> Self {
        let place = (!function.file.is_empty()).then(|| (PathBuf::from(&function.file), function.line));
        Self { lint, target, function: Some(function.name.clone()), place, message: message.into() }
    }

    /// One about the program as a whole.
    pub(crate) fn on(lint: Lint, target: Target, message: impl Into<String>) -> Self {
        Self { lint, target, function: None, place: None, message: message.into() }
    }

    /// One about this file.
    pub(crate) fn at(lint: Lint, target: Target, file: PathBuf, message: impl Into<String>) -> Self {
        Self { lint, target, function: None, place: Some((file, 1)), message: message.into() }
    }

    /// Whether the program cannot be deployed as it is.
    pub(crate) fn is_error(&self) -> bool {
        self.lint.level == Level::Error
    }
}
