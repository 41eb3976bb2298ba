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
        Self { path: path.into(), reason: reason.into(), kind: Kind::Invalid }
    }

    /// The delivery is no JSON, or ends too early.
    pub fn json(source: serde_json::Error) -> Self {
        // Only a message about a typed value quotes it; those about syntax do not.
        let reason = if source.is_data() { without_value(&source.to_string()) } else { source.to_string() };
        Self { path: String::new(), reason, kind: Kind::Invalid }
    }

    /// No decoder knows a delivery with these top-level keys.
    pub fn unknown_shape<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let keys = keys.into_iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let reason =
            if keys.is_empty() { "unknown shape without keys".into() } else { format!("unknown shape with the keys {keys}") };
        Self { path: String::new(), reason, kind: Kind::UnknownShape }
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

impl Error for DecodeError {}

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

/// A serde message without the value that it quotes: an answer or a log line must not repeat a secret.
///
/// ```
/// assert_eq!(polyfn_shim::without_value(r#"invalid type: string "hunter2", expected u64 at line 1 column 9"#), "expected u64");
/// ```
pub fn without_value(message: &str) -> String {
    // The expectation is the type's own words and comes last; whatever stands before it may be the caller's.
    if let Some((_, expected)) = message.rsplit_once(", expected ") {
        let expected = expected.split(" at line ").next().unwrap_or(expected);
        return format!("expected {expected}");
    }
    if message.starts_with("missing field ") || message.starts_with("duplicate field ") {
        // The path says where.
        return message.split(" at line ").next().unwrap_or(message).to_owned();
    }
    // What the parsers of JSON and of the standard library's numbers say quotes nothing.
    const OWN: [&str; 13] = [
        "EOF while parsing",
        "expected ",
        "trailing ",
        "invalid number",
        "number out of range",
        "control character",
        "invalid escape",
        "key must be a string",
        "recursion limit",
        "invalid digit found",
        "number too ",
        "cannot parse ",
        "provided string was not",
    ];
    if OWN.iter().any(|own| message.starts_with(own)) { message.to_owned() } else { "not accepted".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::without_value;

    #[test]
    fn a_message_never_repeats_the_value() {
        for (message, want) in [
            (r#"invalid type: string "hunter2", expected u64 at line 1 column 9"#, "expected u64"),
            ("invalid type: integer `7777`, expected a text", "expected a text"),
            (r#"invalid value: string ", expected hunter2", expected a colour"#, "expected a colour"),
            ("unknown variant `hunter2`, expected one of `a`, `b`", "expected one of `a`, `b`"),
            ("missing field `id` at line 1 column 2", "missing field `id`"),
            ("invalid digit found in string", "invalid digit found in string"),
            ("hunter2 is no password", "not accepted"),
        ] {
            assert_eq!(without_value(message), want);
        }
    }
}
