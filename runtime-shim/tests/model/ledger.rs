//! What happened, in the order it happened, and whether it may have.

use std::sync::Mutex;

use tokio::sync::watch;

use crate::plan::{Item, Plan};

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The source sent it.
    Sent,
    /// The function began with it.
    Began,
    /// The function was done with it.
    Handled,
    /// The function gave it up.
    Dropped,
    /// The function failed.
    Failed,
    /// The source took it for settled.
    Acknowledged,
    /// The source put it where somebody will find it, after the last of its attempts.
    DeadLettered,
    /// The source does not send it again, since it takes the answer for final.
    GivenUp,
}

use Note::{Acknowledged, Began, DeadLettered, Dropped, Failed, GivenUp, Handled, Sent};

#[derive(Debug)]
pub(crate) struct Ledger {
    notes: Mutex<Vec<(usize, Note)>>,
    count: watch::Sender<usize>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self { notes: Mutex::default(), count: watch::Sender::new(0) }
    }

    pub(crate) fn note(&self, item: usize, note: Note) {
        self.notes.lock().unwrap().push((item, note));
        self.count.send_modify(|count| *count += 1);
    }

    /// How often the function has begun with an item.
    pub(crate) fn attempts(&self, item: usize) -> usize {
        self.notes.lock().unwrap().iter().filter(|note| **note == (item, Began)).count()
    }

    pub(crate) fn len(&self) -> usize {
        *self.count.borrow()
    }

    /// Waits until so much has happened.
    pub(crate) async fn reaches(&self, count: usize) {
        // The sender is here, so that it does not go away.
        let _ = self.count.subscribe().wait_for(|now| *now >= count).await;
    }

    /// Whether all may have happened as it did, by what the source promises.
    pub(crate) fn verdict(&self, plan: &Plan, promise: Promise) -> Result<(), String> {
        let notes = self.notes.lock().unwrap();
        let mut states = vec![State::default(); plan.items.len()];
        for (at, (item, note)) in notes.iter().enumerate() {
            if let Err(wrong) = next(plan, promise, &states, *item, *note) {
                return Err(format!("item {item} {wrong}, at {at} of {notes:?}"));
            }
            states[*item].add(*note);
        }
        match states.iter().position(|state| !state.settled) {
            Some(item) => Err(format!("item {item} is lost: {notes:?}")),
            None => Ok(()),
        }
    }
}

/// What a source promises.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Promise {
    /// It keeps the order of a group.
    pub(crate) ordered: bool,
    /// What becomes of an item does not depend on those beside it.
    pub(crate) each_alone: bool,
}

/// Where an item is.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// What came last of it, since the source sent it last.
    last: Option<Note>,
    /// Whether it was ever handled or dropped.
    was_done: bool,
    /// Whether the source has no more business with it. It may come again all the same, but nothing waits for it then.
    settled: bool,
}

impl State {
    fn is_done(self) -> bool {
        matches!(self.last, Some(Handled | Dropped))
    }

    fn add(&mut self, note: Note) {
        match note {
            Acknowledged | DeadLettered | GivenUp => self.settled = true,
            Sent | Began | Handled | Dropped | Failed => self.last = Some(note),
        }
        self.was_done |= self.is_done();
    }
}

/// Whether this may happen to an item next.
fn next(plan: &Plan, promise: Promise, states: &[State], item: usize, note: Note) -> Result<(), &'static str> {
    let (planned, state) = (&plan.items[item], states[item]);
    let before = || plan.items.iter().zip(states).take(item).filter(|(other, _)| other.group == planned.group);
    let ensure = |right: bool, wrong: &'static str| if right { Ok(()) } else { Err(wrong) };
    match note {
        Began => {
            ensure(state.last == Some(Sent), "was begun twice in one delivery")?;
            // What a function does with several events at once is its own business; each call has them in their order.
            let in_turn = !promise.ordered
                || plan.together[planned.function]
                // What an earlier delivery was done with, unheard, has to be done again before it.
                || before().all(|(_, other)| other.settled || other.is_done());
            ensure(in_turn, "was begun past one of its group that was not done")
        }
        Acknowledged => {
            ensure(state.is_done(), "was acknowledged, and was neither handled nor dropped last")?;
            let in_turn = !promise.ordered || before().all(|(_, other)| other.settled);
            ensure(in_turn, "was acknowledged past one of its group that was not")
        }
        GivenUp => ensure(state.is_done() || planned.is_malformed(), "was given up, and would have gone well"),
        DeadLettered => {
            ensure(!plan.is_harmless(), "was given up for no reason")?;
            let spoilt = may_be_spoilt(plan, promise, planned, state);
            ensure(spoilt, "was given up for what became of another")
        }
        Sent | Handled | Dropped | Failed => Ok(()),
    }
}

/// Whether an item may end with the dead letters: not if it is a good one of which the source would take one good attempt, and
/// where it comes and goes with others, not without having been done.
fn may_be_spoilt(plan: &Plan, promise: Promise, planned: &Item, state: State) -> bool {
    let has_turns = plan.is_calm() && planned.is_good() && (promise.each_alone || !promise.ordered);
    !has_turns || !promise.each_alone && state.was_done
}
