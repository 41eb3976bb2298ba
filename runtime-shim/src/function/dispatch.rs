use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::task::JoinSet;

use super::{Function, Table};
use crate::{Event, Failure, Invocation, Outcome, Trigger};

/// How many events of one delivery run at once, unless the function says.
const CONCURRENCY: u32 = 10;

/// Whether the order of a delivery's events means anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It does not: each event stands for itself.
    None,
    /// Within a queue's group or a stream's partition it does: an event waits for the one before it, and is not started if that
    /// one failed, since it would overtake it when it comes back.
    Groups,
}

impl Table {
    /// Calls the function of each event; the outcomes are in the order of the events.
    ///
    /// A failure is that event's own, and in an ordered group that of all behind it. Several run at once, as many as the function
    /// says.
    pub async fn invoke_all(self: &Arc<Self>, events: Vec<Event>, invocation: Invocation, order: Order) -> Vec<Outcome> {
        self.run_all(events, invocation, order, |event| self.choose(event)).await
    }

    /// The same for a host that names the function, so that the events choose nothing.
    pub async fn call_all<'a>(
        self: &'a Arc<Self>,
        function: &'a Function,
        events: Vec<Event>,
        invocation: Invocation,
        order: Order,
    ) -> Vec<Outcome> {
        self.run_all(events, invocation, order, |_| Ok(function)).await
    }

    async fn run_all<'a>(
        self: &'a Arc<Self>,
        events: Vec<Event>,
        invocation: Invocation,
        order: Order,
        choose: impl Fn(&Event) -> Result<&'a Function, Failure>,
    ) -> Vec<Outcome> {
        let mut outcomes: Vec<Option<Outcome>> = events.iter().map(|_| None).collect();
        let lanes = lanes(events, &invocation, order, &mut outcomes, choose);
        match <[Lane; 1]>::try_from(lanes) {
            // Most deliveries are one event, or one group.
            Ok([lane]) => settle(&mut outcomes, lane.run(self, &invocation).await),
            Err(lanes) => {
                let width = lanes.iter().map(|lane| lane.width).max().unwrap_or(1);
                let mut running = JoinSet::new();
                let start = |running: &mut JoinSet<_>, lane: Lane| {
                    let (table, invocation) = (Arc::clone(self), invocation.clone());
                    running.spawn(async move { lane.run(&table, &invocation).await });
                };
                // A task takes far more memory than an event: there are never more than may run.
                let mut waiting = lanes.into_iter();
                waiting.by_ref().take(width).for_each(|lane| start(&mut running, lane));
                while let Some(done) = running.join_next().await {
                    waiting.next().into_iter().for_each(|lane| start(&mut running, lane));
                    if let Ok(done) = done {
                        settle(&mut outcomes, done);
                    }
                }
            }
        }
        let lost = || Outcome::Retry(Failure::new("Stopped", "the invocation was cut off"));
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(lost)).collect()
    }
}

/// Events that run one after the other, in their order; an event that no function takes has its outcome at once.
fn lanes<'a>(
    events: Vec<Event>,
    invocation: &Invocation,
    order: Order,
    outcomes: &mut [Option<Outcome>],
    choose: impl Fn(&Event) -> Result<&'a Function, Failure>,
) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for (index, event) in events.into_iter().enumerate() {
        let function = match choose(&event) {
            Ok(function) => function,
            Err(failure) => {
                tracing::error!(invocation = invocation.id(), event = event.id(), "{failure}");
                if let Some(outcome) = outcomes.get_mut(index) {
                    *outcome = Some(Outcome::Retry(failure));
                }
                continue;
            }
        };
        let settings = function.description().settings;
        let ordered = order == Order::Groups || settings.ordered;
        let key = match function.is_batch() {
            // A function of several events gets all that are its own, in their order.
            true => Some(format!("batch {}", function.description().name)),
            false if ordered => group(&event),
            false => None,
        };
        let place = key.as_ref().and_then(|key| by_key.get(key)).and_then(|index| lanes.get_mut(*index));
        match place {
            Some(lane) => lane.events.push((index, event)),
            None => {
                let width = usize::try_from(settings.concurrency.unwrap_or(CONCURRENCY)).unwrap_or(1).max(1);
                if let Some(key) = key {
                    by_key.insert(key, lanes.len());
                }
                lanes.push(Lane { function: function.clone(), width, ordered, events: vec![(index, event)] });
            }
        }
    }
    lanes
}

/// Events of one function that run one after the other.
struct Lane {
    function: Function,
    width: usize,
    ordered: bool,
    events: Vec<(usize, Event)>,
}

impl Lane {
    async fn run(self, table: &Table, invocation: &Invocation) -> Vec<(usize, Outcome)> {
        if self.function.is_batch() {
            return self.run_batch(table, invocation).await;
        }
        let mut outcomes = Vec::with_capacity(self.events.len());
        let mut failed = false;
        for (index, event) in self.events {
            let outcome = if failed {
                Outcome::Retry(Failure::new("NotStarted", "an event before it in its group failed"))
            } else {
                table.call(&self.function, event, invocation.clone()).await
            };
            failed = failed || matches!(outcome, Outcome::Retry(_));
            outcomes.push((index, outcome));
        }
        outcomes
    }
}

impl Lane {
    /// All events in one call. In an ordered group, what comes after a failure fails as well: it comes back with the failed one,
    /// and the function sees it again in the right order.
    async fn run_batch(self, table: &Table, invocation: &Invocation) -> Vec<(usize, Outcome)> {
        let groups: Vec<_> = self.events.iter().map(|(_, event)| if self.ordered { group(event) } else { None }).collect();
        let (indexes, events): (Vec<_>, Vec<_>) = self.events.into_iter().unzip();
        let outcomes = table.call_batch(&self.function, events, invocation.clone()).await;
        let mut failed: HashSet<String> = HashSet::new();
        let settled = indexes.into_iter().zip(outcomes).zip(groups).map(|((index, outcome), group)| match group {
            Some(group) if failed.contains(&group) => {
                (index, Outcome::Retry(Failure::new("NotStarted", "an event before it in its group failed")))
            }
            Some(group) if matches!(outcome, Outcome::Retry(_)) => {
                failed.insert(group);
                (index, outcome)
            }
            _ => (index, outcome),
        });
        settled.collect()
    }
}

/// What an event's order is kept within. Events of a source without groups are all one.
fn group(event: &Event) -> Option<String> {
    match event.trigger() {
        Trigger::Queue(queue) => Some(queue.group.clone().unwrap_or_default()),
        Trigger::Topic(topic) => Some(topic.ordering_key.clone().unwrap_or_default()),
        Trigger::Stream(stream) => Some(format!("{:?} {:?}", stream.name, stream.partition)),
        Trigger::Change(_) => Some(String::new()),
        _ => None,
    }
}

fn settle(outcomes: &mut [Option<Outcome>], done: Vec<(usize, Outcome)>) {
    for (index, outcome) in done {
        if let Some(place) = outcomes.get_mut(index) {
            *place = Some(outcome);
        }
    }
}
