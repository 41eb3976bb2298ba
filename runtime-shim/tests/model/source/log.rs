use std::sync::Arc;

use super::{Answer, Delivery, Sent, Source, Write};
use crate::{
    function::Run,
    ledger::Note::{Acknowledged, DeadLettered},
};

/// A source that is read in order, from a checkpoint on: each group of the plan is a shard or partition.
pub(crate) struct Log {
    pub(super) run: Arc<Run>,
    pub(super) shards: Vec<Shard>,
    /// After so many deliveries from one checkpoint the rest of the batch is given up; `None` for never.
    pub(super) most: Option<u32>,
    /// Whether what is given up goes to the dead letters, rather than nowhere.
    pub(super) has_dead_letters: bool,
    pub(super) write: Write,
    /// Where in the delivery the first failure is, by the answer.
    pub(super) first_failed: fn(&[usize], &Answer) -> Option<usize>,
}

pub(super) struct Shard {
    items: Vec<usize>,
    checkpoint: usize,
    attempts: u32,
    /// The batch that is tried until it is done with.
    batch: usize,
}

impl Log {
    pub(super) fn new(run: &Arc<Run>, write: Write, first_failed: fn(&[usize], &Answer) -> Option<usize>) -> Self {
        let groups = run.plan.items.iter().map(|item| item.group).max().unwrap_or(0);
        let shard = |group| {
            let items = run.plan.items.iter().enumerate().filter(|(_, item)| item.group == group);
            Shard { items: items.map(|(index, _)| index).collect(), checkpoint: 0, attempts: 0, batch: 0 }
        };
        let shards = (0..=groups).map(shard).collect();
        Self { run: Arc::clone(run), shards, most: Some(6), has_dead_letters: true, write, first_failed }
    }
}

impl Source for Log {
    fn wave(&mut self) -> Vec<Delivery> {
        let mut wave = Vec::new();
        for shard in self.shards.iter_mut().filter(|shard| shard.checkpoint < shard.items.len()).take(self.run.plan.wave) {
            if shard.batch == 0 {
                shard.batch = self.run.plan.batch.min(shard.items.len() - shard.checkpoint);
            }
            shard.attempts += 1;
            let items = shard.items[shard.checkpoint..shard.checkpoint + shard.batch].to_vec();
            let sent: Vec<_> = items.iter().map(|item| Sent { item: *item, attempt: shard.attempts }).collect();
            wave.push(Delivery { bytes: (self.write)(&self.run, &sent), items });
        }
        wave
    }

    fn settle(&mut self, delivery: &Delivery, answer: Option<&Answer>) {
        let first = match answer {
            Some(answer) => (self.first_failed)(&delivery.items, answer),
            None => Some(0),
        };
        let shard = self.shards.iter_mut().find(|shard| shard.items.get(shard.checkpoint) == delivery.items.first()).unwrap();
        let done = first.unwrap_or(delivery.items.len());
        for item in delivery.items.iter().take(done) {
            self.run.ledger.note(*item, Acknowledged);
        }
        shard.checkpoint += done;
        shard.batch -= done;
        if done > 0 {
            shard.attempts = 0;
        } else if self.most.is_some_and(|most| shard.attempts >= most) {
            for item in delivery.items.iter().filter(|_| self.has_dead_letters) {
                self.run.ledger.note(*item, DeadLettered);
            }
            shard.checkpoint += shard.batch;
            (shard.batch, shard.attempts) = (0, 0);
        }
    }

    fn is_ordered(&self) -> bool {
        true
    }
}
