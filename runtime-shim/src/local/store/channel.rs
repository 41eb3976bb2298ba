use std::fmt;

use super::StoreError;
use crate::event::Kind;

/// One line of messages: those of a queue, or one function's copy of those of a topic.
///
/// What is sent to a topic with several functions is sent to one channel for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Channel {
    /// What starts the function: a queue, a topic, a stream ...
    pub kind: Kind,
    /// The queue's or topic's name.
    pub name: String,
    /// The function that its messages are for.
    pub consumer: String,
}

/// The most bytes of a channel's name, of its consumer and of a group.
pub(super) const NAME: usize = 1024;

impl Channel {
    /// The messages of `name` for this function.
    pub fn new(kind: Kind, name: impl Into<String>, consumer: impl Into<String>) -> Self {
        Self { kind, name: name.into(), consumer: consumer.into() }
    }

    /// Whether its names are short enough to be stored.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        for (what, name) in [("name of a channel", &self.name), ("name of a function", &self.consumer)] {
            if name.len() > NAME {
                return Err(StoreError::too_large(what, name.len(), NAME));
            }
        }
        Ok(())
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` of `{}`", self.kind, self.name.escape_debug(), self.consumer.escape_debug())
    }
}
