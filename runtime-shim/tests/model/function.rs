//! The function that the events are for: it does as the plan says, and writes down what it did.

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use polyfn_shim::{
    Event, Failure, Outcome, Reply, Trigger,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Malformed, Settings, Table},
};

use crate::{
    ledger::{Ledger, Note},
    plan::{End, Fate, Plan},
};

/// One run of the model, as the function and the source see it.
pub(crate) struct Run {
    pub(crate) plan: Plan,
    pub(crate) ledger: Ledger,
    /// What the source calls its queue, topic or stream.
    pub(crate) kind: Kind,
    pub(crate) timeout: Duration,
}

/// The resource that every source of the model stands for.
pub(crate) const RESOURCE: &str = "orders";
/// The name of the function.
pub(crate) const NAME: &str = "work";

impl Run {
    pub(crate) fn new(plan: Plan, kind: Kind, timeout: Duration) -> Arc<Self> {
        Arc::new(Self { plan, ledger: Ledger::new(), kind, timeout })
    }

    /// The payload of an item.
    pub(crate) fn payload(&self, item: usize) -> String {
        if matches!(self.plan.items[item].end, End::Malformed | End::Broken) {
            format!("malformed {item}")
        } else {
            format!("item {item}")
        }
    }

    pub(crate) fn is_broken(&self, item: usize) -> bool {
        self.plan.items[item].end == End::Broken
    }

    pub(crate) fn functions(self: &Arc<Self>) -> Functions {
        let settings = Settings {
            concurrency: Some(self.plan.concurrency),
            timeout: self.plan.has_timeout.then_some(self.timeout),
            on_malformed: if self.plan.drops_malformed { Malformed::Drop } else { Malformed::Retry },
            ..Settings::default()
        };
        let binding = Binding::Resource { kind: self.kind, name: RESOURCE, filter: Filter::default() };
        let description = Description { settings, ..Description::new(NAME, binding) };
        let run = Arc::clone(self);
        let function = if self.plan.together {
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
        };
        Functions::new(vec![function])
    }

    pub(crate) fn table(self: &Arc<Self>) -> Arc<Table> {
        Arc::new(Table::new(self.functions(), None, true).unwrap())
    }

    async fn obey(&self, event: &Event) -> Outcome {
        let item = item(event);
        let fate = self.fate(item, event);
        self.ledger.note(item, Note::Began);
        // So that events which run side by side end in another order than they began.
        for _ in 0..item % 3 {
            tokio::task::yield_now().await;
        }
        let failure = |kind| Failure::new(kind, "as planned");
        match fate {
            Ok(Fate::Done) => {
                self.ledger.note(item, Note::Handled);
                Outcome::Done(Reply::Empty)
            }
            Ok(Fate::Drop) => {
                self.ledger.note(item, Note::Dropped);
                Outcome::Drop(failure("Planned"))
            }
            Ok(Fate::Fail) => {
                self.ledger.note(item, Note::Failed);
                Outcome::Retry(failure("Planned"))
            }
            Ok(Fate::Panic) => {
                self.ledger.note(item, Note::Failed);
                // A panic without the hook's lines in the test's output.
                resume_unwind(Box::new("as planned"))
            }
            Ok(Fate::Hang) => std::future::pending().await,
            Err(()) if self.plan.drops_malformed => {
                self.ledger.note(item, Note::Dropped);
                Outcome::Drop(failure("BadInput"))
            }
            Err(()) => {
                self.ledger.note(item, Note::Failed);
                Outcome::Retry(failure("BadInput"))
            }
        }
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

/// The number at the end of the event's id is the item's; of a longer one the last six digits.
fn item(event: &Event) -> usize {
    let digits = event.id().rsplit(|c: char| !c.is_ascii_digit()).next().unwrap();
    digits[digits.len().saturating_sub(6)..].parse().unwrap()
}

fn payload(event: &Event) -> String {
    match event.trigger() {
        Trigger::Change(change) => change.after.clone().unwrap_or_default(),
        _ => String::from_utf8(event.data().unwrap().to_vec()).unwrap(),
    }
}
