//! The functions that the events are for: they do as the plan says, and write down what they did.

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use http::StatusCode;
use polyfn_shim::{
    Event, Failure, Outcome, Reply, Trigger,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Malformed, Settings, Table},
};

use crate::{
    ledger::{Ledger, Note},
    plan::{End, Fate, Plan},
    source::Setting,
};

/// One run of the model, as the functions and the source see it.
pub(crate) struct Run {
    pub(crate) plan: Plan,
    pub(crate) ledger: Ledger,
    /// What the source calls its queue, topic or stream.
    kind: Kind,
    /// Whether there are two functions.
    mixed: bool,
}

/// What the functions are called.
pub(crate) const NAMES: [&str; 2] = ["work", "take_back"];
/// The resources that they are for.
pub(crate) const RESOURCES: [&str; 2] = ["orders", "returns"];

impl Run {
    pub(crate) fn new(setting: &Setting, plan: Plan) -> Arc<Self> {
        Arc::new(Self { plan: setting.fit(plan), ledger: Ledger::new(), kind: setting.kind, mixed: setting.mixed })
    }

    /// The payload of an item.
    pub(crate) fn payload(&self, item: usize) -> String {
        if self.plan.items[item].is_malformed() { format!("malformed {item}") } else { format!("item {item}") }
    }

    /// The resource that an item is of.
    pub(crate) fn resource(&self, item: usize) -> &'static str {
        RESOURCES[self.plan.items[item].function]
    }

    pub(crate) fn is_broken(&self, item: usize) -> bool {
        self.plan.items[item].end == End::Broken
    }

    pub(crate) fn functions(self: &Arc<Self>) -> Functions {
        let count = if self.mixed { 2 } else { 1 };
        Functions::new((0..count).map(|place| self.function(place)).collect())
    }

    pub(crate) fn table(self: &Arc<Self>) -> Arc<Table> {
        Arc::new(Table::new(self.functions(), None, true).unwrap())
    }

    fn function(self: &Arc<Self>, place: usize) -> Function {
        // What is not meant to hang has all the time that a busy machine takes.
        let timeout = if self.plan.hangs() { Duration::from_millis(20) } else { Duration::from_secs(10) };
        let settings = Settings {
            concurrency: Some(self.plan.concurrency),
            timeout: self.plan.has_timeout.then_some(timeout),
            on_malformed: if self.plan.drops_malformed { Malformed::Drop } else { Malformed::Retry },
            ..Settings::default()
        };
        let binding = Binding::Resource { kind: self.kind, name: RESOURCES[place], filter: Filter::default() };
        let description = Description { settings, ..Description::new(NAMES[place], binding) };
        let run = Arc::clone(self);
        if self.plan.together[place] {
            Function::batch(description, move |events, _| {
                let run = Arc::clone(&run);
                async move {
                    let mut outcomes = Vec::new();
                    for event in events {
                        outcomes.push(run.obey(&event).await);
                    }
                    outcomes
                }
            })
        } else {
            Function::new(description, move |event, _| {
                let run = Arc::clone(&run);
                async move { run.obey(&event).await }
            })
        }
    }

    async fn obey(&self, event: &Event) -> Outcome {
        let item = item(event);
        let fate = self.fate(item, event);
        self.ledger.note(item, Note::Began);
        // So that events which run side by side end in another order than they began.
        for _ in 0..item % 3 {
            tokio::task::yield_now().await;
        }
        let planned = || Failure::new("Planned", "as planned");
        // As the payload types of the facade say it.
        let malformed = || Failure::new("BadInput", "as planned").with_status(StatusCode::BAD_REQUEST);
        let (note, outcome) = match fate {
            Ok(Fate::Done) => (Note::Handled, Outcome::Done(Reply::Empty)),
            Ok(Fate::Drop) => (Note::Dropped, Outcome::Drop(planned())),
            Ok(Fate::Fail) => (Note::Failed, Outcome::Retry(planned())),
            Ok(Fate::Status(status)) => {
                (Note::Failed, Outcome::Retry(planned().with_status(StatusCode::from_u16(status).unwrap())))
            }
            Ok(Fate::Panic) => {
                self.ledger.note(item, Note::Failed);
                // A panic without the hook's lines in the test's output.
                resume_unwind(Box::new("as planned"))
            }
            Ok(Fate::Hang) => std::future::pending().await,
            Err(()) if self.plan.drops_malformed => (Note::Dropped, Outcome::Drop(malformed())),
            Err(()) => (Note::Failed, Outcome::Retry(malformed())),
        };
        self.ledger.note(item, note);
        outcome
    }

    /// What the plan says of this attempt; an error if the payload cannot be read.
    fn fate(&self, item: usize, event: &Event) -> Result<Fate, ()> {
        let planned = &self.plan.items[item];
        if payload(event).contains("malformed") {
            return Err(());
        }
        Ok(planned.fates.get(self.ledger.attempts(item)).copied().unwrap_or(match planned.end {
            End::Drop => Fate::Drop,
            End::Never => Fate::Fail,
            End::Done | End::Malformed | End::Broken => Fate::Done,
        }))
    }
}

/// The number at the end of the event's id is the item's, or of an object's key; of a longer one the last six digits.
fn item(event: &Event) -> usize {
    let text = match event.trigger() {
        Trigger::Object(object) => &object.key,
        _ => event.id(),
    };
    let digits = text.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty()).unwrap();
    digits[digits.len().saturating_sub(6)..].parse().unwrap()
}

fn payload(event: &Event) -> String {
    match event.trigger() {
        Trigger::Change(change) => change.after.clone().unwrap_or_default(),
        Trigger::Object(object) => object.key.clone(),
        // A tick has none.
        Trigger::Schedule(_) => String::new(),
        _ => String::from_utf8(event.data().unwrap().to_vec()).unwrap(),
    }
}
