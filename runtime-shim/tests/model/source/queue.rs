use std::sync::Arc;

use super::{Answer, Delivery, Meaning, Read, Sent, Source, Write};
use crate::{
    function::Run,
    ledger::{
        Note::{Acknowledged, DeadLettered, Dropped, GivenUp},
        Promise,
    },
};

/// A source whose items are settled one by one: a queue, a topic's subscription, an asynchronous invoke.
pub(super) struct Queue {
    pub(super) run: Arc<Run>,
    /// How many items a delivery holds at the most.
    pub(super) batch: usize,
    /// Whether a group has one delivery out at a time, and waits for what failed in it.
    pub(super) ordered: bool,
    /// Whether a delivery holds items of one group only.
    pub(super) by_group: bool,
    /// Whether an answer can say of each item in a delivery what became of it.
    pub(super) is_partial: bool,
    /// Whether an item may come again after it was acknowledged.
    pub(super) at_least_once: bool,
    /// Whether a broken item has a broken envelope, which no function sees.
    pub(super) breaks: bool,
    /// After so many deliveries an item goes to the dead letters; `None` for never.
    pub(super) most: Option<u32>,
    /// Whether what is given up goes to the dead letters, rather than nowhere.
    pub(super) has_dead_letters: bool,
    pub(super) write: Write,
    pub(super) read: Read,
    /// What is not settled, in the order it was sent.
    pub(super) waiting: Vec<Sent>,
    /// What comes once more after it was acknowledged.
    pub(super) again: Vec<usize>,
}

impl Queue {
    /// A queue that delivers one item at a time, in no order, and gives each up after five deliveries.
    pub(super) fn new(run: &Arc<Run>, write: Write, read: Read) -> Self {
        Self {
            run: Arc::clone(run),
            batch: 1,
            ordered: false,
            by_group: false,
            is_partial: false,
            at_least_once: true,
            breaks: false,
            most: Some(5),
            has_dead_letters: true,
            write,
            read,
            waiting: (0..run.plan.items.len()).map(|item| Sent { item, attempt: 0 }).collect(),
            again: run.plan.again.clone(),
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

    fn acknowledge(&mut self, item: usize, at: usize) {
        if self.breaks && self.run.is_broken(item) && self.run.plan.drops_malformed {
            self.run.ledger.note(item, Dropped);
        }
        self.run.ledger.note(item, Acknowledged);
        self.waiting.remove(at);
        if let Some(again) = self.again.iter().position(|other| *other == item).filter(|_| self.at_least_once) {
            self.again.remove(again);
            self.waiting.push(Sent { item, attempt: 0 });
        }
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
        let meanings = match answer {
            Some(answer) => (self.read)(&self.run, &delivery.items, answer),
            None => vec![Meaning::Again; delivery.items.len()],
        };
        for (item, meaning) in delivery.items.iter().zip(meanings) {
            let at = self.waiting.iter().position(|copy| copy.item == *item).unwrap();
            let is_last = self.most.is_some_and(|most| self.waiting[at].attempt >= most);
            match meaning {
                Meaning::Done => self.acknowledge(*item, at),
                Meaning::Again if !is_last => {}
                Meaning::Again | Meaning::Final => {
                    if meaning == Meaning::Final {
                        self.run.ledger.note(*item, GivenUp);
                    } else if self.has_dead_letters {
                        self.run.ledger.note(*item, DeadLettered);
                    }
                    self.waiting.remove(at);
                }
            }
        }
    }

    fn promise(&self) -> Promise {
        Promise { ordered: self.ordered, each_alone: self.batch == 1 || self.is_partial && !self.ordered }
    }
}
