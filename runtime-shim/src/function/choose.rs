use super::{Declared, Function, Table, declared::Taker, table::names};
use crate::{Event, Failure, Trigger, event::Kind};

impl Table {
    /// What its functions declare.
    pub fn declared(&self) -> Declared<'_> {
        Declared::of(&self.functions)
    }

    /// The function of an event that is no request, or why there is none.
    pub(super) fn choose(&self, event: &Event) -> Result<&Function, Failure> {
        let message = match self.declared().taker(event) {
            Taker::One(function) => return Ok(function),
            Taker::Several => {
                let all: Vec<_> = self.declared().of_kind(event.trigger().kind()).cloned().collect();
                format!("several functions take {}; set POLYFN_FUNCTION to one of {}", told(event), names(&all))
            }
            Taker::Nobody => format!("no function takes {}; there are {}", told(event), names(&self.functions)),
        };
        Err(Failure::new("NoFunction", message))
    }
}

/// This function, if it wants such an event of its resource.
pub(super) fn admitted<'a>(function: &'a Function, event: &Event) -> Result<&'a Function, Failure> {
    let description = function.description();
    if description.admits(event) {
        return Ok(function);
    }
    Err(Failure::new("NoFunction", format!("`{}` does not take {}; narrow what is sent to it", description.name, told(event))))
}

/// Which event it is, in words.
fn told(event: &Event) -> String {
    let kind = event.trigger().kind();
    let name = match event.trigger() {
        Trigger::Queue(queue) => queue.name.as_deref(),
        Trigger::Topic(topic) => topic.name.as_deref(),
        Trigger::Stream(stream) => stream.name.as_deref(),
        Trigger::Change(change) => change.collection.as_deref(),
        Trigger::Schedule(schedule) => schedule.name.as_deref(),
        Trigger::Object(object) => Some(object.bucket.as_str()),
        Trigger::Event => Some(event.ty()),
        Trigger::Http(_) | Trigger::Direct => None,
    };
    match name {
        Some(name) => format!("{} {kind} event of `{name}`", article(kind)),
        None => format!("{} {kind} event", article(kind)),
    }
}

fn article(kind: Kind) -> &'static str {
    if matches!(kind, Kind::Object | Kind::Event) { "an" } else { "a" }
}
