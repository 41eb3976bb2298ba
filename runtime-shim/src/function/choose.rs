use super::{Function, Table, table::names};
use crate::{Event, Failure, Trigger, event::Kind};

impl Table {
    /// The function of an event that is no request: the only one of its kind, else the one whose resource it is of.
    pub(super) fn choose(&self, event: &Event) -> Result<&Function, Failure> {
        let kind = event.trigger().kind();
        let of_kind = || self.functions.iter().filter(move |function| function.description().binding.kind() == kind);
        let mut fitting = of_kind().filter(|function| kind == Kind::Direct || function.description().takes(event));
        match (fitting.next(), fitting.next()) {
            (Some(function), None) => Ok(function),
            (Some(_), Some(_)) => {
                let all: Vec<_> = of_kind().cloned().collect();
                let message = format!("several functions take {}; set POLYFN_FUNCTION to one of {}", told(event), names(&all));
                Err(Failure::new("NoFunction", message))
            }
            (None, _) => {
                let mut of_kind = of_kind();
                let only = of_kind.next().filter(|_| of_kind.next().is_none());
                // A process with one function is deployed for it, whatever its resource is called there; and a schedule has the
                // name that the deployment gave it.
                only.filter(|_| self.functions.len() == 1 || kind == Kind::Schedule).ok_or_else(|| {
                    let all = names(&self.functions);
                    Failure::new("NoFunction", format!("no function takes {}; there are {all}", told(event)))
                })
            }
        }
    }
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
