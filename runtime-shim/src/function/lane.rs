use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::Semaphore, time::Instant};

use super::{Function, Table, call::Terms};
use crate::{Event, Failure, Invocation, Outcome, Reply};

/// How many events of one delivery run at once, unless the function says.
const CONCURRENCY: u32 = 10;

/// Events that are handled one after the other, in their order.
#[derive(Default)]
pub(super) struct Lane(Vec<Step>);

/// Events that one function handles, by one call or one by one.
struct Step {
    calls: Calls,
    items: Vec<Item>,
}

/// One event by its place in the delivery, with its group.
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) group: Option<Group>,
}

/// A group by its number in the delivery: thousands of events may be of one, or of one each.
pub(super) type Group = usize;

/// The events of a delivery, each of which is taken once. A lane holds no events: all of them would be in memory twice.
pub(super) struct Events(Mutex<Vec<Option<Event>>>);

impl Events {
    pub(super) fn new(events: Vec<Event>) -> Self {
        Self(Mutex::new(events.into_iter().map(Some).collect()))
    }

    fn take(&self, index: usize) -> Option<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(index).and_then(Option::take)
    }
}

/// Who handles an event.
pub(super) enum Calls {
    /// A function of one event.
    Alone(Arc<Chosen>),
    /// A function of several.
    Together(Arc<Chosen>),
    /// No function does: with a failure if one should, else it is done with.
    Nobody(Option<Box<Failure>>),
}

/// A function that takes events of the delivery.
pub(super) struct Chosen {
    pub(super) function: Function,
    width: usize,
    /// As many as may run at once.
    places: Semaphore,
}

impl Chosen {
    pub(super) fn new(function: &Function) -> Self {
        let width = function.description().settings.concurrency.unwrap_or(CONCURRENCY);
        let width = usize::try_from(width).unwrap_or(1).clamp(1, Semaphore::MAX_PERMITS);
        Self { function: function.clone(), width, places: Semaphore::new(width) }
    }

    /// How many of its events may run at once.
    pub(super) fn width(&self) -> usize {
        self.width
    }
}

impl Lane {
    /// The function that it begins with, if one takes its first event.
    pub(super) fn first(&self) -> Option<&Arc<Chosen>> {
        match &self.0.first()?.calls {
            Calls::Alone(chosen) | Calls::Together(chosen) => Some(chosen),
            Calls::Nobody(_) => None,
        }
    }

    pub(super) fn push(&mut self, calls: Calls, item: Item) {
        match self.0.last_mut() {
            Some(step) if step.calls.is_same(&calls) => step.items.push(item),
            _ => {
                // Most lanes have one step, and there may be one for each event.
                self.0.reserve_exact(usize::from(self.0.is_empty()));
                self.0.push(Step { calls, items: vec![item] });
            }
        }
    }

    /// Runs it; each outcome comes with the place of its event in the delivery.
    pub(super) async fn run(
        self,
        events: &Events,
        table: &Table,
        invocation: &Invocation,
        terms: Terms,
    ) -> Vec<(usize, Outcome)> {
        let mut outcomes = Vec::new();
        let mut failed = HashSet::new();
        for Step { calls, items } in self.0 {
            // One by one, nothing is begun before what is in front of it is over.
            let each = if matches!(calls, Calls::Together(_)) { items.len() } else { 1 };
            let mut items = items.into_iter().peekable();
            while items.peek().is_some() {
                let items = items.by_ref().take(each).collect();
                let call = Call { calls: &calls, items, failed: &mut failed };
                outcomes.extend(call.run(events, table, invocation, terms).await);
            }
        }
        outcomes
    }
}

/// One call, and the groups that have failed so far.
struct Call<'c> {
    calls: &'c Calls,
    items: Vec<Item>,
    failed: &'c mut HashSet<Group>,
}

impl Call<'_> {
    async fn run(self, events: &Events, table: &Table, invocation: &Invocation, terms: Terms) -> Vec<(usize, Outcome)> {
        let Self { calls, items, failed } = self;
        let is_behind = |item: &Item| item.group.is_some_and(|group| failed.contains(&group));
        let (behind, items): (Vec<_>, Vec<_>) = items.into_iter().partition(is_behind);
        let mut outcomes: Vec<_> = behind.into_iter().map(|item| (item.index, not_started(BEHIND))).collect();
        let taken = items.iter().filter_map(|item| events.take(item.index)).collect();
        let done = calls.run(taken, table, invocation, terms).await;
        for (Item { index, group }, outcome) in items.into_iter().zip(done) {
            // What a function of several did behind a failure comes back with the failed one, in the right order.
            let is_behind = group.is_some_and(|group| failed.contains(&group));
            let outcome = if is_behind { not_started(BEHIND) } else { outcome };
            if let (Some(group), Outcome::Retry(_)) = (group, &outcome) {
                failed.insert(group);
            }
            outcomes.push((index, outcome));
        }
        outcomes
    }
}

impl Calls {
    /// Whether the same function handles both in the same way.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Alone(one), Self::Alone(other)) | (Self::Together(one), Self::Together(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// The function's outcomes, in the order of the events.
    async fn run(&self, mut events: Vec<Event>, table: &Table, invocation: &Invocation, terms: Terms) -> Vec<Outcome> {
        let chosen = match self {
            _ if events.is_empty() => return Vec::new(),
            Self::Nobody(None) => return events.iter().map(|_| Outcome::Done(Reply::Empty)).collect(),
            Self::Nobody(Some(failure)) => return events.iter().map(|_| Outcome::Retry(Failure::clone(failure))).collect(),
            Self::Alone(chosen) | Self::Together(chosen) => chosen,
        };
        // Nobody closes the semaphore.
        let _place = chosen.places.acquire().await;
        if terms.reply.is_some_and(|due| due <= Instant::now()) {
            return events.iter().map(|_| not_started(LATE)).collect();
        }
        let invocation = invocation.clone();
        match (self, events.pop()) {
            (Self::Alone(_), Some(event)) => vec![table.call_on(&chosen.function, event, invocation, terms).await],
            (_, last) => {
                events.extend(last);
                table.call_batch(&chosen.function, events, invocation, terms).await
            }
        }
    }
}

const BEHIND: &str = "an event before it in its group failed";
const LATE: &str = "the reply to the delivery was due before its turn came";

fn not_started(why: &str) -> Outcome {
    Outcome::Retry(Failure::new("NotStarted", why))
}
