use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    iter::Peekable,
    time::Duration,
};

use tokio::{task::coop::consume_budget, time::Instant};

use super::{Delays, Delivered, Parcel, Tally, Verdict, running::Running};
use crate::{DecodeError, Event};

/// How a source delivers what waits in it.
#[derive(Clone, Debug)]
pub(in crate::local) struct Queue {
    /// How many deliveries run at once.
    pub(in crate::local) at_once: usize,
    /// How many events a delivery holds at the most.
    pub(in crate::local) batch: usize,
    /// After so many deliveries of it an event is given up; `None` for never.
    pub(in crate::local) most: Option<u32>,
    /// After so long it is given up; `None` for never.
    pub(in crate::local) kept: Option<Duration>,
    pub(in crate::local) delays: Delays,
    /// Events of one group are delivered one after the other, and wait for what failed before them.
    pub(in crate::local) group: fn(&Event) -> Option<String>,
}

/// So many events are taken in at the most before some of them are settled.
const MOST_HELD: usize = 100_000;

impl Queue {
    /// Delivers these events until each is settled.
    ///
    /// # Errors
    /// An event that cannot be delivered at all.
    pub(in crate::local) async fn run<'a>(
        &self,
        events: impl IntoIterator<Item = Event>,
        deliver: impl Fn(Parcel) -> Delivered<'a>,
    ) -> Result<Tally, DecodeError> {
        let mut state = State::new(events.into_iter());
        let mut running = Running::default();
        loop {
            // Functions of this process may all be done at once, and others want the thread too.
            consume_budget().await;
            let now = Instant::now();
            state.wake(now);
            while running.len() < self.at_once && state.paused.is_none_or(|until| until <= now) {
                let Some(mut parcel) = state.next(self, now) else { break };
                parcel.attempt = parcel.attempt.saturating_add(1);
                state.tally.deliveries += 1;
                running.push(deliver(parcel));
            }
            let due = state.due(now);
            if running.len() == 0 && due.is_none() {
                return Ok(state.tally);
            }
            // A full house is woken by what ends.
            let due = due.filter(|_| running.len() < self.at_once);
            if let Some((parcel, verdict)) = running.next(due).await {
                state.settle(self, parcel, verdict)?;
            }
        }
    }
}

struct State<I: Iterator<Item = Event>> {
    events: Peekable<I>,
    /// What can be delivered now, and what only later, in the order of that.
    ready: VecDeque<Parcel>,
    waiting: BTreeMap<(Instant, u64), Parcel>,
    /// What waits behind a parcel of its group that is not settled.
    behind: HashMap<String, VecDeque<Parcel>>,
    held: usize,
    number: u64,
    paused: Option<Instant>,
    tally: Tally,
}

impl<I: Iterator<Item = Event>> State<I> {
    fn new(events: I) -> Self {
        Self {
            events: events.peekable(),
            ready: VecDeque::new(),
            waiting: BTreeMap::new(),
            behind: HashMap::new(),
            held: 0,
            number: 0,
            paused: None,
            tally: Tally::default(),
        }
    }

    /// Makes ready what is due.
    fn wake(&mut self, now: Instant) {
        while let Some(first) = self.waiting.first_entry().filter(|first| first.key().0 <= now) {
            self.ready.push_back(first.remove());
        }
    }

    /// When something can be delivered that cannot now.
    fn due(&mut self, now: Instant) -> Option<Instant> {
        let waiting = self.waiting.keys().next().map(|(due, _)| *due);
        let paused = self.paused.filter(|until| *until > now);
        // What nobody has asked for yet waits for the end of the pause as well.
        let paused = paused.filter(|_| !self.ready.is_empty() || self.events.peek().is_some());
        [waiting, paused].into_iter().flatten().min()
    }

    /// The next parcel to be delivered.
    fn next(&mut self, queue: &Queue, now: Instant) -> Option<Parcel> {
        loop {
            if let Some(parcel) = self.ready.pop_front() {
                return Some(parcel);
            }
            let parcel = self.pull(queue, now)?;
            let Some(group) = &parcel.group else { return Some(parcel) };
            match self.behind.get_mut(group) {
                Some(behind) => behind.push_back(parcel),
                None => {
                    self.behind.insert(group.clone(), VecDeque::new());
                    return Some(parcel);
                }
            }
        }
    }

    /// The next events that are new, as many of one group as a delivery holds.
    fn pull(&mut self, queue: &Queue, now: Instant) -> Option<Parcel> {
        if self.held >= MOST_HELD {
            return None;
        }
        let first = self.events.next()?;
        let group = (queue.group)(&first);
        let mut events = vec![first];
        while events.len() < queue.batch
            && let Some(event) = self.events.next_if(|event| (queue.group)(event) == group)
        {
            events.push(event);
        }
        self.held += events.len();
        Some(Parcel {
            events,
            attempt: 0,
            #[cfg(feature = "gcp")]
            answers: 0,
            #[cfg(feature = "gcp")]
            last_status: None,
            group,
            since: now,
        })
    }

    fn settle(&mut self, queue: &Queue, parcel: Parcel, verdict: Verdict) -> Result<(), DecodeError> {
        let now = Instant::now();
        let (again, holds) = match verdict {
            Verdict::Impossible(error) => return Err(error),
            Verdict::Done => {
                self.tally.acknowledged += u64::try_from(parcel.events.len()).unwrap_or(u64::MAX);
                self.release(&parcel);
                return Ok(());
            }
            Verdict::Failed { again, holds } => (again, holds),
        };
        let due = again.map(|after| far(now, after.max(queue.delays.after(parcel.attempt))));
        if holds {
            self.paused = self.paused.max(due);
        }
        let is_last = queue.most.is_some_and(|most| parcel.attempt >= most)
            || queue.kept.is_some_and(|kept| now.duration_since(parcel.since) >= kept);
        match due.filter(|_| !is_last) {
            Some(due) => {
                self.number += 1;
                self.waiting.insert((due, self.number), parcel);
            }
            None => {
                self.release(&parcel);
                self.tally.dead.extend(parcel.events);
            }
        }
        Ok(())
    }

    /// Lets go of what is settled, and of what waits behind it.
    fn release(&mut self, parcel: &Parcel) {
        self.held = self.held.saturating_sub(parcel.events.len());
        let Some(group) = &parcel.group else { return };
        match self.behind.get_mut(group).and_then(VecDeque::pop_front) {
            Some(next) => self.ready.push_back(next),
            None => {
                self.behind.remove(group);
            }
        }
    }
}

/// So long from now, or as good as never.
fn far(now: Instant, after: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);
    now + after.min(NEVER)
}
