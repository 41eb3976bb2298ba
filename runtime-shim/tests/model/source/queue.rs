use std::sync::Arc;

use super::{Answer, Delivery, Sent, Source, Write};
use crate::{
    function::Run,
    ledger::Note::{Acknowledged, DeadLettered, Dropped},
    plan::End,
};

/// A source whose items are settled one by one: a queue, a topic's subscription, an asynchronous invoke.
pub(crate) struct Queue {
    pub(super) run: Arc<Run>,
    /// How many items a delivery holds at the most.
    pub(super) batch: usize,
    /// Whether a group has one delivery out at a time, and waits for what failed in it.
    pub(super) ordered: bool,
    /// Whether a delivery holds items of one group only.
    pub(super) by_group: bool,
    /// Whether an item may come again after it was acknowledged.
    pub(super) at_least_once: bool,
    /// Whether a broken item has a broken envelope, which no function sees.
    pub(super) breaks: bool,
    /// After so many deliveries an item goes to the dead letters.
    pub(super) most: u32,
    pub(super) write: Write,
    /// Which of the items have failed, by the answer.
    pub(super) failed: fn(&[usize], &Answer) -> Vec<bool>,
    /// What is not settled, in the order it was sent.
    pub(super) waiting: Vec<Sent>,
    /// What comes once more after it was acknowledged.
    pub(super) again: Vec<usize>,
}

impl Queue {
    /// A queue that delivers one item at a time, in no order, and gives each up after five deliveries.
    pub(super) fn new(run: &Arc<Run>, write: Write, failed: fn(&[usize], &Answer) -> Vec<bool>) -> Self {
        let waiting = (0..run.plan.items.len()).map(|item| Sent { item, attempt: 0 }).collect();
        let again = run.plan.again.clone();
        let run = Arc::clone(run);
        Self {
            run,
            batch: 1,
            ordered: false,
            by_group: false,
            at_least_once: true,
            breaks: false,
            most: 5,
            write,
            failed,
            waiting,
            again,
        }
    }

    /// The next delivery, beside those of these items.
    fn next(&mut self, out: &[usize]) -> Option<Delivery> {
        let mut sent: Vec<Sent> = Vec::new();
        let plan = &self.run.plan;
        for waiting in &mut self.waiting {
            let group = plan.items[waiting.item].group;
            let of_group = |other: &usize| plan.items[*other].group == group;
            let is_locked = out.contains(&waiting.item) || self.ordered && out.iter().any(of_group);
            let is_other = self.by_group && sent.first().is_some_and(|first| !of_group(&first.item));
            if sent.len() < self.batch && !is_locked && !is_other {
                waiting.attempt += 1;
                sent.push(*waiting);
            }
        }
        let items: Vec<_> = sent.iter().map(|sent| sent.item).collect();
        (!items.is_empty()).then(|| Delivery { bytes: (self.write)(&self.run, &sent), items })
    }
}

impl Source for Queue {
    fn wave(&mut self) -> Vec<Delivery> {
        let mut wave: Vec<Delivery> = Vec::new();
        while wave.len() < self.run.plan.wave {
            let out: Vec<_> = wave.iter().flat_map(|delivery| delivery.items.iter().copied()).collect();
            match self.next(&out) {
                Some(delivery) => wave.push(delivery),
                None => break,
            }
        }
        wave
    }

    fn settle(&mut self, delivery: &Delivery, answer: Option<&Answer>) {
        let failed = match answer {
            Some(answer) => (self.failed)(&delivery.items, answer),
            None => vec![true; delivery.items.len()],
        };
        for (item, failed) in delivery.items.iter().zip(failed) {
            let at = self.waiting.iter().position(|copy| copy.item == *item).unwrap();
            if !failed {
                if self.breaks && self.run.plan.items[*item].end == End::Broken && self.run.plan.drops_malformed {
                    self.run.ledger.note(*item, Dropped);
                }
                self.run.ledger.note(*item, Acknowledged);
                self.waiting.remove(at);
                if let Some(again) = self.again.iter().position(|other| other == item).filter(|_| self.at_least_once) {
                    self.again.remove(again);
                    self.waiting.push(Sent { item: *item, attempt: 0 });
                }
            } else if self.waiting[at].attempt >= self.most {
                self.run.ledger.note(*item, DeadLettered);
                self.waiting.remove(at);
            }
        }
    }

    fn is_ordered(&self) -> bool {
        self.ordered
    }
}
