use crate::{Event, Trigger};

/// Whether the order of a delivery's events means anything.
///
/// Where it does, an event waits for the one before it in its group, and is not started if that one failed: it would overtake the
/// failed one when that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order<'a> {
    /// It does not: each event stands for itself.
    None,
    /// Within a queue's group, a topic's ordering key or a stream's partition it does, as the events tell them.
    Groups,
    /// Within these groups it does, one for each event: a record that has a group can hold an event that has none.
    By(&'a [Option<&'a str>]),
}

impl Order<'_> {
    /// The group of the event at this place; `None` if nothing waits for it. Events without a group of their own are one group.
    pub(super) fn group(self, index: usize, event: &Event) -> Option<String> {
        match self {
            Self::None => None,
            Self::By(groups) => Some(groups.get(index).copied().flatten().unwrap_or_default().to_owned()),
            Self::Groups => match event.trigger() {
                Trigger::Queue(queue) => Some(format!("{:?} {:?}", queue.name, queue.group)),
                Trigger::Topic(topic) => Some(format!("{:?} {:?}", topic.name, topic.ordering_key)),
                Trigger::Stream(stream) => Some(format!("{:?} {:?}", stream.name, stream.partition)),
                Trigger::Change(_) => Some(String::new()),
                _ => None,
            },
        }
    }
}
