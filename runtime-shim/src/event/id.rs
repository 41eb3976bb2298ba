use std::fmt;

#[cfg(feature = "aws")]
use bytes::Bytes;

/// What the provider calls an event.
#[derive(Clone)]
pub(super) enum Id {
    Own(String),
    /// A piece of the delivery, which is text: to look at it takes less than to copy it.
    #[cfg(feature = "aws")]
    Piece(Bytes),
}

impl Id {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Own(id) => id,
            #[cfg(feature = "aws")]
            Self::Piece(id) => std::str::from_utf8(id).unwrap_or_default(),
        }
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::Own(String::new())
    }
}

impl From<String> for Id {
    fn from(id: String) -> Self {
        Self::Own(id)
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
