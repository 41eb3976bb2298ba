use std::{error::Error, fmt};

/// Any error, owned and sendable.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A delivery could not be read.
///
/// Its text names the place first, then what was wrong there, and never repeats the value:
/// `Records[2].body: missing field "id"`.
///
/// ```
/// use polyfn_shim::DecodeError;
///
/// let error = DecodeError::at("headers.bad name", "not an HTTP header name");
/// assert_eq!(error.path(), "headers.bad name");
/// assert_eq!(error.to_string(), "headers.bad name: not an HTTP header name");
/// ```
#[derive(Debug)]
pub struct DecodeError {
    path: String,
    reason: String,
    kind: Kind,
    source: Option<BoxError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Invalid,
    UnknownShape,
    UnsupportedFormat,
}

impl DecodeError {
    /// What is at `path` is wrong for this `reason`.
    pub fn at(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), kind: Kind::Invalid, source: None }
    }

    /// The delivery is no JSON, or ends too early.
    pub fn json(source: serde_json::Error) -> Self {
        // serde_json's message can hold a piece of the input only for typed values; syntax messages do not.
        Self { path: String::new(), reason: source.to_string(), kind: Kind::Invalid, source: Some(source.into()) }
    }

    /// No decoder knows a delivery with these top-level keys.
    pub fn unknown_shape<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let keys = keys.into_iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let reason =
            if keys.is_empty() { "unknown shape without keys".into() } else { format!("unknown shape with the keys {keys}") };
        Self { path: String::new(), reason, kind: Kind::UnknownShape, source: None }
    }

    /// What is at `path` says that the delivery is in a format that nobody here reads.
    pub fn unsupported_format(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { kind: Kind::UnsupportedFormat, ..Self::at(path, reason) }
    }

    /// Where in the delivery, such as `Records[2].body`; empty for the delivery as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the delivery had a shape that no decoder knows.
    pub fn is_unknown_shape(&self) -> bool {
        self.kind == Kind::UnknownShape
    }

    /// Whether the delivery was in a format that nobody here reads; over HTTP that is a 415.
    pub fn is_unsupported_format(&self) -> bool {
        self.kind == Kind::UnsupportedFormat
    }

    /// The same error, found under `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{prefix}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.path, self.reason) }
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| -> &(dyn Error + 'static) { source })
    }
}

/// The process could not start, or could not go on serving.
///
/// ```
/// let error = polyfn_shim::ServeError::new("port 8080 is taken");
/// assert_eq!(error.to_string(), "port 8080 is taken");
/// ```
#[derive(Debug)]
pub struct ServeError {
    message: String,
    source: Option<BoxError>,
}

impl ServeError {
    /// An error that says this.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// An error that says this, and why.
    pub fn because(message: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self { message: message.into(), source: Some(source.into()) }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ServeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| -> &(dyn Error + 'static) { source })
    }
}
