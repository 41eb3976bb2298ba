use super::{Declared, Function, Table, declared::Taker, index::resource, table::names};
use crate::{Event, Failure, Invocation, event::Kind};

impl Table {
    /// What its functions declare.
    pub fn declared(&self) -> Declared<'_> {
        Declared::indexed(&self.functions, &self.index)
    }

    /// The function of an event that is no request, or why there is none.
    pub(super) fn choose(&self, event: &Event) -> Result<&Function, Unhandled> {
        let message = match self.declared().taker(event) {
            Taker::One(function) => return Ok(function),
            Taker::Unwanted => return Err(Unhandled::Unwanted),
            Taker::Several => {
                let all: Vec<_> = self.declared().of_kind(event.trigger().kind()).cloned().collect();
                format!("several functions take {}; set POLYFN_FUNCTION to one of {}", told(event), names(&all))
            }
            Taker::Nobody => format!("no function takes {}; there are {}", told(event), names(&self.functions)),
        };
        Err(Unhandled::Failed(Failure::new("NoFunction", message)))
    }
}

/// Why no function handles an event.
pub(super) enum Unhandled {
    /// The functions of its resource do not want it, as they say: it is done with.
    Unwanted,
    /// None takes it, or more than one.
    Failed(Failure),
}

impl Unhandled {
    /// The failure of the event, if it is one; it is told in the log.
    pub(super) fn failure(self, event: &Event, invocation: &Invocation) -> Option<Failure> {
        match self {
            Self::Unwanted => {
                tracing::debug!(invocation = invocation.id(), event = event.id(), "no function wants {}", told(event));
                None
            }
            Self::Failed(failure) => {
                tracing::error!(invocation = invocation.id(), event = event.id(), "{failure}");
                Some(failure)
            }
        }
    }
}

/// This function, if it wants such an event of its resource.
pub(super) fn admitted<'a>(function: &'a Function, event: &Event) -> Result<&'a Function, Unhandled> {
    let description = function.description();
    if description.admits(event) {
        return Ok(function);
    }
    if description.excludes(event) {
        return Err(Unhandled::Unwanted);
    }
    let message = format!("`{}` does not take {}; narrow what is sent to it", description.name, told(event));
    Err(Unhandled::Failed(Failure::new("NoFunction", message)))
}

/// Which event it is, in words.
fn told(event: &Event) -> String {
    let kind = event.trigger().kind();
    match resource(event) {
        Some(name) => format!("{} {kind} event of `{name}`", article(kind)),
        None => format!("{} {kind} event", article(kind)),
    }
}

fn article(kind: Kind) -> &'static str {
    if matches!(kind, Kind::Object | Kind::Event) { "an" } else { "a" }
}
