//! What starts a function, as resources of a template: one trigger a file.
//!
//! Topics, objects, schedules and custom events reach a function through a queue of its own. A queue is what can deliver a failed
//! event as often as `retries` says, several in a delivery, and keep what was given up; an asynchronous invoke tries again twice
//! at the most, for all functions of a program alike.

mod change;
mod event;
mod inbox;
mod object;
mod pattern;
mod queue;
mod schedule;
mod shards;
mod stream;
mod topic;

use polyfn_shim::{event::Kind, manifest::Entry};

pub(super) use self::inbox::is_fifo;
use super::{name::logical, parts::Parts};
use crate::{failure::Failure, manifest::yaml::Node};

/// A function, and what its trigger has to know of the unit that runs it.
#[derive(Clone, Copy)]
pub(super) struct Function<'a> {
    pub(super) entry: &'a Entry,
    /// How long an invocation of its unit takes at the most, in seconds.
    pub(super) timeout: u64,
}

/// What delivers events to a function of a unit, and what the unit's role has to be allowed for it.
pub(super) struct Source {
    /// The event of the SAM function.
    pub(super) event: Node,
    /// What Lambda does for the function.
    pub(super) statements: Vec<Node>,
}

impl Function<'_> {
    /// A name for a resource of this function.
    fn id(&self, what: &str) -> String {
        format!("{}{what}", logical(&self.entry.name))
    }

    /// What the attribute names; `*` stands for any text.
    fn resource(&self) -> &str {
        self.entry.resource.as_deref().unwrap_or_default()
    }

    /// Whether the attribute names one resource, and no pattern of names.
    fn names_one(&self) -> bool {
        !self.resource().contains('*')
    }
}

/// Adds what the trigger needs to the template; `None` for what is called: by its route, or by an Invoke.
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Result<Option<Source>, Failure> {
    Ok(Some(match function.entry.trigger {
        Kind::Http | Kind::Direct => return Ok(None),
        Kind::Queue => queue::source(function, parts),
        Kind::Topic => topic::source(function, parts),
        Kind::Object => object::source(function, parts),
        Kind::Schedule => schedule::source(function, parts)?,
        Kind::Change => change::source(function, parts),
        Kind::Stream => stream::source(function, parts),
        Kind::Event => event::source(function, parts),
    }))
}
