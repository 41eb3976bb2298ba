//! What happened, in the order it happened, and whether it may have.

use std::sync::Mutex;

use tokio::sync::watch;

use crate::plan::Plan;

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
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
    /// The source put it where somebody will find it.
    DeadLettered,
}

use Note::{Acknowledged, Began, DeadLettered, Dropped, Handled};

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

    /// Whether all may have happened as it did; `ordered` says that the source keeps the order of a group.
    pub(crate) fn verdict(&self, plan: &Plan, ordered: bool) -> Result<(), String> {
        let notes = self.notes.lock().unwrap();
        let settled = |item: usize, by: &[Note], before: usize| {
            notes.iter().take(before).any(|(other, note)| *other == item && by.contains(note))
        };
        let earlier = |item: usize| (0..item).filter(move |other| plan.items[*other].group == plan.items[item].group);
        for (at, (item, note)) in notes.iter().enumerate() {
            let said = |what: &str| Err(format!("item {item} {what}, at {at} of {notes:?}"));
            let last = notes.iter().take(at).rev().find(|(other, note)| other == item && *note != Acknowledged);
            match note {
                DeadLettered if plan.is_harmless() => return said("was given up for no reason"),
                Acknowledged if !matches!(last, Some((_, Handled | Dropped))) => {
                    return said("was acknowledged, and was neither handled nor dropped last");
                }
                Acknowledged if ordered && earlier(*item).any(|other| !settled(other, &[Acknowledged, DeadLettered], at)) => {
                    return said("was acknowledged past one of its group that was not");
                }
                // What a function does with several events at once is its own business; each call has them in their order.
                Began
                    if ordered
                        && !plan.together
                        && earlier(*item).any(|other| !settled(other, &[Handled, Dropped, DeadLettered], at)) =>
                {
                    return said("was begun past one of its group that was not done");
                }
                _ => {}
            }
        }
        match (0..plan.items.len()).find(|item| !settled(*item, &[Acknowledged, DeadLettered], notes.len())) {
            Some(item) => Err(format!("item {item} is lost: {notes:?}")),
            None => Ok(()),
        }
    }
}
