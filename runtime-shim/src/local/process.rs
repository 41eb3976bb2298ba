use std::{fmt, future::Future, pin::Pin};

use bytes::Bytes;
use http::{Request, Response};

/// What a host delivers to: functions in this process, or a program of its own.
///
/// A delivery is the request that a source makes of its host: Lambda's `Invoke` on AWS, whose answer carries
/// `x-amz-function-error` if the invocation failed; the HTTP request itself on every other provider.
pub trait Process: Send + Sync {
    /// Hands a delivery over and waits for the reply, for as long as the host would.
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_>;
}

/// A reply on its way.
pub type Delivering<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, ProcessError>> + Send + 'a>>;

/// Why there is no reply to a delivery; the source delivers it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessError {
    /// The program ended, or could not be started; the text says how.
    Exited(String),
    /// No reply came in time.
    TimedOut(String),
    /// What came back is no reply.
    Broken(String),
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(text) | Self::TimedOut(text) | Self::Broken(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for ProcessError {}
